//! A number from the wrong line of the family's register: the record bears one member's identity number and
//! another's name.
//!
//! Pair by pair this looks like the number's owner with a wrong name. Seen together it is the named person, with the
//! number of somebody whose papers lay on the same table.

use super::keys::{encode, names_agree, numbers_agree, numbers_differ};
use super::matching::{Edge, best};
use super::profiles::Profiles;
use fellegi::{Scheme, Scorer};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Share of wrong numbers that are a housemate's: a guess, and a cautious one.
const OF_HOUSEMATES: f32 = 0.3;

/// More people than this under one number are an institution, or a filled-in zero.
const LARGEST_HOUSEHOLD: usize = 30;

/// Who lives with whom in the spine.
pub(crate) struct Households {
    of: FxHashMap<u32, u64>,
    members: FxHashMap<u64, Vec<u32>>,
    /// What a housemate's number says in favour of the person named, in bits: it is no stranger's.
    bonus: f32,
}

impl Households {
    pub(crate) fn of_spine(profiles: &Profiles, spine: &[u32], leader: &[u32]) -> Self {
        let mut households = Self {
            of: FxHashMap::default(),
            members: FxHashMap::default(),
            bonus: (spine.len().max(8) as f32 * OF_HOUSEMATES / 4.0).log2().max(0.0),
        };
        let of: Vec<u64> = spine.par_iter().map(|profile| profiles.keys(*profile).household).collect();
        for (profile, household) in spine.iter().zip(of).filter(|(_, household)| *household != 0) {
            households.of.entry(leader[*profile as usize]).or_insert(household);
            households.members.entry(household).or_default().push(*profile);
        }
        households.members.retain(|_, members| members.len() <= LARGEST_HOUSEHOLD);
        households
    }

    /// Adds the housemates of a number's owner to the people a record may be, and weighs them as what they are.
    pub(crate) fn consider(
        &self,
        scheme: &Scheme,
        scorer: &Scorer,
        profiles: &Profiles,
        leader: &[u32],
        edges: Vec<Edge>,
    ) -> Vec<Edge> {
        let by_unit: Vec<&[Edge]> = edges.chunk_by(|a, b| a.unit == b.unit).collect();
        let more = by_unit.par_iter().flat_map_iter(|unit| {
            let owners = unit.iter().filter(|edge| numbers_agree(edge.pattern) && !names_agree(edge.pattern));
            let owners = owners.filter_map(|owner| Some((owner, self.of.get(&owner.person)?)));
            let housemates =
                owners.flat_map(|(owner, household)| self.members[household].iter().map(move |m| (owner, *m)));
            housemates.filter_map(|(owner, member)| {
                let person = leader[member as usize];
                let pair = [profiles.keys(owner.profile), profiles.keys(member)];
                let records = encode(scheme, 2, |row| pair[row]);
                let pattern = scheme.compare(records.get(0), records.get(1));
                let weight = scorer.weight(pattern, records.get(0)) + self.bonus;
                let fits = person != owner.person && names_agree(pattern) && numbers_differ(pattern);
                fits.then_some(Edge { person, weight, pattern, anchor: member, ..*owner })
            })
        });
        let more: Vec<Edge> = more.collect();
        best([edges, more].concat())
    }
}
