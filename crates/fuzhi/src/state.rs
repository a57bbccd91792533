//! What one run of an OUT hands to the next, so that people and households keep their identifiers.

use crate::publish::IdentityEvent;
use anyhow::{Result, anyhow};
use batch::{Kind, Loaded, Problem, Values, read_parquet, write_parquet};
use facts::assembly::HouseholdIdentities;
use facts::records::{HouseholdId, PersonId};
use linkage::stage::Identities;
use std::path::Path;
use values::Day;

/// The memory of an OUT: empty for a fresh one.
#[derive(Default)]
pub struct State {
    pub people: Identities,
    pub households: HouseholdIdentities,
    pub events: Vec<IdentityEvent>,
}

fn said(problem: Problem) -> anyhow::Error {
    anyhow!("{problem}")
}

/// An identifier as two columns of 64 bits.
fn halves(ids: impl Iterator<Item = u128>) -> (Vec<i64>, Vec<i64>) {
    ids.map(|id| ((id >> 64) as i64, id as i64)).unzip()
}

fn whole(high: i64, low: i64) -> u128 {
    u128::from(high as u64) << 64 | u128::from(low as u64)
}

fn numbers(path: &Path, names: &[&str]) -> Result<Vec<Vec<i64>>> {
    let wanted: Vec<(&str, Kind)> = names.iter().map(|name| (*name, Kind::Whole)).collect();
    let columns = read_parquet(path, &wanted).map_err(said)?;
    let column = |loaded| match loaded {
        Loaded::Whole(column) => Ok(column),
        _ => Err(anyhow!("{} is damaged", path.display())),
    };
    columns.into_iter().map(column).collect()
}

impl State {
    /// Reads the state of the run before; a folder without one is a fresh history.
    ///
    /// # Errors
    /// When the state is there and can't be read: starting afresh would give everybody a new identifier.
    pub fn read(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            return Ok(Self::default());
        }
        let people = numbers(&folder.join("people.parquet"), &["key", "high", "low"])?;
        let homes = numbers(&folder.join("households.parquet"), &["high", "low", "person_high", "person_low"])?;
        let id = |high: &[i64], low: &[i64], at: usize| whole(high[at], low[at]);
        let all = 0..homes[0].len();
        Ok(Self {
            people: Identities {
                key: people[0].iter().map(|key| *key as u64).collect(),
                person: (0..people[0].len()).map(|at| PersonId(id(&people[1], &people[2], at))).collect(),
            },
            households: HouseholdIdentities {
                household: all.clone().map(|at| HouseholdId(id(&homes[0], &homes[1], at))).collect(),
                person: all.map(|at| PersonId(id(&homes[2], &homes[3], at))).collect(),
            },
            events: read_events(&folder.join("events.parquet"))?,
        })
    }

    /// Writes who is who for the next run, and keeps it no longer: two identifiers a row take their room.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn lay_people(&mut self, folder: &Path, people: Identities) -> Result<()> {
        self.people = Identities::default();
        batch::private_folder(folder).map_err(said)?;
        let keys: Vec<i64> = people.key.into_iter().map(|key| key as i64).collect();
        let (high, low) = halves(people.person.into_iter().map(|person| person.0));
        let columns = [("key", Values::Whole(&keys)), ("high", Values::Whole(&high)), ("low", Values::Whole(&low))];
        write_parquet(&folder.join("people.parquet"), &columns).map_err(said)
    }

    /// Writes the rest of it.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn write(&self, folder: &Path) -> Result<()> {
        batch::private_folder(folder).map_err(said)?;
        let (high, low) = halves(self.households.household.iter().map(|household| household.0));
        let (person_high, person_low) = halves(self.households.person.iter().map(|person| person.0));
        let columns = [
            ("high", Values::Whole(&high)),
            ("low", Values::Whole(&low)),
            ("person_high", Values::Whole(&person_high)),
            ("person_low", Values::Whole(&person_low)),
        ];
        write_parquet(&folder.join("households.parquet"), &columns).map_err(said)?;
        crate::publish::identities(&folder.join("events.parquet"), &self.events)
    }
}

fn read_events(path: &Path) -> Result<Vec<IdentityEvent>> {
    let wanted = [("kind", Kind::Text), ("person", Kind::Text), ("other", Kind::Text), ("as_of", Kind::Day)];
    let mut columns = read_parquet(path, &wanted).map_err(said)?.into_iter();
    let (Some(Loaded::Text(kinds)), Some(Loaded::Text(people)), Some(Loaded::Text(others)), Some(Loaded::Day(days))) =
        (columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Err(anyhow!("{} is damaged", path.display()));
    };
    let event = |at: usize| IdentityEvent {
        as_of: Day(days[at]),
        kind: if kinds.get(at) == Some("merge") { "merge" } else { "split" },
        person: people.get(at).unwrap_or_default().to_owned(),
        other: others.get(at).unwrap_or_default().to_owned(),
    };
    Ok((0..days.len()).map(event).collect())
}
