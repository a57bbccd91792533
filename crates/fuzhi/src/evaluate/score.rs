//! Counting: a run's links, members and findings held against the truth, as contract §6 defines it.
//! Everything here is numbers into lists; reading files is the parent's.

use poverty::{Counts, Proportion};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::collections::BTreeMap;

/// A list of names, each known by its place in it, in order of first appearance.
#[derive(Default)]
pub struct Names {
    list: Vec<String>,
    places: FxHashMap<String, u32>,
}

impl Names {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.list.len() as u32;
        self.list.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    pub fn name(&self, place: u32) -> &str {
        &self.list[place as usize]
    }
}

/// One record whose person is known: the true person, and the run's person (`None` stands alone).
pub struct ScoredRecord {
    pub truth: u32,
    pub run: Option<u32>,
}

#[derive(Serialize)]
pub struct LinkScore {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Pairs of records of one person: right when the run says so and it is so.
pub fn links(records: &[ScoredRecord]) -> LinkScore {
    let pairs = |n: u64| n * (n.saturating_sub(1)) / 2;
    let (mut by_truth, mut by_run, mut by_both) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
    for record in records {
        *by_truth.entry(record.truth).or_insert(0u64) += 1;
        if let Some(run) = record.run {
            *by_run.entry(run).or_insert(0u64) += 1;
            *by_both.entry((record.truth, run)).or_insert(0u64) += 1;
        }
    }
    let total = |counts: &mut dyn Iterator<Item = u64>| counts.map(pairs).sum::<u64>();
    let right = total(&mut by_both.values().copied());
    let counts = Counts {
        right,
        wrong: total(&mut by_run.values().copied()) - right,
        missed: total(&mut by_truth.values().copied()) - right,
    };
    LinkScore { precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
}

/// For each of the first list's members the one of the second it appears with most often; ties go to the one
/// whose name sorts first.
pub fn most_often(pairs: impl Iterator<Item = (u32, u32)>, names: &Names) -> FxHashMap<u32, u32> {
    let mut counts: FxHashMap<(u32, u32), u64> = FxHashMap::default();
    for pair in pairs {
        *counts.entry(pair).or_default() += 1;
    }
    let mut best: FxHashMap<u32, (u64, u32)> = FxHashMap::default();
    for ((of, candidate), count) in counts {
        let entry = best.entry(of).or_insert((count, candidate));
        let better = count > entry.0 || (count == entry.0 && names.name(candidate) < names.name(entry.1));
        if better {
            *entry = (count, candidate);
        }
    }
    best.into_iter().map(|(of, (_, candidate))| (of, candidate)).collect()
}

/// What is true of a household.
pub struct TrueHousehold {
    pub at_risk: bool,
    pub at_risk_knowable: bool,
    pub listed: Vec<String>,
    pub wrongly_listed: Vec<String>,
    pub wrongly_listed_knowable: Vec<String>,
}

/// A finding of the run that asserts something which can be right or wrong.
pub struct Assertion {
    pub rule: String,
    /// The true household of the run's, where it has one.
    pub household: Option<u32>,
    /// The run's household: what maps to none counts once each.
    pub run_household: u32,
    /// The programme for `ineligible`, `None` for `at_risk`.
    pub programme: Option<String>,
}

#[derive(Serialize)]
pub struct Score {
    pub precision: f64,
    pub recall: f64,
    pub recall_knowable: f64,
    pub f1: f64,
    pub baseline_f1: f64,
}

#[derive(Serialize)]
pub struct RuleScore {
    pub rule: String,
    pub r#true: u64,
    pub right: u64,
    pub precision: f64,
}

#[derive(Serialize)]
pub struct Interval {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl From<Proportion> for Interval {
    fn from(p: Proportion) -> Self {
        Self { value: p.value, low: p.low, high: p.high }
    }
}

/// What is held against the truth: a household at risk, or a household's place on one programme's list.
type Flag = (u32, Option<String>);

/// Counts over distinct flags. `unmapped` are flagged households that are nobody's: each is wrong.
fn count(flags: &FxHashSet<Flag>, unmapped: u64, so: &FxHashSet<Flag>) -> Counts {
    let right = flags.intersection(so).count() as u64;
    Counts { right, wrong: flags.len() as u64 - right + unmapped, missed: so.len() as u64 - right }
}

/// Everything the truth says can be flagged, all of it and the knowable part.
pub struct Truths {
    pub all: FxHashSet<Flag>,
    pub knowable: FxHashSet<Flag>,
    /// Pairs that count at all; `None`: every household does.
    pub countable: Option<FxHashSet<Flag>>,
}

impl Truths {
    pub fn at_risk(households: &[TrueHousehold]) -> Self {
        let flags = |so: fn(&TrueHousehold) -> bool| {
            households.iter().enumerate().filter(|(_, h)| so(h)).map(|(i, _)| (i as u32, None)).collect()
        };
        Self { all: flags(|h| h.at_risk), knowable: flags(|h| h.at_risk && h.at_risk_knowable), countable: None }
    }

    pub fn wrongly_listed(households: &[TrueHousehold]) -> Self {
        let flags = |programmes: fn(&TrueHousehold) -> &Vec<String>| {
            let each = households.iter().enumerate();
            each.flat_map(|(i, h)| programmes(h).iter().map(move |p| (i as u32, Some(p.clone())))).collect()
        };
        Self {
            all: flags(|h| &h.wrongly_listed),
            knowable: flags(|h| &h.wrongly_listed_knowable),
            countable: Some(flags(|h| &h.listed)),
        }
    }

    fn counts_at_all(&self, flag: &Flag) -> bool {
        self.countable.as_ref().is_none_or(|countable| countable.contains(flag))
    }

    fn flags<'a>(&self, assertions: impl Iterator<Item = &'a Assertion>) -> (FxHashSet<Flag>, u64) {
        let mut flags = FxHashSet::default();
        let mut unmapped = FxHashSet::default();
        for assertion in assertions {
            match assertion.household {
                Some(household) => {
                    let flag = (household, assertion.programme.clone());
                    if self.counts_at_all(&flag) {
                        flags.insert(flag);
                    }
                }
                None if self.countable.is_none() => {
                    unmapped.insert(assertion.run_household);
                }
                None => {}
            }
        }
        (flags, unmapped.len() as u64)
    }

    /// The run's assertions and the one-line baseline's, held against this truth.
    pub fn score(&self, run: &[Assertion], baseline: &[Assertion]) -> (Score, Counts) {
        let (flags, unmapped) = self.flags(run.iter());
        let counts = count(&flags, unmapped, &self.all);
        let knowable = count(&flags, unmapped, &self.knowable);
        let (flags, unmapped) = self.flags(baseline.iter());
        let score = Score {
            precision: counts.precision(),
            recall: counts.recall(),
            recall_knowable: knowable.recall(),
            f1: counts.f1(),
            baseline_f1: count(&flags, unmapped, &self.all).f1(),
        };
        (score, counts)
    }

    pub fn by_rule(&self, run: &[Assertion]) -> Vec<RuleScore> {
        let mut rules: BTreeMap<&str, Vec<&Assertion>> = BTreeMap::new();
        for assertion in run {
            rules.entry(&assertion.rule).or_default().push(assertion);
        }
        let score = |(rule, assertions): (&str, Vec<&Assertion>)| {
            let (flags, unmapped) = self.flags(assertions.into_iter());
            let counts = count(&flags, unmapped, &self.all);
            let told = counts.right + counts.wrong;
            RuleScore { rule: rule.to_owned(), r#true: told, right: counts.right, precision: counts.precision() }
        };
        rules.into_iter().map(score).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(truth: u32, run: Option<u32>) -> ScoredRecord {
        ScoredRecord { truth, run }
    }

    #[test]
    fn pairs_of_links_are_counted_by_hand() {
        // Three records of person 0, two of person 1. The run joins two of the first and mixes one of each.
        let records = [record(0, Some(7)), record(0, Some(7)), record(0, Some(8)), record(1, Some(8)), record(1, None)];
        let score = links(&records);
        assert!((score.precision - 0.5).abs() < 1e-9, "of the two pairs told one is right");
        assert!((score.recall - 0.25).abs() < 1e-9, "of four true pairs one is told");
    }

    #[test]
    fn ties_go_to_the_smallest_name() {
        let mut names = Names::default();
        let (b, a) = (names.number("b"), names.number("a"));
        assert_eq!(most_often([(0, b), (0, a)].into_iter(), &names)[&0], a);
        assert_eq!(most_often([(0, b), (0, a), (0, b)].into_iter(), &names)[&0], b);
    }

    #[test]
    fn each_true_household_counts_once_and_nobodys_household_is_wrong() {
        let so = |at_risk| TrueHousehold {
            at_risk,
            at_risk_knowable: at_risk,
            listed: vec!["dibao".into()],
            wrongly_listed: Vec::new(),
            wrongly_listed_knowable: Vec::new(),
        };
        let truth = Truths::at_risk(&[so(true), so(false), so(true)]);
        let told = |household, run_household| Assertion { rule: "r".into(), household, run_household, programme: None };
        let run = [told(Some(0), 1), told(Some(0), 2), told(Some(1), 3), told(None, 4)];
        let (score, counts) = truth.score(&run, &[]);
        assert_eq!(counts, Counts { right: 1, wrong: 2, missed: 1 });
        assert!((score.recall_knowable - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_programme_the_household_is_not_on_does_not_count() {
        let household = TrueHousehold {
            at_risk: false,
            at_risk_knowable: false,
            listed: vec!["dibao".into()],
            wrongly_listed: vec!["dibao".into()],
            wrongly_listed_knowable: Vec::new(),
        };
        let told = |programme: &str| Assertion {
            rule: "r".into(),
            household: Some(0),
            run_household: 0,
            programme: Some(programme.into()),
        };
        let (_, counts) = Truths::wrongly_listed(&[household]).score(&[told("dibao"), told("dibao_margin")], &[]);
        assert_eq!(counts, Counts { right: 1, wrong: 0, missed: 0 });
    }
}
