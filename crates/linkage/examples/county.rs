//! Links a made-up county and says how well and how fast:
//! `cargo run --release -p linkage --example county -- PEOPLE SEED DIRT`

#[path = "../src/stage/tests/county.rs"]
mod county;

use linkage::stage::{Identities, link};
use std::collections::HashMap;
use std::io::Write;

fn main() -> std::io::Result<()> {
    let arguments: Vec<f64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let argument = |at: usize, default: f64| arguments.get(at).copied().unwrap_or(default);
    let (resources, truth) = county::county(argument(0, 20_000.0) as u64, argument(1, 1.0) as u64, argument(2, 1.0));
    let started = std::time::Instant::now();
    let linked = link(&resources, &Identities::default());
    let mut out = std::io::stdout();
    let rows: usize = truth.iter().map(Vec::len).sum();
    writeln!(out, "{rows} rows, {} people, {:.2?}", linked.links.people.len(), started.elapsed())?;
    let (precision, recall) = county::accuracy(&linked.links.person, &truth);
    writeln!(
        out,
        "precision {precision:.5} recall {recall:.5} F1 {:.5}",
        2.0 * precision * recall / (precision + recall)
    )?;
    writeln!(out, "{} to review, {} conflicts", linked.review.len(), linked.conflicts.len())?;
    for learned in &linked.model.comparisons {
        for share in &learned.levels {
            writeln!(
                out,
                "{:10} {:20} m {:.6} u {:.9} {:+.1}",
                learned.field,
                share.level,
                share.m,
                share.u,
                share.weight()
            )?;
        }
    }
    writeln!(out, "prior {:+.1}", linked.model.prior_weight())?;
    // Whom the spine's rows say each person is.
    let spine: HashMap<u32, u32> = linked.links.person[0].iter().copied().zip(truth[0].iter().copied()).collect();
    for (resource, (said, true_person)) in resources.iter().zip(linked.links.person.iter().zip(&truth)) {
        let rows = said.len();
        let right = said.iter().zip(true_person).filter(|(said, person)| spine.get(said) == Some(person)).count();
        let open = said.iter().filter(|said| !spine.contains_key(said)).count();
        let wrong = rows - right - open;
        writeln!(
            out,
            "{:12} {:16} {rows} rows: {right} right, {open} open, {wrong} wrong",
            resource.department, resource.name
        )?;
    }
    Ok(())
}
