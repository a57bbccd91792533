//! `labels.csv`: what people decided about pairs, as the review page gives it and a spreadsheet can.

use super::input::Input;
use anyhow::{Result, anyhow, bail};
use batch::{Chunk, Consumer, Dialect, Encoding, Format, Problem, Source, Wording};
use fellegi::Label;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use values::columns::Texts;

const COLUMNS: [&str; 5] = ["left_source", "left_id", "right_source", "right_id", "decision"];

struct Decisions;

impl Consumer for Decisions {
    type Part = Vec<Texts>;

    fn columns(&self, _source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let place = |name: &&str| header.iter().position(|column| column == name).ok_or_else(|| missing(name));
        COLUMNS.iter().map(place).collect()
    }

    fn part(&self, _source: usize, chunk: Chunk) -> Vec<Texts> {
        chunk.columns
    }
}

fn missing(name: &str) -> Problem {
    Problem::new(
        "labels",
        Wording::new(format!("没有列 {name}"), format!("it has no column {name}")),
        Wording::new(format!("请写明列 {}", COLUMNS.join("、")), format!("name the columns {}", COLUMNS.join(", "))),
    )
}

/// Reads labels and finds their records.
///
/// # Errors
/// When the file can't be read, names an unknown record, or decides neither yes nor no.
pub fn read(path: &Path, inputs: &[Input]) -> Result<Vec<Label>> {
    let format = Format::Csv { path: path.to_owned(), dialect: Dialect::default(), encoding: Encoding::Utf8 };
    let source = Source { name: path.display().to_string(), format };
    let mut parts = batch::read_all(&[source], &Decisions);
    let parts = parts.remove(0).map_err(|problem| anyhow!("{problem}"))?;
    let cell = |part: &[Texts], column: usize, row: usize| part[column].get(row).unwrap_or_default().to_owned();
    let mut decisions = Vec::new();
    for part in &parts {
        for row in 0..part[0].len() {
            let record = |column| (cell(part, column, row), cell(part, column + 1, row));
            decisions.push((record(0), record(2), cell(part, 4, row)));
        }
    }
    let wanted: FxHashSet<&(String, String)> = decisions.iter().flat_map(|(left, right, _)| [left, right]).collect();
    let rows = rows(inputs, &wanted);
    let find = |record: &(String, String)| {
        rows.get(record).copied().ok_or_else(|| {
            anyhow!(
                "{}: no record {} in {}; is the source the name of an [[input]]?",
                path.display(),
                record.1,
                record.0
            )
        })
    };
    let label = |(left, right, decision): &((String, String), (String, String), String)| {
        Ok(Label { left: find(left)?, right: find(right)?, same: is_same(decision, path)? })
    };
    decisions.iter().map(label).collect()
}

fn is_same(decision: &str, path: &Path) -> Result<bool> {
    Ok(match decision.trim().to_lowercase().as_str() {
        "match" | "same" | "yes" | "true" | "1" | "1.0" | "是" | "同一人" => true,
        "non_match" | "no_match" | "different" | "no" | "false" | "0" | "0.0" | "否" | "不同人" => false,
        other => bail!("{}: the decision \"{other}\" is not read; write match or non_match", path.display()),
    })
}

/// For each record asked for, its row over all inputs.
fn rows(inputs: &[Input], wanted: &FxHashSet<&(String, String)>) -> FxHashMap<(String, String), u32> {
    let mut found = FxHashMap::default();
    let mut row = 0;
    let mut record = (String::new(), String::new());
    for input in inputs {
        input.name.clone_into(&mut record.0);
        for id in input.ids.iter() {
            id.unwrap_or_default().clone_into(&mut record.1);
            if wanted.contains(&record) {
                found.insert(record.clone(), row);
            }
            row += 1;
        }
    }
    found
}
