//! Land, machines, and what is paid onto the families' cards.

use super::Desk;
use crate::life::Life;
use crate::rates::Kind;
use crate::truth::in_window;
use crate::view::{Clerk, Field, Known, Value};

/// Land certificates, in the name of whoever headed the family when they were issued.
pub fn land(clerk: &mut Clerk<'_>, desk: Desk) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        let holder = holder(clerk, desk, life, household);
        for plot in &home.land {
            let own = [
                (Field::Kind, Value::Text(plot.kind)),
                (Field::AreaMu, Value::Measure(plot.area)),
                (Field::Idle, Value::Flag(plot.idle)),
            ];
            clerk.row(desk, holder, household, &own);
        }
    }
}

/// The dead hold land for years.
fn holder(clerk: &mut Clerk<'_>, desk: Desk, life: &Life, household: usize) -> usize {
    let home = &life.households[household];
    let dead = home.people.iter().copied().find(|i| life.people[*i].died.is_some_and(|day| day <= desk.as_of));
    dead.filter(|_| clerk.slips(desk.department, Kind::DeadKept)).unwrap_or(home.head)
}

pub fn machines(clerk: &mut Clerk<'_>, desk: Desk) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        for machine in home.machines.iter().filter(|machine| machine.bought <= desk.as_of) {
            let own = [
                (Field::Kind, Value::Text(machine.kind)),
                (Field::Value, Value::Fen(machine.value)),
                (Field::BoughtOn, Value::Day(machine.bought)),
            ];
            clerk.row(desk, home.head, household, &own);
        }
    }
}

/// Payments of the last two years. A few go out twice, a few to the dead.
pub fn subsidies(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.subsidy = covered;
    let life = clerk.life;
    for household in 0..life.households.len() {
        for subsidy in &life.households[household].subsidies {
            let person = &life.people[subsidy.person];
            // Word of a death takes a quarter to reach the paymaster.
            let dead = person.died.is_some_and(|day| day.plus_days(70) < subsidy.paid);
            if subsidy.paid > desk.as_of || dead && !clerk.slips(desk.department, Kind::DeadKept) {
                continue;
            }
            let own = [
                (Field::Item, Value::Text(subsidy.item)),
                (Field::Amount, Value::Fen(subsidy.amount)),
                (Field::PaidOn, Value::Day(subsidy.paid)),
                (Field::AccountHolder, Value::Text(&life.people[subsidy.holder].name.text)),
            ];
            let written = clerk.row(desk, subsidy.person, household, &own);
            if written.right(&[Field::Amount, Field::PaidOn]) {
                known.people[subsidy.person].subsidy += in_window(subsidy.amount, subsidy.paid, subsidy.paid);
            }
        }
    }
}
