//! How good a delivery is, in figures.

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

/// What standardising did to a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// White space around or inside the text.
    Spaces,
    /// Full-width or compatibility characters.
    Width,
    /// Another form of the dot inside a name.
    Interpunct,
    /// A note behind a name, such as `（已故）`.
    Note,
    /// An identity number of 15 characters.
    Upgraded,
    /// A lower-case `x`.
    LowerX,
    /// Separators or a unit inside a figure.
    Written,
    /// Land or floor space in another unit.
    Converted,
    /// A place named by an old code or name.
    Moved,
    /// A place named rather than coded.
    Named,
    /// A phone number with a prefix or separators.
    Phone,
    /// Another name, or a number, for an ethnicity or a sex.
    Synonym,
}

const CHANGES: [(Change, &str); 12] = [
    (Change::Spaces, "spaces"),
    (Change::Width, "width"),
    (Change::Interpunct, "interpunct"),
    (Change::Note, "note"),
    (Change::Upgraded, "upgraded"),
    (Change::LowerX, "lower_x"),
    (Change::Written, "written"),
    (Change::Converted, "converted"),
    (Change::Moved, "moved"),
    (Change::Named, "named"),
    (Change::Phone, "phone"),
    (Change::Synonym, "synonym"),
];

/// What was counted in one column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub cells: u64,
    pub missing: u64,
    pub invalid: u64,
    /// Kept though doubtful: identity numbers whose check digit fails.
    pub doubtful: u64,
    changes: [u64; CHANGES.len()],
}

impl Tally {
    pub fn change(&mut self, change: Change) {
        self.changes[change as usize] += 1;
    }

    #[must_use]
    pub fn changed(&self, change: Change) -> u64 {
        self.changes[change as usize]
    }

    pub fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.missing += other.missing;
        self.invalid += other.invalid;
        self.doubtful += other.doubtful;
        for (own, other) in self.changes.iter_mut().zip(&other.changes) {
            *own += other;
        }
    }
}

/// One resource of a delivery, in figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    pub department: String,
    pub resource: String,
    pub title: String,
    pub file: String,
    /// SHA-256 of the file's content; empty for a database server.
    pub content: String,
    pub record: String,
    pub nature: facts::records::Nature,
    pub as_of: values::Day,
    /// Days between the delivery's day and the county's.
    pub freshness_days: i32,
    pub purpose: String,
    pub legal_basis: String,
    pub coverage: Option<Vec<String>>,
    /// Data rows in the file.
    pub rows: u64,
    /// Rows that went on.
    pub kept: u64,
    /// Cells that were not taken.
    pub rejected_cells: u64,
    /// Rows that were not taken, those of other counties among them.
    pub rejected_rows: u64,
    pub other_county: u64,
    /// Rows of a query answer about people without a live consent: nothing but their keys was read.
    pub set_aside: u64,
    /// Rows that repeat an earlier one in every column.
    pub duplicates: u64,
    pub columns: Vec<ColumnQuality>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnQuality {
    pub name: String,
    /// What it holds; `None` for a column that was delivered without being asked for.
    pub means: Option<String>,
    pub missing_share: f64,
    pub invalid_share: f64,
    pub doubtful: u64,
    #[serde(serialize_with = "changes")]
    pub changes: Tally,
}

/// The kinds of change that happened, with their numbers.
fn changes<S: Serializer>(tally: &Tally, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (change, name) in CHANGES {
        if tally.changed(change) > 0 {
            map.serialize_entry(name, &tally.changed(change))?;
        }
    }
    map.end()
}

/// A share rounded to six decimals, so that files compare.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 1e6).round() / 1e6 }
}
