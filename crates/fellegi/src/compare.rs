//! Which level two records reach in each comparison.

use crate::chinese::{self, HIDDEN};
use crate::encode::{self, CHINESE, VALID};
use crate::latin;
use crate::level::Level;
use crate::record::{Name, Record, SOUNDS, WRITTEN};
use crate::scheme::{Comparison, Scheme};
use crate::similarity::{edits, jaccard, jaro_winkler, one_digit_apart};
use crate::spec::Role;

/// The levels of all comparisons, four bits each: 0 missing, from 1 the levels in order, then `else`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub u64);

impl Pattern {
    #[must_use]
    pub const fn level(self, comparison: usize) -> u8 {
        (self.0 >> (4 * comparison) & 0xf) as u8
    }
}

impl Scheme {
    /// Compares two records packed by this scheme.
    #[must_use]
    pub fn compare(&self, a: Record, b: Record) -> Pattern {
        let mut pattern = 0;
        for (at, comparison) in self.comparisons.iter().enumerate() {
            pattern |= u64::from(self.level(comparison, a, b)) << (4 * at);
        }
        Pattern(pattern)
    }

    fn level(&self, comparison: &Comparison, a: Record, b: Record) -> u8 {
        let field = &self.fields[comparison.field];
        let levels = &comparison.levels;
        let (x, y) = (a.words[field.at], b.words[field.at]);
        match field.role {
            Role::IdNumber => id_level(levels, (x, a.words[field.at + 1]), (y, b.words[field.at + 1])),
            Role::Name | Role::Surname | Role::GivenName => name_level(levels, a, b, field.at),
            Role::AreaCode => self.area_level(comparison, a, b),
            Role::Address => address_level(levels, &a.words[field.at..], &b.words[field.at..]),
            Role::Email | Role::Postcode | Role::Text => text_level(levels, a, b, field.at),
            Role::BirthDate => number_level(levels, x, y, date_reaches),
            Role::Phone => number_level(levels, x, y, phone_reaches),
            Role::Number => number_level(levels, x, y, number_reaches),
            // Households of different groups can't be compared.
            Role::HouseholdNo if x >> 48 != y >> 48 => 0,
            _ => number_level(levels, x, y, |level, x, y| level == Level::Exact && x == y),
        }
    }

    fn area_level(&self, comparison: &Comparison, a: Record, b: Record) -> u8 {
        let at = self.fields[comparison.field].at;
        let (x, y) = (a.words[at], b.words[at]);
        let beside = comparison.with.map(|with| self.fields[with].at);
        let address = beside.map_or(0.0, |at| signature_overlap(&a.words[at..], &b.words[at..]));
        if (x == 0 || y == 0) && address == 0.0 {
            return 0;
        }
        first(&comparison.levels, |level| match level {
            Level::Exact => x == y && x != 0,
            Level::Successor => self.successors.connect(x, y),
            Level::Address(least) => address >= least,
            Level::Prefix(digits) => x != 0 && y != 0 && same_prefix(x, y, digits),
            _ => false,
        })
    }
}

/// The first level that holds, counted from 1; one more than all where none does.
fn first(levels: &[Level], mut holds: impl FnMut(Level) -> bool) -> u8 {
    (levels.iter().position(|level| holds(*level)).unwrap_or(levels.len()) + 1) as u8
}

fn number_level(levels: &[Level], x: u64, y: u64, reaches: impl Fn(Level, u64, u64) -> bool) -> u8 {
    if x == 0 || y == 0 { 0 } else { first(levels, |level| reaches(level, x, y)) }
}

fn id_level(levels: &[Level], x: (u64, u64), y: (u64, u64)) -> u8 {
    if x.1 == 0 || y.1 == 0 {
        return 0;
    }
    let same = x == y;
    let apart = if same { 0 } else { id_distance(x, y) };
    let both_valid = x.1 & y.1 & VALID != 0;
    first(levels, |level| match level {
        Level::Exact => same,
        Level::Typos(most) => apart <= usize::from(most) && !both_valid,
        Level::Near => apart <= 2 && both_valid,
        Level::Edits(most) => apart <= usize::from(most),
        _ => false,
    })
}

/// Wrong digits and swapped neighbours; 9 for "far".
pub(crate) fn id_distance(x: (u64, u64), y: (u64, u64)) -> usize {
    if x.1 & y.1 & CHINESE == 0 {
        let ((a, n), (b, m)) = (encode::id_letters(x.0, x.1), encode::id_letters(y.0, y.1));
        return edits(&a[..n], &b[..m], 2);
    }
    let nibbles = |word: u64| ((word | word >> 1 | word >> 2 | word >> 3) & 0x1111_1111_1111_1111).count_ones();
    if nibbles(x.0 ^ y.0) + nibbles((x.1 ^ y.1) & 0xff) > 4 {
        return 9;
    }
    let (a, b) = (encode::id_digits(x.0, x.1), encode::id_digits(y.0, y.1));
    let (mut at, mut apart) = (0, 0);
    while at < 18 {
        if a[at] != b[at] {
            apart += 1;
            at += usize::from(at < 17 && a[at] == b[at + 1] && a[at + 1] == b[at]);
        }
        at += 1;
    }
    apart
}

fn name_level(levels: &[Level], a: Record, b: Record, at: usize) -> u8 {
    let (x, y) = (a.words[at + WRITTEN], b.words[at + WRITTEN]);
    if x == 0 || y == 0 {
        return 0;
    }
    if x == y {
        return first(levels, |level| level == Level::Exact);
    }
    let same_sounds = a.words[at + SOUNDS] == b.words[at + SOUNDS];
    match (a.name(at), b.name(at)) {
        (Name::Short(a), Name::Short(b)) => short_name_level(levels, Short::new(a), Short::new(b), same_sounds),
        (Name::Long(a), Name::Long(b)) => long_name_level(levels, a, b, same_sounds),
        (Name::Short(units), Name::Long(long)) | (Name::Long(long), Name::Short(units)) => {
            let short = Short::new(units);
            long_name_level(levels, &short.units[..short.len], long, same_sounds)
        }
    }
}

/// A Chinese name taken apart.
struct Short {
    packed: u128,
    units: [u16; 8],
    len: usize,
}

impl Short {
    fn new(packed: u128) -> Self {
        let len = 8 - packed.leading_zeros() as usize / 16;
        Self { packed, units: std::array::from_fn(|i| (packed >> (16 * i)) as u16), len }
    }

    fn units(&self) -> &[u16] {
        &self.units[..self.len]
    }

    fn is_hidden(&self) -> bool {
        self.units().contains(&HIDDEN)
    }
}

fn short_name_level(levels: &[Level], a: Short, b: Short, same_sounds: bool) -> u8 {
    // Most pairs of names have at most the surname in common: nothing but their sound can bring them together.
    let common = a.units().iter().filter(|unit| b.units().contains(unit)).count();
    let hidden = a.is_hidden() || b.is_hidden();
    let mut similarity = None;
    first(levels, |level| match level {
        Level::Variant => a.packed == b.packed,
        Level::Pinyin => !hidden && same_sounds,
        Level::Swapped => !hidden && common == a.len && same_characters(a.units(), b.units()),
        Level::OneCharacter => !hidden && common >= 2 && one_character(a.units(), b.units()),
        Level::Hidden => hidden && agrees_where_shown(a.units(), b.units()),
        Level::JaroWinkler(least) => {
            !hidden
                && at_best(common, a.len, b.len) >= least
                && *similarity.get_or_insert_with(|| jaro_winkler(a.units(), b.units())) >= least
        }
        Level::Edits(most) => edits(a.units(), b.units(), usize::from(most)) <= usize::from(most),
        _ => false,
    })
}

/// The Jaro-Winkler similarity of two texts with so many characters in common is at most this.
fn at_best(common: usize, a: usize, b: usize) -> f64 {
    let common = common.max(1) as f64;
    let jaro = (common / a as f64 + common / b as f64 + 1.0) / 3.0;
    if common > a.min(b) as f64 { 1.0 } else { jaro + 0.1 * common.min(4.0) * (1.0 - jaro) }
}

fn long_name_level(levels: &[Level], a: &[u16], b: &[u16], same_sounds: bool) -> u8 {
    let mut similarity = None;
    first(levels, |level| match level {
        Level::Variant => same_forms(a, b),
        Level::Nickname => latin::same_given_name(a, b),
        Level::Swapped => same_characters(a, b),
        Level::Hidden => (a.contains(&HIDDEN) || b.contains(&HIDDEN)) && agrees_where_shown(a, b),
        Level::JaroWinkler(least) => *similarity.get_or_insert_with(|| jaro_winkler(a, b)) >= least,
        Level::Sounds => same_sounds,
        Level::Edits(most) => edits(a, b, usize::from(most)) <= usize::from(most),
        Level::Tokens(least) => tokens(a, b) >= least,
        _ => false,
    })
}

fn same_forms(a: &[u16], b: &[u16]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| chinese::form(*x) == chinese::form(*y))
}

fn same_characters(a: &[u16], b: &[u16]) -> bool {
    if a.len() != b.len() || a.len() > 16 || a.len() < 2 {
        return false;
    }
    let sorted = |units: &[u16]| {
        let mut sorted = [0; 16];
        sorted[..units.len()].copy_from_slice(units);
        sorted.sort_unstable();
        sorted
    };
    sorted(a) == sorted(b)
}

fn one_character(a: &[u16], b: &[u16]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = short[head..].iter().rev().zip(long[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    long.len() - short.len() <= 1 && head + tail >= 2 && head + tail + 1 == long.len()
}

fn agrees_where_shown(a: &[u16], b: &[u16]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y || *x == HIDDEN || *y == HIDDEN)
}

/// The share of words that both texts have, of the words that either has (Jaccard).
fn tokens(a: &[u16], b: &[u16]) -> f64 {
    let words = |units: &[u16]| units.split(|unit| *unit < 0x30).filter(|word| !word.is_empty()).count();
    let both = a
        .split(|unit| *unit < 0x30)
        .filter(|word| !word.is_empty() && b.split(|unit| *unit < 0x30).any(|other| other == *word))
        .count();
    let either = words(a) + words(b) - both.min(words(b));
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

fn text_level(levels: &[Level], a: Record, b: Record, at: usize) -> u8 {
    let (x, y) = (a.words[at], b.words[at]);
    if x == 0 || y == 0 {
        return 0;
    }
    if x == y {
        return first(levels, |level| level == Level::Exact);
    }
    let (a, b) = (a.text(at), b.text(at));
    let mut similarity = None;
    first(levels, |level| match level {
        Level::JaroWinkler(least) => *similarity.get_or_insert_with(|| jaro_winkler(a, b)) >= least,
        Level::Edits(most) => edits(a, b, usize::from(most)) <= usize::from(most),
        Level::Prefix(len) => {
            let len = usize::from(len);
            a.len() >= len && b.len() >= len && a[..len] == b[..len]
        }
        Level::Mailbox => mailbox(a) == mailbox(b),
        Level::Overlap(least) => shared_entries(a, b) >= usize::from(least),
        Level::Tokens(least) => tokens(a, b) >= least,
        _ => false,
    })
}

fn shared_entries(a: &[u16], b: &[u16]) -> usize {
    let ends = |unit: &u16| [b',', b';', b'|'].contains(&(*unit as u8)) && *unit < 0x80 || *unit == '、' as u16;
    let entries = |units: &'_ [u16]| -> Vec<Vec<u16>> {
        let entry = |part: &[u16]| part.iter().copied().filter(|unit| *unit != u16::from(b' ')).collect::<Vec<_>>();
        units.split(ends).map(entry).filter(|entry| !entry.is_empty()).collect()
    };
    let (mut a, b) = (entries(a), entries(b));
    a.sort_unstable();
    a.dedup();
    a.iter().filter(|entry| b.contains(entry)).count()
}

/// What stands before the @ of an e-mail address.
fn mailbox(units: &[u16]) -> &[u16] {
    units.split(|unit| *unit == u16::from(b'@')).next().unwrap_or_default()
}

fn address_level(levels: &[Level], x: &[u64], y: &[u64]) -> u8 {
    if x[0] == 0 || y[0] == 0 {
        return 0;
    }
    let overlap = signature_overlap(x, y);
    first(levels, |level| match level {
        Level::Exact => x[0] == y[0],
        Level::Jaccard(least) => overlap >= least,
        _ => false,
    })
}

fn signature_overlap(x: &[u64], y: &[u64]) -> f64 {
    let signature = |words: &[u64]| u128::from(words[1]) | u128::from(words[2]) << 64;
    if x[0] == 0 || y[0] == 0 { 0.0 } else { jaccard(signature(x), signature(y)) }
}

/// Year, month, day and how exactly it is known.
const fn date_parts(word: u64) -> (u64, u64, u64, u64) {
    (word >> 16 & 0xffff, word >> 8 & 0xff, word & 0xff, word >> 32)
}

fn date_reaches(level: Level, x: u64, y: u64) -> bool {
    let ((year, month, day, exact), (year2, month2, day2, exact2)) = (date_parts(x), date_parts(y));
    let coarse = exact > 1 || exact2 > 1;
    match level {
        Level::Exact => !coarse && x == y,
        Level::Coarse => coarse && year == year2 && (exact.max(exact2) > 2 || month == month2),
        Level::Transposed => !coarse && year == year2 && month == day2 && day == month2,
        Level::OneComponent => {
            !coarse && usize::from(year != year2) + usize::from(month != month2) + usize::from(day != day2) == 1
        }
        Level::OtherYear => !coarse && year != year2 && (month, day) == (month2, day2),
        Level::SameYear => year == year2,
        Level::Days(most) => !coarse && days_apart((year, month, day), (year2, month2, day2)) <= u64::from(most),
        Level::Edits(most) => {
            let digits = |(year, month, day): (u64, u64, u64)| -> [u16; 8] {
                let number = year * 10_000 + month * 100 + day;
                std::array::from_fn(|i| (number / 10u64.pow(7 - i as u32) % 10) as u16)
            };
            let (a, b) = (digits((year, month, day)), digits((year2, month2, day2)));
            !coarse && edits(&a, &b, usize::from(most)) <= usize::from(most)
        }
        _ => false,
    }
}

fn days_apart(a: (u64, u64, u64), b: (u64, u64, u64)) -> u64 {
    let day = |(year, month, day): (u64, u64, u64)| {
        values::Day::from_ymd(year as i16, month as i8, day as i8).map(|day| i64::from(day.0))
    };
    day(a).zip(day(b)).map_or(u64::MAX, |(a, b)| a.abs_diff(b))
}

fn phone_reaches(level: Level, x: u64, y: u64) -> bool {
    match level {
        Level::Exact => x == y,
        Level::Edits(1) => one_digit_apart(x, y),
        Level::Edits(most) => {
            let digits = |number: u64| std::array::from_fn::<u16, 16, _>(|i| (number >> (4 * i) & 0xf) as u16);
            edits(&digits(x), &digits(y), usize::from(most)) <= usize::from(most)
        }
        _ => false,
    }
}

fn number_reaches(level: Level, x: u64, y: u64) -> bool {
    let (a, b) = (f64::from_bits(x), f64::from_bits(y));
    match level {
        Level::Exact => x == y,
        Level::Difference(most) => (a - b).abs() <= most,
        _ => false,
    }
}

fn same_prefix(x: u64, y: u64, digits: u8) -> bool {
    let unit = 10u64.pow(12 - u32::from(digits.min(12)));
    (x | y) >> 63 == 0 && x / unit == y / unit
}
