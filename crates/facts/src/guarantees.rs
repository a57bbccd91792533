//! Medical cover and compulsory schooling of one person, and what a silent register proves of them.

use super::PersonFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::quirks;
use super::reckon::{Reckoner, Subject, validity};
use super::silence::{Silence, Strays};
use super::spans::share_of;
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, Record, Source};
use values::{Bounds, Day, Truth};

/// Positions in the lists of `medical_cover`, `school_state` and `school_stage`.
const NO_COVER: u8 = 2;
const ENROLLED: u8 = 0;
const ABSENT: u8 = 2;
const LEFT: u8 = 3;
const FINISHED: u8 = 4;
const NO_SCHOOL: u8 = 5;
const PRIMARY: u8 = 1;
const JUNIOR: u8 = 2;
const NO_STAGE: u8 = 6;

/// Cover and schooling of one person.
#[derive(Clone, Copy, Debug)]
pub struct Guarantees {
    pub uncovered: Truth,
    pub out_of_school: Truth,
    pub school_cost: Amount,
    pub school_cost_beyond: Amount,
    /// Enrolled beyond compulsory school.
    pub student_beyond: Truth,
}

pub fn reckon(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Guarantees {
    let uncovered = cover(reckoner, subject, frame);
    let (out_of_school, student_beyond) = school(reckoner, subject, frame);
    let (school_cost, school_cost_beyond) = costs(reckoner, subject, frame);
    Guarantees { uncovered, out_of_school, school_cost, school_cost_beyond, student_beyond }
}

/// Whether the register that covers the person's place has no cover of `as_of`'s year for it; `None` where no register
/// answered for that year.
pub fn is_silent_on_cover(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> Option<bool> {
    let Silence::Nothing(day) = reckoner.silence(Record::MedicalCover, subject.area) else { return None };
    let born_later = subject.person.birth.is_some_and(|birth| birth > day);
    if day.year() < reckoner.as_of.year() || born_later || !subject.resident.registered {
        return None;
    }
    let year = i64::from(reckoner.as_of.year());
    Some(
        !reckoner
            .of(subject.rows_of(Record::MedicalCover), Record::MedicalCover)
            .any(|(at, source)| cover_year(reckoner, at, source) == year),
    )
}

/// The year a cover row speaks of. Where nearly all rows of a delivery name one year, another one is a slip.
fn cover_year(reckoner: &Reckoner<'_>, at: RowRef, source: &Source<'_>) -> i64 {
    let usual = reckoner.survey.cover_years[usize::from(at.source)];
    usual.or(source.count(Field::Year, at.row)).unwrap_or(i64::from(source.as_of().year()))
}

fn is_stray(reckoner: &Reckoner<'_>, subject: &Subject<'_>, strays: &Strays) -> bool {
    let id = subject.person.id_number.map(|id| id.key());
    strays.resemble(&subject.person.name, subject.person.birth, subject.area, id)
        || reckoner.assembly.died(subject.resident.person) != Truth::False
}

fn is_quirk(reckoner: &Reckoner<'_>, subject: &Subject<'_>, quirks: [bool; 4]) -> bool {
    quirks::traits(reckoner, subject).into_iter().zip(quirks).any(|(has, quirk)| has && quirk)
}

fn cover(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Truth {
    let this_year = i64::from(reckoner.as_of.year());
    // Newest delivery that names a cover, and newest that says none.
    let (mut covered, mut none): (Option<(Day, u8)>, Option<Day>) = (None, None);
    let mut named = 0u8;
    let mut last_year = None;
    for (at, source) in reckoner.of(subject.rows_of(Record::MedicalCover), Record::MedicalCover) {
        let Some(cover) = source.code(Field::Cover, at.row) else { continue };
        match cover_year(reckoner, at, source) - this_year {
            0 if cover == NO_COVER => none = none.max(Some(source.as_of())),
            0 => {
                covered = covered.max(Some((source.as_of(), cover)));
                named |= 1 << cover;
            }
            -1 => last_year = last_year.max(Some(cover)),
            _ => {}
        }
    }
    frame.code(F::CoverLastYear as usize, last_year);
    frame.bounds(F::Covers as usize, Bounds::exact(i64::from(named.count_ones())));
    let silent = is_silent_on_cover(reckoner, subject);
    let (code, uncovered) = match (covered, none, silent) {
        (Some((_, cover)), None, _) => (Some(cover), Truth::False),
        (Some((day, cover)), Some(other), _) if day >= other => (Some(cover), Truth::False),
        (Some(_), Some(_), _) => (None, Truth::Undetermined),
        (None, Some(_), _) => (Some(NO_COVER), Truth::True),
        (None, None, Some(true)) if proves_no_cover(reckoner, subject) => (Some(NO_COVER), Truth::True),
        (None, None, _) => (None, Truth::Undetermined),
    };
    frame.code(F::Cover as usize, code);
    uncovered
}

/// Whether a silent cover register can be believed: nothing hints at a row that wasn't linked, and no bill was settled.
fn proves_no_cover(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> bool {
    let settled = reckoner
        .of(subject.rows_of(Record::MedicalCost), Record::MedicalCost)
        .any(|(at, source)| source.day(Field::To, at.row).unwrap_or(source.as_of()).year() == reckoner.as_of.year());
    let unreadable = reckoner
        .of(subject.rows_of(Record::MedicalCover), Record::MedicalCover)
        .any(|(at, source)| cover_year(reckoner, at, source) == i64::from(reckoner.as_of.year()));
    !settled
        && !unreadable
        && !is_stray(reckoner, subject, &reckoner.survey.uncovered)
        && !is_quirk(reckoner, subject, reckoner.survey.quirks.cover)
}

fn of_school_age(reckoner: &Reckoner<'_>, birth: Option<Day>) -> Truth {
    Truth::from_option(
        birth.map(|birth| reckoner.last_september.age_from(birth) >= 6 && reckoner.as_of.age_from(birth) < 16),
    )
}

/// Whether the school register that covers the place has no row for a child of school age; `None` where none answered
/// since the child was due at school.
pub fn is_silent_on_school(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> Option<bool> {
    let birth = subject.person.birth?;
    if of_school_age(reckoner, Some(birth)) != Truth::True || !subject.resident.registered {
        return None;
    }
    let Silence::Nothing(day) = reckoner.silence(Record::School, subject.area) else { return None };
    let due_before = reckoner.last_september.plus_years(-1).age_from(birth) >= 6;
    let fresh = day >= reckoner.last_september || (due_before && day >= reckoner.last_september.plus_years(-1));
    fresh.then(|| reckoner.of(subject.rows_of(Record::School), Record::School).next().is_none())
}

fn school(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> (Truth, Truth) {
    let mut latest: Option<(Option<Day>, Day, RowRef)> = None;
    let mut over: Option<(Option<Day>, Day, RowRef)> = None;
    let mut enrolled = 0;
    for (at, source) in reckoner.of(subject.rows_of(Record::School), Record::School) {
        let valid = validity(source, at.row);
        let rank = Some((valid.from, source.as_of(), at));
        if valid.contains(reckoner.as_of) {
            latest = latest.max(rank);
            enrolled += i64::from(source.code(Field::Status, at.row) == Some(ENROLLED));
        } else if valid.from.is_none_or(|from| from <= reckoner.as_of) {
            over = over.max(rank);
        }
    }
    let read = |found: Option<(Option<Day>, Day, RowRef)>| {
        let (from, _, at) = found?;
        let source = reckoner.sources.get(at.source)?;
        Some((from, source.code(Field::Status, at.row), source.code(Field::Stage, at.row)))
    };
    let age = of_school_age(reckoner, subject.person.birth);
    frame.flag(F::SchoolAge as usize, age);
    frame.bounds(F::Schools as usize, Bounds::exact(enrolled));
    let (state, stage, left_on) = match (read(latest), read(over)) {
        (Some((from, status, stage)), _) => (status, stage, from),
        // A row that is over and nothing after it: only somebody who finished or left is known to be in that state.
        (None, Some((_, status @ Some(LEFT | ABSENT | FINISHED), stage))) => (status, stage, None),
        (None, Some((_, _, stage))) => (None, stage, None),
        (None, None) if is_out_by_silence(reckoner, subject) => (Some(NO_SCHOOL), Some(NO_STAGE), None),
        (None, None) => (None, None, None),
    };
    frame.code(F::SchoolState as usize, state);
    frame.code(F::Stage as usize, stage);
    let gone = Truth::from_option(state.map(|state| matches!(state, ABSENT | LEFT)));
    frame.flag(F::LeftSchool as usize, gone);
    frame.day(F::LeftSchoolOn as usize, left_on.filter(|_| gone == Truth::True));
    let out = Truth::from_option(state.map(|state| matches!(state, ABSENT | LEFT | NO_SCHOOL))).and(age);
    frame.flag(F::OutOfSchool as usize, out);
    let beyond = state.map(|state| state == ENROLLED && stage.is_some_and(|stage| stage > JUNIOR && stage != NO_STAGE));
    (out, Truth::from_option(beyond))
}

fn is_out_by_silence(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> bool {
    is_silent_on_school(reckoner, subject) == Some(true)
        && !is_stray(reckoner, subject, &reckoner.survey.unschooled)
        && !is_quirk(reckoner, subject, reckoner.survey.quirks.school)
}

/// Own cost of the window: of all stages, and of those beyond compulsory school.
fn costs(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> (Amount, Amount) {
    let sum = |beyond: bool| {
        reckoner.sum(subject.rows_of(Record::School), Record::School, |at, source| {
            let stage = source.code(Field::Stage, at.row);
            let compulsory = matches!(stage, Some(PRIMARY | JUNIOR));
            if beyond && compulsory {
                return Some(Amount::ZERO);
            }
            let cost = reckoner.figure(at, source, Field::OwnCost);
            let cost = if !source.has(Field::OwnCost) && compulsory { Bounds::ZERO } else { cost };
            let cost = share_of(cost, validity(source, at.row), reckoner.window, reckoner.as_of);
            Some(if beyond && stage.is_none() { cost.or_nothing() } else { cost })
        })
    };
    let silent = || match reckoner.silence(Record::School, subject.area) {
        Silence::Nothing(_) => Amount::ZERO,
        Silence::Unknown | Silence::Below(_) => reckoner.silent_sum(Record::School, subject.area, 2),
    };
    let (all, beyond) = (sum(false).unwrap_or_else(silent), sum(true).unwrap_or_else(silent));
    frame.bounds(F::SchoolCost as usize, all.floor());
    frame.bounds(F::SchoolCostBeyond as usize, beyond.floor());
    (all, beyond)
}
