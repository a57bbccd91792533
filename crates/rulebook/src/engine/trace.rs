//! Which facts and parameters an answer rests on, or for want of which there is none.

use super::chunk::Chunk;
use super::graph::{Graph, NodeId, Op, operands};
use super::interval as iv;
use crate::typing::expr::Fold;
use rustc_hash::FxHashSet;

/// Something that can be known or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Leaf {
    Fact(usize),
    Parameter(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// What would have to be known.
    Missing,
    /// What the answer rests on, known or not.
    Used,
}

/// Calls `visit` with each node that is a leaf or of interest on the way, and its row.
pub(crate) fn follow(
    graph: &Graph,
    chunk: &Chunk,
    (id, row): (NodeId, usize),
    want: Want,
    visit: &mut dyn FnMut(NodeId, usize),
) {
    let lane = chunk.lane(id);
    if want == Want::Missing && lane.is_known(row) {
        return;
    }
    visit(id, row);
    let mut go = |id: NodeId, row: usize| follow(graph, chunk, (id, row), want, visit);
    match &graph.node(id).op {
        // Of several conditions those count that came out as the whole did.
        Op::And(list) | Op::Or(list) => {
            let whole = lane.answer(row);
            list.iter().filter(|a| chunk.lane(**a).answer(row) == whole).for_each(|a| go(*a, row));
        }
        Op::If(c, a, b) => {
            go(*c, row);
            let condition = chunk.lane(*c).answer(row);
            if condition & iv::TRUE != 0 {
                go(*a, row);
            }
            if condition & iv::FALSE != 0 {
                go(*b, row);
            }
        }
        Op::Spread(a) => match chunk.household_of(row) {
            Some(household) => go(*a, household),
            // Of who belongs nowhere, all that a household would tell is missing.
            None if want == Want::Missing => below(graph, *a).into_iter().for_each(|leaf| visit(leaf, 0)),
            None => {}
        },
        Op::Fold(fold, a) => {
            let members = chunk.lane(*a);
            for person in chunk.members(row) {
                let counts = match fold {
                    Fold::Any | Fold::Every => members.answer(person) == lane.answer(row),
                    Fold::Count => members.answer(person) != iv::FALSE,
                    Fold::Sum | Fold::Max | Fold::Min => true,
                };
                if counts {
                    go(*a, person);
                }
            }
        }
        op => operands(op, |a| go(a, row)),
    }
}

/// All nodes below a root, operands first, each once.
pub(crate) fn below(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    let mut found = FxHashSet::default();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            operands(&graph.node(id).op, |id| open.push(id));
        }
    }
    // Operands have smaller numbers than what uses them.
    let mut found: Vec<NodeId> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// The leaves that a node itself is.
pub(crate) fn leaves(graph: &Graph, id: NodeId, visit: &mut dyn FnMut(Leaf)) {
    match &graph.node(id).op {
        Op::Fact(i) => visit(Leaf::Fact(*i)),
        Op::Absent(list) | Op::AbsentTruth(list) => list.iter().for_each(|i| visit(Leaf::Parameter(*i))),
        _ => {}
    }
}
