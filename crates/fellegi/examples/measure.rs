//! Links CSV files by a specification and says how long it took and how well it went, truth given:
//! `cargo run --release -p fellegi --example measure -- SPEC.toml --truth person_id`

use fellegi::{Finder, Outcome, Records, Scheme, Spec};
use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use values::columns::Texts;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = Path::new(arguments.first().ok_or("which specification?")?);
    let truth = arguments.iter().position(|a| a == "--truth").and_then(|at| arguments.get(at + 1));
    let spec = Spec::parse(&std::fs::read_to_string(path)?)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let started = Instant::now();
    let (mut labels, mut inputs, mut first) = (Vec::new(), Vec::new(), None);
    for input in &spec.input {
        let (columns, label) = read(&spec, input, folder, truth)?;
        let texts: Vec<Option<&Texts>> = columns.iter().map(Option::as_ref).collect();
        inputs.push(Records::pack(&Scheme::new(&spec)?, label.len(), &texts));
        labels.extend(label);
        first = first.or(Some(columns));
    }
    let read = started.elapsed();
    let lengths: Vec<usize> = inputs.iter().map(Records::len).collect();
    let standing = Records::concat(&Scheme::new(&spec)?, inputs);
    let started = Instant::now();
    let outcome = fellegi::link(&spec, &standing, &lengths, fellegi::Known::default())?;
    let mut out = std::io::stdout();
    writeln!(out, "read {read:.2?}, link {:.2?}", started.elapsed())?;
    report(&mut out, &outcome)?;
    if truth.is_some() {
        accuracy(&mut out, &outcome, &labels)?;
    }
    find(&mut out, (&spec, outcome), (&standing, &lengths), &first.unwrap_or_default())
}

/// The columns in the order of the specification, and what the truth calls each record.
type Read = (Vec<Option<Texts>>, Vec<String>);

fn read(
    spec: &Spec,
    input: &fellegi::InputSpec,
    folder: &Path,
    truth: Option<&String>,
) -> Result<Read, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(folder.join(&input.path))?;
    let headers = reader.headers()?.clone();
    let place = |name: &str| headers.iter().position(|header| header == name);
    let label = truth.and_then(|truth| place(truth));
    let mut columns: Vec<(&str, Option<usize>, Texts)> =
        spec.columns().map(|(name, _)| (name, place(input.column(name)), Texts::default())).collect();
    let mut labels = Vec::new();
    for row in reader.records() {
        let row = row?;
        labels.push(label.and_then(|at| row.get(at)).unwrap_or_default().to_owned());
        for (_, place, texts) in &mut columns {
            texts.push(place.and_then(|at| row.get(at)).filter(|text| !text.is_empty()));
        }
    }
    Ok((columns.into_iter().map(|(_, place, texts)| place.map(|_| texts)).collect(), labels))
}

/// How long it takes to find one record's matches among all: `asked` are the columns of the first input.
fn find(
    out: &mut impl Write,
    (spec, outcome): (&Spec, Outcome),
    (standing, lengths): (&Records, &[usize]),
    asked: &[Option<Texts>],
) -> Result<(), Box<dyn Error>> {
    let mut finder = Finder::new(spec, standing, lengths, outcome.model)?;
    let (mut times, rows) = (Vec::new(), lengths[0]);
    for row in (0..rows).step_by((rows / 5_000).max(1)) {
        let one: Vec<Option<Texts>> =
            asked.iter().map(|texts| Some(std::iter::once(texts.as_ref()?.get(row)).collect())).collect();
        let one: Vec<Option<&Texts>> = one.iter().map(Option::as_ref).collect();
        let started = Instant::now();
        let hits = finder.find(&one);
        times.push((started.elapsed(), hits.len()));
    }
    times.sort_by_key(|(time, _)| *time);
    let at =
        |share: f64| times.get((times.len() as f64 * share) as usize).map_or_else(Default::default, |(time, _)| *time);
    writeln!(
        out,
        "find among {}: median {:.1?}, p99 {:.1?}, most {:.1?}",
        standing.len(),
        at(0.5),
        at(0.99),
        at(0.9999)
    )?;
    Ok(())
}

fn report(out: &mut impl Write, outcome: &Outcome) -> Result<(), Box<dyn Error>> {
    let statistics = &outcome.statistics;
    writeln!(
        out,
        "{} records, {} candidate pairs, {} kept",
        statistics.records,
        statistics.candidate_pairs,
        outcome.pairs.len()
    )?;
    for (rule, pairs, too_large) in &statistics.by_rule {
        writeln!(out, "  {rule}: {pairs} new pairs, {too_large} records in too large blocks")?;
    }
    for learned in &outcome.model.comparisons {
        writeln!(out, "{}", learned.field)?;
        for share in &learned.levels {
            writeln!(out, "  {:24} m {:.6} u {:.9} {:+.1}", share.level, share.m, share.u, share.weight())?;
        }
    }
    writeln!(out, "prior {:.1} bits; {:?}", outcome.model.prior_weight(), statistics.training)?;
    writeln!(out, "{} conflicts, {} ties", statistics.conflicts.len(), statistics.ties.len())?;
    Ok(())
}

fn accuracy(out: &mut impl Write, outcome: &Outcome, labels: &[String]) -> Result<(), Box<dyn Error>> {
    let same = |pair: &&fellegi::Pair| labels[pair.left as usize] == labels[pair.right as usize];
    // Pairs between inputs where there are several, else within the one.
    let several = outcome.place(labels.len() as u32 - 1).0 > 0;
    let pairs_of = |groups: &mut dyn Iterator<Item = (String, usize)>| {
        let mut counts: HashMap<String, HashMap<usize, u64>> = HashMap::new();
        groups.for_each(|(group, input)| *counts.entry(group).or_default().entry(input).or_default() += 1);
        let pairs = counts.values().map(|by_input| {
            let all: u64 = by_input.values().sum();
            let within: u64 = by_input.values().map(|n| n * (n - 1) / 2).sum();
            if several { all * (all - 1) / 2 - within } else { within }
        });
        pairs.sum::<u64>() as f64
    };
    let input = |row: usize| outcome.place(row as u32).0;
    let cluster = |row: usize| outcome.clusters[row].to_string();
    let rows = 0..labels.len();
    let truly = pairs_of(&mut rows.clone().map(|row| (labels[row].clone(), input(row))));
    let said = pairs_of(&mut rows.clone().map(|row| (cluster(row), input(row))));
    let right = pairs_of(&mut rows.map(|row| (format!("{} {}", labels[row], cluster(row)), input(row))));
    writeln!(
        out,
        "clusters: precision {:.5} recall {:.5} F1 {:.5}",
        right / said,
        right / truly,
        2.0 * right / (said + truly)
    )?;
    let mut pairs: Vec<_> = outcome.pairs.iter().collect();
    pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let (mut right, mut best) = (0.0, (0.0, 0.0, 0.0, 0.0));
    for (at, pair) in pairs.iter().enumerate() {
        right += f64::from(u8::from(same(pair)));
        let f1 = 2.0 * right / (at as f64 + 1.0 + truly);
        if f1 > best.0 {
            best = (f1, right / (at as f64 + 1.0), right / truly, pair.probability);
        }
    }
    writeln!(
        out,
        "recall of all kept {:.5}; best F1 {:.5}: precision {:.5} recall {:.5} from probability {:.4}",
        right / truly,
        best.0,
        best.1,
        best.2,
        best.3
    )?;
    for threshold in [0.05, 0.5, 0.9, 0.95, 0.99] {
        let kept = outcome.pairs.iter().filter(|pair| pair.probability >= threshold);
        let (said, right) = (kept.clone().count() as f64, kept.filter(same).count() as f64);
        let (precision, recall) = (right / said, right / truly);
        writeln!(
            out,
            "pairs from {threshold}: precision {precision:.5} recall {recall:.5} F1 {:.5}",
            2.0 * right / (said + truly)
        )?;
    }
    Ok(())
}
