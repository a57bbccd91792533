use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A calendar day, as days since 1970-01-01. `Display` and JSON are ISO 8601: `2026-09-30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A calendar month, as months since year 0: `2026 * 12 + 8` is September 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Day,
    Month,
    Year,
}

/// A date as it was written: its first day, and how exactly it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDay {
    pub day: Day,
    pub precision: Precision,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    #[error("no date")]
    Empty,
    #[error("not a date of the form {0}")]
    Form(String),
    #[error("there is no such day")]
    NoSuchDay,
}

impl Day {
    /// `None` where there is no such day.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1..=12).contains(&month) || day < 1 || !(0..=9999).contains(&year) || day > days_in(year, month) {
            return None;
        }
        // Days from a civil date: the year begins in March, so that the leap day comes last.
        let y = i32::from(year) - i32::from(month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted = (i32::from(month) + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + i32::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    #[must_use]
    pub fn ymd(self) -> (i16, i8, i8) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i32::from(month <= 2);
        (year as i16, month as i8, day as i8)
    }

    #[must_use]
    pub fn year(self) -> i16 {
        self.ymd().0
    }

    #[must_use]
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month(i32::from(year) * 12 + i32::from(month) - 1)
    }

    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// The same day of another year; 29 February becomes 28 February where there is none.
    #[must_use]
    pub fn plus_years(self, years: i16) -> Self {
        let (year, month, day) = self.ymd();
        Self::from_ymd(year + years, month, day)
            .or_else(|| Self::from_ymd(year + years, month, day - 1))
            .unwrap_or(self)
    }

    /// Whole years lived by somebody born on `birth`, on this day.
    #[must_use]
    pub fn age_from(self, birth: Self) -> i32 {
        let ((y, m, d), (by, bm, bd)) = (self.ymd(), birth.ymd());
        i32::from(y) - i32::from(by) - i32::from((m, d) < (bm, bd))
    }

    /// Reads ISO 8601, `2026-09-30`.
    ///
    /// # Errors
    /// When it has another form or there is no such day.
    pub fn parse_iso(text: &str) -> Result<Self, DateError> {
        PartialDay::parse(text, "%Y-%m-%d").map(|p| p.day)
    }

    /// The day a spreadsheet's serial number means (1900 date system, whose 1900-02-29 never was).
    #[must_use]
    pub fn from_excel_serial(serial: i64) -> Option<Self> {
        let day = match serial {
            1..=59 => serial - 1,
            61..=2_958_465 => serial - 2,
            _ => return None,
        };
        Some(Self(-25_567 + i32::try_from(day).ok()?))
    }
}

const fn days_in(year: i16, month: i8) -> i8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Month {
    #[must_use]
    pub fn first_day(self) -> Day {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12));
        Day::from_ymd(year as i16, month as i8 + 1, 1).unwrap_or(Day(0))
    }

    #[must_use]
    pub fn last_day(self) -> Day {
        Self(self.0 + 1).first_day().plus_days(-1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl PartialDay {
    /// Reads a date by a Table Schema `format`: `default` (ISO 8601), `any`, or a pattern of
    /// `%Y %y %m %d` and plain characters such as `%Y年%m月%d日`. A pattern without a day gives month precision.
    ///
    /// # Errors
    /// When the text has another form or there is no such day.
    pub fn parse(text: &str, format: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DateError::Empty);
        }
        match format {
            "any" => Self::parse_any(text),
            "default" | "" => Self::by_pattern(text, "%Y-%m-%d"),
            pattern => Self::by_pattern(text, pattern),
        }
    }

    fn parse_any(text: &str) -> Result<Self, DateError> {
        const FORMS: [&str; 9] =
            ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m", "%Y年%m月", "%Y%m", "%Y"];
        FORMS
            .iter()
            .find_map(|form| Self::by_pattern(text, form).ok())
            .ok_or_else(|| DateError::Form("YYYY-MM-DD".into()))
    }

    fn by_pattern(text: &str, pattern: &str) -> Result<Self, DateError> {
        let wrong = || DateError::Form(pattern.to_owned());
        let (mut year, mut month, mut day) = (None, None, None);
        let mut rest = text;
        let mut form = pattern.chars().peekable();
        while let Some(c) = form.next() {
            if c != '%' {
                rest = rest.strip_prefix(c).ok_or_else(wrong)?;
                continue;
            }
            let field = form.next().ok_or_else(wrong)?;
            // Without a separator behind it, a field has its full width: %Y%m%d.
            let fixed = matches!(form.peek(), None | Some('%'));
            match field {
                'Y' => year = Some(take_digits(&mut rest, 4, 4).ok_or_else(wrong)?),
                'y' => year = take_digits(&mut rest, 2, 2).map(|y| if y < 50 { 2000 + y } else { 1900 + y }),
                'm' => {
                    month = Some(
                        take_digits(&mut rest, if fixed && form.peek().is_some() { 2 } else { 1 }, 2)
                            .ok_or_else(wrong)?,
                    )
                }
                'd' => day = Some(take_digits(&mut rest, 1, 2).ok_or_else(wrong)?),
                // A time of day behind a date says nothing here.
                'H' | 'M' | 'S' => {
                    take_digits(&mut rest, 1, 2).ok_or_else(wrong)?;
                }
                _ => return Err(wrong()),
            }
        }
        if !rest.is_empty() && !is_midnight(rest) {
            return Err(wrong());
        }
        let precision = match (month, day) {
            (_, Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            (None, None) => Precision::Year,
        };
        let year = year.ok_or_else(wrong)?;
        let day =
            Day::from_ymd(year as i16, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8).ok_or(DateError::NoSuchDay)?;
        Ok(Self { day, precision })
    }
}

/// Databases and spreadsheets append an empty time to a plain date.
fn is_midnight(rest: &str) -> bool {
    matches!(rest, "T00:00:00" | " 00:00:00" | "T00:00:00Z" | " 00:00:00.000" | " 00:00" | " 0:00:00" | " 0:00")
}

fn take_digits(rest: &mut &str, least: usize, most: usize) -> Option<i32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (digits, behind) = rest.split_at(count);
    *rest = behind;
    digits.parse().ok()
}

/// A period, both ends included; an absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Validity {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Validity {
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let before =
            |end: Option<Day>, start: Option<Day>| matches!((end, start), (Some(end), Some(start)) if end < start);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

/// The twelve whole months before the month of a day: what "income of the last year" speaks of (contract §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub first: Month,
    pub last: Month,
}

impl Window {
    #[must_use]
    pub fn before(as_of: Day) -> Self {
        let month = as_of.month();
        Self { first: Month(month.0 - 12), last: Month(month.0 - 1) }
    }

    #[must_use]
    pub fn first_day(self) -> Day {
        self.first.first_day()
    }

    #[must_use]
    pub fn last_day(self) -> Day {
        self.last.last_day()
    }

    /// How many calendar months the period `from`–`to` touches inside the window, and altogether.
    /// An absent `to` means "still valid on `as_of`", so the caller passes that day.
    #[must_use]
    pub fn months(self, from: Day, to: Day) -> (i32, i32) {
        let (first, last) = (from.month().0, to.month().0);
        let inside = last.min(self.last.0) - first.max(self.first.0) + 1;
        (inside.max(0), (last - first + 1).max(0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse_iso(&text).map_err(serde::de::Error::custom)
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Self::from_ymd(date.year(), date.month(), date.day()).unwrap_or(Self(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn reads_the_forms_departments_use() {
        let read = |text, form| PartialDay::parse(text, form).map(|p| (p.day.to_string(), p.precision));
        assert_eq!(read("20260930", "%Y%m%d"), Ok(("2026-09-30".into(), Precision::Day)));
        assert_eq!(read("2026年9月5日", "%Y年%m月%d日"), Ok(("2026-09-05".into(), Precision::Day)));
        assert_eq!(read("1968年4月", "%Y年%m月"), Ok(("1968-04-01".into(), Precision::Month)));
        assert_eq!(read("2026/9/5", "any"), Ok(("2026-09-05".into(), Precision::Day)));
        assert_eq!(read("2026-09-30 00:00:00", "default"), Ok(("2026-09-30".into(), Precision::Day)));
        assert_eq!(read("2026-02-30", "default"), Err(DateError::NoSuchDay));
        assert!(read("昨天", "any").is_err());
        assert_eq!(Day::from_excel_serial(46_295), Some(day("2026-09-30")));
        assert_eq!(Day::from_excel_serial(60), None);
    }

    #[test]
    fn the_window_is_twelve_whole_months() {
        let window = Window::before(day("2026-09-30"));
        assert_eq!((window.first_day(), window.last_day()), (day("2025-09-01"), day("2026-08-31")));
        assert_eq!(window.months(day("2026-08-31"), day("2026-10-01")), (1, 3));
        assert_eq!(window.months(day("2024-01-01"), day("2024-12-31")), (0, 12));
    }

    #[test]
    fn ages_and_leap_days() {
        assert_eq!(day("2026-08-31").age_from(day("2020-09-01")), 5);
        assert_eq!(day("2026-09-01").age_from(day("2020-09-01")), 6);
        assert_eq!(day("2024-02-29").plus_years(1), day("2025-02-28"));
    }

    proptest! {
        #[test]
        fn days_agree_with_jiff(days in -200_000i32..200_000) {
            let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
            prop_assert_eq!(Day::from(date), Day(days));
            prop_assert_eq!(Day(days).to_string(), date.to_string());
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC*", form in "\\PC*") {
            let _ = PartialDay::parse(&text, &form);
        }
    }
}
