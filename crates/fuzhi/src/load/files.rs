//! Households as the store keeps them: one file each, with every value and its source.

use super::Part;
use super::conflicts::conflicts;
use facts::assembly::Resident;
use facts::person::RELATIONS;
use facts::records::Resource;
use facts::{HOUSEHOLD, Told};
use households::load::FileIn;
use households::model::{Axes, Fact, File, Listed, Member, Source, Value};
use values::columns::{Column, MISSING_DAY, SCALE, Unit};
use values::{Bounds, Day, Fen, Precision, Truth};

pub fn files<'a>(part: &'a Part<'_>) -> impl Iterator<Item = FileIn> + 'a {
    let frame = Reckoned::all(part);
    part.households().map(move |household| file(part, &frame, household))
}

fn file(part: &Part<'_>, frame: &[Reckoned<'_>], household: u32) -> FileIn {
    let assembly = part.assembly();
    let people = assembly.people_of(household);
    let members: Vec<Member> = people.iter().map(|resident| member(part, resident)).collect();
    let told = part.ledger.of_household(household);
    let mut facts: Vec<Fact> = reckoned(part, frame, household, &told).collect();
    let conflicts = conflicts(part, household, people, &told);
    let axes = axes(part, &facts, &told);
    let rest = told.iter().filter(|told| told.from.is_some() || told.person.is_some());
    facts.extend(rest.map(|told| fact(part, people, told)));
    FileIn {
        household: assembly.households[household as usize].id.to_string(),
        place: part.place(household),
        number: number(part, people),
        head: part.head(household),
        people: people.iter().filter(|resident| resident.standing.counts()).count() as i64,
        file: File { axes, facts, members, conflicts },
    }
}

fn member(part: &Part<'_>, resident: &Resident) -> Member {
    let person = &part.links().people[resident.person as usize];
    let resource = part.resources().get(usize::from(resident.source));
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
fn number(part: &Part<'_>, people: &[Resident]) -> String {
    let first = people.first();
    let resource = first.and_then(|first| part.resources().get(usize::from(first.source)));
    let number = first.zip(resource).and_then(|(first, resource)| resource.keys.household_no.get(first.row as usize));
    number.unwrap_or_default().to_owned()
}

fn fact(part: &Part<'_>, people: &[Resident], told: &Told) -> Fact {
    let resource = told.from.map(|from| (&part.resources()[usize::from(from.resource)], from.row));
    Fact {
        fact: told.fact.clone(),
        member: told.person.and_then(|of| people.iter().position(|r| r.person == of)).map(|at| at as u32),
        value: value(told),
        source: resource.map(|(resource, row)| source(resource, Some(row))),
        departments: Vec::new(),
        as_of: Some(told.as_of),
        method: told.method.to_owned(),
    }
}

pub(super) fn source(resource: &Resource, row: Option<u32>) -> Source {
    Source { department: resource.department.clone(), resource: resource.name.clone(), row }
}

/// The ledger's text as a typed value.
pub(super) fn value(told: &Told) -> Value {
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

/// A fact of the frame that the rules read, and the resources whose records feed it.
struct Reckoned<'a> {
    name: &'static str,
    column: &'a Column,
    /// By resource.
    is_fed_by: Vec<bool>,
}

impl<'a> Reckoned<'a> {
    fn all(part: &'a Part<'_>) -> Vec<Self> {
        let fed = |fact: &facts::Fact| {
            part.resources().iter().map(|resource| fact.records.contains(&resource.record.as_str())).collect()
        };
        let reckoned = |fact: &facts::Fact| {
            Some(Self {
                name: fact.name,
                column: part.opened.facts.households.column(fact.name)?,
                is_fed_by: fed(fact),
            })
        };
        HOUSEHOLD.iter().filter_map(reckoned).collect()
    }
}

/// What was reckoned of the household, straight from the frame that the rules read: page and rule say the same.
fn reckoned<'a>(
    part: &'a Part<'_>,
    frame: &'a [Reckoned<'_>],
    household: u32,
    told: &[Told],
) -> impl Iterator<Item = Fact> + 'a {
    let asked = asked(told);
    frame.iter().filter_map(move |fact| {
        let value = cell(fact.column, household as usize)?;
        let (departments, as_of) = behind(part, fact, &asked);
        Some(Fact {
            fact: fact.name.to_owned(),
            member: None,
            value,
            source: None,
            departments,
            as_of: Some(as_of.unwrap_or_else(|| part.loaded.as_of())),
            method: "computed".to_owned(),
        })
    })
}

/// The resources that said anything of the household, with the oldest day each speaks of.
fn asked(told: &[Told]) -> Vec<(usize, Day)> {
    let mut asked: Vec<(usize, Day)> = Vec::new();
    for (from, day) in told.iter().filter_map(|one| Some((usize::from(one.from?.resource), one.as_of))) {
        match asked.iter_mut().find(|(resource, _)| *resource == from) {
            Some((_, oldest)) => *oldest = day.min(*oldest),
            None => asked.push((from, day)),
        }
    }
    asked
}

/// The departments whose records feed a fact, each once, and the oldest day one of them speaks of: nothing in the value
/// is newer than all of it.
fn behind(part: &Part<'_>, fact: &Reckoned<'_>, asked: &[(usize, Day)]) -> (Vec<String>, Option<Day>) {
    let feeding = || asked.iter().filter(|(resource, _)| fact.is_fed_by[*resource]);
    let name = |resource: usize| part.resources()[resource].department.as_str();
    let mut departments: Vec<&str> = feeding().map(|(resource, _)| name(*resource)).collect();
    departments.sort_unstable();
    departments.dedup();
    (departments.into_iter().map(str::to_owned).collect(), feeding().map(|(_, day)| *day).min())
}

/// A known cell of the frame; `None` where nothing is known.
pub(super) fn cell(column: &Column, row: usize) -> Option<Value> {
    let end = |end: i64, open: i64| Some(end).filter(|end| *end != open);
    match column {
        Column::Bounds(_, bounds) if bounds.get(row).is_unknown() => None,
        Column::Bounds(Unit::Fen, bounds) => Some(match bounds.get(row).value() {
            Some(fen) => Value::Money(Fen(fen)),
            None => Value::MoneyBetween(
                end(bounds.get(row).low, Bounds::NO_LOW).map(Fen),
                end(bounds.get(row).high, Bounds::NO_HIGH).map(Fen),
            ),
        }),
        Column::Bounds(unit, bounds) => {
            let scale = if *unit == Unit::Count { SCALE } else { 1 };
            let scaled = |value: i64| value.saturating_mul(scale);
            Some(match bounds.get(row).value() {
                Some(value) => Value::Number(scaled(value)),
                None => Value::NumberBetween(
                    end(bounds.get(row).low, Bounds::NO_LOW).map(scaled),
                    end(bounds.get(row).high, Bounds::NO_HIGH).map(scaled),
                ),
            })
        }
        Column::Flag(flags) => match flags[row] {
            Truth::True => Some(Value::Flag(true)),
            Truth::False => Some(Value::Flag(false)),
            Truth::Undetermined => None,
        },
        Column::Day(days) => Some(days[row]).filter(|day| *day != MISSING_DAY).map(|day| Value::Day(Day(day))),
        Column::Code(codes) => codes.get(row).map(|code| Value::Text(code.to_owned())),
        Column::Text(texts) => texts.get(row).map(|text| Value::Text(text.to_owned())),
        Column::Money(_) | Column::Number(_) | Column::Count(_) | Column::Area(_) => None,
    }
}

/// The three axes, from the same reckoned facts.
fn axes(part: &Part<'_>, reckoned: &[Fact], told: &[Told]) -> Axes {
    let value = |name: &str| reckoned.iter().find(|fact| fact.fact == name).map(|fact| &fact.value);
    let day = |name: &str| match value(name) {
        Some(Value::Day(day)) => Some(*day),
        _ => None,
    };
    let delivered = |record: &str, value: Option<&str>| {
        let row = told.iter().find(|told| {
            told.from.is_some() && told.fact.starts_with(record) && value.is_none_or(|value| told.fact.ends_with(value))
        })?;
        let from = row.from?;
        Some(source(&part.resources()[usize::from(from.resource)], Some(from.row)))
    };
    let monitoring = match value("monitoring_category") {
        Some(Value::Text(category)) if category != "none" => {
            Some(Listed { code: category.clone(), since: day("identified_on"), source: delivered("monitoring.", None) })
        }
        _ => None,
    };
    let assistance = HOUSEHOLD
        .iter()
        .filter_map(|fact| fact.name.strip_prefix("receives_"))
        .filter(|programme| matches!(value(&format!("receives_{programme}")), Some(Value::Flag(true))))
        .map(|programme| Listed {
            code: programme.to_owned(),
            since: day(&format!("{programme}_since")),
            source: delivered("assistance.", Some(programme)),
        });
    let alleviated = match value("alleviated_year") {
        Some(Value::Number(year)) => Some(year / SCALE),
        _ => None,
    };
    Axes { alleviated, monitoring, assistance: assistance.collect() }
}
