//! Where a register's silence is more often a gap in the register than a fact.
//!
//! People who live away, have no identity number, came lately or are in doubt as members may be missing from a
//! register for that reason. If such people are missing three times as often as all others, on this very data, most
//! of their silence has that reason, and it proves nothing of any one of them.

use super::guarantees;
use super::reckon::{Reckoner, Subject};
use crate::assembly::Resident;
use crate::assembly::sources::Record;
use crate::assembly::views::AWAY;
use rayon::prelude::*;

/// The traits that may make a register miss somebody.
const TRAITS: usize = 4;
const TIMES: f64 = 3.0;
/// Fewer people than this show no rate.
const ENOUGH: u32 = 20;

#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Quirks {
    pub cover: [bool; TRAITS],
    pub school: [bool; TRAITS],
    /// Most people of working age who live away have a wage on record.
    pub away_is_work: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Share {
    silent: u32,
    all: u32,
}

impl Share {
    fn add(&mut self, silent: bool) {
        self.all += 1;
        self.silent += u32::from(silent);
    }

    fn rate(self) -> f64 {
        f64::from(self.silent) / f64::from(self.all.max(1))
    }
}

/// Which of the traits a person has.
#[must_use]
pub fn traits(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> [bool; TRAITS] {
    let year_ago = reckoner.as_of.plus_years(-1);
    let lately = |day: Option<values::Day>| day.is_some_and(|day| day > year_ago);
    [
        subject.resident.living == Some(AWAY),
        subject.person.id_number.is_none(),
        lately(subject.resident.from) || lately(subject.person.birth),
        subject.resident.standing.in_doubt(),
    ]
}

fn has_working_age(reckoner: &Reckoner<'_>, subject: &Subject<'_>) -> bool {
    subject.person.birth.is_some_and(|birth| (18..60).contains(&reckoner.as_of.age_from(birth)))
}

/// How often people with and without the traits are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    cover: ([Share; TRAITS], Share),
    school: ([Share; TRAITS], Share),
    /// People of working age who live away: without a row of employment?
    away: Share,
}

/// People tallied by one thread at a time.
const PEOPLE: usize = 8_192;

impl Tally {
    fn of(reckoner: &Reckoner<'_>, people: &[Resident]) -> Self {
        let mut tally = Self::default();
        for resident in people.iter().filter(|resident| resident.standing.may_count()) {
            let subject = reckoner.subject(resident);
            let traits = traits(reckoner, &subject);
            if traits[0] && has_working_age(reckoner, &subject) {
                tally.away.add(subject.rows_of(Record::Employment).is_empty());
            }
            let answers = [
                (&mut tally.cover, guarantees::is_silent_on_cover(reckoner, &subject)),
                (&mut tally.school, guarantees::is_silent_on_school(reckoner, &subject)),
            ];
            for ((by_trait, plain), silent) in answers {
                let Some(silent) = silent else { continue };
                by_trait.iter_mut().zip(traits).filter(|(_, has)| *has).for_each(|(share, _)| share.add(silent));
                if !traits.contains(&true) {
                    plain.add(silent);
                }
            }
        }
        tally
    }

    /// Both tallies together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let both = |a: Share, b: Share| Share { silent: a.silent + b.silent, all: a.all + b.all };
        let each = |a: ([Share; TRAITS], Share), b: ([Share; TRAITS], Share)| {
            (std::array::from_fn(|at| both(a.0[at], b.0[at])), both(a.1, b.1))
        };
        Self {
            cover: each(self.cover, other.cover),
            school: each(self.school, other.school),
            away: both(self.away, other.away),
        }
    }
}

/// Tallies the people of some households.
#[must_use]
pub fn tally(reckoner: &Reckoner<'_>) -> Tally {
    let people = reckoner.assembly.people.par_chunks(PEOPLE);
    people.map(|people| Tally::of(reckoner, people)).reduce(Tally::default, Tally::plus)
}

impl Quirks {
    /// What the tally of all households shows.
    #[must_use]
    pub fn new(tally: Tally) -> Self {
        let Tally { cover, school, away } = tally;
        let judge = |(by_trait, plain): ([Share; TRAITS], Share)| {
            by_trait.map(|share| share.all >= ENOUGH && plain.all >= ENOUGH && share.rate() > TIMES * plain.rate())
        };
        let away_is_work = away.all >= ENOUGH && away.rate() < 0.5;
        Self { cover: judge(cover), school: judge(school), away_is_work }
    }
}
