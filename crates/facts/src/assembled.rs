//! The stage: facts of every household and person, as frames.

use super::earner::{Gap, GapTrust};
use super::frame::{Frame, Part};
use super::home::{self, Home};
use super::neighbours::{CRITERIA, Neighbours, Surveyed};
use super::quirks::Quirks;
use super::reckon::Reckoner;
use super::{HOUSEHOLD, HouseholdFact as F, PERSON, assets, dwelling, earner, income, lists, makeup};
use crate::assembly::Assembly;
use crate::assembly::rows;
use crate::assembly::sources::Sources;
use crate::records::{Links, Resource};
use rayon::prelude::*;
use values::columns::{Column, Table};
use values::{Bounds, Truth};

/// What is known of every household and person, as columns under the dictionary's names.
#[derive(Clone, Debug)]
pub struct Facts {
    /// One row a household, in the order of [`Assembly::households`].
    pub households: Table,
    /// One row for each of [`Assembly::people`], in that order: members, and the dead and the left of each household.
    pub persons: Table,
    /// For each person row its household's row.
    pub household_of: Vec<u32>,
    /// For each person row the number into `Links::people`.
    pub person: Vec<u32>,
}

/// Households reckoned by one thread at a time.
const CHUNK: usize = 1_024;

/// Reckons all facts. `resources` and `links` are those of [`assemble`](crate::assembly::assemble), in the same order, with
/// the own fields of the readable query answers filled in.
#[must_use]
pub fn reckon(resources: &[Resource], links: &Links, assembly: &Assembly) -> Facts {
    let sources = Sources::new(resources);
    let rows = rows::by_person(&sources, links);
    let mut reckoner = Reckoner::new(&sources, &rows, links, assembly);
    reckoner.quirks = Quirks::new(&reckoner);
    let reckoner = &reckoner;
    let numbers: Vec<u32> = (0..assembly.households.len() as u32).collect();
    let mut households = Frame::new(&HOUSEHOLD, numbers.len());
    let mut persons = Frame::new(&PERSON, assembly.people.len());
    let people = |part: &[u32]| part.iter().map(|number| assembly.people_of(*number).len()).sum();
    let homes: Vec<usize> = numbers.chunks(CHUNK).map(<[u32]>::len).collect();
    let people: Vec<usize> = numbers.chunks(CHUNK).map(people).collect();
    let parts = households.parts(&homes).into_iter().zip(persons.parts(&people));
    let mut chunks: Vec<Chunk<'_>> =
        parts.map(|(households, persons)| Chunk { households, persons, gaps: Vec::new(), water: Vec::new() }).collect();
    chunks
        .par_iter_mut()
        .zip(numbers.par_chunks(CHUNK))
        .for_each(|(chunk, numbers)| numbers.iter().for_each(|number| reckon_household(reckoner, *number, chunk)));
    weigh_gaps(&mut chunks);
    ask_neighbours(&mut chunks);
    Facts {
        households: households.into_table(),
        persons: persons.into_table(),
        household_of: assembly.people.iter().map(|resident| resident.household).collect(),
        person: assembly.people.iter().map(|resident| resident.person).collect(),
    }
}

/// Some households' rows.
struct Chunk<'a> {
    households: Part<'a>,
    persons: Part<'a>,
    /// By row of the household.
    gaps: Vec<(usize, Gap)>,
    water: Vec<(usize, Surveyed)>,
}

/// Believes a main earner's months without a wage as far as all households together allow.
fn weigh_gaps(chunks: &mut [Chunk<'_>]) {
    let trust = GapTrust::new(chunks.iter().flat_map(|chunk| &chunk.gaps).map(|(_, gap)| *gap));
    for chunk in chunks {
        for (row, gap) in &chunk.gaps {
            chunk.households.bounds_at(*row, F::EarnerMonths as usize, trust.weigh(*gap));
        }
    }
}

/// Leaves open what one survey says of a single house's water against all its neighbours'.
fn ask_neighbours(chunks: &mut [Chunk<'_>]) {
    let neighbours = Neighbours::new(chunks.iter().flat_map(|chunk| &chunk.water).map(|(_, surveyed)| *surveyed));
    for chunk in chunks {
        for (row, _) in chunk.water.iter().filter(|(_, surveyed)| neighbours.leave_alone(*surveyed)) {
            for fact in CRITERIA {
                if chunk.households.flag_of(*row, fact as usize) == Truth::False {
                    chunk.households.flag_at(*row, fact as usize, Truth::Undetermined);
                }
            }
            chunk.households.flag_at(*row, F::WaterUnsafe as usize, Truth::Undetermined);
        }
    }
}

fn reckon_household(reckoner: &Reckoner<'_>, number: u32, chunk: &mut Chunk<'_>) {
    let Chunk { households: frame, persons, gaps, water } = chunk;
    let first = persons.rows();
    let home = Home::new(reckoner, number, persons);
    frame.begin();
    let members = makeup::write(reckoner, &home, frame);
    let income = income::reckon(reckoner, &home, members, frame);
    let earner = earner::reckon(reckoner, &home, &income, frame);
    gaps.extend(earner.gap.map(|gap| (frame.rows() - 1, gap)));
    water.extend(dwelling::write(reckoner, &home, frame).map(|surveyed| (frame.rows() - 1, surveyed)));
    lists::write(reckoner, &home, frame);
    let house_area = frame.last_bounds(F::HouseArea as usize);
    assets::write(reckoner, &home, house_area, frame);
    let costs = [
        (F::OwnCostWindow, home.total(|person| person.health.cost_window)),
        (F::OwnCostBefore, home.total(|person| person.health.cost_before)),
        (F::OwnCostYear, home.largest(|person| person.health.cost_year)),
        (F::SchoolCost, home.total(|person| person.guarantees.school_cost)),
        (F::SchoolCostLargest, home.largest(|person| person.guarantees.school_cost_beyond)),
        (F::EssentialCost, home.total(|person| person.health.cost_window.plus(person.guarantees.school_cost))),
    ];
    for (fact, cost) in costs {
        frame.bounds(fact as usize, cost.floor());
    }
    frame.flag(F::ValueDoubt as usize, has_value_doubt(reckoner, &home));
    for (at, person) in home.people.iter().enumerate() {
        let main = earner.people.iter().find(|(main, _)| *main == at).map_or(Truth::False, |(_, sure)| *sure);
        home::write_wages(persons, first + at, person, income::declared_of(reckoner, &home, at), main);
    }
}

/// Whether a figure that feeds the household's income or cost isn't taken as it stands.
fn has_value_doubt(reckoner: &Reckoner<'_>, home: &Home<'_>) -> Truth {
    let doubted = home
        .people
        .iter()
        .filter(|person| person.standing().counts())
        .any(|person| person.subject.rows.iter().any(|at| reckoner.is_doubted(*at)));
    Truth::from_option(Some(doubted || home.rows.iter().any(|at| reckoner.is_doubted(*at))))
}

impl Facts {
    /// A quantity of a household or person row, unknown where the fact isn't one.
    #[must_use]
    pub fn bounds(table: &Table, fact: &str, row: usize) -> Bounds {
        match table.column(fact) {
            Some(Column::Bounds(_, column)) => column.get(row),
            _ => Bounds::UNKNOWN,
        }
    }
}
