//! Identifiers that outlive a run.

use super::keys::KeyRow;
use super::people::Clusters;
use super::profiles::Profiles;
use facts::records::PersonId;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;

/// Which person each key row ever seen was, as two columns of one length, sorted by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// Digest of a record's person keys.
    pub key: Vec<u64>,
    pub person: Vec<PersonId>,
}

impl Identities {
    #[must_use]
    pub fn find(&self, key: u64) -> Option<PersonId> {
        self.place(key).map(|at| self.person[at])
    }

    fn place(&self, key: u64) -> Option<usize> {
        self.key.binary_search(&key).ok()
    }
}

/// What new deliveries changed about who is who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    pub kind: EventKind,
    /// The person who goes on.
    pub person: PersonId,
    /// Merge: the identifier that ended. Split: the one that some of the person's records have now.
    pub other: PersonId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    Merge,
    Split,
}

/// Gives each cluster the identifier its register records had, else the one most of its known records had, or a new one;
/// what people said of whose they are goes before either:
/// the register's people keep theirs when it turns out that somebody known from other lists alone is one of them.
pub(crate) fn identify(
    profiles: &Profiles,
    clusters: &Clusters,
    spine: &[bool],
    previous: &Identities,
    named: &FxHashMap<u32, PersonId>,
) -> (Vec<PersonId>, Vec<Event>) {
    let known = Known::find(profiles, previous);
    let mut shares: FxHashMap<(u32, PersonId), (bool, bool, u32)> = FxHashMap::default();
    for (profile, in_spine) in spine.iter().enumerate() {
        let said = named.get(&(profile as u32)).copied();
        if let Some(person) = said.or_else(|| known.before(profile)) {
            let (is_said, of_spine, rows) = shares.entry((clusters.of[profile], person)).or_default();
            *is_said |= said.is_some();
            *of_spine |= in_spine;
            *rows += profiles.rows[profile];
        }
    }
    // What people said comes first, then the register's, then the largest share; of equals the smaller identifier, then
    // the earlier cluster.
    let mut claims: Vec<_> = shares.into_iter().map(|((at, person), share)| (Reverse(share), person, at)).collect();
    claims.sort_unstable();
    let mut ids: Vec<Option<PersonId>> = vec![None; clusters.leaders.len()];
    let mut taken: FxHashSet<PersonId> = FxHashSet::default();
    for (_, person, cluster) in &claims {
        if ids[*cluster as usize].is_none() && taken.insert(*person) {
            ids[*cluster as usize] = Some(*person);
        }
    }
    taken.extend(previous.person.iter().chain(named.values()));
    let ids = mint(profiles, clusters, ids, &mut taken);
    let living: FxHashSet<PersonId> = ids.iter().copied().collect();
    let changed = (0..).zip(&clusters.of).filter_map(|(profile, cluster)| {
        let (before, now) = (known.before(profile)?, ids[*cluster as usize]);
        (before != now).then_some((before, now))
    });
    let mut events: Vec<Event> = changed
        .map(|(before, now)| {
            if living.contains(&before) {
                Event { kind: EventKind::Split, person: before, other: now }
            } else {
                Event { kind: EventKind::Merge, person: now, other: before }
            }
        })
        .collect();
    events.sort_unstable();
    events.dedup();
    (ids, events)
}

/// Whose each profile was before.
struct Known<'a> {
    previous: &'a Identities,
    /// For each profile, its place among the previous identities, or `u32::MAX`.
    place: Vec<u32>,
}

impl<'a> Known<'a> {
    fn find(profiles: &Profiles, previous: &'a Identities) -> Self {
        let place = |digest: &u64| previous.place(*digest).map_or(u32::MAX, |at| at as u32);
        Self { previous, place: profiles.digest.par_iter().map(place).collect() }
    }

    fn before(&self, profile: usize) -> Option<PersonId> {
        self.previous.person.get(self.place[profile] as usize).copied()
    }
}

fn mint(
    profiles: &Profiles,
    clusters: &Clusters,
    ids: Vec<Option<PersonId>>,
    taken: &mut FxHashSet<PersonId>,
) -> Vec<PersonId> {
    let named = ids.into_iter().zip(&clusters.leaders);
    named
        .map(|(id, profile)| {
            id.unwrap_or_else(|| {
                let keys = profiles.keys(*profile);
                let fresh = (0u32..).map(|attempt| from_content(&keys, attempt)).find(|id| taken.insert(*id));
                fresh.unwrap_or(PersonId(0))
            })
        })
        .collect()
}

/// SHA-256 of the leading record's keys, cut to 128 bits, with the version and variant of a UUIDv8.
fn from_content(keys: &KeyRow, attempt: u32) -> PersonId {
    let mut hasher = Sha256::new();
    hasher.update(keys.digest().to_le_bytes());
    hasher.update(keys.id_number.to_le_bytes());
    hasher.update(keys.name.unwrap_or_default());
    hasher.update(attempt.to_le_bytes());
    let digest = hasher.finalize();
    let number = digest[..16].iter().fold(0u128, |n, byte| n << 8 | u128::from(*byte));
    PersonId(number & !(0xf << 76) & !(0b11 << 62) | 8 << 76 | 0b10 << 62)
}

/// The state for the next run: what was known before, overlaid by what this run found.
pub(crate) fn remember(
    profiles: &Profiles,
    clusters: &Clusters,
    ids: &[PersonId],
    previous: &Identities,
) -> Identities {
    // No two profiles have one digest.
    let mut by_digest: Vec<u32> = (0..profiles.len() as u32).collect();
    by_digest.par_sort_unstable_by_key(|profile| profiles.digest[*profile as usize]);
    let fresh = by_digest
        .into_iter()
        .map(|profile| (profiles.digest[profile as usize], ids[clusters.of[profile as usize] as usize]));
    let mut old = previous.key.iter().copied().zip(previous.person.iter().copied()).peekable();
    let mut all = Identities { key: Vec::with_capacity(profiles.len()), person: Vec::with_capacity(profiles.len()) };
    let mut push = |(key, person)| {
        all.key.push(key);
        all.person.push(person);
    };
    for (key, person) in fresh {
        while let Some(before) = old.next_if(|(known, _)| *known < key) {
            push(before);
        }
        old.next_if(|(known, _)| *known == key);
        push((key, person));
    }
    old.for_each(push);
    all
}
