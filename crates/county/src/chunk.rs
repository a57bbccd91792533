//! What one village contributes to every file, and how it reaches whoever writes the files.

use crate::life::Tag;
use values::Day;

/// One cell as delivered. In a text file every filled cell is `Text`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(&'a str),
    Integer(i64),
    Decimal(f64),
    Date(Day),
}

/// Whoever takes the rows and writes them into files.
pub trait Sink {
    /// Why a row couldn't be written.
    type Error;

    /// One data row of the resource of this number in [`County::resources`](crate::County::resources), in file order.
    ///
    /// # Errors
    /// When it can't be written; the emission ends there.
    fn row(&mut self, resource: usize, cells: &[Cell<'_>]) -> Result<(), Self::Error>;
}

#[derive(Clone, Copy, Debug)]
enum Stored {
    Empty,
    Text(u32, u32),
    Integer(i64),
    Decimal(f64),
    Date(Day),
}

/// The rows of one village for one file, in one piece of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    text: String,
    cells: Vec<Stored>,
    pub width: usize,
    /// Who each row is about; `None` for people of another county.
    pub about: Vec<Option<Tag>>,
}

impl Rows {
    pub fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    pub fn empty(&mut self) {
        self.cells.push(Stored::Empty);
    }

    pub fn text(&mut self, text: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.cells.push(Stored::Text(start, self.text.len() as u32));
    }

    /// A text cell, written in place.
    pub fn written(&mut self, args: std::fmt::Arguments<'_>) {
        let start = self.text.len() as u32;
        // Writing to a String never fails.
        let _ = std::fmt::Write::write_fmt(&mut self.text, args);
        self.cells.push(Stored::Text(start, self.text.len() as u32));
    }

    pub fn integer(&mut self, number: i64) {
        self.cells.push(Stored::Integer(number));
    }

    pub fn decimal(&mut self, number: f64) {
        self.cells.push(Stored::Decimal(number));
    }

    pub fn date(&mut self, day: Day) {
        self.cells.push(Stored::Date(day));
    }

    /// What a cell says, for the list of errors.
    pub fn said(&self, row: usize, column: usize) -> String {
        match self.cell(row, column) {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.to_owned(),
            Cell::Integer(number) => number.to_string(),
            Cell::Decimal(number) => number.to_string(),
            Cell::Date(day) => day.to_string(),
        }
    }

    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match self.cells[row * self.width + column] {
            Stored::Empty => Cell::Empty,
            Stored::Text(start, end) => Cell::Text(&self.text[start as usize..end as usize]),
            Stored::Integer(number) => Cell::Integer(number),
            Stored::Decimal(number) => Cell::Decimal(number),
            Stored::Date(day) => Cell::Date(day),
        }
    }
}

/// One mistake: the row is counted within the village's rows of the resource, from 0.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub resource: usize,
    pub row: usize,
    pub field: &'static str,
    pub kind: &'static str,
    pub was: String,
    pub became: String,
}

/// The truth about one household.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub household: String,
    pub area: u64,
    pub income_per_head: i64,
    pub at_risk: bool,
    pub at_risk_knowable: bool,
    pub causes: String,
    pub listed: String,
    pub wrongly_listed: String,
    pub wrongly_listed_knowable: String,
}

/// What one village contributes. Made independently of every other; delivered in the order of the villages.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub(crate) rows: Vec<Rows>,
    /// For each resource, which of the village's rows comes first, second, … in the file.
    pub(crate) order: Vec<Vec<u32>>,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) members: Vec<(Tag, usize)>,
    pub(crate) verdicts: Vec<Verdict>,
}
