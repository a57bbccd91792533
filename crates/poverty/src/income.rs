use crate::Measure;
use values::{Bounds, Truth};

/// A household's yearly income, and how many people live on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Income {
    /// Fen a year, of the whole household.
    pub total: Bounds,
    pub members: u32,
}

impl Income {
    /// Exact comparison: the line is multiplied by the members, the money is never divided.
    fn is_below(self, line: i64) -> Truth {
        self.total.below(Bounds::exact(line.saturating_mul(i64::from(self.members))))
    }
}

/// Headcount ratio: persons in households below `line` (fen a head and year) ÷ persons.
#[must_use]
pub fn headcount(incomes: &[Income], line: i64) -> Measure {
    foster_greer_thorbecke(incomes, line, 0)
}

/// P_α of Foster, Greer and Thorbecke (1984): the mean over persons of ((z − y) / z)^α for y < z, else 0.
///
/// α = 0 is the headcount, 1 the gap, 2 the severity. An income that is known only within limits counts
/// as unknown unless both limits give the same share; a negative income counts as 0.
#[must_use]
pub fn foster_greer_thorbecke(incomes: &[Income], line: i64, alpha: i32) -> Measure {
    let (mut sum, mut known, mut unknown, mut least, mut most) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for income in incomes.iter().filter(|income| income.members > 0) {
        let persons = f64::from(income.members);
        let at = |total: i64| persons * shortfall(total, income.members, line, alpha);
        let (low, high) = (at(income.total.high), at(income.total.low));
        least += low;
        most += high;
        let settled =
            if alpha == 0 { income.is_below(line) != Truth::Undetermined } else { low.total_cmp(&high).is_eq() };
        if settled {
            known += persons;
            sum += low;
        } else {
            unknown += persons;
        }
    }
    Measure::of(sum, known, unknown, least, most)
}

fn shortfall(total: i64, members: u32, line: i64, alpha: i32) -> f64 {
    let needed = i128::from(line) * i128::from(members);
    let total = i128::from(total.max(0));
    if total >= needed || needed == 0 {
        return 0.0;
    }
    ((needed - total) as f64 / needed as f64).powi(alpha)
}
