//! What is answered about households that consented, and what slips in about others.

use super::Desk;
use crate::life::{Person, day};
use crate::rates::Kind;
use crate::truth::{is_busy, is_dear_car, wages};
use crate::view::{Clerk, Field, Known, Value, Written};
use values::{Day, Month};

/// Answers about every member of the households asked about.
pub fn answers(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let Some(consent) = life.households[household].consent.filter(|consent| consent.signed <= desk.as_of) else {
            continue;
        };
        for i in life.households[household].people.clone() {
            if !life.people[i].is_member() && !clerk.keeps(desk, &life.people[i]) {
                continue;
            }
            let first = clerk.rows[desk.resource].len();
            about(clerk, desk, i, consent.is_live().then_some(&mut *known));
            if !consent.is_live() {
                unasked(clerk, desk, first);
            }
            if clerk.slips(desk.department, Kind::NoConsent) {
                stranger(clerk, desk);
            }
        }
    }
}

fn unasked(clerk: &mut Clerk<'_>, desk: Desk, first: usize) {
    for row in first..clerk.rows[desk.resource].len() {
        clerk.note(desk.resource, row, "", Kind::NoConsent, String::new(), String::new());
    }
}

/// Somebody nobody asked about, with whatever they have.
fn stranger(clerk: &mut Clerk<'_>, desk: Desk) {
    let life = clerk.life;
    let start = clerk.draw.below(life.people.len() as u32) as usize;
    for step in 0..life.people.len() {
        let i = (start + step) % life.people.len();
        if life.people[i].is_member() && life.households[life.people[i].household].consent.is_none() {
            let first = clerk.rows[desk.resource].len();
            about(clerk, desk, i, None);
            unasked(clerk, desk, first);
            if clerk.rows[desk.resource].len() > first {
                return;
            }
        }
    }
}

fn about(clerk: &mut Clerk<'_>, desk: Desk, i: usize, known: Option<&mut Known>) {
    match desk.file.name {
        "balances" => balances(clerk, desk, i, known),
        "property" => properties(clerk, desk, i, known),
        "vehicles" => vehicles(clerk, desk, i, known),
        "business" => business(clerk, desk, i, known),
        _ => taxes(clerk, desk, i),
    }
}

fn put(clerk: &mut Clerk<'_>, desk: Desk, i: usize, own: &[(Field, Value<'_>)]) -> Written {
    let household = clerk.life.people[i].household;
    clerk.row(desk, i, household, own)
}

/// One balance a person, for some an older one besides.
fn balances(clerk: &mut Clerk<'_>, desk: Desk, i: usize, known: Option<&mut Known>) {
    let person = &clerk.life.people[i];
    if person.savings == 0 {
        return;
    }
    if clerk.draw.percent(10) {
        let before = person.savings * i64::from(clerk.draw.between(40, 160)) / 100;
        put(clerk, desk, i, &[(Field::Balance, Value::Fen(before)), (Field::On, Value::Day(day(2026, 6, 30)))]);
    }
    let own = [(Field::Balance, Value::Fen(person.savings)), (Field::On, Value::Day(day(2026, 9, 20)))];
    let written = put(clerk, desk, i, &own);
    if let Some(known) = known
        && written.right(&[Field::Balance, Field::On])
    {
        known.people[i].savings = person.savings;
    }
}

fn properties(clerk: &mut Clerk<'_>, desk: Desk, i: usize, mut known: Option<&mut Known>) {
    for (number, flat) in clerk.life.people[i].properties.iter().enumerate() {
        let own = [
            (Field::Use, Value::Text(flat.used_as)),
            (Field::AreaM2, Value::Measure(flat.area)),
            (Field::Share, Value::Measure(flat.share)),
            (Field::From, Value::Day(flat.from)),
            (Field::To, flat.to.into()),
        ];
        let written = put(clerk, desk, i, &own);
        if let Some(known) = &mut known
            && written.right(&[Field::Use, Field::AreaM2, Field::Share, Field::To])
        {
            known.people[i].flats.push(number);
        }
    }
}

fn vehicles(clerk: &mut Clerk<'_>, desk: Desk, i: usize, mut known: Option<&mut Known>) {
    for vehicle in &clerk.life.people[i].vehicles {
        let own = [
            (Field::Kind, Value::Text(vehicle.kind)),
            (Field::Value, Value::Fen(vehicle.value)),
            (Field::Use, Value::Text(vehicle.used_for)),
            (Field::From, Value::Day(vehicle.from)),
            (Field::To, vehicle.to.into()),
        ];
        let written = put(clerk, desk, i, &own);
        let right = written.right(&[Field::Kind, Field::Value, Field::Use, Field::To]);
        if let Some(known) = &mut known {
            known.people[i].car |= right && is_dear_car(vehicle);
        }
    }
}

fn business(clerk: &mut Clerk<'_>, desk: Desk, i: usize, known: Option<&mut Known>) {
    let Some(business) = clerk.life.people[i].business else {
        return;
    };
    let own = [
        (Field::Role, Value::Text(business.role)),
        (Field::Capital, Value::Fen(business.capital)),
        (Field::Employees, Value::Whole(business.employees)),
        (Field::Status, Value::Text(business.status)),
        (Field::From, Value::Day(business.from)),
        (Field::To, business.to.into()),
    ];
    let written = put(clerk, desk, i, &own);
    let right = written.right(&[Field::Capital, Field::Employees, Field::Status, Field::To]);
    if let Some(known) = known {
        known.people[i].business |= right && is_busy(&business);
    }
}

/// Wages of a calendar year, where the work is registered. What a year's figure says about the window is not exact.
fn taxes(clerk: &mut Clerk<'_>, desk: Desk, i: usize) {
    let person = &clerk.life.people[i];
    for year in [2025, 2026] {
        let income = taxed(person, year, desk.as_of);
        if income == 0 {
            continue;
        }
        let own = [
            (Field::Item, Value::Text("wages")),
            (Field::Income, Value::Fen(income)),
            (Field::Year, Value::Whole(i64::from(year))),
        ];
        put(clerk, desk, i, &own);
    }
}

fn taxed(person: &Person, year: i16, until: Day) -> i64 {
    let first = Month(i32::from(year) * 12);
    let last = Month((first.0 + 11).min(until.month().0 - 1));
    let formal = person.jobs.iter().any(|job| job.registered);
    if formal { wages(person, first, last) } else { 0 }
}
