//! Identity: which records speak of the same person.
//!
//! Rows with the same keys are one *profile*; profiles are what is compared. [`link`] is a pure function
//! of the resources and the identifiers given before: the same input gives the same output.

mod groups;
mod identity;
mod keys;
mod kin;
mod matching;
mod people;
mod profiles;
mod rulings;
mod spine;
mod union;

#[cfg(test)]
mod tests;

pub use identity::{Event, EventKind, Identities};
pub use keys::{KeyRow, explain};
pub use matching::{CLEAR, WORTH_A_LOOK};
pub use profiles::{Kept, Look, Profiles, Seen};
pub use rulings::{Matches, Ruling, Said, Side};
pub use spine::Met;

use facts::records::{Links, Resource};
use fellegi::{Model, Pattern, Scheme, Scorer};
use groups::Groups;
use keys::comparison::{HOUSEHOLD, NAME};
use kin::Households;
use matching::{Decision, Edge, Open};
use people::Clusters;
use rulings::Obeyed;
use rustc_hash::FxHashSet;
use union::Union;

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
#[derive(Clone, Debug)]
pub struct Linked {
    pub links: Links,
    pub review: Vec<Review>,
    pub conflicts: Vec<Conflict>,
    pub events: Vec<Event>,
    /// To be kept and given to the next run.
    pub identities: Identities,
    /// What was learned about this county's records.
    pub model: Model,
    /// The same before labels corrected it, where they did.
    pub untaught: Option<Model>,
    pub met: Met,
}

/// Brings the records of all resources together, person by person.
///
/// A row without any person key gets no person (`u32::MAX`). `previous` is [`Linked::identities`] of the last
/// run, or empty.
#[must_use]
pub fn link(resources: &[Resource], previous: &Identities) -> Linked {
    link_with(resources, previous, &Said::default())
}

/// The same, obeying what people have said.
#[must_use]
pub fn link_with(resources: &[Resource], previous: &Identities, said: &Said) -> Linked {
    link_profiles(&Profiles::collect(resources), previous, said)
}

/// The same for deliveries that aren't in memory as a whole: their rows come block by block, twice.
#[must_use]
pub fn link_profiles(profiles: &Profiles, previous: &Identities, said: &Said) -> Linked {
    clustered(profiles, previous, said).0
}

fn clustered(profiles: &Profiles, previous: &Identities, said: &Said) -> (Linked, Clusters) {
    let scheme = keys::scheme();
    let in_spine = profiles.in_resources(&spine::choose(profiles));
    let (spine, others): (Vec<u32>, Vec<u32>) =
        (0..profiles.len() as u32).partition(|profile| in_spine[*profile as usize]);
    let (mut model, met) = spine::learn(&scheme, profiles, &spine, &others);
    let untaught = (!said.matches.is_empty()).then(|| model.clone());
    teach(&mut model, &said.matches);
    let scorer = Scorer::new(&scheme, &model);
    let obeyed = Obeyed::of(&said.rulings, profiles);
    let Groups { leader, shared } = groups::by_number(&scheme, profiles, &in_spine, &obeyed.exempt(&in_spine));
    let mut work = Work { scheme: &scheme, scorer: &scorer, profiles, union: Union::new(leader), apart: Vec::new() };
    obeyed.rule(&mut work.union, &in_spine);
    work.join_spine(&spine);
    let undecided = work.match_known(&in_spine, &others);
    work.join_leftovers(&in_spine, &undecided);
    let Work { mut union, apart, .. } = work;
    let clusters = people::clusters(&scheme, &scorer, profiles, &mut union);
    drop(union);
    let conflicts = people::conflicts(profiles, &clusters, &shared, &apart);
    let review = people::reviews(profiles, &undecided);
    let (people, events, identities) = people::name_people(profiles, &clusters, &in_spine, previous, &obeyed.named);
    let (person, weight) = people::to_rows(profiles, &clusters);
    (
        Linked { links: Links { person, weight, people }, review, conflicts, events, identities, model, untaught, met },
        clusters,
    )
}

/// Lets labelled matches correct how often one person's records reach each level.
pub fn teach(model: &mut Model, matches: &Matches) {
    if matches.is_empty() {
        return;
    }
    let of = |learned: &fellegi::Learned| -> Vec<u64> {
        let told = matches.iter().find(|(field, _)| *field == learned.field).map_or(&[][..], |(_, levels)| levels);
        let count = |level: &String| told.iter().find(|(of, _)| of == level).map_or(0, |(_, n)| *n);
        learned.levels.iter().map(|share| count(&share.level)).collect()
    };
    let seen: Vec<Vec<u64>> = model.comparisons.iter().map(of).collect();
    model.correct(|at, level| seen[at][level]);
}

/// Log2 odds from which two records of the spine are one person: a register seldom lists anybody twice.
const SPINE_TWICE: f32 = 12.0;
/// The same for records of people who are in no register.
const LEFTOVERS: f32 = 4.0;

struct Work<'a> {
    scheme: &'a Scheme,
    scorer: &'a Scorer,
    profiles: &'a Profiles,
    union: Union,
    /// Edges not followed, because two valid identity numbers would have met.
    apart: Vec<Edge>,
}

impl Work<'_> {
    fn join_spine(&mut self, spine: &[u32]) {
        let leader = self.union.flatten().to_vec();
        let open = Open::new(self.scheme, self.scorer, self.profiles, &leader, spine);
        // A register doesn't list one person under two names: with one number those are two people, whose numbers were
        // given out twice; in one household they are brothers and sisters.
        let apart = |pattern: Pattern| {
            !keys::names_agree(pattern) || pattern.level(HOUSEHOLD) == 1 && !(1..=3).contains(&pattern.level(NAME))
        };
        let edges = open.among(apart).into_iter().filter(|edge| edge.weight >= SPINE_TWICE).collect();
        self.apart.extend(self.union.join_all(self.profiles, edges));
        self.union.flatten();
    }

    /// Matches open groups to the spine, then what is left to everything linked so far: a record may lie
    /// closer to what another department wrote. Gives back the edges of groups that stay undecided.
    fn match_known(&mut self, in_spine: &[bool], others: &[u32]) -> Vec<Edge> {
        let spine: Vec<u32> = (0..self.profiles.len() as u32).filter(|profile| in_spine[*profile as usize]).collect();
        let (mut edges, mut undecided) = (Vec::new(), Vec::new());
        for is_first in [true, false] {
            let leader = self.union.flatten().to_vec();
            let is_known = |profile: &&u32| in_spine[leader[**profile as usize] as usize];
            let (linked, open): (Vec<u32>, Vec<u32>) = others.iter().partition(is_known);
            let known = if is_first { &spine } else { &linked };
            let fresh = Open::new(self.scheme, self.scorer, self.profiles, &leader, &open).against(known);
            edges.retain(|edge: &Edge| leader[edge.unit as usize] == edge.unit);
            edges.extend(fresh);
            edges = matching::best(edges);
            if is_first {
                edges = Households::of_spine(self.profiles, &spine, &leader).consider(
                    self.scheme,
                    self.scorer,
                    self.profiles,
                    &leader,
                    edges,
                );
            }
            edges.retain(|edge| !self.union.is_forbidden(edge.unit, edge.person));
            let units = open.iter().filter(|profile| leader[**profile as usize] == **profile).count();
            undecided = self.follow(&edges, units);
        }
        self.union.flatten();
        undecided
    }

    /// Links what is clear, and gives back the edges of what isn't.
    fn follow(&mut self, edges: &[Edge], units: usize) -> Vec<Edge> {
        let (mut open, mut links) = (FxHashSet::default(), Vec::new());
        for (unit, decision) in matching::decide(edges, units) {
            match decision {
                Decision::Link(edge) => links.push(edge),
                Decision::Review => drop(open.insert(unit)),
                Decision::Nobody => {}
            }
        }
        if self.union.has_forbidden() {
            // Of two that people said are not one person, the one that fits better has the first claim.
            links.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.unit.cmp(&b.unit)));
        }
        for edge in links {
            if !self.union.is_forbidden(edge.unit, edge.person) {
                self.union.join(&edge);
            }
        }
        edges.iter().filter(|edge| open.contains(&edge.unit)).copied().collect()
    }

    /// People who are in no register: their records are brought together among themselves.
    fn join_leftovers(&mut self, in_spine: &[bool], undecided: &[Edge]) {
        let waiting: FxHashSet<u32> = undecided.iter().map(|edge| edge.unit).collect();
        let leader = self.union.flatten().to_vec();
        let is_left = |profile: &u32| {
            let leader = leader[*profile as usize];
            !in_spine[leader as usize] && !waiting.contains(&leader)
        };
        let left: Vec<u32> = (0..self.profiles.len() as u32).filter(is_left).collect();
        let open = Open::new(self.scheme, self.scorer, self.profiles, &leader, &left);
        let edges = open.among(|_| false).into_iter().filter(|edge| edge.weight >= LEFTOVERS).collect();
        self.apart.extend(self.union.join_all(self.profiles, edges));
    }
}
