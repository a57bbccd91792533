//! Profiles that are plainly one person: the same identity number, and nothing else against it.

use super::keys::{encode, is_plain};
use super::profiles::Profiles;
use fellegi::Scheme;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// Profiles put together by their identity numbers; a profile without one is a group of its own.
pub(crate) struct Groups {
    /// For each profile, the leading profile of its group.
    pub leader: Vec<u32>,
    /// Leading profiles of the spine that share an identity number but are not plainly one person.
    pub shared: Vec<Vec<u32>>,
}

/// A number that more people than this use is no number of anybody's.
const MOST_LEADERS: usize = 16;
const CHUNK: usize = 1 << 12;

/// `spine` comes first in every group: its profiles lead. Those of `exempt` stay by themselves.
pub(crate) fn by_number(scheme: &Scheme, profiles: &Profiles, spine: &[bool], exempt: &FxHashSet<u32>) -> Groups {
    let number = |profile: u32| profiles.keys(profile).id_number;
    let mut numbered: Vec<(u64, bool, u32)> = (0..profiles.len() as u32)
        .into_par_iter()
        .map(|profile| (number(profile), !spine[profile as usize], profile))
        .filter(|(number, _, profile)| *number != 0 && !exempt.contains(profile))
        .collect();
    numbered.par_sort_unstable();
    let runs: Vec<&[(u64, bool, u32)]> = numbered.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1).collect();
    let (joined, shared): (Vec<_>, Vec<_>) = runs.par_chunks(CHUNK).map(|runs| join(scheme, profiles, runs)).unzip();
    let mut leader: Vec<u32> = (0..profiles.len() as u32).collect();
    for (profile, leads) in joined.into_iter().flatten() {
        leader[profile as usize] = leads;
    }
    Groups { leader, shared: shared.into_iter().flatten().collect() }
}

type Joined = (Vec<(u32, u32)>, Vec<Vec<u32>>);

fn join(scheme: &Scheme, profiles: &Profiles, runs: &[&[(u64, bool, u32)]]) -> Joined {
    let members: Vec<u32> = runs.iter().flat_map(|run| run.iter().map(|(.., profile)| *profile)).collect();
    let records = encode(scheme, members.len(), |row| profiles.keys(members[row]));
    let (mut joined, mut shared) = (Vec::new(), Vec::new());
    let mut start = 0;
    for run in runs {
        let mut leaders: Vec<usize> = Vec::new();
        for row in start..start + run.len() {
            let agrees = |leader: &&usize| is_plain(scheme, records.get(**leader), records.get(row));
            match leaders.iter().find(agrees) {
                Some(leader) => joined.push((members[row], members[*leader])),
                None if leaders.len() < MOST_LEADERS => leaders.push(row),
                None => {}
            }
        }
        let of_spine = leaders.iter().filter(|row| !run[**row - start].1).map(|row| members[*row]);
        let of_spine: Vec<u32> = of_spine.collect();
        if of_spine.len() > 1 {
            shared.push(of_spine);
        }
        start += run.len();
    }
    (joined, shared)
}
