//! A household with its people's sums: what the household's formulas read.

use super::exact::Amount;
use super::frame::Part;
use super::guarantees::{self, Guarantees};
use super::health::{self, Health};
use super::payments::{self, Payments};
use super::reckon::{Reckoner, Subject};
use super::work::{self, Work};
use super::{PersonFact, who};
use crate::assembly::rows::RowRef;
use crate::assembly::sources::Record;
use crate::assembly::{Household, Standing, membership_of};
use values::{Bounds, Truth};

/// One person and what was reckoned of it.
pub struct Person<'a> {
    pub subject: Subject<'a>,
    pub work: Work,
    pub guarantees: Guarantees,
    pub health: Health,
    pub payments: Payments,
    pub age: Bounds,
}

impl Person<'_> {
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.subject.resident.standing
    }

    #[must_use]
    pub fn is_member(&self) -> Truth {
        membership_of(self.standing())
    }
}

pub struct Home<'a> {
    pub number: u32,
    pub household: &'a Household,
    pub people: Vec<Person<'a>>,
    /// Rows of household records: those of its people, and those that came by the department's number.
    pub rows: Vec<RowRef>,
    /// For each row the position in `people` of whose keys it carries.
    carriers: Vec<Option<usize>>,
}

impl<'a> Home<'a> {
    /// Reckons the household's people, one row of `frame` each, and gathers its rows.
    pub fn new(reckoner: &'a Reckoner<'a>, number: u32, frame: &mut Part<'_>) -> Self {
        let household = &reckoner.assembly.households[number as usize];
        let residents = reckoner.assembly.people_of(number);
        let head = residents.iter().find(|r| r.standing.counts() && r.relation == Some(who::HEAD));
        let head = head.map(|head| reckoner.subject(head));
        let people: Vec<Person<'a>> = residents
            .iter()
            .map(|resident| {
                let subject = reckoner.subject(resident);
                frame.begin();
                who::write(reckoner, &subject, head, frame);
                Person {
                    subject,
                    work: work::reckon(reckoner, &subject, frame),
                    guarantees: guarantees::reckon(reckoner, &subject, frame),
                    health: health::reckon(reckoner, &subject, frame),
                    payments: payments::reckon(reckoner, &subject, frame),
                    age: who::age(reckoner.as_of, subject.person.birth),
                }
            })
            .collect();
        let mut home = Self { number, household, people, rows: Vec::new(), carriers: Vec::new() };
        home.gather(reckoner);
        home
    }

    fn gather(&mut self, reckoner: &Reckoner<'_>) {
        for (at, person) in self.people.iter().enumerate() {
            for row in person.subject.rows {
                if reckoner.sources.get(row.source).is_some_and(|source| is_of_household(source.record)) {
                    self.rows.push(*row);
                    self.carriers.push(Some(at));
                }
            }
        }
        let digest = |row: &RowRef| {
            let digests = reckoner.sources.get(row.source).map(|source| &source.resource.own_digest);
            digests.and_then(|digests| digests.get(row.row as usize)).copied().filter(|digest| *digest != 0)
        };
        let own = self.rows.len();
        for (_, row) in reckoner.assembly.numbers.of(self.number) {
            let mine = digest(row);
            let twin = self.rows[own..].iter().any(|r| r.source == row.source && mine.is_some() && digest(r) == mine);
            if !twin {
                self.rows.push(*row);
                self.carriers.push(None);
            }
        }
    }

    /// Who carries a row: `None` where it came by the department's number.
    #[must_use]
    pub fn carrier(&self, row: RowRef) -> Option<&Person<'a>> {
        let at = self.rows.iter().position(|other| *other == row)?;
        self.carriers[at].map(|at| &self.people[at])
    }

    /// Adds up the members' amounts; a doubtful member's may be missing.
    pub fn total(&self, amount: impl Fn(&Person<'a>) -> Amount) -> Amount {
        self.people.iter().fold(Amount::ZERO, |sum, person| match person.is_member() {
            Truth::True => sum.plus(amount(person)),
            Truth::Undetermined => sum.plus(amount(person).or_nothing()),
            Truth::False => sum,
        })
    }

    /// The largest of the members' amounts; 0 where there are none.
    pub fn largest(&self, amount: impl Fn(&Person<'a>) -> Amount) -> Amount {
        self.people.iter().fold(Amount::ZERO, |most, person| match person.is_member() {
            Truth::True => most.larger(amount(person)),
            Truth::Undetermined => most.larger(amount(person).or_nothing()),
            Truth::False => most,
        })
    }

    /// How many members it holds of.
    pub fn count(&self, holds: impl Fn(&Person<'a>) -> Truth) -> Bounds {
        self.people.iter().fold(Bounds::ZERO, |sum, person| match person.is_member().and(holds(person)) {
            Truth::True => sum.plus(Bounds::exact(1)),
            Truth::Undetermined => sum.plus(Bounds::between(0, 1)),
            Truth::False => sum,
        })
    }

    /// Whether it holds of any member.
    pub fn any(&self, holds: impl Fn(&Person<'a>) -> Truth) -> Truth {
        self.people.iter().fold(Truth::False, |any, person| any.or(person.is_member().and(holds(person))))
    }
}

/// Records that are a household's, whoever's keys they carry.
#[must_use]
pub const fn is_of_household(record: Record) -> bool {
    matches!(
        record,
        Record::Consent
            | Record::Assistance
            | Record::Monitoring
            | Record::Alleviated
            | Record::House
            | Record::Water
            | Record::Income
            | Record::Disaster
    )
}

/// `low..=high` against a limit, as a three-valued "at least".
#[must_use]
pub fn at_least(value: Bounds, limit: i64) -> Truth {
    value.below(Bounds::exact(limit)).not()
}

/// The person facts that the household's formulas add to an earlier row of the frame.
pub fn write_wages(frame: &mut Part<'_>, row: usize, person: &Person<'_>, declared: Option<Amount>, main: Truth) {
    let wage = declared.map_or(person.work.wage, |declared| person.work.wage.larger(declared));
    frame.bounds_at(row, PersonFact::Wage as usize, wage.floor());
    frame.bounds_at(row, PersonFact::WageBefore as usize, person.work.wage_before.floor());
    frame.bounds_at(row, PersonFact::DeclaredWage as usize, declared.map_or(Bounds::at_least(0), Amount::floor));
    frame.flag_at(row, PersonFact::MainEarner as usize, main);
}
