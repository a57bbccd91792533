//! Income of the window, by contract §4: net, monitoring and means income, and the two reckoned in one line.

use super::HouseholdFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::home::{Home, Person};
use super::reckon::{Reckoner, validity};
use super::spans::{Period, monthly, share_of};
use crate::assembly::Standing;
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, PROGRAMMES, Record, Source};
use crate::assembly::views::AWAY;
use values::{Bounds, Day, Month, Truth, Validity};

const WAGE: u8 = 0;
const OPERATING: u8 = 1;
const OPERATING_COST: u8 = 2;
const PROPERTY: u8 = 3;
const TRANSFER: u8 = 4;
const CLAIM: u8 = 5;

/// The parts of a household's income that other formulas read.
#[derive(Clone, Copy, Debug)]
pub struct Income {
    pub employment_wage: Amount,
    pub declared_wage: Amount,
}

/// The household's `income` rows of the window by item; unknown where no row touches the window, 0 in items not listed
/// where one does.
struct Items {
    surveyed: bool,
    amounts: [Amount; 6],
}

pub fn reckon(reckoner: &Reckoner<'_>, home: &Home<'_>, members: Bounds, frame: &mut Part<'_>) -> Income {
    let items = items(reckoner, home, reckoner.window);
    let [declared_wage, operating, cost, property, transfer, claims] = items.amounts;
    let cost = plausible_cost(operating, cost);
    let employment_wage = home.total(|person| person.work.wage);
    let wage = larger_wage(employment_wage, declared_wage);
    let unseen = declared_wage.floor().low <= 0 && home.people.iter().any(|person| works_unseen(reckoner, person));
    let wage = if unseen { wage.plus(Amount::SOME) } else { wage };
    let taxed = home.household.consent.live && home.people.iter().any(|person| person.payments.taxed);
    let tax_wage = home.total(|person| person.payments.tax_wage);
    let pension = home.total(|person| person.payments.pension);
    let subsidy = home.total(|person| person.payments.subsidy);
    let assistance = assistance(reckoner, home, reckoner.window, None);
    let own_cost = home.total(|person| person.health.cost_window);
    let rest = operating.minus(cost).plus(property).plus(transfer).plus(pension).plus(subsidy);
    let net = wage.plus(rest);
    let monitoring = net.plus(assistance).plus(claims).minus(own_cost);
    let means = if taxed { wage.larger(tax_wage).plus(rest) } else { net };
    for (fact, amount) in [
        (F::EmploymentWage, employment_wage),
        (F::DeclaredWage, declared_wage),
        (F::TaxWage, if taxed { tax_wage } else { Amount::SOME }),
        (F::Wage, wage),
        (F::WageBefore, home.total(|person| person.work.wage_before)),
        (F::Operating, operating),
        (F::OperatingCost, cost),
        (F::PropertyIncome, property),
        (F::Transfer, transfer),
        (F::InsuranceClaims, claims),
        (F::Pension, pension),
        (F::Subsidy, subsidy),
        (F::Assistance, assistance),
        (F::NetIncome, net),
        (F::MonitoringIncome, monitoring),
        (F::MeansIncomeOpen, net),
        (F::MeansIncome, means),
    ] {
        frame.bounds(fact as usize, amount.floor());
    }
    frame.bounds(F::IncomePerHead as usize, per_head(monitoring.floor(), members));
    let known = [wage, operating, property, transfer, pension, subsidy, assistance, claims].into_iter();
    let assembled = known.fold(Amount::ZERO, |sum, item| sum.plus(item.at_least_or_nothing()));
    let assembled = assembled.minus(cost.at_least_or_nothing()).minus(own_cost.at_least_or_nothing());
    frame.bounds(F::IncomeAssembled as usize, assembled.floor());
    let declared = if items.surveyed {
        let gains = [declared_wage, operating, property, transfer, claims].into_iter();
        let gains = gains.fold(Amount::ZERO, |sum, item| sum.plus(item.at_least_or_nothing()));
        gains.minus(cost.at_least_or_nothing())
    } else {
        Amount::ZERO
    };
    frame.bounds(F::IncomeDeclared as usize, declared.floor());
    write_sources(reckoner, home, frame);
    write_doubts(employment_wage.floor(), declared_wage.floor(), items.surveyed, frame);
    Income { employment_wage, declared_wage }
}

/// Somebody of working age who lives away and isn't at school went for work, as most who live away do: that no record
/// has a wage doesn't mean there was none.
fn works_unseen(reckoner: &Reckoner<'_>, person: &Person<'_>) -> bool {
    let working_age = person.age.is_exact() && (18..60).contains(&person.age.low);
    reckoner.survey.quirks.away_is_work
        && person.standing().counts()
        && person.subject.resident.living == Some(AWAY)
        && working_age
        && person.guarantees.student_beyond != Truth::True
        && person.work.wage.floor() == Bounds::ZERO
}

/// A cost over what it brought in may be a loss; as often it is a slip of a digit.
fn plausible_cost(operating: Amount, cost: Amount) -> Amount {
    let (brought, spent) = (operating.floor(), cost.floor());
    match spent.value() {
        Some(spent) if brought.high < spent => cost.either(Amount::share(Bounds::exact(spent), 1, 10)),
        _ => cost,
    }
}

/// The larger of two sums. Where one isn't taken as it stands, the other bears out the end it agrees with; where one
/// is the other with its digits shifted, one of the two is a slip.
fn larger_wage(employment: Amount, declared: Amount) -> Amount {
    let (a, b) = (employment.floor(), declared.floor());
    if let Some(agreed) = borne_out(a, b).or_else(|| borne_out(b, a)) {
        return Amount::of(Bounds::exact(agreed));
    }
    let shifted = a.value().zip(b.value()).is_some_and(|(a, b)| {
        let (small, large) = (a.min(b), a.max(b));
        small > 0 && [10, 100, 10_000].iter().any(|by| is_near(small.saturating_mul(*by), large, 10))
    });
    if shifted { employment.either(declared) } else { employment.larger(declared) }
}

/// The end of a doubted sum that a sum taken as it stands agrees with.
fn borne_out(doubted: Bounds, plain: Bounds) -> Option<i64> {
    let plain = plain.value().filter(|plain| *plain > 0 && !doubted.is_exact())?;
    [doubted.low, doubted.high].into_iter().find(|end| is_near(*end, plain, 50)).map(|end| end.max(plain))
}

/// Within one part in so many of the larger.
const fn is_near(a: i64, b: i64, parts: u64) -> bool {
    let larger = if a > b { a } else { b };
    a.abs_diff(b) <= larger.unsigned_abs() / parts
}

/// Rounded down to the fen.
fn per_head(income: Bounds, members: Bounds) -> Bounds {
    if members.low <= 0 {
        return Bounds::UNKNOWN;
    }
    let share = |amount: i64, least: bool| {
        let heads = if (amount >= 0) == least { members.high } else { members.low };
        amount.div_euclid(heads)
    };
    Bounds {
        low: if income.low == Bounds::NO_LOW { Bounds::NO_LOW } else { share(income.low, true) },
        high: if income.high == Bounds::NO_HIGH { Bounds::NO_HIGH } else { share(income.high, false) },
    }
}

fn items(reckoner: &Reckoner<'_>, home: &Home<'_>, period: Period) -> Items {
    let touches = |(at, source): (RowRef, &Source<'_>)| {
        let valid = validity(source, at.row);
        let to = valid.to.unwrap_or(reckoner.as_of);
        period.touched(valid.from.unwrap_or(period.first.first_day()), to).is_some()
    };
    if !reckoner.of(&home.rows, Record::Income).any(touches) {
        let mut amounts = [Amount::SOME; 6];
        amounts[usize::from(OPERATING)] = Amount::UNKNOWN;
        return Items { surveyed: false, amounts };
    }
    let amounts = [WAGE, OPERATING, OPERATING_COST, PROPERTY, TRANSFER, CLAIM].map(|item| {
        let sum = reckoner.sum(&home.rows, Record::Income, |at, source| {
            let share = || income_of(reckoner, home, at, source, period);
            match item_of(reckoner, at, source) {
                Some(code) if code == item => Some(share()),
                // An item nobody could read may be any of them.
                None => Some(share().or_nothing()),
                Some(_) => None,
            }
        });
        sum.unwrap_or(Amount::ZERO)
    });
    Items { surveyed: true, amounts }
}

/// The item of an income row. Where the cell is missing, the method may tell: most departments use a coefficient for
/// one item alone.
fn item_of(reckoner: &Reckoner<'_>, at: RowRef, source: &Source<'_>) -> Option<u8> {
    source.code(Field::Item, at.row).or_else(|| {
        let method = source.code(Field::Method, at.row)?;
        reckoner.survey.method_items[usize::from(at.source)].iter().find(|(of, _)| *of == method).map(|(_, item)| *item)
    })
}

/// One income row's share of the window, as far as it is the household's.
fn income_of(r: &Reckoner<'_>, home: &Home<'_>, at: RowRef, source: &Source<'_>, period: Period) -> Amount {
    let valid = validity(source, at.row);
    let amount = r.figure(at, source, Field::Amount);
    let mut share = share_of(amount, valid, period, r.as_of);
    share = share.plus(beyond_survey(amount, valid, surveyed_until(r, home), period).or_nothing());
    let of_household = source.household_no(at.row).is_some() && source.code(Field::Item, at.row) != Some(WAGE);
    match home.carrier(at).map(|person| person.standing()) {
        None | Some(Standing::Member) => share,
        Some(Standing::Likely | Standing::Unlikely) if of_household => share,
        Some(Standing::Likely | Standing::Unlikely) => share.or_nothing(),
        Some(Standing::Dead) if of_household => share,
        Some(Standing::Left) if of_household => share.or_nothing(),
        Some(Standing::Dead | Standing::Left) => Amount::ZERO,
    }
}

/// What may have come in after the household's last survey, at the rate it found: a survey that ended inside the
/// window leaves the rest of it open.
fn beyond_survey(amount: Bounds, valid: Validity, surveyed_until: Month, period: Period) -> Amount {
    let (Some(from), Some(to)) = (valid.from, valid.to) else { return Amount::ZERO };
    let rest = period.last.0 - surveyed_until.0;
    let months = to.month().0 - from.month().0 + 1;
    if rest <= 0 || months < REGULAR || to.month() != surveyed_until {
        return Amount::ZERO;
    }
    Amount::share(amount, rest, months)
}

/// An amount over fewer months is a single event, which no rate follows from.
const REGULAR: i32 = 3;

/// The last month that any income row of the household speaks of.
fn surveyed_until(r: &Reckoner<'_>, home: &Home<'_>) -> Month {
    let ends = r.of(&home.rows, Record::Income).map(|(at, s)| s.day(Field::To, at.row).unwrap_or(r.as_of).month());
    ends.max().unwrap_or(r.as_of.month())
}

/// A person's own share of the income rows with item wage; `None` where no row carries its keys.
#[must_use]
pub fn declared_of(reckoner: &Reckoner<'_>, home: &Home<'_>, person: usize) -> Option<Amount> {
    reckoner.sum(home.people[person].subject.rows_of(Record::Income), Record::Income, |at, source| {
        let wage = source.code(Field::Item, at.row) == Some(WAGE);
        let amount = || reckoner.figure(at, source, Field::Amount);
        wage.then(|| share_of(amount(), validity(source, at.row), reckoner.window, reckoner.as_of))
    })
}

/// Assistance of a period, of one programme or all. What was paid in the name of somebody who left or died may have
/// been the household's or not.
pub fn assistance(r: &Reckoner<'_>, home: &Home<'_>, period: Period, programme: Option<u8>) -> Amount {
    let sum = r.sum(&home.rows, Record::Assistance, |at, source| {
        if programme.is_some() && source.code(Field::Programme, at.row) != programme {
            return None;
        }
        let amount = monthly(r.figure(at, source, Field::MonthlyAmount), validity(source, at.row), period, r.as_of);
        let gone = home.carrier(at).is_some_and(|person| !person.standing().may_count());
        Some(if gone { amount.or_nothing() } else { amount })
    });
    sum.unwrap_or_else(|| r.silent_sum(Record::Assistance, home.household.area, i64::from(period.months())))
}

fn write_sources(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let mut method: Option<u8> = None;
    let mut known: Option<Day> = None;
    let mixed = super::household::METHODS.iter().position(|method| *method == "mixed").map(|at| at as u8);
    for (at, source) in reckoner.of(&home.rows, Record::Income) {
        known = known.max(Some(source.as_of()));
        if let Some(code) = source.code(Field::Method, at.row) {
            method = if method.is_none_or(|other| other == code) { Some(code) } else { mixed };
        }
    }
    if known.is_none() {
        frame.word(F::IncomeMethod as usize, "none");
    } else {
        frame.code(F::IncomeMethod as usize, method);
    }
    for person in home.people.iter().filter(|person| person.standing().may_count()) {
        for (_, source) in reckoner.of(person.subject.rows_of(Record::Employment), Record::Employment) {
            known = known.max(Some(source.as_of()));
        }
    }
    frame.day(F::IncomeKnownOn as usize, known);
    let temporary = PROGRAMMES.iter().position(|programme| *programme == "temporary").map(|at| at as u8);
    let amount = assistance(reckoner, home, reckoner.window, temporary);
    frame.bounds(F::TemporaryAmount as usize, amount.floor());
}

fn write_doubts(employment: Bounds, declared: Bounds, surveyed: bool, frame: &mut Part<'_>) {
    let conflict = employment
        .value()
        .zip(declared.value())
        .filter(|_| surveyed)
        .map(|(a, b)| a.abs_diff(b) > 500_000 && a.abs_diff(b) > a.max(b).unsigned_abs() / 2);
    frame.flag(F::WageConflict as usize, Truth::from_option(conflict));
}
