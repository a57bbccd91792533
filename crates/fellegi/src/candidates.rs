//! Candidate pairs of a whole job, found and compared chunk by chunk: never all in memory at once.

use crate::compare::Pattern;
use crate::index::{Candidates, Index};
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::LinkType;
use crate::train::{Population, mixed};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A candidate pair and how it compares. `left` is the smaller row.
#[derive(Clone, Copy)]
pub(crate) struct Compared {
    pub left: u32,
    pub right: u32,
    pub pattern: Pattern,
}

/// Blocks with more records than this say too little to be compared pair by pair.
pub(crate) const LARGEST_BLOCK: usize = 1_000;
const CHUNK: u32 = 1 << 13;
/// Candidate pairs that are enough to learn from.
const ENOUGH: u64 = 400_000;

/// What it takes to find candidates: an index of the rows that may be found, and who asks.
pub(crate) struct Search<'a> {
    pub scheme: &'a Scheme,
    pub records: &'a Records,
    pub population: &'a Population,
    index: Index,
    asking: Range<u32>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(scheme: &'a Scheme, records: &'a Records, population: &'a Population) -> Self {
        let inputs = population.starts.len() - 1;
        let all = population.starts[inputs];
        // Between different inputs, the last one need not be found and the first need not ask.
        let (indexed, asking) = match population.link {
            LinkType::LinkOnly => (0..population.starts[inputs - 1], population.starts[1]..all),
            _ => (0..all, 0..all),
        };
        let index = Index::build(scheme, records, indexed, LARGEST_BLOCK);
        Self { scheme, records, population, index, asking }
    }

    /// Lets only the rows from here on ask: the pairs of all others are known.
    pub(crate) fn asking_from(mut self, row: u32) -> Self {
        self.asking.start = self.asking.start.max(row);
        self
    }

    /// Works all pairs of the asking rows off on all cores; the parts come in the order of the rows.
    pub(crate) fn each<T: Send>(
        &self,
        asks: impl Fn(u32) -> bool + Sync,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, Compared) + Sync,
    ) -> Vec<(T, Candidates)> {
        let chunks: Vec<u32> = self.asking.clone().step_by(CHUNK as usize).collect();
        let work = |from: u32| {
            let (mut part, mut found) = (start(), Candidates::default());
            let rows = (from..self.asking.end.min(from + CHUNK)).filter(|row| asks(*row));
            let asked = rows.map(|row| (row, self.population.partners(row)));
            self.index.find_each(self.scheme, self.records, asked, &mut found, |right, partners| {
                let record = self.records.get(right as usize);
                for left in partners.iter().copied() {
                    let pattern = self.scheme.compare(self.records.get(left as usize), record);
                    take(&mut part, Compared { left, right, pattern });
                }
            });
            (part, found)
        };
        chunks.into_par_iter().map(work).collect()
    }

    /// Counts the patterns of the candidates of one in so many records, which is given back too.
    pub(crate) fn sampled(&self) -> (Vec<(Pattern, u64)>, f64) {
        let rows = u64::from(self.asking.end - self.asking.start);
        let probe = rows.div_ceil(4_096).max(1);
        let asks = |every: u64| move |row: u32| (mixed(u64::from(row)) >> 20).is_multiple_of(every);
        let pairs: u64 = self.each(asks(probe), || 0u64, |n, _| *n += 1).iter().map(|(n, _)| n * probe).sum();
        let every = pairs.div_ceil(ENOUGH).max(1);
        let counts = self.each(asks(every), FxHashMap::<Pattern, u64>::default, |counts, pair| {
            *counts.entry(pair.pattern).or_default() += 1;
        });
        let mut sum: FxHashMap<Pattern, u64> = FxHashMap::default();
        for (pattern, n) in counts.into_iter().flat_map(|(counts, _)| counts) {
            *sum.entry(pattern).or_default() += n;
        }
        let mut histogram: Vec<_> = sum.into_iter().collect();
        histogram.sort_unstable();
        (histogram, every as f64)
    }
}
