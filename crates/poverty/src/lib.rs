//! How poor a place is, and how well help reaches the poor: published measures with their formulas.
//!
//! Incomes are yearly amounts a head as [`values::Bounds`] in fen; each household counts with its number of members.
//! What isn't known stays visible: every [`Measure`] carries the value over those who are known, the limits
//! within which the value over everybody must lie, and the share that is unknown.

mod income;
mod inequality;
mod multidimensional;
mod targeting;

pub use income::{Income, foster_greer_thorbecke, headcount};
pub use inequality::gini;
pub use multidimensional::{Dimension, Multidimensional, multidimensional};
pub use targeting::{Counts, Proportion, proportion};

/// One measure of one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Over those whose situation is known.
    pub value: f64,
    pub numerator: f64,
    /// Persons known, the base of `value`.
    pub denominator: f64,
    /// Persons not known ÷ all persons.
    pub unknown_share: f64,
    /// The value over everybody lies between `low` and `high`, whatever the unknown turns out to be.
    pub low: f64,
    pub high: f64,
}

impl Measure {
    /// From sums over persons: the numerator over the known, how many are known and how many not, and the
    /// least and most the numerator could be over everybody.
    fn of(numerator: f64, known: f64, unknown: f64, least: f64, most: f64) -> Self {
        let all = known + unknown;
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        Self {
            value: ratio(numerator, known),
            numerator,
            denominator: known,
            unknown_share: ratio(unknown, all),
            low: ratio(least, all),
            high: ratio(most, all),
        }
    }
}

#[cfg(test)]
mod tests;
