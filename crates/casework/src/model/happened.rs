//! What happened in a case, as its course holds it.

use super::{Level, Move};
use serde::{Deserialize, Serialize};
use values::Day;

/// Where a case stands: at a step of its procedure, or at an end (the procedure's, or a code of [`super::Ending`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    Step(String),
    End(String),
}

/// One thing that happened, as it is kept: a move, who made it, on which day. Versions count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub version: i64,
    pub on: Day,
    pub by: String,
    pub name: String,
    pub made: Move,
}

/// What was written into a field, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub value: String,
    pub name: String,
    pub on: Day,
    pub version: i64,
}

/// A step that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub step: String,
    pub outcome: String,
    pub by: String,
    pub name: String,
    pub with: Vec<String>,
    pub on: Day,
    pub version: i64,
    pub round: u32,
}

/// A notice as it was put up: it stands from its first day through its last, and is forgotten after `kept`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub step: String,
    pub words: String,
    pub from: Day,
    pub to: Day,
    pub kept: Day,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Against a notice.
    Objection,
    /// Against a decision, or against help being stopped.
    Appeal,
    /// What the data says isn't so.
    Question,
}

impl About {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Appeal => "appeal",
            Self::Question => "question",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Objection, Self::Appeal, Self::Question].into_iter().find(|one| one.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    pub version: i64,
    pub about: About,
    pub by: String,
    pub words: String,
    pub on: Day,
    /// Of an appeal: the version of what is appealed.
    pub against: i64,
    pub answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub granted: bool,
    pub words: String,
    pub name: String,
    pub on: Day,
}

/// Help: arranged, given, and only ever stopped by a person with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub version: i64,
    pub cause: Option<String>,
    pub kind: String,
    pub owner: String,
    pub due: Day,
    pub words: String,
    pub given: Option<Day>,
    pub stopped: Option<Stopped>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    pub reason: String,
    pub by: String,
    pub name: String,
    pub on: Day,
    pub version: i64,
}

/// A relative of the family who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kin {
    pub name: String,
    pub level: Level,
    pub relation: String,
}
