//! People, the households they live in, and what is known of each.
//!
//! [`records`] is what a department delivered, standardised into plain columns: the input of every stage
//! behind intake. The assembly of households and their facts (contract §4) lives in this crate too,
//! as pure functions over those columns.

pub mod facts;
pub mod records;
pub mod stage;
