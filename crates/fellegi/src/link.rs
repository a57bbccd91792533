//! The whole job over several inputs: candidates, training, weights, groups.

mod score;

use crate::candidates::{Compared, Search};
use crate::cluster::{self, Edge, Grouper};
use crate::compare::Pattern;
use crate::elsewhere::{Machines, Place};
use crate::explain::Explanation;
use crate::labels::{self, Label};
use crate::model::{Model, ModelError, Scorer, probability};
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::{Spec, SpecError};
use crate::suggest::suggest;
use crate::train::{Population, Training, count_terms};
use rayon::prelude::*;
pub(crate) use score::{Weighed, weighed};
use score::{learned, score};
use std::time::Instant;

/// A pair worth giving back. Rows count over all inputs, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub left: u32,
    pub right: u32,
    /// Log2 odds by what the two records themselves say.
    pub weight: f32,
    /// That they are the same: by the weight, or by the chain of records that the pair's group links them with, where
    /// that is more.
    pub probability: f64,
    pub pattern: Pattern,
    /// Not found by blocking: it follows from other pairs.
    pub is_implied: bool,
}

impl Pair {
    /// By its own weight only.
    fn alone(self) -> Self {
        Self { probability: probability(self.weight), ..self }
    }
}

/// What [`link`] found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// By left row, then right row.
    pub pairs: Vec<Pair>,
    /// For each record its cluster, numbered from 0 in the order of first records; nobody is left out.
    pub clusters: Vec<u32>,
    pub model: Model,
    pub statistics: Statistics,
    /// The scheme the specification came to, for level names and explanations.
    pub scheme: Scheme,
    starts: Vec<u32>,
}

impl Outcome {
    /// Which input a row belongs to, and its row there.
    #[must_use]
    pub fn place(&self, row: u32) -> (usize, usize) {
        let input = self.starts.partition_point(|start| *start <= row) - 1;
        (input, (row - self.starts[input]) as usize)
    }

    /// The level each comparison reached, as (field, level).
    pub fn levels(&self, pattern: Pattern) -> impl Iterator<Item = (&str, &str)> {
        self.model.comparisons.iter().enumerate().map(move |(at, learned)| {
            let level = usize::from(pattern.level(at)).checked_sub(1).map(|level| learned.levels[level].level.as_str());
            (learned.field.as_str(), level.unwrap_or("missing"))
        })
    }
}

/// Figures about a job, for its report.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    pub records: u64,
    pub candidate_pairs: u64,
    /// Rule, pairs it was the first to find, records whose block was too large.
    pub by_rule: Vec<(String, u64, u64)>,
    /// `None` where a saved model was used.
    pub training: Option<Training>,
    pub warnings: Vec<String>,
    /// Rows kept apart though they fit, because two different valid identity numbers would have met.
    pub conflicts: Vec<(u32, u32)>,
    /// Pairs passed over because one of the two has another partner of exactly the same weight.
    pub ties: Vec<(u32, u32)>,
    /// Candidate pairs by weight, bit by bit from -40 (and less) to 39 (and more).
    pub weights: Vec<u64>,
    /// The same for records compared with themselves: who can't reach the threshold can't be linked.
    pub best_possible: Vec<u64>,
    /// Four pairs taken apart: a clear one, the two on either side of the threshold, the weakest kept.
    pub examples: Vec<Explanation>,
    pub seconds: Seconds,
}

/// What the steps of a job took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seconds {
    /// Finding, comparing and weighing pairs.
    pub candidates: f64,
    /// Of it comparing and weighing alone, of all cores together.
    pub comparing: f64,
    /// u and m.
    pub training: f64,
    /// From pairs to groups.
    pub grouping: f64,
}

/// How much memory a job may take beside its records and what it gives back. The answer is the same in any room.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room(pub Option<u64>);

impl Room {
    /// Parts in which the keys of a rule are worked.
    fn slices(self, records: usize) -> usize {
        // More save next to nothing beside the records, and each reckons all keys anew.
        const MOST: u64 = 8;
        let keys = records as u64 * size_of::<u64>() as u64;
        self.0.map_or(1, |room| keys.div_ceil((room / 2).max(1)).clamp(1, MOST) as usize)
    }

    fn holds_candidates(self, pairs: f64) -> bool {
        let needed = pairs * size_of::<Compared>() as f64 * 1.5;
        self.0.is_none_or(|room| needed <= (room / 2) as f64)
    }
}

/// What is known before the records are looked at.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Trained before; without it a model is learned from the records.
    pub model: Option<Model>,
    /// Decisions of people, which correct what was learned.
    pub labels: Vec<Label>,
    /// What an earlier job found with the same model: only what was delivered since is compared, with the same answer
    /// as if all were linked again.
    pub earlier: Option<Earlier>,
    /// Without it, as much as is quickest.
    pub room: Room,
}

/// The pairs of an earlier job over the first rows.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// How many records it had; they come first now too, in the same order.
    pub records: u32,
    pub pairs: Vec<Pair>,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("{given} inputs were read, the specification names {named}")]
    Inputs { given: usize, named: usize },
    #[error("{given} records were packed, the inputs have {named}")]
    Records { given: usize, named: usize },
    /// Other machines couldn't do their part.
    #[error("{0}")]
    Elsewhere(String),
}

/// Links or deduplicates the packed records of the inputs, which stand one behind the other in the order of the
/// specification; `lengths` says how many each has.
///
/// # Errors
/// When the specification or the given model doesn't fit.
pub fn link(spec: &Spec, records: &Records, lengths: &[usize], known: Known) -> Result<Outcome, LinkError> {
    link_on(None, spec, records, lengths, known)
}

/// The same, where machines are given that compare the candidates. The answer is the same.
///
/// # Errors
/// As [`link`], and when the machines can't do it.
pub fn link_on(
    machines: Option<&dyn Machines>,
    spec: &Spec,
    records: &Records,
    lengths: &[usize],
    known: Known,
) -> Result<Outcome, LinkError> {
    let Known { model, labels, earlier, room } = known;
    let (scheme, population) = prepared(spec, records, lengths, model.as_ref())?;
    let mut statistics = Statistics { records: records.len() as u64, ..Statistics::default() };
    let search = Search::new(&scheme, records, &population).sliced(room.slices(records.len()));
    let place = Place { spec, lengths, machines };
    let (mut model, compared) = match model {
        Some(mut model) => {
            count_terms(&mut model, &scheme, records, &population);
            (model, None)
        }
        None => learned(&search, &place, room, &mut statistics)?,
    };
    labels::correct(&mut model, &scheme, records, &labels);
    let (before, standing) = earlier.map_or((0, Vec::new()), |earlier| (earlier.records, earlier.pairs));
    let mut pairs = score(&search.asking_from(before), &place, compared, &model, &mut statistics)?;
    pairs.extend(standing.into_iter().filter(|pair| !pair.is_implied).map(Pair::alone));
    pairs.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    let started = Instant::now();
    let edges = pairs.iter().filter(|pair| pair.probability >= spec.threshold());
    let edges = edges.map(|pair| Edge { left: pair.left, right: pair.right, weight: pair.weight }).collect();
    let scorer = Scorer::new(&scheme, &model);
    let weigh = |a: u32, b: u32| {
        let (a, b) = (records.get(a as usize), records.get(b as usize));
        scorer.weight(scheme.compare(a, b), a)
    };
    let grouper = Grouper { scheme: &scheme, records, population: &population, weigh };
    let explain =
        |pair: Pair| scheme.explain(&model, records.get(pair.left as usize), records.get(pair.right as usize));
    statistics.examples = examples(&pairs, spec.threshold()).into_iter().map(explain).collect();
    let grouping = match spec.assignment() {
        Some(assignment) => grouper.assigned(edges, assignment),
        None => grouper.connected(edges),
    };
    add_implied(&mut pairs, &grouping.joined, |left, right| {
        let (a, b) = (records.get(left as usize), records.get(right as usize));
        let pattern = scheme.compare(a, b);
        population.allows(left, right).then(|| (scorer.weight(pattern, a), pattern))
    });
    statistics.seconds.grouping = started.elapsed().as_secs_f64();
    statistics.conflicts = grouping.conflicts;
    statistics.ties = grouping.ties;
    let clusters = numbered(&grouping.of);
    Ok(Outcome { pairs, clusters, model, statistics, scheme, starts: population.starts })
}

/// The scheme with its rules, given or found, and which pairs of rows are possible.
pub(crate) fn prepared(
    spec: &Spec,
    records: &Records,
    lengths: &[usize],
    model: Option<&Model>,
) -> Result<(Scheme, Population), LinkError> {
    if lengths.len() != spec.input.len() {
        return Err(LinkError::Inputs { given: lengths.len(), named: spec.input.len() });
    }
    let starts = starts(lengths);
    if starts[lengths.len()] as usize != records.len() {
        return Err(LinkError::Records { given: records.len(), named: starts[lengths.len()] as usize });
    }
    let mut scheme = Scheme::new(spec)?;
    if let Some(model) = model {
        model.check(&scheme)?;
        if scheme.rules.is_empty() {
            scheme.rules = model.blocking.iter().map(|on| scheme.rule(on)).collect::<Result<_, _>>()?;
        }
    }
    let population = Population { link: spec.link_type(), terms: 0..records.len() as u32, starts };
    if scheme.rules.is_empty() {
        scheme.rules = suggest(&scheme, records, &population);
    }
    Ok((scheme, population))
}

/// A blocking rule, given or found, and what it would cost.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RuleCount {
    pub on: Vec<String>,
    /// Pairs it finds for itself; other rules may find them too.
    pub pairs: u64,
    /// Records whose blocks are too large to be compared.
    pub too_large: u64,
}

/// Counts the pairs of each blocking rule before anything is compared.
///
/// # Errors
/// As [`link`].
pub fn count_rules(spec: &Spec, records: &Records, lengths: &[usize]) -> Result<Vec<RuleCount>, LinkError> {
    let (scheme, population) = prepared(spec, records, lengths, None)?;
    let counts = Search::new(&scheme, records, &population).counts();
    let count = |(rule, (pairs, too_large))| RuleCount { on: scheme.written(rule), pairs, too_large };
    Ok(scheme.rules.iter().zip(counts).map(count).collect())
}

/// A clear pair, the last that is linked, the first that is not, and the weakest kept.
fn examples(pairs: &[Pair], threshold: f64) -> Vec<Pair> {
    let (mut linked, open): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| pair.probability >= threshold);
    let by_weight =
        |a: &&Pair, b: &&Pair| a.weight.total_cmp(&b.weight).then((b.left, b.right).cmp(&(a.left, a.right)));
    let last = linked.iter().min_by(|a, b| by_weight(a, b)).copied();
    let middle = linked.len() / 2;
    let clear = (!linked.is_empty()).then(|| *linked.select_nth_unstable_by(middle, by_weight).1);
    let of_open = [open.iter().max_by(|a, b| by_weight(a, b)), open.iter().min_by(|a, b| by_weight(a, b))];
    [clear, last].into_iter().chain(of_open.map(|pair| pair.copied())).flatten().copied().collect()
}

/// Adds the pairs that follow from others, and lets a chain of better links stand for a weaker one.
fn add_implied(pairs: &mut Vec<Pair>, joined: &[Edge], weigh: impl Fn(u32, u32) -> Option<(f32, Pattern)>) {
    let known = pairs.len();
    if joined.is_empty() {
        return;
    }
    for (left, right, probability) in cluster::implied(joined) {
        match pairs[..known].binary_search_by_key(&(left, right), |pair| (pair.left, pair.right)) {
            Ok(at) => pairs[at].probability = pairs[at].probability.max(probability),
            Err(_) => {
                let pair = weigh(left, right);
                pairs.extend(pair.map(|(weight, pattern)| Pair {
                    left,
                    right,
                    weight,
                    probability,
                    pattern,
                    is_implied: true,
                }));
            }
        }
    }
    pairs.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
}

/// First row of each input among all records; one more entry holds the number of records.
fn starts(lengths: &[usize]) -> Vec<u32> {
    let ends = lengths.iter().scan(0, |end, length| {
        *end += *length as u32;
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

/// Numbers groups in the order of their first records.
fn numbered(roots: &[u32]) -> Vec<u32> {
    let mut numbers = vec![u32::MAX; roots.len()];
    let mut next = 0;
    let number = |root: &u32| {
        let place = &mut numbers[*root as usize];
        if *place == u32::MAX {
            *place = next;
            next += 1;
        }
        *place
    };
    roots.iter().map(number).collect()
}
