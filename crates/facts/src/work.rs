//! Wages and months with work of one person, by `employment`.

use super::PersonFact as F;
use super::exact::Amount;
use super::frame::Part;
use super::reckon::{Reckoner, Subject, validity};
use super::silence::Silence;
use super::spans::{Period, monthly};
use crate::assembly::rows::RowRef;
use crate::assembly::sources::{Field, Record, Source};
use values::{Bounds, Day, Truth, Validity};

/// Positions in the list of an employment's `status`.
const EMPLOYED: u8 = 0;
const NO_WORK: u8 = 3;

/// One person's work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub wage: Amount,
    pub wage_before: Amount,
    /// Months of the window with a wage for certain, and those with one perhaps: a bit each, the first month lowest.
    pub sure: u32,
    pub maybe: u32,
    pub ended_on: Option<Day>,
}

struct Spell {
    wage: Bounds,
    valid: Validity,
    /// It has a wage in every month it touches.
    certain: bool,
}

/// What one row says of a wage and its time.
///
/// A row with status lost or retired and no end tells that the work is over, not when it ended: its wage may have
/// lasted, or not have been paid in the window at all.
fn spell(reckoner: &Reckoner<'_>, at: RowRef, source: &Source<'_>) -> Spell {
    let status = source.code(Field::Status, at.row);
    let over = status.is_some_and(|status| status != EMPLOYED);
    let valid = validity(source, at.row);
    let known = reckoner.survey.slips.weigh(at.source, source, Field::MonthlyWage, at.row);
    let wage = match known {
        None if over => Bounds::ZERO,
        None => Bounds::at_least(0),
        Some(wage) if over && valid.to.is_none() => Bounds::between(0.min(wage.low), wage.high),
        Some(wage) => wage,
    };
    let paid = wage.low > 0 || (known.is_none() && !over);
    Spell { wage, valid, certain: paid && valid.from.is_some() }
}

pub fn reckon(reckoner: &Reckoner<'_>, subject: &Subject<'_>, frame: &mut Part<'_>) -> Work {
    let rows = subject.rows_of(Record::Employment);
    let sum = |period: Period| {
        reckoner
            .sum(rows, Record::Employment, |at, source| {
                let spell = spell(reckoner, at, source);
                Some(monthly(spell.wage, spell.valid, period, reckoner.as_of))
            })
            .unwrap_or_else(|| reckoner.silent_sum(Record::Employment, subject.area, i64::from(period.months())))
    };
    let mut work =
        Work { wage: sum(reckoner.window), wage_before: sum(reckoner.before), sure: 0, maybe: 0, ended_on: None };
    let (mut sure_before, mut maybe_before) = (0, 0);
    let mut known = None;
    for (at, source) in reckoner.of(rows, Record::Employment) {
        let spell = spell(reckoner, at, source);
        known = known.max(Some(source.as_of()));
        if spell.wage.high <= 0 {
            continue;
        }
        let to = spell.valid.to.unwrap_or(reckoner.as_of);
        for (period, sure, maybe) in
            [(reckoner.window, &mut work.sure, &mut work.maybe), (reckoner.before, &mut sure_before, &mut maybe_before)]
        {
            let mask = period.mask(spell.valid.from.unwrap_or(period.first.first_day()), to);
            *if spell.certain { sure } else { maybe } |= mask;
        }
        work.ended_on = work.ended_on.max(spell.valid.to.filter(|to| *to <= reckoner.as_of));
    }
    let answered = match reckoner.silence(Record::Employment, subject.area) {
        Silence::Nothing(day) => known.max(Some(day)),
        Silence::Unknown | Silence::Below(_) => None,
    };
    match answered {
        // After the day the register speaks of, new work isn't known.
        Some(day) => work.maybe |= reckoner.window.mask(Day(day.0 + 1), reckoner.as_of) & !work.sure,
        None => {
            work.maybe = 0xfff & !work.sure;
            maybe_before = 0xfff & !sure_before;
        }
    }
    write(reckoner, subject, &work, (sure_before, maybe_before), answered.is_some(), frame);
    work
}

impl Work {
    /// Window months without a wage.
    #[must_use]
    pub fn months_without(&self) -> Bounds {
        let (certain, most) = (self.sure.count_ones(), (self.sure | self.maybe).count_ones());
        Bounds::between(12 - i64::from(most), 12 - i64::from(certain))
    }
}

fn write(
    r: &Reckoner<'_>,
    subject: &Subject<'_>,
    work: &Work,
    before: (u32, u32),
    answered: bool,
    frame: &mut Part<'_>,
) {
    let months =
        |sure: u32, maybe: u32| Bounds::between(i64::from(sure.count_ones()), i64::from((sure | maybe).count_ones()));
    frame.bounds(F::EmploymentWage as usize, work.wage.floor());
    frame.bounds(F::MonthsWorked as usize, months(work.sure, work.maybe));
    frame.bounds(F::MonthsBefore as usize, months(before.0, before.1));
    let last = 1 << 11;
    let employed = match (work.sure & last != 0, work.maybe & last != 0) {
        (true, _) => Truth::True,
        (false, true) => Truth::Undetermined,
        (false, false) => Truth::False,
    };
    frame.flag(F::Employed as usize, employed);
    write_rows(r, subject, answered, frame);
}

fn write_rows(reckoner: &Reckoner<'_>, subject: &Subject<'_>, answered: bool, frame: &mut Part<'_>) {
    let mut latest: Option<(Option<Day>, Day, RowRef)> = None;
    let (mut most, mut least) = (Bounds::ZERO, None::<Bounds>);
    let mut jobs = [0i64; 12];
    let mut any = false;
    for (at, source) in reckoner.of(subject.rows_of(Record::Employment), Record::Employment) {
        any = true;
        let valid = validity(source, at.row);
        latest = latest.max(Some((valid.from, source.as_of(), at)));
        let spell = spell(reckoner, at, source);
        let to = valid.to.unwrap_or(reckoner.as_of);
        let mask = reckoner.window.mask(valid.from.unwrap_or(reckoner.window.first.first_day()), to);
        if mask != 0 && spell.wage.high > 0 {
            most = most.larger(spell.wage);
            least = Some(least.map_or(spell.wage, |least| least.negated().larger(spell.wage.negated()).negated()));
            (0..12).filter(|month| mask & (1 << month) != 0).for_each(|month| jobs[month] += 1);
        }
    }
    if any || answered {
        frame.bounds(F::WageMax as usize, most);
        frame.bounds(F::WageMin as usize, least.unwrap_or(Bounds::ZERO));
        frame.bounds(F::EmployersAtOnce as usize, Bounds::exact(jobs.into_iter().max().unwrap_or(0)));
    }
    let row = latest.and_then(|(_, _, at)| Some((at, reckoner.sources.get(at.source)?)));
    match row {
        Some((at, source)) => {
            frame.code(F::Work as usize, source.code(Field::Status, at.row));
            frame.code(F::Workplace as usize, source.code(Field::Workplace, at.row));
        }
        None if answered => {
            frame.code(F::Work as usize, Some(NO_WORK));
            frame.word(F::Workplace as usize, "none");
        }
        None => {}
    }
}
