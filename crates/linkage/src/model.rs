//! Two records side by side, as a human sees them when the program isn't sure. Pure.

use crate::stage::KeyRow;
use serde::{Deserialize, Serialize};
use values::{Day, IdNumber, Phone, Precision};

/// The standardised keys of one record, and where it stands in what was delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKeys {
    pub department: String,
    pub resource: String,
    /// Data row of the file as delivered, from 1.
    pub row: u32,
    pub as_of: Option<Day>,
    pub name: String,
    /// [`IdNumber::key`].
    pub id_number: Option<u64>,
    /// GB/T 2261.1; 0 where unknown.
    pub sex: u8,
    pub birth: Option<(Day, Precision)>,
    /// The place's name.
    pub place: String,
    pub address: String,
    /// [`Phone::key`].
    pub phone: Option<u64>,
    /// [`KeyRow::digest`]; 0 in documents of earlier versions.
    #[serde(default)]
    pub key: u64,
    /// 12 digits; 0 where missing.
    #[serde(default)]
    pub area: u64,
    /// [`KeyRow::household`].
    #[serde(default)]
    pub household: u64,
}

/// Why a pair waits for a human.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It may be this person, but the evidence isn't enough to say so.
    Uncertain,
    /// One identity number, people who differ in name and birth.
    SharedIdNumber,
    /// Records that belong together by all else, with two different valid identity numbers.
    TwoIdNumbers,
}

impl Why {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uncertain => "uncertain",
            Self::SharedIdNumber => "shared_id_number",
            Self::TwoIdNumbers => "two_id_numbers",
        }
    }
}

/// What a person says of a pair; `Undo` takes the last word back, and the pair waits again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    Different,
    Unsure,
    Undo,
}

impl Verdict {
    /// In the order of the pages: those that wait first.
    pub const ALL: [Self; 4] = [Self::Undo, Self::Same, Self::Different, Self::Unsure];

    /// The word in the database, in addresses and in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unsure => "unsure",
            Self::Undo => "undo",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}

/// One step of the evidence: a field, the level of agreement it reached, and its weight in bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepShown {
    pub field: String,
    pub level: String,
    /// `None` where one side has no value: nothing is counted.
    pub weight: Option<f32>,
}

/// A pair with the evidence for and against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub a: RecordKeys,
    pub b: RecordKeys,
    /// Log2 odds before anything was compared; `None` where nothing was weighed.
    pub prior: Option<f32>,
    pub steps: Vec<StepShown>,
    /// Log2 odds after all.
    pub weight: f32,
    pub probability: f64,
}

impl Pair {
    /// What the two records say, in one text that is the same whichever side comes first and wherever they stand in
    /// their files: the text behind a pair's fingerprint.
    #[must_use]
    pub fn content(&self) -> String {
        let side = |keys: &RecordKeys| {
            let RecordKeys { department, resource, name, id_number, sex, birth, place, address, phone, .. } = keys;
            format!("{department}/{resource}|{name}|{id_number:?}|{sex}|{birth:?}|{place}|{address}|{phone:?}")
        };
        let (a, b) = (side(&self.a), side(&self.b));
        if a <= b { format!("{a}\n{b}") } else { format!("{b}\n{a}") }
    }
}

/// What a run learned about linking, as its page shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelShown {
    /// Log2 odds that two records drawn at random speak of one person.
    pub prior: f64,
    pub fields: Vec<FieldShown>,
    /// How many records were tied to their person with a weight from this whole number up to the next.
    pub weights: Vec<(i32, i64)>,
    /// From this weight on a record is linked, and from this one on a human is asked, where one person alone fits.
    pub link_from: f64,
    pub ask_from: f64,
    /// m of every level before labels corrected it; empty where none did.
    #[serde(default)]
    pub untaught: Vec<Vec<f64>>,
    /// Blocking rules, and how many pairs of the records it learned from each one brings together.
    #[serde(default)]
    pub rules: Vec<(String, i64)>,
    /// The most a record could weigh, compared with itself: from a whole number up to the next.
    #[serde(default)]
    pub best: Vec<(i32, i64)>,
    /// By field: rank and frequency of the commonest values, and what is assumed of values not listed.
    #[serde(default)]
    pub terms: Vec<TermsShown>,
}

/// How common a field's values are; no value stands in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TermsShown {
    pub field: String,
    /// m of exact agreement.
    pub m: f64,
    /// Rank from 1, and share of the records.
    pub ranks: Vec<(u32, f64)>,
    pub rest: f64,
}

/// How often each level of agreement is reached by one person's records, and by two people's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldShown {
    pub field: String,
    /// Level, share of matches (m), share of others (u).
    pub levels: Vec<(String, f64, f64)>,
}

/// A text in pieces; those that differ from the other side are marked.
pub type Marked = Vec<(bool, String)>;

/// Two texts, what differs marked character by character. Texts of different lengths are compared from both ends.
#[must_use]
pub fn differences(a: &str, b: &str) -> (Marked, Marked) {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() == b.len() {
        return (marked(&a, |i| a[i] != b[i]), marked(&b, |i| a[i] != b[i]));
    }
    let first = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - first;
    let last = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let (of_a, of_b) = (a.len() - last, b.len() - last);
    (marked(&a, |i| (first..of_a).contains(&i)), marked(&b, |i| (first..of_b).contains(&i)))
}

fn marked(text: &[char], differs: impl Fn(usize) -> bool) -> Marked {
    let mut pieces: Marked = Vec::new();
    for (i, c) in text.iter().enumerate() {
        match pieces.last_mut() {
            Some((mark, piece)) if *mark == differs(i) => piece.push(*c),
            _ => pieces.push((differs(i), c.to_string())),
        }
    }
    pieces
}

/// Stars for the digits both sides share, behind the first two; only what differs shows.
#[must_use]
pub fn hide_shared(pieces: &Marked) -> Marked {
    let mut at = 0;
    let mut hide = |mark: bool, piece: &str| -> String {
        piece
            .chars()
            .map(|c| {
                at += 1;
                if mark || at <= 2 { c } else { '*' }
            })
            .collect()
    };
    pieces.iter().map(|(mark, piece)| (*mark, hide(*mark, piece))).collect()
}

impl RecordKeys {
    /// The record as the chain compares it.
    #[must_use]
    pub fn compared(&self) -> KeyRow<'_> {
        KeyRow {
            id_number: self.id_number.unwrap_or_default(),
            name: Some(self.name.as_str()).filter(|name| !name.is_empty()),
            sex: self.sex,
            birth: self.birth.map_or(i32::MIN, |(day, _)| day.0),
            precision: self.birth.map_or(Precision::Day, |(_, precision)| precision),
            area: self.area,
            address: Some(self.address.as_str()).filter(|address| !address.is_empty()),
            phone: self.phone.unwrap_or_default(),
            household: self.household,
        }
    }

    #[must_use]
    pub fn id_text(&self) -> Option<String> {
        self.id_number.map(|key| IdNumber::from_key(key).reveal())
    }

    #[must_use]
    pub fn has_valid_id(&self) -> bool {
        self.id_number.is_none_or(|key| IdNumber::from_key(key).has_valid_check())
    }

    #[must_use]
    pub fn phone_text(&self) -> Option<String> {
        self.phone.map(|key| Phone::from_key(key).reveal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &Marked) -> String {
        pieces.iter().map(|(mark, piece)| if *mark { format!("[{piece}]") } else { piece.clone() }).collect()
    }

    #[test]
    fn only_what_differs_shows() {
        let (a, b) = differences("530102196804092718", "530102196804097218");
        assert_eq!(text(&hide_shared(&a)), "53************[27]**");
        assert_eq!(text(&hide_shared(&b)), "53************[72]**");
        let (a, b) = differences("周德全", "周全");
        assert_eq!((text(&a).as_str(), text(&b).as_str()), ("周[德]全", "周全"));
    }
}
