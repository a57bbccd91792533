//! The police: who is registered where, and who has died.

use super::{Desk, note_birth};
use crate::life::{Home, Kin, Person};
use crate::rates::Kind;
use crate::view::{Clerk, Field, Known, Value, Written};

/// The residence register: as registered, not as people live.
pub fn register(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for i in 0..life.people.len() {
        let person = &life.people[i];
        let Some(household) = person.registered.filter(|_| person.joined <= desk.as_of) else {
            continue;
        };
        let gone = person.home == Home::Gone;
        let dead = person.died.is_some_and(|day| day <= desk.as_of);
        let kept = clerk.keeps(desk, person);
        // Those struck off lately still stand in it, with the day.
        let lately = person.died.is_some_and(|day| day > crate::life::day(2025, 6, 30)) && clerk.draw.percent(88);
        if dead && !kept && !lately {
            continue;
        }
        let struck_off = (gone || dead) && !kept;
        let living = if struck_off { "left" } else { "here" };
        let to = if dead { person.died } else { person.left }.filter(|_| struck_off);
        let moved_in = person.joined > person.birth && person.joined > crate::life::START.first_day();
        let own = [
            (Field::Relation, Value::Text(registered_kin(person, household).name())),
            (Field::Living, Value::Text(living)),
            (Field::Marital, Value::Text(if person.married { "20" } else { "10" })),
            (Field::Education, education(person)),
            (Field::From, if moved_in { Value::Day(person.joined) } else { Value::Nothing }),
            (Field::To, to.into()),
        ];
        let number = clerk.about(desk, person, household).household_no;
        let written = clerk.row(desk, i, household, &own);
        note_birth(known, desk, i, written);
        if written.delivered {
            if living == "here" {
                note_kept(clerk, desk, person, written);
            }
            let listed = living == "here" && !written.wrong.has(Field::Living);
            known.people[i].registered = listed;
            known.people[i].placed = household == person.household;
            if listed {
                known.views.push((desk.resource, number, i));
            }
        }
    }
}

/// Notes that somebody is listed who died or left.
pub fn note_kept(clerk: &mut Clerk<'_>, desk: Desk, person: &Person, written: Written) {
    let left = person.left.filter(|_| person.home == Home::Gone);
    let (kind, since) = match (person.died, left) {
        (Some(died), _) => (Kind::DeadKept, died),
        (None, Some(left)) => (Kind::GoneKept, left),
        _ => return,
    };
    if since <= desk.as_of {
        clerk.note(desk.resource, written.row, "", kind, since.to_string(), String::new());
    }
}

/// In a household that split without telling the police, the young family are still the head's children.
fn registered_kin(person: &Person, household: usize) -> Kin {
    if household == person.household {
        return person.kin;
    }
    match person.kin {
        Kin::Head => Kin::Child,
        Kin::Spouse => Kin::ChildInLaw,
        _ => Kin::Grandchild,
    }
}

fn education(person: &Person) -> Value<'static> {
    if person.education.is_empty() { Value::Nothing } else { Value::Text(person.education) }
}

/// Deaths, by what each department has seen: its own kind of evidence.
pub fn deaths(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    let (share, evidence) = match desk.file.name {
        "deaths" => (88, "register"),
        "cremations" => (72, "cremation"),
        _ => (34, "hospital"),
    };
    for i in 0..life.people.len() {
        let person = &life.people[i];
        let Some(died) = person.died else {
            continue;
        };
        // Word of a death takes its time.
        let reported = died.plus_days(clerk.draw.between(2, 75));
        if reported > desk.as_of || !clerk.draw.percent(share) {
            continue;
        }
        let own = [(Field::DiedOn, Value::Day(died)), (Field::Evidence, Value::Text(evidence))];
        let written = clerk.row(desk, i, person.household, &own);
        known.people[i].dead |= written.right(&[Field::DiedOn]);
    }
}
