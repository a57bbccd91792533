//! From pairs to groups of records that are one person.

use crate::compare::id_distance;
use crate::encode::VALID;
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::Role;
use crate::train::Population;

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
    pub ties: u64,
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

/// Joins the best pairs first; equal weights in the order of their rows.
pub(crate) fn group(
    scheme: &Scheme,
    records: &Records,
    population: &Population,
    mut edges: Vec<Edge>,
    one_to_one: bool,
) -> Grouping {
    edges.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then((a.left, a.right).cmp(&(b.left, b.right))));
    let mut union = Union { parent: (0..records.len() as u32).collect() };
    let mut grouping = Grouping { of: Vec::new(), conflicts: Vec::new(), ties: 0 };
    // For each root: which inputs it has a record of, the weight it was last joined by, its identity number.
    let inputs: Vec<u128> = match one_to_one {
        true => (0..records.len() as u32).map(|row| 1 << population.input(row).min(127)).collect(),
        false => Vec::new(),
    };
    let mut inputs = inputs;
    let mut joined_by = vec![f32::NAN; if one_to_one { records.len() } else { 0 }];
    let numbers = scheme.fields.iter().find(|field| field.role == Role::IdNumber).map(|field| field.at);
    let mut number: Vec<(u64, u64)> = match numbers.filter(|_| !one_to_one) {
        Some(at) => (0..records.len()).map(|row| valid_number(records.get(row).words, at)).collect(),
        None => Vec::new(),
    };
    for edge in edges {
        let (a, b) = (union.root(edge.left), union.root(edge.right));
        if a == b {
            continue;
        }
        if one_to_one && inputs[a as usize] & inputs[b as usize] != 0 {
            grouping.ties += u64::from(joined_by[a as usize] == edge.weight || joined_by[b as usize] == edge.weight);
            continue;
        }
        if !number.is_empty() && differ(number[a as usize], number[b as usize]) {
            grouping.conflicts.push((edge.left, edge.right));
            continue;
        }
        let root = union.join(a, b) as usize;
        if one_to_one {
            inputs[root] = inputs[a as usize] | inputs[b as usize];
            joined_by[root] = edge.weight;
        }
        if !number.is_empty() && number[root].1 == 0 {
            number[root] = if number[a as usize].1 == 0 { number[b as usize] } else { number[a as usize] };
        }
    }
    grouping.of = (0..records.len() as u32).map(|row| union.root(row)).collect();
    grouping
}

fn valid_number(words: &[u64], at: usize) -> (u64, u64) {
    if words[at + 1] & VALID == 0 { (0, 0) } else { (words[at], words[at + 1]) }
}

/// Two valid numbers that are not one typo in an old 15-digit number apart.
fn differ(a: (u64, u64), b: (u64, u64)) -> bool {
    a.1 != 0 && b.1 != 0 && a != b && id_distance(a, b) > 2
}
