//! Why records are one person's: each pair of them explained again from record and model alone. Pure.

use crate::model::{Pair, RecordKeys, StepShown};
use crate::stage::explain;
use fellegi::Model;

/// The evidence of two records by a run's model: the very weight the run gave them. Nothing was weighed where the record
/// or the model is of an earlier version.
#[must_use]
pub fn pair(a: &RecordKeys, b: &RecordKeys, model: Option<&Model>) -> Pair {
    let (a, b) = (a.clone(), b.clone());
    let told =
        model.filter(|_| a.key != 0 && b.key != 0).and_then(|model| explain(&a.compared(), &b.compared(), model).ok());
    let Some(told) = told else { return Pair { a, b, prior: None, steps: Vec::new(), weight: 0.0, probability: 0.5 } };
    let shown = |step: fellegi::Step| StepShown {
        weight: step.m.map(|_| step.weight + step.term_weight),
        field: step.field,
        level: step.level,
    };
    let steps = told.steps.into_iter().map(shown).collect();
    Pair { a, b, prior: Some(told.prior), steps, weight: told.weight, probability: told.probability }
}

/// Records that say the very same of a person, as one; with how many there are of each.
#[must_use]
pub fn distinct(records: &[RecordKeys]) -> Vec<(RecordKeys, usize)> {
    let mut found: Vec<(RecordKeys, usize)> = Vec::new();
    for record in records {
        match found.iter_mut().find(|(known, _)| record.key != 0 && known.key == record.key) {
            Some((_, times)) => *times += 1,
            None => found.push((record.clone(), 1)),
        }
    }
    found
}

/// What ties a record to one that was tied before it.
pub struct Tied {
    pub from: usize,
    pub to: usize,
    pub pair: Pair,
}

/// The strongest evidence that holds all records together: each is tied to the one it fits best among those before it,
/// beginning with the best of all. At most [`MOST`] records are weighed.
#[must_use]
pub fn ties(records: &[RecordKeys], model: Option<&Model>) -> Vec<Tied> {
    let count = records.len().min(MOST);
    let mut open: Vec<usize> = (1..count).collect();
    let mut tied = vec![0_usize];
    let mut best: Vec<Option<Tied>> = (0..count).map(|_| None).collect();
    let mut found = Vec::new();
    while !open.is_empty() {
        let from = tied[tied.len() - 1];
        for to in &open {
            let pair = pair(&records[from], &records[*to], model);
            if best[*to].as_ref().is_none_or(|known| pair.weight > known.pair.weight) {
                best[*to] = Some(Tied { from, to: *to, pair });
            }
        }
        let weight = |at: &usize| best[*at].as_ref().map_or(f32::MIN, |tied| tied.pair.weight);
        let next = (0..open.len()).max_by(|a, b| weight(&open[*a]).total_cmp(&weight(&open[*b])).then(b.cmp(a)));
        let Some(next) = next else { break };
        let to = open.remove(next);
        found.extend(best[to].take());
        tied.push(to);
    }
    found
}

/// More records than this of one person are an institution, or a filled-in zero.
pub const MOST: usize = 60;

/// The pair of two people's records that fits best.
#[must_use]
pub fn closest(one: &[RecordKeys], other: &[RecordKeys], model: Option<&Model>) -> Option<Pair> {
    let (one, other) = (distinct(one), distinct(other));
    let pairs = one.iter().take(MOST).flat_map(|(a, _)| other.iter().take(MOST).map(move |(b, _)| (a, b)));
    pairs.map(|(a, b)| pair(a, b, model)).max_by(|a, b| a.weight.total_cmp(&b.weight))
}
