//! Who a household consists of, and what its people have in common.

use super::HouseholdFact as F;
use super::frame::Part;
use super::home::{Home, Person, at_least};
use super::payments::paid;
use super::reckon::Reckoner;
use super::who::{HEAD, SPOUSE};
use crate::assembly::Standing;
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, Record, Source};
use crate::assembly::views::{AWAY, LEFT};
use rustc_hash::FxHashMap;
use values::{Bounds, Truth};

const HERE: u8 = 0;

/// Writes the counts, and gives the number of members.
pub fn write(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) -> Bounds {
    let members = home.count(|_| Truth::True);
    let relation = |wanted: u8| home.count(|person| is(person.subject.resident.relation, wanted));
    let living = |wanted: u8| move |person: &Person<'_>| is(person.subject.resident.living, wanted);
    let adult = |person: &Person<'_>| at_least(person.age, 18);
    let minor = |person: &Person<'_>| at_least(person.age, 16).not();
    let elderly = |person: &Person<'_>| at_least(person.age, 60);
    for (fact, count) in [
        (F::Members, members),
        (F::RegisteredMembers, home.count(|p| Truth::from_option(Some(p.subject.resident.registered)))),
        (F::Adults, home.count(adult)),
        (F::Minors, home.count(minor)),
        (F::Elderly, home.count(elderly)),
        (F::WorkingAge, home.count(|person| minor(person).not().and(elderly(person).not()))),
        (F::AdultsHere, home.count(|person| adult(person).and(living(HERE)(person)))),
        (F::MinorsHere, home.count(|person| minor(person).and(living(HERE)(person)))),
        (F::AwayMembers, home.count(living(AWAY))),
        (F::Heads, relation(HEAD)),
        (F::Spouses, relation(SPOUSE)),
        (F::OutOfSchool, home.count(|person| person.guarantees.out_of_school)),
        (F::Uncovered, home.count(|person| person.guarantees.uncovered)),
        (F::StudentsBeyond, home.count(|person| person.guarantees.student_beyond)),
        (F::SeverelyDisabled, home.count(|person| person.health.severe)),
        (F::Disabled, home.count(|p| Truth::from_option(p.health.disability.map(|grade| grade > 0)))),
        (F::ChronicallyIll, home.count(|person| person.health.chronic)),
        (F::Pensioners, home.count(|person| person.payments.pensioner)),
        (F::ViewsLow, Bounds::exact(i64::from(home.household.view_members.0))),
        (F::ViewsHigh, Bounds::exact(i64::from(home.household.view_members.1))),
    ] {
        frame.bounds(fact as usize, count);
    }
    frame.area(F::Village as usize, home.household.area);
    let doubt = home.people.iter().any(|person| person.standing().in_doubt());
    frame.flag(F::MembershipDoubt as usize, Truth::from_option(Some(doubt)));
    frame.flag(F::SeriousIllness as usize, home.any(|person| person.health.serious));
    frame.flag(F::SevereDisability as usize, home.any(|person| person.health.severe));
    gone(reckoner, home, frame);
    named(reckoner, home, frame);
    subsidies(reckoner, home, frame);
    members
}

fn is(code: Option<u8>, wanted: u8) -> Truth {
    Truth::from_option(code.map(|code| code == wanted))
}

fn gone(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let since = reckoner.window.first.first_day();
    let (mut left, mut dead_listed, mut died) = (0, 0, 0);
    for person in &home.people {
        let resident = person.subject.resident;
        match resident.standing {
            Standing::Left => {
                left += i64::from(resident.living == Some(LEFT) || resident.to.is_some_and(|to| to >= since));
            }
            Standing::Dead => {
                let listed = resident.living != Some(LEFT) && resident.to.is_none_or(|to| to >= reckoner.as_of);
                dead_listed += i64::from(listed);
                let on = reckoner.assembly.deaths.get(&resident.person).and_then(crate::assembly::Death::on);
                died += i64::from(on.is_some_and(|on| on >= since));
            }
            _ => {}
        }
    }
    frame.bounds(F::LeftMembers as usize, Bounds::exact(left));
    frame.bounds(F::DeadMembers as usize, Bounds::exact(dead_listed));
    frame.bounds(F::DeathsInWindow as usize, Bounds::exact(died));
}

/// Villages, phones and days that the rows of its people name.
fn named(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let mut villages = Vec::new();
    let mut phones: FxHashMap<u64, u32> = FxHashMap::default();
    let mut newest = None;
    for person in home.people.iter().filter(|person| person.standing().counts()) {
        for at in person.subject.rows {
            let Some(source) = reckoner.sources.get(at.source) else { continue };
            newest = newest.max(Some(source.as_of()));
            if let Some(phone) = source.resource.keys.phone.get(at.row as usize).filter(|phone| **phone != 0) {
                *phones.entry(*phone).or_default() += 1;
            }
            let area = source.area(at.row).filter(|_| source.record == Record::HouseholdMember);
            if let Some(area) = area.filter(|area| !villages.contains(area)) {
                villages.push(area);
            }
        }
    }
    frame.bounds(F::VillagesNamed as usize, Bounds::exact(villages.len() as i64));
    frame.day(F::NewestRecord as usize, newest);
    let households = |phone| reckoner.survey.phones.get(phone).copied().unwrap_or(1);
    let shared = phones.keys().map(households).max().unwrap_or(0);
    frame.bounds(F::PhoneHouseholds as usize, Bounds::exact(i64::from(shared)));
}

/// Subsidies for land, paid twice, or to an outsider's account.
fn subsidies(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    const LAND: [&str; 8] = ["耕地", "地力", "粮", "种植", "农资", "land", "grain", "farming"];
    let names: Vec<&str> = home.people.iter().map(|person| person.subject.person.name.as_str()).collect();
    let (mut land, mut outsiders, mut twice) = (Bounds::ZERO, 0, 0);
    for person in home.people.iter().filter(|person| person.standing().may_count()) {
        let mut seen: Vec<(RowRef, &Source<'_>)> = Vec::new();
        for (at, source) in reckoner.of(person.subject.rows_of(Record::Subsidy), Record::Subsidy) {
            let on = source.day(Field::PaidOn, at.row);
            if on.is_some_and(|on| !reckoner.window.contains(on)) {
                continue;
            }
            let item = source.text(Field::Item, at.row).unwrap_or_default();
            if LAND.iter().any(|word| item.contains(word)) {
                let amount = paid(reckoner.figure(at, source, Field::Amount), on, reckoner.window);
                land = land.plus(amount.floor());
            }
            let holder = source.text(Field::AccountHolder, at.row).filter(|holder| !holder.is_empty());
            outsiders += i64::from(holder.is_some_and(|holder| !names.contains(&holder)));
            let same = |(other, of): &(RowRef, &Source<'_>)| {
                of.text(Field::Item, other.row) == Some(item)
                    && of.day(Field::PaidOn, other.row).map(|day| day.month()) == on.map(|day| day.month())
                    && of.money(Field::Amount, other.row) == source.money(Field::Amount, at.row)
            };
            twice += i64::from(on.is_some() && seen.iter().any(same));
            seen.push((at, source));
        }
    }
    frame.bounds(F::LandSubsidy as usize, land);
    frame.bounds(F::AccountOutsiders as usize, Bounds::exact(outsiders));
    frame.bounds(F::DuplicateSubsidies as usize, Bounds::exact(twice));
}
