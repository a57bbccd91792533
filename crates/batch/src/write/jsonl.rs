use super::Whole;
use super::rows::Rows;
use crate::{Cell, CellKind, Result};
use std::io::Write;
use std::path::Path;

pub(super) struct JsonLines {
    whole: Whole,
    /// Each column's name as JSON writes it, with its colon.
    names: Vec<String>,
}

impl JsonLines {
    pub(super) fn create(path: &Path, columns: &[(&str, CellKind)]) -> Result<Self> {
        let names = columns.iter().map(|(name, _)| format!("{}:", serde_json::Value::from(*name))).collect();
        Ok(Self { whole: Whole::create(path)?, names })
    }

    fn write(&mut self, cells: &[Cell<'_>]) -> std::io::Result<()> {
        let mut before = "{";
        for (name, cell) in self.names.iter().zip(cells) {
            if matches!(cell, Cell::Missing) {
                continue;
            }
            write!(self.whole, "{before}{name}")?;
            before = ",";
            match cell {
                Cell::Missing => {}
                Cell::Text(value) => serde_json::to_writer(&mut self.whole, value)?,
                Cell::Whole(value) => write!(self.whole, "{value}")?,
                Cell::Real(value) => serde_json::to_writer(&mut self.whole, value)?,
                Cell::Flag(value) => write!(self.whole, "{value}")?,
                Cell::Day(value) => write!(self.whole, "\"{value}\"")?,
            }
        }
        self.whole.write_all(if before == "{" { b"{}\n" } else { b"}\n" })
    }
}

impl Rows for JsonLines {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.write(cells).map_err(|e| self.whole.problem(&e))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.whole.finish()
    }
}
