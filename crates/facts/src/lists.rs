//! The lists a household stands on: assistance, monitoring, once poor, consent.

use super::HouseholdFact as F;
use super::frame::Part;
use super::home::Home;
use super::reckon::{Reckoner, validity};
use super::silence::Silence;
use crate::assembly::sources::{Field, PROGRAMMES, Record};
use values::{Bounds, Day, Truth};

pub fn write(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    assistance(reckoner, home, frame);
    monitoring(reckoner, home, frame);
    once_poor(reckoner, home, frame);
    let consent = home.household.consent;
    frame.flag(F::Consented as usize, Truth::from_option(Some(consent.live)));
    frame.flag(F::ConsentSigned as usize, Truth::from_option(Some(consent.signed)));
    frame.day(F::ConsentExpires as usize, consent.expires_on);
}

/// What the rows of one programme say.
#[derive(Clone, Copy, Default)]
struct Standing {
    running: i64,
    since: Option<Day>,
    ended: Option<Day>,
    latest: Option<Day>,
    ever: bool,
    /// Rows that began in the window or since.
    begun: i64,
}

fn assistance(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let mut programmes = [Standing::default(); PROGRAMMES.len()];
    let mut monthly = Bounds::ZERO;
    let mut unread = false;
    for (at, source) in reckoner.of(&home.rows, Record::Assistance) {
        let Some(code) = source.code(Field::Programme, at.row) else {
            unread = true;
            continue;
        };
        let (valid, standing) = (validity(source, at.row), &mut programmes[usize::from(code)]);
        standing.ever = true;
        standing.latest = standing.latest.max(valid.from);
        let begun = valid.from.is_some_and(|from| from >= reckoner.window.first.first_day() && from <= reckoner.as_of);
        standing.begun += i64::from(begun);
        if valid.contains(reckoner.as_of) {
            standing.running += 1;
            standing.since = match (standing.since, valid.from) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            monthly = monthly.plus(reckoner.figure(at, source, Field::MonthlyAmount));
        } else {
            standing.ended = standing.ended.max(valid.to.filter(|to| *to < reckoner.as_of));
        }
    }
    let silent = matches!(reckoner.silence(Record::Assistance, home.household.area), Silence::Nothing(_)) && !unread;
    let facts = [F::Dibao, F::DibaoMargin, F::Expenditure, F::Tekun, F::Temporary, F::Renovation, F::AffordableHousing];
    for (fact, standing) in facts.into_iter().zip(programmes) {
        let known = silent || standing.ever;
        frame.flag(fact as usize, Truth::from_option((known || standing.running > 0).then_some(standing.running > 0)));
    }
    let any = programmes.iter().any(|standing| standing.ever);
    frame.bounds(F::AssistanceAmount as usize, if any || silent { monthly } else { Bounds::at_least(0) });
    let [dibao, _, expenditure, _, temporary, renovation, _] = programmes;
    frame.bounds(F::DibaoRows as usize, Bounds::exact(dibao.running));
    frame.day(F::DibaoSince as usize, dibao.since);
    let two_years_ago = reckoner.as_of.plus_years(-2);
    let ended = dibao.ended.filter(|day| dibao.running == 0 && *day >= two_years_ago);
    frame.flag(F::DibaoEnded as usize, Truth::from_option(Some(ended.is_some())));
    frame.day(F::DibaoEndedOn as usize, ended);
    frame.day(F::ExpenditureSince as usize, expenditure.since);
    frame.bounds(F::TemporaryCount as usize, Bounds::exact(temporary.begun));
    frame.flag(F::TemporaryEver as usize, Truth::from_option(Some(temporary.ever)));
    frame.day(F::TemporaryOn as usize, temporary.latest);
    frame.flag(F::RenovationEver as usize, Truth::from_option(Some(renovation.ever)));
    frame.day(F::RenovationOn as usize, renovation.latest);
}

fn monitoring(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let mut running: Option<(Option<Day>, u8, u8)> = None;
    let mut over: Option<(Day, Option<Day>)> = None;
    for (at, source) in reckoner.of(&home.rows, Record::Monitoring) {
        let identified = source.day(Field::IdentifiedOn, at.row);
        let eliminated = source.day(Field::EliminatedOn, at.row);
        if identified.is_some_and(|day| day > reckoner.as_of) {
            continue;
        }
        match eliminated.filter(|day| *day <= reckoner.as_of) {
            Some(day) => over = over.max(Some((day, identified))),
            None => {
                let category = source.code(Field::Category, at.row).unwrap_or(u8::MAX);
                let cause = cause(source.text(Field::Cause, at.row).unwrap_or_default());
                running = running.max(Some((identified, category, cause)));
            }
        }
    }
    let silent = matches!(reckoner.silence(Record::Monitoring, home.household.area), Silence::Nothing(_));
    let known = silent || over.is_some() || running.is_some();
    frame.flag(F::Monitored as usize, Truth::from_option(known.then_some(running.is_some())));
    match running {
        Some((identified, category, cause)) => {
            frame.code(F::Category as usize, Some(category));
            frame.code(F::MonitoringCause as usize, Some(cause));
            frame.day(F::IdentifiedOn as usize, identified);
        }
        None if known => {
            frame.word(F::Category as usize, "none");
            frame.word(F::MonitoringCause as usize, "none");
        }
        None => {}
    }
    let eliminated = over.filter(|_| running.is_none());
    frame.flag(F::Eliminated as usize, Truth::from_option(known.then_some(eliminated.is_some())));
    frame.day(F::EliminatedOn as usize, eliminated.map(|(day, _)| day));
    frame.day(F::EliminatedIdentified as usize, eliminated.and_then(|(_, day)| day));
}

/// The position in the list of causes, by the words departments write.
fn cause(text: &str) -> u8 {
    let words: [&[&str]; 9] = [
        &["病", "医", "illness", "disease", "medical"],
        &["残", "disab"],
        &["学", "school", "education"],
        &["灾", "disaster", "flood"],
        &["劳动力", "劳力", "labour"],
        &["务工", "就业", "工作", "work", "job"],
        &["意外", "accident"],
        &["房", "house", "housing"],
        &["水", "water"],
    ];
    words.iter().position(|words| words.iter().any(|word| text.contains(word))).unwrap_or(words.len()) as u8
}

/// Once poor: it, or the household it split from, is in `alleviated`.
fn once_poor(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let own = home.household.alleviated;
    let parent = home.household.split_from.and_then(|parent| parent.alleviated);
    frame.flag(F::Split as usize, Truth::from_option(Some(home.household.split_from.is_some())));
    if home.household.split_from.is_some() {
        frame.day(F::SplitOn as usize, home.people.first().and_then(|person| person.subject.resident.from));
    }
    let silent = matches!(reckoner.silence(Record::Alleviated, home.household.area), Silence::Nothing(_));
    let found = own.or(parent);
    frame.flag(F::OncePoor as usize, Truth::from_option((found.is_some() || silent).then_some(found.is_some())));
    match found {
        Some(year) => frame.bounds(F::AlleviatedYear as usize, Bounds::exact(year)),
        None => frame.bounds(F::AlleviatedYear as usize, Bounds::between(2014, 2020)),
    }
}
