use super::cells::{Cells, settings, trimmed};
use super::fingerprint::{ABSENT, fold, of_text};
use super::{Depth, Mapping, keys, own};
use crate::package::{KeyName, Target};
use crate::places::Found;
use crate::quality::{Change, Tally};
use crate::rejects::{Reason, Reject};
use facts::records::Keys;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use values::columns::{Column, Texts};

/// Some rows of a file, as text columns.
#[derive(Debug, Default)]
pub struct Rows {
    /// How many data rows this part of the file holds.
    pub seen: u32,
    /// The number of each row within this part, from 1.
    pub numbers: Vec<u32>,
    /// The columns of [`Mapping::wanted`].
    pub columns: Vec<Texts>,
    /// What was found while the file was cut into cells; rows within this part.
    pub faults: Vec<Reject>,
}

impl Rows {
    /// Empties the cells of the rows for which `keep`, given their place among the rows here, says no.
    pub fn blank(&mut self, keep: impl Fn(usize) -> bool) {
        for column in &mut self.columns {
            *column = column.iter().enumerate().map(|(row, cell)| cell.filter(|_| keep(row))).collect();
        }
    }

    /// Leaves out the rows for which `keep`, given their place among the rows here, says no.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let rows: Vec<usize> = (0..self.numbers.len()).filter(|row| keep(*row)).collect();
        if rows.len() == self.numbers.len() {
            return;
        }
        for column in &mut self.columns {
            *column = rows.iter().map(|row| column.get(*row)).collect();
        }
        self.numbers = rows.iter().map(|row| self.numbers[*row]).collect();
    }
}

/// Some rows of a resource, mapped.
#[derive(Debug, Default)]
pub struct Part {
    pub(super) seen: u32,
    pub(super) rows: Vec<u32>,
    pub(super) keys: Keys,
    pub(super) own: Vec<(&'static str, Column)>,
    pub(super) own_digest: Vec<u64>,
    pub(super) rejects: Vec<Reject>,
    pub(super) tallies: Vec<Tally>,
    pub(super) dropped: u32,
    pub(super) elsewhere: u32,
}

impl Part {
    pub(super) fn empty(mapping: &Mapping<'_>) -> Self {
        mapping.part(Rows { columns: vec![Texts::default(); mapping.columns.len()], ..Rows::default() })
    }

    /// Puts a later part's rows behind these.
    pub(super) fn append(&mut self, part: Self) {
        let before = self.seen;
        self.seen += part.seen;
        self.rows.extend(part.rows.iter().map(|row| row + before));
        self.keys.append(&part.keys);
        for ((_, to), (_, from)) in self.own.iter_mut().zip(part.own) {
            to.append(from);
        }
        self.own_digest.extend(part.own_digest);
        self.rejects.extend(part.rejects.into_iter().map(|mut reject| {
            reject.row += before;
            reject
        }));
        for (tally, other) in self.tallies.iter_mut().zip(&part.tallies) {
            tally.add(other);
        }
        self.dropped += part.dropped;
        self.elsewhere += part.elsewhere;
    }

    /// A column that grew part by part holds up to its own length in reserve; no row comes any more.
    fn trimmed(mut self) -> Self {
        self.rows.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.own.iter_mut().for_each(|(_, column)| column.shrink_to_fit());
        self.own_digest.shrink_to_fit();
        self
    }
}

/// A resource's parts as they arrive, in any order: what can be put together is put together at once.
#[derive(Debug, Default)]
pub struct Gathered {
    whole: Option<Part>,
    /// Parts that came before the one in front of them.
    waiting: BTreeMap<usize, Part>,
    /// How many data rows each part of the file holds.
    seen: Vec<u32>,
}

impl Gathered {
    /// Takes part number `at` of the file, from 0.
    pub fn add(&mut self, at: usize, part: Part) {
        self.waiting.insert(at, part);
        while let Some(part) = self.waiting.remove(&self.seen.len()) {
            self.seen.push(part.seen);
            match &mut self.whole {
                Some(whole) => whole.append(part),
                None => self.whole = Some(part),
            }
        }
    }

    /// How many data rows each part of the file holds.
    #[must_use]
    pub fn seen(&self) -> &[u32] {
        &self.seen
    }

    pub(super) fn into_whole(self) -> Option<Part> {
        self.whole.map(Part::trimmed)
    }
}

impl Mapping<'_> {
    /// Maps one chunk of rows.
    #[must_use]
    pub fn part(&self, mut rows: Rows) -> Part {
        let mut rejects = std::mem::take(&mut rows.faults);
        let dropped =
            rejects.iter().filter(|reject| reject.column.is_none() && rows.numbers.binary_search(&reject.row).is_err());
        let dropped = dropped.count() as u32;
        let mut tallies = vec![Tally::default(); self.columns.len()];
        for reject in &rejects {
            if let Some(column) = reject.column {
                tallies[usize::from(column)].invalid += 1;
            }
        }
        let before = rows.numbers.len();
        let areas = self.areas(&mut rows, &mut tallies, &mut rejects);
        let elsewhere = (before - rows.numbers.len()) as u32;
        let count = rows.numbers.len();
        let mut keys = keys::none(count);
        if !areas.is_empty() {
            keys.area = areas;
        }
        let mut columns = Vec::new();
        let mut digests = vec![0; count];
        for (at, column) in self.columns.iter().enumerate() {
            let (sensitive, required) = column.spec.as_ref().map_or((true, false), settings);
            let mut cells = Cells {
                texts: &rows.columns[at],
                numbers: &rows.numbers,
                missing: &self.spec.missing,
                column: at as u16,
                sensitive,
                required,
                tally: &mut tallies[at],
                rejects: &mut rejects,
            };
            match (column.target(), &column.spec) {
                (Target::Key(key), Some(spec)) => keys::read(&mut keys, key, spec, self.typed, &mut cells),
                (Target::Own(field), Some(spec)) => {
                    let values = own::read(field, spec, self.typed, &mut cells);
                    own::digest(&values, &mut digests);
                    columns.push((field.name.as_str(), values));
                }
                _ => self.unmapped(&rows.columns[at], &mut tallies[at], &mut digests),
            }
        }
        if self.depth == Depth::Everything && self.spec.record.field("household_no").is_some() {
            let texts = keys.household_no.iter().zip(&mut digests);
            texts.for_each(|(text, digest)| *digest = fold(*digest, text.map_or(ABSENT, of_text)));
        }
        rejects.sort_by_key(|reject| (reject.row, reject.column));
        let Rows { seen, numbers, .. } = rows;
        Part { seen, rows: numbers, keys, own: columns, own_digest: digests, rejects, tallies, dropped, elsewhere }
    }

    /// A column that nobody asked for: it only tells rows apart.
    fn unmapped(&self, texts: &Texts, tally: &mut Tally, digests: &mut [u64]) {
        tally.cells += texts.len() as u64;
        for (text, digest) in texts.iter().zip(digests) {
            let cell =
                text.map(trimmed).filter(|cell| !cell.is_empty() && !self.spec.missing.iter().any(|m| m == cell));
            tally.missing += u64::from(cell.is_none());
            *digest = fold(*digest, cell.map_or(ABSENT, of_text));
        }
    }

    /// The rows' places; rows of other counties are left out.
    fn areas(&self, rows: &mut Rows, tallies: &mut [Tally], rejects: &mut Vec<Reject>) -> Vec<u64> {
        let Some((at, spec)) = self.key_column(KeyName::Area) else { return Vec::new() };
        let mut known: FxHashMap<&str, Found> = FxHashMap::default();
        let mut elsewhere = Vec::new();
        let mut found_elsewhere = Vec::new();
        let mut cells = Cells {
            texts: &rows.columns[at],
            numbers: &rows.numbers,
            missing: &self.spec.missing,
            column: at as u16,
            sensitive: false,
            required: spec.required,
            tally: &mut tallies[at],
            rejects,
        };
        // 0 is missing, 1 another county's: no place has such a code.
        let mut areas = cells.each(0, |cell, tally| {
            let named = spec.codes.iter().find(|(theirs, _)| theirs == cell).map_or(cell, |(_, ours)| ours.as_str());
            match *known.entry(cell).or_insert_with(|| self.places.find(named)) {
                Found::Here { area, moved } => {
                    if moved {
                        tally.change(Change::Moved);
                    } else if !cell.as_bytes()[0].is_ascii_digit() {
                        tally.change(Change::Named);
                    }
                    Ok(area.0)
                }
                Found::Elsewhere => {
                    elsewhere.push(cell);
                    Ok(1)
                }
                Found::Unknown => Err(Reason::NoSuchPlace),
            }
        });
        if elsewhere.is_empty() {
            return areas;
        }
        let mut names = elsewhere.into_iter();
        for (row, area) in areas.iter().enumerate() {
            if *area == 1 {
                let value = names.next().unwrap_or_default().to_owned();
                found_elsewhere.push(Reject {
                    row: rows.numbers[row],
                    column: None,
                    value,
                    reason: Reason::OtherCounty,
                });
            }
        }
        rejects.extend(found_elsewhere);
        rows.retain(|row| areas[row] != 1);
        areas.retain(|area| *area != 1);
        areas
    }
}
