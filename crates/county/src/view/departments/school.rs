//! Schools, and the federation of the disabled.

use super::{Desk, everybody, note_birth};
use crate::life::Schooling;
use crate::truth::{in_window, is_out_of_school};
use crate::view::{Clerk, Field, Known, Value};

const BEYOND: [&str; 2] = ["vocational", "college"];

/// The rolls of the last school years; who stays away is reported with a delay.
pub fn roll(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.school = covered;
    let beyond = desk.file.name == "beyond";
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        for row in &person.schooling {
            if BEYOND.contains(&row.stage) != beyond || row.from > desk.as_of || !clerk.keeps(desk, person) {
                continue;
            }
            one_year(clerk, desk, known, (i, household), row);
        }
    }
}

fn one_year(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, (i, household): (usize, usize), row: &Schooling) {
    let person = &clerk.life.people[i];
    let unreported = matches!(row.status, "absent" | "left") && clerk.draw.percent(9);
    let status = if unreported { "enrolled" } else { row.status };
    let own = [
        (Field::Stage, Value::Text(row.stage)),
        (Field::Status, Value::Text(status)),
        (Field::OwnCost, Value::Fen(row.own_cost)),
        (Field::From, Value::Day(row.from)),
        (Field::To, row.to.into()),
    ];
    let written = clerk.row(desk, i, household, &own);
    let seen = &mut known.people[i];
    seen.school_row |= written.delivered;
    let today = row.to.is_none();
    let right = written.right(&[Field::Status, Field::From, Field::To]) && !unreported;
    seen.out_of_school |= right && today && is_out_of_school(person);
    if written.right(&[Field::Stage, Field::OwnCost, Field::From, Field::To]) {
        let cost = in_window(row.own_cost, row.from, row.to.unwrap_or(crate::life::AS_OF));
        seen.school += cost;
        let free = matches!(row.stage, "preschool" | "senior") || BEYOND.contains(&row.stage);
        seen.free_school += if free { cost } else { 0 };
    }
    note_birth(known, desk, i, written);
}

/// Disability cards: their number is the holder's identity number with kind and grade behind it.
pub fn cards(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        let Some(card) = person.disability.filter(|card| card.issued <= desk.as_of) else {
            continue;
        };
        if !clerk.keeps(desk, person) {
            continue;
        }
        let renewed = if clerk.draw.percent(12) { "B1" } else { "" };
        let number = format!("{}{}{}{renewed}", person.id.reveal(), card.kind, card.grade);
        let (kind, grade) = (card.kind.to_string(), card.grade.to_string());
        let own = [
            (Field::CardNo, Value::Text(&number)),
            (Field::Kind, Value::Text(&kind)),
            (Field::Grade, Value::Text(&grade)),
            (Field::IssuedOn, Value::Day(card.issued)),
        ];
        let written = clerk.row(desk, i, household, &own);
        note_birth(known, desk, i, written);
        if clerk.draw.per_million(7_000) {
            // The card from before the last assessment was never taken back.
            let issued = card.issued.plus_years(-4);
            clerk.row(
                desk,
                i,
                household,
                &[own[0], own[1], (Field::Grade, Value::Text("4")), (Field::IssuedOn, Value::Day(issued))],
            );
        }
    }
}
