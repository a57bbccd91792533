//! What a finding is, what a person may do with it, and how it explains itself.
//!
//! Pure: no SQL, no web, no clock.

use rulebook::{RuleSet, Words};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use values::{Day, Fen};

kernel::id!(
    /// Names one run of the chain: derived from what went in.
    pub RunId
);
kernel::id!(
    /// Names a finding of one run: household, rule, programme and day.
    pub FindingId
);
kernel::id!(
    /// Names what stays the same when the next run finds it again: household, rule and programme.
    pub ClueId
);
kernel::id!(
    /// Names one decision of a person about a clue.
    pub TriageId
);

/// The sets in the order of the pages: who may need help, who may miss it, whose list raises doubts, what contradicts.
pub const SETS: [RuleSet; 4] = [RuleSet::Risk, RuleSet::Gap, RuleSet::Means, RuleSet::Doubt];

/// The set's word in the database, in addresses and in message keys.
#[must_use]
pub const fn set_code(set: RuleSet) -> &'static str {
    match set {
        RuleSet::Doubt => "doubt",
        RuleSet::Risk => "risk",
        RuleSet::Gap => "gap",
        RuleSet::Means => "means",
    }
}

/// Whether the rule's condition holds, or can't be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    True,
    Undetermined,
}

/// The verbs of triage; `Undo` takes the last one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Visit,
    Merge,
    Dismiss,
    Undo,
}

/// Why a finding is not a problem: one tap each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An employer or insurer has paid.
    Reimbursed,
    /// The family can bear it.
    Affordable,
    /// Help is already under way.
    Helped,
    /// The data is wrong.
    WrongData,
    /// They no longer live here.
    Gone,
    /// Something else, in the person's own words.
    Other,
}

macro_rules! code_of {
    ($type:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database, in addresses and in message keys.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

code_of!(Outcome { True = "true", Undetermined = "undetermined" });
code_of!(Decision { Visit = "visit", Merge = "merge", Dismiss = "dismiss", Undo = "undo" });
code_of!(Reason {
    Reimbursed = "reimbursed",
    Affordable = "affordable",
    Helped = "helped",
    WrongData = "wrong_data",
    Gone = "gone",
    Other = "other",
});

/// For how long a decision can be taken back, in milliseconds.
pub const UNDO_WITHIN: i64 = 10 * kernel::Moment::MINUTE;

/// Whether a decision made at `made` by `by` can be taken back by `who` at `now`.
///
/// # Errors
/// A refusal in words: undone too late, or somebody else's.
pub fn can_undo(made: kernel::Moment, by: &str, who: &str, now: kernel::Moment) -> Result<(), Refusal> {
    if by != who {
        return Err(Refusal::NotYours);
    }
    if now.0 > made.0 + UNDO_WITHIN { Err(Refusal::TooLate) } else { Ok(()) }
}

/// Why something can't be done; the page says it in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Ten minutes are over: decide anew instead.
    TooLate,
    /// Another person decided; decide anew instead.
    NotYours,
    /// Closing for "another reason" needs the reason.
    NoReason,
}

impl Refusal {
    /// The message key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooLate => "refused-too-late",
            Self::NotYours => "refused-not-yours",
            Self::NoReason => "refused-no-reason",
        }
    }
}

/// What a finding says, in the order the reader needs it. The law, the limits of its meaning and
/// what the family can do belong to the rule: see [`RuleCard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// One line for a list.
    pub headline: Words,
    /// One or two sentences a villager understands.
    pub lead: Words,
    pub compared: Option<Compared>,
    pub facts: Vec<FactUsed>,
    /// How the figure was worked out.
    pub working: Option<Words>,
    pub unknown: Vec<Open>,
    /// The formal condition with the values filled in.
    pub formal: String,
}

/// Of a [`Letter`] what a list shows: its fields in their order, the others passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    pub headline: Words,
    _lead: IgnoredAny,
    _compared: IgnoredAny,
    pub facts: Vec<Provided>,
    _working: IgnoredAny,
    _unknown: IgnoredAny,
    _formal: IgnoredAny,
}

/// Of a [`FactUsed`] who provided it, and as of when.
#[derive(Clone, Debug, Deserialize)]
pub struct Provided {
    _label: IgnoredAny,
    _detail: IgnoredAny,
    _value: IgnoredAny,
    pub source: Words,
    pub as_of: Option<Day>,
    _disputed: IgnoredAny,
}

/// A figure beside the line it was compared with, in fen or whole things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub label: Words,
    pub value: Amount,
    pub line_label: Words,
    pub line: Amount,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    Money(Fen),
    Count(i64),
    /// Between two limits; an absent one is open.
    Between(Option<Fen>, Option<Fen>),
    Text(Words),
    Day(Day),
    Unknown,
}

/// One fact a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactUsed {
    pub label: Words,
    pub detail: Option<Words>,
    pub value: Amount,
    /// Who provided it, such as 医保局 · 结算记录.
    pub source: Words,
    pub as_of: Option<Day>,
    /// What another source says instead.
    pub disputed: Option<Words>,
}

/// Something nobody knows, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub what: Words,
    pub why: Words,
}

/// A rule as people read it, one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCard {
    pub name: Words,
    /// The rule in one sentence.
    pub plain: Words,
    /// The text it rests on.
    pub basis: Words,
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
    pub parameters: Vec<ParameterShown>,
    /// The condition as written in the policy.
    pub condition: String,
    /// The facts it reads.
    pub reads: Vec<Words>,
    pub not_meant: Vec<Words>,
    pub family_can: Vec<Words>,
    pub decides: Vec<Decides>,
}

/// A line, limit or number a rule uses, for one region and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterShown {
    pub label: Words,
    pub region: String,
    pub value: Amount,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub basis: Words,
}

/// Who decides what, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decides {
    pub what: Words,
    pub who: Words,
    /// Days after the finding arrived.
    pub within_days: Option<i32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Moment;

    #[test]
    fn a_decision_can_be_taken_back_for_ten_minutes_by_who_made_it() {
        let made = Moment(0);
        assert_eq!(can_undo(made, "a", "a", made.plus(UNDO_WITHIN)), Ok(()));
        assert_eq!(can_undo(made, "a", "a", made.plus(UNDO_WITHIN + 1)), Err(Refusal::TooLate));
        assert_eq!(can_undo(made, "a", "b", made), Err(Refusal::NotYours));
    }

    #[test]
    fn every_word_in_the_database_reads_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
        }
    }
}
