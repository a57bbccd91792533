//! One column of a chunk: its cells trimmed, with what stands for "nothing" taken as missing.

use crate::package::FieldSpec;
use crate::quality::{Change, Tally};
use crate::rejects::{Reason, Reject};
use std::borrow::Cow;
use values::columns::Texts;

/// A column on its way in. The row numbers are those of the chunk.
pub(super) struct Cells<'a> {
    pub texts: &'a Texts,
    pub numbers: &'a [u32],
    pub missing: &'a [String],
    pub column: u16,
    pub sensitive: bool,
    pub required: bool,
    pub tally: &'a mut Tally,
    pub rejects: &'a mut Vec<Reject>,
}

impl<'a> Cells<'a> {
    /// Calls `read` once a row with the trimmed cell, or `None` where it is missing. An error is a reject,
    /// and the row gets `absent`.
    pub(super) fn each<T: Copy>(
        &mut self,
        absent: T,
        mut read: impl FnMut(&'a str, &mut Tally) -> Result<T, Reason>,
    ) -> Vec<T> {
        let mut column = Vec::with_capacity(self.numbers.len());
        self.scan(|cell, tally| {
            let value = cell.map_or(Ok(absent), |cell| read(cell, tally));
            column.push(value.as_ref().map_or(absent, |value| *value));
            value.err()
        });
        column
    }

    /// Like [`Cells::each`], for texts.
    pub(super) fn texts(&mut self, mut read: impl FnMut(&'a str, &mut Tally) -> Result<Cow<'a, str>, Reason>) -> Texts {
        let mut column = Texts::with_capacity(self.numbers.len(), self.numbers.len() * 12);
        self.scan(|cell, tally| match cell.map(|cell| read(cell, tally)) {
            Some(Ok(text)) => {
                column.push(Some(&text));
                None
            }
            Some(Err(reason)) => {
                column.push(None);
                Some(reason)
            }
            None => {
                column.push(None);
                None
            }
        });
        column
    }

    fn scan(&mut self, mut take: impl FnMut(Option<&'a str>, &mut Tally) -> Option<Reason>) {
        let texts = self.texts;
        self.tally.cells += self.numbers.len() as u64;
        for (row, number) in self.numbers.iter().enumerate() {
            let whole = texts.get(row);
            let cell = whole.map(trimmed).filter(|cell| !self.is_missing(cell));
            if cell.is_none() {
                self.tally.missing += 1;
            } else if cell.map(str::len) != whole.map(str::len) {
                self.tally.change(Change::Spaces);
            }
            let mut reason = take(cell, self.tally);
            if self.required && whole.is_some() && cell.is_none() {
                reason = Some(Reason::Required);
            }
            if let Some(reason) = reason {
                self.tally.invalid += 1;
                let value = reason.shown(cell.unwrap_or_default(), self.sensitive);
                self.rejects.push(Reject { row: *number, column: Some(self.column), value, reason });
            }
        }
    }

    fn is_missing(&self, cell: &str) -> bool {
        cell.is_empty() || self.missing.iter().any(|word| word == cell)
    }
}

/// Without the white space around it, full-width spaces and byte order marks included.
pub(super) fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    let plain = |byte: Option<&u8>| byte.is_some_and(|b| (0x21..0x7f).contains(b) || (0xe4..0xef).contains(b));
    // A first byte of a Chinese character, and a last byte that ends no space: nothing to trim.
    if plain(bytes.first()) && bytes.last().is_some_and(|b| (0x21..0x7f).contains(b)) {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// A column's settings, from its description.
pub(super) fn settings(spec: &FieldSpec) -> (bool, bool) {
    (spec.target.is_sensitive(), spec.required)
}
