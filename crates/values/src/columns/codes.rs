//! Values out of a short list.

use super::select;
use std::collections::HashMap;

/// Values out of a short list, such as a code list: each row a number into `list`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    pub(super) list: Vec<String>,
    pub(super) rows: Vec<u16>,
    pub(super) seen: HashMap<String, u16>,
}

impl Codes {
    pub const MISSING: u16 = u16::MAX;

    /// Adds a row. Beyond 65 535 different values the rest counts as missing: free text belongs in [`super::Texts`].
    pub fn push(&mut self, value: Option<&str>) {
        let code = value.map_or(Self::MISSING, |value| self.code_or_insert(value));
        self.rows.push(code);
    }

    /// An empty column whose values are known beforehand: value `i` of the list has the code `i`.
    #[must_use]
    pub fn with_list<'a>(list: impl IntoIterator<Item = &'a str>) -> Self {
        let mut codes = Self::default();
        for value in list {
            codes.code_or_insert(value);
        }
        codes
    }

    /// Adds a row by its code; one that isn't in the list counts as missing.
    pub fn push_code(&mut self, code: u16) {
        self.rows.push(if usize::from(code) < self.list.len() { code } else { Self::MISSING });
    }

    fn code_or_insert(&mut self, value: &str) -> u16 {
        if let Some(code) = self.seen.get(value) {
            return *code;
        }
        let Ok(code) = u16::try_from(self.list.len()) else { return Self::MISSING };
        if code == Self::MISSING {
            return code;
        }
        self.list.push(value.to_owned());
        self.seen.insert(value.to_owned(), code);
        code
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.list.get(usize::from(self.rows[row])).map(String::as_str)
    }

    /// The number of a value in this column, for comparing many rows with one value cheaply.
    #[must_use]
    pub fn code(&self, value: &str) -> Option<u16> {
        self.seen.get(value).copied()
    }

    #[must_use]
    pub fn rows(&self) -> &[u16] {
        &self.rows
    }

    #[must_use]
    pub fn list(&self) -> &[String] {
        &self.list
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
    }

    /// Some of its rows, in the order named, under the same list.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self { list: self.list.clone(), rows: select(&self.rows, rows), seen: self.seen.clone() }
    }

    pub fn append(&mut self, other: &Self) {
        if self.list == other.list {
            self.rows.extend_from_slice(&other.rows);
            return;
        }
        let map: Vec<u16> = other.list.iter().map(|value| self.code_or_insert(value)).collect();
        self.rows.extend(other.rows.iter().map(|code| map.get(usize::from(*code)).copied().unwrap_or(Self::MISSING)));
    }
}
