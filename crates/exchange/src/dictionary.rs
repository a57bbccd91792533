//! The one data dictionary (contract §3): record kinds, their fields, codes and units.

mod page;

pub use page::page;

use facts::records::Nature;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    #[serde(rename = "key")]
    pub keys: Vec<KeyField>,
    #[serde(rename = "record")]
    pub records: Vec<Record>,
    #[serde(rename = "department")]
    pub departments: Vec<Department>,
}

/// Who mostly delivers which records. Any other department may deliver, too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub name: String,
    pub zh: String,
    pub records: Vec<String>,
}

/// A field that tells who a row is about; any record may carry it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyField {
    pub name: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub codes: Vec<(String, String)>,
}

/// A kind of record, such as `medical_cost`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub entity: Entity,
    /// What such a list mostly is; a delivery states its own.
    #[serde(default = "register")]
    pub nature: Nature,
    pub fields: Vec<Field>,
}

const fn register() -> Nature {
    Nature::Register
}

/// Whom a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    Person,
    Household,
}

/// An own field of a record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    pub zh: String,
    pub en: String,
    /// Without it the record says nothing.
    #[serde(default)]
    pub required: bool,
    /// Masked wherever it is shown.
    #[serde(default)]
    pub sensitive: bool,
    /// Ends a period: written without a day, it means the last one.
    #[serde(default)]
    pub end: bool,
    pub unit: Option<Surface>,
    /// The least and the greatest count.
    pub range: Option<(i64, i64)>,
    /// Our codes and what they mean.
    #[serde(default)]
    pub codes: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Code,
    Money,
    Number,
    Count,
    Day,
    Flag,
}

/// What land and floor space are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    Mu,
    Hectare,
    M2,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    // Part of the program: a test reads it, so that it can't be broken in what is shipped.
    toml::from_str(include_str!("dictionary.toml")).unwrap_or(Dictionary::default())
});

#[must_use]
pub fn dictionary() -> &'static Dictionary {
    &DICTIONARY
}

impl Dictionary {
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.name == name)
    }

    #[must_use]
    pub fn key(&self, name: &str) -> Option<&KeyField> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Record {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
