//! From clusters of profiles to people and to rows.

use super::identity::{self, Event, Identities};
use super::keys::{encode, numbers_differ};
use super::matching::Edge;
use super::profiles::Profiles;
use super::union::Union;
use super::{Conflict, ConflictKind, Review};
use facts::records::{Person, PersonId};
use fellegi::{Scheme, Scorer};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use values::{Day, IdNumber, Precision, Sex};

/// Which person each profile is, and what ties it to them.
pub(crate) struct Clusters {
    /// For each profile: a number below `count`, in the order of first appearance.
    pub of: Vec<u32>,
    pub leaders: Vec<u32>,
    /// For each profile: the weight and the profile it was compared with (a leader: itself).
    pub tie: Vec<(f32, u32)>,
    /// Profiles linked though their valid identity number differs from the one they are tied to.
    pub two_numbers: Vec<u32>,
}

const CHUNK: usize = 1 << 12;

/// Numbers the people and weighs every tie.
pub(crate) fn clusters(scheme: &Scheme, scorer: &Scorer, profiles: &Profiles, union: &mut Union) -> Clusters {
    let leader = union.flatten().to_vec();
    let mut number = vec![u32::MAX; leader.len()];
    let mut leaders = Vec::new();
    let of = leader
        .iter()
        .map(|leader| {
            let number = &mut number[*leader as usize];
            if *number == u32::MAX {
                *number = leaders.len() as u32;
                leaders.push(*leader);
            }
            *number
        })
        .collect();
    let all: Vec<u32> = (0..leader.len() as u32).collect();
    let weigh = |some: &[u32]| {
        let anchor = |at: usize| union.anchor[some[at] as usize];
        let records = encode(scheme, 2 * some.len(), |row| {
            profiles.keys(if row % 2 == 0 { some[row / 2] } else { anchor(row / 2) })
        });
        let tie = |at: usize| {
            let (record, other) = (records.get(2 * at), records.get(2 * at + 1));
            let pattern = scheme.compare(record, other);
            (scorer.weight(pattern, record), anchor(at), numbers_differ(pattern))
        };
        (0..some.len()).map(tie).collect::<Vec<_>>()
    };
    let ties: Vec<(f32, u32, bool)> = all.par_chunks(CHUNK).flat_map_iter(weigh).collect();
    let valid = |profile: u32| profiles.keys(profile).number().is_some_and(|number| number.has_valid_check());
    let two_numbers =
        (0..).zip(&ties).filter(|(profile, (_, anchor, differ))| *differ && valid(*profile) && valid(*anchor));
    let two_numbers = two_numbers.map(|(profile, _)| profile).collect();
    Clusters { of, leaders, tie: ties.into_iter().map(|(weight, anchor, _)| (weight, anchor)).collect(), two_numbers }
}

/// What needs a human: shared numbers of the living, and people with two numbers.
pub(crate) fn conflicts(
    profiles: &Profiles,
    clusters: &Clusters,
    shared: &[Vec<u32>],
    apart: &[Edge],
) -> Vec<Conflict> {
    let deaths: Vec<bool> = profiles.heads.iter().map(|resource| resource.record == "death").collect();
    let in_deaths = profiles.in_resources(&deaths);
    let dead: FxHashSet<u32> =
        (0..profiles.len()).filter(|profile| in_deaths[*profile]).map(|profile| clusters.of[profile]).collect();
    let first = |profile: &u32| profiles.first[*profile as usize];
    let mut conflicts = Vec::new();
    for leaders in shared {
        let mut people = FxHashSet::default();
        let living = |leader: &&u32| !dead.contains(&clusters.of[**leader as usize]);
        let mut living: Vec<&u32> = leaders.iter().filter(living).collect();
        living.retain(|leader| people.insert(clusters.of[**leader as usize]));
        if living.len() > 1 {
            let records = living.into_iter().map(first).collect();
            conflicts.push(Conflict { kind: ConflictKind::SharedIdNumber, records });
        }
    }
    let linked = clusters.two_numbers.iter().map(|profile| [*profile, clusters.tie[*profile as usize].1]);
    let kept_apart = apart.iter().map(|edge| [edge.anchor, edge.profile]);
    conflicts.extend(
        linked
            .chain(kept_apart)
            .map(|pair| Conflict { kind: ConflictKind::TwoIdNumbers, records: pair.iter().map(first).collect() }),
    );
    conflicts.sort_by(|a, b| (a.kind, &a.records).cmp(&(b.kind, &b.records)));
    conflicts
}

/// The review band: each open group's record, and the best of the people it may be.
pub(crate) fn reviews(profiles: &Profiles, undecided: &[Edge]) -> Vec<Review> {
    const SHOWN: usize = 5;
    let review = |edges: &[Edge]| {
        let mut edges = edges.to_vec();
        edges.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.person.cmp(&b.person)));
        let profile = edges[0].profile as usize;
        let candidates =
            edges.iter().take(SHOWN).map(|edge| (profiles.first[edge.anchor as usize], edge.weight)).collect();
        Review { record: profiles.first[profile], rows: profiles.rows[profile], candidates }
    };
    undecided.chunk_by(|a, b| a.unit == b.unit).map(review).collect()
}

/// One [`Person`] a cluster, the events, and the state for the next run.
pub(crate) fn name_people(
    profiles: &Profiles,
    clusters: &Clusters,
    spine: &[bool],
    previous: &Identities,
    named: &FxHashMap<u32, PersonId>,
) -> (Vec<Person>, Vec<Event>, Identities) {
    let (ids, events) = identity::identify(profiles, clusters, spine, previous, named);
    let identities = identity::remember(profiles, clusters, &ids, previous);
    let mut people: Vec<Person> =
        ids.into_iter().map(|id| Person { id, name: String::new(), id_number: None, sex: None, birth: None }).collect();
    for (person, leader) in people.iter_mut().zip(&clusters.leaders) {
        describe(person, profiles, *leader);
    }
    for (profile, cluster) in clusters.of.iter().enumerate() {
        describe(&mut people[*cluster as usize], profiles, profile as u32);
    }
    (people, events, identities)
}

/// The leading record comes first and is only added to; a valid number replaces one that fails its check.
fn describe(person: &mut Person, profiles: &Profiles, profile: u32) {
    let is_numbered = person.id_number.is_some_and(|number| number.has_valid_check());
    if is_numbered && !person.name.is_empty() && person.sex.is_some() && person.birth.is_some() {
        return;
    }
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

/// For each profile: whether its person has no other record.
fn alone(profiles: &Profiles, clusters: &Clusters) -> Vec<bool> {
    let mut size = vec![0u32; clusters.leaders.len()];
    for (profile, cluster) in clusters.of.iter().enumerate() {
        size[*cluster as usize] += profiles.rows[profile];
    }
    clusters.of.iter().map(|cluster| size[*cluster as usize] == 1).collect()
}

/// For each row of each resource: the person, and the weight.
pub(crate) fn to_rows(profiles: &Profiles, clusters: &Clusters) -> (Rows<u32>, Rows<f32>) {
    let alone = alone(profiles, clusters);
    let person = |profile: &u32| clusters.of.get(*profile as usize).copied().unwrap_or(u32::MAX);
    let weight = |profile: &u32| match alone.get(*profile as usize) {
        Some(false) => clusters.tie[*profile as usize].0,
        _ => f32::NAN,
    };
    let rows = profiles.of_row.iter();
    (
        rows.clone().map(|rows| rows.iter().map(person).collect()).collect(),
        rows.map(|rows| rows.iter().map(weight).collect()).collect(),
    )
}

/// For each row of each resource: the record it was compared with to give its weight; `None` where it stands alone.
#[cfg(test)]
pub(crate) fn ties(profiles: &Profiles, clusters: &Clusters) -> Rows<Option<super::RowRef>> {
    let alone = alone(profiles, clusters);
    let anchor = |profile: u32| profiles.first[clusters.tie[profile as usize].1 as usize];
    let tie = |profile: &u32| (alone.get(*profile as usize) == Some(&false)).then(|| anchor(*profile));
    profiles.of_row.iter().map(|rows| rows.iter().map(tie).collect()).collect()
}
