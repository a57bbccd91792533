//! What departments say of a family that can't all be so: every saying is kept, with its source and day, and the one
//! that the facts were reckoned with is marked.
//!
//! Only what is one thing at a time can be in conflict: a grade, a day of death, a name. What departments say of
//! different months or items stands side by side and contradicts nobody.

use super::Part;
use super::files::{cell, source, value};
use facts::assembly::Resident;
use facts::{PERSON, Told};
use households::model::{Conflict, Said, Value};
use linkage::stage::RowRef;
use std::collections::BTreeMap;
use values::Precision;

/// Delivered values that are one thing at a time, and the fact reckoned from them.
const SINGLE: [(&str, &str); 13] = [
    ("household_member.living", "living"),
    ("death.died_on", "died_on"),
    ("monitoring.category", "monitoring_category"),
    ("alleviated.year", "alleviated_year"),
    ("medical_cover.cover", "medical_cover"),
    ("school.status", "school_state"),
    ("disability.grade", "disability_grade"),
    ("house.grade", "house_grade"),
    ("house.only_home", "only_home"),
    ("water.quantity", "water_quantity"),
    ("water.quality", "water_quality"),
    ("water.access", "water_access"),
    ("water.reliability", "water_reliability"),
];

/// The conflicts of one household, by member and fact.
pub fn conflicts(part: &Part<'_>, household: u32, people: &[Resident], told: &[Told]) -> Vec<Conflict> {
    let mut found = delivered(part, household, people, told);
    for (at, resident) in people.iter().enumerate() {
        found.extend(identity(part, at as u32, resident, part.rows.of(resident.person)));
    }
    found
}

/// What departments say of one fact of one person, or of the household.
fn delivered(part: &Part<'_>, household: u32, people: &[Resident], told: &[Told]) -> Vec<Conflict> {
    let mut by_fact: BTreeMap<(Option<u32>, usize), Vec<&Told>> = BTreeMap::new();
    for one in told.iter().filter(|one| one.from.is_some()) {
        let Some(single) = SINGLE.iter().position(|(name, _)| *name == one.fact) else { continue };
        let member = one.person.and_then(|of| people.iter().position(|resident| resident.person == of));
        // A house or a well is the household's, whoever's name it is filed under.
        let is_home = one.fact.starts_with("house.") || one.fact.starts_with("water.");
        by_fact.entry((member.filter(|_| !is_home).map(|at| at as u32), single)).or_default().push(one);
    }
    let conflict = |((member, single), told): ((Option<u32>, usize), Vec<&Told>)| {
        let (name, fact) = SINGLE[single];
        let used = reckoned(part, household, member, fact);
        let said = told.iter().filter_map(|told| {
            let from = told.from?;
            let resource = part.resources().get(usize::from(from.resource))?;
            let value = value(told);
            let is_used = used.as_ref() == Some(&value);
            Some(Said { value, source: source(resource, Some(from.row)), as_of: Some(told.as_of), used: is_used })
        });
        Some(Conflict { fact: name.to_owned(), member, said: contradicting(said.collect())? })
    };
    by_fact.into_iter().filter_map(conflict).collect()
}

/// The value that rules and pages go by.
fn reckoned(part: &Part<'_>, household: u32, member: Option<u32>, fact: &str) -> Option<Value> {
    let facts = &*part.opened.facts;
    match member {
        Some(member) if PERSON.iter().any(|known| known.name == fact) => {
            let first = part.assembly().households[household as usize].first;
            cell(facts.persons.column(fact)?, (first + member) as usize)
        }
        _ => cell(facts.households.column(fact)?, household as usize),
    }
}

/// What a person's linked records say of who it is.
fn identity(part: &Part<'_>, member: u32, resident: &Resident, rows: &[RowRef]) -> Vec<Conflict> {
    let person = &part.links().people[resident.person as usize];
    let (mut names, mut births, mut sexes, mut numbers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for at in rows {
        let resource = &part.resources()[at.resource as usize];
        let (keys, row) = (&resource.keys, at.row as usize);
        let said = |value: Value, used: bool| Said {
            value,
            source: source(resource, Some(resource.rows[row])),
            as_of: Some(resource.as_of),
            used,
        };
        if let Some(name) = keys.name.get(row).filter(|name| !name.is_empty()) {
            names.push(said(Value::Text(name.to_owned()), name == person.name));
        }
        if let Some(day) = keys.birth(row).filter(|_| keys.birth_precision[row] == Precision::Day) {
            births.push(said(Value::Day(day), person.birth == Some(day)));
        }
        if let Some(sex) = keys.sex(row) {
            sexes.push(said(Value::Text(format!("sex-{}", sex as u8)), person.sex == Some(sex)));
        }
        if let Some(number) = keys.id_number(row) {
            numbers.push(said(Value::Text(number.reveal()), person.id_number == Some(number)));
        }
    }
    let conflict = |(fact, said): (&str, Vec<Said>)| {
        Some(Conflict { fact: fact.to_owned(), member: Some(member), said: contradicting(said)? })
    };
    let mut found: Vec<Conflict> =
        [("identity.name", names), ("birth", births), ("sex", sexes)].into_iter().filter_map(conflict).collect();
    found.extend(conflict(("identity.id_number", numbers)).map(hide_shared_digits));
    found
}

/// Each saying once, when no value is common to all resources that say anything; else nobody is contradicted.
fn contradicting(said: Vec<Said>) -> Option<Vec<Said>> {
    let mut kept: Vec<Said> = Vec::new();
    for one in said {
        let again = |other: &&mut Said| same_place(other, &one) && other.value == one.value;
        match kept.iter_mut().find(again) {
            Some(before) if before.as_of < one.as_of => *before = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    let is_common =
        |value: &Value| kept.iter().all(|one| kept.iter().any(|other| same_place(other, one) && other.value == *value));
    (kept.len() > 1 && !kept.iter().any(|one| is_common(&one.value))).then_some(kept)
}

fn same_place(a: &Said, b: &Said) -> bool {
    (&a.source.department, &a.source.resource) == (&b.source.department, &b.source.resource)
}

/// Stars for the digits that all say alike, behind the first two: only where they differ shows.
fn hide_shared_digits(mut conflict: Conflict) -> Conflict {
    let texts: Vec<Vec<char>> = conflict
        .said
        .iter()
        .map(|said| if let Value::Text(text) = &said.value { text.chars().collect() } else { Vec::new() })
        .collect();
    let is_shared = |at: usize| texts.iter().all(|text| text.get(at) == texts[0].get(at));
    for (said, text) in conflict.said.iter_mut().zip(&texts) {
        let shown = text.iter().enumerate().map(|(at, c)| if at >= 2 && is_shared(at) { '*' } else { *c });
        said.value = Value::Text(shown.collect());
    }
    conflict
}

#[cfg(test)]
mod tests {
    use super::*;
    use households::model::Source;
    use values::Day;

    fn said(department: &str, text: &str, as_of: i32) -> Said {
        let source = Source { department: department.to_owned(), resource: "list".to_owned(), row: Some(1) };
        Said { value: Value::Text(text.to_owned()), source, as_of: Some(Day(as_of)), used: false }
    }

    #[test]
    fn only_departments_that_agree_on_nothing_contradict_each_other() {
        assert_eq!(contradicting(vec![said("police", "here", 1), said("rural", "here", 1)]), None);
        // One department knows the whole story; the other a part of it.
        let story = vec![said("police", "here", 1), said("police", "away", 2), said("rural", "away", 2)];
        assert_eq!(contradicting(story), None);
        let three = contradicting(vec![said("police", "here", 1), said("rural", "left", 2), said("police", "here", 3)]);
        let kept: Vec<_> = three.unwrap().into_iter().map(|one| (one.source.department, one.as_of)).collect();
        assert_eq!(kept, [("police".to_owned(), Some(Day(3))), ("rural".to_owned(), Some(Day(2)))]);
    }

    #[test]
    fn numbers_show_only_where_they_differ() {
        let said = vec![said("police", "530102196804092718", 1), said("health", "530102196804097218", 1)];
        let hidden = hide_shared_digits(Conflict { fact: "identity.id_number".to_owned(), member: None, said });
        let texts: Vec<_> = hidden.said.into_iter().map(|said| said.value).collect();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(texts, [text("53************27**"), text("53************72**")]);
    }
}
