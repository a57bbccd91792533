//! Schooling: three school years, what they cost, who stays away.

use super::{AS_OF, Life, Means, Person, Schooling, day, work::leaves_school_at};
use crate::draw::Draw;

/// Everybody's rows of the last three school years.
pub fn attend(life: &mut Life, draw: &mut Draw) {
    for i in 0..life.people.len() {
        let means = life.households[life.people[i].household].means;
        let rows = [2024, 2025, 2026].into_iter().filter_map(|year| row(&life.people[i], year, means, draw));
        life.people[i].schooling = rows.collect();
        finish(&mut life.people[i]);
    }
}

fn row(person: &Person, year: i16, means: Means, draw: &mut Draw) -> Option<Schooling> {
    let start = day(year, 9, 1);
    let age = person.age(start);
    if !(3..22).contains(&age) || person.died.is_some_and(|day| day < start) || person.left.is_some_and(|d| d < start) {
        return None;
    }
    let until = leaves_school_at(person);
    let vocational = person.id.key().is_multiple_of(5);
    let stage = match age {
        3..6 => "preschool",
        6..12 => "primary",
        12..15 => "junior",
        15..18 if until < 18 => return None,
        15..18 if vocational => "vocational",
        15..18 => "senior",
        _ if until < 22 || vocational && age > 20 => return None,
        _ => "college",
    };
    let poor = u32::from(means <= Means::Tight);
    let (gone, absent) = match age {
        6..12 => (500 + 800 * poor, 400),
        12..15 => (5_000 + 7_000 * poor, 2_500),
        _ => (0, 0),
    };
    let severe = person.disability.is_some_and(|d| d.grade <= 2 && d.issued < start);
    let status = match () {
        () if severe && age < 16 && draw.percent(60) => "home_teaching",
        () if stage == "preschool" && draw.percent(15) => return None,
        // A few were never enrolled.
        () if age == 6 && draw.per_million(1_500) => return None,
        () if draw.per_million(gone) => "left",
        () if draw.per_million(absent) => "absent",
        () => "enrolled",
    };
    let to = (year < 2026).then(|| day(year + 1, 7, 10));
    let own_cost = if status == "enrolled" { cost(stage, draw) } else { 0 };
    // The bills of the year that has just begun aren't all in.
    let own_cost = if year == 2026 { own_cost / 2 } else { own_cost };
    Some(Schooling { stage, status, own_cost, from: start, to })
}

fn cost(stage: &str, draw: &mut Draw) -> i64 {
    let yuan = match stage {
        "preschool" if draw.percent(2) => draw.between(1_010, 1_500) * 10,
        "preschool" => draw.between(120, 620) * 10,
        "senior" => draw.between(180, 720) * 10,
        "vocational" => draw.between(40, 360) * 10,
        "college" if draw.percent(7) => draw.between(1_020, 2_400) * 10,
        "college" => draw.between(520, 990) * 10,
        _ => draw.between(0, 60) * 10,
    };
    i64::from(yuan) * 100
}

/// Whoever left school after the junior stage has finished, and the register says so.
fn finish(person: &mut Person) {
    let age = person.age(AS_OF);
    if age >= 19 || person.schooling.iter().any(|row| row.from == day(2026, 9, 1)) {
        return;
    }
    if let Some(last) = person.schooling.last()
        && last.stage == "junior"
        && last.status == "enrolled"
        && leaves_school_at(person) < 18
    {
        let from = day(2026, 7, 11).min(last.to.unwrap_or(AS_OF).plus_days(1));
        person.schooling.push(Schooling { stage: "junior", status: "finished", own_cost: 0, from, to: None });
    }
}
