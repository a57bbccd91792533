//! Learning without labels: u from value counts and sampled pairs, m by expectation and maximisation.

mod random;

use crate::compare::Pattern;
use crate::level::Level;
use crate::model::{Learned, LevelShare, Model, Terms, VERSION, digest_at};
use crate::record::Records;
use crate::scheme::{PartOf, Rule, Scheme};

pub use random::Population;

/// How the training went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Training {
    /// The blocking rules m was learned within: rule, rounds, whether it settled, expected matches.
    pub rounds: Vec<(String, u32, bool, f64)>,
    /// In plain words.
    pub warnings: Vec<String>,
}

/// Distinct patterns of the candidate pairs and how many pairs have each, ascending.
pub type Histogram = [(Pattern, u64)];

/// Comparisons, and the level codes a block holds them at.
type Fixed = Vec<(usize, Vec<u8>)>;

/// m of each level of each comparison, and how many matches it was seen in.
struct Estimate {
    m: Vec<Vec<f64>>,
    seen: Vec<f64>,
}

/// Learns a model from candidate pairs, without labels. The same input gives the same model.
#[must_use]
pub fn train(scheme: &Scheme, records: &Records, population: &Population, histogram: &Histogram) -> (Model, Training) {
    let mut training = Training::default();
    let agreeing = random::shares(scheme, records, population);
    let mut u = agreeing.clone();
    let mut m = learn_m(scheme, histogram, &u, &mut training);
    let mut prior = prior_of(histogram, &u, &m, population.pairs());
    // Random pairs hold the matches too: of a rare agreement, such as an identity number's, they are the most.
    for _ in 0..2 {
        u = without_matches(&agreeing, &m, prior);
        training.rounds.clear();
        m = learn_m(scheme, histogram, &u, &mut training);
        prior = prior_of(histogram, &u, &m, population.pairs());
    }
    let comparisons = (0..scheme.comparisons.len())
        .map(|at| {
            let comparison = &scheme.comparisons[at];
            let labels = comparison.levels.iter().map(Level::to_string).chain(["else".to_owned()]);
            let levels = labels.zip(m[at].iter().zip(&u[at])).map(|(level, (m, u))| LevelShare { level, m: *m, u: *u });
            let terms =
                comparison.term_frequency.then(|| random::terms(records, &population.terms, digest_at(scheme, at)));
            Learned {
                field: scheme.fields[comparison.field].name.clone(),
                levels: levels.collect(),
                terms: terms.filter(|terms: &Terms| terms.rest > 0.0),
            }
        })
        .collect::<Vec<_>>();
    warn(&comparisons, &mut training);
    (Model { version: VERSION, prior, comparisons }, training)
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
    let mut rules: Vec<(f64, &Rule, Fixed)> = scheme
        .rules
        .iter()
        .filter_map(|rule| fixed_by(scheme, rule).map(|fixed| (chance(&fixed, u), rule, fixed)))
        .collect();
    rules.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (chance, rule, fixed) in &rules {
        let learns = (0..count).any(|at| sum.seen[at] < 100.0 && fixed.iter().all(|(held, _)| *held != at));
        if !learns || *chance > 1e-3 {
            continue;
        }
        let inside: Vec<(Pattern, u64)> = histogram
            .iter()
            .filter(|(pattern, _)| fixed.iter().all(|(at, levels)| levels.contains(&pattern.level(*at))))
            .copied()
            .collect();
        let held: Vec<usize> = fixed.iter().map(|(at, _)| *at).collect();
        let (estimate, rounds, settled) = maximise(&inside, u, &held);
        let matches = estimate.seen.iter().fold(0.0f64, |most, seen| most.max(*seen));
        training.rounds.push((rule.text.clone(), rounds, settled, matches));
        add(&mut sum, &estimate);
    }
    if sum.seen.iter().any(|seen| *seen < 1.0) {
        let (estimate, rounds, settled) = maximise(histogram, u, &[]);
        training.rounds.push(("all pairs".into(), rounds, settled, estimate.seen.iter().fold(0.0, |a, b| a.max(*b))));
        for at in 0..count {
            if sum.seen[at] < 1.0 {
                (sum.m[at], sum.seen[at]) = (estimate.m[at].clone(), estimate.seen[at]);
            }
        }
    }
    sum.m.iter().zip(&sum.seen).map(|(levels, seen)| smooth(levels, *seen)).collect()
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

/// The comparisons a rule holds fixed and the level codes that mean so; `None` where patterns can't tell.
fn fixed_by(scheme: &Scheme, rule: &Rule) -> Option<Fixed> {
    let mut fixed = Vec::new();
    for part in &rule.parts {
        let code = |at: usize, wanted: Level| {
            let place = scheme.comparisons[at].levels.iter().position(|level| *level == wanted);
            place.map(|place| place as u8 + 1)
        };
        let at = scheme.comparisons.iter().position(|comparison| comparison.field == part.field)?;
        let exact = code(at, Level::Exact)?;
        fixed.push(match part.of {
            PartOf::Whole => (at, vec![exact]),
            PartOf::Pinyin => {
                (at, [Some(exact), code(at, Level::Variant), code(at, Level::Pinyin)].into_iter().flatten().collect())
            }
            PartOf::Range(..) | PartOf::Year => return None,
        });
    }
    Some(fixed)
}

fn chance(fixed: &[(usize, Vec<u8>)], u: &[Vec<f64>]) -> f64 {
    let held = fixed.iter().map(|(at, codes)| codes.iter().map(|code| u[*at][usize::from(*code) - 1]).sum::<f64>());
    held.product()
}

/// Expectation and maximisation over patterns, u held fixed. Gives counts, not shares.
fn maximise(histogram: &Histogram, u: &[Vec<f64>], held: &[usize]) -> (Estimate, u32, bool) {
    const ROUNDS: u32 = 200;
    let free: Vec<usize> = (0..u.len()).filter(|at| !held.contains(at)).collect();
    let mut m: Vec<Vec<f64>> = u.iter().map(|levels| start(levels.len())).collect();
    let mut share = 0.5;
    let pairs: f64 = histogram.iter().map(|(_, n)| *n as f64).sum();
    let mut counts = Estimate { m: u.iter().map(|l| vec![0.0; l.len()]).collect(), seen: vec![0.0; u.len()] };
    for round in 1..=ROUNDS {
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
        if moved < 1e-6 {
            return (counts, round, true);
        }
    }
    (counts, ROUNDS, false)
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

fn warn(comparisons: &[Learned], training: &mut Training) {
    for learned in comparisons {
        let (Some(best), Some(worst)) = (learned.levels.first(), learned.levels.last()) else { continue };
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
    let unsettled = training.rounds.iter().filter(|(_, _, settled, _)| !settled);
    let unsettled: Vec<String> =
        unsettled.map(|(rule, ..)| format!("training within \"{rule}\" did not settle")).collect();
    training.warnings.extend(unsettled);
}
