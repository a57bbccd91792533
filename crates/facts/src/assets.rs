//! Assets of a household that consented (contract §4), from query answers; land and machines, from registers.
//!
//! What an answer lists is proven; that nothing else exists is proven only where the source answered about a member.

use super::HouseholdFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::home::Home;
use super::reckon::{Reckoner, validity};
use super::silence::Silence;
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{BUSINESS, Field, LAND, Record, Source, USES, VEHICLES};
use values::columns::SCALE;
use values::{Bounds, Truth};

pub fn write(reckoner: &Reckoner<'_>, home: &Home<'_>, house_area: Bounds, frame: &mut Part<'_>) {
    land(reckoner, home, frame);
    if !home.household.consent.live {
        return;
    }
    let kinds = [Record::Bank, Record::Property, Record::Vehicle, Record::Business, Record::Tax];
    let answered = kinds.iter().filter(|record| has_rows(reckoner, home, **record)).count();
    frame.bounds(F::QueryAnswers as usize, Bounds::exact(answered as i64));
    let balances = home.total(|person| person.payments.balance.map_or(Amount::ZERO, Amount::of)).floor();
    frame.bounds(F::FinancialAssets as usize, open_above(balances, has_rows(reckoner, home, Record::Bank)));
    property(reckoner, home, house_area, frame);
    vehicles(reckoner, home, frame);
    business(reckoner, home, frame);
}

fn has_rows(reckoner: &Reckoner<'_>, home: &Home<'_>, record: Record) -> bool {
    home.people.iter().any(|p| p.standing().counts() && reckoner.of(p.subject.rows_of(record), record).next().is_some())
}

fn open_above(found: Bounds, answered: bool) -> Bounds {
    if answered { found } else { Bounds { high: Bounds::NO_HIGH, ..found } }
}

/// The rows of a record about members, and whether the member is one for certain.
fn rows<'s, 'a>(
    reckoner: &'s Reckoner<'a>,
    home: &'s Home<'_>,
    record: Record,
) -> impl Iterator<Item = (RowRef, &'s Source<'a>, bool)> + 's {
    home.people.iter().filter(|person| person.standing().may_count()).flat_map(move |person| {
        let sure = person.is_member() == Truth::True;
        reckoner.of(person.subject.rows_of(record), record).map(move |(at, source)| (at, source, sure))
    })
}

fn is_word(source: &Source<'_>, field: Field, row: u32, list: &[&str], word: &str) -> bool {
    source.code(field, row).is_some_and(|code| list[usize::from(code)] == word)
}

fn property(reckoner: &Reckoner<'_>, home: &Home<'_>, house_area: Bounds, frame: &mut Part<'_>) {
    let (mut homes, mut area, mut other) = (Bounds::ZERO, Bounds::ZERO, 0);
    for (at, source, sure) in rows(reckoner, home, Record::Property) {
        if !validity(source, at.row).contains(reckoner.as_of) {
            continue;
        }
        if !is_word(source, Field::Use, at.row, USES, "home") {
            other += 1;
            continue;
        }
        // A share is a part of one; some registers write it in hundredths.
        let share = source.number(Field::Share, at.row).filter(|share| *share >= 0);
        let share = share.map(|share| if share > SCALE { share / 100 } else { share });
        let share = share.map_or(Bounds::between(0, SCALE), Bounds::exact);
        let size = source.number(Field::AreaM2, at.row).filter(|area| *area >= 0);
        let size = size.map_or(Bounds::at_least(0), Bounds::exact);
        let part = Bounds {
            low: size.low.saturating_mul(share.low) / SCALE,
            high: if size.high == Bounds::NO_HIGH { size.high } else { size.high.saturating_mul(share.high) / SCALE },
        };
        let least = |bounds: Bounds| if sure { bounds } else { Bounds { low: 0, ..bounds } };
        homes = homes.plus(least(share));
        area = area.plus(least(part));
    }
    let answered = has_rows(reckoner, home, Record::Property);
    let homes = open_above(homes, answered);
    frame.bounds(F::HomesElsewhere as usize, homes);
    frame.bounds(F::Homes as usize, homes.plus(Bounds::exact(SCALE)));
    frame.bounds(F::HomeArea as usize, open_above(area, answered).plus(house_area));
    frame.bounds(F::OtherProperty as usize, open_above(Bounds::exact(other), answered));
}

fn vehicles(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let (mut value, mut count) = (Bounds::ZERO, 0);
    for (at, source, sure) in rows(reckoner, home, Record::Vehicle) {
        if !validity(source, at.row).contains(reckoner.as_of) {
            continue;
        }
        let is = |word: &str| is_word(source, Field::Kind, at.row, VEHICLES, word);
        count += i64::from(!is("farm") && !is("disability_aid"));
        if is("car") && is_word(source, Field::Use, at.row, USES, "own") {
            let worth = reckoner.figure(at, source, Field::Value);
            value = value.larger(if sure { worth } else { Bounds { low: 0, ..worth } });
        }
    }
    let answered = has_rows(reckoner, home, Record::Vehicle);
    frame.bounds(F::CarValue as usize, open_above(value, answered));
    frame.bounds(F::Vehicles as usize, open_above(Bounds::exact(count), answered));
}

fn business(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let (mut capital, mut employees, mut active) = (Bounds::ZERO, Bounds::ZERO, Truth::False);
    for (at, source, sure) in rows(reckoner, home, Record::Business) {
        let running = is_word(source, Field::Status, at.row, BUSINESS, "active");
        if !running || !validity(source, at.row).contains(reckoner.as_of) {
            continue;
        }
        active = active.or(if sure { Truth::True } else { Truth::Undetermined });
        let hands = source.count(Field::Employees, at.row).filter(|hands| *hands >= 0);
        let least = |bounds: Bounds| if sure { bounds } else { Bounds { low: 0, ..bounds } };
        capital = capital.larger(least(reckoner.figure(at, source, Field::Capital)));
        employees = employees.larger(least(hands.map_or(Bounds::at_least(0), Bounds::exact)));
    }
    let answered = has_rows(reckoner, home, Record::Business);
    let known = answered || active == Truth::True;
    frame.flag(F::BusinessActive as usize, if known { active } else { Truth::Undetermined });
    frame.bounds(F::BusinessCapital as usize, open_above(capital, answered));
    frame.bounds(F::BusinessEmployees as usize, open_above(employees, answered));
}

fn land(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
    let mut sums = [Bounds::ZERO; 3];
    for (at, source, sure) in rows(reckoner, home, Record::Land) {
        let area = source.number(Field::AreaMu, at.row).filter(|area| *area >= 0);
        let area = area.map_or(Bounds::at_least(0), Bounds::exact);
        let area = if sure { area } else { Bounds { low: 0, ..area } };
        if is_word(source, Field::Kind, at.row, LAND, "arable") {
            sums[0] = sums[0].plus(area);
        } else if is_word(source, Field::Kind, at.row, LAND, "forest") {
            sums[1] = sums[1].plus(area);
        }
        match source.flag(Field::Idle, at.row) {
            Truth::True => sums[2] = sums[2].plus(area),
            Truth::Undetermined => sums[2] = sums[2].plus(Bounds { low: 0, ..area }),
            Truth::False => {}
        }
    }
    let place = home.household.area;
    let answered = |record: Record| {
        matches!(reckoner.silence(record, place), Silence::Nothing(_)) || rows(reckoner, home, record).next().is_some()
    };
    let known = answered(Record::Land);
    for (fact, sum) in [F::Arable, F::Forest, F::IdleLand].into_iter().zip(sums) {
        frame.bounds(fact as usize, open_above(sum, known));
    }
    let machines = rows(reckoner, home, Record::FarmMachine).fold(Bounds::ZERO, |sum, (at, source, sure)| {
        let value = reckoner.figure(at, source, Field::Value);
        sum.plus(if sure { value } else { Bounds { low: 0, ..value } })
    });
    frame.bounds(F::MachineValue as usize, open_above(machines, answered(Record::FarmMachine)));
}
