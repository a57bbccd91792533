//! How pairs of strangers look: value counts where agreement is rare, sampled pairs for the rest.

use crate::level::Level;
use crate::model::{Terms, digest_at};
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::{LinkType, Role};
use rayon::prelude::*;
use std::ops::Range;

/// Which pairs of rows are possible.
#[derive(Clone, Debug)]
pub struct Population {
    /// First row of each input; the last entry is the number of records.
    pub starts: Vec<u32>,
    pub link: LinkType,
    /// The rows whose values' frequencies count: those in which a person stands about once.
    pub terms: Range<u32>,
}

const SAMPLE: u64 = 400_000;
/// Values listed with their own frequency; all others count as equally rare.
const LISTED: usize = 4096;

impl Population {
    pub(crate) fn input(&self, row: u32) -> usize {
        self.starts.partition_point(|start| *start <= row) - 1
    }

    pub(crate) fn allows(&self, a: u32, b: u32) -> bool {
        self.partners(a.max(b)).contains(&a.min(b))
    }

    /// The rows before a row that it may be paired with.
    pub(crate) fn partners(&self, row: u32) -> Range<u32> {
        let start = self.starts[self.input(row)];
        match self.link {
            LinkType::LinkAndDedupe => 0..row,
            LinkType::LinkOnly => 0..start,
            LinkType::DedupeOnly => start..row,
        }
    }

    /// How many pairs there are.
    pub(crate) fn pairs(&self) -> f64 {
        let sizes: Vec<_> = self.starts.windows(2).map(|w| (f64::from(w[1] - w[0]), 1.0)).collect();
        self.link.pairs_of(&sizes)
    }
}

impl LinkType {
    /// How many pairs so many sampled records of each input make, each of which stands for so many.
    pub(crate) fn pairs_of(self, sizes: &[(f64, f64)]) -> f64 {
        let all: f64 = sizes.iter().map(|(n, scale)| n * scale).sum();
        let squares: f64 = sizes.iter().map(|(n, scale)| (n * scale).powi(2)).sum();
        let within: f64 = sizes.iter().map(|(n, scale)| n * (n - 1.0) / 2.0 * scale * scale).sum();
        let across = (all * all - squares) / 2.0;
        match self {
            Self::LinkAndDedupe => within + across,
            Self::LinkOnly => across,
            Self::DedupeOnly => within,
        }
    }
}

/// A well-mixed number for each place of a sequence: sampling needs no state and no order.
pub(crate) const fn mixed(place: u64) -> u64 {
    let mut x = place.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// u of each level of each comparison, adding up to 1 over the levels (missing aside).
pub(crate) fn shares(scheme: &Scheme, records: &Records, population: &Population) -> Vec<Vec<f64>> {
    let counts = sample(scheme, records, population);
    let one = |at: usize| {
        let comparison = &scheme.comparisons[at];
        let levels = &counts[at][1..comparison.levels.len() + 2];
        let seen: f64 = levels.iter().map(|n| *n as f64).sum();
        let mut shares: Vec<f64> =
            levels.iter().map(|n| (*n as f64 + 0.5) / (seen + 0.5 * levels.len() as f64)).collect();
        let role = scheme.fields[comparison.field].role;
        if comparison.levels[0] == Level::Exact && levels[0] < 2_000 && role != Role::HouseholdNo {
            let exact = agreement(records, population, scheme, at).clamp(1e-12, 0.999);
            let rest: f64 = shares[1..].iter().sum();
            shares[1..].iter_mut().for_each(|share| *share *= (1.0 - exact) / rest);
            shares[0] = exact;
        }
        shares
    };
    (0..scheme.comparisons.len()).into_par_iter().map(one).collect()
}

/// For each comparison, how many sampled pairs reach each level code.
fn sample(scheme: &Scheme, records: &Records, population: &Population) -> Vec<[u64; 16]> {
    let all = records.len() as u64;
    let size = (population.pairs() as u64).saturating_mul(4).min(SAMPLE);
    let all = all.max(1);
    let empty = || vec![[0; 16]; scheme.comparisons.len()];
    let count = |mut counts: Vec<[u64; 16]>, place: u64| {
        let (a, b) = ((mixed(2 * place) % all) as u32, (mixed(2 * place + 1) % all) as u32);
        if a != b && population.allows(a, b) {
            let pattern = scheme.compare(records.get(a as usize), records.get(b as usize));
            counts.iter_mut().enumerate().for_each(|(at, codes)| codes[usize::from(pattern.level(at))] += 1);
        }
        counts
    };
    let merge = |mut a: Vec<[u64; 16]>, b: Vec<[u64; 16]>| {
        a.iter_mut().flatten().zip(b.iter().flatten()).for_each(|(a, b)| *a += b);
        a
    };
    let places = (0..size as usize).into_par_iter().with_min_len(4096);
    places.fold(empty, |counts, place| count(counts, place as u64)).reduce(empty, merge)
}

/// The chance that two records of a possible pair have the same value, by counting values (of many, every fourth).
fn agreement(records: &Records, population: &Population, scheme: &Scheme, comparison: usize) -> f64 {
    let field = &scheme.fields[scheme.comparisons[comparison].field];
    let at = digest_at(scheme, comparison);
    let second = field.role == Role::IdNumber;
    let value = |row: usize| {
        let words = records.get(row).words;
        if words[at] == 0 { 0 } else { mixed(words[at] ^ if second { words[at + 1].rotate_left(32) } else { 0 }) }
    };
    let every = if records.len() > 400_000 { 4 } else { 1 };
    let mut present = Vec::new();
    let mut values: Vec<(u64, u32)> = Vec::new();
    for (input, rows) in population.starts.windows(2).enumerate() {
        let take = |(mut there, mut chosen): (u64, Vec<(u64, u32)>), row: usize| {
            let value = value(row);
            there += u64::from(value != 0);
            if value != 0 && value % every == 0 {
                chosen.push((value, input as u32));
            }
            (there, chosen)
        };
        let rows = (rows[0] as usize..rows[1] as usize).into_par_iter().with_min_len(4096);
        let parts: Vec<_> = rows.fold(|| (0, Vec::new()), take).collect();
        present.push((parts.iter().map(|(there, _)| *there).sum::<u64>() as f64, 1.0));
        parts.into_iter().for_each(|(_, chosen)| values.extend(chosen));
    }
    values.par_sort_unstable();
    let mut here = vec![(0.0, 1.0); present.len()];
    let mut same = 0.0;
    for run in values.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        here.fill((0.0, 1.0));
        run.iter().for_each(|(_, input)| here[*input as usize].0 += 1.0);
        same += population.link.pairs_of(&here);
    }
    let all = population.link.pairs_of(&present);
    if all > 0.0 { (same * every as f64 / all).max(1.0 / (all + 1.0)) } else { 0.5 }
}

/// The most frequent values, and the mean frequency of the others as they are met.
pub(crate) fn terms(records: &Records, rows: &Range<u32>, at: usize) -> Terms {
    let mut values: Vec<u64> = rows
        .clone()
        .into_par_iter()
        .map(|row| records.get(row as usize).words[at])
        .filter(|value| *value != 0)
        .collect();
    values.par_sort_unstable();
    let all = values.len().max(1) as f64;
    let (mut met, mut squares) = (0.0, 0.0);
    let mut count = |n: usize| (met, squares) = (met + n as f64, squares + (n as f64).powi(2));
    let mut runs = Vec::new();
    for run in values.chunk_by(|a, b| a == b) {
        if run.len() > 2 { runs.push((run[0], run.len())) } else { count(run.len()) }
    }
    runs.sort_unstable_by_key(|(value, n)| (usize::MAX - n, *value));
    let (top, others) = runs.split_at(runs.len().min(LISTED));
    others.iter().for_each(|(_, n)| count(*n));
    let rarest = top.last().map_or(1.0, |(_, n)| *n as f64);
    let rest = if met > 0.0 { squares / met } else { rarest };
    let mut values: Vec<(u64, f64)> = top.iter().map(|(value, n)| (*value, *n as f64 / all)).collect();
    values.sort_unstable_by_key(|(value, _)| *value);
    Terms { rest: rest / all, values }
}
