//! Amounts of a period, by contract §4: the share of an amount is the share of its calendar months.

use super::exact::Amount;
use values::{Bounds, Day, Month, Validity};

/// The months an amount is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub first: Month,
    pub last: Month,
}

impl Period {
    #[must_use]
    pub const fn months(self) -> i32 {
        self.last.0 - self.first.0 + 1
    }

    /// The months of this period that `from`–`to` touches, as (first, last), if any.
    #[must_use]
    pub fn touched(self, from: Day, to: Day) -> Option<(i32, i32)> {
        let (first, last) = (from.month().0.max(self.first.0), to.month().0.min(self.last.0));
        (first <= last).then_some((first, last))
    }

    fn count(self, from: Day, to: Day) -> i32 {
        self.touched(from, to).map_or(0, |(first, last)| last - first + 1)
    }

    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        (self.first.0..=self.last.0).contains(&day.month().0)
    }

    /// One bit for each month that `from`–`to` touches.
    #[must_use]
    pub fn mask(self, from: Day, to: Day) -> u32 {
        self.touched(from, to).map_or(0, |(first, last)| ((1 << (last - first + 1)) - 1) << (first - self.first.0))
    }
}

/// The part of an amount of the time `valid` that falls into the period. An open end lasts until `as_of`; where the
/// beginning isn't known, anything from nothing to all of it may.
#[must_use]
pub fn share_of(amount: Bounds, valid: Validity, period: Period, as_of: Day) -> Amount {
    let to = valid.to.unwrap_or(as_of);
    match valid.from {
        Some(from) if from <= to => {
            let all = to.month().0 - from.month().0 + 1;
            Amount::share(amount, period.count(from, to), all)
        }
        _ if valid.from.is_none() && to.month().0 < period.first.0 => Amount::ZERO,
        _ => Amount::of(amount).or_nothing(),
    }
}

/// A monthly amount for each month of the period that `valid` touches.
#[must_use]
pub fn monthly(amount: Bounds, valid: Validity, period: Period, as_of: Day) -> Amount {
    let to = valid.to.unwrap_or(as_of);
    match valid.from {
        Some(from) => Amount::share(amount, period.count(from, to), 1),
        None => {
            // It may have begun in the last month it was valid, or long before.
            let most = period.count(period.first.first_day(), to);
            let least = i32::from(valid.to.is_some() && period.contains(to));
            Amount::share(amount, most, 1).either(Amount::share(amount, least.min(most), 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::Window;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn window() -> (Period, Day) {
        let as_of = day("2026-09-30");
        let window = Window::before(as_of);
        (Period { first: window.first, last: window.last }, as_of)
    }

    fn valid(from: &str, to: &str) -> Validity {
        Validity { from: Day::parse_iso(from).ok(), to: Day::parse_iso(to).ok() }
    }

    #[test]
    fn an_amount_counts_by_the_months_it_touches() {
        let (window, as_of) = window();
        let yuan = |text: &str, end: &str| share_of(Bounds::exact(120_000), valid(text, end), window, as_of).floor();
        // 2025: four of its twelve months lie in the window.
        assert_eq!(yuan("2025-01-01", "2025-12-31"), Bounds::exact(40_000));
        // Open since January: eight of nine months.
        assert_eq!(yuan("2026-01-15", ""), Bounds::exact(106_666));
        assert_eq!(yuan("2024-01-01", "2024-12-31"), Bounds::ZERO);
        assert_eq!(yuan("", "2026-03-31"), Bounds::between(0, 120_000));
    }

    #[test]
    fn a_month_counts_when_any_day_of_it_lies_within() {
        let (window, as_of) = window();
        let wage = |from, to| monthly(Bounds::exact(300_000), valid(from, to), window, as_of).floor();
        assert_eq!(wage("2025-11-30", "2026-01-01"), Bounds::exact(900_000));
        assert_eq!(wage("2020-01-01", ""), Bounds::exact(3_600_000));
        assert_eq!(wage("", ""), Bounds::between(0, 3_600_000));
        assert_eq!(window.mask(day("2025-09-30"), day("2025-10-01")), 0b11);
    }
}
