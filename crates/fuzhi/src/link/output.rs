//! Writing what a linkage job found: `pairs.parquet` and `clusters.parquet`.

use super::input::Input;
use batch::{CellKind, ParquetWriter, Values, write_parquet};
use fellegi::Outcome;
use std::path::Path;
use values::columns::Texts;

/// # Errors
/// When the disk is full or refuses.
pub fn write_pairs(path: &Path, inputs: &[Input], outcome: &Outcome) -> batch::Result<()> {
    let names: Texts = inputs.iter().map(|input| Some(input.name.as_str())).collect();
    let side = |row: fn(&fellegi::Pair) -> u32| {
        let places = outcome.pairs.iter().map(|pair| outcome.place(row(pair)));
        let (sources, rows): (Vec<u32>, Vec<usize>) = places.map(|(input, row)| (input as u32, row)).unzip();
        let ids: Texts = sources.iter().zip(&rows).map(|(input, row)| inputs[*input as usize].ids.get(*row)).collect();
        (sources, ids)
    };
    let (left, left_ids) = side(|pair| pair.left);
    let (right, right_ids) = side(|pair| pair.right);
    let weights: Vec<f32> = outcome.pairs.iter().map(|pair| pair.weight).collect();
    let probabilities: Vec<f64> = outcome.pairs.iter().map(|pair| pair.probability).collect();
    let levels = levels(outcome);
    let (notes, noted) = notes(outcome);
    let mut columns = vec![
        ("left_source", Values::Listed(&names, &left)),
        ("left_id", Values::Text(&left_ids)),
        ("right_source", Values::Listed(&names, &right)),
        ("right_id", Values::Text(&right_ids)),
        ("weight", Values::Single(&weights)),
        ("probability", Values::Real(&probabilities)),
        ("note", Values::Listed(&notes, &noted)),
    ];
    columns.extend(levels.iter().map(|(name, list, rows)| (name.as_str(), Values::Listed(list, rows))));
    write_parquet(path, &columns)
}

/// Why a pair isn't what its weight says: found through other pairs, or passed over in grouping.
fn notes(outcome: &Outcome) -> (Texts, Vec<u32>) {
    const NOTES: [&str; 3] = ["implied", "tie", "number_conflict"];
    let mut noted: Vec<u32> = outcome.pairs.iter().map(|pair| if pair.is_implied { 0 } else { u32::MAX }).collect();
    for (note, pairs) in [(1, &outcome.statistics.ties), (2, &outcome.statistics.conflicts)] {
        for rows in pairs {
            if let Ok(at) = outcome.pairs.binary_search_by_key(rows, |pair| (pair.left, pair.right)) {
                noted[at] = note;
            }
        }
    }
    (NOTES.into_iter().map(Some).collect(), noted)
}

/// For each comparison a column: its name, the levels there are, and each pair's.
fn levels(outcome: &Outcome) -> Vec<(String, Texts, Vec<u32>)> {
    let comparisons = outcome.model.comparisons.iter().enumerate();
    let column = comparisons.map(|(at, learned)| {
        let names = std::iter::once("missing").chain(learned.levels.iter().map(|share| share.level.as_str()));
        let rows = outcome.pairs.iter().map(|pair| u32::from(pair.pattern.level(at)));
        (format!("level_{}", learned.field), names.map(Some).collect(), rows.collect())
    });
    column.collect()
}

/// Every record, alone or not, input by input.
///
/// # Errors
/// When the disk is full or refuses.
pub fn write_clusters(path: &Path, inputs: &[Input], outcome: &Outcome) -> batch::Result<()> {
    let columns = [("source", CellKind::Text), ("id", CellKind::Text), ("cluster", CellKind::Whole)];
    let mut writer = ParquetWriter::create(path, &columns)?;
    let mut clusters = &outcome.clusters[..];
    for input in inputs {
        let (here, later) = clusters.split_at(input.ids.len());
        clusters = later;
        let name: Texts = std::iter::once(Some(input.name.as_str())).collect();
        let numbers: Vec<i64> = here.iter().map(|cluster| i64::from(*cluster)).collect();
        let sources = vec![0; here.len()];
        writer.write(&[Values::Listed(&name, &sources), Values::Text(&input.ids), Values::Whole(&numbers)])?;
    }
    writer.finish()
}
