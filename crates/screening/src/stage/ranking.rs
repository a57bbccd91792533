//! What comes first, and what waits: true before undetermined, families nobody helps yet before those on a list,
//! then by [`Points`](super::Points); within a village's budget of a month the rest is deferred.

use super::finding::{Finding, Findings};
use super::reading::facts_read;
use facts::records::HouseholdId;
use rulebook::{Asserts, ParameterValue, RuleSet};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use values::Truth;

/// Lists that mean somebody already looks after the family.
const LISTS: [&str; 5] =
    ["monitored", "receives_dibao", "receives_dibao_margin", "receives_tekun", "receives_expenditure_hardship"];
/// How many families a village is asked to look at in a month.
const BUDGET: &str = "alerts_a_village_and_month";
const FURTHER_SOURCE: i32 = 5;
const MOST_FOR_SOURCES: i32 = 20;
const IN_DOUBT: i32 = -10;

/// What decides where a finding stands among all of a county's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Order {
    undetermined: bool,
    listed: bool,
    points: Reverse<i32>,
    household: HouseholdId,
    rule: u16,
}

impl Findings<'_> {
    /// What decides where each of them stands, in their order.
    pub fn orders(&self) -> impl Iterator<Item = Order> {
        self.list.iter().map(|finding| self.order(finding))
    }

    fn order(&self, finding: &Finding) -> Order {
        Order {
            undetermined: finding.outcome == Truth::Undetermined,
            listed: finding.listed,
            points: Reverse(finding.points.sum()),
            household: self.household_of(finding),
            rule: finding.rule as u16,
        }
    }

    /// Takes the ranks over the whole county, as [`ranks`] gave them.
    pub fn rank(&mut self, ranks: &[u32]) {
        self.list.iter_mut().zip(ranks).for_each(|(finding, rank)| finding.rank = *rank);
    }
}

/// The rank over the whole county of each finding of each part of it, given their orders.
#[must_use]
pub fn ranks(parts: &[Vec<Order>]) -> Vec<Vec<u32>> {
    let mut ranks: Vec<Vec<u32>> = parts.iter().map(|part| Vec::with_capacity(part.len())).collect();
    let mut fronts: BinaryHeap<Reverse<(Order, usize)>> =
        parts.iter().enumerate().filter_map(|(at, part)| Some(Reverse((*part.first()?, at)))).collect();
    let mut rank = 0;
    while let Some(Reverse((_, at))) = fronts.pop() {
        rank += 1;
        ranks[at].push(rank);
        fronts.extend(parts[at].get(ranks[at].len()).map(|next| Reverse((*next, at))));
    }
    ranks
}

pub(super) fn rank(findings: &mut Findings<'_>) {
    give_points(findings);
    let mut list = std::mem::take(&mut findings.list);
    list.sort_unstable_by_key(|finding| findings.order(finding));
    findings.list = list;
    for (finding, rank) in findings.list.iter_mut().zip(1..) {
        finding.rank = rank;
    }
    defer(findings);
}

fn give_points(findings: &mut Findings<'_>) {
    let records = records_of_rules(findings);
    let asserts: Vec<usize> = findings.rules.iter().map(|rule| rule.asserts as usize).collect();
    let households = findings.population.households;
    let mut speaking = vec![[0u32; 4]; households.len()];
    for finding in findings.list.iter().filter(|finding| finding.outcome == Truth::True) {
        speaking[finding.household as usize][asserts[finding.rule]] |= records[finding.rule];
    }
    let holds = |name: &str, row: usize| households.flag(name, row) == Truth::True;
    for finding in &mut findings.list {
        let (rule, row) = (findings.rules[finding.rule], finding.household as usize);
        finding.points.severity = i32::from(rule.weight);
        if finding.outcome == Truth::True {
            let kinds = speaking[row][asserts[finding.rule]].count_ones() as i32;
            finding.points.sources = (FURTHER_SOURCE * (kinds - 1)).clamp(0, MOST_FOR_SOURCES);
        }
        if holds("membership_doubt", row) || holds("value_doubt", row) {
            finding.points.certainty = IN_DOUBT;
        }
        finding.listed = rule.asserts == Asserts::AtRisk && LISTS.iter().any(|name| holds(name, row));
    }
}

/// For each rule the kinds of records behind its facts, as bits.
fn records_of_rules(findings: &Findings<'_>) -> Vec<u32> {
    let mut known: Vec<&str> = Vec::new();
    let mut bit = |record: &'static str| {
        let at = known.iter().position(|name| *name == record).unwrap_or_else(|| {
            known.push(record);
            known.len() - 1
        });
        1u32.checked_shl(at as u32).unwrap_or_default()
    };
    let rules = findings.rules.iter().map(|rule| {
        let records = facts_read(rule).into_iter().flat_map(|fact| fact.records);
        records.fold(0, |bits, record| bits | bit(record))
    });
    rules.collect()
}

/// A village sees so many families a month; all findings of one family go together. Doubts about data go to the
/// offices that own the data and cost the village nothing, nor do families somebody looks after already.
fn defer(findings: &mut Findings<'_>) {
    let line = findings
        .policy
        .find_parameter(BUDGET)
        .and_then(|budget| budget.line(findings.plan.region(), findings.plan.as_of()));
    let Some(ParameterValue::Amount(budget)) = line.map(|line| &line.value) else { return };
    let villages = findings.population.households.area("village");
    let mut seen: FxHashMap<u64, FxHashSet<u32>> = FxHashMap::default();
    for finding in &mut findings.list {
        let alert =
            finding.outcome == Truth::True && !finding.listed && findings.rules[finding.rule].set != RuleSet::Doubt;
        if !alert {
            continue;
        }
        let village = villages.get(finding.household as usize).map_or(0, |area| area.0);
        let families = seen.entry(village).or_default();
        if families.len() as i64 >= *budget && !families.contains(&finding.household) {
            finding.deferred = true;
        } else {
            families.insert(finding.household);
        }
    }
}
