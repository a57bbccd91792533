//! The blocks of one rule: rows brought together by their keys, a partition of the keys at a time.

use crate::index::rule_key;
use crate::record::Records;
use crate::scheme::{Rule, Scheme};
use rayon::prelude::*;
use std::ops::Range;

/// Rows whose keys are reckoned at a time.
const PIECE: usize = 1 << 16;
/// Rows of one partition, about: few enough to be sorted and walked within a core's own cache.
const PARTITION: usize = 1 << 13;

/// Which rows' keys are wanted.
pub(crate) struct Wanted<'a> {
    /// Only blocks that hold one of these are of use; `None` where all are.
    pub asks: Option<&'a (dyn Fn(u32) -> bool + Sync)>,
    /// A part of all keys: the first number of the second, so that not all need room at once.
    pub slice: (usize, usize),
}

/// All rows that have a key, by partition.
pub(crate) struct Blocks {
    pieces: Vec<Piece>,
    form: Form,
}

/// How a row and its key are kept as one number: the key without the highest bits, which are its partition's, and with
/// the row in place of the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    partition: u32,
    row: u32,
}

impl Form {
    fn new(rows: usize) -> Self {
        let partition = rows.div_ceil(PARTITION).max(1).next_power_of_two().trailing_zeros();
        Self { partition, row: usize::BITS - rows.leading_zeros() }
    }

    fn partition(self, key: u64) -> usize {
        key.checked_shr(64 - self.partition).unwrap_or(0) as usize
    }

    fn entry(self, key: u64, row: u32) -> u64 {
        key << self.partition >> self.row << self.row | u64::from(row)
    }

    pub(crate) fn row(self, entry: u64) -> u32 {
        (entry & ((1 << self.row) - 1)) as u32
    }

    pub(crate) fn same_block(self, a: u64, b: u64) -> bool {
        a >> self.row == b >> self.row
    }
}

/// Some rows' entries, and where each partition begins.
struct Piece {
    starts: Vec<u32>,
    entries: Vec<u64>,
}

impl Blocks {
    pub(crate) fn new(scheme: &Scheme, records: &Records, rule: &Rule, wanted: &Wanted) -> Self {
        let rows = records.len();
        let form = Form::new(rows);
        let sieve = wanted.asks.map(|asks| Sieve::new(scheme, records, rule, asks));
        let piece = |from: usize| {
            let keys: Vec<u64> = (from..rows.min(from + PIECE))
                .map(|at| rule_key(scheme, rule, records.get(at)))
                .map(|key| if sieve.as_ref().is_none_or(|sieve| sieve.holds(key)) { key } else { 0 })
                .collect();
            Piece::new(&keys, from as u32, form, &slice(form, wanted.slice))
        };
        let pieces = (0..rows.div_ceil(PIECE)).into_par_iter().map(|at| piece(at * PIECE)).collect();
        Self { pieces, form }
    }

    /// Works on each partition, on all cores. Entries stand by key, then row.
    pub(crate) fn each<T: Send>(&self, work: impl Fn(&[u64], Form) -> T + Sync) -> Vec<T> {
        let partition = |at: usize| {
            let part = |piece: &Piece| piece.starts[at] as usize..piece.starts[at + 1] as usize;
            let mut entries = Vec::with_capacity(self.pieces.iter().map(|piece| part(piece).len()).sum());
            self.pieces.iter().for_each(|piece| entries.extend_from_slice(&piece.entries[part(piece)]));
            entries.sort_unstable();
            work(&entries, self.form)
        };
        (0..1usize << self.form.partition).into_par_iter().map(partition).collect()
    }
}

/// The partitions of one slice of so many.
fn slice(form: Form, (at, of): (usize, usize)) -> Range<usize> {
    (at << form.partition) / of..((at + 1) << form.partition) / of
}

impl Piece {
    fn new(keys: &[u64], first: u32, form: Form, slice: &Range<usize>) -> Self {
        let keyed = || keys.iter().zip(first..).filter(|(key, _)| **key != 0 && slice.contains(&form.partition(**key)));
        let mut starts = vec![0u32; (1 << form.partition) + 2];
        for (key, _) in keyed() {
            starts[form.partition(*key) + 2] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut entries = vec![0; starts[starts.len() - 1] as usize];
        // Filling moves each start to the next partition's.
        for (key, row) in keyed() {
            let start = &mut starts[form.partition(*key) + 1];
            entries[*start as usize] = form.entry(*key, row);
            *start += 1;
        }
        starts.pop();
        Self { starts, entries }
    }
}

/// The keys of some rows, one bit each of many: a key that isn't among them is hardly ever taken for one that is.
struct Sieve {
    words: Vec<u64>,
}

impl Sieve {
    fn new(scheme: &Scheme, records: &Records, rule: &Rule, asks: &(dyn Fn(u32) -> bool + Sync)) -> Self {
        let asking = (0..records.len() as u32).into_par_iter().filter(|row| asks(*row));
        let keys: Vec<u64> = asking.map(|row| rule_key(scheme, rule, records.get(row as usize))).collect();
        let mut sieve = Self { words: vec![0; (keys.len() / 4).next_power_of_two().max(16)] };
        for key in keys.into_iter().filter(|key| *key != 0) {
            let (word, bit) = sieve.place(key);
            sieve.words[word] |= bit;
        }
        sieve
    }

    fn place(&self, key: u64) -> (usize, u64) {
        ((key >> 6) as usize & (self.words.len() - 1), 1 << (key & 63))
    }

    fn holds(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.words[word] & bit != 0
    }
}
