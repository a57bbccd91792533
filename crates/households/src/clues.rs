//! Clues: somebody says that a family may need looking at. Raised here by any part of the program, answered by people.

use crate::documents::{pack, unpack};
use crate::store;
use kernel::events::{Event, emit};
use kernel::{Cx, Moment, Result, crypto};
use serde::{Deserialize, Serialize};
use values::Day;

kernel::id!(
    /// Names a clue that somebody raised.
    pub ClueId
);

/// Where a clue comes from, other than a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The family asks for itself.
    Request,
    Grid,
    Department,
    Hotline,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Request, Self::Grid, Self::Department, Self::Hotline];

    /// The word in the database, in forms and in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Grid => "grid",
            Self::Department => "department",
            Self::Hotline => "hotline",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// What is said about a family.
#[derive(Clone, Debug)]
pub struct Clue<'c> {
    pub household: &'c str,
    pub source: Source,
    pub words: &'c str,
}

/// Told to whoever listens: a clue was raised.
#[derive(Serialize)]
struct Raised<'r> {
    clue: &'r ClueId,
    household: &'r str,
    source: Source,
}

impl Event for Raised<'_> {
    const KIND: &'static str = "clue_raised";

    fn subject(&self) -> &str {
        self.clue.as_str()
    }
}

kernel::record! {
    /// A clue as it was raised, its words still sealed.
    #[derive(Clone, Debug)]
    pub struct Heard {
        pub id: ClueId,
        pub place: String,
        pub household: String,
        pub source: String,
        pub words: Vec<u8>,
        pub recorded_at: Moment,
        pub recorded_name: String,
        /// The name of the family's head.
        pub head: String,
        /// Who was asked to look into it, and by when.
        pub owner_name: Option<String>,
        pub due_on: Option<Day>,
    }
}

/// How a person answers a clue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Open,
    Merge,
    Dismiss,
}

impl Decision {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Merge => "merge",
            Self::Dismiss => "dismiss",
        }
    }
}

const ABOUT: &str = "household_clues.words";

/// Raises a clue about a family within scope.
///
/// # Errors
/// `NotFound` when the family isn't there, isn't in scope, or was erased.
pub async fn raise_clue(cx: &mut Cx, clue: Clue<'_>) -> Result<ClueId> {
    let file = store::get_file(cx, clue.household).await?;
    let key = crypto::key_of(cx, clue.household).await?;
    let words = pack(cx.world(), &key, ABOUT, &clue.words)?;
    let id = ClueId::new(cx);
    store::insert_clue(cx, &id, &file, &clue, words).await?;
    cx.audit("raise", "clue", id.as_str(), clue.source.code()).await?;
    emit(cx, &Raised { clue: &id, household: clue.household, source: clue.source }).await?;
    Ok(id)
}

/// What a clue says; `None` when the family was erased.
///
/// # Errors
/// The database's, or when it was sealed under another key.
pub async fn words_of(cx: &mut Cx, clue: &Heard) -> Result<Option<String>> {
    match crypto::find_key(cx, &clue.household).await {
        Ok(Some(key)) => unpack(&key, ABOUT, &clue.words).map(Some),
        Ok(None) | Err(kernel::Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A person answers a clue: with a case (`led_to`), or with a reason why not.
///
/// # Errors
/// `Forbidden` for a machine; `Conflict` when somebody answered it meanwhile.
pub async fn answer_clue(cx: &mut Cx, clue: &Heard, decision: Decision, led_to: &str, words: &str) -> Result<()> {
    let key = crypto::key_of(cx, &clue.household).await?;
    let words = pack(cx.world(), &key, "household_clue_answers.words", &words)?;
    store::insert_answer(cx, clue, decision, led_to, words).await?;
    cx.audit("answer", "clue", clue.id.as_str(), decision.code()).await
}

/// Somebody gives a clue to a person, by id and name, who looks into it by a day. Given again as it is, it stays as it is.
///
/// # Errors
/// The database's.
pub async fn dispatch_clue(cx: &mut Cx, clue: &Heard, owner: (&str, &str), due_on: Day) -> Result<()> {
    if store::is_owned(cx, &clue.id, owner.0, due_on).await? {
        return Ok(());
    }
    store::put_owner(cx, clue, owner, due_on).await?;
    cx.audit("dispatch", "clue", clue.id.as_str(), owner.0).await
}
