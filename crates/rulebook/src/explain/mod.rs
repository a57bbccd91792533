//! Explaining one row of one rule, by the same evaluator.

mod sentence;

use crate::engine::chunk::Chunk;
use crate::engine::frames::{FrameError, Frames};
use crate::engine::graph::NodeId;
use crate::engine::interval as iv;
use crate::engine::lane::Lane;
use crate::engine::trace::{self, Leaf, Want};
use crate::explanation::{Explanation, Missing, MissingWhat, UsedFact, UsedParameter, Value};
use crate::policy::TextRef;
use crate::prepared::{Hit, Planned, Prepared, truth};
use crate::typing::expr::Level;
use crate::{Entity, Kind};
use rayon::prelude::*;
use sentence::{parameter_text, written};
use std::collections::BTreeSet;
use std::ops::Range;
use values::{AreaCode, Bounds, Day, Truth};

/// What a node is to people: a fact of the dictionary or a derived one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Derived(usize),
    Fact(usize),
}

/// One fact or derived fact at one row, as met on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    level: Level,
    row: usize,
    shown: Shown,
    node: NodeId,
}

impl Prepared<'_> {
    /// What is missing at a hit, facts before parameters.
    #[must_use]
    pub fn missing(&self, rule: usize, hit: &Hit) -> Vec<Missing> {
        let leaves = self.rules[rule].leaves.iter().enumerate();
        leaves
            .filter(|(bit, _)| *bit < 64 && hit.missing >> bit & 1 == 1)
            .map(|(_, leaf)| self.name_missing(*leaf))
            .collect()
    }

    fn name_missing(&self, leaf: Leaf) -> Missing {
        match leaf {
            Leaf::Fact(i) => {
                let fact = self.model.facts[i];
                Missing { name: fact.name.clone(), label: fact.label.clone(), what: MissingWhat::Fact }
            }
            Leaf::Parameter(i) => {
                let parameter = &self.model.policy.parameters[i];
                Missing { name: parameter.name.clone(), label: parameter.title.clone(), what: MissingWhat::Parameter }
            }
        }
    }

    /// Parameters that rules need and that have no value for the region and day: (rule number, parameter names).
    /// What needs them is undetermined for everybody.
    #[must_use]
    pub fn without_parameters(&self) -> Vec<(usize, Vec<&str>)> {
        let absent = |planned: &Planned| -> Vec<&str> {
            let parameters = planned.parameters.iter().map(|i| &self.model.policy.parameters[*i]);
            parameters.filter(|p| p.line(&self.region, self.as_of).is_none()).map(|p| p.name.as_str()).collect()
        };
        let rules = self.rules.iter().enumerate().map(|(i, planned)| (i, absent(planned)));
        rules.filter(|(_, names)| !names.is_empty()).collect()
    }

    /// Why a rule came out as it did for a row of its entity.
    ///
    /// # Errors
    /// When a column doesn't hold what the dictionary says its fact is.
    pub fn explain(&self, frames: &Frames, rule: usize, row: u32) -> Result<Explanation, FrameError> {
        let mut explained = self.explain_rows(frames, rule, &[row])?;
        Ok(explained.swap_remove(0))
    }

    /// [`Prepared::explain`] for many rows of one rule, in their order, in parallel.
    ///
    /// # Errors
    /// When a column doesn't hold what the dictionary says its fact is.
    pub fn explain_rows(&self, frames: &Frames, rule: usize, rows: &[u32]) -> Result<Vec<Explanation>, FrameError> {
        const PIECE: usize = 256;
        let planned = &self.rules[rule];
        let nodes = trace::below(&self.graph, planned.condition);
        let bound = self.bind(frames, nodes.iter().copied())?;
        let tell = |rows: &[u32]| -> Vec<Explanation> {
            let chunk = Chunk::new(&self.graph, &self.model.facts, &bound, frames, 0..0, 0..0);
            let mut telling = Telling { plan: self, planned, chunk, frames, row: 0 };
            let told = |row: &u32| telling.of(*row as usize, &nodes);
            rows.iter().map(told).collect()
        };
        Ok(rows.par_chunks(PIECE).flat_map_iter(tell).collect())
    }
}

/// A row's household with all its members.
fn surroundings(frames: &Frames, entity: Entity, row: usize) -> (Range<usize>, Range<usize>) {
    let household = match entity {
        Entity::Household => row,
        Entity::Person => frames.household_of[row] as usize,
    };
    if household < frames.households.len() {
        let households = household..household + 1;
        let persons = frames.members(&households);
        (households, persons)
    } else {
        let end = frames.households.len();
        (end..end, row..row + 1)
    }
}

/// One explanation in the making.
struct Telling<'t> {
    plan: &'t Prepared<'t>,
    planned: &'t Planned<'t>,
    chunk: Chunk<'t>,
    frames: &'t Frames<'t>,
    row: usize,
}

impl Telling<'_> {
    fn of(&mut self, row: usize, nodes: &[NodeId]) -> Explanation {
        let (households, persons) = surroundings(self.frames, self.planned.rule.entity, row);
        self.chunk.turn_to(households, persons, nodes);
        self.chunk.compute(nodes);
        self.row = row;
        self.explanation()
    }

    fn explanation(&self) -> Explanation {
        let rule = self.planned.rule;
        let root = (self.planned.condition, self.row - self.chunk.rows(rule.entity.into()).start);
        let outcome = truth(self.chunk.lane(root.0).answer(root.1));
        let met = self.meet(root);
        let missing = if outcome == Truth::Undetermined { self.missing(root) } else { Vec::new() };
        let parameters: Vec<UsedParameter> =
            self.planned.parameters.iter().filter_map(|i| self.parameter(*i)).collect();
        Explanation {
            outcome,
            sentence: self.sentence(outcome, &met, &missing),
            facts: met.iter().map(|met| self.used(met)).collect(),
            missing,
            parameters,
            about: rule.about.clone(),
            legal_basis: rule.legal_basis.clone(),
            not_meant: self.text(&rule.not_meant),
            can_do: self.text(&rule.can_do),
            decides: self.text(&TextRef::Parameter(rule.decides.clone())),
            deadline: self.deadline(),
        }
    }

    /// Facts and derived facts that decided, household first, each once.
    fn meet(&self, root: (NodeId, usize)) -> Vec<Met> {
        let graph = &self.plan.graph;
        let mut met = BTreeSet::new();
        let mut visit = |id: NodeId, row: usize| {
            let level = graph.node(id).level;
            let derived = self.plan.derived.iter().filter(|(node, ..)| *node == id);
            met.extend(derived.map(|(_, _, i)| Met { level, row, shown: Shown::Derived(*i), node: id }));
            trace::leaves(graph, id, &mut |leaf| {
                if let Leaf::Fact(i) = leaf {
                    met.insert(Met { level, row, shown: Shown::Fact(i), node: id });
                }
            });
        };
        trace::follow(graph, &self.chunk, root, Want::Used, &mut visit);
        met.into_iter().collect()
    }

    fn missing(&self, root: (NodeId, usize)) -> Vec<Missing> {
        let graph = &self.plan.graph;
        let mut leaves = BTreeSet::new();
        trace::follow(graph, &self.chunk, root, Want::Missing, &mut |id, _| {
            trace::leaves(graph, id, &mut |leaf| {
                leaves.insert(leaf);
            });
        });
        leaves.into_iter().map(|leaf| self.plan.name_missing(leaf)).collect()
    }

    fn used(&self, met: &Met) -> UsedFact {
        let (name, label, kind, unit, divisor) = match met.shown {
            Shown::Fact(i) => {
                let fact = self.plan.model.facts[i];
                (&fact.name, &fact.label, fact.kind, fact.unit.as_str(), 1)
            }
            Shown::Derived(i) => {
                let derived = &self.plan.model.policy.derived[i];
                let typed = self.plan.model.derived[i].as_ref();
                let (kind, unit) = typed.map_or((Kind::Text, ""), |t| (t.kind, t.unit.as_str()));
                let found = self.plan.derived.iter().find(|(node, _, d)| *node == met.node && *d == i);
                (&derived.name, &derived.title, kind, unit, found.map_or(1, |(_, divisor, _)| *divisor))
            }
        };
        let value = self.value(met, kind, divisor);
        let entity = if met.level == Level::Person { Entity::Person } else { Entity::Household };
        UsedFact {
            name: name.clone(),
            entity,
            row: (self.chunk.rows(met.level).start + met.row) as u32,
            label: label.clone(),
            text: written(&value, kind, unit, false),
            value,
            derived: matches!(met.shown, Shown::Derived(_)),
        }
    }

    fn value(&self, met: &Met, kind: Kind, divisor: i64) -> Value {
        let lane = self.chunk.lane(met.node);
        if let Lane::Tri(_) = lane {
            return match lane.answer(met.row) {
                iv::TRUE => Value::Flag(true),
                iv::FALSE => Value::Flag(false),
                _ => Value::Unknown,
            };
        }
        let (low, high) = lane.number(met.row);
        if (low, high) == iv::UNKNOWN {
            return Value::Unknown;
        }
        match kind {
            Kind::Code | Kind::Text => self.code(met),
            Kind::Area => u64::try_from(low).map_or(Value::Unknown, |code| Value::Area(AreaCode(code))),
            Kind::Day if low == high => i32::try_from(low).map_or(Value::Unknown, |day| Value::Day(Day(day))),
            _ => {
                let parts = if kind == Kind::Number { values::columns::SCALE } else { 1 };
                Value::Amount(whole(low, high, divisor, parts, met.shown))
            }
        }
    }

    fn code(&self, met: &Met) -> Value {
        let Shown::Fact(i) = met.shown else { return Value::Unknown };
        let fact = self.plan.model.facts[i];
        let row = self.chunk.rows(met.level).start + met.row;
        let text = self.frames.table(fact.entity).text(&fact.name, row);
        text.map_or(Value::Unknown, |text| Value::Code(text.to_owned()))
    }

    fn parameter(&self, i: usize) -> Option<UsedParameter> {
        let parameter = &self.plan.model.policy.parameters[i];
        let line = parameter.line(&self.plan.region, self.plan.as_of)?;
        Some(UsedParameter {
            name: parameter.name.clone(),
            title: parameter.title.clone(),
            text: parameter_text(parameter, &line.value, false),
            region: line.region.clone(),
            validity: line.validity,
            legal_basis: line.legal_basis.clone(),
            status: line.status.clone(),
        })
    }
}

/// A derived value over its divisor, in the smallest parts of its kind, rounded outwards so that it stays true.
fn whole(low: i64, high: i64, divisor: i64, parts: i64, shown: Shown) -> Bounds {
    if matches!(shown, Shown::Fact(_)) || divisor == parts {
        return Bounds { low, high };
    }
    let scaled = |end: i64, up: bool| {
        let value = i128::from(end) * i128::from(parts);
        let down = value.div_euclid(divisor.into());
        let rest = i128::from(up && value.rem_euclid(divisor.into()) != 0);
        i64::try_from(down + rest).ok()
    };
    Bounds {
        low: if low == iv::NO_LOW { low } else { scaled(low, false).unwrap_or(iv::NO_LOW) },
        high: if high == iv::NO_HIGH { high } else { scaled(high, true).unwrap_or(iv::NO_HIGH) },
    }
}
