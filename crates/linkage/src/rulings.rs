//! Persons merged and taken apart: somebody's word that lies over a run's links until a run has obeyed it.
//!
//! Pure, but for [`actions`].

pub mod actions;

use crate::model::RecordKeys;
use kernel::crypto::digest;
use serde::{Deserialize, Serialize};

/// What was ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Two persons are one.
    Merge,
    /// Some of a person's records are somebody else's.
    Unmerge,
    /// A word is taken back.
    Undo,
}

impl Kind {
    /// The word in the database, in addresses and in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Undo => "undo",
        }
    }
}

/// Every record a ruling speaks of, and why it was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sides {
    /// Those of the person who stays.
    pub stayed: Vec<RecordKeys>,
    /// Those that belong to another person from now on.
    pub moved: Vec<RecordKeys>,
    pub reason: String,
}

/// A person and the records that are about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub id: String,
    pub records: Vec<RecordKeys>,
}

impl Person {
    /// The name most of the records give; of equals the first.
    #[must_use]
    pub fn name(&self) -> &str {
        let count = |name: &str| self.records.iter().filter(|record| record.name == name).count();
        let named = self.records.iter().map(|record| record.name.as_str()).filter(|name| !name.is_empty());
        named.rev().max_by_key(|name| count(name)).unwrap_or_default()
    }

    /// A word for the records somebody saw: whoever decides about others than these decides blindly.
    #[must_use]
    pub fn seen(&self) -> String {
        let places: Vec<String> = self.records.iter().map(RecordKeys::place_in_files).collect();
        digest(&places.join("\n"))[..16].to_owned()
    }
}

/// A ruling as it is laid over the people a run found in a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    pub merges: bool,
    pub person: String,
    pub other: String,
    pub sides: Sides,
}

/// Lays a ruling over a family's people. Applied again, or after a run has said the same, it changes nothing.
pub fn lay(people: &mut Vec<Person>, ruling: &Laid) {
    let Laid { merges, person, other, sides } = ruling;
    if *merges {
        if people.iter().all(|one| one.id != *person) {
            return;
        }
        let going = people.iter().position(|one| one.id == *other).map(|at| people.remove(at));
        let Some(stays) = people.iter_mut().find(|one| one.id == *person) else { return };
        let coming = going.map_or_else(|| sides.moved.clone(), |one| one.records);
        for record in coming {
            if !stays.records.iter().any(|known| known.place_in_files() == record.place_in_files()) {
                stays.records.push(record);
            }
        }
        return;
    }
    let goes = |record: &RecordKeys| sides.moved.iter().any(|moved| moved.key == record.key);
    let Some(from) = people.iter_mut().find(|one| one.id == *person) else { return };
    let (moved, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut from.records).into_iter().partition(goes);
    from.records = kept;
    if moved.is_empty() {
        return;
    }
    match people.iter_mut().find(|one| one.id == *other) {
        Some(known) => known.records.extend(moved),
        None => people.push(Person { id: other.clone(), records: moved }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(row: u32, key: u64) -> RecordKeys {
        RecordKeys { department: "police".to_owned(), row, key, name: format!("n{row}"), ..RecordKeys::default() }
    }

    fn person(id: &str, records: &[RecordKeys]) -> Person {
        Person { id: id.to_owned(), records: records.to_vec() }
    }

    #[test]
    fn a_merge_and_its_contrary_give_back_what_there_was() {
        let (a, b) = (person("a", &[record(1, 11), record(2, 12)]), person("b", &[record(3, 13)]));
        let sides = Sides { stayed: a.records.clone(), moved: b.records.clone(), reason: String::new() };
        let merge = Laid { merges: true, person: "a".to_owned(), other: "b".to_owned(), sides };
        let mut people = vec![a.clone(), b.clone()];
        for _ in 0..2 {
            lay(&mut people, &merge);
            assert_eq!(people, [person("a", &[record(1, 11), record(2, 12), record(3, 13)])]);
        }
        let unmerge = Laid { merges: false, ..merge };
        for _ in 0..2 {
            lay(&mut people, &unmerge);
            assert_eq!(people, [a.clone(), b.clone()]);
        }
    }

    #[test]
    fn a_person_goes_by_the_name_most_records_give() {
        let mut one = person("a", &[record(1, 1), record(2, 2), record(3, 3)]);
        one.records[2].name = "n2".to_owned();
        assert_eq!(one.name(), "n2");
        one.records.truncate(2);
        assert_eq!(one.name(), "n1");
    }
}
