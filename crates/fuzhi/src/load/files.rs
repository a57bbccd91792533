//! Households as the store keeps them: one file each, with every value and its source.

use super::Loaded;
use households::facts::person::RELATIONS;
use households::facts::{Entity, Told, find};
use households::load::FileIn;
use households::model::{Axes, Fact, File, Listed, Member, Source, Value};
use households::records::Resource;
use households::stage::Resident;
use values::columns::SCALE;
use values::{Day, Fen, Precision};

pub fn files<'a>(loaded: &'a Loaded<'a>) -> impl Iterator<Item = FileIn> + 'a {
    (0..loaded.found.assembly.households.len() as u32).map(|household| file(loaded, household))
}

fn file(loaded: &Loaded<'_>, household: u32) -> FileIn {
    let assembly = &loaded.found.assembly;
    let people = assembly.people_of(household);
    let members: Vec<Member> = people.iter().map(|resident| member(loaded, resident)).collect();
    let told = loaded.ledger.of_household(household);
    FileIn {
        household: assembly.households[household as usize].id.to_string(),
        place: loaded.place(household),
        number: number(loaded, people),
        head: loaded.head(household),
        people: people.iter().filter(|resident| resident.standing.counts()).count() as i64,
        file: File {
            axes: axes(loaded, &told),
            facts: told.iter().map(|told| fact(loaded, people, told)).collect(),
            members,
            conflicts: Vec::new(),
        },
    }
}

fn member(loaded: &Loaded<'_>, resident: &Resident) -> Member {
    let person = &loaded.found.linked.links.people[resident.person as usize];
    let resource = loaded.found.intake.resources.get(usize::from(resident.source));
    let phone = resource.and_then(|resource| resource.keys.phone(resident.row as usize));
    let relation = resident.relation.and_then(|at| RELATIONS.get(usize::from(at)));
    Member {
        person: person.id.to_string(),
        name: person.name.clone(),
        sex: person.sex.map_or(0, |sex| sex as u8),
        birth: person.birth.map(|day| (day, Precision::Day)),
        id_number: person.id_number.map(|number| number.key()),
        phone: phone.map(values::Phone::key),
        relation: relation.map_or_else(String::new, |relation| (*relation).to_owned()),
        registered: resident.registered,
        co_living: resident.standing.counts(),
        from: resident.from,
        to: resident.to,
    }
}

/// The number a village knows the household by: that of the view its first member stands in.
fn number(loaded: &Loaded<'_>, people: &[Resident]) -> String {
    let first = people.first();
    let resource = first.and_then(|first| loaded.found.intake.resources.get(usize::from(first.source)));
    let number = first.zip(resource).and_then(|(first, resource)| resource.keys.household_no.get(first.row as usize));
    number.unwrap_or_default().to_owned()
}

fn fact(loaded: &Loaded<'_>, people: &[Resident], told: &Told) -> Fact {
    let resource = told.from.map(|from| (&loaded.found.intake.resources[usize::from(from.resource)], from.row));
    Fact {
        fact: told.fact.clone(),
        member: told.person.and_then(|of| people.iter().position(|r| r.person == of)).map(|at| at as u32),
        value: value(told),
        source: resource.map(|(resource, row)| source(resource, Some(row))),
        as_of: Some(told.as_of),
        method: told.method.to_owned(),
    }
}

fn source(resource: &Resource, row: Option<u32>) -> Source {
    Source { department: resource.department.clone(), resource: resource.name.clone(), row }
}

/// The ledger's text as a typed value.
fn value(told: &Told) -> Value {
    let text = told.value.as_str();
    let whole = |part: &str| part.parse::<i64>().ok();
    if let Some((low, high)) = text.split_once("..") {
        return match told.unit {
            "fen" => Value::MoneyBetween(whole(low).map(Fen), whole(high).map(Fen)),
            _ => Value::NumberBetween(scaled(low), scaled(high)),
        };
    }
    match (told.unit, text) {
        ("fen", _) => whole(text).map_or(Value::Unknown, |fen| Value::Money(Fen(fen))),
        (_, "true") => Value::Flag(true),
        (_, "false") => Value::Flag(false),
        ("", _) => Day::parse_iso(text).map_or_else(|_| Value::Text(text.to_owned()), Value::Day),
        _ => scaled(text).map_or_else(|| Value::Text(text.to_owned()), Value::Number),
    }
}

/// A decimal number in ten-thousandths.
fn scaled(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<4}").get(..4)?.parse().ok()?;
    Some(whole * SCALE + if text.starts_with('-') { -part } else { part })
}

/// The three axes, read from the reckoned facts so that page and rule say the same.
fn axes(loaded: &Loaded<'_>, told: &[Told]) -> Axes {
    let reckoned =
        |name: &str| told.iter().find(|told| told.fact == name && told.person.is_none() && told.from.is_none());
    let said = |name: &str| reckoned(name).map(|told| told.value.as_str());
    let delivered = |record: &str, value: Option<&str>| {
        let row = told.iter().find(|told| {
            told.from.is_some() && told.fact.starts_with(record) && value.is_none_or(|value| told.fact.ends_with(value))
        })?;
        let from = row.from?;
        Some(source(&loaded.found.intake.resources[usize::from(from.resource)], Some(from.row)))
    };
    let since = |name: &str| said(name).and_then(|text| Day::parse_iso(text).ok());
    let monitoring = said("monitoring_category").filter(|category| *category != "none").map(|category| Listed {
        code: category.to_owned(),
        since: since("identified_on"),
        source: delivered("monitoring.", None),
    });
    let assistance = households::facts::HOUSEHOLD
        .iter()
        .filter_map(|fact| fact.name.strip_prefix("receives_"))
        .filter(|programme| said(&format!("receives_{programme}")) == Some("true"))
        .map(|programme| Listed {
            code: programme.to_owned(),
            since: find(Entity::Household, &format!("{programme}_since")).and_then(|fact| since(fact.name)),
            source: delivered("assistance.", Some(programme)),
        });
    Axes {
        alleviated: said("alleviated_year").and_then(|year| year.parse().ok()),
        monitoring,
        assistance: assistance.collect(),
    }
}
