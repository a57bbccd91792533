//! Learning without labels: u from value counts and sampled pairs, m by expectation and maximisation.

mod random;

use crate::compare::Pattern;
use crate::level::Level;
use crate::model::{Learned, LevelShare, Model, Terms, VERSION, digest_at};
use crate::record::Records;
use crate::scheme::{Part, PartOf, Scheme};
use crate::spec::Role;

pub use random::Population;
pub(crate) use random::mixed;

/// How the training went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Training {
    /// Where m was learned, one pass after the other.
    pub passes: Vec<Pass>,
    /// In plain words.
    pub warnings: Vec<String>,
}

/// One run of expectation and maximisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// What all its pairs agree on, such as `dob & surname`; empty for all candidate pairs.
    pub within: String,
    /// The largest change of any m, round by round.
    pub changes: Vec<f64>,
    pub settled: bool,
    /// Expected matches among its pairs.
    pub matches: f64,
}

/// Distinct patterns of the candidate pairs and how many pairs have each, ascending.
pub type Histogram = [(Pattern, u64)];

/// m of each level of each comparison, and how many matches it was seen in.
struct Estimate {
    m: Vec<Vec<f64>>,
    seen: Vec<f64>,
}

/// Learns a model from candidate pairs, without labels. The same input gives the same model.
///
/// The histogram counts candidates of one in `every` pairs. `prior` is the share of all pairs that match, where that is
/// known; it is learned else.
#[must_use]
pub fn train(
    scheme: &Scheme,
    records: &Records,
    population: &Population,
    (histogram, every): (&Histogram, f64),
    prior: Option<f64>,
) -> (Model, Training) {
    let mut training = Training::default();
    let pairs = population.pairs() / every;
    let agreeing = random::shares(scheme, records, population);
    let mut u = agreeing.clone();
    let mut m = learn_m(scheme, histogram, &u, &mut training);
    let share = |u: &[Vec<f64>], m: &[Vec<f64>]| prior.unwrap_or_else(|| prior_of(histogram, u, m, pairs));
    let mut prior = share(&u, &m);
    // Random pairs hold the matches too: of a rare agreement, such as an identity number's, they are the most.
    for _ in 0..2 {
        u = without_matches(&agreeing, &m, prior);
        training.passes.clear();
        m = learn_m(scheme, histogram, &u, &mut training);
        prior = share(&u, &m);
    }
    let comparisons = (0..scheme.comparisons.len())
        .map(|at| {
            let comparison = &scheme.comparisons[at];
            let labels = comparison.levels.iter().map(Level::to_string).chain(["else".to_owned()]);
            let levels = labels.zip(m[at].iter().zip(&u[at])).map(|(level, (m, u))| LevelShare { level, m: *m, u: *u });
            Learned {
                field: scheme.fields[comparison.field].name.clone(),
                levels: levels.collect(),
                terms: terms(scheme, records, population, at),
            }
        })
        .collect::<Vec<_>>();
    warn(&comparisons, &mut training);
    training.warnings.extend(unmet(scheme, histogram));
    let blocking = scheme.rules.iter().map(|rule| scheme.written(rule)).collect();
    (Model { version: VERSION, prior, comparisons, blocking }, training)
}

/// How frequent the values of a comparison are, where that is to count.
fn terms(scheme: &Scheme, records: &Records, population: &Population, at: usize) -> Option<Terms> {
    let counted = scheme.comparisons[at].term_frequency;
    let terms = counted.then(|| random::terms(records, &population.terms, digest_at(scheme, at)));
    terms.filter(|terms| terms.rest > 0.0)
}

/// Counts how frequent values are where a model doesn't bring that along, as one from elsewhere doesn't.
pub(crate) fn count_terms(model: &mut Model, scheme: &Scheme, records: &Records, population: &Population) {
    for (at, learned) in model.comparisons.iter_mut().enumerate().filter(|(_, learned)| learned.terms.is_none()) {
        learned.terms = terms(scheme, records, population, at);
    }
}

fn without_matches(agreeing: &[Vec<f64>], m: &[Vec<f64>], prior: f64) -> Vec<Vec<f64>> {
    let one = |(all, m): (&Vec<f64>, &Vec<f64>)| {
        let strangers =
            |(at, (all, m)): (usize, (&f64, &f64))| (all - prior * m).max(all * if at == 0 { 0.01 } else { 0.5 });
        let rest: Vec<f64> = all.iter().zip(m).enumerate().map(strangers).collect();
        let sum: f64 = rest.iter().sum();
        rest.iter().map(|share| share / sum).collect()
    };
    agreeing.iter().zip(m).map(one).collect()
}

/// Learns m inside blocks whose pairs are mostly matches, leaving out what the block holds fixed.
fn learn_m(scheme: &Scheme, histogram: &Histogram, u: &[Vec<f64>], training: &mut Training) -> Vec<Vec<f64>> {
    let count = scheme.comparisons.len();
    let mut sum = Estimate { m: u.iter().map(|levels| vec![0.0; levels.len()]).collect(), seen: vec![0.0; count] };
    for block in blocks(scheme, u) {
        let learns = (0..count).any(|at| sum.seen[at] < 100.0 && block.iter().all(|(held, _)| *held != at));
        if !learns {
            continue;
        }
        let inside: Vec<(Pattern, u64)> = histogram
            .iter()
            .filter(|(pattern, _)| block.iter().all(|(at, exact)| pattern.level(*at) == *exact))
            .copied()
            .collect();
        let held: Vec<usize> = block.iter().map(|(at, _)| *at).collect();
        let (estimate, mut pass) = maximise(&inside, u, &held);
        let names: Vec<&str> = held.iter().map(|at| scheme.field_of(*at)).collect();
        pass.within = names.join(" & ");
        training.passes.push(pass);
        add(&mut sum, &estimate);
    }
    if sum.seen.iter().any(|seen| *seen < 1.0) {
        let (estimate, pass) = maximise(histogram, u, &[]);
        training.passes.push(pass);
        for at in 0..count {
            if sum.seen[at] < 1.0 {
                (sum.m[at], sum.seen[at]) = (estimate.m[at].clone(), estimate.seen[at]);
            }
        }
    }
    sum.m.iter().zip(&sum.seen).map(|(levels, seen)| smooth(levels, *seen)).collect()
}

/// A comparison and its code for `exact`.
type Held = (usize, u8);

/// Up to three comparisons on whose exact agreement strangers are rare, and all of whose pairs are candidates by some
/// blocking rule; the rarest first. One of them is a person's own: what a family shares (a phone, a place) brings
/// together as many brothers and sisters as people with themselves.
fn blocks(scheme: &Scheme, u: &[Vec<f64>]) -> Vec<Vec<Held>> {
    const RARE: f64 = 1e-3;
    let exact: Vec<Held> = (0..scheme.comparisons.len())
        .filter(|at| scheme.fields[scheme.comparisons[*at].field].role != Role::HouseholdNo)
        .filter_map(|at| {
            let place = scheme.comparisons[at].levels.iter().position(|level| *level == Level::Exact)?;
            Some((at, place as u8 + 1))
        })
        .collect();
    let covered = |block: &[Held]| {
        let parts: Vec<Part> =
            block.iter().map(|(at, _)| Part { field: scheme.comparisons[*at].field, of: PartOf::Whole }).collect();
        scheme.rules.iter().any(|rule| rule.follows_from(&parts))
    };
    let mut found: Vec<(f64, Vec<Held>)> = Vec::new();
    let mut open: Vec<Vec<Held>> = exact.iter().map(|held| vec![*held]).collect();
    for _ in 0..3 {
        let mut loose = Vec::new();
        for block in open {
            let chance: f64 = block.iter().map(|(at, code)| u[*at][usize::from(*code) - 1]).product();
            let own = block.iter().any(|(at, _)| scheme.fields[scheme.comparisons[*at].field].role.is_personal());
            if own && chance <= RARE && covered(&block) { found.push((chance, block)) } else { loose.push(block) }
        }
        let longer = |block: &Vec<Held>| {
            let last = block[block.len() - 1];
            let more = exact.iter().filter(move |held| held.0 > last.0);
            more.map(|held| block.iter().copied().chain([*held]).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let is_new = |block: &Vec<Held>| !found.iter().any(|(_, known)| known.iter().all(|held| block.contains(held)));
        open = loose.iter().flat_map(longer).filter(is_new).collect();
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, block)| block).collect()
}

/// Half a match for every level, so that none is impossible.
fn smooth(matches: &[f64], seen: f64) -> Vec<f64> {
    let total = seen + 0.5 * matches.len() as f64;
    matches.iter().map(|n| (n + 0.5) / total).collect()
}

fn add(sum: &mut Estimate, estimate: &Estimate) {
    for at in 0..sum.m.len() {
        sum.m[at].iter_mut().zip(&estimate.m[at]).for_each(|(sum, n)| *sum += n);
        sum.seen[at] += estimate.seen[at];
    }
}

/// Expectation and maximisation over patterns, u held fixed. Gives counts, not shares.
fn maximise(histogram: &Histogram, u: &[Vec<f64>], held: &[usize]) -> (Estimate, Pass) {
    const ROUNDS: u32 = 200;
    let mut pass = Pass { within: String::new(), changes: Vec::new(), settled: false, matches: 0.0 };
    let free: Vec<usize> = (0..u.len()).filter(|at| !held.contains(at)).collect();
    let mut m: Vec<Vec<f64>> = u.iter().map(|levels| start(levels.len())).collect();
    let mut share = 0.5;
    let pairs: f64 = histogram.iter().map(|(_, n)| *n as f64).sum();
    let mut counts = Estimate { m: u.iter().map(|l| vec![0.0; l.len()]).collect(), seen: vec![0.0; u.len()] };
    for _ in 0..ROUNDS {
        counts.m.iter_mut().for_each(|levels| levels.fill(0.0));
        counts.seen.fill(0.0);
        let mut matches = 0.0;
        for (pattern, n) in histogram {
            let ratio: f64 = free.iter().map(|at| ratio(*pattern, *at, &m, u)).product();
            let expected = *n as f64 * (share * ratio / (1.0 - share + share * ratio));
            matches += expected;
            for at in &free {
                let code = usize::from(pattern.level(*at));
                if code > 0 {
                    counts.m[*at][code - 1] += expected;
                    counts.seen[*at] += expected;
                }
            }
        }
        let next: Vec<Vec<f64>> =
            counts.m.iter().zip(&counts.seen).map(|(levels, seen)| smooth(levels, *seen)).collect();
        let moved =
            free.iter().flat_map(|at| next[*at].iter().zip(&m[*at])).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        for at in &free {
            m[*at].clone_from(&next[*at]);
        }
        share = (matches / pairs.max(1.0)).clamp(1e-9, 1.0 - 1e-9);
        pass.matches = matches;
        pass.changes.push(moved);
        pass.settled = moved < 1e-6;
        if pass.settled {
            break;
        }
    }
    (counts, pass)
}

fn ratio(pattern: Pattern, at: usize, m: &[Vec<f64>], u: &[Vec<f64>]) -> f64 {
    match usize::from(pattern.level(at)) {
        0 => 1.0,
        code => m[at][code - 1] / u[at][code - 1],
    }
}

/// A first guess: mostly the best level, a twentieth for `else`.
fn start(levels: usize) -> Vec<f64> {
    let between = levels.saturating_sub(2);
    (0..levels)
        .map(|at| match at {
            0 => 0.85,
            _ if at + 1 == levels => 0.05,
            _ => 0.1 / between as f64,
        })
        .collect()
}

/// The share of all pairs that match: the one at which the candidates' expected matches give it back.
fn prior_of(histogram: &Histogram, u: &[Vec<f64>], m: &[Vec<f64>], pairs: f64) -> f64 {
    let ratios: Vec<(f64, f64)> = histogram
        .iter()
        .map(|(pattern, n)| ((0..u.len()).map(|at| ratio(*pattern, at, m, u)).product(), *n as f64))
        .collect();
    let mut prior = 1.0 / pairs.max(2.0).sqrt();
    for _ in 0..100 {
        let matches: f64 = ratios.iter().map(|(ratio, n)| n * prior * ratio / (1.0 - prior + prior * ratio)).sum();
        let next = (matches / pairs.max(1.0)).clamp(1e-15, 0.5);
        if (next - prior).abs() <= prior * 1e-9 {
            break;
        }
        prior = next;
    }
    prior
}

/// The levels that no candidate pair reached.
fn unmet(scheme: &Scheme, histogram: &Histogram) -> Option<String> {
    let mut unmet = Vec::new();
    for (at, comparison) in scheme.comparisons.iter().enumerate() {
        let met = histogram.iter().fold(0u16, |met, (pattern, _)| met | 1 << pattern.level(at));
        let levels = comparison.levels.iter().enumerate().filter(|(level, _)| met & 1 << (level + 1) == 0);
        let levels: Vec<String> = levels.map(|(_, level)| level.to_string()).collect();
        if met | 1 == 1 {
            unmet.push(format!("{} (no pair has both values)", scheme.field_of(at)));
        } else if !levels.is_empty() {
            unmet.push(format!("{} {}", scheme.field_of(at), levels.join(", ")));
        }
    }
    let told = !unmet.is_empty() && !histogram.is_empty();
    told.then(|| format!("no candidate pair reached these levels, what they weigh is a guess: {}", unmet.join("; ")))
}

/// With fewer expected matches than this nothing can be said of how matches look.
const FEW: f64 = 10.0;

fn warn(comparisons: &[Learned], training: &mut Training) {
    let matches = training.passes.iter().map(|pass| pass.matches).fold(0.0, f64::max);
    if matches < FEW {
        training.warnings.push(format!(
            "about {matches:.0} matches to learn from are too few: trust the answer only with labels or a model from elsewhere"
        ));
        return;
    }
    for learned in comparisons {
        let (Some(best), Some(worst)) = (learned.levels.first(), learned.levels.last()) else { continue };
        // A column with one value for all is no fault of its role.
        if best.u > 0.95 {
            training.warnings.push(format!("{}: nearly all pairs agree, it tells nobody apart", learned.field));
            continue;
        }
        if best.m < best.u {
            training
                .warnings
                .push(format!("{}: matches agree less often than strangers; is the role right?", learned.field));
        }
        if worst.m > worst.u {
            training
                .warnings
                .push(format!("{}: matches disagree more often than strangers; is the role right?", learned.field));
        }
    }
    let unsettled = training.passes.iter().filter(|pass| !pass.settled && !pass.within.is_empty());
    let unsettled: Vec<String> =
        unsettled.map(|pass| format!("training within \"{}\" did not settle", pass.within)).collect();
    training.warnings.extend(unsettled);
}
