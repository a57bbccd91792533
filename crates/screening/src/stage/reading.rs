//! Which facts and parameters a rule reads, by its texts.

use facts::{Entity, Fact, Kind, find};
use rulebook::Rule;
use std::collections::BTreeSet;

/// The facts that a rule's condition and population read, each once, in the order of reading.
#[must_use]
pub fn facts_read(rule: &Rule) -> Vec<&'static Fact> {
    let mut facts: Vec<&'static Fact> = Vec::new();
    let own = match rule.entity {
        rulebook::Entity::Household => [Entity::Household, Entity::Person],
        rulebook::Entity::Person => [Entity::Person, Entity::Household],
    };
    for source in rule.applies.iter().chain([&rule.condition]) {
        for name in words(&source.text) {
            let fact = match name.strip_prefix("household.") {
                Some(name) => find(Entity::Household, name),
                None => own.iter().find_map(|entity| find(*entity, name)),
            };
            if let Some(fact) = fact
                && facts.iter().all(|known| !std::ptr::eq(*known, fact))
            {
                facts.push(fact);
            }
        }
    }
    facts
}

/// The kinds of record a rule's facts come from; who belongs to a family stands behind all of them, and isn't counted.
#[must_use]
pub fn records_read(rule: &Rule) -> BTreeSet<&'static str> {
    let records = facts_read(rule).into_iter().flat_map(|fact| fact.records).copied();
    records.filter(|record| *record != "household_member").collect()
}

/// Whether a rule reasons over time: it reads the day of something, for how many months something was so, or how
/// something was in an earlier period.
#[must_use]
pub fn reasons_over_time(rule: &Rule) -> bool {
    let over_time =
        |fact: &Fact| matches!(fact.kind, Kind::Day | Kind::Count("months")) || fact.name.ends_with("_before");
    facts_read(rule).into_iter().any(over_time)
}

/// The parameters that a rule's expressions and texts name.
pub(super) fn parameters_read(rule: &Rule) -> Vec<&str> {
    let sources = rule.applies.iter().chain([&rule.condition]);
    let quoted =
        sources.flat_map(|source| source.text.split("param('").skip(1).filter_map(|rest| rest.split('\'').next()));
    let braced = rule.message.zh.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let mut names: Vec<&str> = quoted.chain(braced).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The names in an expression; what stands in quotes is none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let bare = text.split('\'').step_by(2);
    bare.flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')))
        .filter(|word| !word.is_empty())
}
