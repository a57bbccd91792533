//! Candidates compared and weighed; a model learned from them first, where there is none.

use super::{LinkError, Pair, Room, Statistics};
use crate::candidates::{Compared, Found, LARGEST_BLOCK, Search};
use crate::elsewhere::Place;
use crate::model::{Model, Scorer, probability};
use crate::scheme::Scheme;
use crate::spec::{LinkSpec, SpecError};
use crate::suggest::affordable;
use crate::train::train;
use std::time::Instant;

/// Weights are counted bit by bit, from -40 or less to 39 or more.
const BINS: usize = 80;

fn bin(weight: f32) -> usize {
    // Below the first bin nothing is told apart, so that cutting off is as good as rounding down.
    ((weight + BINS as f32 / 2.0) as i32).clamp(0, BINS as i32 - 1) as usize
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

/// The share of all pairs that match, where the specification says it or says how to count it.
fn stated_prior(search: &Search, link: &LinkSpec) -> Result<Option<f64>, SpecError> {
    let Some(recall) = link.recall else { return Ok(link.prior) };
    let rules = link.deterministic.iter().map(|on| search.scheme.rule(on)).collect::<Result<_, _>>()?;
    let scheme = Scheme { rules, ..search.scheme.clone() };
    let found: u64 = search.by_rules_of(&scheme).each(|| (), |(), _| ()).new_by_rule.iter().sum();
    Ok(Some((found as f64 / recall / search.population.pairs().max(1.0)).clamp(1e-15, 0.5)))
}

/// What was learned, and the candidates where they were kept.
type LearnedFrom = (Model, Option<Found<Vec<Compared>>>);

/// Learns a model from the candidates; where there is room for them, they are compared once and kept.
pub(super) fn learned(
    search: &Search,
    place: &Place<'_>,
    room: Room,
    statistics: &mut Statistics,
) -> Result<LearnedFrom, LinkError> {
    let prior = stated_prior(search, &place.spec.link)?;
    let started = Instant::now();
    let estimate = search.estimate();
    let few = estimate <= affordable(search.records);
    let compared = (few && room.holds_candidates(estimate)).then(|| place.all(search)).transpose()?;
    let pairs = match &compared {
        Some(all) => all.new_by_rule.iter().sum(),
        None if few => search.each(|| (), |(), _| ()).new_by_rule.iter().sum(),
        None => estimate as u64,
    };
    let every = Search::every(pairs);
    let histogram = match &compared {
        Some(all) => Search::sampled_of(all, every),
        None => search.sampled(every),
    };
    statistics.seconds.candidates += started.elapsed().as_secs_f64();
    let started = Instant::now();
    let (model, training) = train(search.scheme, search.records, search.population, (&histogram, every as f64), prior);
    statistics.seconds.training = started.elapsed().as_secs_f64();
    statistics.warnings.extend(training.warnings.iter().cloned());
    statistics.training = Some(training);
    Ok((model, compared))
}

/// Pairs worth giving back, and all pairs counted by weight.
pub(crate) struct Weighed {
    pub pairs: Vec<Pair>,
    pub bins: Vec<u64>,
}

/// Weighs all candidates, compared already or not, and keeps those worth giving back.
pub(crate) fn weighed(
    search: &Search,
    compared: Option<Found<Vec<Compared>>>,
    model: &Model,
    keep: f64,
) -> Found<Weighed> {
    let scorer = Scorer::new(search.scheme, model);
    let least = if keep <= 0.0 { f32::NEG_INFINITY } else { (keep / (1.0 - keep)).log2() as f32 - 0.01 };
    let empty = || Weighed { pairs: Vec::new(), bins: vec![0; BINS] };
    let weigh = |weighed: &mut Weighed, Compared { left, right, pattern }: Compared| {
        let weight = scorer.weight(pattern, search.records.get(left as usize));
        weighed.bins[bin(weight)] += 1;
        let probability = if weight >= least { probability(weight) } else { -1.0 };
        if probability >= keep {
            weighed.pairs.push(Pair { left, right, weight, probability, pattern, is_implied: false });
        }
    };
    let all_of = |pairs: Vec<Compared>| {
        let mut weighed = empty();
        pairs.into_iter().for_each(|pair| weigh(&mut weighed, pair));
        weighed
    };
    match compared {
        Some(compared) => compared.map(all_of),
        None => search.each(empty, weigh),
    }
}

/// Weighs all candidates, and gives back those worth it.
pub(super) fn score(
    search: &Search,
    place: &Place<'_>,
    compared: Option<Found<Vec<Compared>>>,
    model: &Model,
    statistics: &mut Statistics,
) -> Result<Vec<Pair>, LinkError> {
    let started = Instant::now();
    let found = match compared {
        Some(compared) => weighed(search, Some(compared), model, place.spec.keep()),
        None => place.weighed(search, model)?,
    };
    let scorer = Scorer::new(search.scheme, model);
    tell_rules(search, &found, statistics);
    statistics.best_possible = best_possible(search, &scorer);
    statistics.weights = vec![0; BINS];
    let mut pairs = Vec::with_capacity(found.parts.iter().map(|part| part.pairs.len()).sum());
    for part in found.parts {
        statistics.weights.iter_mut().zip(part.bins).for_each(|(sum, n)| *sum += n);
        pairs.extend(part.pairs);
    }
    statistics.candidate_pairs = statistics.weights.iter().sum();
    let each = statistics.candidate_pairs as f64 / statistics.records.max(1) as f64;
    if statistics.candidate_pairs as f64 > affordable(search.records) {
        statistics.warnings.push(format!(
            "blocking is loose: {} pairs were compared, {each:.0} for each record; add parts to the rules that find most",
            statistics.candidate_pairs
        ));
    }
    statistics.seconds.comparing = found.comparing.as_secs_f64();
    statistics.seconds.candidates += started.elapsed().as_secs_f64();
    Ok(pairs)
}

fn tell_rules<T>(search: &Search, found: &Found<T>, statistics: &mut Statistics) {
    for (rule, (new, too_large)) in search.scheme.rules.iter().zip(found.new_by_rule.iter().zip(&found.too_large)) {
        let text = search.scheme.written(rule).join(" & ");
        if *too_large > 0 {
            statistics.warnings.push(format!(
                "blocking on \"{text}\": {too_large} records lie in blocks of over {LARGEST_BLOCK} and were not compared by it; add a part"
            ));
        }
        statistics.by_rule.push((text, *new, *too_large));
    }
}
