//! Blocking: which records are worth comparing with a given one.

use crate::digest::Digest;
use crate::encode;
use crate::record::{Name, Record, Records, SOUNDS, WRITTEN};
use crate::scheme::{Part, PartOf, Rule, Scheme};
use crate::spec::Role;
use rayon::prelude::*;
use std::ops::Range;

/// A standing index over records: for each blocking rule, the rows by their key.
#[derive(Clone, Debug)]
pub struct Index {
    tables: Vec<Table>,
}

#[derive(Clone, Debug)]
struct Table {
    /// By the key's highest bits: where its rows begin.
    starts: Vec<u32>,
    shift: u32,
    /// The key's lowest bits, and the row.
    entries: Vec<(u32, u32)>,
    /// Blocks with more rows than this are left out: such a key says too little.
    largest: usize,
}

/// The partners one record was given; the count goes on from record to record.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Ascending, each once.
    pub rows: Vec<u32>,
    /// For each rule, how many partners it found; several may find the same.
    pub by_rule: Vec<u64>,
}

impl Index {
    /// Indexes the records of a range of rows.
    #[must_use]
    pub fn build(scheme: &Scheme, records: &Records, rows: Range<u32>, largest: usize) -> Self {
        let table = |rule: &Rule| {
            let largest = if rule.parts.is_empty() { usize::MAX } else { largest };
            Table::build(rows.clone(), largest, |row| rule_key(scheme, rule, records.get(row as usize)))
        };
        Self { tables: scheme.rules.par_iter().map(table).collect() }
    }

    /// Finds the rows below `below` that share a key with the record.
    pub fn find(&self, scheme: &Scheme, record: Record, below: u32, candidates: &mut Candidates) {
        let Candidates { rows, by_rule } = candidates;
        by_rule.resize(self.tables.len(), 0);
        rows.clear();
        for ((rule, table), count) in scheme.rules.iter().zip(&self.tables).zip(by_rule) {
            let key = rule_key(scheme, rule, record);
            if key == 0 {
                continue;
            }
            let known = rows.len();
            let partners = table.bucket(key).iter().filter(|(tag, row)| *tag == key as u32 && *row < below);
            rows.extend(partners.map(|(_, row)| *row));
            if rows.len() - known > table.largest {
                rows.truncate(known);
            }
            *count += (rows.len() - known) as u64;
        }
        rows.sort_unstable();
        rows.dedup();
    }
}

impl Table {
    fn build(rows: Range<u32>, largest: usize, key: impl Fn(u32) -> u64) -> Self {
        let keys: Vec<u64> = rows.clone().map(key).collect();
        let keyed = || keys.iter().zip(rows.clone()).filter(|(key, _)| **key != 0);
        let len = keyed().count();
        let bits = (usize::BITS - len.leading_zeros()).clamp(1, 28);
        let mut table =
            Self { starts: vec![0; (1 << bits) + 1], shift: 64 - bits, entries: vec![(0, 0); len], largest };
        for (key, _) in keyed() {
            let place = table.place(*key);
            table.starts[place + 1] += 1;
        }
        for at in 1..table.starts.len() {
            table.starts[at] += table.starts[at - 1];
        }
        // Filling moves each start to its bucket's end, which is the start of the next.
        for (key, row) in keyed() {
            let place = table.place(*key);
            table.entries[table.starts[place] as usize] = (*key as u32, row);
            table.starts[place] += 1;
        }
        table.starts.rotate_right(1);
        table.starts[0] = 0;
        table
    }

    const fn place(&self, key: u64) -> usize {
        (key >> self.shift) as usize
    }

    /// Rows whose key begins with the same bits, ascending.
    fn bucket(&self, key: u64) -> &[(u32, u32)] {
        let at = self.place(key);
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// A record's key for a rule; 0 where a part is missing.
pub(crate) fn rule_key(scheme: &Scheme, rule: &Rule, record: Record) -> u64 {
    let mut digest = Digest::default();
    for part in &rule.parts {
        match part_key(scheme, *part, record) {
            0 => return 0,
            key => digest = digest.number(key),
        }
    }
    digest.finish()
}

pub(crate) fn part_key(scheme: &Scheme, part: Part, record: Record) -> u64 {
    let field = &scheme.fields[part.field];
    let words = &record.words[field.at..];
    match field.role {
        Role::IdNumber if words[1] == 0 => 0,
        Role::IdNumber => match part.of {
            PartOf::Range(from, to) => {
                let (letters, len) = encode::id_letters(words[0], words[1]);
                slice(&letters[..len], from, to)
            }
            _ => Digest::default().number(words[0]).number(words[1]).finish(),
        },
        Role::Name | Role::Surname | Role::GivenName => name_key(part.of, record, field.at),
        Role::Email | Role::Postcode | Role::Text if words[0] != 0 => match part.of {
            PartOf::Range(from, to) => slice(record.text(field.at), from, to),
            PartOf::Mailbox => {
                let mailbox = record.text(field.at).split(|unit| *unit == u16::from(b'@')).next();
                slice(mailbox.unwrap_or_default(), 0, u8::MAX)
            }
            _ => words[0],
        },
        Role::BirthDate => date_key(part.of, words[0]),
        role => match part.of {
            PartOf::Range(from, to) => digits_key(role, words[0], from, to),
            _ => words[0],
        },
    }
}

/// Whether two records agree on a part: whether they have the same key for it.
pub(crate) fn agrees(scheme: &Scheme, part: Part, a: Record, b: Record) -> bool {
    let field = &scheme.fields[part.field];
    let same = |at: usize| a.words[at] == b.words[at] && a.words[at] != 0;
    let same_key = || {
        let key = part_key(scheme, part, a);
        key != 0 && key == part_key(scheme, part, b)
    };
    match (field.role, part.of) {
        (Role::IdNumber, PartOf::Whole) => a.words[field.at] == b.words[field.at] && same(field.at + 1),
        (Role::Name | Role::Surname | Role::GivenName, PartOf::Whole) => same(field.at + WRITTEN),
        (Role::Name | Role::Surname | Role::GivenName, PartOf::Sounds) => same(field.at + SOUNDS),
        (Role::Name | Role::Surname | Role::GivenName, PartOf::Range(from, to)) => {
            match (a.name(field.at), b.name(field.at)) {
                (Name::Short(a), Name::Short(b)) => {
                    let (a, b) = (units_between(a, from, to), units_between(b, from, to));
                    a == b && a != 0
                }
                _ => same_key(),
            }
        }
        (Role::BirthDate, of @ (PartOf::Whole | PartOf::Year | PartOf::MonthDay)) => {
            let key = date_key(of, a.words[field.at]);
            key == date_key(of, b.words[field.at]) && key != 0
        }
        (_, PartOf::Whole) => same(field.at),
        _ => same_key(),
    }
}

/// Some of the 8 units of a short name, 0 where it has none there.
const fn units_between(units: u128, from: u8, to: u8) -> u128 {
    let (from, to) = (if from > 8 { 8 } else { from as u32 }, if to > 8 { 8 } else { to as u32 });
    let upto = match units.checked_shl(128 - 16 * to) {
        Some(units) => units,
        None => 0,
    };
    match upto.checked_shr(128 - 16 * (to - from)) {
        Some(units) => units,
        None => 0,
    }
}

fn name_key(of: PartOf, record: Record, at: usize) -> u64 {
    let digest = record.words[at + WRITTEN];
    if digest == 0 {
        return 0;
    }
    match (of, record.name(at)) {
        (PartOf::Sounds, _) => record.words[at + SOUNDS],
        (PartOf::Range(from, to), Name::Short(units)) => {
            let units: [u16; 8] = std::array::from_fn(|i| (units >> (16 * i)) as u16);
            let len = units.iter().position(|unit| *unit == 0).unwrap_or(8);
            slice(&units[..len], from, to)
        }
        (PartOf::Range(from, to), Name::Long(units)) => slice(units, from, to),
        _ => digest,
    }
}

fn date_key(of: PartOf, word: u64) -> u64 {
    let (precision, year, month_day) = (word >> 32, word >> 16 & 0xffff, word & 0xffff);
    // Digits that are known: a month or a year is not a birthday.
    let known = [8, 8, 6, 4][(precision & 3) as usize];
    match of {
        PartOf::Year => year,
        PartOf::Range(from, to) if to <= known => digits_key(Role::BirthDate, word, from, to),
        _ if known < 8 => 0,
        PartOf::MonthDay => month_day,
        _ => word,
    }
}

/// A digest of some of the units; 0 where there are none.
fn slice(units: &[u16], from: u8, to: u8) -> u64 {
    let to = usize::from(to).min(units.len());
    let part = units.get(usize::from(from)..to).filter(|part| !part.is_empty());
    part.map_or(0, |part| Digest::default().units(part).finish())
}

/// Digits of a date (year, month, day), a place code or a phone number.
fn digits_key(role: Role, word: u64, from: u8, to: u8) -> u64 {
    if word == 0 {
        return 0;
    }
    let (number, len) = match role {
        Role::BirthDate => ((word >> 16 & 0xffff) * 10_000 + (word >> 8 & 0xff) * 100 + (word & 0xff), 8),
        Role::AreaCode => (word, 12),
        _ => {
            let len = 16 - (word.leading_zeros() / 4) as u8;
            let digits = (0..len).rev().fold(0u64, |number, place| number * 10 + (word >> (4 * place) & 0xf));
            (digits, len)
        }
    };
    let to = to.min(len);
    if from >= to {
        return 0;
    }
    let part = number / 10u64.pow(u32::from(len - to)) % 10u64.pow(u32::from(to - from).min(19));
    Digest::default().number(u64::from(from) << 8 | u64::from(to)).number(part).finish()
}
