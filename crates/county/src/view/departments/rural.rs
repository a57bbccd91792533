//! The village's own survey: who lives together, on what; and the lists kept from it.

use super::{Desk, everybody, note_birth};
use crate::life::{Household, Item, Life, Means, WINDOW, is_empty};
use crate::rates::Kind;
use crate::truth::{Account, Excess, LIMITED, PARTS, in_window};
use crate::view::{Clerk, Field, Known, Value};
use values::Month;

/// Who shares house and income, as the visitors found them.
pub fn members(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        let unheard = person.joined.plus_days(40) > desk.as_of && person.joined > crate::life::START.first_day();
        if unheard || !clerk.keeps(desk, person) {
            continue;
        }
        let living = if person.home == crate::life::Home::Away { "away" } else { "here" };
        let since = person.joined.max(person.birth);
        let recent = since > crate::life::START.first_day();
        let own = [
            (Field::Relation, Value::Text(person.kin.name())),
            (Field::Living, Value::Text(living)),
            (Field::From, if recent { Value::Day(since) } else { Value::Nothing }),
        ];
        let number = clerk.about(desk, person, household).household_no;
        let written = clerk.row(desk, i, household, &own);
        note_birth(known, desk, i, written);
        if written.delivered {
            super::police::note_kept(clerk, desk, person, written);
            known.views.push((desk.resource, number, i));
        }
    }
}

/// Income cards: of all listed and once poor families, and of about half of the others.
pub fn income(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for household in (0..life.households.len()).filter(|household| !is_empty(life, *household)) {
        let home = &life.households[household];
        let chosen = !home.assistance.is_empty() || !home.monitoring.is_empty() || home.alleviated.is_some();
        let odds = if home.means <= Means::Tight { 74 } else { 56 };
        if chosen || clerk.draw.percent(odds) {
            card(clerk, desk, known, household);
        }
    }
}

/// How a family answers: rightly, a little off, or with a part of it unsaid.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Right,
    Guessed(i32),
    Unsaid(i32),
}

fn answer(clerk: &mut Clerk<'_>, household: usize) -> Answer {
    let excess = Excess::of(clerk.life, household);
    let granted =
        |programme: &&str| clerk.life.households[household].assistance.iter().any(|a| a.programme == *programme);
    let limited = LIMITED.iter().any(&granted);
    let over = (0..LIMITED.len()).any(|i| excess.income[i] && granted(&LIMITED[i]));
    // Whoever would lose a grant has a reason to leave something out.
    let (guessed, unsaid) = match (limited, over) {
        (true, true) => (10, 60),
        (true, false) => (14, 22),
        _ => (15, 3),
    };
    match clerk.draw.weighted(&[100 - guessed - unsaid, guessed, unsaid]) {
        0 => Answer::Right,
        1 => Answer::Guessed(clerk.draw.around(78, 122)),
        _ => Answer::Unsaid(clerk.draw.between(20, 75)),
    }
}

fn card(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, household: usize) {
    let life = clerk.life;
    let home = &life.households[household];
    let answer = answer(clerk, household);
    let wage = (Account::of(life, household).wage / PARTS) as i64;
    let (from, to) = (WINDOW.first_day(), WINDOW.last_day());
    let mut items: Vec<Item> = home.items.clone();
    // Wages are asked too, though not always answered.
    if wage > 0 && clerk.draw.percent(94) {
        items.push(Item { item: "wage", amount: wage, from, to });
    }
    let nothing = items.is_empty();
    if nothing {
        items.push(Item { item: "operating", amount: 0, from, to });
    }
    for item in items {
        let amount = match answer {
            Answer::Guessed(percent) => item.amount * i64::from(percent) / 10_000 * 100,
            Answer::Unsaid(percent) if item.item != "operating_cost" => item.amount * i64::from(percent) / 10_000 * 100,
            _ => item.amount,
        };
        let halves = clerk.draw.percent(7) && amount % 200 == 0;
        if halves {
            let middle = Month(WINDOW.first.0 + 6).first_day();
            let half = amount / 2;
            line(
                clerk,
                desk,
                known,
                household,
                Item { amount: half, to: middle.plus_days(-1), ..item },
                item.amount / 2,
            );
            line(clerk, desk, known, household, Item { amount: half, from: middle, ..item }, item.amount / 2);
        } else {
            line(clerk, desk, known, household, Item { amount, ..item }, item.amount);
        }
    }
}

fn line(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, household: usize, item: Item, real: i64) {
    let home = &clerk.life.households[household];
    let method = match item.item {
        "operating_cost" => "coefficient",
        _ if item.amount == real && clerk.draw.percent(35) => "evidence",
        _ => "declared",
    };
    let own = [
        (Field::Item, Value::Text(item.item)),
        (Field::Amount, Value::Fen(item.amount)),
        (Field::From, Value::Day(item.from)),
        (Field::To, Value::Day(item.to)),
        (Field::Method, Value::Text(method)),
    ];
    let written = clerk.row(desk, home.head, household, &own);
    let seen = &mut known.homes[household];
    seen.income |= written.delivered;
    if item.amount != real && written.delivered {
        clerk.note_answer(desk.resource, written.row, Field::Amount, Value::Fen(real), Value::Fen(item.amount));
    }
    if item.amount == real && written.right(&[Field::Item, Field::Amount, Field::From, Field::To]) {
        let amount = in_window(item.amount, item.from, item.to);
        match item.item {
            "wage" => seen.items.wage += amount,
            "operating" => seen.items.operating += amount,
            "operating_cost" => seen.items.operating_cost += amount,
            "property" => seen.items.property += amount,
            "transfer" => seen.items.transfer += amount,
            _ => seen.items.insurance_claim += amount,
        }
    }
}

/// The register of monitored households.
pub fn monitoring(clerk: &mut Clerk<'_>, desk: Desk) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        for case in home.monitoring.iter().filter(|case| case.identified <= desk.as_of) {
            let own = [
                (Field::Category, Value::Text(case.category)),
                (Field::Cause, Value::Text(case.cause)),
                (Field::IdentifiedOn, Value::Day(case.identified)),
                (Field::EliminatedOn, case.eliminated.into()),
            ];
            clerk.row(desk, home.head, household, &own);
        }
    }
}

/// Households once registered as poor. One that split since stands under the old one.
pub fn alleviated(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        let Some(year) = home.alleviated else {
            continue;
        };
        let head = &life.people[home.head];
        if !head.is_member() && clerk.slips(desk.department, Kind::RowMissing) {
            continue;
        }
        let written = clerk.row(desk, home.head, household, &[(Field::Year, Value::Whole(year))]);
        known.homes[household].once_poor |= written.delivered;
        let known_split = |other: &Household| other.split_from == Some(household) && proves_split(life, other);
        for split in (0..life.households.len()).filter(|h| known_split(&life.households[*h])) {
            known.homes[split].once_poor |= written.delivered;
        }
    }
}

/// The old household stands in the police register with those who left it.
fn proves_split(life: &Life, split: &Household) -> bool {
    life.people[split.head].registered == split.split_from
}
