//! Findings: what the rules in force say of every household, with reasons.
//!
//! [`find`] evaluates a prepared policy over the frames of households and persons and gives [`Findings`]: one a
//! household, rule and programme, ranked, with those beyond a village's monthly budget deferred and none dropped.
//! What a finding says of itself is worked out when it is asked for ([`Findings::explained`]), so that a county's
//! findings fit into little memory: [`Findings::json`] tells them, [`Entries::columns`] and [`Findings::sheet`] give plain
//! columns, [`Findings::write_villages`] a page to print. All of it works on whole villages, a county or a part of it;
//! [`ranks`] then says where each finding stands among the county's.
//!
//! ```text
//! let policy     = Policy::parse(stage::POLICY)?;
//! let dictionary = stage::dictionary();
//! let plan       = policy.prepare(&dictionary, "539901", as_of)?;
//! let population = Population::new(&assembly, &facts, &links);
//! let findings   = stage::find(&policy, &plan, &population)?;
//! findings.json(0..findings.list.len(), &Delivered::new(&ledger, &facts, &resources))?;
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

pub use columns::{Entries, Entry};
pub use explain::{Explained, FactUsed, Lacking};
pub use finding::{Finding, Findings, Points, Tally, find};
pub use json::END_OF_JSON;
pub use measures::{Lines, PlaceMeasure, measured, measures};
pub use policy::{POLICY, dictionary};
pub use population::Population;
pub use ranking::{Order, ranks};
pub use reading::{facts_read, reasons_over_time, records_read};
pub use report::{Counted, END_OF_REPORT, Names};
pub use sources::{Delivered, SourceUsed, Sources};
