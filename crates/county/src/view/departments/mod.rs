//! Each department's view of the village.

mod answers;
mod civil;
mod fields;
mod homes;
mod medical;
mod police;
mod rural;
mod school;
mod work;

use super::{About, Clerk, Field, Known, Value, Written};
use crate::catalog::{DELIVERIES, File};
use crate::life::{Home, Life, Person};
use crate::rates::{Department, Kind};
use values::Day;

/// One file of one delivery, as the clerk who fills it sees it.
#[derive(Clone, Copy)]
pub struct Desk {
    resource: usize,
    department: Department,
    file: &'static File,
    as_of: Day,
}

/// Delivers everything about the village and tells what arrived rightly.
pub fn deliver(clerk: &mut Clerk<'_>) -> Known {
    let mut known = Known::nothing(clerk.life);
    let mut resource = 0;
    for delivery in DELIVERIES {
        for file in delivery.files {
            let as_of = Day::parse_iso(delivery.as_of).unwrap_or(crate::life::AS_OF);
            let desk = Desk { resource, department: delivery.department, file, as_of };
            fill(clerk, desk, &mut known);
            resource += 1;
        }
    }
    known
}

fn fill(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let covered = desk.file.coverage.has(clerk.world.places.villages[clerk.life.village].township);
    match (desk.department, desk.file.name) {
        (Department::Police, "register") => police::register(clerk, desk, known),
        (_, "deaths" | "cremations" | "hospital_deaths") => police::deaths(clerk, desk, known),
        (_, "assistance") => civil::assistance(clerk, desk, known, covered),
        (_, "consent") => civil::consent(clerk, desk, known),
        (_, "cover") => medical::cover(clerk, desk, known, covered),
        (Department::MedicalInsurance, _) => medical::cost(clerk, desk, known, covered),
        (_, "employment" | "public_posts") => work::employment(clerk, desk, known, covered),
        (_, "pension") => work::pension(clerk, desk, known, covered),
        (Department::Education, _) => school::roll(clerk, desk, known, covered),
        (_, "cards") => school::cards(clerk, desk, known),
        (_, "subsidy") => fields::subsidies(clerk, desk, known, covered),
        (_, "members") => rural::members(clerk, desk, known),
        (_, "income") => rural::income(clerk, desk, known),
        (_, "monitoring") => rural::monitoring(clerk, desk),
        (_, "alleviated") => rural::alleviated(clerk, desk, known),
        (Department::Housing, _) => homes::houses(clerk, desk, known),
        (_, "assessment" | "recheck") => homes::water(clerk, desk, known),
        (_, "disaster") => homes::disasters(clerk, desk, known),
        (_, "land") => fields::land(clerk, desk),
        (_, "machines") => fields::machines(clerk, desk),
        _ => answers::answers(clerk, desk, known),
    }
}

impl<'a> Clerk<'a> {
    /// Where a department believes a person of this household to live.
    fn about(&mut self, desk: Desk, person: &'a Person, household: usize) -> About<'a> {
        let home = &self.life.households[household];
        let late = home.moved_from.filter(|(_, on)| *on > desk.as_of);
        let stale = home.moved_from.filter(|_| self.slips(desk.department, Kind::GoneKept));
        let village = late.or(stale).map_or(self.life.village, |(village, _)| village);
        // Household numbers don't follow the order in which the families were made.
        let number = u64::from(home.number) * 37 % 9_973;
        let household_no = (desk.department as u64 + 11) * 100_000_000 + self.life.village as u64 * 10_000 + number;
        About { person, village, group: home.group, door: home.door, household_no }
    }

    /// Writes a row about a person of a household.
    fn row(&mut self, desk: Desk, person: usize, household: usize, own: &[(Field, Value<'_>)]) -> Written {
        let life = self.life;
        let about = self.about(desk, &life.people[person], household);
        self.write((desk.resource, desk.department, desk.file), about, own)
    }

    /// Whether a department still lists somebody who died or left.
    fn keeps(&mut self, desk: Desk, person: &Person) -> bool {
        if person.died.is_some_and(|day| day <= desk.as_of) {
            return self.slips(desk.department, Kind::DeadKept);
        }
        if person.home == Home::Gone && person.left.is_some_and(|day| day <= desk.as_of) {
            return self.slips(desk.department, Kind::GoneKept);
        }
        true
    }
}

/// Everybody with the household they belong, or belonged, to.
fn everybody(life: &Life) -> impl Iterator<Item = (usize, usize)> {
    life.households.iter().enumerate().flat_map(|(h, home)| home.people.iter().map(move |i| (*i, h)))
}

/// Their keys arrived well enough to tell the age.
fn note_birth(known: &mut Known, desk: Desk, person: usize, written: Written) {
    let has = |field| desk.file.has(field) && !written.wrong.has(field);
    known.people[person].born |= written.delivered && (has(Field::IdNumber) || has(Field::BirthDate));
}
