//! The main earner, and the months without a wage (contract §4, work signal and earner death).

use super::HouseholdFact as F;
use super::frame::Frame;
use super::home::{Home, Person};
use super::income::Income;
use super::reckon::Reckoner;
use crate::stage::Standing;
use values::{Bounds, Truth};

const RECENT: u32 = 0b1110_0000_0000;

/// Who may be the main earner: positions in the home's people; `known` where somebody had wages for certain.
struct Candidates {
    known: Truth,
    people: Vec<usize>,
}

pub fn reckon(reckoner: &Reckoner<'_>, home: &Home<'_>, income: &Income, frame: &mut Frame) -> Vec<(usize, Truth)> {
    let candidates = candidates(reckoner, home);
    frame.flag(F::MainEarner as usize, candidates.known);
    let of = |person: usize| &home.people[person];
    if candidates.known == Truth::False {
        frame.bounds(F::EarnerMonths as usize, Bounds::ZERO);
        frame.flag(F::EarnerLiving as usize, Truth::False);
        frame.flag(F::EarnerDied as usize, Truth::False);
    } else if candidates.known == Truth::True {
        let months = candidates.people.iter().map(|at| {
            let further = unlisted_work(of(*at), income);
            of(*at).work.months_without(further)
        });
        frame.bounds(F::EarnerMonths as usize, months.reduce(Bounds::either).unwrap_or(Bounds::between(0, 12)));
        let ages = candidates.people.iter().map(|at| of(*at).age);
        frame.bounds(F::EarnerAge as usize, ages.reduce(Bounds::either).unwrap_or(Bounds::between(0, 120)));
        let died = candidates.people.iter().map(|at| died_lately(reckoner, of(*at)));
        let died = died.reduce(agree).unwrap_or(Truth::Undetermined);
        frame.flag(F::EarnerDied as usize, died);
        let living = candidates.people.iter().map(|at| reckoner.assembly.died(of(*at).subject.resident.person).not());
        frame.flag(F::EarnerLiving as usize, living.reduce(agree).unwrap_or(Truth::Undetermined));
        if let ([only], Truth::True) = (&candidates.people[..], died) {
            let death = reckoner.assembly.deaths.get(&of(*only).subject.resident.person);
            frame.day(F::EarnerDiedOn as usize, death.and_then(crate::stage::Death::on));
        }
    }
    write_work(reckoner, home, frame);
    let sure = if candidates.people.len() == 1 { candidates.known } else { Truth::Undetermined };
    candidates.people.iter().map(|at| (*at, sure)).collect()
}

fn agree(a: Truth, b: Truth) -> Truth {
    if a == b { a } else { Truth::Undetermined }
}

/// Members, living or dead since the window began.
fn may_be(reckoner: &Reckoner<'_>, person: &Person<'_>) -> Truth {
    match person.standing() {
        Standing::Dead => died_lately(reckoner, person),
        _ => person.is_member(),
    }
}

fn died_lately(reckoner: &Reckoner<'_>, person: &Person<'_>) -> Truth {
    let dead = reckoner.assembly.died(person.subject.resident.person);
    let days = reckoner.assembly.deaths.get(&person.subject.resident.person).and_then(|death| death.days);
    let since = reckoner.window.first.first_day();
    let lately = days.map_or(Truth::Undetermined, |(first, last)| match (first >= since, last >= since) {
        (true, _) => Truth::True,
        (false, true) => Truth::Undetermined,
        (false, false) => Truth::False,
    });
    dead.and(lately)
}

fn candidates(reckoner: &Reckoner<'_>, home: &Home<'_>) -> Candidates {
    let wages: Vec<(usize, Truth, Bounds)> = home
        .people
        .iter()
        .enumerate()
        .map(|(at, person)| (at, may_be(reckoner, person), person.work.wage_before.floor()))
        .filter(|(_, may_be, wage)| *may_be != Truth::False && wage.high > 0)
        .collect();
    let least = wages.iter().filter(|(_, sure, _)| *sure == Truth::True).map(|(.., wage)| wage.low).max().unwrap_or(0);
    let known = match (wages.is_empty(), least > 0) {
        (true, _) => Truth::False,
        (false, true) => Truth::True,
        (false, false) => Truth::Undetermined,
    };
    let people = wages.into_iter().filter(|(.., wage)| wage.high >= least).map(|(at, ..)| at).collect();
    Candidates { known, people }
}

/// Months that the household's declared wages may have filled, where they exceed what the employment records show by
/// three of the earner's usual wages or more: then work goes on that the records don't have.
fn unlisted_work(person: &Person<'_>, income: &Income) -> u32 {
    let months = i64::from(person.work.sure.count_ones().max(1));
    let usual = person.work.wage.floor().high.max(0) / months;
    let usual = if usual > 0 { usual } else { person.work.wage_before.floor().low / 12 };
    let (employment, declared) = (income.employment_wage.floor(), income.declared_wage.floor());
    let surplus = declared.low != Bounds::NO_LOW && declared.low > 0 && employment.high != Bounds::NO_HIGH;
    if surplus && usual > 0 && declared.low - employment.high >= 3 * usual { 0xfff & !person.work.sure } else { 0 }
}

fn write_work(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Frame) {
    let bits = |sure: bool, maybe: bool| match (sure, maybe) {
        (true, _) => Truth::True,
        (false, true) => Truth::Undetermined,
        (false, false) => Truth::False,
    };
    let workers = home.count(|person| bits(person.work.sure & RECENT != 0, person.work.maybe & RECENT != 0));
    frame.bounds(F::Workers as usize, workers);
    let half_year = reckoner.as_of.plus_days(-183);
    let lost = home.count(|person| match person.work.ended_on {
        Some(day) if day > half_year => {
            let later = reckoner.window.mask(day.month().last_day().plus_days(1), reckoner.as_of);
            bits(person.work.sure & later != 0, person.work.maybe & later != 0).not()
        }
        _ => Truth::False,
    });
    frame.bounds(F::LostWork as usize, lost);
    let members = || home.people.iter().filter(|person| person.standing().may_count());
    let sure = members().filter(|p| p.is_member() == Truth::True).fold(0, |months, p| months | p.work.sure);
    let maybe = members().fold(sure, |months, p| months | p.work.sure | p.work.maybe);
    let months = Bounds::between(i64::from(sure.count_ones()), i64::from(maybe.count_ones()));
    frame.bounds(F::WorkMonths as usize, months);
}
