//! From the answers of rules to findings.

use super::population::Population;
use super::ranking;
use facts::records::{HouseholdId, PersonId};
use rulebook::{Entity, FrameError, Frames, Outcome, Policy, Prepared, Rule, Words};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::ops::Range;
use uuid::Uuid;
use values::Truth;

/// What one rule says of one household.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Derived from household, rule, programme and day: the same finding always has the same one.
    pub id: Uuid,
    /// A row of the household frame.
    pub household: u32,
    /// The rule's number in the plan.
    pub rule: usize,
    /// `True` or `Undetermined`.
    pub outcome: Truth,
    pub points: Points,
    /// The household is monitored or receives assistance already, and the rule asks for just that.
    pub listed: bool,
    /// 1 is the most pressing: among these here until [`Findings::rank`] says it among the county's.
    pub rank: u32,
    /// Beyond its village's budget of this month.
    pub deferred: bool,
    /// Person rows that are meant, among [`Findings::people`]; empty where the household is.
    pub(super) people: Range<u32>,
}

/// What puts a finding where it stands, openly: the sum counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Points {
    /// The rule's weight, 1–100.
    pub severity: i32,
    /// 5 for every further kind of record that speaks the same way of this household, at most 20.
    pub sources: i32,
    /// −10 where the household's members or one of its figures are in doubt.
    pub certainty: i32,
}

impl Points {
    #[must_use]
    pub const fn sum(self) -> i32 {
        self.severity + self.sources + self.certainty
    }
}

impl Tally {
    /// Adds what another part of the county gave for the same rule.
    pub const fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.undetermined += other.undetermined;
        self.asked += other.asked;
    }
}

/// How often a rule was true, undetermined, and asked at all.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    pub rule: String,
    /// Households.
    pub found: u64,
    /// Households.
    pub undetermined: u64,
    /// Rows of the rule's entity.
    pub asked: u64,
}

/// The findings of a county, or of some of its villages, by rank.
pub struct Findings<'a> {
    pub(super) policy: &'a Policy,
    pub(super) plan: &'a Prepared<'a>,
    pub(super) rules: Vec<&'a Rule>,
    pub(super) population: &'a Population<'a>,
    pub(super) frames: Frames<'a>,
    pub list: Vec<Finding>,
    pub(super) people: Vec<u32>,
    /// One a rule in force, in the plan's order.
    pub tallies: Vec<Tally>,
    /// What everybody must know before reading: lines that the region hasn't set for the day.
    pub notices: Vec<Words>,
}

/// Asks every rule in force of every household.
///
/// # Errors
/// When a column of the frames doesn't hold what the dictionary says.
pub fn find<'a>(
    policy: &'a Policy,
    plan: &'a Prepared<'a>,
    population: &'a Population<'a>,
) -> Result<Findings<'a>, FrameError> {
    let frames = Frames::new(population.households, population.persons, population.household_of)?;
    let outcomes = plan.evaluate(&frames)?;
    let rules: Vec<&Rule> = plan.rules().collect();
    let mut findings = Findings {
        policy,
        plan,
        rules,
        population,
        frames,
        list: Vec::new(),
        people: Vec::new(),
        tallies: Vec::new(),
        notices: Vec::new(),
    };
    for outcome in &outcomes {
        findings.take(outcome);
    }
    findings.notices = findings.unset_lines();
    ranking::rank(&mut findings);
    Ok(findings)
}

impl<'a> Findings<'a> {
    /// The rules in force; a finding names its rule by number.
    #[must_use]
    pub fn rules(&self) -> &[&'a Rule] {
        &self.rules
    }

    #[must_use]
    pub fn rule_of(&self, finding: &Finding) -> &'a Rule {
        self.rules[finding.rule]
    }

    #[must_use]
    pub fn household_of(&self, finding: &Finding) -> HouseholdId {
        self.population.household_ids[finding.household as usize]
    }

    /// The person who is meant, where one alone is.
    #[must_use]
    pub fn person_of(&self, finding: &Finding) -> Option<PersonId> {
        match self.people_of(finding) {
            [row] => Some(self.population.person_ids[*row as usize]),
            _ => None,
        }
    }

    /// The person rows a finding speaks of.
    #[must_use]
    pub fn people_of(&self, finding: &Finding) -> &[u32] {
        &self.people[finding.people.start as usize..finding.people.end as usize]
    }

    fn take(&mut self, outcome: &Outcome) {
        let rule = self.rules[outcome.rule];
        let (mut found, mut undetermined) = (0, 0);
        let hits = &outcome.hits;
        let mut next = 0;
        while let Some(hit) = hits.get(next) {
            let household = match rule.entity {
                Entity::Household => hit.row,
                Entity::Person => self.population.household_of[hit.row as usize],
            };
            let same =
                |row: u32| rule.entity == Entity::Person && self.population.household_of[row as usize] == household;
            let end = next + 1 + hits[next + 1..].iter().take_while(|hit| same(hit.row)).count();
            let group = &hits[next..end];
            next = end;
            if household == Frames::NO_HOUSEHOLD {
                continue;
            }
            let truth =
                if group.iter().any(|hit| hit.outcome == Truth::True) { Truth::True } else { Truth::Undetermined };
            match truth {
                Truth::True => found += 1,
                _ => undetermined += 1,
            }
            let start = self.people.len() as u32;
            if rule.entity == Entity::Person {
                self.people.extend(group.iter().filter(|hit| hit.outcome == truth).map(|hit| hit.row));
            }
            let people = start..self.people.len() as u32;
            let id = self.id(household, rule);
            self.list.push(Finding {
                id,
                household,
                rule: outcome.rule,
                outcome: truth,
                points: Points::default(),
                listed: false,
                rank: 0,
                deferred: false,
                people,
            });
        }
        self.tallies.push(Tally { rule: rule.id.clone(), found, undetermined, asked: outcome.asked });
    }

    fn id(&self, household: u32, rule: &Rule) -> Uuid {
        let household = self.population.household_ids[household as usize];
        let mut hasher = Sha256::new();
        hasher.update(household.0.to_be_bytes());
        for part in [rule.id.as_str(), rule.programme.as_deref().unwrap_or_default()] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(self.plan.as_of().0.to_be_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hasher.finalize()[..16]);
        Uuid::new_v8(bytes)
    }

    /// Parameters without a value, and how many rules can't be answered for that.
    fn unset_lines(&self) -> Vec<Words> {
        let mut needed: Vec<(&str, usize)> = Vec::new();
        for (_, names) in self.plan.without_parameters() {
            for name in names {
                match needed.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, rules)) => *rules += 1,
                    None => needed.push((name, 1)),
                }
            }
        }
        needed.sort_unstable();
        let (region, day) = (self.plan.region(), self.plan.as_of());
        let told = needed.into_iter().filter_map(|(name, rules)| {
            let title = &self.policy.find_parameter(name)?.title;
            Some(Words::new(
                format!("地区 {region} 在 {day} 没有定“{}”：有 {rules} 条规则因此判断不了。", title.zh),
                format!(
                    "Region {region} has set no \"{}\" for {day}: {rules} rules can't be answered for that.",
                    title.en
                ),
            ))
        });
        told.collect()
    }
}
