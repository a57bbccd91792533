//! Which view households of different departments are one household: those that share the most people.

use super::views::{NONE, Views};
use rustc_hash::FxHashMap;

/// Matched view households: at most one of each department in a group.
pub struct Groups {
    /// Group of each view household, numbered by its first view household.
    pub of_view: Vec<u32>,
    /// View households by group.
    pub views: Vec<Vec<u32>>,
}

#[must_use]
pub fn match_views(views: &Views<'_>, people: usize) -> Groups {
    let mut parent: Vec<u32> = (0..views.households.len() as u32).collect();
    let mut departments: FxHashMap<u32, Vec<u16>> = FxHashMap::default();
    for (_, a, b) in shared_pairs(views, people) {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        if a == b {
            continue;
        }
        let own = |group: u32| {
            departments.get(&group).cloned().unwrap_or_else(|| vec![views.households[group as usize].department])
        };
        let (mut mine, theirs) = (own(a), own(b));
        if mine.iter().any(|department| theirs.contains(department)) {
            continue;
        }
        let (low, high) = (a.min(b), a.max(b));
        mine.extend(theirs);
        parent[high as usize] = low;
        departments.remove(&high);
        departments.insert(low, mine);
    }
    collect(&mut parent)
}

/// Pairs of view households of two departments with people in common, the closest first.
fn shared_pairs(views: &Views<'_>, people: usize) -> Vec<((u32, u32), u32, u32)> {
    let mut sizes = vec![0u32; views.households.len()];
    let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
    for person in 0..people as u32 {
        let claims = views.of_person(person);
        for (i, a) in claims.iter().enumerate() {
            sizes[a.view as usize] += 1;
            // Those present in both say most; one who has gone from both still shows where a household came from. Who is
            // gone from one and present in the other has moved, and says nothing.
            pairs.extend(
                claims[i + 1..]
                    .iter()
                    .filter(|b| a.present == b.present)
                    .map(|b| (a.view.min(b.view), a.view.max(b.view), if a.present { 4 } else { 1 })),
            );
        }
    }
    pairs.sort_unstable();
    let mut ranked: Vec<((u32, u32), u32, u32)> = Vec::new();
    for (a, b, weight) in pairs {
        match ranked.last_mut() {
            Some((rank, last_a, last_b)) if (*last_a, *last_b) == (a, b) => rank.0 += weight,
            _ => ranked.push(((weight, 0), a, b)),
        }
    }
    for (rank, a, b) in &mut ranked {
        let all = sizes[*a as usize] + sizes[*b as usize];
        rank.1 = rank.0 * 1_000 / all.max(1);
    }
    ranked.sort_unstable_by_key(|(rank, a, b)| (std::cmp::Reverse(*rank), *a, *b));
    ranked
}

fn root(parent: &mut [u32], mut view: u32) -> u32 {
    while parent[view as usize] != view {
        parent[view as usize] = parent[parent[view as usize] as usize];
        view = parent[view as usize];
    }
    view
}

fn collect(parent: &mut [u32]) -> Groups {
    let mut of_view = vec![NONE; parent.len()];
    let mut views: Vec<Vec<u32>> = Vec::new();
    for view in 0..parent.len() as u32 {
        let top = root(parent, view);
        if of_view[top as usize] == NONE {
            of_view[top as usize] = views.len() as u32;
            views.push(Vec::new());
        }
        let group = of_view[top as usize];
        of_view[view as usize] = group;
        views[group as usize].push(view);
    }
    Groups { of_view, views }
}
