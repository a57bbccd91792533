//! Figures that look like a slip of unit or sign, told from the other figures of the same column.
//!
//! Departments mix up yuan, fen and 10,000 yuan, or drop a digit. A figure far outside its column that would be an
//! ordinary one if shifted by some digits proves neither of the two: it counts as anything between them.

use super::assembly::sources::{Field, Record, Source};
use rustc_hash::FxHashMap;
use values::Bounds;

/// Quantiles of a column's positive figures.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Usual {
    p05: i64,
    low: i64,
    high: i64,
    p95: i64,
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Slips {
    usual: FxHashMap<(u16, Field, u8), Usual>,
}

/// The figures that are checked.
const CHECKED: [(Record, Field); 12] = [
    (Record::Employment, Field::MonthlyWage),
    (Record::Pension, Field::MonthlyAmount),
    (Record::Assistance, Field::MonthlyAmount),
    (Record::Income, Field::Amount),
    (Record::Subsidy, Field::Amount),
    (Record::MedicalCost, Field::OwnCost),
    (Record::School, Field::OwnCost),
    (Record::Disaster, Field::Damage),
    (Record::Bank, Field::Balance),
    (Record::Vehicle, Field::Value),
    (Record::Business, Field::Capital),
    (Record::Tax, Field::Income),
];
/// Columns with fewer figures have no usual.
const ENOUGH: usize = 50;
/// Figures looked at to know a column.
const SAMPLE: usize = 40_000;

/// Whether a field of that name is checked in some record.
#[must_use]
pub fn is_checked(field: &str) -> bool {
    CHECKED.iter().any(|(_, checked)| checked.name() == field)
}

impl Slips {
    /// Learns what is usual in a delivery, given its number among all.
    pub fn look(&mut self, number: u16, source: &Source<'_>) {
        for (_, field) in CHECKED.into_iter().filter(|(record, _)| *record == source.record) {
            let mut figures: FxHashMap<u8, Vec<i64>> = FxHashMap::default();
            let rows = source.resource.len() as u32;
            let stride = (source.resource.len() / SAMPLE).max(1);
            for row in (0..rows).step_by(stride) {
                if let Some(figure) = source.money(field, row).filter(|figure| *figure > 0) {
                    figures.entry(kind(source, row)).or_default().push(figure);
                }
            }
            for (kind, mut figures) in figures {
                if figures.len() >= ENOUGH {
                    figures.sort_unstable();
                    self.usual.insert((number, field, kind), usual_of(&figures));
                }
            }
        }
    }

    /// What a figure proves: itself where it is ordinary.
    #[must_use]
    pub fn weigh(&self, number: u16, source: &Source<'_>, field: Field, row: u32) -> Option<Bounds> {
        let figure = source.money(field, row)?;
        if figure < 0 {
            // Only a result of a business can be negative; elsewhere the sign is a slip, or the figure a correction.
            let may_be = source.record == Record::Income && kind(source, row) == 1;
            return Some(if may_be { Bounds::exact(figure) } else { Bounds::between(0, figure.saturating_neg()) });
        }
        let Some(usual) = self.usual.get(&(number, field, kind(source, row))) else {
            return Some(Bounds::exact(figure));
        };
        Some(usual.weigh(figure))
    }
}

/// Some columns hold figures of several kinds, each with its own usual size.
fn kind(source: &Source<'_>, row: u32) -> u8 {
    match source.record {
        Record::Income | Record::Tax => source.code(Field::Item, row).unwrap_or(u8::MAX),
        Record::Assistance => source.code(Field::Programme, row).unwrap_or(u8::MAX),
        Record::School => source.code(Field::Stage, row).unwrap_or(u8::MAX),
        Record::MedicalCost => source.code(Field::Disease, row).unwrap_or(u8::MAX),
        _ => 0,
    }
}

fn usual_of(sorted: &[i64]) -> Usual {
    let at = |share: usize| sorted[(sorted.len() - 1) * share / 100];
    let (p05, p25, p75, p95) = (at(5), at(25).max(1), at(75).max(1), at(95));
    // The middle half's spread, twice more on either side: about 3.4 deviations of a log-normal column.
    let spread = (p75 as f64 / p25 as f64).max(1.6).powi(2);
    Usual { p05, low: (p25 as f64 / spread) as i64, high: (p75 as f64 * spread).min(1e18) as i64, p95 }
}

impl Usual {
    fn weigh(&self, figure: i64) -> Bounds {
        if figure > self.high {
            let shifted = [10, 100, 10_000].map(|by| figure / by).into_iter().find(|f| *f <= self.p95);
            return match shifted {
                Some(shifted) if shifted >= self.p05 => Bounds::between(shifted, figure),
                _ => Bounds::exact(figure),
            };
        }
        if figure > 0 && figure < self.low {
            let shifted = [10, 100, 10_000].map(|by| figure.saturating_mul(by)).into_iter().find(|f| *f >= self.p05);
            return match shifted {
                Some(shifted) if shifted <= self.p95 => Bounds::between(figure, shifted),
                _ => Bounds::exact(figure),
            };
        }
        Bounds::exact(figure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wage_in_the_wrong_unit_proves_neither_figure() {
        let wages: Vec<i64> = (0..1_000).map(|n| 250_000 + n * 400).collect();
        let usual = usual_of(&wages);
        assert_eq!(usual.weigh(420_000), Bounds::exact(420_000));
        assert_eq!(usual.weigh(42_000_000), Bounds::between(420_000, 42_000_000));
        assert_eq!(usual.weigh(4_200), Bounds::between(4_200, 420_000));
        // Twice the usual is no slip.
        assert_eq!(usual.weigh(1_200_000), Bounds::exact(1_200_000));
    }
}
