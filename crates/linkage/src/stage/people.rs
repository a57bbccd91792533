//! From clusters of profiles to people and to rows.

use super::identity::{self, Event, Identities};
use super::profiles::Profiles;
use super::{Clusters, RowRef};
use households::records::Person;
use values::{Day, IdNumber, Precision, Sex};

/// One [`Person`] a cluster, the events, and the state for the next run.
pub(crate) fn name_people(
    profiles: &Profiles,
    clusters: &Clusters,
    previous: &Identities,
) -> (Vec<Person>, Vec<Event>, Identities) {
    let (ids, events) = identity::identify(profiles, clusters, previous);
    let identities = identity::remember(profiles, clusters, &ids, previous);
    let mut people: Vec<Person> =
        ids.into_iter().map(|id| Person { id, name: String::new(), id_number: None, sex: None, birth: None }).collect();
    for (profile, cluster) in clusters.of.iter().enumerate() {
        describe(&mut people[*cluster as usize], profiles, profile as u32);
    }
    (people, events, identities)
}

/// The leading record comes first and is only added to; a valid number replaces one that fails its check.
fn describe(person: &mut Person, profiles: &Profiles, profile: u32) {
    let keys = profiles.keys(profile);
    if let Some(name) = keys.name.filter(|_| person.name.is_empty()) {
        name.clone_into(&mut person.name);
    }
    let number = Some(keys.id_number).filter(|key| *key != 0).map(IdNumber::from_key);
    if number.is_some_and(|n| person.id_number.is_none_or(|known| n.has_valid_check() && !known.has_valid_check())) {
        person.id_number = number;
    }
    person.sex = person.sex.or(match keys.sex {
        1 => Some(Sex::Male),
        2 => Some(Sex::Female),
        _ => None,
    });
    if keys.birth != i32::MIN && keys.precision == Precision::Day {
        person.birth = person.birth.or(Some(Day(keys.birth)));
    }
}

type Rows<T> = Vec<Vec<T>>;

/// For each row of each resource: the person, the weight, and the record it was compared with.
pub(crate) fn to_rows(profiles: &Profiles, clusters: &Clusters) -> (Rows<u32>, Rows<f32>, Rows<Option<RowRef>>) {
    let mut size = vec![0u32; clusters.count as usize];
    for (profile, cluster) in clusters.of.iter().enumerate() {
        size[*cluster as usize] += profiles.rows[profile];
    }
    let alone = |profile: u32| size[clusters.of[profile as usize] as usize] == 1;
    let tie = |profile: u32| clusters.tie[profile as usize];
    let map = |f: &dyn Fn(u32) -> u32| -> Rows<u32> {
        profiles
            .of_row
            .iter()
            .map(|rows| rows.iter().map(|p| if *p == u32::MAX { *p } else { f(*p) }).collect())
            .collect()
    };
    let person = map(&|profile| clusters.of[profile as usize]);
    let per_row = profiles.of_row.iter();
    let known = |profile: u32| profile != u32::MAX && !alone(profile);
    let weight = per_row
        .clone()
        .map(|rows| rows.iter().map(|p| if known(*p) { tie(*p).0 } else { f32::NAN }).collect())
        .collect();
    let tied_to = per_row
        .map(|rows| rows.iter().map(|p| known(*p).then(|| profiles.first[tie(*p).1 as usize])).collect())
        .collect();
    (person, weight, tied_to)
}
