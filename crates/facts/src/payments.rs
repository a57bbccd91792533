//! Pensions and subsidies of one person, and what went on after its death.

use super::PersonFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::reckon::{Reckoner, Subject, validity};
use super::silence::Silence;
use super::spans::{Period, monthly, share_of};
use crate::assembly::sources::{Field, Record, TAXED};
use values::{Bounds, Day, Month, Truth, Validity};

#[derive(Clone, Copy, Debug)]
pub struct Payments {
    pub pension: Amount,
    pub pensioner: Truth,
    pub subsidy: Amount,
    pub tax_wage: Amount,
    pub taxed: bool,
    pub balance: Option<Bounds>,
}

pub fn reckon(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Payments {
    let (pension, pensioner) = pension(reckoner, subject, frame);
    let subsidy = subsidy(reckoner, subject, frame);
    let tax = reckoner.sum(subject.rows_of(Record::Tax), Record::Tax, |at, source| {
        let wages = source.code(Field::Item, at.row).is_some_and(|item| TAXED[usize::from(item)] == "wages");
        let year = source.count(Field::Year, at.row);
        wages.then(|| {
            let of_year = |month, day| year.and_then(|year| Day::from_ymd(i16::try_from(year).ok()?, month, day));
            let valid = Validity { from: of_year(1, 1), to: of_year(12, 31) };
            share_of(reckoner.figure(at, source, Field::Income), valid, reckoner.window, reckoner.as_of)
        })
    });
    let balance = balance(reckoner, subject);
    frame.bounds(F::TaxWage as usize, tax.map_or(Bounds::at_least(0), Amount::floor));
    frame.bounds(F::BankBalance as usize, balance.unwrap_or(Bounds::at_least(0)));
    if let Some(death) = reckoner.assembly.deaths.get(&subject.resident.person)
        && let Some(on) = death.days.map(|(_, last)| last)
    {
        after_death(reckoner, subject, on, frame);
    }
    Payments { pension, pensioner, subsidy, tax_wage: tax.unwrap_or(Amount::ZERO), taxed: tax.is_some(), balance }
}

fn pension(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> (Amount, Truth) {
    let window = reckoner.window;
    let sum = reckoner.sum(subject.rows_of(Record::Pension), Record::Pension, |at, source| {
        let amount = reckoner.figure(at, source, Field::MonthlyAmount);
        Some(monthly(amount, validity(source, at.row), window, reckoner.as_of))
    });
    let mut running = Amount::ZERO;
    let mut rows = 0;
    for (at, source) in reckoner.of(subject.rows_of(Record::Pension), Record::Pension) {
        if validity(source, at.row).contains(reckoner.as_of) {
            rows += 1;
            running = running.plus(Amount::of(reckoner.figure(at, source, Field::MonthlyAmount)));
        }
    }
    let silent = matches!(reckoner.silence(Record::Pension, subject.area), Silence::Nothing(_));
    let known = rows > 0 || silent;
    if known {
        frame.bounds(F::Pension as usize, running.floor());
        frame.bounds(F::PensionRows as usize, Bounds::exact(rows));
    }
    let total = sum.unwrap_or_else(|| reckoner.silent_sum(Record::Pension, subject.area, i64::from(window.months())));
    (total, Truth::from_option(known.then_some(rows > 0)))
}

fn subsidy(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Amount {
    let mut speaks = [false; 3];
    let sum = reckoner.sum(subject.rows_of(Record::Subsidy), Record::Subsidy, |at, source| {
        let amount =
            paid(reckoner.figure(at, source, Field::Amount), source.day(Field::PaidOn, at.row), reckoner.window);
        if amount != Amount::ZERO
            && let Some(item) = source.text(Field::Item, at.row)
        {
            let words: [&[&str]; 3] =
                [&["残疾", "disab"], &["高龄", "老年", "old_age", "elder"], &["雨露", "助学", "教育", "student"]];
            speaks
                .iter_mut()
                .zip(words)
                .for_each(|(says, words)| *says |= words.iter().any(|word| item.contains(word)));
        }
        Some(amount)
    });
    let silent = matches!(reckoner.silence(Record::Subsidy, subject.area), Silence::Nothing(_));
    for (fact, says) in [F::DisabilitySubsidy, F::AgeSubsidy, F::StudentAid].into_iter().zip(speaks) {
        frame.flag(fact as usize, Truth::from_option((says || silent || sum.is_some()).then_some(says)));
    }
    sum.unwrap_or_else(|| reckoner.silent_sum(Record::Subsidy, subject.area, 1))
}

/// An amount paid on a day: all of it, or nothing; one of the two where the day isn't known.
#[must_use]
pub fn paid(amount: Bounds, on: Option<Day>, period: Period) -> Amount {
    match on {
        Some(on) if period.contains(on) => Amount::of(amount),
        Some(_) => Amount::ZERO,
        None => Amount::of(amount).or_nothing(),
    }
}

/// The sum of a person's balances at its latest day.
fn balance(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> Option<Bounds> {
    let latest = reckoner
        .of(subject.rows_of(Record::Bank), Record::Bank)
        .filter_map(|(at, source)| source.day(Field::On, at.row))
        .filter(|day| *day <= reckoner.as_of)
        .max();
    let sum = reckoner.sum(subject.rows_of(Record::Bank), Record::Bank, |at, source| {
        let on = source.day(Field::On, at.row);
        (on == latest).then(|| Amount::of(reckoner.figure(at, source, Field::Balance)))
    });
    sum.map(Amount::floor)
}

/// Months and rows after the month of death.
fn after_death(reckoner: &Reckoner<'_>, subject: &Subject<'_>, died: Day, frame: &mut Part<'_>) {
    let after = Period { first: Month(died.month().0 + 1), last: reckoner.as_of.month() };
    let months = |record: Record| {
        let lasting = reckoner.of(subject.rows_of(record), record).filter_map(|(at, source)| {
            let valid = validity(source, at.row);
            let to = valid.to.unwrap_or_else(|| source.as_of().min(reckoner.as_of));
            after.touched(valid.from.unwrap_or(died), to).map(|(first, last)| i64::from(last - first + 1))
        });
        Bounds::exact(lasting.max().unwrap_or(0))
    };
    let rows = |record: Record, field: Field| {
        let later = reckoner
            .of(subject.rows, record)
            .filter(|(at, source)| source.day(field, at.row).is_some_and(|day| after.contains(day)));
        Bounds::exact(later.count() as i64)
    };
    frame.bounds(F::PensionAfterDeath as usize, months(Record::Pension));
    frame.bounds(F::WageAfterDeath as usize, months(Record::Employment));
    frame.bounds(F::AssistanceAfterDeath as usize, months(Record::Assistance));
    frame.bounds(F::SubsidyAfterDeath as usize, rows(Record::Subsidy, Field::PaidOn));
    frame.bounds(F::OwnCostAfterDeath as usize, rows(Record::MedicalCost, Field::From));
}
