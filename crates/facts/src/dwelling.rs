//! House and water by their latest survey, and disasters.

use super::HouseholdFact as F;
use super::frame::Part;
use super::home::Home;
use super::neighbours::{CRITERIA, Surveyed};
use super::reckon::Reckoner;
use super::silence::Silence;
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, PROGRAMMES, Record, Source};
use values::{Bounds, Day, Truth};

/// Position of the first unsafe grade, C, in the list of grades.
const GRADE_C: u8 = 2;
const UNMET: u8 = 1;

/// Writes them, and gives what a survey found of the water.
pub fn write(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) -> Option<Surveyed> {
    house(reckoner, home, frame);
    disaster(reckoner, home, frame);
    water(reckoner, home, frame)
}

type Survey<'a> = (Day, RowRef, &'a Source<'a>);

/// The surveys of a record, the latest first.
fn surveys<'a>(reckoner: &'a Reckoner<'a>, home: &Home<'_>, record: Record) -> Vec<Survey<'a>> {
    let mut surveys: Vec<Survey<'_>> = Vec::new();
    for at in &home.rows {
        let Some(source) = reckoner.sources.get(at.source).filter(|source| source.record == record) else { continue };
        let day = source.day(Field::SurveyedOn, at.row).filter(|day| *day <= reckoner.as_of);
        surveys.push((day.unwrap_or(source.as_of()), *at, source));
    }
    surveys.sort_by_key(|(day, at, _)| (std::cmp::Reverse(*day), *at));
    surveys
}

/// The value of the latest survey that has one, with its day; `None` where two of that day contradict each other.
fn latest<T: PartialEq>(surveys: &[Survey<'_>], read: impl Fn(&Source<'_>, u32) -> Option<T>) -> Option<(Day, T)> {
    let mut found: Option<(Day, T)> = None;
    for (day, at, source) in surveys {
        let Some(value) = read(source, at.row) else { continue };
        match &found {
            Some((known, _)) if known > day => break,
            Some((_, other)) if *other != value => return None,
            _ => found = Some((*day, value)),
        }
    }
    found
}

fn house(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let surveys = surveys(reckoner, home, Record::House);
    frame.flag(F::HouseSurveyed as usize, Truth::from_option(Some(!surveys.is_empty())));
    frame.day(F::HouseSurveyedOn as usize, surveys.first().map(|(day, ..)| *day));
    let area = latest(&surveys, |source, row| source.number(Field::AreaM2, row).filter(|area| *area >= 0));
    frame.bounds(F::HouseArea as usize, area.map_or(Bounds::at_least(0), |(_, area)| Bounds::exact(area)));
    let grade = latest(&surveys, |source, row| source.code(Field::Grade, row));
    // What was graded before its renovation was finished isn't the house of today.
    let renovated = renovated_on(reckoner, home);
    let grade = grade.filter(|(day, _)| renovated.is_none_or(|finished| finished <= *day)).map(|(_, grade)| grade);
    let only =
        latest(&surveys, |source, row| Some(source.flag(Field::OnlyHome, row)).filter(|f| *f != Truth::Undetermined));
    let only = only.map_or(Truth::Undetermined, |(_, only)| only);
    frame.code(F::HouseGrade as usize, grade);
    frame.flag(F::OnlyHome as usize, only);
    frame.flag(F::HouseUnsafe as usize, only.and(Truth::from_option(grade.map(|grade| grade >= GRADE_C))));
}

/// When help with the house was last finished; help that still runs leaves the house as it was graded.
fn renovated_on(reckoner: &Reckoner<'_>, home: &Home<'_>) -> Option<Day> {
    let renovation = PROGRAMMES.iter().position(|programme| *programme == "house_renovation").map(|at| at as u8);
    reckoner
        .of(&home.rows, Record::Assistance)
        .filter(|(at, source)| source.code(Field::Programme, at.row) == renovation)
        .filter_map(|(at, source)| source.day(Field::To, at.row))
        .filter(|to| *to <= reckoner.as_of)
        .max()
}

fn water(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) -> Option<Surveyed> {
    let surveys = surveys(reckoner, home, Record::Water);
    frame.flag(F::WaterSurveyed as usize, Truth::from_option(Some(!surveys.is_empty())));
    frame.day(F::WaterSurveyedOn as usize, surveys.first().map(|(day, ..)| *day));
    let (mut any_unmet, mut unmet) = (Truth::False, 0);
    let fields = [Field::Quantity, Field::Quality, Field::Access, Field::Reliability];
    for (fact, field) in CRITERIA.into_iter().zip(fields) {
        let code = latest(&surveys, |source, row| source.code(field, row));
        let met = Truth::from_option(code.map(|(_, code)| code != UNMET));
        frame.flag(fact as usize, met);
        any_unmet = any_unmet.or(met.not());
        unmet += u8::from(met == Truth::False);
    }
    frame.flag(F::WaterUnsafe as usize, any_unmet);
    (!surveys.is_empty()).then_some(Surveyed { village: home.household.area, unmet })
}

/// The largest damage that happened after the same day a year before `as_of`.
fn disaster(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
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
