use crate::{Encoding, Result};
use std::path::Path;
use values::Day;

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Text(&'a str),
    Whole(i64),
    Real(f64),
    Flag(bool),
    Day(Day),
}

/// What a column holds, in files whose columns have types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Text,
    Whole,
    Real,
    /// A real number of 32 bits.
    Single,
    Flag,
    Day,
}

/// Where rows go. A `Real` or `Whole` cell of a workbook is a number there, a `Day` a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Csv {
        delimiter: u8,
        encoding: Encoding,
        /// Begins a UTF-8 file with the mark that spreadsheets ask for.
        mark: bool,
    },
    JsonLines,
    Parquet,
    Xlsx {
        sheet: String,
    },
    /// A database file with this one table.
    Sqlite {
        table: String,
    },
}

/// Writes rows one by one, in any of the formats that can be read. What isn't finished leaves no file.
pub struct RowWriter(Box<dyn Rows>);

pub(crate) trait Rows: Send {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()>;
    fn finish(self: Box<Self>) -> Result<()>;
}

impl RowWriter {
    /// # Errors
    /// When the file can't be made.
    pub fn create(path: &Path, target: &Target, columns: &[(&str, CellKind)]) -> Result<Self> {
        Ok(Self(match target {
            Target::Csv { delimiter, encoding, mark } => {
                Box::new(super::csv::Csv::create(path, *delimiter, *encoding, *mark, columns)?)
            }
            Target::JsonLines => Box::new(super::jsonl::JsonLines::create(path, columns)?),
            Target::Parquet => Box::new(super::buffered::Buffered::create(path, columns)?),
            Target::Xlsx { sheet } => Box::new(super::xlsx::Xlsx::create(path, sheet, columns)?),
            Target::Sqlite { table } => Box::new(super::sqlite::Sqlite::create(path, table, columns)?),
        }))
    }

    /// Appends a row: one cell a column.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.0.row(cells)
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn finish(self) -> Result<()> {
        self.0.finish()
    }
}
