use crate::problem::Place;
use crate::{Entity, Kind, Problem, Words, read};
use serde::{Deserialize, Serialize};
use values::{Day, Validity};

/// A set of rules with the parameters they need.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) version: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) derived: Vec<Derived>,
    /// Columns that the policy itself names, for `rules apply`.
    pub(crate) facts: Vec<crate::Fact>,
    pub(crate) apply: Option<crate::apply::Layout>,
}

impl Policy {
    /// Reads a policy out of its files, as (path, text); the order of files doesn't matter.
    ///
    /// # Errors
    /// Everything that can be found wrong without knowing the facts, all at once.
    pub fn parse<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Result<Self, Vec<Problem>> {
        let (policy, problems) = read::policy(files);
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// What `policy.toml` says, else a digest of all files.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All rules, sorted by id, then as they stand in the files.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All parameters, sorted by name.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    #[must_use]
    pub fn derived(&self) -> &[Derived] {
        &self.derived
    }

    #[must_use]
    pub fn find_parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// The rules that hold for a region on a day, in the order of [`Policy::rules`].
    #[must_use]
    pub fn rules_in_force(&self, region: &str, day: Day) -> Vec<&Rule> {
        let mut found: Vec<(usize, &Rule)> = Vec::new();
        for rule in &self.rules {
            let Some(length) = rule.reach(region, day) else { continue };
            match found.last_mut() {
                Some((best, last)) if last.id == rule.id => {
                    if length > *best {
                        (*best, *last) = (length, rule);
                    }
                }
                _ => found.push((length, rule)),
            }
        }
        found.into_iter().map(|(_, rule)| rule).collect()
    }
}

/// Which question a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    Doubt,
    Risk,
    Gap,
    Means,
}

/// What a true finding says of its household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asserts {
    AtRisk,
    Ineligible,
    Eligible,
    Doubt,
}

/// One rule, in one version.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub version: u32,
    pub set: RuleSet,
    pub entity: Entity,
    pub asserts: Asserts,
    pub programme: Option<String>,
    /// Place-code prefixes; `*` is everywhere.
    pub regions: Vec<String>,
    pub validity: Validity,
    pub legal_basis: String,
    /// 1–100.
    pub weight: u8,
    pub title: Words,
    /// The rule in words.
    pub about: Words,
    pub message: Words,
    pub question: Option<Words>,
    pub not_meant: TextRef,
    pub can_do: TextRef,
    /// A parameter of unit `words`.
    pub decides: String,
    /// A parameter of unit `days`.
    pub deadline: String,
    /// As written; absent = everybody.
    pub applies: Option<Source>,
    /// As written: where an undetermined answer is worth a question; absent = everywhere.
    pub asks: Option<Source>,
    pub condition: Source,
    pub(crate) place: Place,
}

impl Rule {
    /// The length of the longest region prefix by which the rule holds; `None` where it doesn't hold.
    fn reach(&self, region: &str, day: Day) -> Option<usize> {
        if !self.validity.contains(day) {
            return None;
        }
        self.regions.iter().filter_map(|prefix| reach(prefix, region)).max()
    }

    /// The file it stands in.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.place.file
    }
}

/// Words on the spot, or the name of a parameter of unit `words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRef {
    Here(Words),
    Parameter(String),
}

/// An SQL expression: its text and what was parsed from it.
#[derive(Clone, Debug)]
pub struct Source {
    pub text: String,
    pub(crate) sql: sqlparser::ast::Expr,
}

/// What the law or a county sets, by region and period.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub unit: String,
    /// For a table of steps: the unit of what is looked up.
    pub over: Option<String>,
    pub title: Words,
    pub lines: Vec<Line>,
    pub(crate) kind: ParameterKind,
    pub(crate) place: Place,
}

impl Parameter {
    /// The line that holds for a region on a day: of several the one with the longest prefix.
    #[must_use]
    pub fn line(&self, region: &str, day: Day) -> Option<&Line> {
        self.lines
            .iter()
            .filter(|line| line.validity.contains(day))
            .filter_map(|line| Some((reach(&line.region, region)?, line)))
            .max_by_key(|(length, _)| *length)
            .map(|(_, line)| line)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    Single(Kind),
    List(Kind),
    Words,
    Band { from: Kind, to: Kind },
}

/// One value of a parameter: where and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub region: String,
    pub validity: Validity,
    pub value: ParameterValue,
    pub legal_basis: String,
    pub status: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// Fen, ten-thousandths, whole things or days, by the parameter's unit.
    Amount(i64),
    Flag(bool),
    Code(String),
    Codes(Vec<String>),
    Numbers(Vec<i64>),
    Words(Words),
    /// Steps as (from, value), ascending.
    Steps(Vec<(i64, i64)>),
}

/// A fact that the policy computes from others.
#[derive(Clone, Debug)]
pub struct Derived {
    pub name: String,
    pub entity: Entity,
    pub unit: String,
    pub title: Words,
    pub expression: Source,
    pub(crate) place: Place,
}

/// How far a prefix reaches: its length when it covers the region, `*` being the shortest.
pub(crate) fn reach(prefix: &str, region: &str) -> Option<usize> {
    if prefix == "*" {
        return Some(0);
    }
    region.starts_with(prefix).then_some(prefix.len())
}
