//! Casework: a case from a clue to a decision to help that works.

pub mod model;
pub mod policy;
