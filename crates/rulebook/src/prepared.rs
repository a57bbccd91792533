//! A policy made ready for one region and day, and its evaluation.

use crate::engine::chunk::Chunk;
use crate::engine::frames::{Bound, FrameError, Frames};
use crate::engine::graph::{Graph, NodeId, Op};
use crate::engine::interval as iv;
use crate::engine::lower::Lowering;
use crate::engine::trace::{self, Leaf, Want};
use crate::typing::expr::{Expr, Typed};
use crate::typing::{Model, Typer};
use crate::{Fact, Policy, Problem, Rule, check};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;
use values::{Day, Truth};

/// Households a chunk: small enough for the caches, large enough that the graph's overhead doesn't count.
const CHUNK: usize = 2_048;

/// The rules in force for one region on one day, as one plan.
pub struct Prepared<'a> {
    pub(crate) model: Model<'a>,
    pub(crate) graph: Graph,
    pub(crate) rules: Vec<Planned<'a>>,
    /// Which nodes are derived facts, with the divisor of their whole numbers.
    pub(crate) derived: Vec<(NodeId, i64, usize)>,
    pub(crate) region: String,
    pub(crate) as_of: Day,
}

pub(crate) struct Planned<'a> {
    pub rule: &'a Rule,
    pub applies: Option<NodeId>,
    pub asks: Option<NodeId>,
    pub condition: NodeId,
    /// All facts and absent parameters it may rest on; a set bit of [`Hit::missing`] means the one of that number.
    pub leaves: Vec<Leaf>,
    /// All parameters it reads.
    pub parameters: Vec<usize>,
    applies_nodes: Vec<NodeId>,
    asks_nodes: Vec<NodeId>,
    condition_nodes: Vec<NodeId>,
    /// Nodes that no later rule needs.
    last_needed: Vec<NodeId>,
}

/// What came out of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// A number into [`Prepared::rules`].
    pub rule: usize,
    /// The rows where it is true or undetermined, ascending.
    pub hits: Vec<Hit>,
    /// The rows it was asked of: those where `applies` is true.
    pub asked: u64,
    /// The rows where `applies` itself is undetermined: nothing was asked there.
    pub unasked: u64,
}

/// A row of the rule's entity where its condition is true or undetermined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub row: u32,
    pub outcome: Truth,
    /// What is missing, as bits; [`Prepared::missing`] gives the names.
    pub missing: u64,
}

impl Policy {
    /// The plan of the rules in force.
    ///
    /// # Errors
    /// When the policy doesn't fit the facts: everything that [`Policy::check`] finds.
    pub fn prepare<'a>(&'a self, facts: &'a [Fact], region: &str, as_of: Day) -> Result<Prepared<'a>, Vec<Problem>> {
        let problems = self.check(facts);
        if !problems.is_empty() {
            return Err(problems);
        }
        let model = Model::new(self, facts, &mut Vec::new());
        let in_force = self.rules_in_force(region, as_of);
        let mut lowering = Lowering::new(&model, region, as_of);
        let mut rules: Vec<Planned> =
            in_force.into_iter().filter_map(|rule| plan_rule(&model, &mut lowering, rule)).collect();
        let mut derived: Vec<_> = lowering.derived.iter().map(|(i, low)| (low.node, low.divisor, *i)).collect();
        derived.sort_unstable();
        let graph = lowering.graph;
        free_after_last_use(&mut rules);
        Ok(Prepared { graph, rules, derived, region: region.to_owned(), as_of, model })
    }
}

fn plan_rule<'a>(model: &Model<'a>, lowering: &mut Lowering, rule: &'a Rule) -> Option<Planned<'a>> {
    let mut none = Vec::new();
    let condition =
        Typer::new(model, rule.entity.into(), &rule.place, "condition", &mut none).source(&rule.condition)?;
    let applies = match &rule.applies {
        Some(source) => Some(Typer::new(model, rule.entity.into(), &rule.place, "applies", &mut none).source(source)?),
        None => None,
    };
    let asks = match &rule.asks {
        Some(source) => Some(Typer::new(model, rule.entity.into(), &rule.place, "asks", &mut none).source(source)?),
        None => None,
    };
    let typed: Vec<&Typed> = std::iter::once(&condition).chain(&applies).collect();
    let mut parameters = Vec::new();
    for typed in typed {
        check::walk(model, &typed.expr, &mut |expr| {
            if let Expr::Parameter(i) | Expr::Band(i, _) = expr {
                parameters.push(*i);
            }
        });
    }
    parameters.sort_unstable();
    parameters.dedup();
    let applies = applies.map(|applies| lowering.root(&applies, rule.entity).node);
    let asks = asks.map(|asks| lowering.root(&asks, rule.entity).node);
    let condition = lowering.root(&condition, rule.entity).node;
    let graph = &lowering.graph;
    let applies_nodes = applies.map(|root| trace::below(graph, root)).unwrap_or_default();
    let asks_nodes = asks.map(|root| trace::below(graph, root)).unwrap_or_default();
    let condition_nodes = trace::below(graph, condition);
    let mut leaves = Vec::new();
    for id in applies_nodes.iter().chain(&condition_nodes) {
        trace::leaves(graph, *id, &mut |leaf| leaves.push(leaf));
    }
    leaves.sort_unstable();
    leaves.dedup();
    let last_needed = Vec::new();
    Some(Planned {
        rule,
        applies,
        asks,
        condition,
        leaves,
        parameters,
        applies_nodes,
        asks_nodes,
        condition_nodes,
        last_needed,
    })
}

fn free_after_last_use(rules: &mut [Planned]) {
    let mut last: FxHashMap<NodeId, usize> = FxHashMap::default();
    for (i, rule) in rules.iter().enumerate() {
        let nodes = rule.applies_nodes.iter().chain(&rule.asks_nodes).chain(&rule.condition_nodes);
        last.extend(nodes.map(|id| (*id, i)));
    }
    for (id, i) in last {
        rules[i].last_needed.push(id);
    }
}

impl<'a> Prepared<'a> {
    /// The rules of the plan, in the order of [`Policy::rules`]; an [`Outcome`] names them by number.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &'a Rule> + '_ {
        self.rules.iter().map(|planned| planned.rule)
    }

    #[must_use]
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Evaluates every rule over every row: one outcome a rule, in the plan's order, the same on any number of threads.
    ///
    /// # Errors
    /// When a column doesn't hold what the dictionary says its fact is.
    pub fn evaluate(&self, frames: &Frames) -> Result<Vec<Outcome>, FrameError> {
        let bound = self.bind(frames, 0..self.graph.nodes.len() as NodeId)?;
        let mut parts: Vec<Vec<Outcome>> = chunks(frames)
            .into_par_iter()
            .map(|(households, persons)| self.run(frames, &bound, households, persons))
            .collect();
        // Rule by rule, so that hits are held twice for one rule only.
        let whole = |rule: usize| {
            let mut whole = Outcome { rule, ..Outcome::default() };
            whole.hits.reserve_exact(parts.iter().map(|part| part[rule].hits.len()).sum());
            for part in &mut parts {
                let part = std::mem::take(&mut part[rule]);
                whole.hits.extend(part.hits);
                whole.asked += part.asked;
                whole.unasked += part.unasked;
            }
            whole
        };
        Ok((0..self.rules.len()).map(whole).collect())
    }

    /// The columns that some nodes read; the others are left alone.
    pub(crate) fn bind<'f>(
        &'f self,
        frames: &Frames<'f>,
        nodes: impl IntoIterator<Item = NodeId>,
    ) -> Result<Vec<Bound<'f>>, FrameError> {
        let mut bound: Vec<Bound> = self.model.facts.iter().map(|_| Bound::Nothing).collect();
        let mut codes = FxHashMap::default();
        for id in nodes {
            if let Op::Fact(i) = self.graph.node(id).op {
                bound[i] = Bound::new(self.model.facts[i], frames, &self.graph, &mut codes)?;
            }
        }
        Ok(bound)
    }

    fn run(&self, frames: &Frames, bound: &[Bound], households: Range<usize>, persons: Range<usize>) -> Vec<Outcome> {
        let mut chunk = Chunk::new(&self.graph, &self.model.facts, bound, frames, households, persons);
        let mut outcomes = Vec::with_capacity(self.rules.len());
        for (rule, planned) in self.rules.iter().enumerate() {
            let mut outcome = Outcome { rule, ..Outcome::default() };
            self.run_rule(&mut chunk, planned, &mut outcome);
            chunk.forget(&planned.last_needed);
            outcomes.push(outcome);
        }
        outcomes
    }

    fn run_rule(&self, chunk: &mut Chunk, planned: &Planned, outcome: &mut Outcome) {
        let rows = chunk.rows(planned.rule.entity.into());
        chunk.compute(&planned.applies_nodes);
        let asked: Vec<usize> = match planned.applies {
            None => (0..rows.len()).collect(),
            Some(applies) => {
                let applies = chunk.lane(applies);
                outcome.unasked += (0..rows.len()).filter(|row| applies.answer(*row) == iv::EITHER).count() as u64;
                (0..rows.len()).filter(|row| applies.answer(*row) == iv::TRUE).collect()
            }
        };
        outcome.asked += asked.len() as u64;
        if asked.is_empty() {
            return;
        }
        chunk.compute(&planned.condition_nodes);
        chunk.compute(&planned.asks_nodes);
        let condition = chunk.lane(planned.condition);
        let worth_asking = |row| planned.asks.is_none_or(|asks| chunk.lane(asks).answer(row) != iv::FALSE);
        for row in asked {
            let answer = condition.answer(row);
            if answer == iv::FALSE || (answer == iv::EITHER && !worth_asking(row)) {
                continue;
            }
            let missing = if answer == iv::EITHER { self.missing_bits(chunk, planned, row) } else { 0 };
            outcome.hits.push(Hit { row: (rows.start + row) as u32, outcome: truth(answer), missing });
        }
    }

    fn missing_bits(&self, chunk: &Chunk, planned: &Planned, row: usize) -> u64 {
        let mut bits = 0u64;
        trace::follow(&self.graph, chunk, (planned.condition, row), Want::Missing, &mut |id, _| {
            trace::leaves(&self.graph, id, &mut |leaf| {
                if let Ok(bit) = planned.leaves.binary_search(&leaf) {
                    bits |= 1u64.checked_shl(bit as u32).unwrap_or_default();
                }
            });
        });
        bits
    }
}

pub(crate) fn truth(answer: u8) -> Truth {
    match answer {
        iv::TRUE => Truth::True,
        iv::FALSE => Truth::False,
        _ => Truth::Undetermined,
    }
}

/// Households with their members, in order; then the persons without a household.
fn chunks(frames: &Frames) -> Vec<(Range<usize>, Range<usize>)> {
    let count = frames.households.len();
    let mut chunks: Vec<(Range<usize>, Range<usize>)> = (0..count)
        .step_by(CHUNK)
        .map(|start| {
            let households = start..(start + CHUNK).min(count);
            let persons = frames.members(&households);
            (households, persons)
        })
        .collect();
    let (loners, persons) = (frames.loners(), frames.persons.len());
    chunks.extend((loners..persons).step_by(CHUNK).map(|start| (count..count, start..(start + CHUNK).min(persons))));
    chunks
}
