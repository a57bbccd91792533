//! The whole job over several inputs: candidates, training, weights, groups.

use crate::candidates::{LARGEST_BLOCK, Search};
use crate::cluster::{self, Edge, Grouper};
use crate::compare::Pattern;
use crate::explain::Explanation;
use crate::index::Candidates;
use crate::labels::{self, Label};
use crate::model::{Model, ModelError, Scorer, probability};
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::{Spec, SpecError};
use crate::suggest::suggest;
use crate::train::{Population, Training, train};
use rayon::prelude::*;

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
}

/// Links or deduplicates the packed records of the inputs, which stand one behind the other in the order of the
/// specification; `lengths` says how many each has.
///
/// # Errors
/// When the specification or the given model doesn't fit.
pub fn link(spec: &Spec, records: &Records, lengths: &[usize], known: Known) -> Result<Outcome, LinkError> {
    let Known { model, labels, earlier } = known;
    if lengths.len() != spec.input.len() {
        return Err(LinkError::Inputs { given: lengths.len(), named: spec.input.len() });
    }
    let starts = starts(lengths);
    if starts[lengths.len()] as usize != records.len() {
        return Err(LinkError::Records { given: records.len(), named: starts[lengths.len()] as usize });
    }
    let mut scheme = Scheme::new(spec)?;
    if let Some(model) = &model {
        model.check(&scheme)?;
        if scheme.rules.is_empty() {
            scheme.rules = model.blocking.iter().map(|on| scheme.rule(on)).collect::<Result<_, _>>()?;
        }
    }
    let population = Population { link: spec.link_type(), terms: 0..records.len() as u32, starts };
    if scheme.rules.is_empty() {
        scheme.rules = suggest(&scheme, records, &population);
    }
    let mut statistics = Statistics { records: records.len() as u64, ..Statistics::default() };
    let search = Search::new(&scheme, records, &population);
    let mut model = model.unwrap_or_else(|| {
        let (histogram, every) = search.sampled();
        let (model, training) = train(&scheme, records, &population, &histogram, every);
        statistics.warnings.extend(training.warnings.iter().cloned());
        statistics.training = Some(training);
        model
    });
    labels::correct(&mut model, &scheme, records, &labels);
    let (before, standing) = earlier.map_or((0, Vec::new()), |earlier| (earlier.records, earlier.pairs));
    let search = search.asking_from(before);
    let mut pairs = score(&search, &model, spec.keep(), &mut statistics);
    pairs.extend(standing.into_iter().filter(|pair| !pair.is_implied).map(Pair::alone));
    pairs.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    drop(search);
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
    statistics.conflicts = grouping.conflicts;
    statistics.ties = grouping.ties;
    let clusters = numbered(&grouping.of);
    Ok(Outcome { pairs, clusters, model, statistics, scheme, starts: population.starts })
}

/// A clear pair, the last that is linked, the first that is not, and the weakest kept.
fn examples(pairs: &[Pair], threshold: f64) -> Vec<Pair> {
    let (linked, open): (Vec<Pair>, Vec<Pair>) = pairs.iter().partition(|pair| pair.probability >= threshold);
    let by_weight =
        |a: &&Pair, b: &&Pair| a.weight.total_cmp(&b.weight).then((b.left, b.right).cmp(&(a.left, a.right)));
    let mut middle: Vec<&Pair> = linked.iter().collect();
    middle.sort_by(by_weight);
    let clear = middle.get(middle.len() / 2).copied();
    [clear, middle.first().copied(), open.iter().max_by(by_weight), open.iter().min_by(by_weight)]
        .into_iter()
        .flatten()
        .copied()
        .collect()
}

/// Adds the pairs that follow from others, and lets a chain of better links stand for a weaker one.
fn add_implied(pairs: &mut Vec<Pair>, joined: &[Edge], weigh: impl Fn(u32, u32) -> Option<(f32, Pattern)>) {
    let known = pairs.len();
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

/// Weights are counted bit by bit, from -40 or less to 39 or more.
const BINS: usize = 80;

fn bin(weight: f32) -> usize {
    (weight.floor() as i32 + BINS as i32 / 2).clamp(0, BINS as i32 - 1) as usize
}

/// How much each record could reach at best, compared with itself: of many records, a part.
fn best_possible(search: &Search, scorer: &Scorer) -> Vec<u64> {
    const SAMPLE: usize = 50_000;
    let mut bins = vec![0; BINS];
    for row in (0..search.records.len()).step_by(search.records.len().div_ceil(SAMPLE).max(1)) {
        let record = search.records.get(row);
        bins[bin(scorer.weight(search.scheme.compare(record, record), record))] += 1;
    }
    bins
}

/// Compares and weighs all candidates, and keeps those worth giving back, by left row, then right row.
fn score(search: &Search, model: &Model, keep: f64, statistics: &mut Statistics) -> Vec<Pair> {
    let scorer = Scorer::new(search.scheme, model);
    let least = if keep <= 0.0 { f32::NEG_INFINITY } else { (keep / (1.0 - keep)).log2() as f32 - 0.01 };
    let parts = search.each(
        |_| true,
        || (Vec::new(), vec![0u64; BINS]),
        |(pairs, bins), pair| {
            let weight = scorer.weight(pair.pattern, search.records.get(pair.left as usize));
            bins[bin(weight)] += 1;
            if weight >= least {
                let probability = probability(weight);
                pairs.push(Pair {
                    left: pair.left,
                    right: pair.right,
                    weight,
                    probability,
                    pattern: pair.pattern,
                    is_implied: false,
                });
            }
        },
    );
    for (at, rule) in search.scheme.rules.iter().enumerate() {
        let sum = |counts: fn(&Candidates) -> &Vec<u64>| parts.iter().filter_map(|(_, f)| counts(f).get(at)).sum();
        let (new, too_large): (u64, u64) = (sum(|found| &found.new_by_rule), sum(|found| &found.too_large));
        let text = search.scheme.written(rule).join(" & ");
        if too_large > 0 {
            statistics.warnings.push(format!(
                "blocking on \"{text}\": {too_large} records lie in blocks of over {LARGEST_BLOCK} and were not compared by it; add a part"
            ));
        }
        statistics.by_rule.push((text, new, too_large));
    }
    statistics.best_possible = best_possible(search, &scorer);
    statistics.weights = vec![0; BINS];
    for ((_, bins), _) in &parts {
        statistics.weights.iter_mut().zip(bins).for_each(|(sum, n)| *sum += n);
    }
    statistics.candidate_pairs = statistics.weights.iter().sum();
    let mut pairs: Vec<Pair> =
        parts.into_iter().flat_map(|((pairs, _), _)| pairs).filter(|pair| pair.probability >= keep).collect();
    pairs.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs
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
