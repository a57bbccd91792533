//! Arithmetic on what is known: an interval (low, high) of whole numbers.
//!
//! `NO_LOW` and `NO_HIGH` mean "no limit known". What overflows loses its limit on that side and stays true;
//! nothing ever wraps. A saturated end is never mistaken for an exact value: lows stay below `NO_HIGH`, highs above `NO_LOW`.

use values::Bounds;

pub(crate) type Interval = (i64, i64);

pub(crate) const NO_LOW: i64 = Bounds::NO_LOW;
pub(crate) const NO_HIGH: i64 = Bounds::NO_HIGH;
pub(crate) const UNKNOWN: Interval = (NO_LOW, NO_HIGH);

/// Which answers are possible, as bits: the whole of three-valued logic.
pub(crate) const FALSE: u8 = 1;
pub(crate) const TRUE: u8 = 2;
pub(crate) const EITHER: u8 = 3;

pub(crate) fn answers(yes: bool, no: bool) -> u8 {
    (u8::from(yes) << 1) | u8::from(no)
}

pub(crate) fn is_exact(x: Interval) -> bool {
    x.0 == x.1
}

fn clip_low(value: i128) -> i64 {
    i64::try_from(value.min(i128::from(NO_HIGH - 1))).unwrap_or(NO_LOW)
}

fn clip_high(value: i128) -> i64 {
    i64::try_from(value.max(i128::from(NO_LOW + 1))).unwrap_or(NO_HIGH)
}

pub(crate) fn add(a: Interval, b: Interval) -> Interval {
    let low = if a.0 == NO_LOW || b.0 == NO_LOW { NO_LOW } else { a.0.saturating_add(b.0).min(NO_HIGH - 1) };
    let high = if a.1 == NO_HIGH || b.1 == NO_HIGH { NO_HIGH } else { a.1.saturating_add(b.1).max(NO_LOW + 1) };
    (low, high)
}

pub(crate) fn negate(a: Interval) -> Interval {
    (
        a.1.checked_neg().map_or(NO_HIGH - 1, |low| if a.1 == NO_HIGH { NO_LOW } else { low }),
        a.0.checked_neg().unwrap_or(NO_HIGH),
    )
}

pub(crate) fn larger(a: Interval, b: Interval) -> Interval {
    (a.0.max(b.0), a.1.max(b.1))
}

/// Whatever either allows.
pub(crate) fn either(a: Interval, b: Interval) -> Interval {
    (a.0.min(b.0), a.1.max(b.1))
}

/// Times a positive constant.
pub(crate) fn scale(a: Interval, times: i64) -> Interval {
    let low = if a.0 == NO_LOW { NO_LOW } else { clip_low(i128::from(a.0) * i128::from(times)) };
    let high = if a.1 == NO_HIGH { NO_HIGH } else { clip_high(i128::from(a.1) * i128::from(times)) };
    (low, high)
}

pub(crate) fn multiply(a: Interval, b: Interval) -> Interval {
    if is_exact(a)
        && is_exact(b)
        && let Some(product) = a.0.checked_mul(b.0)
        && product > NO_LOW
        && product < NO_HIGH
    {
        return (product, product);
    }
    let corners = [corner(a.0, b.0), corner(a.0, b.1), corner(a.1, b.0), corner(a.1, b.1)];
    let low = corners.iter().copied().min().unwrap_or(i128::MIN);
    let high = corners.iter().copied().max().unwrap_or(i128::MAX);
    (clip_low(low), clip_high(high))
}

/// A product of two ends, where an end may be without limit; zero times whatever is zero.
fn corner(x: i64, y: i64) -> i128 {
    let open = |end: i64| end == NO_LOW || end == NO_HIGH;
    if x == 0 || y == 0 {
        0
    } else if open(x) || open(y) {
        if (x < 0) == (y < 0) { i128::MAX } else { i128::MIN }
    } else {
        i128::from(x) * i128::from(y)
    }
}

pub(crate) fn less(a: Interval, b: Interval) -> u8 {
    answers(a.0 < b.1, a.1 >= b.0)
}

pub(crate) fn at_most(a: Interval, b: Interval) -> u8 {
    answers(a.0 <= b.1, a.1 > b.0)
}

pub(crate) fn equal(a: Interval, b: Interval) -> u8 {
    let same = is_exact(a) && is_exact(b) && a.0 == b.0;
    answers(a.0 <= b.1 && b.0 <= a.1, !same)
}

/// Whether it is one of a sorted list without repeats.
pub(crate) fn one_of(a: Interval, list: &[i64]) -> u8 {
    let inside = list.partition_point(|v| *v <= a.1) - list.partition_point(|v| *v < a.0);
    let width = i128::from(a.1) - i128::from(a.0) + 1;
    answers(inside > 0, width > inside as i128)
}

pub(crate) fn within(a: Interval, first: i64, last: i64) -> u8 {
    answers(a.0 <= last && first <= a.1, a.0 < first || a.1 > last)
}

/// The step of a table that holds: steps are (from, value), ascending; below the first nothing is known.
pub(crate) fn step(a: Interval, steps: &[(i64, i64)]) -> Interval {
    let first = steps.partition_point(|(from, _)| *from <= a.0);
    let last = steps.partition_point(|(from, _)| *from <= a.1);
    match first.checked_sub(1).and_then(|first| steps.get(first..last)) {
        Some(touched) => touched.iter().map(|(_, value)| (*value, *value)).reduce(either).unwrap_or(UNKNOWN),
        None => UNKNOWN,
    }
}

pub(crate) fn and(a: u8, b: u8) -> u8 {
    (a & b & TRUE) | ((a | b) & FALSE)
}

pub(crate) fn or(a: u8, b: u8) -> u8 {
    ((a | b) & TRUE) | (a & b & FALSE)
}

pub(crate) fn not(a: u8) -> u8 {
    ((a & FALSE) << 1) | (a >> 1)
}
