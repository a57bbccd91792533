//! Findings: what the rules in force say of every household, with reasons.
//!
//! [`find`] evaluates a prepared policy over the frames of households and persons and gives [`Findings`]: one a
//! household, rule and programme, ranked, with those beyond a village's monthly budget deferred and none dropped.
//! What a finding says of itself is worked out when it is asked for ([`Findings::explained`]), so that a county's
//! findings fit into little memory: [`Findings::write_json`] streams them, [`Findings::columns`] and
//! [`Findings::sheet`] give plain columns, [`Findings::write_report`] a page to print.
//!
//! ```text
//! let policy     = Policy::parse(stage::POLICY)?;
//! let dictionary = stage::dictionary();
//! let plan       = policy.prepare(&dictionary, "539901", as_of)?;
//! let population = Population::new(&assembly, &facts, &links);
//! let findings   = stage::find(&policy, &plan, &population)?;
//! findings.write_json(&Delivered::new(&ledger, &facts, &resources), &mut out)?;
//! ```

mod columns;
mod explain;
mod finding;
mod json;
mod measures;
mod policy;
mod population;
mod ranking;
mod reading;
mod report;
mod sources;
#[cfg(test)]
mod tests;

pub use explain::{Explained, FactUsed, Lacking};
pub use finding::{Finding, Findings, Points, Tally, find};
pub use measures::{Lines, PlaceMeasure, measures};
pub use policy::{POLICY, dictionary};
pub use population::Population;
pub use reading::facts_read;
pub use report::Names;
pub use sources::{Delivered, SourceUsed, Sources};
