//! Rules.

use super::{ENTITIES, expression};
use crate::entry::Entry;
use crate::policy::{Rule, Source};
use crate::{Asserts, RuleSet};

const SETS: [(&str, RuleSet); 4] =
    [("doubt", RuleSet::Doubt), ("risk", RuleSet::Risk), ("gap", RuleSet::Gap), ("means", RuleSet::Means)];

const ASSERTS: [(&str, Asserts); 4] = [
    ("at_risk", Asserts::AtRisk),
    ("ineligible", Asserts::Ineligible),
    ("eligible", Asserts::Eligible),
    ("doubt", Asserts::Doubt),
];

pub(super) fn read(mut entry: Entry) -> Option<Rule> {
    let id = entry.text("id");
    let version = entry.whole("version", 1, 9_999);
    let set = entry.choice("set", &SETS);
    let entity = entry.choice("entity", &ENTITIES);
    let asserts = entry.choice("asserts", &ASSERTS);
    let programme = entry.find_text("programme");
    if matches!(asserts, Some(Asserts::Ineligible | Asserts::Eligible)) && programme.is_none() {
        entry.problem(
            "说够不够条件，就要写明是哪一项救助：补上 programme。".into(),
            "A rule about eligibility says for which programme: add programme.".into(),
        );
    }
    let mut regions = entry.texts("regions");
    if regions.is_empty() {
        regions.push("*".into());
    }
    let validity = entry.validity();
    let legal_basis = entry.text("legal_basis");
    let weight = entry.whole("weight", 1, 100).and_then(|w| u8::try_from(w).ok());
    let (applies, asks) = (find_expression(&mut entry, "applies"), find_expression(&mut entry, "asks"));
    let condition = entry.text("condition").and_then(|text| expression(&mut entry, "condition", text));
    let (decides, deadline) = (entry.text("decides"), entry.text("deadline"));
    let (title, about, message) = (entry.words("title"), entry.words("about"), entry.words("message"));
    let question = entry.find_words("question");
    let (not_meant, can_do) = (entry.text_ref("not_meant"), entry.text_ref("can_do"));
    let place = entry.place.clone();
    entry.finish();
    Some(Rule {
        id: id?,
        version: u32::try_from(version?).ok()?,
        set: set?,
        entity: entity?,
        asserts: asserts?,
        programme,
        regions,
        validity,
        legal_basis: legal_basis?,
        weight: weight?,
        title: title?,
        about: about?,
        message: message?,
        question,
        not_meant: not_meant?,
        can_do: can_do?,
        decides: decides?,
        deadline: deadline?,
        applies: applies?,
        asks: asks?,
        condition: condition?,
        place,
    })
}

/// An expression that may be absent; `None` where it is there and wrong.
fn find_expression(entry: &mut Entry, key: &str) -> Option<Option<Source>> {
    match entry.find_text(key) {
        Some(text) => expression(entry, key, text).map(Some),
        None => Some(None),
    }
}
