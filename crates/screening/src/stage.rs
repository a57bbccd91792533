//! Findings: what the rules in force say of every household, with reasons.

mod policy;

pub use policy::{POLICY, dictionary};
