//! The grades of agreement a comparison can find.

use crate::spec::Role;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One level of a comparison, written as in `jaro_winkler >= 0.92`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Level {
    Exact,
    /// The same characters, written traditionally or as variants.
    Variant,
    /// The same syllables.
    Pinyin,
    /// The same characters in another order.
    Swapped,
    /// One character differs or is missing, at least two agree.
    OneCharacter,
    /// Agrees as far as it isn't hidden: `王*`.
    Hidden,
    JaroWinkler(f64),
    /// Forms of one given name: Bill and William; or one begins with the other.
    Nickname,
    /// The same consonants, in Latin letters.
    Sounds,
    /// At most so many edits, a swap of neighbours counting once.
    Edits(u8),
    Jaccard(f64),
    /// At least such a share of the words in common.
    Tokens(f64),
    /// The same e-mail address up to the @.
    Mailbox,
    /// Identity numbers at most so many digits apart, at least one of which fails its check digit.
    Typos(u8),
    /// Two different valid identity numbers at most two digits apart: a typo in a 15-digit number, or a sibling.
    Near,
    /// Day and month changed places.
    Transposed,
    /// The same as far as both are given: one has only its month or year.
    Coarse,
    /// Only the day, only the month or only the year differs.
    OneComponent,
    /// Only the year differs.
    OtherYear,
    SameYear,
    /// Dates at most so many days apart.
    Days(u16),
    /// At least so many entries of a list in common: `医生;教师`.
    Overlap(u8),
    /// One place code is an old one, and the other may be what became of it.
    Successor,
    /// The first so many digits agree.
    Prefix(u8),
    /// The addresses beside it agree.
    Address(f64),
    /// Numbers at most so far apart.
    Difference(f64),
}

impl Level {
    /// The levels of a role that are used when a comparison names none.
    #[must_use]
    pub fn defaults(role: Role) -> Vec<Self> {
        use Level::*;
        match role {
            Role::IdNumber => vec![Exact, Typos(1), Typos(2), Near],
            Role::Name | Role::Surname => {
                vec![Exact, Variant, Pinyin, Swapped, OneCharacter, Hidden, JaroWinkler(0.92), JaroWinkler(0.8)]
            }
            Role::GivenName => {
                vec![
                    Exact,
                    Variant,
                    Pinyin,
                    Swapped,
                    OneCharacter,
                    Hidden,
                    JaroWinkler(0.92),
                    Nickname,
                    JaroWinkler(0.8),
                ]
            }
            Role::BirthDate => vec![Exact, Coarse, Transposed, OtherYear, OneComponent, SameYear],
            Role::Sex => vec![Exact],
            Role::AreaCode => vec![Exact, Prefix(9), Prefix(6)],
            Role::Address => vec![Exact, Jaccard(0.7), Jaccard(0.45)],
            Role::Phone => vec![Exact, Edits(1)],
            Role::Email => vec![Exact, Mailbox, JaroWinkler(0.92), JaroWinkler(0.8)],
            Role::Text => vec![Exact, JaroWinkler(0.92), Tokens(0.5), JaroWinkler(0.8)],
            Role::Postcode => vec![Exact, Edits(1), Prefix(3), Edits(2), Prefix(2)],
            Role::Number => vec![Exact, Difference(1.0)],
            Role::HouseholdNo => vec![Exact],
            Role::Ignore => Vec::new(),
        }
    }

    /// Whether it means anything for values of that role.
    #[must_use]
    pub fn suits(self, role: Role) -> bool {
        use Role::*;
        let words = matches!(role, Name | Surname | GivenName | Email | Postcode | Text);
        match self {
            Self::Exact => role != Ignore,
            Self::Variant | Self::Pinyin | Self::Swapped | Self::OneCharacter | Self::Hidden => {
                matches!(role, Name | Surname | GivenName)
            }
            Self::Nickname => matches!(role, Name | GivenName),
            Self::Sounds => matches!(role, Name | Surname | GivenName),
            Self::JaroWinkler(_) | Self::Tokens(_) => words,
            Self::Mailbox => role == Email,
            Self::Overlap(_) => role == Text,
            Self::Edits(_) => words || matches!(role, Phone | IdNumber | BirthDate),
            Self::Jaccard(_) => role == Address,
            Self::Typos(_) | Self::Near => role == IdNumber,
            Self::Transposed | Self::Coarse | Self::OtherYear | Self::OneComponent | Self::SameYear | Self::Days(_) => {
                role == BirthDate
            }
            Self::Prefix(_) => matches!(role, AreaCode | Email | Postcode | Text),
            Self::Address(_) | Self::Successor => role == AreaCode,
            Self::Difference(_) => role == Number,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Variant => f.write_str("variant"),
            Self::Pinyin => f.write_str("pinyin"),
            Self::Swapped => f.write_str("swapped"),
            Self::OneCharacter => f.write_str("one_character"),
            Self::Hidden => f.write_str("hidden"),
            Self::JaroWinkler(least) => write!(f, "jaro_winkler >= {least}"),
            Self::Edits(most) => write!(f, "damerau_levenshtein <= {most}"),
            Self::Nickname => f.write_str("nickname"),
            Self::Sounds => f.write_str("sounds"),
            Self::Tokens(least) => write!(f, "tokens >= {least}"),
            Self::Mailbox => f.write_str("mailbox"),
            Self::Jaccard(least) => write!(f, "jaccard >= {least}"),
            Self::Typos(most) => write!(f, "typos <= {most}"),
            Self::Near => f.write_str("near"),
            Self::Transposed => f.write_str("transposed"),
            Self::Coarse => f.write_str("coarse"),
            Self::OtherYear => f.write_str("other_year"),
            Self::OneComponent => f.write_str("one_component"),
            Self::SameYear => f.write_str("same_year"),
            Self::Successor => f.write_str("successor"),
            Self::Days(most) => write!(f, "days <= {most}"),
            Self::Overlap(least) => write!(f, "overlap >= {least}"),
            Self::Prefix(digits) => write!(f, "prefix >= {digits}"),
            Self::Address(least) => write!(f, "address >= {least}"),
            Self::Difference(most) => write!(f, "difference <= {most}"),
        }
    }
}

impl From<Level> for String {
    fn from(level: Level) -> Self {
        level.to_string()
    }
}

impl TryFrom<String> for Level {
    type Error = LevelError;

    fn try_from(text: String) -> Result<Self, LevelError> {
        text.parse()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a level: write for example exact, pinyin, jaro_winkler >= 0.92 or damerau_levenshtein <= 2")]
pub struct LevelError(String);

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        let wrong = || LevelError(text.to_owned());
        let words: Vec<&str> = text.split_whitespace().collect();
        let share = |text: &str| text.parse().ok().filter(|s| (0.0..=1.0).contains(s)).ok_or_else(wrong);
        let count = |text: &str| text.parse().map_err(|_| wrong());
        Ok(match words[..] {
            ["exact"] => Self::Exact,
            ["variant"] => Self::Variant,
            ["pinyin"] => Self::Pinyin,
            ["swapped"] => Self::Swapped,
            ["one_character"] => Self::OneCharacter,
            ["hidden"] => Self::Hidden,
            ["near"] => Self::Near,
            ["transposed"] => Self::Transposed,
            ["coarse"] => Self::Coarse,
            ["other_year"] => Self::OtherYear,
            ["nickname"] => Self::Nickname,
            ["sounds"] => Self::Sounds,
            ["mailbox"] => Self::Mailbox,
            ["tokens", ">=", least] => Self::Tokens(share(least)?),
            ["one_component"] => Self::OneComponent,
            ["same_year"] => Self::SameYear,
            ["successor"] => Self::Successor,
            ["jaro_winkler", ">=", least] => Self::JaroWinkler(share(least)?),
            ["jaccard", ">=", least] => Self::Jaccard(share(least)?),
            ["address", ">=", least] => Self::Address(share(least)?),
            ["damerau_levenshtein" | "levenshtein", "<=", most] => Self::Edits(count(most)?),
            ["typos", "<=", most] => Self::Typos(count(most)?),
            ["days", "<=", most] => Self::Days(most.parse().map_err(|_| wrong())?),
            ["overlap", ">=", least] => Self::Overlap(count(least)?),
            ["prefix", ">=", digits] => Self::Prefix(count(digits)?),
            ["difference", "<=", most] => Self::Difference(most.parse().map_err(|_| wrong())?),
            _ => return Err(wrong()),
        })
    }
}
