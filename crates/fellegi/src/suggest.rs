//! Blocking left to the engine: the loosest rules that the data can afford.
//!
//! Comparing all with all is the best rule there is. Where that makes too many pairs, each thing that two records of
//! one person have in common makes a rule of its own; where one of those is still too loose, it is taken together
//! with each of the others, and so on. How many pairs a rule makes is counted on a sample of the records at hand, so
//! that a frequent surname or a date that stands for "unknown" can't make it explode.

use crate::index::part_key;
use crate::record::Records;
use crate::scheme::{Part, PartOf, Rule, Scheme};
use crate::spec::Role;
use crate::train::{Population, mixed};
use rayon::prelude::*;

/// Pairs that any job can afford, and how many more a record brings: a person's records are found by many rules and
/// count for each.
const AFFORDABLE: f64 = 4e6;
const A_RECORD: f64 = 4.0;
/// The share of all affordable pairs that one rule may take.
const OF_ONE_RULE: f64 = 0.25;
/// Rules cost time too: more than so many are not looked through.
const MOST_RULES: usize = 24;
const MOST_PARTS: usize = 3;
const SAMPLE: u64 = 1 << 15;

/// The rules, those that make the fewest pairs first.
pub(crate) fn suggest(scheme: &Scheme, records: &Records, population: &Population) -> Vec<Rule> {
    let sample = Sample::new(scheme, records, population, parts(scheme));
    let affordable = affordable(records);
    let mut accepted: Vec<(f64, Vec<Part>)> = Vec::new();
    let mut open: Vec<Vec<usize>> = vec![Vec::new()];
    for size in 0..=MOST_PARTS {
        let pairs: Vec<f64> = open.par_iter().map(|parts| sample.pairs(parts)).collect();
        let (mut fits, mut loose) = (Vec::new(), Vec::new());
        for (parts, pairs) in open.iter().zip(pairs) {
            if pairs <= affordable * OF_ONE_RULE { fits.push((pairs, parts)) } else { loose.push(parts.clone()) }
        }
        accepted.extend(fits.iter().map(|(pairs, parts)| (*pairs, parts.iter().map(|at| sample.parts[*at]).collect())));
        if size < MOST_PARTS {
            open = refined(&sample.parts, &loose, &accepted);
        }
    }
    accepted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = affordable;
    let rules = accepted.into_iter().take_while(|(pairs, _)| {
        left -= pairs;
        left >= 0.0
    });
    rules.take(MOST_RULES).map(|(_, parts)| Rule { parts }).collect()
}

/// Pairs that a job of these records can afford.
pub(crate) fn affordable(records: &Records) -> f64 {
    AFFORDABLE + A_RECORD * records.len() as f64
}

/// About how many pairs a scheme's rules find, each for itself.
pub(crate) fn estimate(scheme: &Scheme, records: &Records, population: &Population) -> f64 {
    let mut parts: Vec<Part> = Vec::new();
    let mut place = |part: &Part| {
        let known = parts.iter().position(|known| known == part);
        known.unwrap_or_else(|| {
            parts.push(*part);
            parts.len() - 1
        })
    };
    let rules: Vec<Vec<usize>> = scheme.rules.iter().map(|rule| rule.parts.iter().map(&mut place).collect()).collect();
    let sample = Sample::new(scheme, records, population, parts);
    // Sums of floats depend on their order: one after the other.
    let pairs = |rule: &Vec<usize>| if rule.is_empty() { population.pairs() } else { sample.pairs(rule) };
    rules.par_iter().map(pairs).collect::<Vec<_>>().iter().sum()
}

/// Each loose rule with one part more, where no accepted rule covers it already.
fn refined(parts: &[Part], loose: &[Vec<usize>], accepted: &[(f64, Vec<Part>)]) -> Vec<Vec<usize>> {
    let mut refined = Vec::new();
    for rule in loose {
        let from = rule.last().map_or(0, |last| last + 1);
        for more in from..parts.len() {
            let implied = |at: &usize| parts[*at].implies(parts[more]) || parts[more].implies(parts[*at]);
            if rule.iter().any(implied) {
                continue;
            }
            let finer: Vec<usize> = rule.iter().copied().chain([more]).collect();
            let named: Vec<Part> = finer.iter().map(|at| parts[*at]).collect();
            let covered = accepted.iter().any(|(_, looser)| Rule { parts: looser.clone() }.follows_from(&named));
            if !covered {
                refined.push(finer);
            }
        }
    }
    refined
}

/// What of each field may serve, loosest first.
fn parts(scheme: &Scheme) -> Vec<Part> {
    use PartOf::{Mailbox, MonthDay, Range, Sounds, Whole, Year};
    let of = |role: Role| -> &'static [PartOf] {
        match role {
            Role::Name => &[Range(0, 1), Sounds],
            Role::Surname | Role::GivenName => &[Sounds],
            Role::BirthDate => &[Year, MonthDay, Whole],
            Role::AreaCode => &[Range(0, 6), Range(0, 9), Whole],
            Role::Postcode => &[Range(0, 3), Whole],
            Role::Email => &[Mailbox],
            Role::IdNumber | Role::Phone | Role::Address | Role::Text | Role::HouseholdNo => &[Whole],
            // Too little to go by.
            Role::Sex | Role::Number | Role::Ignore => &[],
        }
    };
    let fields = scheme.fields.iter().enumerate();
    fields.flat_map(|(field, about)| of(about.role).iter().map(move |of| Part { field, of: *of })).collect()
}

/// Some records of each input with the keys of all parts.
struct Sample<'a> {
    parts: Vec<Part>,
    /// For each input: its records' keys, one row a record, and how many records stand for each.
    inputs: Vec<(Vec<u64>, f64)>,
    population: &'a Population,
}

impl<'a> Sample<'a> {
    fn new(scheme: &Scheme, records: &Records, population: &'a Population, parts: Vec<Part>) -> Self {
        let input = |rows: &[u32]| {
            let len = u64::from(rows[1] - rows[0]);
            let every = len.div_ceil(SAMPLE).max(1);
            let chosen = (rows[0]..rows[1]).into_par_iter().filter(|row| mixed(u64::from(*row)).is_multiple_of(every));
            let keys = |row: u32| {
                let record = records.get(row as usize);
                parts.iter().map(move |part| part_key(scheme, *part, record)).collect::<Vec<_>>()
            };
            let keys: Vec<u64> = chosen.flat_map_iter(keys).collect();
            let rows = (keys.len() / parts.len().max(1)).max(1);
            (keys, len as f64 / rows as f64)
        };
        let inputs = population.starts.windows(2).map(input).collect();
        Self { parts, inputs, population }
    }

    /// About how many pairs agree on all these parts.
    fn pairs(&self, parts: &[usize]) -> f64 {
        let mut keys: Vec<(u64, u32)> = Vec::new();
        let width = self.parts.len();
        for (input, (rows, _)) in self.inputs.iter().enumerate() {
            for row in rows.chunks_exact(width.max(1)) {
                let key = parts.iter().fold(1u64, |key, part| match row[*part] {
                    0 => 0,
                    more => mixed(key ^ more) * u64::from(key != 0),
                });
                if key != 0 {
                    keys.push((key, input as u32));
                }
            }
        }
        keys.sort_unstable();
        let mut here: Vec<(f64, f64)> = self.inputs.iter().map(|(_, scale)| (0.0, *scale)).collect();
        let mut pairs = 0.0;
        for run in keys.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            here.iter_mut().for_each(|(rows, _)| *rows = 0.0);
            run.iter().for_each(|(_, input)| here[*input as usize].0 += 1.0);
            pairs += self.population.link.pairs_of(&here);
        }
        pairs
    }
}
