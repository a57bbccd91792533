//! Rows gathered into columns until there are enough for a row group.

use super::parquet::{ParquetWriter, Values};
use super::rows::Rows;
use crate::{Cell, CellKind, Result};
use std::path::Path;
use values::columns::{MISSING, MISSING_DAY, Texts};

/// Rows in memory before they are written: many such writers may be open at once.
const GROUP: usize = 1 << 16;

pub(super) struct Buffered {
    writer: ParquetWriter,
    columns: Vec<Buffer>,
    rows: usize,
}

enum Buffer {
    Text(Texts),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Single(Vec<f32>),
    Flag(Vec<bool>),
    Day(Vec<i32>),
}

impl Buffered {
    pub(super) fn create(path: &Path, columns: &[(&str, CellKind)]) -> Result<Self> {
        let writer = ParquetWriter::create(path, columns)?;
        let columns = columns.iter().map(|(_, kind)| Buffer::new(*kind)).collect();
        Ok(Self { writer, columns, rows: 0 })
    }

    fn hand_on(&mut self) -> Result<()> {
        let values: Vec<Values<'_>> = self.columns.iter().map(Buffer::values).collect();
        self.writer.write(&values)?;
        self.columns.iter_mut().for_each(Buffer::clear);
        self.rows = 0;
        Ok(())
    }
}

impl Rows for Buffered {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell);
        }
        self.rows += 1;
        if self.rows == GROUP { self.hand_on() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.hand_on()?;
        self.writer.finish()
    }
}

impl Buffer {
    fn new(kind: CellKind) -> Self {
        match kind {
            CellKind::Text => Self::Text(Texts::default()),
            CellKind::Whole => Self::Whole(Vec::new()),
            CellKind::Real => Self::Real(Vec::new()),
            CellKind::Single => Self::Single(Vec::new()),
            CellKind::Flag => Self::Flag(Vec::new()),
            CellKind::Day => Self::Day(Vec::new()),
        }
    }

    /// A cell of another kind than its column's is missing there, except that a text column takes every kind.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(column), Cell::Missing) => column.push(None),
            (Self::Text(column), Cell::Text(text)) => column.push(Some(text)),
            (Self::Text(column), Cell::Whole(value)) => column.push(Some(&value.to_string())),
            (Self::Text(column), Cell::Real(value)) => column.push(Some(&value.to_string())),
            (Self::Text(column), Cell::Flag(value)) => column.push(Some(if value { "true" } else { "false" })),
            (Self::Text(column), Cell::Day(value)) => column.push(Some(&value.to_string())),
            (Self::Whole(column), Cell::Whole(value)) => column.push(value),
            (Self::Whole(column), _) => column.push(MISSING),
            (Self::Real(column), Cell::Real(value)) => column.push(value),
            (Self::Real(column), Cell::Whole(value)) => column.push(value as f64),
            (Self::Real(column), _) => column.push(f64::NAN),
            (Self::Single(column), Cell::Real(value)) => column.push(value as f32),
            (Self::Single(column), _) => column.push(f32::NAN),
            (Self::Flag(column), cell) => column.push(cell == Cell::Flag(true)),
            (Self::Day(column), Cell::Day(value)) => column.push(value.0),
            (Self::Day(column), _) => column.push(MISSING_DAY),
        }
    }

    fn values(&self) -> Values<'_> {
        match self {
            Self::Text(column) => Values::Text(column),
            Self::Whole(column) => Values::Whole(column),
            Self::Real(column) => Values::Real(column),
            Self::Single(column) => Values::Single(column),
            Self::Flag(column) => Values::Flag(column),
            Self::Day(column) => Values::Day(column),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Text(column) => *column = Texts::default(),
            Self::Whole(column) => column.clear(),
            Self::Real(column) => column.clear(),
            Self::Single(column) => column.clear(),
            Self::Flag(column) => column.clear(),
            Self::Day(column) => column.clear(),
        }
    }
}
