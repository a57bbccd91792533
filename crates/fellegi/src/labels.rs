//! What people decided about pairs: to learn from, and to measure by.

use crate::compare::Pattern;
use crate::link::Outcome;
use crate::model::Model;
use crate::record::Records;
use crate::scheme::Scheme;
use serde::Serialize;
use std::collections::BTreeMap;

/// A pair that a person decided about. Rows count over all inputs, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub left: u32,
    pub right: u32,
    pub same: bool,
}

/// How a job's answers stand to labels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Labels that say "the same", and labels that say "two".
    pub same: u64,
    pub different: u64,
    /// By ascending threshold.
    pub thresholds: Vec<AtThreshold>,
    /// What is answered wrongly at the job's threshold, by how the records compare; the most frequent first.
    pub wrong: Vec<Wrong>,
}

/// What linking from a threshold on gets right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtThreshold {
    /// Least probability.
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// A way of comparing under which labelled pairs are answered wrongly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// The level of each comparison; empty for pairs that were not candidates.
    pub levels: Vec<String>,
    /// Pairs linked though they are two, and pairs not linked though they are the same.
    pub false_links: u64,
    pub missed: u64,
}

/// Measures an outcome by labels.
#[must_use]
pub fn evaluate(outcome: &Outcome, labels: &[Label], threshold: f64) -> Evaluation {
    let found = |label: &Label| {
        let (left, right) = (label.left.min(label.right), label.left.max(label.right));
        let at = outcome.pairs.binary_search_by_key(&(left, right), |pair| (pair.left, pair.right)).ok()?;
        Some(&outcome.pairs[at])
    };
    let scored: Vec<(f64, bool, Option<Pattern>)> = labels
        .iter()
        .map(|label| match found(label) {
            Some(pair) => (pair.probability, label.same, Some(pair.pattern)),
            None => (0.0, label.same, None),
        })
        .collect();
    let same = scored.iter().filter(|(_, same, _)| *same).count() as u64;
    let steps = (1..20).map(|step| f64::from(step) / 20.0).chain([0.99, 0.999, 0.9999]);
    let thresholds = steps.map(|threshold| at_threshold(&scored, threshold, same)).collect();
    let mut wrong: BTreeMap<Option<Pattern>, (u64, u64)> = BTreeMap::new();
    for (probability, same, pattern) in &scored {
        let linked = *probability >= threshold;
        let counts = wrong.entry(*pattern).or_default();
        counts.0 += u64::from(linked && !same);
        counts.1 += u64::from(!linked && *same);
    }
    let mut wrong: Vec<Wrong> = wrong
        .into_iter()
        .filter(|(_, (false_links, missed))| false_links + missed > 0)
        .map(|(pattern, (false_links, missed))| {
            let levels = pattern.map(|pattern| outcome.levels(pattern).map(|(_, level)| level.to_owned()).collect());
            Wrong { levels: levels.unwrap_or_default(), false_links, missed }
        })
        .collect();
    wrong.sort_by_key(|wrong| std::cmp::Reverse(wrong.false_links + wrong.missed));
    Evaluation { same, different: scored.len() as u64 - same, thresholds, wrong }
}

fn at_threshold(scored: &[(f64, bool, Option<Pattern>)], threshold: f64, same: u64) -> AtThreshold {
    let linked = scored.iter().filter(|(probability, ..)| *probability >= threshold);
    let said = linked.clone().count() as f64;
    let right = linked.filter(|(_, same, _)| *same).count() as f64;
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 1.0 };
    let (precision, recall) = (share(right, said), share(right, same as f64));
    let f1 = if right > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    AtThreshold { threshold, precision, recall, f1 }
}

/// So many labelled matches weigh as much as all that was learned without labels.
const HALFWAY: f64 = 50.0;

impl Model {
    /// Lets labelled matches correct m: `seen` says of a comparison and one of its levels, by their places, how many
    /// matches reached it. Few move it a little, many decide it.
    pub fn correct(&mut self, seen: impl Fn(usize, usize) -> u64) {
        for (at, learned) in self.comparisons.iter_mut().enumerate() {
            let counts: Vec<f64> = (0..learned.levels.len()).map(|level| seen(at, level) as f64).collect();
            let all = counts.iter().sum::<f64>() + HALFWAY;
            for (share, seen) in learned.levels.iter_mut().zip(counts) {
                share.m = (share.m * HALFWAY + seen) / all;
            }
        }
    }
}

/// Lets labelled matches correct m.
pub(crate) fn correct(model: &mut Model, scheme: &Scheme, records: &Records, labels: &[Label]) {
    let compare = |label: &Label| scheme.compare(records.get(label.left as usize), records.get(label.right as usize));
    let matches: Vec<Pattern> = labels.iter().filter(|label| label.same).map(compare).collect();
    let reaches = |pattern: &&Pattern, at: usize, level: usize| usize::from(pattern.level(at)) == level + 1;
    model.correct(|at, level| matches.iter().filter(|pattern| reaches(pattern, at, level)).count() as u64);
}
