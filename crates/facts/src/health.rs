//! Own medical cost, diseases and disability of one person.

use super::PersonFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::reckon::{Reckoner, Subject, validity};
use super::silence::Silence;
use super::spans::{Period, share_of};
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, Record, Source};
use crate::records::Nature;
use values::{Bounds, Day, Truth};

/// Positions in the list of `disease`.
const SERIOUS: u8 = 0;
const CHRONIC: u8 = 1;
const NO_DISEASE: u8 = 4;

#[derive(Clone, Copy, Debug)]
pub struct Health {
    pub cost_window: Amount,
    pub cost_before: Amount,
    pub cost_year: Amount,
    pub serious: Truth,
    pub chronic: Truth,
    /// `Some(0)` is known to have no card.
    pub disability: Option<i64>,
    pub severe: Truth,
}

pub fn reckon(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Health {
    let cost = |period: Period| cost(reckoner, subject, period);
    let disease = disease(reckoner, subject, frame);
    let disability = disability(reckoner, subject, frame);
    let health = Health {
        cost_window: cost(reckoner.window),
        cost_before: cost(reckoner.before),
        cost_year: cost(reckoner.year),
        serious: disease.0,
        chronic: disease.1,
        disability,
        severe: Truth::from_option(disability.map(|grade| (1..=2).contains(&grade))),
    };
    frame.bounds(F::OwnCostYear as usize, health.cost_year.floor());
    frame.bounds(F::OwnCostWindow as usize, health.cost_window.floor());
    health
}

/// Own cost of a period. What a list that starts at a limit leaves out lies below that limit in each calendar year.
fn cost(reckoner: &Reckoner<'_>, subject: &Subject<'_>, period: Period) -> Amount {
    let rows = subject.rows_of(Record::MedicalCost);
    let years = i64::from(period.last.0 / 12 - period.first.0 / 12 + 1);
    let mut earliest: Option<i32> = None;
    let mut register = false;
    let sum = reckoner.sum(rows, Record::MedicalCost, |at, source| {
        if is_within_longer(reckoner, at, source, rows) {
            return None;
        }
        let valid = validity(source, at.row);
        register |= source.resource.nature == Nature::Register;
        if valid.to.unwrap_or(reckoner.as_of).month() >= period.first {
            let from = valid.from.map_or(period.first.0, |from| from.month().0);
            earliest = Some(earliest.map_or(from, |earliest| earliest.min(from)));
        }
        Some(share_of(weigh(reckoner, at, source), valid, period, reckoner.as_of))
    });
    let Some(sum) = sum else { return reckoner.silent_sum(Record::MedicalCost, subject.area, years) };
    let unlisted = match earliest {
        _ if register => 0,
        None => years,
        Some(from) => i64::from((from.min(period.last.0) / 12 - period.first.0 / 12).max(0)),
    };
    match reckoner.silence(Record::MedicalCost, subject.area) {
        _ if unlisted == 0 => sum,
        Silence::Below(limit) => sum.plus(Amount::of(Bounds::between(0, limit.saturating_mul(unlisted)))),
        Silence::Nothing(_) => sum,
        Silence::Unknown => sum.plus(Amount::SOME),
    }
}

/// Own cost is a part of the whole cost: a whole that fits bears it out, however large it is; where own cost exceeds it,
/// one of the two is wrong.
fn weigh(reckoner: &Reckoner<'_>, at: RowRef, source: &Source<'_>) -> Bounds {
    let own = reckoner.figure(at, source, Field::OwnCost);
    let stated = source.money(Field::OwnCost, at.row);
    match stated.zip(source.money(Field::TotalCost, at.row)) {
        Some((stated, total)) if stated > 0 && (stated..stated.saturating_mul(10)).contains(&total) => {
            Bounds::exact(stated)
        }
        Some((stated, total)) if stated > total && total >= 0 => Bounds::between(own.low.min(total), own.high),
        _ => own,
    }
}

/// Cumulated figures: a row from the same day that lasts longer holds this one.
fn is_within_longer(reckoner: &Reckoner<'_>, at: RowRef, source: &Source<'_>, rows: &[RowRef]) -> bool {
    let (from, to) = (source.day(Field::From, at.row), source.day(Field::To, at.row));
    from.is_some()
        && to.is_some()
        && rows.iter().filter(|other| other.source == at.source && other.row != at.row).any(|other| {
            source.day(Field::From, other.row) == from
                && source.text(Field::Disease, other.row) == source.text(Field::Disease, at.row)
                && source.day(Field::To, other.row).unwrap_or(reckoner.as_of) > to.unwrap_or(reckoner.as_of)
        })
}

fn disease(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> (Truth, Truth) {
    let mut gravest: Option<u8> = None;
    let mut unread = false;
    for (at, source) in reckoner.of(subject.rows_of(Record::MedicalCost), Record::MedicalCost) {
        let valid = validity(source, at.row);
        let to = valid.to.unwrap_or(reckoner.as_of);
        let from = valid.from.unwrap_or(to);
        if reckoner.window.touched(from, to).is_some() {
            match source.code(Field::Disease, at.row) {
                Some(disease) => gravest = Some(gravest.map_or(disease, |gravest| gravest.min(disease))),
                None => unread = true,
            }
        }
    }
    let silent = matches!(reckoner.silence(Record::MedicalCost, subject.area), Silence::Nothing(_));
    let code = match gravest {
        Some(disease) if disease == SERIOUS || !unread => Some(disease),
        Some(_) => None,
        None if silent && !unread => Some(NO_DISEASE),
        None => None,
    };
    frame.code(F::Disease as usize, code);
    let over = reckoner.of(subject.rows_of(Record::MedicalCost), Record::MedicalCost).any(|(at, s)| {
        s.money(Field::OwnCost, at.row).zip(s.money(Field::TotalCost, at.row)).is_some_and(|(o, t)| o > t)
    });
    frame.flag(F::OwnOverTotal as usize, Truth::from_option(Some(over)));
    let is = |wanted: &dyn Fn(u8) -> bool| Truth::from_option(code.map(wanted));
    // A row with another disease doesn't exclude a second one below a list's limit.
    let serious = match is(&|disease| disease == SERIOUS) {
        Truth::False if !silent => Truth::Undetermined,
        known => known,
    };
    (serious, is(&|disease| disease <= CHRONIC))
}

/// The grade of the latest card; 0 where a register that covers the place has none.
fn disability(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Option<i64> {
    let mut latest: Option<(Option<Day>, Day, RowRef)> = None;
    let mut cards = 0;
    for (at, source) in reckoner.of(subject.rows_of(Record::Disability), Record::Disability) {
        latest = latest.max(Some((source.day(Field::IssuedOn, at.row), source.as_of(), at)));
        cards += 1;
    }
    frame.bounds(F::DisabilityCards as usize, Bounds::exact(cards));
    let Some((issued, _, at)) = latest else {
        let none = matches!(reckoner.silence(Record::Disability, subject.area), Silence::Nothing(_)).then_some(0);
        frame.bounds(F::DisabilityGrade as usize, none.map_or(Bounds::between(0, 4), Bounds::exact));
        return none;
    };
    let source = reckoner.sources.get(at.source)?;
    let grade = source.count(Field::Grade, at.row).filter(|grade| (1..=4).contains(grade));
    let kind = source.count(Field::Kind, at.row).filter(|kind| (1..=7).contains(kind));
    frame.bounds(F::DisabilityGrade as usize, grade.map_or(Bounds::between(1, 4), Bounds::exact));
    frame.bounds(F::DisabilityKind as usize, kind.map_or(Bounds::between(1, 7), Bounds::exact));
    frame.day(F::DisabilityIssued as usize, issued);
    frame.flag(F::CardAgrees as usize, card_agrees(source, at.row, subject, kind, grade));
    grade
}

/// A card's number is the holder's identity number, the kind and the grade, with two more characters when renewed.
fn card_agrees(source: &Source<'_>, row: u32, subject: &Subject<'_>, kind: Option<i64>, grade: Option<i64>) -> Truth {
    let Some((card, id)) = source.text(Field::CardNo, row).zip(subject.person.id_number) else {
        return Truth::Undetermined;
    };
    let card = card.trim().as_bytes();
    if card.len() < 20 || !card.is_ascii() {
        return Truth::from_option(Some(false));
    }
    let digit = |at: usize| Some(i64::from(card[at]) - i64::from(b'0'));
    let holder = card[..18].eq_ignore_ascii_case(id.reveal().as_bytes());
    Truth::from_option(Some(holder && (kind.is_none() || digit(18) == kind) && (grade.is_none() || digit(19) == grade)))
}
