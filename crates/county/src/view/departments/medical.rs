//! Medical insurance: who is insured, and whose own costs went over the limit.

use super::{Desk, everybody, note_birth};
use crate::life::{Cover, Home};
use crate::truth::in_window;
use crate::view::{Clerk, Field, Known, Value};

/// This year's insured; some stand in it twice, as residents and as employees.
pub fn cover(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.medical_cover = covered;
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        let moved_here = person.joined > desk.as_of;
        if moved_here || !clerk.keeps(desk, person) {
            continue;
        }
        let gone = person.home == Home::Gone || person.died.is_some();
        if person.cover == Cover::Nothing && !gone {
            // A few of the uninsured are written down as such; the others are simply not there.
            if clerk.draw.percent(25) {
                let own = [(Field::Cover, Value::Text("none")), (Field::Year, Value::Whole(2026))];
                let written = clerk.row(desk, i, household, &own);
                known.people[i].cover_row |= written.delivered;
                known.people[i].uncovered |= written.right(&[Field::Cover, Field::Year]);
            }
            continue;
        }
        let kind = if person.cover == Cover::Employee { "employee" } else { "resident" };
        let both = person.cover == Cover::Employee && clerk.draw.percent(4);
        for kind in std::iter::once(kind).chain(both.then_some("resident")) {
            let own = [(Field::Cover, Value::Text(kind)), (Field::Year, Value::Whole(2026))];
            let written = clerk.row(desk, i, household, &own);
            known.people[i].cover_row |= written.delivered;
            note_birth(known, desk, i, written);
        }
    }
}

/// Own costs of one year that are over the stated limit.
pub fn cost(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.medical_cost = covered;
    let year = desk.as_of.year();
    let life = clerk.life;
    for (i, household) in everybody(life) {
        for illness in life.people[i].illness.iter().filter(|illness| illness.from.year() == year) {
            if illness.own_cost <= 300_000 {
                continue;
            }
            let own = [
                (Field::OwnCost, Value::Fen(illness.own_cost)),
                (Field::TotalCost, Value::Fen(illness.total_cost)),
                (Field::Disease, Value::Text(illness.disease)),
                (Field::From, Value::Day(illness.from)),
                (Field::To, Value::Day(illness.to)),
            ];
            let written = clerk.row(desk, i, household, &own);
            if written.right(&[Field::OwnCost, Field::From, Field::To]) {
                let seen = &mut known.people[i];
                seen.cost += in_window(illness.own_cost, illness.from, illness.to);
                seen.cost_this_year += if year == 2026 { illness.own_cost } else { 0 };
            }
        }
    }
}
