//! The graph that conditions become: every operation once, however many rules need it.

use super::lane::{self, Lane};
use crate::typing::expr::{Calendar, Comparison, Fold, Level};
use rustc_hash::FxHashMap;

pub(crate) type NodeId = u32;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// A column of a frame, by its number among the model's facts.
    Fact(usize),
    Amount(i64, i64),
    Truth(u8),
    /// Parameters that have no line for the region and day.
    Absent(Box<[usize]>),
    AbsentTruth(Box<[usize]>),
    Not(NodeId),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
    Compare(Comparison, NodeId, NodeId),
    In(NodeId, Box<[i64]>),
    Within(NodeId, i64, i64),
    IsUnknown(NodeId),
    Add(NodeId, NodeId),
    Negate(NodeId),
    /// Times a positive constant.
    Scale(NodeId, i64),
    Multiply(NodeId, NodeId),
    Larger(NodeId, NodeId),
    If(NodeId, NodeId, NodeId),
    Calendar(Calendar, NodeId, NodeId),
    Band(NodeId, Box<[(i64, i64)]>),
    /// From a household to each of its persons.
    Spread(NodeId),
    /// From persons to their household.
    Fold(Fold, NodeId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub op: Op,
    pub level: Level,
}

/// Operands stand before what uses them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    known: FxHashMap<Node, NodeId>,
    /// Numbers that stand for codes and texts, from 0.
    pub codes: FxHashMap<String, i64>,
}

impl Graph {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    pub fn code(&mut self, text: &str) -> i64 {
        let next = self.codes.len() as i64;
        match self.codes.get(text) {
            Some(code) => *code,
            None => *self.codes.entry(text.to_owned()).or_insert(next),
        }
    }

    /// The node of an operation whose operands have this level; constants are worked out at once.
    pub fn add(&mut self, op: Op, level: Level) -> NodeId {
        let op = if level == Level::Constant { self.fold_constant(op) } else { op };
        let node = Node { op, level };
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = self.nodes.len() as NodeId;
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    /// The same value for every row of a finer level.
    pub fn lift(&mut self, id: NodeId, level: Level) -> NodeId {
        match (self.node(id).level, level) {
            (Level::Constant, Level::Household | Level::Person) => {
                let op = self.node(id).op.clone();
                self.add(op, level)
            }
            (Level::Household, Level::Person) => self.add(Op::Spread(id), level),
            _ => id,
        }
    }

    fn fold_constant(&self, op: Op) -> Op {
        let mut read = Vec::new();
        operands(&op, |id| read.push(id));
        if read.is_empty() {
            return op;
        }
        let mut absent: Vec<usize> = Vec::new();
        for id in &read {
            if let Op::Absent(list) | Op::AbsentTruth(list) = &self.node(*id).op {
                absent.extend(list.iter());
            }
        }
        let lanes: Vec<(NodeId, Lane)> = read
            .iter()
            .filter_map(|id| Some((*id, lane::compute(&self.node(*id).op, 1, |_| unreachable_lane())?)))
            .collect();
        let lane =
            |id: NodeId| lanes.iter().find(|(known, _)| *known == id).map_or(unreachable_lane(), |(_, lane)| lane);
        let result = lane::compute(&op, 1, lane);
        absent.sort_unstable();
        absent.dedup();
        match result {
            Some(lane @ Lane::Num { .. }) if absent.is_empty() || lane.is_known(0) => {
                let (low, high) = lane.number(0);
                Op::Amount(low, high)
            }
            Some(Lane::Num { .. }) => Op::Absent(absent.into()),
            Some(lane @ Lane::Tri(_)) if absent.is_empty() || lane.is_known(0) => Op::Truth(lane.answer(0)),
            Some(Lane::Tri(_)) => Op::AbsentTruth(absent.into()),
            None => op,
        }
    }
}

/// Constants have no operands.
const fn unreachable_lane() -> &'static Lane {
    const NONE: &Lane = &Lane::Tri(Vec::new());
    NONE
}

/// Calls `visit` with each node an operation reads.
pub(crate) fn operands(op: &Op, mut visit: impl FnMut(NodeId)) {
    match op {
        Op::Fact(_) | Op::Amount(..) | Op::Truth(_) | Op::Absent(_) | Op::AbsentTruth(_) => {}
        Op::Not(a)
        | Op::In(a, _)
        | Op::Within(a, ..)
        | Op::IsUnknown(a)
        | Op::Negate(a)
        | Op::Scale(a, _)
        | Op::Band(a, _)
        | Op::Spread(a)
        | Op::Fold(_, a) => visit(*a),
        Op::And(list) | Op::Or(list) => list.iter().copied().for_each(visit),
        Op::Compare(_, a, b) | Op::Add(a, b) | Op::Multiply(a, b) | Op::Larger(a, b) | Op::Calendar(_, a, b) => {
            visit(*a);
            visit(*b);
        }
        Op::If(a, b, c) => [*a, *b, *c].into_iter().for_each(visit),
    }
}
