//! A case in the abstract: a procedure read from data, the course a case has taken, and what may happen next.
//!
//! Pure: no SQL, no web, no clock. A [`Course`] is replayed from what happened, one [`Move`] after the other;
//! [`Course::can`] is the one question for the button, the action and the test, and a refusal is a sentence.

mod calendar;
mod course;
mod gate;
mod happened;
mod moves;
mod permit;
mod procedure;
mod sound;

pub use calendar::{Calendar, Clock, Days};
pub use course::Course;
pub use gate::{Gate, GateKind};
pub use happened::{About, At, Dispute, Done, Entry, Held, Kin, Measure, Notice};
use happened::{Answer, Stopped};
pub use moves::{Actor, Ending, Move, Refusal};
pub use permit::{Due, What};
pub use procedure::{
    Appeal, Choice, Delegation, End, Field, FieldKind, Kind, Level, NoticeText, Outcome, Phase, Procedure, Step,
};

kernel::id!(
    /// Names a case.
    pub CaseId
);
