//! The policy that is compiled into the program, and the dictionary of facts its rules may read.

use facts::{Entity, Fact, HOUSEHOLD, Kind, PERSON};
use rulebook::Words;

macro_rules! files {
    ($($path:literal)*) => {
        /// The files of `policy/`, as (path, text): what a run uses when no other folder is named.
        pub const POLICY: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../../../policy/", $path)))),*];
    };
}

files! {
    "parameters/lines.toml"
    "parameters/missing.toml"
    "parameters/people.toml"
    "parameters/quality.toml"
    "parameters/regimes.toml"
    "parameters/signals.toml"
    "parameters/unset.toml"
    "policy.toml"
    "rules/doubt.toml"
    "rules/gap.toml"
    "rules/means.toml"
    "rules/risk.toml"
}

/// Every fact of households and persons, as rules know it.
#[must_use]
pub fn dictionary() -> Vec<rulebook::Fact> {
    HOUSEHOLD.iter().chain(&PERSON).map(fact).collect()
}

fn fact(fact: &Fact) -> rulebook::Fact {
    let entity = match fact.entity {
        Entity::Household => rulebook::Entity::Household,
        Entity::Person => rulebook::Entity::Person,
    };
    let (kind, codes) = match fact.kind {
        Kind::Money => (rulebook::Kind::Money, &[][..]),
        Kind::Number(_) => (rulebook::Kind::Number, &[][..]),
        Kind::Count(_) => (rulebook::Kind::Count, &[][..]),
        Kind::Flag => (rulebook::Kind::Flag, &[][..]),
        Kind::Code(codes) => (rulebook::Kind::Code, codes),
        Kind::Day => (rulebook::Kind::Day, &[][..]),
        Kind::Area => (rulebook::Kind::Area, &[][..]),
        Kind::Text => (rulebook::Kind::Text, &[][..]),
    };
    let known = rulebook::Fact::new(fact.name, entity, kind, Words::new(fact.zh, fact.en))
        .with_unit(fact.kind.unit_name())
        .with_codes(codes.iter().copied());
    if fact.from_query_answer { known.from_query_answers() } else { known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_has_nothing_wrong() {
        let problems = rulebook::check(POLICY, &dictionary());
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}
