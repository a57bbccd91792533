//! Plain columns: a table is named columns of one length, a column is one `Vec`.
//!
//! Missing values are sentinels inside the `Vec` (`i64::MIN`, `i32::MIN`, `u16::MAX`, an absent text),
//! read through accessors that give `Option`. [`Table`] is what intake gives to the stages behind it;
//! its own-field column names are those of the data dictionary (contract §3).

use crate::{AreaCode, Day, Fen, Truth};
pub use codes::Codes;
pub use pack::{Pack, packed, unpacked};
pub use quantities::{Packed, Quantities};
pub use texts::Texts;

mod codes;
mod pack;
mod quantities;
mod texts;

/// One column. The variants' units: money in fen, numbers in ten-thousandths, days since 1970-01-01.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    Text(Texts),
    Code(Codes),
    /// Fen; [`MISSING`] where absent.
    Money(Vec<i64>),
    /// Ten-thousandths ([`SCALE`]); [`MISSING`] where absent.
    Number(Vec<i64>),
    /// Whole numbers such as counts, years and grades; [`MISSING`] where absent.
    Count(Vec<i64>),
    /// [`MISSING_DAY`] where absent.
    Day(Vec<i32>),
    /// Three-valued.
    Flag(Vec<Truth>),
    /// 12-digit place codes; 0 where absent.
    Area(Vec<u64>),
    /// A quantity known within limits, in the unit named (a fact, never an own field of a delivery).
    Bounds(Unit, Quantities),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Money.
    Fen,
    /// Ten-thousandths of one.
    Number,
    /// Whole things.
    Count,
}

pub const MISSING: i64 = i64::MIN;
pub const MISSING_DAY: i32 = i32::MIN;
/// A `Number` column holds ten-thousandths.
pub const SCALE: i64 = 10_000;

impl Column {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(c) => c.len(),
            Self::Code(c) => c.len(),
            Self::Money(c) | Self::Number(c) | Self::Count(c) => c.len(),
            Self::Day(c) => c.len(),
            Self::Flag(c) => c.len(),
            Self::Area(c) => c.len(),
            Self::Bounds(_, c) => c.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a later part's column behind this one of the same kind; one of another kind adds nothing.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Text(to), Self::Text(from)) => to.append(&from),
            (Self::Code(to), Self::Code(from)) => to.append(&from),
            (Self::Money(to), Self::Money(from))
            | (Self::Number(to), Self::Number(from))
            | (Self::Count(to), Self::Count(from)) => to.extend(from),
            (Self::Day(to), Self::Day(from)) => to.extend(from),
            (Self::Flag(to), Self::Flag(from)) => to.extend(from),
            (Self::Area(to), Self::Area(from)) => to.extend(from),
            (Self::Bounds(_, to), Self::Bounds(_, from)) => to.append(&from),
            _ => {}
        }
    }

    /// Some of its rows, in the order named.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Text(c) => Self::Text(c.select(rows)),
            Self::Code(c) => Self::Code(c.select(rows)),
            Self::Money(c) => Self::Money(select(c, rows)),
            Self::Number(c) => Self::Number(select(c, rows)),
            Self::Count(c) => Self::Count(select(c, rows)),
            Self::Day(c) => Self::Day(select(c, rows)),
            Self::Flag(c) => Self::Flag(select(c, rows)),
            Self::Area(c) => Self::Area(select(c, rows)),
            Self::Bounds(unit, c) => Self::Bounds(*unit, rows.iter().map(|row| c.get(*row as usize)).collect()),
        }
    }

    /// Gives back what a column that grew row by row holds in reserve.
    pub fn shrink_to_fit(&mut self) {
        match self {
            Self::Text(c) => c.shrink_to_fit(),
            Self::Code(c) => c.shrink_to_fit(),
            Self::Money(c) | Self::Number(c) | Self::Count(c) => c.shrink_to_fit(),
            Self::Day(c) => c.shrink_to_fit(),
            Self::Flag(c) => c.shrink_to_fit(),
            Self::Area(c) => c.shrink_to_fit(),
            Self::Bounds(_, c) => c.shrink_to_fit(),
        }
    }
}

/// Some rows of a column, in the order named; a column that isn't there has none.
#[must_use]
pub fn select<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().filter_map(|row| column.get(*row as usize).copied()).collect()
}

/// Named columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    len: usize,
    columns: Vec<(String, Column)>,
}

impl Table {
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { len, columns: Vec::new() }
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a column, or replaces the one of that name.
    ///
    /// # Panics
    /// When it has another length than the table: a mistake in the program, not in the data.
    pub fn set(&mut self, name: &str, column: Column) {
        assert_eq!(column.len(), self.len, "column {name}");
        match self.columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, place)) => *place = column,
            None => self.columns.push((name.to_owned(), column)),
        }
    }

    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, column)| column)
    }

    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|(known, _)| known == name).map(|(_, column)| column)
    }

    /// Keeps the columns of which `keep` says so.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.columns.retain(|(name, _)| keep(name));
    }

    /// Puts the rows of a table with the same columns behind these.
    pub fn append(&mut self, other: Self) {
        self.len += other.len;
        for (name, column) in other.columns {
            match self.column_mut(&name) {
                Some(known) => known.append(column),
                None => self.columns.push((name, column)),
            }
        }
    }

    pub fn shrink_to_fit(&mut self) {
        self.columns.iter_mut().for_each(|(_, column)| column.shrink_to_fit());
    }

    /// Some of its rows, in the order named.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter().map(|(name, column)| (name.clone(), column.select(rows))).collect();
        Self { len: rows.len(), columns }
    }

    pub fn columns(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.columns.iter().map(|(name, column)| (name.as_str(), column))
    }

    #[must_use]
    pub fn money(&self, name: &str) -> View<'_, Fen> {
        View::new(match self.column(name) {
            Some(Column::Money(c)) => Source::Wide(c),
            _ => Source::Absent,
        })
    }

    /// Ten-thousandths.
    #[must_use]
    pub fn number(&self, name: &str) -> View<'_, i64> {
        View::new(match self.column(name) {
            Some(Column::Number(c) | Column::Count(c)) => Source::Wide(c),
            _ => Source::Absent,
        })
    }

    #[must_use]
    pub fn day(&self, name: &str) -> View<'_, Day> {
        View::new(match self.column(name) {
            Some(Column::Day(c)) => Source::Days(c),
            _ => Source::Absent,
        })
    }

    #[must_use]
    pub fn area(&self, name: &str) -> View<'_, AreaCode> {
        View::new(match self.column(name) {
            Some(Column::Area(c)) => Source::Areas(c),
            _ => Source::Absent,
        })
    }

    /// The value of a code or text column.
    #[must_use]
    pub fn text(&self, name: &str, row: usize) -> Option<&str> {
        match self.column(name)? {
            Column::Text(c) => c.get(row),
            Column::Code(c) => c.get(row),
            _ => None,
        }
    }

    #[must_use]
    pub fn codes(&self, name: &str) -> Option<&Codes> {
        match self.column(name)? {
            Column::Code(c) => Some(c),
            _ => None,
        }
    }

    #[must_use]
    pub fn flag(&self, name: &str, row: usize) -> Truth {
        match self.column(name) {
            Some(Column::Flag(c)) => c[row],
            _ => Truth::Undetermined,
        }
    }
}

enum Source<'a> {
    Absent,
    Wide(&'a [i64]),
    Days(&'a [i32]),
    Areas(&'a [u64]),
}

/// A typed look at a column that may not be there: a table without the column answers `None` for every row.
pub struct View<'a, T> {
    source: Source<'a>,
    of: std::marker::PhantomData<T>,
}

impl<'a, T> View<'a, T> {
    const fn new(source: Source<'a>) -> Self {
        Self { source, of: std::marker::PhantomData }
    }

    /// Whether the department delivers this column at all.
    #[must_use]
    pub const fn is_present(&self) -> bool {
        !matches!(self.source, Source::Absent)
    }

    fn wide(&self, row: usize) -> Option<i64> {
        match self.source {
            Source::Wide(c) => Some(c[row]).filter(|v| *v != MISSING),
            _ => None,
        }
    }
}

impl View<'_, Fen> {
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Fen> {
        self.wide(row).map(Fen)
    }
}

impl View<'_, i64> {
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        self.wide(row)
    }
}

impl View<'_, Day> {
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Day> {
        match self.source {
            Source::Days(c) => Some(c[row]).filter(|d| *d != MISSING_DAY).map(Day),
            _ => None,
        }
    }
}

impl View<'_, AreaCode> {
    #[must_use]
    pub fn get(&self, row: usize) -> Option<AreaCode> {
        match self.source {
            Source::Areas(c) => Some(c[row]).filter(|a| *a != 0).map(AreaCode),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
