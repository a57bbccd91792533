//! From pairs to groups of records that are one person.

use crate::compare::id_distance;
use crate::encode::VALID;
use crate::model::probability;
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::{Assignment, Role};
use crate::train::Population;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Two records that are the same, with the weight that says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    pub left: u32,
    pub right: u32,
    pub weight: f32,
}

/// Groups, and what was not done on the way.
pub(crate) struct Grouping {
    /// For each record, the smallest row of its group.
    pub of: Vec<u32>,
    /// Pairs kept apart because their groups hold two different valid identity numbers.
    pub conflicts: Vec<(u32, u32)>,
    /// Pairs passed over for a partner of exactly the same weight.
    pub ties: Vec<(u32, u32)>,
    /// The pairs that made the groups: a tree for each.
    pub joined: Vec<Edge>,
}

struct Union {
    parent: Vec<u32>,
}

impl Union {
    fn root(&mut self, mut row: u32) -> u32 {
        while self.parent[row as usize] != row {
            let above = self.parent[self.parent[row as usize] as usize];
            self.parent[row as usize] = above;
            row = above;
        }
        row
    }

    /// The smaller row stays the root.
    fn join(&mut self, a: u32, b: u32) -> u32 {
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
        low
    }
}

/// What decides whether two groups may become one.
pub(crate) struct Grouper<'a, W> {
    pub scheme: &'a Scheme,
    pub records: &'a Records,
    pub population: &'a Population,
    /// Log2 odds of any two rows.
    pub weigh: W,
}

/// Two groups become one where their records fit each other on the whole, not only at the edge that joins them.
const FITTING: f32 = -3.0;
/// So many records of a group speak for it.
const SPEAKERS: usize = 8;

impl<W: Fn(u32, u32) -> f32 + Sync> Grouper<'_, W> {
    /// Groups with at most one record of each input (`OneToOne`), or of the first input (`OneToMany`): the best pairs
    /// first, equal weights in the order of their rows. Two different valid identity numbers never meet.
    pub(crate) fn assigned(&self, mut edges: Vec<Edge>, assignment: Assignment) -> Grouping {
        sort(&mut edges);
        let rows = self.records.len() as u32;
        let mut union = Union { parent: (0..rows).collect() };
        // Which of the inputs that may stand in a group once only a row belongs to.
        let once = |row: u32| match (assignment, self.population.input(row)) {
            (Assignment::OneToOne, input) => 1u128 << input.min(127),
            (Assignment::OneToMany, input) => u128::from(input == 0),
        };
        // Groups of more than one record: what they hold, and the weight they were last joined by; for each root where.
        let mut groups: Vec<(u128, (u64, u64), f32)> = Vec::with_capacity(edges.len());
        let mut places = vec![u32::MAX; rows as usize];
        let numbers: Vec<_> = edges.par_iter().map(|edge| (self.number(edge.left), self.number(edge.right))).collect();
        let mut grouping = Grouping { of: Vec::new(), conflicts: Vec::new(), ties: Vec::new(), joined: Vec::new() };
        for (edge, (left_number, right_number)) in edges.into_iter().zip(numbers) {
            let (a, b) = (union.root(edge.left), union.root(edge.right));
            if a == b {
                continue;
            }
            // A root without a group is the row itself.
            let group = |root: u32, number: (u64, u64)| {
                groups.get(places[root as usize] as usize).copied().unwrap_or_else(|| (once(root), number, f32::NAN))
            };
            let ((a_once, a_number, a_weight), (b_once, b_number, b_weight)) =
                (group(a, left_number), group(b, right_number));
            if a_once & b_once != 0 {
                if a_weight == edge.weight || b_weight == edge.weight {
                    grouping.ties.push((edge.left, edge.right));
                }
                continue;
            }
            if differ(a_number, b_number) {
                grouping.conflicts.push((edge.left, edge.right));
                continue;
            }
            let number = if a_number.1 == 0 { b_number } else { a_number };
            places[union.join(a, b) as usize] = groups.len() as u32;
            groups.push((a_once | b_once, number, edge.weight));
        }
        grouping.of = (0..rows).map(|row| union.root(row)).collect();
        grouping
    }

    /// A record's identity number where it is a valid one.
    fn number(&self, row: u32) -> (u64, u64) {
        let field = self.scheme.fields.iter().find(|field| field.role == Role::IdNumber);
        field.map_or((0, 0), |field| valid_number(self.records.get(row as usize).words, field.at))
    }

    /// Groups of any size: connected records, unless a chain alone connects them.
    pub(crate) fn connected(&self, mut edges: Vec<Edge>) -> Grouping {
        sort(&mut edges);
        let rows = self.records.len() as u32;
        let mut union = Union { parent: (0..rows).collect() };
        // Groups of more than one record, by their roots: the records, and the valid identity number among them.
        let mut groups: FxHashMap<u32, (Vec<u32>, (u64, u64))> = FxHashMap::default();
        let mut grouping = Grouping { of: Vec::new(), conflicts: Vec::new(), ties: Vec::new(), joined: Vec::new() };
        for edge in edges {
            let (a, b) = (union.root(edge.left), union.root(edge.right));
            if a == b {
                continue;
            }
            let group = |root: u32| groups.get(&root).cloned().unwrap_or_else(|| (vec![root], self.number(root)));
            let ((mut a_rows, a_number), (b_rows, b_number)) = (group(a), group(b));
            if differ(a_number, b_number) {
                grouping.conflicts.push((edge.left, edge.right));
                continue;
            }
            if a_rows.len() + b_rows.len() > 2 && self.fit(&a_rows, &b_rows) < FITTING {
                continue;
            }
            a_rows.extend(b_rows);
            groups.remove(&a);
            groups.remove(&b);
            groups.insert(union.join(a, b), (a_rows, if a_number.1 == 0 { b_number } else { a_number }));
            grouping.joined.push(edge);
        }
        grouping.of = (0..rows).map(|row| union.root(row)).collect();
        grouping
    }

    /// The mean log2 odds between the records of two groups, single ones within bounds.
    fn fit(&self, a: &[u32], b: &[u32]) -> f32 {
        const MOST: f32 = 12.0;
        let speakers = |rows: &[u32]| rows.iter().copied().step_by(rows.len().div_ceil(SPEAKERS)).collect::<Vec<_>>();
        let (a, b) = (speakers(a), speakers(b));
        let sum: f32 = a.iter().flat_map(|x| b.iter().map(move |y| (self.weigh)(*x, *y).clamp(-MOST, MOST))).sum();
        sum / (a.len() * b.len()) as f32
    }
}

fn sort(edges: &mut [Edge]) {
    edges.par_sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then((a.left, a.right).cmp(&(b.left, b.right))));
}

fn valid_number(words: &[u64], at: usize) -> (u64, u64) {
    if words[at + 1] & VALID == 0 { (0, 0) } else { (words[at], words[at + 1]) }
}

/// Two valid numbers that are not one typo in an old 15-digit number apart.
fn differ(a: (u64, u64), b: (u64, u64)) -> bool {
    a.1 != 0 && b.1 != 0 && a != b && id_distance(a, b) > 2
}

/// All pairs of each group, smaller row first, with the probability that the chain between the two is right in every
/// link.
pub(crate) fn implied(joined: &[Edge]) -> Vec<(u32, u32, f64)> {
    let mut beside: FxHashMap<u32, Vec<(u32, f64)>> = FxHashMap::default();
    for edge in joined {
        let probability = probability(edge.weight);
        beside.entry(edge.left).or_default().push((edge.right, probability));
        beside.entry(edge.right).or_default().push((edge.left, probability));
    }
    let mut rows: Vec<u32> = beside.keys().copied().collect();
    rows.sort_unstable();
    let from = |row: &u32| {
        let start = *row;
        let mut reached = vec![(start, start, 1.0)];
        let mut at = 0;
        while at < reached.len() {
            let (row, before, probability) = reached[at];
            let next = beside[&row].iter().filter(|(other, _)| *other != before);
            reached.extend(next.map(|(other, more)| (*other, row, probability * more)));
            at += 1;
        }
        reached.into_iter().filter(move |(other, ..)| start < *other).map(move |(other, _, p)| (start, other, p))
    };
    rows.par_iter().flat_map_iter(from).collect()
}
