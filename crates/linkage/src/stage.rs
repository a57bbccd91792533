//! Identity: which records speak of the same person.
//!
//! Rows with the same keys are one *profile*; profiles are what is compared. [`link`] is a pure function
//! of the resources and the identifiers given before: the same input gives the same output.

mod identity;
mod people;
mod profiles;

pub use identity::{Event, EventKind, Identities};

use households::records::{Links, Resource};
use profiles::Profiles;

/// A row of a resource, by its place in the slice given to [`link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    pub resource: u32,
    /// Index into the resource's columns (not the number of the row in the file).
    pub row: u32,
}

/// A link that is open: the record was left alone, and a human should look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub record: RowRef,
    /// Rows with the very same keys, this one included.
    pub rows: u32,
    /// The people it may be, best first: a row that speaks of each, and the weight.
    pub candidates: Vec<(RowRef, f32)>,
}

/// What two records say that can't both be true of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub kind: ConflictKind,
    /// One record for each side.
    pub records: Vec<RowRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// One identity number, people who differ in name and birth.
    SharedIdNumber,
    /// Records that belong together by all else, with two different valid identity numbers.
    TwoIdNumbers,
}

/// What [`link`] found.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    pub links: Links,
    /// For each resource, for each row: the record it was compared with to give its weight; `None` where it stands alone.
    pub tied_to: Vec<Vec<Option<RowRef>>>,
    pub review: Vec<Review>,
    pub conflicts: Vec<Conflict>,
    pub events: Vec<Event>,
    /// To be kept and given to the next run.
    pub identities: Identities,
}

/// Brings the records of all resources together, person by person.
///
/// A row without any person key gets no person (`u32::MAX`). `previous` is [`Linked::identities`] of the last
/// run, or empty.
#[must_use]
pub fn link(resources: &[Resource], previous: &Identities) -> Linked {
    let profiles = Profiles::collect(resources);
    let clusters = by_number_and_name(&profiles);
    let (people, events, identities) = people::name_people(&profiles, &clusters, previous);
    let (person, weight, tied_to) = people::to_rows(&profiles, &clusters);
    Linked { links: Links { person, weight, people }, tied_to, events, identities, ..Linked::default() }
}

/// Which person each profile is, and what ties it to them.
pub(crate) struct Clusters {
    /// For each profile: a number below `count`, in the order of first appearance.
    pub of: Vec<u32>,
    pub count: u32,
    /// For each profile: the weight and the profile it was compared with (itself: it stands alone).
    pub tie: Vec<(f32, u32)>,
}

fn by_number_and_name(profiles: &Profiles) -> Clusters {
    let mut seen = rustc_hash::FxHashMap::default();
    let mut clusters = Clusters { of: Vec::with_capacity(profiles.len()), count: 0, tie: Vec::new() };
    for profile in 0..profiles.len() {
        let keys = profiles.keys(profile as u32);
        let key = match (keys.id_number, keys.name) {
            (0, _) | (_, None) => Err(profile),
            (number, Some(name)) => Ok((number, name)),
        };
        let (cluster, first) = *seen.entry(key).or_insert_with(|| {
            clusters.count += 1;
            (clusters.count - 1, profile as u32)
        });
        clusters.of.push(cluster);
        clusters.tie.push((40.0, first));
    }
    clusters
}
