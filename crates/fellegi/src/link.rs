//! The whole job over several inputs: candidates, training, weights, groups.

use crate::cluster::{self, Edge};
use crate::compare::Pattern;
use crate::index::{Candidates, Index};
use crate::model::{Model, ModelError, Scorer, probability};
use crate::record::{Input, Records, starts};
use crate::scheme::Scheme;
use crate::spec::{LinkType, Spec, SpecError};
use crate::train::{Population, Training, train};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A pair worth giving back. Rows count over all inputs, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub left: u32,
    pub right: u32,
    /// Log2 odds.
    pub weight: f32,
    pub probability: f64,
    pub pattern: Pattern,
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
    /// Partners passed over for one of exactly the same weight.
    pub ties: u64,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("{given} inputs were read, the specification names {named}")]
    Inputs { given: usize, named: usize },
}

/// Blocks with more records than this say too little to be compared pair by pair.
const LARGEST_BLOCK: usize = 1_000;
const CHUNK: usize = 1 << 13;

/// A candidate pair and how it compares.
#[derive(Clone, Copy)]
struct Compared {
    left: u32,
    right: u32,
    pattern: Pattern,
}

/// Links or deduplicates the inputs, which stand in the order of the specification.
///
/// # Errors
/// When the specification or the given model doesn't fit.
pub fn link(spec: &Spec, inputs: &[Input], model: Option<Model>) -> Result<Outcome, LinkError> {
    if inputs.len() != spec.input.len() {
        return Err(LinkError::Inputs { given: inputs.len(), named: spec.input.len() });
    }
    let scheme = Scheme::new(spec)?;
    let records = Records::from_inputs(&scheme, inputs);
    let terms = 0..records.len() as u32;
    let population = Population { starts: starts(inputs), link: spec.link_type(), terms };
    let mut statistics = Statistics { records: records.len() as u64, ..Statistics::default() };
    let compared = candidates(&scheme, &records, &population, &mut statistics);
    let model = match model {
        Some(model) => {
            model.check(&scheme)?;
            model
        }
        None => {
            let (model, training) = train(&scheme, &records, &population, &histogram(&compared));
            statistics.warnings.extend(training.warnings.iter().cloned());
            statistics.training = Some(training);
            model
        }
    };
    let pairs = score(&scheme, &records, &model, &compared, spec.keep());
    drop(compared);
    let edges = pairs.iter().filter(|pair| pair.probability >= spec.threshold());
    let edges = edges.map(|pair| Edge { left: pair.left, right: pair.right, weight: pair.weight }).collect();
    let grouping = cluster::group(&scheme, &records, &population, edges, spec.link.one_to_one);
    statistics.conflicts = grouping.conflicts;
    statistics.ties = grouping.ties;
    Ok(Outcome { pairs, clusters: numbered(&grouping.of), model, statistics, scheme, starts: population.starts })
}

/// Finds and compares all candidate pairs, in chunks of the records that ask.
fn candidates(
    scheme: &Scheme,
    records: &Records,
    population: &Population,
    statistics: &mut Statistics,
) -> Vec<Vec<Compared>> {
    let inputs = population.starts.len() - 1;
    let all = population.starts[inputs];
    // Between different inputs, the last one need not be found and the first need not ask.
    let (indexed, asking) = match population.link {
        LinkType::LinkOnly => (0..population.starts[inputs - 1], population.starts[1]..all),
        _ => (0..all, 0..all),
    };
    let index = Index::build(scheme, records, indexed, LARGEST_BLOCK);
    let chunks: Vec<u32> = asking.clone().step_by(CHUNK).collect();
    let (compared, found): (Vec<_>, Vec<_>) = chunks
        .into_par_iter()
        .map(|start| {
            let (mut compared, mut found) = (Vec::new(), Candidates::default());
            for right in start..asking.end.min(start + CHUNK as u32) {
                let record = records.get(right as usize);
                index.find(scheme, record, right, &mut found);
                for left in found.rows.iter().copied().filter(|left| population.allows(*left, right)) {
                    compared.push(Compared {
                        left,
                        right,
                        pattern: scheme.compare(records.get(left as usize), record),
                    });
                }
            }
            (compared, found)
        })
        .unzip();
    statistics.candidate_pairs = compared.iter().map(|chunk| chunk.len() as u64).sum();
    for (at, rule) in scheme.rules.iter().enumerate() {
        let sum = |counts: fn(&Candidates) -> &Vec<u64>| found.iter().filter_map(|f| counts(f).get(at)).sum();
        let too_large: u64 = sum(|found| &found.too_large);
        if too_large > 0 {
            statistics.warnings.push(format!(
                "blocking on \"{}\": {too_large} records lie in blocks of over {LARGEST_BLOCK} and were not compared by it; add a part",
                rule.text
            ));
        }
        statistics.by_rule.push((rule.text.clone(), sum(|found| &found.new_by_rule), too_large));
    }
    compared
}

fn histogram(compared: &[Vec<Compared>]) -> Vec<(Pattern, u64)> {
    let count = |chunk: &Vec<Compared>| {
        let mut counts: FxHashMap<Pattern, u64> = FxHashMap::default();
        for pair in chunk {
            *counts.entry(pair.pattern).or_default() += 1;
        }
        counts
    };
    let merge = |mut a: FxHashMap<Pattern, u64>, b: FxHashMap<Pattern, u64>| {
        b.into_iter().for_each(|(pattern, n)| *a.entry(pattern).or_default() += n);
        a
    };
    let counts = compared.par_iter().map(count).reduce(FxHashMap::default, merge);
    let mut histogram: Vec<_> = counts.into_iter().collect();
    histogram.sort_unstable();
    histogram
}

fn score(scheme: &Scheme, records: &Records, model: &Model, compared: &[Vec<Compared>], keep: f64) -> Vec<Pair> {
    let scorer = Scorer::new(scheme, model);
    let weigh = |pair: &Compared| {
        let weight = scorer.weight(pair.pattern, records.get(pair.left as usize));
        Pair { left: pair.left, right: pair.right, weight, probability: probability(weight), pattern: pair.pattern }
    };
    let mut pairs: Vec<Pair> = compared
        .par_iter()
        .flat_map_iter(|chunk| chunk.iter().map(weigh))
        .filter(|pair| pair.probability >= keep)
        .collect();
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
