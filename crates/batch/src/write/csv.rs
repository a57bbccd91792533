use super::Whole;
use super::rows::Rows;
use crate::{Cell, CellKind, Encoding, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

pub(super) struct Csv {
    whole: Whole,
    delimiter: char,
    encoding: Encoding,
    text: String,
}

/// Text is handed on in steps of this many bytes.
const STEP: usize = 1 << 16;

impl Csv {
    pub(super) fn create(
        path: &Path,
        delimiter: u8,
        encoding: Encoding,
        mark: bool,
        columns: &[(&str, CellKind)],
    ) -> Result<Self> {
        let text = if mark { "\u{feff}".to_owned() } else { String::new() };
        let mut csv = Self { whole: Whole::create(path)?, delimiter: char::from(delimiter), encoding, text };
        let header: Vec<Cell<'_>> = columns.iter().map(|(name, _)| Cell::Text(name)).collect();
        csv.row(&header)?;
        Ok(csv)
    }

    fn cell(&mut self, cell: Cell<'_>) {
        let text = &mut self.text;
        // Writing to a String doesn't fail.
        let _ = match cell {
            Cell::Missing => Ok(()),
            Cell::Text(value) => {
                let special = |c| c == self.delimiter || matches!(c, '"' | '\n' | '\r');
                if value.contains(special) {
                    text.push('"');
                    text.push_str(&value.replace('"', "\"\""));
                    text.push('"');
                } else {
                    text.push_str(value);
                }
                Ok(())
            }
            Cell::Whole(value) => write!(text, "{value}"),
            Cell::Real(value) => write!(text, "{value}"),
            Cell::Flag(value) => write!(text, "{value}"),
            Cell::Day(value) => write!(text, "{value}"),
        };
    }

    fn hand_on(&mut self) -> Result<()> {
        let written = match self.encoding {
            Encoding::Utf8 => self.whole.write_all(self.text.as_bytes()),
            Encoding::Gb18030 => self.whole.write_all(&encoding_rs::GB18030.encode(&self.text).0),
        };
        self.text.clear();
        written.map_err(|e| self.whole.problem(&e))
    }
}

impl Rows for Csv {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                self.text.push(self.delimiter);
            }
            self.cell(*cell);
        }
        // A row of one empty cell would read as a blank line.
        if matches!(cells, [Cell::Missing | Cell::Text("")]) {
            self.text.push_str("\"\"");
        }
        self.text.push('\n');
        if self.text.len() > STEP { self.hand_on() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.hand_on()?;
        self.whole.finish()
    }
}
