//! Blocking: which records are worth comparing with a given one.

use crate::digest::Digest;
use crate::encode;
use crate::record::{Name, Record, Records, SOUNDS, WRITTEN};
use crate::scheme::{Part, PartOf, Rule, Scheme};
use crate::spec::Role;
use rayon::prelude::*;
use std::hint::black_box;
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

/// The partners one record was given; counts go on from record to record.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Ascending, each once.
    pub rows: Vec<u32>,
    /// Rows with the rule that found them in the lowest byte.
    found: Vec<u64>,
    /// For each rule, how many rows it was the first to find.
    pub new_by_rule: Vec<u64>,
    /// For each rule, how often its block was too large.
    pub too_large: Vec<u64>,
}

/// Records looked up together, so that memory can be asked for ahead of its use.
const TOGETHER: usize = 64;

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
        let keys: Vec<u64> = scheme.rules.iter().map(|rule| rule_key(scheme, rule, record)).collect();
        self.collect(&keys, &(0..below), candidates);
    }

    /// Finds the partners of each of many rows among the rows beside it, and gives them away row by row.
    pub(crate) fn find_each(
        &self,
        scheme: &Scheme,
        records: &Records,
        rows: impl Iterator<Item = (u32, Range<u32>)>,
        candidates: &mut Candidates,
        mut take: impl FnMut(u32, &[u32]),
    ) {
        let width = self.tables.len();
        let (mut keys, mut together) = (Vec::with_capacity(TOGETHER * width), Vec::with_capacity(TOGETHER));
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            together.clear();
            together.extend(rows.by_ref().take(TOGETHER));
            keys.clear();
            for (row, _) in &together {
                let record = records.get(*row as usize);
                keys.extend(scheme.rules.iter().map(|rule| rule_key(scheme, rule, record)));
            }
            self.touch(&keys);
            for (at, (row, among)) in together.iter().enumerate() {
                self.collect(&keys[at * width..(at + 1) * width], among, candidates);
                let found = &candidates.rows;
                black_box(found.iter().fold(0, |sum, other| sum ^ records.touch(*other)));
                take(*row, found);
            }
        }
    }

    fn touch(&self, keys: &[u64]) {
        let tables = || self.tables.iter().cycle();
        black_box(keys.iter().zip(tables()).fold(0, |sum, (key, table)| sum ^ table.starts[table.place(*key)]));
        let entry = |(key, table): (&u64, &Table)| {
            table.entries.get(table.starts[table.place(*key)] as usize).map_or(0, |entry| entry.0)
        };
        black_box(keys.iter().zip(tables()).map(entry).fold(0, |sum, entry| sum ^ entry));
    }

    fn collect(&self, keys: &[u64], among: &Range<u32>, candidates: &mut Candidates) {
        let Candidates { rows, found, new_by_rule, too_large } = candidates;
        new_by_rule.resize(self.tables.len(), 0);
        too_large.resize(self.tables.len(), 0);
        found.clear();
        for (rule, (key, table)) in keys.iter().zip(&self.tables).enumerate() {
            if *key == 0 {
                continue;
            }
            let known = found.len();
            let partners = table.bucket(*key).iter().filter(|(tag, row)| *tag == *key as u32 && among.contains(row));
            found.extend(partners.map(|(_, row)| u64::from(*row) << 8 | rule as u64));
            if found.len() - known > table.largest {
                too_large[rule] += 1;
                found.truncate(known);
            }
        }
        // Of the rules that found a row the first one counts.
        found.sort_unstable();
        found.dedup_by_key(|found| *found >> 8);
        rows.clear();
        for found in found {
            rows.push((*found >> 8) as u32);
            new_by_rule[(*found & 0xff) as usize] += 1;
        }
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
fn rule_key(scheme: &Scheme, rule: &Rule, record: Record) -> u64 {
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
