use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use values::Day;

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    Working,
    Calendar,
}

/// So many days. The day it starts on doesn't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub within: u32,
    pub days: Days,
}

/// Which days are worked: `policy/calendar.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    off: BTreeSet<Day>,
    work: BTreeSet<Day>,
    years: BTreeSet<i16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "status")]
    _status: Option<String>,
    #[serde(rename = "year")]
    years: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    legal_basis: String,
    off: Vec<Date>,
    work: Vec<Date>,
}

/// A day as TOML writes it, `2026-10-01`.
#[derive(Clone, Copy)]
pub(super) struct Date(pub Day);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(deserializer)?.to_string();
        Day::parse_iso(&written).map(Self).map_err(|_| serde::de::Error::custom(format!("{written} is no day")))
    }
}

/// For `#[serde(deserialize_with)]` on a day that must be there.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    Date::deserialize(deserializer).map(|date| date.0)
}

/// For `#[serde(default, deserialize_with)]` on a day that may be left out.
pub(super) fn day_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    day(deserializer).map(Some)
}

impl Calendar {
    /// Reads `calendar.toml`.
    ///
    /// # Errors
    /// In words: an unknown field, a day that isn't in its year, a day both worked and off, no legal basis.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut calendar = Self::default();
        for year in written.years {
            if year.legal_basis.trim().is_empty() {
                return Err(format!("{} has no legal_basis", year.year));
            }
            if let Some(day) = year.off.iter().chain(&year.work).find(|day| day.0.year() != year.year) {
                return Err(format!("{} isn't in {}", day.0, year.year));
            }
            if !calendar.years.insert(year.year) {
                return Err(format!("{} stands there twice", year.year));
            }
            calendar.off.extend(year.off.iter().map(|date| date.0));
            calendar.work.extend(year.work.iter().map(|date| date.0));
        }
        match calendar.off.intersection(&calendar.work).next() {
            Some(day) => Err(format!("{day} is both worked and off")),
            None => Ok(calendar),
        }
    }

    #[must_use]
    pub fn is_worked(&self, day: Day) -> bool {
        // 1970-01-01 was a Thursday: Saturday and Sunday are the second and third day after it.
        let weekend = matches!(day.0.rem_euclid(7), 2 | 3);
        if weekend { self.work.contains(&day) } else { !self.off.contains(&day) }
    }

    /// Whether the holidays of that day's year are known.
    #[must_use]
    pub fn knows(&self, day: Day) -> bool {
        self.years.contains(&day.year())
    }

    /// The last day of a clock that starts on `from`.
    #[must_use]
    pub fn end(&self, from: Day, clock: Clock) -> Day {
        match clock.days {
            Days::Calendar => from.plus_days(i32::try_from(clock.within).unwrap_or(i32::MAX / 2)),
            Days::Working => {
                let (mut day, mut left) = (from, clock.within);
                while left > 0 {
                    day = day.plus_days(1);
                    left -= u32::from(self.is_worked(day));
                }
                day
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_step_over_holidays_and_take_worked_weekends() {
        let calendar = Calendar::parse(crate::policy::CALENDAR).unwrap();
        let day = |text| Day::parse_iso(text).unwrap();
        let five = Clock { within: 5, days: Days::Working };
        // Wednesday 30 September 2026: the National Day week is off, Saturday the tenth is worked.
        assert_eq!(calendar.end(day("2026-09-30"), five), day("2026-10-13"));
        assert_eq!(calendar.end(day("2026-09-30"), Clock { within: 5, days: Days::Calendar }), day("2026-10-05"));
        assert!(calendar.is_worked(day("2026-10-10")) && !calendar.is_worked(day("2026-10-11")));
        assert!(calendar.knows(day("2026-01-01")) && !calendar.knows(day("2031-01-01")));
    }

    #[test]
    fn a_calendar_that_contradicts_itself_is_refused() {
        let twice = "[[year]]\nyear = 2026\nlegal_basis = \"示例\"\noff = [2026-10-01]\nwork = [2026-10-01]\n";
        assert!(Calendar::parse(twice).unwrap_err().contains("2026-10-01 is both"));
        let elsewhere = "[[year]]\nyear = 2026\nlegal_basis = \"示例\"\noff = [2025-10-01]\nwork = []\n";
        assert!(Calendar::parse(elsewhere).unwrap_err().contains("isn't in 2026"));
    }
}
