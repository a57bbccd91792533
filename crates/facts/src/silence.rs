//! What it means that a source says nothing about somebody (contract §2).

use crate::assembly::Assembly;
use crate::assembly::sources::{Record, Source, Sources};
use crate::records::{Limit, Nature, Person};
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};
use values::{AreaCode, Day};

/// What is proven where no row speaks of a person or household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nobody answered for the place: anything may be.
    Unknown,
    /// A list that starts at this limit answered: below it, anything may be.
    Below(i64),
    /// A register answered, last on this day: there is nothing.
    Nothing(Day),
}

struct Answer {
    record: Record,
    nature: Nature,
    as_of: Day,
    limit: Option<i64>,
    /// Closed intervals of place codes; `None` is the whole county.
    places: Option<Vec<(u64, u64)>>,
}

/// Which sources answered for which places.
pub struct Coverage {
    answers: Vec<Answer>,
}

impl Coverage {
    #[must_use]
    pub fn new(sources: &Sources<'_>) -> Self {
        Self { answers: sources.list.iter().flatten().map(answer).collect() }
    }

    #[must_use]
    pub fn silence(&self, record: Record, area: Option<AreaCode>) -> Silence {
        let mut meaning = Silence::Unknown;
        for answer in self.answers.iter().filter(|answer| answer.record == record && answer.covers(area)) {
            meaning = match (answer.nature, answer.limit, meaning) {
                (Nature::Register, _, Silence::Nothing(day)) => Silence::Nothing(day.max(answer.as_of)),
                (Nature::Register, ..) => Silence::Nothing(answer.as_of),
                (Nature::ThresholdList, Some(limit), Silence::Below(other)) => Silence::Below(limit.min(other)),
                (Nature::ThresholdList, Some(limit), Silence::Unknown) => Silence::Below(limit),
                (.., known) => known,
            };
        }
        meaning
    }
}

fn answer(source: &Source<'_>) -> Answer {
    let resource = source.resource;
    let interval = |prefix: &String| {
        let digits: u64 = prefix.parse().ok()?;
        let unit = 10u64.checked_pow(12u32.checked_sub(prefix.len() as u32)?)?;
        Some((digits * unit, digits * unit + unit - 1))
    };
    Answer {
        record: source.record,
        nature: resource.nature,
        as_of: resource.as_of,
        limit: resource.limit.as_ref().map(|Limit { over, .. }| *over),
        places: resource.coverage.as_ref().map(|prefixes| prefixes.iter().filter_map(interval).collect()),
    }
}

impl Answer {
    fn covers(&self, area: Option<AreaCode>) -> bool {
        let Some(places) = &self.places else { return true };
        area.is_some_and(|area| places.iter().any(|(from, to)| (*from..=*to).contains(&area.0)))
    }
}

/// Rows of a register that may be about somebody else than linkage found: whoever looks like one of them isn't
/// proven absent from that register.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Strays {
    seen: FxHashSet<u64>,
}

impl Strays {
    /// Adds the rows of a delivery whose person no household view names, or who differs from the row in name and birth.
    pub fn look(&mut self, source: &Source<'_>, person: &[u32], people: &[Person], assembly: &Assembly) {
        let keys = &source.resource.keys;
        for (row, person) in person.iter().enumerate() {
            let name = if keys.name.is_empty() { None } else { keys.name.get(row) };
            let birth = if keys.birth.is_empty() { None } else { keys.birth(row) };
            let known = people.get(*person as usize);
            let other_name = name.zip(known).is_some_and(|(name, known)| name != known.name);
            let other_birth = birth.zip(known.and_then(|known| known.birth)).is_some_and(|(a, b)| a != b);
            if assembly.household_of(*person).is_none() || (other_name && other_birth) {
                let id = keys.id_number.get(row).copied().filter(|id| *id != 0);
                let area = source.area(row as u32);
                self.seen.extend(traits(name, birth, area, id).into_iter().flatten());
            }
        }
    }

    #[must_use]
    pub fn resemble(&self, name: &str, birth: Option<Day>, area: Option<AreaCode>, id: Option<u64>) -> bool {
        !self.seen.is_empty()
            && traits(Some(name), birth, area, id).into_iter().flatten().any(|t| self.seen.contains(&t))
    }
}

/// What two records of one person still share when one of its keys is wrong.
fn traits(name: Option<&str>, birth: Option<Day>, area: Option<AreaCode>, id: Option<u64>) -> [Option<u64>; 4] {
    let hash = |tag: u8, value: &dyn Fn(&mut FxHasher)| {
        let mut hasher = FxHasher::default();
        tag.hash(&mut hasher);
        value(&mut hasher);
        hasher.finish()
    };
    let name = name.filter(|name| !name.is_empty());
    [
        name.zip(birth).map(|pair| hash(1, &|h| pair.hash(h))),
        name.zip(area).map(|pair| hash(2, &|h| pair.hash(h))),
        birth.zip(area).map(|pair| hash(3, &|h| pair.hash(h))),
        id.map(|id| hash(4, &|h| id.hash(h))),
    ]
}
