//! Candidate pairs of a whole job, found block by block and compared where they are found: never all in memory at once.

use crate::blocks::{Blocks, Form, Wanted};
use crate::compare::Pattern;
use crate::index::agrees;
use crate::record::{Record, Records};
use crate::scheme::{Part, Rule, Scheme};
use crate::suggest;
use crate::train::{Population, mixed};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

/// A candidate pair and how it compares. `left` is the smaller row.
#[derive(Clone, Copy)]
pub(crate) struct Compared {
    pub left: u32,
    pub right: u32,
    pub pattern: Pattern,
}

/// Blocks with more records than this say too little to be compared pair by pair.
pub(crate) const LARGEST_BLOCK: usize = 1_000;
/// Rows that ask at a time where all are compared with all.
const CHUNK: u32 = 1 << 8;
/// Pairs whose records' memory is asked for ahead of its use.
const TOGETHER: usize = 128;
/// Candidate pairs that are enough to learn from.
const ENOUGH: u64 = 400_000;

/// What it takes to find candidates.
pub(crate) struct Search<'a> {
    pub scheme: &'a Scheme,
    pub records: &'a Records,
    pub population: &'a Population,
    asking: Range<u32>,
    /// Parts that the keys of a rule are worked in.
    slices: usize,
    /// What the rules ask two records to agree on, each part once, and for each rule which of these.
    parts: Vec<Part>,
    masks: Vec<u128>,
}

/// What a walk over the candidates gave.
pub(crate) struct Found<T> {
    /// In an order that follows from the records and the rules alone.
    pub parts: Vec<T>,
    /// For each rule, how many pairs it was the first to find.
    pub new_by_rule: Vec<u64>,
    /// For each rule, how many records' blocks were too large.
    pub too_large: Vec<u64>,
    /// What comparing took, of all cores together.
    pub comparing: Duration,
}

impl<T: Send> Found<T> {
    /// The same with other parts, worked on all cores.
    pub(crate) fn map<U: Send>(self, of: impl Fn(T) -> U + Sync + Send) -> Found<U> {
        let Self { parts, new_by_rule, too_large, comparing } = self;
        Found { parts: parts.into_par_iter().map(&of).collect(), new_by_rule, too_large, comparing }
    }
}

impl<'a> Search<'a> {
    pub(crate) fn new(scheme: &'a Scheme, records: &'a Records, population: &'a Population) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for part in scheme.rules.iter().flat_map(|rule| &rule.parts) {
            if !parts.contains(part) {
                parts.push(*part);
            }
        }
        let bit = |part: &Part| 1u128 << parts.iter().position(|known| known == part).unwrap_or(0);
        let masks = scheme.rules.iter().map(|rule| rule.parts.iter().map(bit).fold(0, |a, b| a | b)).collect();
        Self { scheme, records, population, asking: 0..records.len() as u32, slices: 1, parts, masks }
    }

    /// Works a rule's keys in so many parts, one after the other: the answer is the same, in less memory.
    pub(crate) fn sliced(mut self, slices: usize) -> Self {
        self.slices = slices.max(1);
        self
    }

    /// The same records by the rules of another scheme.
    pub(crate) fn by_rules_of<'s>(&'s self, scheme: &'s Scheme) -> Search<'s> {
        Search::new(scheme, self.records, self.population).sliced(self.slices)
    }

    /// Lets only the rows from here on ask: the pairs of all others are known.
    pub(crate) fn asking_from(mut self, row: u32) -> Self {
        self.asking.start = self.asking.start.max(row);
        self
    }

    /// Lets only these rows ask.
    pub(crate) fn asking(mut self, rows: Range<u32>) -> Self {
        self.asking = rows.start.min(self.asking.end)..rows.end.min(self.asking.end);
        self
    }

    /// The rows that ask.
    pub(crate) fn asks(&self) -> Range<u32> {
        self.asking.clone()
    }

    /// Works all pairs of the asking rows off on all cores.
    pub(crate) fn each<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, Compared) + Sync,
    ) -> Found<T> {
        self.walk(None, start, take)
    }

    fn walk<T: Send>(
        &self,
        sample: Option<&(dyn Fn(u32) -> bool + Sync)>,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, Compared) + Sync,
    ) -> Found<T> {
        let mut found =
            Found { parts: Vec::new(), new_by_rule: Vec::new(), too_large: Vec::new(), comparing: Duration::ZERO };
        let mut left_out: Vec<FxHashSet<u32>> = Vec::new();
        let asks = |row: u32| self.asking.contains(&row) && sample.is_none_or(|asks| asks(row));
        // Where few rows ask, the blocks of all others are of no use.
        let few = sample.is_some() || self.asking.len() < self.records.len();
        for rule in &self.scheme.rules {
            let earlier = Earlier::new(self, &left_out);
            let walk = || Walk {
                search: self,
                earlier: &earlier,
                take: &take,
                together: Vec::with_capacity(TOGETHER),
                walked: Walked { part: start(), new: 0, too_large: Vec::new(), comparing: Duration::ZERO },
            };
            let walked = if rule.parts.is_empty() {
                self.all_with_all(&asks, walk)
            } else {
                self.by_key(rule, &asks, few, walk)
            };
            let (mut new, mut too_large) = (0, FxHashSet::default());
            for part in walked {
                new += part.new;
                too_large.extend(part.too_large);
                found.comparing += part.comparing;
                found.parts.push(part.part);
            }
            found.new_by_rule.push(new);
            found.too_large.push(too_large.len() as u64);
            left_out.push(too_large);
        }
        found
    }

    fn by_key<'w, T: Send, F: Fn(&mut T, Compared) + Sync + 'w>(
        &self,
        rule: &Rule,
        asks: &(dyn Fn(u32) -> bool + Sync),
        few: bool,
        walk: impl Fn() -> Walk<'w, T, F> + Sync,
    ) -> Vec<Walked<T>> {
        let work = |entries: &[u64], form: Form| {
            let mut walk = walk();
            self.partners((entries, form), asks, |row, partners| {
                if partners.len() > LARGEST_BLOCK {
                    walk.walked.too_large.push(row);
                } else {
                    partners.iter().for_each(|left| walk.pair(form.row(*left), row));
                }
            });
            walk.done()
        };
        let slice = |at: usize| {
            let wanted = Wanted { asks: few.then_some(asks), slice: (at, self.slices) };
            Blocks::new(self.scheme, self.records, rule, &wanted).each(work)
        };
        (0..self.slices).flat_map(slice).collect()
    }

    /// Gives each asking row of a partition with those of its block that it may be paired with.
    fn partners(
        &self,
        (entries, form): (&[u64], Form),
        asks: &(dyn Fn(u32) -> bool + Sync),
        mut give: impl FnMut(u32, &[u64]),
    ) {
        for block in entries.chunk_by(|a, b| form.same_block(*a, *b)).filter(|block| block.len() > 1) {
            for row in block.iter().map(|entry| form.row(*entry)).filter(|row| asks(*row)) {
                let among = self.population.partners(row);
                let before = |end: u32| block.partition_point(|entry| form.row(*entry) < end);
                give(row, &block[before(among.start)..before(among.end)]);
            }
        }
    }

    /// For each rule, how many pairs it finds for itself, and how many records' blocks are too large: nothing compared.
    pub(crate) fn counts(&self) -> Vec<(u64, u64)> {
        let asks = |row: u32| self.asking.contains(&row);
        let count = |entries: &[u64], form: Form| {
            let (mut pairs, mut too_large) = (0, 0);
            self.partners((entries, form), &asks, |_, partners| match partners.len() {
                0..=LARGEST_BLOCK => pairs += partners.len() as u64,
                _ => too_large += 1,
            });
            (pairs, too_large)
        };
        let rule = |rule: &Rule| {
            if rule.parts.is_empty() {
                return (self.population.pairs() as u64, 0);
            }
            let wanted = Wanted { asks: None, slice: (0, 1) };
            let counts = Blocks::new(self.scheme, self.records, rule, &wanted).each(count);
            counts.into_iter().fold((0, 0), |sum, (pairs, too_large)| (sum.0 + pairs, sum.1 + too_large))
        };
        self.scheme.rules.iter().map(rule).collect()
    }

    fn all_with_all<'w, T: Send, F: Fn(&mut T, Compared) + Sync + 'w>(
        &self,
        asks: &(dyn Fn(u32) -> bool + Sync),
        walk: impl Fn() -> Walk<'w, T, F> + Sync,
    ) -> Vec<Walked<T>> {
        let work = |from: u32| {
            let mut walk = walk();
            for row in (from..self.asking.end.min(from + CHUNK)).filter(|row| asks(*row)) {
                self.population.partners(row).for_each(|left| walk.pair(left, row));
            }
            walk.done()
        };
        let chunks: Vec<u32> = self.asking.clone().step_by(CHUNK as usize).collect();
        chunks.into_par_iter().map(work).collect()
    }

    /// All candidates and how they compare, where they are few enough to be kept.
    pub(crate) fn all(&self) -> Found<Vec<Compared>> {
        self.each(Vec::new, |pairs, pair| pairs.push(pair))
    }

    /// The patterns of the candidates of one in so many asking records.
    pub(crate) fn sampled(&self, every: u64) -> Vec<(Pattern, u64)> {
        let asks = |row: u32| is_sampled(row, every);
        let count = |counts: &mut Counts, pair: Compared| *counts.entry(pair.pattern).or_default() += 1;
        histogram(self.walk(Some(&asks), Counts::default, count).parts)
    }

    /// The same of candidates that were kept.
    pub(crate) fn sampled_of(kept: &Found<Vec<Compared>>, every: u64) -> Vec<(Pattern, u64)> {
        let count = |pairs: &Vec<Compared>| {
            let mut counts = Counts::default();
            let sampled = pairs.iter().filter(|pair| is_sampled(pair.right, every));
            sampled.for_each(|pair| *counts.entry(pair.pattern).or_default() += 1);
            counts
        };
        histogram(kept.parts.par_iter().map(count).collect())
    }

    /// One in how many records to sample where there are so many candidates.
    pub(crate) fn every(pairs: u64) -> u64 {
        pairs.div_ceil(ENOUGH).max(1)
    }

    /// About how many pairs the rules find, those found twice counted twice.
    pub(crate) fn estimate(&self) -> f64 {
        suggest::estimate(self.scheme, self.records, self.population)
    }
}

fn is_sampled(row: u32, every: u64) -> bool {
    (mixed(u64::from(row)) >> 20).is_multiple_of(every)
}

/// How many pairs compare in the same way.
type Counts = FxHashMap<Pattern, u64>;

/// Counts put together.
fn histogram(parts: Vec<Counts>) -> Vec<(Pattern, u64)> {
    let mut sum = Counts::default();
    for (pattern, n) in parts.into_iter().flatten() {
        *sum.entry(pattern).or_default() += n;
    }
    let mut histogram: Vec<_> = sum.into_iter().collect();
    histogram.sort_unstable();
    histogram
}

/// A part of one rule's candidates on one core. Pairs wait until there are enough to ask for their memory together.
struct Walk<'a, T, F> {
    search: &'a Search<'a>,
    earlier: &'a Earlier<'a>,
    take: &'a F,
    together: Vec<(u32, u32)>,
    walked: Walked<T>,
}

struct Walked<T> {
    part: T,
    new: u64,
    too_large: Vec<u32>,
    comparing: Duration,
}

impl<T, F: Fn(&mut T, Compared)> Walk<'_, T, F> {
    fn pair(&mut self, left: u32, right: u32) {
        self.together.push((left, right));
        if self.together.len() == TOGETHER {
            self.compare();
        }
    }

    fn compare(&mut self) {
        let Search { scheme, records, .. } = self.search;
        let started = Instant::now();
        let touched = self.together.iter().map(|(left, right)| records.touch(*left) ^ records.touch(*right));
        black_box(touched.fold(0, |sum, word| sum ^ word));
        for (left, right) in self.together.drain(..) {
            let (a, b) = (records.get(left as usize), records.get(right as usize));
            if self.earlier.found(scheme, (a, b), right) {
                continue;
            }
            self.walked.new += 1;
            (self.take)(&mut self.walked.part, Compared { left, right, pattern: scheme.compare(a, b) });
        }
        self.walked.comparing += started.elapsed();
    }

    fn done(mut self) -> Walked<T> {
        self.compare();
        self.walked
    }
}

/// The rules before the one at work: a pair that one of them found is not found again.
struct Earlier<'a> {
    masks: &'a [u128],
    /// For each rule, the records whose blocks were too large.
    left_out: &'a [FxHashSet<u32>],
    /// The parts these rules ask for, each with its bit.
    parts: Vec<(Part, u128)>,
}

impl<'a> Earlier<'a> {
    fn new(search: &'a Search, left_out: &'a [FxHashSet<u32>]) -> Self {
        let masks = &search.masks[..left_out.len()];
        let asked = masks.iter().fold(0, |all, mask| all | mask);
        let bits = search.parts.iter().enumerate().map(|(at, part)| (*part, 1 << at));
        Self { masks, left_out, parts: bits.filter(|(_, bit)| asked & bit != 0).collect() }
    }

    fn found(&self, scheme: &Scheme, (a, b): (Record, Record), right: u32) -> bool {
        let agreed = self.parts.iter().fold(
            0,
            |agreed, (part, bit)| {
                if agrees(scheme, *part, a, b) { agreed | bit } else { agreed }
            },
        );
        let holds = |(mask, left_out): (&u128, &FxHashSet<u32>)| agreed & mask == *mask && !left_out.contains(&right);
        self.masks.iter().zip(self.left_out).any(holds)
    }
}
