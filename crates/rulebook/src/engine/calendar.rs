//! The calendar on intervals of days. Every function here but [`month`] rises or falls with each argument,
//! so the ends of the answer come from the ends of the arguments.

use super::interval::{Interval, NO_HIGH, NO_LOW, UNKNOWN, is_exact};
use crate::typing::expr::Calendar;
use values::{Day, Month};

/// Some ten thousand years either way: beyond, a day counts as without limit.
const FAR: i64 = 3_600_000;

fn known(day: i64) -> Option<Day> {
    (-FAR..=FAR).contains(&day).then(|| i32::try_from(day).ok().map(Day)).flatten()
}

fn low(value: Option<i64>) -> i64 {
    value.unwrap_or(NO_LOW)
}

fn high(value: Option<i64>) -> i64 {
    value.unwrap_or(NO_HIGH)
}

/// Of one argument the second is ignored.
pub(crate) fn apply(call: Calendar, a: Interval, b: Interval) -> Interval {
    match call {
        Calendar::Age => falling_rising(a, b, |birth, on| on.age_from(birth).into()),
        Calendar::MonthsBetween => falling_rising(a, b, |from, to| (to.month().0 - from.month().0).into()),
        Calendar::Year => rising(a, |day| day.year().into()),
        Calendar::Month => month(a),
        Calendar::PlusMonths if is_exact(b) => rising(a, |day| plus_months(day, b.0).0.into()),
        Calendar::PlusYears if is_exact(b) => rising(a, |day| plus_months(day, b.0.saturating_mul(12)).0.into()),
        Calendar::PlusMonths | Calendar::PlusYears => UNKNOWN,
    }
}

fn rising(a: Interval, f: impl Fn(Day) -> i64) -> Interval {
    (low(known(a.0).map(&f)), high(known(a.1).map(&f)))
}

fn falling_rising(a: Interval, b: Interval, f: impl Fn(Day, Day) -> i64) -> Interval {
    let at = |x: i64, y: i64| Some(f(known(x)?, known(y)?));
    if is_exact(a) && is_exact(b) {
        return at(a.0, b.0).map_or(UNKNOWN, |value| (value, value));
    }
    (low(at(a.1, b.0)), high(at(a.0, b.1)))
}

fn month(a: Interval) -> Interval {
    let at = |day: i64| known(day).map(Day::ymd);
    match (at(a.0), at(a.1)) {
        (Some((y, from, _)), Some((z, to, _))) if y == z => (from.into(), to.into()),
        _ => (1, 12),
    }
}

/// The same day so many months on; where that month is shorter, its last day.
fn plus_months(day: Day, months: i64) -> Day {
    let Ok(months) = i32::try_from(months.clamp(-120_000, 120_000)) else { return day };
    let target = Month((day.month().0 + months).clamp(0, 9_999 * 12));
    let first = target.first_day();
    let date = i32::from(day.ymd().2) - 1;
    first.plus_days(date).min(target.last_day())
}
