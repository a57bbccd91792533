//! Rules as data: parse, check, evaluate in three values, explain.
//!
//! A [`Policy`] is a set of TOML texts (the format is in `FORMAT.md`): parameters by region and period, rules whose
//! conditions are SQL expressions, derived facts. [`check`] finds everything that is wrong with it before anything
//! runs. [`Policy::prepare`] turns the rules in force for a region and day into one plan, and there is one evaluator
//! for it: columnar, exact in whole fen, three-valued over intervals, the same for one household and for millions.
//!
//! ```text
//! let policy   = Policy::parse(&files)?;                    // [(path, text)]
//! let problems = rulebook::check(&files, &dictionary);      // everything at once, for `rules check`
//! let plan     = policy.prepare(&dictionary, "539901", as_of)?;
//! let frames   = Frames::new(&households, &persons, &household_of)?;   // values::columns::Table
//! let outcomes = plan.evaluate(&frames)?;                   // one Outcome a rule, in plan.rules() order
//! for outcome in &outcomes {
//!     for hit in &outcome.hits {                            // rows TRUE or undetermined, ascending
//!         plan.missing(outcome.rule, hit)                   // names of what is missing
//!         plan.explain(&frames, outcome.rule, hit.row)      // facts, parameters, sentences
//!     }
//! }
//! ```
//!
//! Frames: one table a household, one table a person, and for each person the row of its household, ascending, so
//! that the members of a household stand together; [`Frames::NO_HOUSEHOLD`] at the end. Columns are found by the
//! facts' names; a column that isn't there is unknown in every row. Units are those of `values::columns`.

pub mod apply;
mod check;
mod engine;
mod entry;
mod explain;
mod explanation;
mod fact;
mod policy;
mod prepared;
mod problem;
mod read;
mod typing;
mod unit;
mod wording;

pub use engine::frames::{FrameError, Frames};
pub use explanation::{Explanation, Missing, MissingWhat, UsedFact, UsedParameter, Value};
pub use fact::{Entity, Fact, Kind, Words};
pub use policy::{Asserts, Derived, Line, Parameter, ParameterValue, Policy, Rule, RuleSet, Source, TextRef};
pub use prepared::{Hit, Outcome, Prepared};
pub use problem::Problem;

/// Everything wrong with a policy's files, given the facts its rules may read; sorted by file.
///
/// Finds more at once than [`Policy::parse`]: what is well formed is checked against the facts even where
/// other entries are not.
#[must_use]
pub fn check<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)], facts: &[Fact]) -> Vec<Problem> {
    let (policy, mut problems) = read::policy(files);
    problems.extend(policy.check(facts));
    problems.sort();
    problems
}

#[cfg(test)]
mod tests;
