//! Place codes that are no more: what became of them.

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// For each old code, the codes of today that took its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Successors(FxHashMap<u64, Vec<u64>>);

impl Successors {
    /// A code may have changed more than once; a circle ends where it began.
    pub(crate) fn new(changed: &BTreeMap<u64, Vec<u64>>) -> Self {
        let last = |code: &u64| {
            let (mut known, mut last) = (vec![*code], Vec::new());
            let mut at = 0;
            while at < known.len() {
                match changed.get(&known[at]).filter(|next| !next.is_empty()) {
                    Some(next) => next.iter().for_each(|code| {
                        if !known.contains(code) {
                            known.push(*code);
                        }
                    }),
                    None => last.push(known[at]),
                }
                at += 1;
            }
            last
        };
        Self(changed.keys().map(|code| (*code, last(code))).filter(|(code, last)| !last.contains(code)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The code of today, where only one place can be meant.
    pub(crate) fn today(&self, code: u64) -> u64 {
        if self.0.is_empty() {
            return code;
        }
        match self.0.get(&code).map(Vec::as_slice) {
            Some([only]) => *only,
            _ => code,
        }
    }

    /// Whether one may be what became of the other.
    pub(crate) fn connect(&self, a: u64, b: u64) -> bool {
        let became = |old: u64, new: u64| self.0.get(&old).is_some_and(|last| last.contains(&new));
        became(a, b) || became(b, a)
    }
}
