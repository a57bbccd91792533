//! The main earner, and the months without a wage (contract §4, work signal and earner death).

use super::HouseholdFact as F;
use super::frame::Part;
use super::home::{Home, Person};
use super::income::Income;
use super::reckon::Reckoner;
use crate::assembly::Standing;
use values::{Bounds, Truth};

/// The last three months and the last month of the window.
const RECENT: u32 = 0b1110_0000_0000;
const LAST: u32 = 0b1000_0000_0000;

/// How a household's declared wages bear on its main earner's months without a wage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Verdict {
    /// They agree with the employment records: there was no other work.
    Confirmed,
    /// They exceed them by three of the earner's usual wages or more: there was.
    Refuted,
    /// Not asked, nothing declared, or less than the records show.
    Unclear,
}

/// A main earner's months without a wage, and what else speaks of them.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub struct Gap {
    pub kind: Kind,
    pub verdict: Verdict,
    pub months: Bounds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// No month without a wage.
    None,
    /// Work goes on after it.
    Closed,
    /// It lasts to the end of the window.
    Open,
    /// The whole window.
    Whole,
}

/// How often households that were asked contradict a gap of each kind.
///
/// Work that no employment record has is common in some counties and kinds of work, and rare in others. Where the main
/// earner has no gap, declared wages exceed the records because of others in the family; what gaps show beyond that
/// share are gaps that weren't. A kind that mostly isn't one proves nothing unless the family's own word confirms it.
pub struct GapTrust {
    /// By kind: how often declared wages are too high for the records.
    refuted: [f64; 4],
}

/// A gap that is this likely not to be one isn't believed.
const DOUBTFUL: f64 = 0.4;

impl GapTrust {
    #[must_use]
    pub fn new(gaps: impl Iterator<Item = Gap>) -> Self {
        let mut tally = [(0u32, 0u32); 4];
        for gap in gaps {
            match gap.verdict {
                Verdict::Refuted => tally[gap.kind as usize].0 += 1,
                Verdict::Confirmed => tally[gap.kind as usize].1 += 1,
                Verdict::Unclear => {}
            }
        }
        // Few answers decide little: two that confirm are added.
        Self { refuted: tally.map(|(refuted, confirmed)| f64::from(refuted) / f64::from(refuted + confirmed + 2)) }
    }

    /// The months without a wage, as far as they can be believed.
    #[must_use]
    pub fn weigh(&self, gap: Gap) -> Bounds {
        let (of_others, refuted) = (self.refuted[Kind::None as usize], self.refuted[gap.kind as usize]);
        let beyond = (refuted - of_others).max(0.0);
        let doubt = match gap.verdict {
            Verdict::Confirmed => 0.0,
            Verdict::Unclear => beyond / (1.0 - of_others).max(0.01),
            Verdict::Refuted => beyond / refuted.max(0.01),
        };
        if doubt <= DOUBTFUL { gap.months } else { Bounds { low: 0, ..gap.months } }
    }
}

/// Who may be the main earner: positions in the home's people; `known` where somebody had wages for certain.
struct Candidates {
    known: Truth,
    people: Vec<usize>,
}

/// The main earners that may be, and the gap to be weighed where it is one for certain.
pub struct Found {
    pub people: Vec<(usize, Truth)>,
    pub gap: Option<Gap>,
}

pub fn reckon(reckoner: &Reckoner<'_>, home: &Home<'_>, income: &Income, frame: &mut Part<'_>) -> Found {
    let candidates = candidates(reckoner, home);
    frame.flag(F::MainEarner as usize, candidates.known);
    let mut gap = None;
    match candidates.known {
        Truth::False => {
            frame.bounds(F::EarnerMonths as usize, Bounds::ZERO);
            frame.flag(F::EarnerLiving as usize, Truth::False);
            frame.flag(F::EarnerDied as usize, Truth::False);
        }
        Truth::True => {
            let people: Vec<&Person<'_>> = candidates.people.iter().map(|at| &home.people[*at]).collect();
            let months = people.iter().map(|person| person.work.months_without()).reduce(Bounds::either);
            frame.bounds(F::EarnerMonths as usize, months.unwrap_or(Bounds::between(0, 12)));
            describe(reckoner, &people, frame);
            if let [only] = people[..] {
                gap = Some(gap_of(only, income));
            }
        }
        Truth::Undetermined => frame.bounds(F::EarnerMonths as usize, Bounds::between(0, 12)),
    }
    write_work(reckoner, home, frame);
    let sure = if candidates.people.len() == 1 { candidates.known } else { Truth::Undetermined };
    Found { people: candidates.people.iter().map(|at| (*at, sure)).collect(), gap }
}

/// Age, life and death of the main earner, as far as all who may be it agree.
fn describe(reckoner: &Reckoner<'_>, people: &[&Person<'_>], frame: &mut Part<'_>) {
    let ages = people.iter().map(|person| person.age).reduce(Bounds::either);
    frame.bounds(F::EarnerAge as usize, ages.unwrap_or(Bounds::between(0, 120)));
    let died = people.iter().map(|person| died_lately(reckoner, person)).reduce(agree).unwrap_or(Truth::Undetermined);
    frame.flag(F::EarnerDied as usize, died);
    let dead = |person: &&Person<'_>| reckoner.assembly.died(person.subject.resident.person);
    let living = people.iter().map(|person| dead(person).not()).reduce(agree).unwrap_or(Truth::Undetermined);
    frame.flag(F::EarnerLiving as usize, living);
    if let ([only], Truth::True) = (people, died) {
        let death = reckoner.assembly.deaths.get(&only.subject.resident.person);
        frame.day(F::EarnerDiedOn as usize, death.and_then(crate::assembly::Death::on));
    }
}

/// The gap in a main earner's work, held against the wages the household declared.
fn gap_of(person: &Person<'_>, income: &Income) -> Gap {
    let work = &person.work;
    let months = work.months_without();
    let kind = match (months.low, work.sure, work.sure & LAST) {
        (0, ..) => Kind::None,
        (_, 0, _) => Kind::Whole,
        (.., 0) => Kind::Open,
        _ => Kind::Closed,
    };
    let worked = i64::from(work.sure.count_ones());
    let usual = if worked > 0 { work.wage.floor().low / worked } else { work.wage_before.floor().low / 12 };
    let (records, declared) = (income.employment_wage.floor(), income.declared_wage.floor());
    let comparable = declared.low > 0 && declared.is_exact() && records.is_exact() && usual > 0;
    let verdict = match declared.low.saturating_sub(records.high) {
        _ if !comparable => Verdict::Unclear,
        surplus if surplus >= 3 * usual => Verdict::Refuted,
        surplus if surplus.abs() <= usual => Verdict::Confirmed,
        _ => Verdict::Unclear,
    };
    Gap { kind, verdict, months }
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

fn write_work(reckoner: &Reckoner<'_>, home: &Home<'_>, frame: &mut Part<'_>) {
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
