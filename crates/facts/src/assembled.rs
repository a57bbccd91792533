//! The stage: facts of every household and person, as frames.

use super::earner::{Gap, GapTrust};
use super::frame::{Frame, Part};
use super::home::{self, Home};
use super::neighbours::{CRITERIA, Neighbours, Surveyed};
use super::quirks::{self, Tally};
use super::reckon::Reckoner;
use super::survey::Survey;
use super::{HOUSEHOLD, HouseholdFact as F, PERSON, assets, dwelling, earner, income, lists, makeup};
use crate::assembly::rows;
use crate::assembly::sources::Sources;
use crate::bucket::Bucket;
use rayon::prelude::*;
use values::columns::{Column, Table};
use values::{Bounds, Truth};

/// What is known of every household and person, as columns under the dictionary's names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// One row a household, in the order of [`crate::assembly::Assembly::households`].
    pub households: Table,
    /// One row for each of [`crate::assembly::Assembly::people`], in that order: members, and the dead and the left of each household.
    pub persons: Table,
    /// For each person row its household's row.
    pub household_of: Vec<u32>,
    /// For each person row the number into `Links::people`.
    pub person: Vec<u32>,
}

/// Households reckoned by one thread at a time.
const CHUNK: usize = 1_024;

/// Tallies how often the people of some households are missing from registers; over all households it becomes
/// [`crate::Quirks`].
#[must_use]
pub fn tally(bucket: &Bucket, survey: &Survey) -> Tally {
    let sources = Sources::new(&bucket.resources);
    let rows = rows::by_person(&sources, &bucket.links);
    quirks::tally(&Reckoner::new(&sources, &rows, &bucket.links, &bucket.assembly, survey))
}

/// Reckons all facts of some households, and gives apart what all households must be asked about before they stand.
#[must_use]
pub fn reckon(bucket: &Bucket, survey: &Survey) -> (Facts, Doubtful) {
    let Bucket { resources, links, assembly } = bucket;
    let sources = Sources::new(resources);
    let rows = rows::by_person(&sources, links);
    let reckoner = &Reckoner::new(&sources, &rows, links, assembly, survey);
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
    let (mut gaps, mut water) = (Vec::new(), Vec::new());
    for (first, chunk) in (0..).step_by(CHUNK).zip(chunks) {
        gaps.extend(chunk.gaps.into_iter().map(|(row, gap)| (first + row as u32, gap)));
        water.extend(chunk.water.into_iter().map(|(row, surveyed)| (first + row as u32, surveyed)));
    }
    let facts = Facts {
        households: households.into_table(),
        persons: persons.into_table(),
        household_of: assembly.people.iter().map(|resident| resident.household).collect(),
        person: assembly.people.iter().map(|resident| resident.person).collect(),
    };
    (facts, Doubtful { gaps, water })
}

/// Some households' rows.
struct Chunk<'a> {
    households: Part<'a>,
    persons: Part<'a>,
    /// By row of the household in this chunk.
    gaps: Vec<(usize, Gap)>,
    water: Vec<(usize, Surveyed)>,
}

/// How far what is said of one household is to be believed, by what all of them show.
pub struct Trust {
    gaps: GapTrust,
    neighbours: Neighbours,
}

impl Trust {
    /// From what was reckoned of all households.
    #[must_use]
    pub fn new<'a>(all: impl Iterator<Item = &'a Doubtful> + Clone) -> Self {
        Self {
            gaps: GapTrust::new(all.clone().flat_map(|some| &some.gaps).map(|(_, gap)| *gap)),
            neighbours: Neighbours::new(all.flat_map(|some| &some.water).map(|(_, surveyed)| *surveyed)),
        }
    }
}

/// What is said of some households and can't be believed by itself.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Doubtful {
    gaps: Vec<(u32, Gap)>,
    water: Vec<(u32, Surveyed)>,
}

impl Facts {
    /// Believes a main earner's months without a wage as far as all households together allow, and leaves open what one
    /// survey says of a single house's water against all its neighbours'.
    pub fn settle(&mut self, doubtful: &Doubtful, trust: &Trust) {
        if let Some(Column::Bounds(_, months)) = self.households.column_mut(name_of(F::EarnerMonths)) {
            for (row, gap) in &doubtful.gaps {
                months.set(*row as usize, trust.gaps.weigh(*gap));
            }
        }
        let alone = |surveyed: &Surveyed| trust.neighbours.leave_alone(*surveyed);
        let alone: Vec<u32> = doubtful.water.iter().filter(|(_, of)| alone(of)).map(|(row, _)| *row).collect();
        for fact in CRITERIA.into_iter().chain([F::WaterUnsafe]) {
            let Some(Column::Flag(flags)) = self.households.column_mut(name_of(fact)) else { continue };
            for row in &alone {
                let flag = &mut flags[*row as usize];
                if *flag == Truth::False || fact == F::WaterUnsafe {
                    *flag = Truth::Undetermined;
                }
            }
        }
    }
}

fn name_of(fact: F) -> &'static str {
    HOUSEHOLD[fact as usize].name
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

values::packs! { Facts { households, persons, household_of, person } }

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
