use serde::{Deserialize, Serialize};

/// A text for people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    Household,
    Person,
}

/// What a value is, and with it what may be compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Fen. Columns: `Money`, or `Bounds` in fen.
    Money,
    /// Ten-thousandths. Columns: `Number`, or `Bounds` in numbers.
    Number,
    /// Whole things: persons, months, grades. Columns: `Count`, or `Bounds` in counts.
    Count,
    /// Three-valued. Column: `Flag`.
    Flag,
    /// A value of a list. Column: `Code`.
    Code,
    /// Free text: can be compared with a literal and asked for being there. Columns: `Text`, `Code`.
    Text,
    /// Columns: `Day`, or `Bounds` of days since 1970-01-01 in counts.
    Day,
    /// Column: `Area`.
    Area,
}

/// One entry of the dictionary of facts that rules may read: a column of the household or person frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub entity: Entity,
    pub kind: Kind,
    /// How a number or count is meant and printed: `m2`, `mu`, `ratio`, `percent`, `persons`, `months`, `days`, `years`; empty where it says nothing.
    pub unit: String,
    /// The values a code may have; empty = anything goes.
    pub codes: Vec<String>,
    /// Whether it stems, even in part, from query answers: a risk rule must not read it.
    pub from_query_answer: bool,
    pub label: Words,
}

impl Fact {
    /// A fact without unit, codes or query answers.
    pub fn new(name: impl Into<String>, entity: Entity, kind: Kind, label: Words) -> Self {
        let (unit, codes) = (String::new(), Vec::new());
        Self { name: name.into(), entity, kind, unit, codes, from_query_answer: false, label }
    }

    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    #[must_use]
    pub fn with_codes<T: Into<String>>(mut self, codes: impl IntoIterator<Item = T>) -> Self {
        self.codes = codes.into_iter().map(Into::into).collect();
        self
    }

    #[must_use]
    pub fn from_query_answers(mut self) -> Self {
        self.from_query_answer = true;
        self
    }
}
