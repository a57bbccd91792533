//! How departments see the life of a village: late, in part, and with mistakes.

mod clerk;
mod departments;
mod field;
mod known;
mod slips;
mod writing;

pub use clerk::{About, Clerk, Written};
pub use departments::deliver;
pub use field::{Field, FieldSet};
pub use known::Known;

use values::Day;

/// A value before it is written down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Nothing,
    Text(&'a str),
    Day(Day),
    Fen(i64),
    /// Ten-thousandths of its unit.
    Measure(i64),
    Whole(i64),
    Flag(bool),
    /// An 18-character identity number, shown as it is.
    Number(u64),
}

impl<'a> From<Option<Day>> for Value<'a> {
    fn from(day: Option<Day>) -> Self {
        day.map_or(Self::Nothing, Self::Day)
    }
}
