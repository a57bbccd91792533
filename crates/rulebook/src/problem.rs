use crate::Words;
use std::fmt;

/// What is wrong with a policy, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    /// `rule medical-cost-over-line`, `parameter monitoring_line`; empty for the file as a whole.
    pub subject: String,
    pub zh: String,
    pub en: String,
}

impl Problem {
    pub(crate) fn new(place: &Place, what: Words) -> Self {
        Self { file: place.file.clone(), subject: place.subject.clone(), zh: what.zh, en: what.en }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.subject.is_empty() { "" } else { ": " };
        write!(f, "{}: {}{colon}{} {}", self.file, self.subject, self.zh, self.en)
    }
}

/// Where in a policy something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub subject: String,
}
