//! Houses, water, disasters: surveys of households, some of them old.

use super::Desk;
use crate::life::{House, day};
use crate::truth::is_heavy;
use crate::view::{Clerk, Field, Known, Value};

/// The census of houses, and the later second look at the doubtful ones.
pub fn houses(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let again = desk.file.name == "resurvey";
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        let Some(house) = home.house else {
            continue;
        };
        let bad = matches!(house.grade, "C" | "D");
        // A few were repaired, a few decayed since the census; who looks again sees it.
        let turn = crate::draw::mix(life.people[home.head].id.key() ^ 3) % 1_000;
        let repaired = !bad && house.grade == "B" && turn < 6;
        let decayed = bad && turn < 100;
        let doubtful = clerk.bad_houses.contains(&household) && clerk.draw.percent(72);
        if again && !(doubtful || repaired || decayed && clerk.draw.percent(40) || clerk.draw.per_million(9_000)) {
            continue;
        }
        let grade = match (again, repaired, decayed) {
            (false, true, _) => "C",
            (false, _, true) => "B",
            _ => house.grade,
        };
        let surveyed = if again { day(2026, 5, 11) } else { day(2025, 3, 6) }.plus_days(clerk.draw.between(0, 70));
        one_house(clerk, desk, known, household, House { grade, ..house }, surveyed);
    }
}

fn one_house(
    clerk: &mut Clerk<'_>,
    desk: Desk,
    known: &mut Known,
    household: usize,
    seen: House,
    surveyed: values::Day,
) {
    let home = &clerk.life.households[household];
    let own = [
        (Field::Grade, Value::Text(seen.grade)),
        (Field::OnlyHome, Value::Flag(seen.only_home)),
        (Field::AreaM2, Value::Measure(seen.area)),
        (Field::SurveyedOn, Value::Day(surveyed)),
    ];
    let written = clerk.row(desk, home.head, household, &own);
    // What the census says, slips included, is what is looked at again.
    let slipped = written.wrong.has(Field::Grade) && !written.empty.has(Field::Grade);
    if matches!(seen.grade, "C" | "D") || slipped && seen.grade == "B" {
        clerk.bad_houses.push(household);
    }
    let home = &clerk.life.households[household];
    let real = home.house.is_some_and(|house| house.grade == seen.grade);
    if real && written.right(&[Field::Grade, Field::OnlyHome]) {
        known.homes[household].bad_house |= matches!(seen.grade, "C" | "D") && seen.only_home;
    }
    known.homes[household].house |= written.right(&[Field::AreaM2]);
}

/// The four criteria of safe drinking water; where one wasn't met, most are looked at again in summer.
pub fn water(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    let fields = [Field::Quantity, Field::Quality, Field::Access, Field::Reliability];
    for household in 0..life.households.len() {
        let home = &life.households[household];
        let again = desk.file.name == "recheck";
        let doubtful = clerk.bad_water.contains(&household) && clerk.draw.percent(74);
        if !life.people[home.head].is_member() || again && !doubtful {
            continue;
        }
        let word = |met: bool| Value::Text(if met { "met" } else { "unmet" });
        let surveyed = if again { day(2026, 7, 1) } else { day(2026, 2, 20) }.plus_days(clerk.draw.between(0, 80));
        let mut own = [(Field::SurveyedOn, Value::Day(surveyed)); 5];
        for (i, field) in fields.into_iter().enumerate() {
            own[i] = (field, word(home.water[i]));
        }
        let written = clerk.row(desk, home.head, household, &own);
        let proven = |i: usize| !home.water[i] && written.right(&[fields[i]]);
        known.homes[household].unsafe_water |= (0..4).any(proven);
        let slipped = |i: usize| written.wrong.has(fields[i]) && !written.empty.has(fields[i]);
        if !again && written.delivered && (0..4).any(|i| home.water[i] == slipped(i)) {
            clerk.bad_water.push(household);
        }
    }
}

/// Households with damage over the stated limit.
pub fn disasters(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        for disaster in &home.disasters {
            if disaster.damage <= 100_000 || disaster.happened.plus_days(5) > desk.as_of {
                continue;
            }
            let own = [
                (Field::Kind, Value::Text(disaster.kind)),
                (Field::Damage, Value::Fen(disaster.damage)),
                (Field::HappenedOn, Value::Day(disaster.happened)),
            ];
            let written = clerk.row(desk, home.head, household, &own);
            let right = written.right(&[Field::Damage, Field::HappenedOn]);
            known.homes[household].disaster |= right && is_heavy(disaster);
        }
    }
}
