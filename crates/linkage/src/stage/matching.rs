//! Matching the records that are still open to people who are known.

use super::keys::{encode, is_personal};
use super::profiles::Profiles;
use super::spine::LARGEST_BLOCK;
use fellegi::{Candidates, Index, Pattern, Record, Records, Scheme, Scorer};
use rayon::prelude::*;

/// Evidence that a unit is a person: the best of its profiles against the best of the person's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    /// Leading profile of the group that is open.
    pub unit: u32,
    /// Leading profile of the person's group.
    pub person: u32,
    /// Log2 odds by the model.
    pub weight: f32,
    pub pattern: Pattern,
    /// The two profiles that were compared.
    pub profile: u32,
    pub anchor: u32,
}

/// Weaker evidence than this isn't kept: log2 odds.
const WEAKEST: f32 = -12.0;
const CHUNK: usize = 1 << 13;

/// Open profiles, packed and indexed.
pub(crate) struct Open<'a> {
    scheme: &'a Scheme,
    scorer: &'a Scorer,
    profiles: &'a Profiles,
    leader: &'a [u32],
    rows: &'a [u32],
    records: Records,
    index: Index,
}

impl<'a> Open<'a> {
    pub(crate) fn new(
        scheme: &'a Scheme,
        scorer: &'a Scorer,
        profiles: &'a Profiles,
        leader: &'a [u32],
        rows: &'a [u32],
    ) -> Self {
        let records = encode(scheme, rows.len(), |row| profiles.keys(rows[row]));
        let index = Index::build(scheme, &records, 0..rows.len() as u32, LARGEST_BLOCK);
        Self { scheme, scorer, profiles, leader, rows, records, index }
    }

    /// Compares known profiles with every open one that shares a blocking key.
    pub(crate) fn against(&self, known: &[u32]) -> Vec<Edge> {
        let chunk = |known: &[u32]| {
            let records = encode(self.scheme, known.len(), |row| self.profiles.keys(known[row]));
            let (mut edges, mut found) = (Vec::new(), Candidates::default());
            for (row, anchor) in known.iter().enumerate() {
                let record = records.get(row);
                self.index.find(self.scheme, record, u32::MAX, &mut found);
                edges.extend(found.rows.iter().filter_map(|other| self.edge(*other, *anchor, record)));
            }
            best(edges)
        };
        let edges: Vec<Vec<Edge>> = known.par_chunks(CHUNK).map(chunk).collect();
        best(edges.concat())
    }

    /// Compares the open profiles with each other; the one with the smaller row counts as the person.
    /// `apart` tells from a pair's pattern that it is two people whatever its weight.
    pub(crate) fn among(&self, apart: impl Fn(Pattern) -> bool + Sync) -> Vec<Edge> {
        let starts: Vec<usize> = (0..self.rows.len()).step_by(CHUNK).collect();
        let chunk = |start: usize| {
            let (mut edges, mut found) = (Vec::new(), Candidates::default());
            for row in start..self.rows.len().min(start + CHUNK) {
                self.index.find(self.scheme, self.records.get(row), row as u32, &mut found);
                let (record, profile) = (self.records.get(row), self.rows[row]);
                let together = |other: &&u32| !apart(self.scheme.compare(self.records.get(**other as usize), record));
                edges.extend(found.rows.iter().filter(together).filter_map(|other| self.edge(*other, profile, record)));
            }
            best(edges)
        };
        let edges: Vec<Vec<Edge>> = starts.into_par_iter().map(chunk).collect();
        best(edges.concat())
    }

    fn edge(&self, other: u32, anchor: u32, record: Record) -> Option<Edge> {
        let profile = self.rows[other as usize];
        let (unit, person) = (self.leader[profile as usize], self.leader[anchor as usize]);
        if unit == person {
            return None;
        }
        let open = self.records.get(other as usize);
        let pattern = self.scheme.compare(open, record);
        let weight = self.scorer.weight(pattern, open);
        let keep = weight >= WEAKEST && is_personal(pattern);
        keep.then_some(Edge { unit, person, weight, pattern, profile, anchor })
    }
}

/// The best edge of each unit and person, sorted by both.
pub(crate) fn best(mut edges: Vec<Edge>) -> Vec<Edge> {
    let order = |a: &Edge, b: &Edge| {
        let place = |e: &Edge| (e.unit, e.person);
        let rows = |e: &Edge| (e.profile, e.anchor);
        place(a).cmp(&place(b)).then(b.weight.total_cmp(&a.weight)).then(rows(a).cmp(&rows(b)))
    };
    edges.par_sort_unstable_by(order);
    edges.dedup_by_key(|edge| (edge.unit, edge.person));
    edges
}

/// What is decided about one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Decision {
    Link(Edge),
    /// Two people or more fit, or one fits not well enough.
    Review,
    /// Nobody known fits.
    Nobody,
}

/// From this probability on, over all people it might be and over nobody known, a unit is linked.
pub const CLEAR: f64 = 0.85;
/// From this probability on that it is somebody known at all, a human is asked.
pub const WORTH_A_LOOK: f64 = 0.10;

/// Decides unit by unit; `edges` are sorted as [`best`] gives them. People number `people`.
pub(crate) fn decide(edges: &[Edge], units: usize) -> Vec<(u32, Decision)> {
    let by_unit: Vec<&[Edge]> = edges.chunk_by(|a, b| a.unit == b.unit).collect();
    let odds = |edge: &Edge| f64::from(edge.weight).exp2();
    let totals: Vec<f64> = by_unit.iter().map(|edges| edges.iter().map(odds).sum()).collect();
    // How many of the open units are of known people at all: the share at which the units' own answers give it back.
    let mut known = 0.5;
    for _ in 0..20 {
        let expected: f64 = totals.iter().map(|total| known * total / (known * total + 1.0 - known)).sum();
        known = (expected / units.max(1) as f64).clamp(0.02, 0.98);
    }
    let decide = |(edges, total): (&&[Edge], &f64)| {
        let top = edges.iter().copied().max_by(|a, b| a.weight.total_cmp(&b.weight).then(b.person.cmp(&a.person)));
        let decision = top.map_or(Decision::Nobody, |top| {
            let whole = known * total + 1.0 - known;
            let share = known * odds(&top) / whole;
            match share {
                share if share >= CLEAR => Decision::Link(top),
                _ if known * total / whole >= WORTH_A_LOOK => Decision::Review,
                _ => Decision::Nobody,
            }
        });
        (edges[0].unit, decision)
    };
    by_unit.iter().zip(&totals).map(decide).collect()
}
