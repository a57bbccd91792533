//! Groups that grow together, and what keeps them apart.

use super::matching::Edge;
use super::profiles::Profiles;
use rustc_hash::FxHashMap;
use values::IdNumber;

/// For each profile, the leading profile of its person.
pub(crate) struct Union {
    leader: Vec<u32>,
    /// For each profile, the one it is tied to.
    pub anchor: Vec<u32>,
    /// For a leading profile, the profiles that people said are somebody else; empty where nobody said anything.
    forbidden: FxHashMap<u32, Vec<u32>>,
}

impl Union {
    pub(crate) fn new(leader: Vec<u32>) -> Self {
        Self { anchor: leader.clone(), leader, forbidden: FxHashMap::default() }
    }

    pub(crate) fn leader(&self, profile: u32) -> u32 {
        let mut at = profile;
        while self.leader[at as usize] != at {
            at = self.leader[at as usize];
        }
        at
    }

    /// Lets every profile point to its leader directly.
    pub(crate) fn flatten(&mut self) -> &[u32] {
        for profile in 0..self.leader.len() as u32 {
            self.leader[profile as usize] = self.leader(profile);
        }
        &self.leader
    }

    /// Joins the unit of an edge to its person.
    pub(crate) fn join(&mut self, edge: &Edge) {
        let (unit, person) = (self.leader(edge.unit), self.leader(edge.person));
        if unit == person {
            return;
        }
        if edge.profile != unit {
            self.anchor[unit as usize] = edge.profile;
        }
        self.anchor[edge.profile as usize] = edge.anchor;
        self.lead(unit, person);
    }

    fn lead(&mut self, unit: u32, person: u32) {
        self.leader[unit as usize] = person;
        if let Some(mut others) = self.forbidden.remove(&unit) {
            self.forbidden.entry(person).or_default().append(&mut others);
        }
    }

    /// Joins the groups of two profiles because people said so: the one of the lower rank leads, then the earlier.
    pub(crate) fn unite(&mut self, one: u32, other: u32, rank: impl Fn(u32) -> u32) {
        let (a, b) = (self.leader(one), self.leader(other));
        if a == b {
            return;
        }
        let (person, unit, anchor) = if (rank(a), a) < (rank(b), b) { (a, b, one) } else { (b, a, other) };
        self.anchor[unit as usize] = anchor;
        self.lead(unit, person);
    }

    /// People said that these two are not one person.
    pub(crate) fn forbid(&mut self, one: u32, other: u32) {
        for (from, to) in [(one, other), (other, one)] {
            let leader = self.leader(from);
            self.forbidden.entry(leader).or_default().push(to);
        }
    }

    /// Whether joining the groups of two profiles would go against what people said.
    pub(crate) fn is_forbidden(&self, one: u32, other: u32) -> bool {
        if self.forbidden.is_empty() {
            return false;
        }
        let (one, other) = (self.leader(one), self.leader(other));
        self.forbidden.get(&one).is_some_and(|some| some.iter().any(|profile| self.leader(*profile) == other))
    }

    pub(crate) fn has_forbidden(&self) -> bool {
        !self.forbidden.is_empty()
    }

    /// Joins the strongest edges first, unless two groups hold different valid identity numbers.
    /// Gives back the edges that this kept apart.
    pub(crate) fn join_all(&mut self, profiles: &Profiles, mut edges: Vec<Edge>) -> Vec<Edge> {
        let order =
            |a: &Edge, b: &Edge| b.weight.total_cmp(&a.weight).then((a.unit, a.person).cmp(&(b.unit, b.person)));
        edges.sort_unstable_by(order);
        let number = |profile: u32| profiles.keys(profile).number().filter(IdNumber::has_valid_check);
        let mut numbers: FxHashMap<u32, IdNumber> = FxHashMap::default();
        let mut apart = Vec::new();
        for edge in edges {
            if self.is_forbidden(edge.unit, edge.person) {
                continue;
            }
            let (unit, person) = (self.leader(edge.unit), self.leader(edge.person));
            let of = |leader: u32| numbers.get(&leader).copied().or_else(|| number(leader));
            let (a, b) = (of(unit), of(person));
            if a.zip(b).is_some_and(|(a, b)| far(a, b)) {
                apart.push(edge);
                continue;
            }
            self.join(&edge);
            if let Some(number) = b.or(a) {
                numbers.insert(person, number);
            }
        }
        apart
    }
}

/// Numbers too different for a slip in one of them.
pub(crate) fn far(a: IdNumber, b: IdNumber) -> bool {
    a.digits().iter().zip(b.digits()).filter(|(x, y)| **x != *y).count() > 3
}
