use serde::Serialize;
use std::error::Error as StdError;
use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence for people, by its key in the domains' `locales/*.ftl`; the edge says it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// `message("case-needs-two-people")`, then `.with("missing", count)`.
#[must_use]
pub const fn message(key: &'static str) -> Message {
    Message { key, args: Vec::new() }
}

impl Message {
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// What is wrong with a form, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors(pub Vec<(&'static str, Message)>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, message: Message) {
        self.0.push((field, message));
    }

    #[must_use]
    pub fn of(&self, field: &str) -> Option<&Message> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message)
    }

    /// # Errors
    /// [`Error::Invalid`] with what was added.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

/// Two versions of one thing, of which neither may be lost: stored beside it until a person has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub command: String,
    pub kind: &'static str,
    pub subject: String,
    /// The version the command was made from, and the one it met.
    pub base: i64,
    pub current: i64,
    /// Both versions as JSON.
    pub theirs: String,
    pub ours: String,
}

/// Why something didn't happen. A caller branches on it; a reader gets its message on one error page or,
/// on machine interfaces, as problem details (RFC 9457).
#[derive(Debug)]
pub enum Error {
    /// No such thing, or not in this reader's scope: the same words for both.
    NotFound,
    /// This person's posts don't hold the permission.
    Forbidden,
    /// It can't be done now: what is missing, as a sentence.
    Refused(Message),
    /// A form with fields to correct.
    Invalid(FieldErrors),
    /// Somebody changed it meanwhile; with both versions where a command met a newer one.
    Conflict(Option<Box<Kept>>),
    /// Done too often: what is left to wait.
    TooMany { seconds: i64 },
    /// A body over the limit of its door: how much it takes.
    TooLarge { megabytes: usize },
    /// Our fault or the database's: logged once at the edge, shown as a number to quote.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl Error {
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    #[must_use]
    pub fn invalid(field: &'static str, message: Message) -> Self {
        Self::Invalid(FieldErrors(vec![(field, message)]))
    }

    /// Whether the same transaction may well succeed when it is tried again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Internal(cause) = self else { return false };
        let Some(sqlx::Error::Database(database)) = cause.downcast_ref::<sqlx::Error>() else { return false };
        // PostgreSQL: serialization failure, deadlock. SQLite: busy, busy recovery, busy snapshot, busy timeout.
        matches!(database.code().as_deref(), Some("40001" | "40P01" | "5" | "261" | "517" | "773"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Forbidden => f.write_str("not permitted"),
            Self::Refused(message) => write!(f, "refused: {}", message.key),
            Self::Invalid(fields) => {
                let names: Vec<_> =
                    fields.0.iter().map(|(field, message)| format!("{field}: {}", message.key)).collect();
                write!(f, "invalid: {}", names.join(", "))
            }
            Self::Conflict(None) => f.write_str("changed by somebody else meanwhile"),
            Self::Conflict(Some(kept)) => {
                write!(f, "{} {} is at version {}, not {}", kept.kind, kept.subject, kept.current, kept.base)
            }
            Self::TooMany { seconds } => write!(f, "too often; {seconds} s to wait"),
            Self::TooLarge { megabytes } => write!(f, "over {megabytes} MB"),
            Self::Internal(cause) => write!(f, "{cause}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Internal(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Self::Internal(Box::new(cause))
    }
}

impl From<serde_json::Error> for Error {
    fn from(cause: serde_json::Error) -> Self {
        Self::Internal(Box::new(cause))
    }
}

/// Turns a broken database constraint into a message at a field.
///
/// Constraints are named `<table>_<column>`: PostgreSQL reports the name, SQLite the column (`table.column`)
/// of a unique one and the name of a check. SQLite names no foreign key, so references are checked before inserting.
pub trait OnConstraint<T> {
    /// # Errors
    /// [`Error::Invalid`] when that constraint was broken; any other error as it was.
    fn on_constraint(self, constraint: &str, field: &'static str, message: Message) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T> {
    fn on_constraint(self, constraint: &str, field: &'static str, message: Message) -> Self {
        self.map_err(|error| if breaks(&error, constraint) { Error::invalid(field, message) } else { error })
    }
}

fn breaks(error: &Error, constraint: &str) -> bool {
    let Error::Internal(cause) = error else { return false };
    let Some(sqlx::Error::Database(database)) = cause.downcast_ref::<sqlx::Error>() else { return false };
    if let Some(name) = database.constraint() {
        return name == constraint;
    }
    let Some((_, broken)) = database.message().split_once("constraint failed: ") else { return false };
    // A table's own name may hold an underscore, so every place where it could end is tried.
    let dots = constraint.match_indices('_').map(|(at, _)| format!("{}.{}", &constraint[..at], &constraint[at + 1..]));
    broken == constraint || dots.into_iter().any(|column| broken.split(", ").any(|part| part == column))
}
