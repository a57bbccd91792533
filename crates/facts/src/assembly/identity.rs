//! Households keep their identifier as long as most of their members stay together.

use crate::records::{HouseholdId, PersonId};
use rustc_hash::{FxHashMap, FxHashSet};

/// The members of every household, as plain columns: what a run hands to the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseholdIdentities {
    pub household: Vec<HouseholdId>,
    pub person: Vec<PersonId>,
}

/// An identifier for each household, given its members in ascending order of [`PersonId`].
///
/// An earlier household's identifier goes to the one with most of its members, if those are more than half of it or
/// of the new one; a household without one is named after its first member.
#[must_use]
pub fn identify(members: &[Vec<PersonId>], previous: &HouseholdIdentities) -> Vec<HouseholdId> {
    let mut ids: Vec<Option<HouseholdId>> = vec![None; members.len()];
    let mut taken = FxHashSet::default();
    for (shared, old, new) in heirs(members, previous) {
        let enough = shared.count * 2 > shared.of_old || shared.count * 2 > members[new].len();
        if enough && ids[new].is_none() && taken.insert(old) {
            ids[new] = Some(old);
        }
    }
    ids.iter()
        .zip(members)
        .map(|(id, members)| {
            id.unwrap_or_else(|| {
                let first = members.first().map_or(0, |person| person.0);
                (0..).map(|salt| named_after(first, salt)).find(|id| taken.insert(*id)).unwrap_or(HouseholdId(first))
            })
        })
        .collect()
}

struct Shared {
    count: usize,
    of_old: usize,
}

/// Which earlier household lives on in which new one, the closest first.
fn heirs(members: &[Vec<PersonId>], previous: &HouseholdIdentities) -> Vec<(Shared, HouseholdId, usize)> {
    let mut home = FxHashMap::default();
    let mut sizes: FxHashMap<HouseholdId, usize> = FxHashMap::default();
    for (household, person) in previous.household.iter().zip(&previous.person) {
        home.insert(*person, *household);
        *sizes.entry(*household).or_default() += 1;
    }
    let mut pairs: Vec<(HouseholdId, usize)> = Vec::new();
    for (new, members) in members.iter().enumerate() {
        pairs.extend(members.iter().filter_map(|person| home.get(person)).map(|old| (*old, new)));
    }
    pairs.sort_unstable();
    let mut heirs: Vec<(Shared, HouseholdId, usize)> = Vec::new();
    for (old, new) in pairs {
        match heirs.last_mut() {
            Some((shared, last_old, last_new)) if (*last_old, *last_new) == (old, new) => shared.count += 1,
            _ => heirs.push((Shared { count: 1, of_old: sizes[&old] }, old, new)),
        }
    }
    heirs.sort_by_key(|(shared, old, new)| (std::cmp::Reverse(shared.count), *old, members[*new].first().copied()));
    heirs
}

/// One-to-one from the person's identifier for each salt: two founders never give one household.
const fn named_after(person: u128, salt: u64) -> HouseholdId {
    const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let mixed = (person ^ (person >> 64)).wrapping_add(salt as u128 + 1).wrapping_mul(ODD);
    HouseholdId(mixed ^ (mixed >> 71))
}
