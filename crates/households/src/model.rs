//! A household's file: who lives in it and what is known of it, with the source of every value.
//!
//! Pure: no SQL, no web, no clock. A [`File`] is what a run wrote; people's corrections are rows beside it.

use serde::{Deserialize, Serialize};
use values::{Day, Fen, IdNumber, Phone, Precision};

/// What one run knows of a household. Stored compressed and under the household's own key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub members: Vec<Member>,
    pub axes: Axes,
    pub facts: Vec<Fact>,
    pub conflicts: Vec<Conflict>,
}

/// A person of the household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person's id.
    pub person: String,
    pub name: String,
    /// GB/T 2261.1: 1 male, 2 female, 0 unknown.
    pub sex: u8,
    pub birth: Option<(Day, Precision)>,
    /// [`IdNumber::key`].
    pub id_number: Option<u64>,
    /// [`Phone::key`].
    pub phone: Option<u64>,
    /// As in contract §3: head, spouse, child, …
    pub relation: String,
    /// Stands in the residence register of this household.
    pub registered: bool,
    /// Lives here, or away but belonging here: counts as a head.
    pub co_living: bool,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Member {
    #[must_use]
    pub fn masked_id(&self) -> Option<IdNumber> {
        self.id_number.map(IdNumber::from_key)
    }

    #[must_use]
    pub fn masked_phone(&self) -> Option<Phone> {
        self.phone.map(Phone::from_key)
    }
}

/// The three axes of a household's standing: apart on purpose, never one "type".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axes {
    /// The year the household was registered as lifted out of poverty; `None`: on no such list.
    pub alleviated: Option<i64>,
    /// The monitoring category in force (contract §3), with where it stands.
    pub monitoring: Option<Listed>,
    /// Programmes of social assistance in force.
    pub assistance: Vec<Listed>,
}

/// One list the household stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The programme or category, a code of contract §3.
    pub code: String,
    pub since: Option<Day>,
    pub source: Option<Source>,
}

/// One value, as one source gave it or as it was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The dictionary name of the fact, such as `net_income`; of a delivered value record and field,
    /// `employment.monthly_wage`.
    pub fact: String,
    /// Index into the members; `None`: of the household.
    pub member: Option<u32>,
    pub value: Value,
    pub source: Option<Source>,
    /// Of a value that was reckoned: the departments whose records went into it.
    pub departments: Vec<String>,
    pub as_of: Option<Day>,
    /// `register`, `threshold_list`, `query_answer`, `declared`, `evidence`, `coefficient`, `computed`.
    pub method: String,
}

/// What is known of a quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Money(Fen),
    /// Between two limits; an absent one is open.
    MoneyBetween(Option<Fen>, Option<Fen>),
    /// In ten-thousandths, as columns of numbers are.
    Number(i64),
    NumberBetween(Option<i64>, Option<i64>),
    Flag(bool),
    Day(Day),
    /// A code of the dictionary or free text.
    Text(String),
    Unknown,
}

/// The record a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub department: String,
    pub resource: String,
    /// Data row of the file as delivered, from 1; `None` where several rows are added up.
    pub row: Option<u32>,
}

/// Sources that contradict each other: all are kept, and one is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub fact: String,
    pub member: Option<u32>,
    pub said: Vec<Said>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub value: Value,
    pub source: Source,
    pub as_of: Option<Day>,
    /// Whether this is the one the facts were computed with.
    pub used: bool,
}

/// What a member's hidden value is; each is revealed on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    IdNumber,
    Phone,
}

impl Hidden {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "id" => Some(Self::IdNumber),
            "phone" => Some(Self::Phone),
            _ => None,
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdNumber => "id",
            Self::Phone => "phone",
        }
    }

    /// The clear text of a member's value.
    #[must_use]
    pub fn of(self, member: &Member) -> Option<String> {
        match self {
            Self::IdNumber => member.masked_id().map(|id| id.reveal()),
            Self::Phone => member.masked_phone().map(Phone::reveal),
        }
    }
}
