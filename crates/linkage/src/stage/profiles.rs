//! Rows with the same person keys, collapsed.
//!
//! The rows come block by block, twice: [`Seen`] takes a digest of each, and what the profiles are is clear when it has seen
//! all; then [`Profiles`] keeps the keys of the rows that came first. Nothing else of the deliveries stays in memory.

use super::RowRef;
use super::keys::KeyRow;
use facts::records::{Keys, Resource};
use fellegi::Digest;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use values::columns::Texts;

/// The deliveries' rows, as far as they have been seen.
pub struct Seen {
    heads: Vec<Resource>,
    keyed: Vec<(u64, RowRef)>,
    /// By delivery: its rows, and those with an identity number.
    rows: Vec<usize>,
    numbered: Vec<usize>,
}

/// Some rows of one delivery, looked at.
pub struct Look {
    keyed: Vec<(u64, RowRef)>,
    rows: usize,
    numbered: usize,
}

/// The keys of some profiles.
pub struct Kept {
    keys: Keys,
    household: Vec<u64>,
}

impl Seen {
    /// Nothing yet; `heads` are the deliveries without their rows.
    #[must_use]
    pub fn new(heads: Vec<Resource>) -> Self {
        let none = vec![0; heads.len()];
        Self { keyed: Vec::new(), rows: none.clone(), numbered: none, heads }
    }

    /// Looks at some rows of delivery `number`, of which the first is its row `first`.
    #[must_use]
    pub fn look(number: usize, first: usize, rows: &Resource) -> Look {
        let look = |row: usize| {
            let keys = KeyRow::of(rows, row);
            let at = RowRef { resource: number as u32, row: (first + row) as u32 };
            keys.is_personal().then(|| (keys.digest(), at))
        };
        Look {
            keyed: (0..rows.len()).filter_map(look).collect(),
            rows: rows.len(),
            numbered: rows.keys.id_number.iter().filter(|key| **key != 0).count(),
        }
    }

    /// Takes what was seen of delivery `number`.
    pub fn add(&mut self, number: usize, look: Look) {
        self.keyed.extend(look.keyed);
        self.rows[number] += look.rows;
        self.numbered[number] += look.numbered;
    }

    /// The profiles of all rows seen, without their keys.
    #[must_use]
    pub fn profiles(self) -> Profiles {
        let Self { heads, mut keyed, rows, numbered } = self;
        keyed.par_sort_unstable();
        let mut groups: Vec<(RowRef, u32, u32)> = Vec::new();
        let mut start = 0;
        while start < keyed.len() {
            let len = keyed[start..].iter().take_while(|(digest, _)| *digest == keyed[start].0).count();
            groups.push((keyed[start].1, start as u32, len as u32));
            start += len;
        }
        groups.par_sort_unstable();
        let mut of_row: Vec<Vec<u32>> = rows.iter().map(|rows| vec![u32::MAX; *rows]).collect();
        let some = || Vec::with_capacity(groups.len());
        let (mut first, mut digest, mut count) =
            (some(), Vec::with_capacity(groups.len()), Vec::with_capacity(groups.len()));
        for (profile, (at, start, len)) in groups.iter().enumerate() {
            for (_, row) in &keyed[*start as usize..(*start + *len) as usize] {
                of_row[row.resource as usize][row.row as usize] = profile as u32;
            }
            first.push(*at);
            digest.push(keyed[*start as usize].0);
            count.push(*len);
        }
        // No room to grow: these columns are most of what linking holds.
        let len = groups.len();
        let keys = Keys {
            id_number: Vec::with_capacity(len),
            sex: Vec::with_capacity(len),
            birth: Vec::with_capacity(len),
            birth_precision: Vec::with_capacity(len),
            area: Vec::with_capacity(len),
            phone: Vec::with_capacity(len),
            ..Keys::default()
        };
        let (names, addresses, household) = (Shared::new(len), Shared::new(len), Vec::with_capacity(len));
        Profiles { heads, numbered, first, digest, rows: count, of_row, keys, names, addresses, household }
    }
}

/// The distinct key rows of all deliveries, in the order of their first rows.
pub struct Profiles {
    pub(crate) heads: Vec<Resource>,
    /// By delivery: rows with an identity number.
    pub(crate) numbered: Vec<usize>,
    pub(crate) first: Vec<RowRef>,
    pub(crate) digest: Vec<u64>,
    /// How many rows have these keys.
    pub(crate) rows: Vec<u32>,
    /// For each delivery, for each row: its profile, or `u32::MAX` where it has no person key.
    pub(crate) of_row: Vec<Vec<u32>>,
    /// All but the texts, which many profiles share: a family's address, a name in every department's list.
    keys: Keys,
    names: Shared,
    addresses: Shared,
    household: Vec<u64>,
}

/// Texts of which each is kept once.
#[derive(Default)]
struct Shared {
    /// For each row, which text; `u32::MAX` where it has none.
    of: Vec<u32>,
    texts: Texts,
    /// By digest. A text whose digest another one has is kept again.
    known: FxHashMap<u64, u32>,
}

impl Shared {
    fn new(rows: usize) -> Self {
        Self { of: Vec::with_capacity(rows), ..Self::default() }
    }

    fn extend(&mut self, texts: &Texts) {
        for text in texts.iter() {
            let number = text.map_or(u32::MAX, |text| self.number(text));
            self.of.push(number);
        }
    }

    fn number(&mut self, text: &str) -> u32 {
        let Self { texts, known, .. } = self;
        let number = *known.entry(Digest::default().text(text).finish()).or_insert(texts.len() as u32);
        let is_known = (number as usize) < texts.len() && texts.get(number as usize) == Some(text);
        if is_known {
            return number;
        }
        texts.push(Some(text));
        texts.len() as u32 - 1
    }

    /// Nothing more will come.
    fn finish(&mut self) {
        self.known = FxHashMap::default();
        self.texts.shrink_to_fit();
    }

    fn get(&self, row: u32) -> Option<&str> {
        let number = self.of[row as usize];
        (number != u32::MAX).then(|| self.texts.get(number as usize)).flatten().filter(|text| !text.is_empty())
    }
}

impl Profiles {
    /// The keys of the profiles that begin in some rows of delivery `number`, of which the first is its row `first`.
    #[must_use]
    pub fn keep(&self, number: usize, first: usize, rows: &Resource) -> Kept {
        let place = |row: usize| RowRef { resource: number as u32, row: row as u32 };
        let from = self.first.partition_point(|at| *at < place(first));
        let to = self.first.partition_point(|at| *at < place(first + rows.len()));
        let wanted: Vec<u32> = self.first[from..to].iter().map(|at| at.row - first as u32).collect();
        let household = wanted.iter().map(|row| KeyRow::of(rows, *row as usize).household).collect();
        let mut keys = rows.keys.select(&wanted);
        (keys.ethnicity, keys.household_no) = Default::default();
        Kept { keys, household }
    }

    /// Takes them, the deliveries' in order and each one's too.
    pub fn take(&mut self, mut kept: Kept) {
        self.names.extend(&std::mem::take(&mut kept.keys.name));
        self.addresses.extend(&std::mem::take(&mut kept.keys.address));
        self.keys.append(&kept.keys);
        self.household.extend(kept.household);
        if self.household.len() == self.len() {
            self.names.finish();
            self.addresses.finish();
        }
    }

    /// The profiles of deliveries that are in memory.
    #[must_use]
    pub fn collect(resources: &[Resource]) -> Self {
        let mut seen = Seen::new(resources.iter().map(Resource::head).collect());
        resources.iter().enumerate().for_each(|(at, resource)| seen.add(at, Seen::look(at, 0, resource)));
        let mut profiles = seen.profiles();
        for (at, resource) in resources.iter().enumerate() {
            profiles.take(profiles.keep(at, 0, resource));
        }
        profiles
    }

    pub(crate) const fn len(&self) -> usize {
        self.first.len()
    }

    /// For each profile, whether it occurs in one of the resources marked.
    pub(crate) fn in_resources(&self, marked: &[bool]) -> Vec<bool> {
        let mut is_in = vec![false; self.len()];
        let rows = self.of_row.iter().zip(marked).filter(|(_, marked)| **marked).flat_map(|(rows, _)| rows);
        rows.filter(|profile| **profile != u32::MAX).for_each(|profile| is_in[*profile as usize] = true);
        is_in
    }

    pub(crate) fn keys(&self, profile: u32) -> KeyRow<'_> {
        let (keys, row) = (&self.keys, profile as usize);
        KeyRow {
            id_number: keys.id_number[row],
            name: self.names.get(profile),
            sex: keys.sex[row],
            birth: keys.birth[row],
            precision: keys.birth_precision[row],
            area: keys.area[row],
            address: self.addresses.get(profile),
            phone: keys.phone[row],
            household: self.household[row],
        }
    }
}
