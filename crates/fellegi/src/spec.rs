//! What to link and how, as a person writes it in TOML. Everything but inputs and fields may be left out.

use crate::level::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole specification: `[[input]]`, `[fields]`, `[link]`, `[[blocking]]`, `[[comparison]]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub input: Vec<InputSpec>,
    /// Common column name to role. A column not named here is ignored, never guessed.
    pub fields: BTreeMap<String, Role>,
    #[serde(default)]
    pub link: LinkSpec,
    #[serde(default)]
    pub blocking: Vec<BlockingSpec>,
    #[serde(default)]
    pub comparison: Vec<ComparisonSpec>,
    /// Place codes that are no more, and those that took their place.
    #[serde(skip)]
    pub successors: BTreeMap<u64, Vec<u64>>,
}

/// One file. The engine knows only its name; path and form are for whoever reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    pub name: String,
    /// Relative to the specification.
    pub path: String,
    /// The column that names a record.
    pub id: String,
    /// Common name to the file's own column name, where they differ.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    pub format: Option<String>,
    pub encoding: Option<String>,
    pub sheet: Option<String>,
}

impl InputSpec {
    /// The file's own name of a common column.
    #[must_use]
    pub fn column<'a>(&'a self, common: &'a str) -> &'a str {
        self.columns.get(common).map_or(common, String::as_str)
    }
}

/// What a column means. It decides how values are read, compared and blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A Chinese identity number where it looks like one, else an opaque identifier.
    IdNumber,
    /// A full name.
    Name,
    Surname,
    GivenName,
    /// Any common form of a date.
    BirthDate,
    Sex,
    /// A place code of up to 12 digits.
    AreaCode,
    Address,
    Phone,
    Email,
    Postcode,
    Text,
    Number,
    /// A household's number, comparable only among records of one group (a department).
    HouseholdNo,
    Ignore,
}

impl Role {
    /// Whether a value is one person's own, and no family's.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::IdNumber | Self::Name | Self::GivenName | Self::BirthDate)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkType {
    /// Pairs between different inputs only.
    LinkOnly,
    /// Pairs within one input.
    DedupeOnly,
    /// Both.
    LinkAndDedupe,
}

#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// By default `link_only` for several inputs, `dedupe_only` for one.
    pub r#type: Option<LinkType>,
    /// A record has at most one partner in each other input.
    #[serde(default)]
    pub one_to_one: bool,
    /// A record of the first input may have many partners, any other record at most one in the first input.
    #[serde(default)]
    pub one_to_many: bool,
    /// Probability from which two records are the same; 0.95 by default.
    pub threshold: Option<f64>,
    /// Lowest probability given back; 0.05 by default.
    pub keep: Option<f64>,
    /// Probability that two records drawn at random are the same; learned by default.
    pub prior: Option<f64>,
    /// Rules like those of blocking that hardly any two strangers agree on: the pairs they find, divided by `recall`, are
    /// the matches there are, which gives the prior.
    #[serde(default)]
    pub deterministic: Vec<Vec<String>>,
    /// The share of all matches that the deterministic rules find.
    pub recall: Option<f64>,
    /// A table of places with the columns `code` and `successors`, relative to the specification; the engine knows only
    /// what was read from it.
    pub places: Option<String>,
}

/// Who may be linked to how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignment {
    OneToOne,
    /// One of the first input, many of all others.
    OneToMany,
}

/// Two records are compared when they agree on every part of at least one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockingSpec {
    /// `field`, its character `field[0]` or a range `field[0:3]`, `pinyin(field)`, `year(field)`.
    pub on: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonSpec {
    pub field: String,
    /// A second field judged together with the first: `address` beside an area code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Best first; `missing` and `else` are implied. By default those of the role.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Whether agreement on a rare value counts more.
    #[serde(default)]
    pub term_frequency: bool,
}

/// What is wrong with a specification, in words that say what to change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpecError {
    #[error("{0}")]
    Form(String),
    #[error("the specification names no [[input]]: name at least one file")]
    NoInput,
    #[error("two inputs are called \"{0}\": give each its own name")]
    TwiceNamed(String),
    #[error("[fields] gives no column a role to compare by")]
    NoField,
    #[error("\"{field}\" in [[{place}]] is not in [fields]: add it there with its role, or correct the name")]
    UnknownField { field: String, place: &'static str },
    #[error("\"{0}\" is not a blocking key: write field, field[0], field[0:3], pinyin(field) or year(field)")]
    Part(String),
    #[error("the level \"{level}\" does not suit the role of \"{field}\"")]
    LevelOfRole { field: String, level: String },
    #[error("\"{0}\" has more than 14 levels: join some")]
    Levels(String),
    #[error("more than 16 comparisons: leave some out")]
    Comparisons,
    #[error("link_only needs two inputs or more: add one, or write type = \"dedupe_only\"")]
    OneInput,
    #[error("one_to_one needs two inputs or more: of one list it would join nobody with anybody")]
    OneToOne,
    #[error("one_to_many needs two inputs or more, and no one_to_one beside it")]
    OneToMany,
    #[error("{name} must lie between 0 and 1")]
    Share { name: &'static str },
    #[error(
        "deterministic rules and recall belong together, and leave no prior to say: give both of them, or prior alone"
    )]
    Prior,
}

impl Spec {
    /// Reads and checks a specification.
    ///
    /// # Errors
    /// [`SpecError`] says what to change.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let spec: Self = toml::from_str(text).map_err(|error| SpecError::Form(error.to_string()))?;
        spec.check()?;
        Ok(spec)
    }

    fn check(&self) -> Result<(), SpecError> {
        if self.input.is_empty() {
            return Err(SpecError::NoInput);
        }
        for (at, input) in self.input.iter().enumerate() {
            if self.input[..at].iter().any(|before| before.name == input.name) {
                return Err(SpecError::TwiceNamed(input.name.clone()));
            }
        }
        if self.link.r#type == Some(LinkType::LinkOnly) && self.input.len() < 2 {
            return Err(SpecError::OneInput);
        }
        if self.link.one_to_one && self.input.len() < 2 {
            return Err(SpecError::OneToOne);
        }
        if self.link.one_to_many && (self.link.one_to_one || self.input.len() < 2) {
            return Err(SpecError::OneToMany);
        }
        for (name, share) in [("threshold", self.link.threshold), ("keep", self.link.keep)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return Err(SpecError::Share { name });
            }
        }
        if self.link.prior.is_some_and(|share| !(share > 0.0 && share < 1.0)) {
            return Err(SpecError::Share { name: "prior" });
        }
        if self.link.recall.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return Err(SpecError::Share { name: "recall" });
        }
        let LinkSpec { prior, deterministic, recall, .. } = &self.link;
        if deterministic.is_empty() == recall.is_some() || prior.is_some() && recall.is_some() {
            return Err(SpecError::Prior);
        }
        let scheme = crate::scheme::Scheme::new(self)?;
        deterministic.iter().try_for_each(|on| scheme.rule(on).map(|_| ()))
    }

    #[must_use]
    pub fn link_type(&self) -> LinkType {
        let default = if self.input.len() > 1 { LinkType::LinkOnly } else { LinkType::DedupeOnly };
        self.link.r#type.unwrap_or(default)
    }

    /// `None` where records form groups of any size.
    #[must_use]
    pub fn assignment(&self) -> Option<Assignment> {
        let one_to_many = self.link.one_to_many.then_some(Assignment::OneToMany);
        if self.link.one_to_one { Some(Assignment::OneToOne) } else { one_to_many }
    }

    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.link.threshold.unwrap_or(0.95)
    }

    #[must_use]
    pub fn keep(&self) -> f64 {
        self.link.keep.unwrap_or(0.05)
    }

    /// The common columns to read, in the order the engine expects them.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Role)> {
        self.fields.iter().filter(|(_, role)| **role != Role::Ignore).map(|(name, role)| (name.as_str(), *role))
    }
}
