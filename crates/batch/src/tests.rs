//! Real files, one kind of trouble each.

mod parquet;
mod reading;
mod shelf;
mod tables;
mod texts;
mod writing;

use crate::{Chunk, Consumer, Dialect, Encoding, FaultKind, Format, Problem, Result, Source, read_all};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that goes away with the test.
fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn csv(path: &Path) -> Source {
    in_csv(path, Encoding::Utf8)
}

fn in_csv(path: &Path, encoding: Encoding) -> Source {
    source(Format::Csv { path: path.to_owned(), dialect: Dialect::default(), encoding })
}

fn source(format: Format) -> Source {
    Source { name: "list".to_owned(), format }
}

/// All rows of a source, cell by cell, with their numbers; and what was wrong.
#[derive(Debug, Default, PartialEq)]
struct Told {
    header: Vec<String>,
    rows: Vec<(u32, Vec<Option<String>>)>,
    faults: Vec<(u32, Option<usize>, FaultKind)>,
    seen: u32,
}

/// Reads every column of one source.
struct Everything(std::sync::Mutex<Vec<String>>);

impl Consumer for Everything {
    type Part = Chunk;

    fn columns(&self, _source: usize, header: &[String]) -> Result<Vec<usize>> {
        *self.0.lock().unwrap() = header.to_vec();
        Ok((0..header.len()).collect())
    }

    fn part(&self, _source: usize, chunk: Chunk) -> Chunk {
        chunk
    }
}

fn read(source: &Source) -> Result<Told> {
    let everything = Everything(std::sync::Mutex::default());
    let mut parts = read_all(std::slice::from_ref(source), &everything);
    let mut told = Told { header: everything.0.into_inner().unwrap(), ..Told::default() };
    for chunk in parts.remove(0)? {
        for (row, number) in chunk.numbers.iter().enumerate() {
            let cells = chunk.columns.iter().map(|column| column.get(row).map(str::to_owned)).collect();
            told.rows.push((told.seen + number, cells));
        }
        told.faults.extend(chunk.faults.into_iter().map(|f| (told.seen + f.row, f.column, f.kind)));
        told.seen += chunk.rows;
    }
    Ok(told)
}

fn problem(source: &Source) -> Problem {
    read(source).map(|told| told.seen).unwrap_err()
}

/// The cells of all rows, absent ones as `∅`.
fn cells(told: &Told) -> Vec<String> {
    let joined = |cells: &Vec<Option<String>>| {
        cells.iter().map(|cell| cell.as_deref().unwrap_or("∅")).collect::<Vec<_>>().join("|")
    };
    told.rows.iter().map(|(_, cells)| joined(cells)).collect()
}
