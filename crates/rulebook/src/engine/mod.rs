//! The one evaluator: a graph of operations over lanes of rows, in three values and exact whole numbers.

pub(crate) mod calendar;
pub(crate) mod chunk;
pub(crate) mod frames;
pub(crate) mod graph;
pub(crate) mod interval;
pub(crate) mod lane;
pub(crate) mod lower;
pub(crate) mod trace;
