//! The register everything else is matched to, and what its records teach.

use super::keys::{comparison, encode};
use super::profiles::Profiles;
use facts::records::{Nature, Resource};
use fellegi::{Candidates, Digest, Index, LinkType, Model, Pattern, Population, Records, Scheme, Scorer, train};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Resources whose records are the spine: the household register with identity numbers that covers most, and the same
/// department's other deliveries of it. Another department's view of the households is matched to it like any record.
/// Without any household register it is the resource with the most identity numbers.
pub(crate) fn choose(profiles: &Profiles) -> Vec<bool> {
    let (resources, sizes) = (&profiles.heads, &profiles.numbered);
    let is_register = |r: &Resource| r.record == "household_member" && r.nature == Nature::Register;
    let best_of = |fits: &dyn Fn(&Resource) -> bool| {
        (0..resources.len())
            .filter(|at| fits(&resources[*at]) && sizes[*at] > 0)
            .max_by_key(|at| (sizes[*at], usize::MAX - at))
    };
    let Some(best) = best_of(&is_register).or_else(|| best_of(&|_| true)) else {
        return vec![true; resources.len()];
    };
    let of_it = |r: &Resource| r.department == resources[best].department && r.record == resources[best].record;
    (0..resources.len()).map(|at| at == best || is_register(&resources[at]) && of_it(&resources[at])).collect()
}

/// Blocks of more records than this are passed over.
pub(crate) const LARGEST_BLOCK: usize = 400;
/// Records of other resources that are enough to learn from.
const SAMPLE: usize = 120_000;
const CHUNK: usize = 1 << 13;

/// What was met on the way of learning; nothing of anybody in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Blocking rules, and how many pairs of the records learned from each brings together; several may bring
    /// together the same.
    pub rules: Vec<(String, u64)>,
    /// The most a record could weigh, compared with itself, in whole bits; of many records, a part.
    pub best: Vec<(i32, u64)>,
}

/// Records that are enough to tell how much one could weigh.
const WEIGHED: usize = 50_000;

/// Learns how records of one person differ, from the spine and all records of a sample of people.
pub(crate) fn learn(scheme: &Scheme, profiles: &Profiles, spine: &[u32], others: &[u32]) -> (Model, Met) {
    let every = others.len().div_ceil(SAMPLE).max(1) as u64;
    // By identity number, so that what the spine doesn't tell (a phone) is learned from a person's other records;
    // by digest where there is none. Neither depends on the order of the deliveries.
    let chosen = |profile: &u32| {
        let number = profiles.keys(*profile).id_number;
        let by =
            if number == 0 { profiles.digest[*profile as usize] } else { Digest::default().number(number).finish() };
        (by >> 8).is_multiple_of(every)
    };
    let sample: Vec<u32> = others.par_iter().copied().filter(chosen).collect();
    let rows: Vec<u32> = spine.iter().chain(&sample).copied().collect();
    let records = encode(scheme, rows.len(), |row| profiles.keys(rows[row]));
    let (first, all) = (spine.len() as u32, rows.len() as u32);
    let index = Index::build(scheme, &records, 0..all, LARGEST_BLOCK);
    let (histogram, found) = histogram(scheme, &records, &index, first..all);
    let population = Population { starts: vec![0, all], link: LinkType::LinkAndDedupe, terms: 0..first };
    let (mut model, _) = train(scheme, &records, &population, (&histogram, 1.0), None);
    // Anyone of the register may be the one; how many are in it at all shows when the open records are decided.
    model.prior = 1.0 / f64::from(first.max(2));
    // Household numbers are comparable within one department only, so that a sample meets too few to learn from:
    // members of one household share it, which is why it counts for less than its rarity.
    let household = &mut model.comparisons[comparison::HOUSEHOLD].levels;
    (household[0].m, household[0].u) = (0.9, 0.9 / 512.0);
    (household[1].m, household[1].u) = (0.1, 1.0 - 0.9 / 512.0);
    let rules = model.blocking.iter().map(|rule| rule.join(" & ")).zip(found).collect();
    let best = best_possible(scheme, &records, &model);
    (model, Met { rules, best })
}

fn best_possible(scheme: &Scheme, records: &Records, model: &Model) -> Vec<(i32, u64)> {
    let (scorer, mut bits) = (Scorer::new(scheme, model), BTreeMap::new());
    for row in (0..records.len()).step_by(records.len().div_ceil(WEIGHED).max(1)) {
        let record = records.get(row);
        let weight = scorer.weight(scheme.compare(record, record), record);
        *bits.entry(weight.floor() as i32).or_default() += 1;
    }
    bits.into_iter().collect()
}

/// How many pairs have each pattern, and how many each rule found.
type Counted<P> = (P, Vec<u64>);

fn histogram(scheme: &Scheme, records: &Records, index: &Index, asking: Range<u32>) -> Counted<Vec<(Pattern, u64)>> {
    let starts: Vec<u32> = asking.clone().step_by(CHUNK).collect();
    let count = |start: u32| {
        let mut counts: FxHashMap<Pattern, u64> = FxHashMap::default();
        let mut found = Candidates::default();
        for row in start..asking.end.min(start + CHUNK as u32) {
            let record = records.get(row as usize);
            index.find(scheme, record, row, &mut found);
            for other in &found.rows {
                *counts.entry(scheme.compare(record, records.get(*other as usize))).or_default() += 1;
            }
        }
        (counts, found.by_rule)
    };
    let merge = |mut a: Counted<FxHashMap<Pattern, u64>>, b: Counted<FxHashMap<Pattern, u64>>| {
        b.0.into_iter().for_each(|(pattern, n)| *a.0.entry(pattern).or_default() += n);
        a.1.resize(a.1.len().max(b.1.len()), 0);
        a.1.iter_mut().zip(b.1).for_each(|(sum, n)| *sum += n);
        a
    };
    let (counts, found) = starts.into_par_iter().map(count).reduce(Counted::default, merge);
    let mut histogram: Vec<_> = counts.into_iter().collect();
    histogram.sort_unstable();
    (histogram, found)
}
