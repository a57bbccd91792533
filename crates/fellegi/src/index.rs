//! Blocking: which records are worth comparing with a given one.

use crate::digest::Digest;
use crate::encode;
use crate::record::{Record, Records};
use crate::scheme::{Part, PartOf, Rule, Scheme};
use crate::spec::Role;
use rayon::prelude::*;
use std::ops::Range;

/// A standing index over records: for each blocking rule, the rows by their key.
#[derive(Clone, Debug)]
pub struct Index {
    tables: Vec<Table>,
    /// Blocks with more rows than this are left out: such a key says too little.
    largest: usize,
}

#[derive(Clone, Debug)]
struct Table {
    /// By the key's highest bits: where its rows begin.
    starts: Vec<u32>,
    shift: u32,
    entries: Vec<(u64, u32)>,
}

/// The partners one record was given; counts go on from record to record.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Ascending, each once.
    pub rows: Vec<u32>,
    /// Rows with the rule that found them.
    found: Vec<(u32, u8)>,
    /// For each rule, how many rows it was the first to find.
    pub new_by_rule: Vec<u64>,
    /// For each rule, how often its block was too large.
    pub too_large: Vec<u64>,
}

impl Index {
    /// Indexes the records of a range of rows.
    #[must_use]
    pub fn build(scheme: &Scheme, records: &Records, rows: Range<u32>, largest: usize) -> Self {
        let build = |rule| {
            let key = |row: u32| (rule_key(scheme, rule, records.get(row as usize)), row);
            let keyed: Vec<(u64, u32)> = rows.clone().into_par_iter().map(key).filter(|(key, _)| *key != 0).collect();
            Table::build(&keyed)
        };
        Self { tables: scheme.rules.par_iter().map(build).collect(), largest }
    }

    /// Finds the rows below `below` that share a key with the record.
    pub fn find(&self, scheme: &Scheme, record: Record, below: u32, candidates: &mut Candidates) {
        let Candidates { rows, found, new_by_rule, too_large } = candidates;
        new_by_rule.resize(self.tables.len(), 0);
        too_large.resize(self.tables.len(), 0);
        found.clear();
        for (rule, table) in self.tables.iter().enumerate() {
            let key = rule_key(scheme, &scheme.rules[rule], record);
            if key == 0 {
                continue;
            }
            let known = found.len();
            let partners = table.bucket(key).iter().filter(|(other, row)| *other == key && *row < below);
            found.extend(partners.map(|(_, row)| (*row, rule as u8)));
            if found.len() - known > self.largest {
                too_large[rule] += 1;
                found.truncate(known);
            }
        }
        // Of the rules that found a row the first one counts.
        found.sort_unstable();
        found.dedup_by_key(|(row, _)| *row);
        rows.clear();
        for (row, rule) in found {
            rows.push(*row);
            new_by_rule[usize::from(*rule)] += 1;
        }
    }
}

impl Table {
    fn build(keyed: &[(u64, u32)]) -> Self {
        let bits = (usize::BITS - keyed.len().leading_zeros()).clamp(1, 28);
        let shift = 64 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for (key, _) in keyed {
            starts[(key >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0); keyed.len()];
        for entry in keyed {
            let place = &mut next[(entry.0 >> shift) as usize];
            entries[*place as usize] = *entry;
            *place += 1;
        }
        Self { starts, shift, entries }
    }

    /// Rows whose key begins with the same bits, ascending.
    fn bucket(&self, key: u64) -> &[(u64, u32)] {
        let at = (key >> self.shift) as usize;
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

fn part_key(scheme: &Scheme, part: Part, record: Record) -> u64 {
    let field = &scheme.fields[part.field];
    let words = &record.words[field.at..];
    let digest = Digest::default();
    match (part.of, field.role) {
        (_, Role::IdNumber) if words[1] == 0 => 0,
        (PartOf::Range(from, to), Role::IdNumber) => {
            let (letters, len) = encode::id_letters(words[0], words[1]);
            slice(&letters[..len], from, to).map_or(0, |part| digest.units(part).finish())
        }
        (_, Role::IdNumber) => digest.number(words[0]).number(words[1]).finish(),
        (_, Role::Name | Role::Surname | Role::GivenName) if words[4] == 0 => 0,
        (PartOf::Range(from, to), Role::Name | Role::Surname | Role::GivenName) => {
            let name = record.name(field.at);
            let plain: Vec<u16> = name.units().iter().map(|unit| crate::chinese::form(*unit)).collect();
            slice(&plain, from, to).map_or(0, |part| digest.units(part).finish())
        }
        (PartOf::Pinyin, _) => match record.name(field.at).sounds {
            (0, 0) => words[4],
            (head, tail) => digest.number(head).number(tail).finish(),
        },
        (_, Role::Name | Role::Surname | Role::GivenName) => words[4],
        (PartOf::Year, _) => words[0] >> 16 & 0xffff,
        (PartOf::Range(from, to), Role::Email | Role::Postcode | Role::Text) if words[0] != 0 => {
            slice(record.text(field.at), from, to).map_or(0, |part| digest.units(part).finish())
        }
        (PartOf::Range(from, to), role) => digits_key(role, words[0], from, to),
        // A month or a year is not a birthday.
        (_, Role::BirthDate) if words[0] >> 32 > 1 => 0,
        _ => words[0],
    }
}

fn slice(units: &[u16], from: u8, to: u8) -> Option<&[u16]> {
    let to = usize::from(to).min(units.len());
    units.get(usize::from(from)..to).filter(|part| !part.is_empty())
}

/// Digits of a date (year, month, day), a place code or a phone number.
fn digits_key(role: Role, word: u64, from: u8, to: u8) -> u64 {
    if word == 0 {
        return 0;
    }
    let text = match role {
        Role::BirthDate => format!("{:04}{:02}{:02}", word >> 16 & 0xffff, word >> 8 & 0xff, word & 0xff),
        Role::AreaCode => format!("{word:012}"),
        _ => word.to_string(),
    };
    let to = usize::from(to).min(text.len());
    text.get(usize::from(from)..to)
        .filter(|part| !part.is_empty())
        .map_or(0, |part| Digest::default().text(part).finish())
}
