use super::{About, Level};
use rulebook::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use values::Day;

/// What somebody does in a case: the command that asks for it, and the row that says it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Move {
    /// Writes down what a step asks for; with an outcome, the step is done.
    Record {
        step: String,
        values: BTreeMap<String, String>,
        /// Who did it together with the person who writes.
        with: Vec<String>,
        outcome: Option<String>,
    },
    /// Puts the notice up in the village, with these words.
    Publish {
        step: String,
        words: String,
    },
    /// Somebody objects to a notice, appeals a decision, or questions what the data says.
    Dispute {
        about: About,
        /// Who says so; an objection may be anonymous.
        by: String,
        words: String,
    },
    /// Answers the dispute that version opened.
    Answer {
        dispute: i64,
        granted: bool,
        words: String,
    },
    /// A relative of the family works here, at this level.
    Kinship {
        name: String,
        level: Level,
        relation: String,
    },
    /// The family came out of a split, or another came out of it, and that is looked at more closely for a while.
    Split {
        on: Day,
        /// The family that was split.
        from: String,
        until: Day,
    },
    /// Help is arranged: for a cause, by somebody, by a day.
    Help {
        cause: Option<String>,
        measure: String,
        owner: String,
        due: Day,
        words: String,
    },
    /// The help that version arranged was given.
    Given {
        measure: i64,
        on: Day,
        words: String,
    },
    /// A person stops help, for a reason that is told to the family.
    Stop {
        measure: i64,
        reason: String,
    },
    /// The case ends outside of its procedure.
    End {
        how: Ending,
        words: String,
    },
    Reopen {
        words: String,
    },
    /// A step gets more time, from one level up, for a reason that stays with the case.
    Extend {
        step: String,
        until: Day,
        reason: String,
    },
    /// Another clue about the same family, merged by a person.
    Merge {
        clue: String,
        words: String,
    },
}

/// How a case ends outside of its procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The family took it back.
    Withdrawn,
    Died,
    Moved,
    Duplicate,
    /// Opened by mistake: the decision to visit was taken back.
    Undone,
}

impl Ending {
    pub const ALL: [Self; 5] = [Self::Withdrawn, Self::Died, Self::Moved, Self::Duplicate, Self::Undone];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Died => "died",
            Self::Moved => "moved",
            Self::Duplicate => "duplicate",
            Self::Undone => "undone",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl Move {
    /// The word in the database and in message keys.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Record { .. } => "record",
            Self::Publish { .. } => "publish",
            Self::Dispute { .. } => "dispute",
            Self::Answer { .. } => "answer",
            Self::Kinship { .. } => "kinship",
            Self::Split { .. } => "split",
            Self::Help { .. } => "help",
            Self::Given { .. } => "given",
            Self::Stop { .. } => "stop",
            Self::End { .. } => "end",
            Self::Reopen { .. } => "reopen",
            Self::Extend { .. } => "extend",
            Self::Merge { .. } => "merge",
        }
    }
}

/// Who acts: a person, and the levels their posts hold where the family lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub id: String,
    pub name: String,
    pub levels: Vec<Level>,
}

/// Why something can't be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The case has ended.
    Ended,
    NotEnded,
    /// Another step is being done.
    NotNow,
    /// This step belongs to these levels.
    Level(Vec<Level>),
    /// Whoever visited doesn't decide.
    Visited,
    /// A relative of the family stays out of it.
    Kin,
    /// An appeal is looked at by somebody else than who decided.
    SamePerson,
    /// So many more people must have been there.
    Partner(u32),
    /// All that is missing, each a sentence.
    Missing(Vec<Words>),
    /// This field reads like nothing that belongs there.
    Wrong {
        field: String,
        title: Words,
    },
    /// A reason, an answer, an owner must be written.
    Blank,
    /// A notice would show what it must not: the kinds of it.
    Exposes(Vec<attachments::Found>),
    /// So many appeals or questions about data are open: help goes on meanwhile.
    StillOpen(usize),
    NothingToAppeal,
    /// A deadline moves later, and not beyond that day.
    Until(Day),
    /// The clock of the appeal ran out on that day.
    TooLate(Day),
    NoNotice,
    NoSuch,
}
