//! Who a person is: age, relation, death, and where the departments' records of it differ.

use super::PersonFact as F;
use super::frame::Part;
use super::reckon::{Reckoner, Subject};
use crate::assembly::membership_of;
use crate::assembly::sources::Record;
use crate::records::Keys;
use values::{Bounds, Day, IdNumber, Precision, Truth};

/// The position of `head` in the list of relations.
pub const HEAD: u8 = 0;
pub const SPOUSE: u8 = 1;

pub fn write(reckoner: &Reckoner<'_>, subject: &Subject<'_>, head: Option<Subject<'_>>, frame: &mut Part<'_>) {
    let (resident, person) = (subject.resident, subject.person);
    frame.flag(F::Member as usize, membership_of(resident.standing));
    frame.code(F::Relation as usize, resident.relation);
    frame.code(F::Living as usize, resident.living);
    frame.flag(F::Registered as usize, Truth::from_option(Some(resident.registered)));
    frame.day(F::MemberSince as usize, resident.from);
    frame.code(F::Sex as usize, person.sex.map(|sex| sex as u8 - 1));
    frame.day(F::Birth as usize, person.birth);
    frame.bounds(F::Age as usize, age(reckoner.as_of, person.birth));
    frame.bounds(F::AgeSeptember as usize, age(reckoner.last_september, person.birth));
    frame.bounds(F::HouseholdsNamed as usize, Bounds::exact(1 + i64::from(resident.elsewhere)));
    let signer = reckoner.of(subject.rows_of(Record::Consent), Record::Consent).next().is_some();
    frame.flag(F::ConsentSigner as usize, Truth::from_option(Some(signer)));
    if let Some(head) = head {
        let younger = head.person.birth.zip(person.birth).map(|(head, own)| i64::from(own.age_from(head)));
        let years = match head.person.birth.zip(person.birth) {
            Some((head, own)) if own < head => -i64::from(head.age_from(own)),
            _ => younger.unwrap_or(0),
        };
        let known = younger.is_some();
        frame.bounds(F::YoungerThanHead as usize, if known { Bounds::exact(years) } else { Bounds::UNKNOWN });
        let same = head.person.sex.zip(person.sex).map(|(head, own)| head == own);
        frame.flag(F::SameSexAsHead as usize, Truth::from_option(same));
    }
    death(reckoner, subject, frame);
    identity(reckoner, subject, frame);
}

/// Whole years lived; unknown between none and 120 where the birth is.
#[must_use]
pub fn age(on: Day, birth: Option<Day>) -> Bounds {
    birth.map_or(Bounds::between(0, 120), |birth| Bounds::exact(i64::from(on.age_from(birth))))
}

fn death(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) {
    frame.flag(F::Died as usize, reckoner.assembly.died(subject.resident.person));
    let death = reckoner.assembly.deaths.get(&subject.resident.person);
    frame.day(F::DiedOn as usize, death.and_then(crate::assembly::Death::on));
    frame.bounds(F::DeathSources as usize, Bounds::exact(death.map_or(0, |death| i64::from(death.sources))));
    let apart = death.and_then(|death| death.days).map_or(0, |(first, last)| i64::from(last.0 - first.0));
    frame.bounds(F::DeathDatesApart as usize, Bounds::exact(apart));
    if death.is_none_or(|death| death.days.is_none()) {
        for fact in [
            F::PensionAfterDeath,
            F::WageAfterDeath,
            F::SubsidyAfterDeath,
            F::OwnCostAfterDeath,
            F::AssistanceAfterDeath,
        ] {
            frame.bounds(fact as usize, if death.is_none() { Bounds::ZERO } else { Bounds::at_least(0) });
        }
    }
}

/// What the rows' keys say, beside each other and beside the number.
#[derive(Default)]
struct Told<'a> {
    ids: Vec<u64>,
    names: Vec<&'a str>,
    births: Vec<i32>,
    sexes: Vec<u8>,
    departments: Vec<u16>,
}

fn identity(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) {
    let mut told = Told::default();
    let (mut birth_agrees, mut sex_agrees) = (None, None);
    for at in subject.rows {
        let Some(source) = reckoner.sources.get(at.source) else { continue };
        let (keys, row) = (&source.resource.keys, at.row as usize);
        add(&mut told.departments, Some(source.department));
        add(&mut told.names, if keys.name.is_empty() { None } else { keys.name.get(row) });
        let id = keys.id_number.get(row).copied().filter(|id| *id != 0);
        add(&mut told.ids, id);
        let birth = exact_birth(keys, row);
        add(&mut told.births, birth);
        let sex = keys.sex.get(row).copied().filter(|sex| (1..=2).contains(sex));
        add(&mut told.sexes, sex);
        if let Some(id) = id.map(IdNumber::from_key) {
            let agree = |all: Option<bool>, now: Option<bool>| now.map_or(all, |now| Some(all.unwrap_or(true) && now));
            birth_agrees = agree(birth_agrees, birth.zip(id.birth_date()).map(|(birth, of_id)| birth == of_id.0));
            sex_agrees = agree(sex_agrees, sex.map(|sex| sex == id.sex() as u8));
        }
    }
    let count = |n: usize| Bounds::exact(n as i64);
    frame.bounds(F::IdNumbers as usize, count(told.ids.len()));
    frame.bounds(F::Names as usize, count(told.names.len()));
    frame.bounds(F::Births as usize, count(told.births.len()));
    frame.bounds(F::Sexes as usize, count(told.sexes.len()));
    frame.bounds(F::Departments as usize, count(told.departments.len()));
    frame.flag(F::IdBirth as usize, Truth::from_option(birth_agrees));
    frame.flag(F::IdSex as usize, Truth::from_option(sex_agrees));
    frame.flag(F::IdValid as usize, Truth::from_option(subject.person.id_number.map(|id| id.has_valid_check())));
    let shared = told.ids.iter().any(|id| reckoner.survey.shared_ids.contains(id));
    frame.flag(F::IdShared as usize, Truth::from_option(Some(shared)));
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: Option<T>) {
    if let Some(item) = item
        && !list.contains(&item)
    {
        list.push(item);
    }
}

fn exact_birth(keys: &Keys, row: usize) -> Option<i32> {
    let precise = keys.birth_precision.get(row).is_none_or(|precision| *precision == Precision::Day);
    keys.birth.get(row).copied().filter(|day| *day != i32::MIN && precise)
}
