//! Reads `policy/retention.toml` and holds it to account.

use kernel::World;
use kernel::retention::{About, Keep};
use serde::Deserialize;
use std::collections::BTreeSet;
use values::{Day, Validity};

/// `policy/retention.toml`, as it is built in.
pub const RETENTION: &str = include_str!("../../../policy/retention.toml");
/// Its name in a policy's folder.
pub const PATH: &str = "retention.toml";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    status: Status,
    least_days_of_families: i64,
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// Whether a county has made it its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Example,
    Adopted,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub what: String,
    pub department: Option<String>,
    /// The first digits of the counties' codes; everywhere without.
    #[serde(default)]
    pub region: String,
    #[serde(deserialize_with = "day")]
    valid_from: Day,
    #[serde(default, deserialize_with = "some_day")]
    valid_to: Option<Day>,
    pub keep_days: i64,
    pub legal_basis: String,
    pub title: Title,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    let text = toml::value::Datetime::deserialize(from)?.to_string();
    Day::parse_iso(&text).map_err(|_| serde::de::Error::custom(format!("{text} is no day; write 2026-09-30")))
}

fn some_day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Day>, D::Error> {
    day(from).map(Some)
}

impl Policy {
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|cause| format!("{PATH}: {}", cause.to_string().trim()))
    }

    /// The policy that a program goes by; what can't be read is told by `fuzhi rules check` and removes nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(world: &World) -> kernel::Result<Self> {
        let text = world.retention.as_deref().unwrap_or(RETENTION);
        match check(text).as_slice() {
            [] => Self::parse(text).map_err(kernel::Error::internal),
            wrong => Err(kernel::Error::internal(wrong.join("\n"))),
        }
    }

    /// Whether it may remove what it counts.
    #[must_use]
    pub fn removes(&self, about: About) -> bool {
        self.status == Status::Adopted || about == About::Program
    }

    /// The rule for a kind of thing in a county on a day: the department's own before the general one, the narrowest
    /// region before wider ones.
    #[must_use]
    pub fn rule(&self, (what, department): (&str, &str), county: &str, on: Day) -> Option<&Rule> {
        let suits = |rule: &&Rule| {
            let period = Validity { from: Some(rule.valid_from), to: rule.valid_to };
            let its = rule.department.as_deref().is_none_or(|one| one == department);
            rule.what == what && its && county.starts_with(&rule.region) && period.contains(on)
        };
        self.rules.iter().filter(suits).max_by_key(|rule| (rule.department.is_some(), rule.region.len()))
    }
}

/// Everything that is wrong with a text.
#[must_use]
pub fn check(text: &str) -> Vec<String> {
    let policy = match Policy::parse(text) {
        Ok(policy) => policy,
        Err(sentence) => return vec![sentence],
    };
    let (mut wrong, mut ids) = (Vec::new(), BTreeSet::new());
    for rule in &policy.rules {
        let mut say = |sentence: String| wrong.push(format!("{PATH}: {}: {sentence}", rule.id));
        if !ids.insert(rule.id.as_str()) {
            say("two rules have this id".to_owned());
        }
        if rule.keep_days < 1 {
            say("keep_days is at least 1".to_owned());
        }
        if [&rule.legal_basis, &rule.title.zh, &rule.title.en].iter().any(|text| text.trim().is_empty()) {
            say("legal_basis, title.zh and title.en say something".to_owned());
        }
        match crate::keeps().find(|keep| keep.what == rule.what) {
            None => say(format!("nothing of this kind is kept: {}; {}", rule.what, known())),
            Some(Keep { about, .. }) => {
                if *about != About::Program && rule.keep_days < policy.least_days_of_families {
                    say(format!("what speaks of families is kept {} days at least", policy.least_days_of_families));
                }
                if *about != About::Departments && rule.department.is_some() {
                    say(format!("{} isn't told apart by department", rule.what));
                }
            }
        }
    }
    for (at, one) in policy.rules.iter().enumerate() {
        let clash = policy.rules[..at].iter().find(|other| {
            (&other.what, &other.department, &other.region) == (&one.what, &one.department, &one.region)
                && other.valid_to.is_none_or(|to| one.valid_from <= to)
                && one.valid_to.is_none_or(|to| other.valid_from <= to)
        });
        if let Some(other) = clash {
            wrong.push(format!("{PATH}: {}: {} says how long {} is kept at the same time", one.id, other.id, one.what));
        }
    }
    wrong
}

fn known() -> String {
    crate::keeps().map(|keep| keep.what).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_has_nothing_wrong_and_a_rule_for_everything() {
        assert_eq!(check(RETENTION), Vec::<String>::new());
        let (policy, today) = (Policy::parse(RETENTION).unwrap(), Day::parse_iso("2026-09-30").unwrap());
        for keep in crate::keeps() {
            assert!(policy.rule((keep.what, ""), "539901", today).is_some(), "{} is kept for ever", keep.what);
            assert_eq!(policy.removes(keep.about), keep.about == About::Program, "an example removes no family's");
        }
    }

    #[test]
    fn the_departments_own_rule_and_the_narrowest_region_come_first() {
        let county = "[[rule]]\nid = \"own\"\nwhat = \"notices\"\nregion = \"539901\"\nvalid_from = 2026-01-01\n\
                      valid_to = 2026-12-31\nkeep_days = 400\nlegal_basis = \"x\"\ntitle = { zh = \"x\", en = \"x\" }\n";
        let policy = Policy::parse(&format!("{RETENTION}\n{county}")).unwrap();
        let days =
            |what, county, day: &str| policy.rule(what, county, Day::parse_iso(day).unwrap()).map(|one| one.keep_days);
        assert_eq!(days(("rejects", "medical_insurance"), "539901", "2026-09-30"), Some(180));
        assert_eq!(days(("rejects", "schools"), "539901", "2026-09-30"), Some(365));
        assert_eq!(days(("notices", ""), "539901", "2026-09-30"), Some(400));
        assert_eq!(days(("notices", ""), "539902", "2026-09-30"), Some(1095));
        assert_eq!(days(("notices", ""), "539901", "2027-01-01"), Some(1095));
        assert_eq!(days(("notices", ""), "539901", "2024-12-31"), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_rule() {
        let told = |from: &str, to: &str| {
            assert!(RETENTION.contains(from), "{from}");
            check(&RETENTION.replacen(from, to, 1)).join("\n")
        };
        assert!(
            told("what        = \"notices\"", "what        = \"posters\"")
                .contains("notices: nothing of this kind is kept")
        );
        assert!(
            told("keep_days   = 3650", "keep_days   = 30").contains("papers: what speaks of families is kept 180 days")
        );
        assert!(told("id          = \"jobs\"", "id          = \"sessions\"").contains("two rules have this id"));
        assert!(told("keep_days   = 90", "keep_days   = 0").contains("at least 1"));
        assert!(told("what        = \"papers\"", "what        = \"notices\"").contains("at the same time"));
        assert!(told("status = \"example\"", "status = \"draft\"").contains("retention.toml"));
        let of_notices = "what        = \"notices\"\ndepartment  = \"schools\"";
        assert!(told("what        = \"notices\"", of_notices).contains("isn't told apart by department"));
    }
}
