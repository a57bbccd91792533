//! What a finding says of itself (the explanation contract): facts used, parameters used, sentences.

use crate::{Entity, Words};
use serde::Serialize;
use values::{AreaCode, Bounds, Day, Truth, Validity};

/// Why a rule came out as it did for one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    pub outcome: Truth,
    /// One sentence for people: the rule's message with its figures, or what is missing.
    pub sentence: Words,
    /// The facts that decided it, as far as they are known; a household's facts first, then person by person.
    pub facts: Vec<UsedFact>,
    /// What would have to be known for an answer; empty where there is one.
    pub missing: Vec<Missing>,
    pub parameters: Vec<UsedParameter>,
    /// The rule in words, and what it rests on.
    pub about: Words,
    pub legal_basis: String,
    pub not_meant: Words,
    pub can_do: Words,
    pub decides: Words,
    /// `None` where the region sets none.
    pub deadline: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsedFact {
    pub name: String,
    pub entity: Entity,
    /// The row of its frame.
    pub row: u32,
    pub label: Words,
    pub value: Value,
    /// The value as people write it.
    pub text: Words,
    /// Computed by the policy from the facts listed with it.
    pub derived: bool,
}

/// A value of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// In fen, ten-thousandths or whole things.
    Amount(Bounds),
    Flag(bool),
    Code(String),
    Day(Day),
    Area(AreaCode),
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// A fact's or a parameter's name.
    pub name: String,
    pub label: Words,
    pub what: MissingWhat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingWhat {
    Fact,
    /// The region has set none for the day.
    Parameter,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsedParameter {
    pub name: String,
    pub title: Words,
    pub text: Words,
    pub region: String,
    pub validity: Validity,
    pub legal_basis: String,
    pub status: String,
}
