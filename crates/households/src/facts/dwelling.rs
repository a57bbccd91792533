//! House and water by their latest survey, and disasters.

use super::HouseholdFact as F;
use super::frame::Frame;
use super::home::Home;
use super::reckon::Reckoner;
use super::silence::Silence;
use crate::stage::rows::RowRef;
use crate::stage::sources::{Field, PROGRAMMES, Record, Source};
use values::{Bounds, Day, Truth};

/// Position of the first unsafe grade, C, in the list of grades.
const GRADE_C: u8 = 2;
const UNMET: u8 = 1;

pub fn write(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Frame) {
    house(reckoner, home, frame);
    water(reckoner, home, frame);
    disaster(reckoner, home, frame);
}

/// The latest survey of a record: its day, and the rows of that day.
fn latest<'a>(r: &'a Reckoner<'a>, home: &Home<'_>, record: Record) -> Option<(Day, Vec<(RowRef, &'a Source<'a>)>)> {
    let mut newest: Option<(Day, Vec<(RowRef, &Source<'_>)>)> = None;
    for at in &home.rows {
        let Some(source) = r.sources.get(at.source).filter(|source| source.record == record) else { continue };
        let day = source.day(Field::SurveyedOn, at.row).filter(|day| *day <= r.as_of).unwrap_or(source.as_of());
        match &mut newest {
            Some((known, rows)) if *known == day => rows.push((*at, source)),
            Some((known, _)) if *known > day => {}
            _ => newest = Some((day, vec![(*at, source)])),
        }
    }
    newest
}

/// The one value that all rows agree on.
fn agreed<T: PartialEq>(values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut agreed = None;
    for value in values.flatten() {
        if agreed.as_ref().is_some_and(|known| *known != value) {
            return None;
        }
        agreed = Some(value);
    }
    agreed
}

fn house(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Frame) {
    let Some((day, rows)) = latest(reckoner, home, Record::House) else {
        frame.flag(F::HouseSurveyed as usize, Truth::False);
        frame.bounds(F::HouseArea as usize, Bounds::at_least(0));
        return;
    };
    frame.flag(F::HouseSurveyed as usize, Truth::True);
    frame.day(F::HouseSurveyedOn as usize, Some(day));
    let area = agreed(rows.iter().map(|(at, source)| source.number(Field::AreaM2, at.row).filter(|area| *area >= 0)));
    frame.bounds(F::HouseArea as usize, area.map_or(Bounds::at_least(0), Bounds::exact));
    let renovated = renovated_on(reckoner, home).is_some_and(|on| on > day);
    // What was graded before it was renovated isn't the house of today.
    let grade = agreed(rows.iter().map(|(at, source)| source.code(Field::Grade, at.row))).filter(|_| !renovated);
    let only = agreed(rows.iter().map(|(at, source)| match source.flag(Field::OnlyHome, at.row) {
        Truth::Undetermined => None,
        flag => Some(flag),
    }));
    let only = only.unwrap_or(Truth::Undetermined);
    frame.code(F::HouseGrade as usize, grade);
    frame.flag(F::OnlyHome as usize, only);
    frame.flag(F::HouseUnsafe as usize, only.and(Truth::from_option(grade.map(|grade| grade >= GRADE_C))));
}

/// When help with the house last began.
pub fn renovated_on(reckoner: &Reckoner<'_>, home: &Home<'_>) -> Option<Day> {
    let renovation = PROGRAMMES.iter().position(|programme| *programme == "house_renovation").map(|at| at as u8);
    reckoner
        .of(&home.rows, Record::Assistance)
        .filter(|(at, source)| source.code(Field::Programme, at.row) == renovation)
        .filter_map(|(at, source)| source.day(Field::From, at.row))
        .filter(|from| *from <= reckoner.as_of)
        .max()
}

fn water(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Frame) {
    let Some((day, rows)) = latest(reckoner, home, Record::Water) else {
        frame.flag(F::WaterSurveyed as usize, Truth::False);
        return;
    };
    frame.flag(F::WaterSurveyed as usize, Truth::True);
    frame.day(F::WaterSurveyedOn as usize, Some(day));
    let mut any_unmet = Truth::False;
    for (fact, field) in [
        (F::WaterQuantity, Field::Quantity),
        (F::WaterQuality, Field::Quality),
        (F::WaterAccess, Field::Access),
        (F::WaterReliability, Field::Reliability),
    ] {
        let code = agreed(rows.iter().map(|(at, source)| source.code(field, at.row)));
        let met = Truth::from_option(code.map(|code| code != UNMET));
        frame.flag(fact as usize, met);
        any_unmet = any_unmet.or(met.not());
    }
    frame.flag(F::WaterUnsafe as usize, any_unmet);
}

/// The largest damage that happened after the same day a year before `as_of`.
fn disaster(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Frame) {
    let year_ago = reckoner.as_of.plus_years(-1);
    let mut hit = Truth::False;
    let mut damage = Bounds::ZERO;
    let mut largest: Option<(i64, Option<Day>, RowRef)> = None;
    for (at, source) in reckoner.of(&home.rows, Record::Disaster) {
        let on = source.day(Field::HappenedOn, at.row);
        let lately = Truth::from_option(on.map(|on| on > year_ago && on <= reckoner.as_of));
        if lately == Truth::False {
            continue;
        }
        hit = hit.or(lately);
        let figure = reckoner.figure(at, source, Field::Damage);
        let low = if lately == Truth::True { figure.low } else { 0 };
        damage = damage.larger(Bounds { low, ..figure });
        largest = largest.max(Some((figure.high, on, at)));
    }
    let silent = match reckoner.silence(Record::Disaster, home.household.area) {
        Silence::Nothing(_) => Bounds::ZERO,
        Silence::Below(limit) => Bounds::between(0, limit),
        Silence::Unknown => Bounds::at_least(0),
    };
    let damage = if largest.is_some() { damage } else { silent };
    frame.bounds(F::Damage as usize, damage);
    let none = largest.is_none() && silent != Bounds::ZERO;
    frame.flag(F::DisasterHit as usize, if none { Truth::Undetermined } else { hit });
    if let Some((_, on, at)) = largest {
        frame.day(F::DisasterOn as usize, on);
        let kind = reckoner.sources.get(at.source).and_then(|source| source.text(Field::Kind, at.row));
        frame.text(F::DisasterKind as usize, kind);
    }
}
