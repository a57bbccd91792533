//! Reads `policy/changes.toml`: who agrees to which change, and how long a split is looked at more closely.

use super::{Approval, Kind, Reason};
use serde::Deserialize;
use std::sync::LazyLock;
use values::Day;

/// `policy/changes.toml`, as it is built in.
pub const CHANGES: &str = include_str!("../../../../policy/changes.toml");

/// What the policy says of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub approval: Approval,
    /// Days from the asking in which decisions about help for both families go one level up.
    pub waits: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "status")]
    _status: String,
    change: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kinds: Vec<Kind>,
    #[serde(default)]
    reasons: Vec<Reason>,
    region: String,
    valid_from: toml::value::Datetime,
    valid_to: Option<toml::value::Datetime>,
    approval: Approval,
    #[serde(default)]
    waits: u32,
    legal_basis: String,
}

/// The rules of a text.
#[derive(Clone, Debug, Default)]
pub struct Policy(Vec<Rule>);

impl Policy {
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|cause| cause.message().to_owned())?;
        for rule in &written.change {
            let named = rule.kinds.first().map_or("?", |kind| kind.code());
            let plain = rule.region == "*" || rule.region.chars().all(|c| c.is_ascii_digit());
            if !plain || rule.region.is_empty() {
                return Err(format!("{named}: region is * or the first digits of a code, not {}", rule.region));
            }
            if rule.legal_basis.trim().is_empty() {
                return Err(format!("{named}: legal_basis says nothing"));
            }
            if rule.kinds.is_empty() || rule.kinds.contains(&Kind::Joined) {
                return Err(format!("{named}: kinds are those somebody can ask for"));
            }
            if let Some(reason) = rule.reasons.iter().find(|one| !rule.kinds.iter().any(|k| k.reasons().contains(one)))
            {
                return Err(format!("{named}: nobody gives {} as its reason", reason.code()));
            }
            if day(rule.valid_from).is_none() || rule.valid_to.is_some_and(|to| day(to).is_none()) {
                return Err(format!("{named}: valid_from and valid_to are days"));
            }
        }
        Ok(Self(written.change))
    }

    /// What holds for a change at a place on a day: the narrowest region, then the entry that names the reason. Where
    /// nothing holds, the county agrees.
    #[must_use]
    pub fn of(&self, kind: Kind, reason: Option<Reason>, place: &str, on: Day) -> Asked {
        let holds = |rule: &&Rule| {
            rule.kinds.contains(&kind)
                && (rule.reasons.is_empty() || reason.is_some_and(|reason| rule.reasons.contains(&reason)))
                && (rule.region == "*" || place.starts_with(&rule.region))
                && day(rule.valid_from).is_some_and(|from| from <= on)
                && rule.valid_to.and_then(day).is_none_or(|to| on <= to)
        };
        let width = |rule: &&Rule| (if rule.region == "*" { 0 } else { rule.region.len() }, !rule.reasons.is_empty());
        self.0.iter().filter(holds).max_by_key(width).map_or(Asked { approval: Approval::County, waits: 0 }, |rule| {
            Asked { approval: rule.approval, waits: rule.waits as i32 }
        })
    }
}

fn day(written: toml::value::Datetime) -> Option<Day> {
    let date = written.date?;
    Day::from_ymd(i16::try_from(date.year).ok()?, date.month as i8, date.day as i8)
}

static BUILT_IN: LazyLock<Policy> = LazyLock::new(|| Policy::parse(CHANGES).unwrap_or_default());

/// The policy that is compiled into the program.
#[must_use]
pub fn built_in() -> &'static Policy {
    &BUILT_IN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn a_marriage_is_not_held_up_and_other_splits_are_looked_at() {
        let policy = Policy::parse(CHANGES).unwrap();
        let of = |reason| policy.of(Kind::Split, Some(reason), "539901001001000", on("2026-10-12"));
        assert_eq!(of(Reason::Marriage), Asked { approval: Approval::Township, waits: 0 });
        assert_eq!(of(Reason::GrownUp), Asked { approval: Approval::County, waits: 180 });
        let unknown = policy.of(Kind::Birth, None, "539901001001000", on("2024-12-31"));
        assert_eq!(unknown.approval, Approval::County);
    }

    #[test]
    fn every_kind_has_an_entry_and_what_is_wrong_is_said() {
        let policy = Policy::parse(CHANGES).unwrap();
        for kind in Kind::ASKED {
            assert!(policy.0.iter().any(|rule| rule.kinds.contains(&kind)), "{kind:?}");
        }
        let wrong = |from: &str, to: &str| Policy::parse(&CHANGES.replacen(from, to, 1)).unwrap_err();
        assert!(wrong("\"birth\"", "\"berth\"").contains("berth"));
        assert!(wrong("[\"marriage\"]", "[\"found_twice\"]").contains("nobody gives found_twice"));
        assert!(wrong("\"*\"", "\"heling\"").contains("heling"));
    }
}
