use serde::{Deserialize, Serialize};
use std::fmt;

/// A sentence in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub zh: String,
    pub en: String,
}

impl Wording {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What is wrong with a delivery, its description or its files, said so that its owner can put it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub file: String,
    pub resource: Option<String>,
    /// The column, or the field of the description.
    pub field: Option<String>,
    pub reason: Wording,
    pub remedy: Wording,
}

impl Problem {
    #[must_use]
    pub fn new(file: &str, reason: Wording, remedy: Wording) -> Self {
        Self { file: file.to_owned(), resource: None, field: None, reason, remedy }
    }

    #[must_use]
    pub fn of_resource(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    #[must_use]
    pub fn in_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for part in [&self.resource, &self.field].into_iter().flatten() {
            write!(f, ", {part}")?;
        }
        write!(f, ": {} — {}", self.reason, self.remedy)
    }
}

impl std::error::Error for Problem {}
