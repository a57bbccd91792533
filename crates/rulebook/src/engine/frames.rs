//! The tables that rules are evaluated over.

use super::graph::Graph;
use super::interval::{self as iv, Interval};
use super::lane::Lane;
use crate::{Entity, Fact, Kind};
use rustc_hash::FxHashMap;
use std::ops::Range;
use values::Truth;
use values::columns::{Codes, Column, MISSING, MISSING_DAY, Quantities, Table, Texts, Unit};

/// One table a household, one table a person, and whose members the persons are.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    pub(crate) households: &'a Table,
    pub(crate) persons: &'a Table,
    pub(crate) household_of: &'a [u32],
    /// Where the members of each household begin; one entry more than households.
    pub(crate) starts: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("person row {row} belongs to household row {household}, of which there are only {households}")]
    NoSuchHousehold { row: usize, household: u32, households: usize },
    #[error("persons must be ordered by household: row {row} isn't")]
    Order { row: usize },
    #[error("there are {persons} persons but {entries} entries saying whose members they are")]
    Length { persons: usize, entries: usize },
    #[error("the column of the fact {fact} doesn't hold {kind:?}")]
    Kind { fact: String, kind: Kind },
}

impl<'a> Frames<'a> {
    /// A person who belongs to no household; such rows stand last.
    pub const NO_HOUSEHOLD: u32 = u32::MAX;

    /// # Errors
    /// When persons aren't ordered by household, or belong to one that isn't there.
    pub fn new(households: &'a Table, persons: &'a Table, household_of: &'a [u32]) -> Result<Self, FrameError> {
        if household_of.len() != persons.len() {
            return Err(FrameError::Length { persons: persons.len(), entries: household_of.len() });
        }
        let count = households.len();
        let mut starts = vec![0u32; count + 1];
        let mut before = 0;
        for (row, &household) in household_of.iter().enumerate() {
            if household < before {
                return Err(FrameError::Order { row });
            }
            before = household;
            if household == Self::NO_HOUSEHOLD {
                continue;
            }
            match starts.get_mut(household as usize + 1) {
                Some(members) => *members += 1,
                None => return Err(FrameError::NoSuchHousehold { row, household, households: count }),
            }
        }
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        Ok(Self { households, persons, household_of, starts })
    }

    pub(crate) fn members(&self, households: &Range<usize>) -> Range<usize> {
        self.starts[households.start] as usize..self.starts[households.end] as usize
    }

    /// The first person without a household.
    pub(crate) fn loners(&self) -> usize {
        self.starts.last().map_or(0, |end| *end as usize)
    }

    pub(crate) fn table(&self, entity: Entity) -> &'a Table {
        match entity {
            Entity::Household => self.households,
            Entity::Person => self.persons,
        }
    }
}

/// A column ready to be read as lanes.
pub(crate) enum Bound<'a> {
    /// No such column: unknown in every row.
    Nothing,
    Exact(&'a [i64]),
    Bounds(&'a Quantities),
    Days(&'a [i32]),
    Flags(&'a [Truth]),
    Areas(&'a [u64]),
    /// The column's own numbers, and what the plan calls each of its values.
    Codes(&'a [u16], Vec<i64>),
    Texts(&'a Texts, &'a Graph),
}

/// What a text is called that no rule names.
const OTHER_TEXT: i64 = -1;

impl<'a> Bound<'a> {
    pub fn new(
        fact: &Fact,
        frames: &Frames<'a>,
        graph: &'a Graph,
        codes: &mut FxHashMap<&'a str, i64>,
    ) -> Result<Self, FrameError> {
        let Some(column) = frames.table(fact.entity).column(&fact.name) else { return Ok(Self::Nothing) };
        Ok(match (fact.kind, column) {
            (Kind::Money, Column::Money(c)) | (Kind::Number, Column::Number(c)) | (Kind::Count, Column::Count(c)) => {
                Self::Exact(c)
            }
            (Kind::Money, Column::Bounds(Unit::Fen, c))
            | (Kind::Number, Column::Bounds(Unit::Number, c))
            | (Kind::Count | Kind::Day, Column::Bounds(Unit::Count, c)) => Self::Bounds(c),
            (Kind::Day, Column::Day(c)) => Self::Days(c),
            (Kind::Flag, Column::Flag(c)) => Self::Flags(c),
            (Kind::Area, Column::Area(c)) => Self::Areas(c),
            (Kind::Code | Kind::Text, Column::Code(c)) => Self::Codes(c.rows(), numbers(c, graph, codes)),
            (Kind::Text, Column::Text(c)) => Self::Texts(c, graph),
            (kind, _) => return Err(FrameError::Kind { fact: fact.name.clone(), kind }),
        })
    }

    pub fn lane(&self, rows: Range<usize>, kind: Kind) -> Lane {
        match self {
            Self::Nothing if kind == Kind::Flag => Lane::Tri(vec![iv::EITHER; rows.len()]),
            Self::Nothing => Lane::constant(iv::UNKNOWN, rows.len()),
            // The sentinel of what is missing is NO_LOW itself: only the upper end differs.
            Self::Exact(c) => Lane::Num {
                low: c[rows.clone()].to_vec(),
                high: c[rows].iter().map(|v| if *v == MISSING { iv::NO_HIGH } else { *v }).collect(),
            },
            Self::Bounds(c) => {
                let (low, high) = rows.map(|row| c.get(row)).map(|bounds| (bounds.low, bounds.high)).unzip();
                Lane::Num { low, high }
            }
            Self::Days(c) => Lane::filled(c[rows].iter().map(|d| optional((*d != MISSING_DAY).then_some((*d).into())))),
            Self::Areas(c) => {
                Lane::filled(c[rows].iter().map(|a| optional(i64::try_from(*a).ok().filter(|a| *a != 0))))
            }
            Self::Codes(c, names) => {
                Lane::filled(c[rows].iter().map(|code| optional(names.get(usize::from(*code)).copied())))
            }
            Self::Texts(c, graph) => {
                let name = |text| graph.codes.get(text).copied().unwrap_or(OTHER_TEXT);
                Lane::filled(rows.map(|row| optional(c.get(row).map(name))))
            }
            Self::Flags(c) => Lane::Tri(
                c[rows]
                    .iter()
                    .map(|truth| match truth {
                        Truth::True => iv::TRUE,
                        Truth::False => iv::FALSE,
                        Truth::Undetermined => iv::EITHER,
                    })
                    .collect(),
            ),
        }
    }
}

fn optional(value: Option<i64>) -> Interval {
    value.map_or(iv::UNKNOWN, |value| (value, value))
}

/// What the plan calls each value of a column; values that no rule names get numbers of their own,
/// so that two columns can still be compared.
fn numbers<'a>(codes: &'a Codes, graph: &Graph, others: &mut FxHashMap<&'a str, i64>) -> Vec<i64> {
    let base = graph.codes.len() as i64;
    codes
        .list()
        .iter()
        .map(|value| {
            let next = base + others.len() as i64;
            graph.codes.get(value.as_str()).copied().unwrap_or_else(|| *others.entry(value).or_insert(next))
        })
        .collect()
}
