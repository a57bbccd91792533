//! One chunk: some households with all their members, and the lanes computed for them so far.

use super::frames::{Bound, Frames};
use super::graph::{Graph, NodeId, Op};
use super::interval::{self as iv};
use super::lane::{Lane, compute};
use crate::Fact;
use crate::typing::expr::{Fold, Level};
use std::ops::Range;

pub(crate) struct Chunk<'a> {
    graph: &'a Graph,
    facts: &'a [&'a Fact],
    bound: &'a [Bound<'a>],
    frames: &'a Frames<'a>,
    pub households: Range<usize>,
    pub persons: Range<usize>,
    lanes: Vec<Option<Lane>>,
}

impl<'a> Chunk<'a> {
    pub fn new(
        graph: &'a Graph,
        facts: &'a [&'a Fact],
        bound: &'a [Bound<'a>],
        frames: &'a Frames<'a>,
        households: Range<usize>,
        persons: Range<usize>,
    ) -> Self {
        let lanes = (0..graph.nodes.len()).map(|_| None).collect();
        Self { graph, facts, bound, frames, households, persons, lanes }
    }

    pub fn rows(&self, level: Level) -> Range<usize> {
        match level {
            Level::Person => self.persons.clone(),
            Level::Household | Level::Constant => self.households.clone(),
        }
    }

    /// # Panics
    /// When the lane wasn't computed: a mistake in the plan.
    pub fn lane(&self, id: NodeId) -> &Lane {
        self.lanes[id as usize].as_ref().expect("operands are computed first")
    }

    /// The row of the household that a person's row of this chunk belongs to.
    pub fn household_of(&self, person: usize) -> Option<usize> {
        let household = self.frames.household_of[self.persons.start + person] as usize;
        self.households.contains(&household).then(|| household - self.households.start)
    }

    /// The persons' rows of this chunk that belong to a household's row of it.
    pub fn members(&self, household: usize) -> Range<usize> {
        let of = self.households.start + household;
        let members = self.frames.members(&(of..of + 1));
        members.start - self.persons.start..members.end - self.persons.start
    }

    /// Computes what isn't computed yet, operands first.
    pub fn compute(&mut self, nodes: &[NodeId]) {
        for &id in nodes {
            if self.lanes[id as usize].is_none() {
                self.lanes[id as usize] = Some(self.make(id));
            }
        }
    }

    /// Makes it the chunk of other rows, with nothing computed of `nodes`.
    pub fn turn_to(&mut self, households: Range<usize>, persons: Range<usize>, nodes: &[NodeId]) {
        (self.households, self.persons) = (households, persons);
        self.forget(nodes);
    }

    pub fn forget(&mut self, nodes: &[NodeId]) {
        for &id in nodes {
            self.lanes[id as usize] = None;
        }
    }

    fn make(&self, id: NodeId) -> Lane {
        let node = self.graph.node(id);
        let rows = self.rows(node.level);
        match &node.op {
            Op::Fact(i) => self.bound[*i].lane(rows, self.facts[*i].kind),
            Op::Spread(a) => self.spread(self.lane(*a)),
            Op::Fold(fold, a) => self.fold(*fold, self.lane(*a)),
            op => compute(op, rows.len(), |id| self.lane(id)).unwrap_or(Lane::Tri(Vec::new())),
        }
    }

    fn spread(&self, lane: &Lane) -> Lane {
        let households = (0..self.persons.len()).map(|person| self.household_of(person));
        match lane {
            Lane::Tri(answers) => Lane::Tri(households.map(|h| h.map_or(iv::EITHER, |h| answers[h])).collect()),
            Lane::Num { .. } => Lane::filled(households.map(|h| h.map_or(iv::UNKNOWN, |h| lane.number(h)))),
        }
    }

    fn fold(&self, fold: Fold, lane: &Lane) -> Lane {
        let households = (0..self.households.len()).map(|household| self.members(household));
        if matches!(fold, Fold::Any | Fold::Every) {
            let (start, f): (u8, fn(u8, u8) -> u8) =
                if fold == Fold::Any { (iv::FALSE, iv::or) } else { (iv::TRUE, iv::and) };
            return Lane::Tri(households.map(|m| m.fold(start, |all, row| f(all, lane.answer(row)))).collect());
        }
        let counted = |row: usize| {
            let answer = lane.answer(row);
            (i64::from(answer == iv::TRUE), i64::from(answer & iv::TRUE != 0))
        };
        Lane::filled(households.map(|members| match fold {
            Fold::Count => members.map(counted).fold((0, 0), iv::add),
            Fold::Max => members.map(|row| lane.number(row)).reduce(iv::larger).unwrap_or(iv::UNKNOWN),
            Fold::Min => {
                let least = |a: iv::Interval, b: iv::Interval| (a.0.min(b.0), a.1.min(b.1));
                members.map(|row| lane.number(row)).reduce(least).unwrap_or(iv::UNKNOWN)
            }
            _ => members.map(|row| lane.number(row)).fold((0, 0), iv::add),
        }))
    }
}
