//! The run: read both tables, evaluate in chunks, write in order.

use super::{Applied, ApplyError, Layout, Sweep, csv, write};
use crate::engine::chunk::Chunk;
use crate::engine::frames::{Bound, Frames};
use crate::engine::graph::{Graph, NodeId};
use crate::engine::lower::Lowering;
use crate::engine::trace;
use crate::typing::expr::{Expr, Level, Typed};
use crate::typing::{Model, Name};
use crate::{Entity, Fact, Kind, Policy};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::Write;
use values::columns::{Column, Table};

const CHUNK: usize = 2_048;
/// Chunks answered before their text is written: bounds the memory a sweep needs.
const BATCH: usize = 16;

/// Decides every household of `households` by a policy's derived facts, with the persons of `persons` as its members.
///
/// Both are CSV with a header; the columns read are the policy's `[[fact]]`s. `out` gets CSV: the household, then
/// the columns that `[apply]` lists; with a sweep one row for each value, and the value in a last column.
///
/// # Errors
/// Names the file, row and column of what can't be read, or the policy's problems.
pub fn apply(
    policy: &Policy,
    persons: &[u8],
    households: &[u8],
    sweep: Option<&Sweep>,
    out: &mut (impl Write + Send),
) -> Result<Applied, ApplyError> {
    let problems = policy.check(&[]);
    if !problems.is_empty() {
        return Err(ApplyError::Problems(problems));
    }
    let Some(layout) = policy.layout() else {
        return Err(ApplyError::at(
            "policy",
            "apply".into(),
            "规则里没有 [apply]：请写明户号列和要输出的列。".into(),
            "The policy has no [apply]: say which column is the household's key and what to write.".into(),
        ));
    };
    let model = Model::new(policy, &[], &mut Vec::new());
    let read = |file, bytes, entity| {
        let facts: Vec<&Fact> = model.facts.iter().copied().filter(|fact| fact.entity == entity).collect();
        csv::read(file, bytes, &layout.household, &facts)
    };
    let (people, homes) =
        rayon::join(|| read("persons", persons, Entity::Person), || read("households", households, Entity::Household));
    let (people, homes) = (people?, homes?);
    let keys = Keys { bytes: without_mark(households), places: &homes.keys };
    let (persons, of) = joined(people, without_mark(persons), &keys)?;
    let frames = Frames::new(&homes.table, &persons, &of).map_err(|e| {
        ApplyError::at("persons", String::new(), format!("表格对不上：{e}"), format!("The tables don't fit: {e}"))
    })?;
    let plan = plan(&model, layout, sweep)?;
    plan.write(&model, &frames, &keys, layout, out)
}

/// Both files' key positions count from behind a byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The key of each household, as it stands in its file.
struct Keys<'a> {
    bytes: &'a [u8],
    places: &'a [(u32, u32)],
}

impl<'a> Keys<'a> {
    fn get(&self, row: usize) -> Option<&'a [u8]> {
        self.places.get(row).map(|place| slice(self.bytes, *place))
    }
}

fn slice(bytes: &[u8], (at, length): (u32, u32)) -> &[u8] {
    &bytes[at as usize..at as usize + length as usize]
}

/// Persons in the order of their households, and the row of each one's household.
fn joined(people: csv::Read, bytes: &[u8], keys: &Keys) -> Result<(Table, Vec<u32>), ApplyError> {
    let mut of = Vec::with_capacity(people.keys.len());
    let mut index: Option<FxHashMap<&[u8], u32>> = None;
    let mut last = 0usize;
    for (row, place) in people.keys.iter().enumerate() {
        let key = slice(bytes, *place);
        // Files list a household's members together and households in one order, mostly.
        if keys.get(last) != Some(key) {
            if keys.get(last + 1) == Some(key) {
                last += 1;
            } else {
                let index = index.get_or_insert_with(|| {
                    keys.places.iter().enumerate().map(|(row, place)| (slice(keys.bytes, *place), row as u32)).collect()
                });
                let Some(found) = index.get(key) else {
                    let key = String::from_utf8_lossy(key);
                    return Err(ApplyError::at(
                        "persons",
                        format!("row {}", row + 1),
                        format!("户 {key} 不在户表里，请补上这一户或改正户号。"),
                        format!("Household {key} isn't among the households; add it or correct the key."),
                    ));
                };
                last = *found as usize;
            }
        }
        of.push(last as u32);
    }
    if of.is_sorted() {
        return Ok((people.table, of));
    }
    let mut order: Vec<u32> = (0..of.len() as u32).collect();
    order.sort_by_key(|row| of[*row as usize]);
    let table = reordered(&people.table, &order);
    Ok((table, order.iter().map(|row| of[*row as usize]).collect()))
}

fn reordered(table: &Table, order: &[u32]) -> Table {
    fn pick<T: Copy>(column: &[T], order: &[u32]) -> Vec<T> {
        order.iter().map(|row| column[*row as usize]).collect()
    }
    let mut sorted = Table::new(table.len());
    for (name, column) in table.columns() {
        let column = match column {
            Column::Money(c) => Column::Money(pick(c, order)),
            Column::Number(c) => Column::Number(pick(c, order)),
            Column::Count(c) => Column::Count(pick(c, order)),
            Column::Day(c) => Column::Day(pick(c, order)),
            Column::Flag(c) => Column::Flag(pick(c, order)),
            Column::Area(c) => Column::Area(pick(c, order)),
            Column::Bounds(unit, c) => Column::Bounds(*unit, order.iter().map(|row| c.get(*row as usize)).collect()),
            Column::Text(c) => Column::Text(order.iter().map(|row| c.get(*row as usize)).collect()),
            Column::Code(c) => {
                let mut codes = values::columns::Codes::default();
                order.iter().for_each(|row| codes.push(c.get(*row as usize)));
                Column::Code(codes)
            }
        };
        sorted.set(name, column);
    }
    sorted
}

/// One column to write: where its value and what it is printed per are found.
#[derive(PartialEq, Eq)]
struct Answer {
    node: NodeId,
    divisor: i64,
    kind: Kind,
    per: Option<NodeId>,
}

struct Plan {
    graph: Graph,
    nodes: Vec<NodeId>,
    /// One set of answers for each value of the sweep, with the text that ends its row.
    variants: Vec<(Vec<u8>, Vec<Answer>)>,
    /// How many of the first columns are the same for all values of the sweep.
    shared: usize,
    header: Vec<u8>,
}

fn plan(model: &Model, layout: &Layout, sweep: Option<&Sweep>) -> Result<Plan, ApplyError> {
    let mut lowering = Lowering::new(model, &layout.region, layout.as_of);
    let mut header = layout.household.clone();
    layout.output.iter().for_each(|output| header.extend([",", &output.name]));
    let mut moves = vec![(b"\n".to_vec(), None)];
    if let Some(sweep) = sweep {
        let found = model.find_parameter(&sweep.parameter).map(|i| (i, &model.policy.parameters[i]));
        let Some((i, parameter)) = found else { return Err(super::wrong_sweep(&sweep.parameter)) };
        header.extend([",", &sweep.parameter]);
        let text = |value| format!(",{}\n", crate::unit::text(value, &parameter.unit)).into_bytes();
        moves = sweep.values(&parameter.unit)?.into_iter().map(|value| (text(value), Some((i, value)))).collect();
    }
    header.push('\n');
    let mut variants = Vec::new();
    let mut nodes = Vec::new();
    for (text, moved) in moves {
        lowering.moved = moved;
        lowering.derived.clear();
        let answers: Vec<Answer> = layout
            .output
            .iter()
            .filter_map(|output| answer(&mut lowering, &output.value, output.per.as_deref()))
            .collect();
        for answer in &answers {
            for root in std::iter::once(answer.node).chain(answer.per) {
                nodes.extend(trace::below(&lowering.graph, root));
            }
        }
        variants.push((text, answers));
    }
    nodes.sort_unstable();
    nodes.dedup();
    let (_, first) = &variants[0];
    let same = |column: usize| variants.iter().all(|(_, answers)| answers[column] == first[column]);
    let shared = (0..first.len()).take_while(|column| same(*column)).count();
    Ok(Plan { graph: lowering.graph, nodes, variants, shared, header: header.into_bytes() })
}

fn answer(lowering: &mut Lowering, value: &str, per: Option<&str>) -> Option<Answer> {
    let model = lowering.model;
    let typed = |name: &str| -> Option<Typed> {
        match model.find(Entity::Household, name)? {
            Name::Fact(i) => Some(Typed::new(Expr::Fact(i), model.facts[i].kind, Level::Household)),
            Name::Derived(i) => Some(Typed::new(Expr::Derived(i), model.derived[i].as_ref()?.kind, Level::Household)),
        }
    };
    let value = typed(value)?;
    let low = lowering.root(&value, Entity::Household);
    let per = match per {
        Some(per) => Some(lowering.root(&typed(per)?, Entity::Household).node),
        None => None,
    };
    Some(Answer { node: low.node, divisor: low.divisor, kind: value.kind, per })
}

impl Plan {
    fn write(
        &self,
        model: &Model,
        frames: &Frames,
        keys: &Keys,
        layout: &Layout,
        out: &mut (impl Write + Send),
    ) -> Result<Applied, ApplyError> {
        let mut codes = FxHashMap::default();
        let bound: Vec<Bound> = model
            .facts
            .iter()
            .map(|fact| Bound::new(fact, frames, &self.graph, &mut codes))
            .collect::<Result<_, _>>()
            .map_err(|e| ApplyError::at(&layout.place.file, "fact".into(), e.to_string(), e.to_string()))?;
        let count = frames.households.len();
        let starts: Vec<usize> = (0..count).step_by(CHUNK).collect();
        let texts = |batch: &[usize]| -> Vec<Vec<u8>> {
            let text = |start: &usize| {
                let households = *start..(*start + CHUNK).min(count);
                let persons = frames.members(&households);
                let mut chunk = Chunk::new(&self.graph, &model.facts, &bound, frames, households, persons);
                chunk.compute(&self.nodes);
                self.text(&chunk, keys)
            };
            batch.par_iter().map(text).collect()
        };
        // One batch is written while the next is worked out.
        let mut ready = vec![self.header.clone()];
        for batch in starts.chunks(BATCH) {
            let (next, written) = rayon::join(|| texts(batch), || write_all(out, &ready));
            written?;
            ready = next;
        }
        write_all(out, &ready)?;
        out.flush()?;
        let rows = (count * self.variants.len()) as u64;
        Ok(Applied { persons: frames.persons.len() as u64, households: count as u64, rows })
    }

    fn text(&self, chunk: &Chunk, keys: &Keys) -> Vec<u8> {
        let mut text = Vec::with_capacity(chunk.households.len() * self.variants.len() * 40);
        let mut start: Vec<u8> = Vec::new();
        for row in 0..chunk.households.len() {
            let cells = |text: &mut Vec<u8>, answers: &[Answer]| {
                for answer in answers {
                    text.push(b',');
                    let per = answer.per.map(|per| chunk.lane(per));
                    write::cell(text, chunk.lane(answer.node), row, answer.kind, answer.divisor, per);
                }
            };
            start.clear();
            start.extend_from_slice(keys.get(chunk.households.start + row).unwrap_or_default());
            for (i, (swept, answers)) in self.variants.iter().enumerate() {
                if i == 0 {
                    cells(&mut start, &answers[..self.shared]);
                }
                text.extend_from_slice(&start);
                cells(&mut text, &answers[self.shared..]);
                text.extend_from_slice(swept);
            }
        }
        text
    }
}

fn write_all(out: &mut impl Write, texts: &[Vec<u8>]) -> std::io::Result<()> {
    texts.iter().try_for_each(|text| out.write_all(text))
}
