//! `fuzhi rules tally`: for each rule how often it was true, right and undetermined in a run of a generated county, and
//! which rules count: of those that read the same facts one, and none that was never true or never undetermined.

use super::read::{self, Run, TrueRecord, Truth};
use super::{score, true_households};
use anyhow::{Context, Result};
use rulebook::{Asserts, Policy, Rule, RuleSet};
use rustc_hash::{FxHashMap, FxHashSet};
use screening::stage::{facts_read, reasons_over_time, records_read};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

#[derive(Serialize)]
pub struct Tally {
    pub rules: Vec<RuleTally>,
    /// Rules that count.
    pub counted: usize,
    /// Of those, how many read what two or more departments deliver, and how many reason over time.
    pub joining: usize,
    pub over_time: usize,
    /// The share of all persons of whom some record holds a planted slip: what a doubt raised blindly would hit.
    pub slips: f64,
}

#[derive(Serialize)]
pub struct RuleTally {
    pub rule: String,
    pub rule_set: RuleSet,
    pub r#true: u64,
    /// `None` where the truth says nothing of what the rule asks.
    pub right: Option<u64>,
    pub undetermined: u64,
    pub departments: usize,
    pub over_time: bool,
    /// The rule before it that reads the same facts.
    pub same_facts_as: Option<String>,
    pub counts: bool,
}

/// What the run found by one rule: (household, person where one is meant).
#[derive(Default)]
struct Found {
    told: Vec<(u32, Option<u32>)>,
    undetermined: u64,
}

/// Tallies the rules of `policy` over the outputs in `out`, held against the truth in `truth`.
///
/// # Errors
/// When a file is missing or isn't what it should be.
pub fn tally(out: &Path, truth: &Path, policy: &Policy) -> Result<Tally> {
    let run = Run::read(out)?;
    let slips = read::slips(truth)?;
    let truth = Truth::read(truth)?;
    let known = Known::new(&run, &truth, &slips);
    let departments = departments_of_records(out)?;
    let found = found(&run);
    let nothing = Found::default();
    let mut seen: BTreeMap<BTreeSet<&str>, String> = BTreeMap::new();
    let mut rules = Vec::new();
    for rule in policy.rules() {
        let found = found.get(rule.id.as_str()).unwrap_or(&nothing);
        let answered = !found.told.is_empty() && found.undetermined > 0;
        let facts: BTreeSet<&str> = facts_read(rule).iter().map(|fact| fact.name).collect();
        let same_facts_as = seen.get(&facts).cloned();
        let counts = answered && same_facts_as.is_none();
        if counts {
            seen.insert(facts, rule.id.clone());
        }
        let delivered = records_read(rule).into_iter().filter_map(|record| departments.get(record)).flatten();
        rules.push(RuleTally {
            rule: rule.id.clone(),
            rule_set: rule.set,
            r#true: found.told.len() as u64,
            right: known.right(rule, &found.told),
            undetermined: found.undetermined,
            departments: delivered.collect::<BTreeSet<_>>().len(),
            over_time: reasons_over_time(rule),
            same_facts_as,
            counts,
        });
    }
    let count = |holds: fn(&RuleTally) -> bool| rules.iter().filter(|one| one.counts && holds(one)).count();
    let (counted, joining) = (count(|_| true), count(|one| one.departments >= 2));
    Ok(Tally { counted, joining, over_time: count(|one| one.over_time), slips: known.slips(), rules })
}

fn found(run: &Run) -> FxHashMap<&str, Found> {
    let mut found: FxHashMap<&str, Found> = FxHashMap::default();
    for finding in &run.findings {
        let of_rule = found.entry(finding.rule.as_str()).or_default();
        if finding.is_true {
            of_rule.told.push((finding.household, finding.person));
        } else {
            of_rule.undetermined += 1;
        }
    }
    found
}

/// Which departments deliver a kind of record, as the run took it in.
fn departments_of_records(out: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    #[derive(Deserialize)]
    struct Quality {
        deliveries: Vec<Delivery>,
    }
    #[derive(Deserialize)]
    struct Delivery {
        department: String,
        record: String,
    }
    let path = out.join("quality.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let quality: Quality = serde_json::from_str(&text)?;
    let mut departments: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for delivery in quality.deliveries {
        departments.entry(delivery.record).or_default().insert(delivery.department);
    }
    Ok(departments)
}

/// What the truth says of the persons and households of the run.
struct Known<'t> {
    truth: &'t Truth,
    /// The true person, and the true household, of the run's.
    persons: FxHashMap<u32, u32>,
    households: FxHashMap<u32, u32>,
    /// True persons and households of whom some record holds a planted slip.
    slipped: FxHashSet<u32>,
    slipped_households: FxHashSet<u32>,
}

/// The programmes whose lists the truth knows.
const LISTED: [&str; 8] = [
    "dibao",
    "dibao_margin",
    "tekun",
    "expenditure_hardship",
    "temporary",
    "house_renovation",
    "affordable_housing",
    "monitoring",
];

impl<'t> Known<'t> {
    fn new(run: &Run, truth: &'t Truth, slips: &FxHashSet<(String, u32)>) -> Self {
        let people = run.people_of(truth);
        let votes = truth.records.iter().zip(&people).filter_map(|(record, run)| Some(((*run)?, record.person)));
        let names: Vec<&str> = truth.resources.iter().collect();
        let is_slip = |record: &&TrueRecord| slips.contains(&(names[record.resource as usize].to_owned(), record.row));
        let slipped: FxHashSet<u32> = truth.records.iter().filter(is_slip).map(|record| record.person).collect();
        Self {
            truth,
            persons: score::most_often(votes, &truth.people),
            households: true_households(run, truth, &people),
            slipped_households: slipped.iter().filter_map(|person| truth.household_of.get(person)).copied().collect(),
            slipped,
        }
    }

    fn slips(&self) -> f64 {
        let people = self.truth.household_of.keys();
        let slipped = people.filter(|person| self.slipped.contains(person)).count();
        slipped as f64 / self.truth.household_of.len().max(1) as f64
    }

    /// How many of a rule's true findings the truth bears out: a family at risk, or wrongly on a list, is so; one that
    /// may be missing a benefit isn't on that list; of one with a doubt, some record holds a slip.
    fn right(&self, rule: &Rule, told: &[(u32, Option<u32>)]) -> Option<u64> {
        let programme = rule.programme.as_deref().unwrap_or_default();
        if rule.asserts == Asserts::Eligible && !LISTED.contains(&programme) {
            return None;
        }
        let on = |list: &[String]| list.iter().any(|one| one == programme);
        let is_right = |(household, person): &&(u32, Option<u32>)| {
            if let (Asserts::Doubt, Some(person)) = (rule.asserts, person) {
                return self.persons.get(person).is_some_and(|person| self.slipped.contains(person));
            }
            let Some(number) = self.households.get(household) else { return false };
            let household = &self.truth.households[*number as usize];
            match rule.asserts {
                Asserts::AtRisk => household.at_risk,
                Asserts::Ineligible => on(&household.wrongly_listed),
                Asserts::Eligible => !on(&household.listed),
                Asserts::Doubt => self.slipped_households.contains(number),
            }
        };
        Some(told.iter().filter(is_right).count() as u64)
    }
}

const fn set_of(set: RuleSet) -> &'static str {
    match set {
        RuleSet::Doubt => "doubt",
        RuleSet::Risk => "risk",
        RuleSet::Gap => "gap",
        RuleSet::Means => "means",
    }
}

/// What `fuzhi rules tally` prints without `--json`: a table, and which rules count.
#[must_use]
pub fn report(tally: &Tally) -> String {
    let mut text = String::from(
        "| rule | set | true | right | undetermined | departments | over time | counts |\n|---|---|---:|---:|---:|---:|---|---|\n",
    );
    for one in &tally.rules {
        let right = one.right.map_or_else(|| "not in the truth".to_owned(), |right| right.to_string());
        let counts = match (&one.same_facts_as, one.r#true, one.undetermined) {
            (Some(other), ..) => format!("no: reads what {other} reads"),
            (None, 0, _) => "no: never true".to_owned(),
            (None, _, 0) => "no: never undetermined".to_owned(),
            _ => "yes".to_owned(),
        };
        let over_time = if one.over_time { "yes" } else { "" };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {right} | {} | {} | {over_time} | {counts} |",
            one.rule,
            set_of(one.rule_set),
            one.r#true,
            one.undetermined,
            one.departments
        );
    }
    let _ = writeln!(
        text,
        "\n{} of {} rules count; of them {} read what two or more departments deliver, {} reason over time.\n\
         A doubt is right where a record of the person or family holds a planted slip, as of {:.1}% of all persons some \
         record does.",
        tally.counted,
        tally.rules.len(),
        tally.joining,
        tally.over_time,
        tally.slips * 100.0
    );
    text
}
