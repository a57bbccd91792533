//! Record linkage after Fellegi and Sunter: which records, of one file or of several, speak of the same person.
//!
//! A [`Spec`] says what the columns mean; sensible comparisons and blocking follow from the roles alone.
//! Records are packed once ([`Records`]), found by blocking keys ([`Index`]), compared level by level
//! ([`Pattern`]), and weighed by a [`Model`] that is learned without labels and saved as readable JSON.
//! Chinese names and identity numbers are first-class, Western data go by other levels of the same kind.
//! The engine takes and gives plain columns, reads no file, and answers the same on any number of threads.

mod blocks;
mod candidates;
mod chinese;
mod cluster;
mod compare;
mod digest;
mod elsewhere;
mod encode;
mod explain;
mod find;
mod index;
mod labels;
mod latin;
mod level;
mod link;
mod model;
mod record;
mod scheme;
pub mod similarity;
mod spec;
pub mod splink;
mod successors;
mod suggest;
mod train;

#[cfg(test)]
mod tests;

pub use compare::Pattern;
pub use digest::Digest;
pub use elsewhere::{Job, Machines, Portion};
pub use encode::Cell;
pub use explain::{Explanation, Step};
pub use find::{Finder, Hit};
pub use index::{Candidates, Index};
pub use labels::{AtThreshold, Evaluation, Label, Wrong, evaluate};
pub use level::{Level, LevelError};
pub use link::{
    Earlier, Known, LinkError, Outcome, Pair, Room, RuleCount, Seconds, Statistics, count_rules, link, link_on,
};
pub use model::{Learned, LevelShare, Model, ModelError, Scorer, Terms, VERSION, probability};
pub use record::{Record, Records};
pub use scheme::Scheme;
pub use spec::{Assignment, BlockingSpec, ComparisonSpec, InputSpec, LinkSpec, LinkType, Role, Spec, SpecError};
pub use train::{Histogram, Pass, Population, Training, train};
