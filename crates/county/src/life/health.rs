//! Illness, its cost, disability and medical cover.

use super::{AS_OF, Cover, Day, Disability, Illness, Life, Means, Person, START, Trade, day};
use crate::draw::Draw;

/// A disability, from accident, illness or age.
pub fn disable(person: &mut Person, on: Day, draw: &mut Draw) {
    if person.disability.is_none() {
        let kind = [1, 2, 3, 4, 5, 6, 7][draw.weighted(&[12, 18, 3, 50, 8, 7, 2])];
        let grade = [1, 2, 3, 4][draw.weighted(&[12, 20, 30, 38])];
        person.disability = Some(Disability { kind, grade, issued: on });
    }
}

/// Costs of two years, and who is insured.
pub fn insure(life: &mut Life, draw: &mut Draw) {
    for household in 0..life.households.len() {
        let gap = draw.per_million(6_500);
        let means = life.households[household].means;
        for i in life.households[household].people.clone() {
            let person = &mut life.people[i];
            early_disability(person, draw);
            for year in [2025, 2026] {
                if let Some(illness) = year_of_illness(person, year, means, draw) {
                    person.illness.push(illness);
                }
            }
            let formal = person.trade == Trade::Formal && person.jobs.last().is_some_and(|job| job.to.is_none());
            let newborn = person.birth > day(2026, 7, 1);
            person.cover = match () {
                () if gap && draw.percent(55) || newborn && draw.percent(4) => Cover::Nothing,
                () if formal => Cover::Employee,
                () => Cover::Resident,
            };
        }
    }
}

fn early_disability(person: &mut Person, draw: &mut Draw) {
    let age = person.age(START.first_day()).max(0) as u32;
    if draw.per_million(6_000 + age * 700) {
        disable(person, START.first_day().plus_days(-draw.between(200, 4_000)), draw);
    }
}

fn year_of_illness(person: &Person, year: i16, means: Means, draw: &mut Draw) -> Option<Illness> {
    let last = if year == 2026 { AS_OF } else { day(year, 12, 31) };
    let first = day(year, 1, 1);
    let alive_until = person.died.unwrap_or(last).min(last);
    if alive_until < first || person.joined > last || person.left.is_some_and(|day| day < first) {
        return None;
    }
    let from = first.max(person.birth);
    let age = person.age(last);
    let (serious, chronic) = match age {
        ..40 => (2_800, 6_000),
        40..60 => (8_000, 70_000),
        60..75 => (18_000, 240_000),
        _ => (26_000, 300_000),
    };
    // Sickness and poverty go together.
    let often = if means == Means::Poor { 2 } else { 1 };
    let dying = person.died.is_some_and(|day| day <= last) && draw.percent(40);
    let (disease, own, long) = if dying || draw.per_million(serious * often) {
        ("serious", draw.skewed(5_500, 92_000), draw.percent(40))
    } else if draw.per_million(chronic * often) {
        ("chronic", draw.skewed(260, 9_600), true)
    } else if draw.per_million(26_000) {
        (draw.pick(&["injury", "other"]), draw.skewed(300, 16_000), false)
    } else {
        return None;
    };
    let own_cost = i64::from(own) * 100 + i64::from(draw.below(100));
    let (from, to) = if long {
        (from, alive_until)
    } else {
        let start = from.plus_days(draw.between(0, (alive_until.0 - from.0 - 1).max(0)));
        (start, start.plus_days(draw.between(2, 45)).min(alive_until).max(start))
    };
    Some(Illness { own_cost, total_cost: own_cost * i64::from(draw.between(2, 4)), disease, from, to })
}
