//! Records packed into rows of machine words: what a comparison touches lies together in memory.

use crate::encode::{self, Cell};
use crate::scheme::Scheme;
use crate::spec::Role;
use rayon::prelude::*;
use values::columns::Texts;

/// Records, each encoded once. Words of one record:
/// - identity number: 18 nibbles and two flags, or up to 15 bytes of an opaque identifier (2 words)
/// - name: up to 8 UTF-16 units, their syllables, a digest (2 + 2 + 1); other scripts in the arena
/// - text: a digest, and where it lies in the arena (2); address: a digest and a signature of its tokens (1 + 2)
/// - everything else one word, 0 where missing
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub(crate) width: usize,
    pub(crate) words: Vec<u64>,
    /// Decoded texts, one arena for [`CHUNK`] records.
    arenas: Vec<Vec<u16>>,
}

const CHUNK: usize = 1 << 14;
/// The highest unit of a name's first word when its letters lie in the arena.
const ELSEWHERE: u64 = 0xffff;

/// One input of a job: named text columns of one length.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub name: String,
    pub ids: Texts,
    /// Common column name to values. A column that isn't there is missing in every record.
    pub columns: Vec<(String, Texts)>,
}

impl Input {
    fn column(&self, name: &str) -> Option<&Texts> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, texts)| texts)
    }
}

impl Records {
    /// Packs `len` records: `record` gives one of them, `cell` the value of one of its fields, counted in the order
    /// of the scheme.
    pub fn encode<'a, R>(
        scheme: &Scheme,
        len: usize,
        record: impl Fn(usize) -> R + Sync,
        cell: impl Fn(&R, usize) -> Cell<'a> + Sync,
    ) -> Self {
        let width = scheme.width;
        let mut words = vec![0; len * width];
        let arenas = words
            .par_chunks_mut(CHUNK * width.max(1))
            .enumerate()
            .map(|(chunk, words)| {
                let mut writer = Writer::default();
                for (at, packed) in words.chunks_exact_mut(width).enumerate() {
                    let record = record(chunk * CHUNK + at);
                    for (number, field) in scheme.fields.iter().enumerate() {
                        writer.write(&mut packed[field.at..], field.role, cell(&record, number));
                    }
                }
                writer.arena.shrink_to_fit();
                writer.arena
            })
            .collect();
        Self { width, words, arenas }
    }

    /// Packs all inputs one behind the other.
    #[must_use]
    pub fn from_inputs(scheme: &Scheme, inputs: &[Input]) -> Self {
        let starts = starts(inputs);
        let columns: Vec<Vec<Option<&Texts>>> =
            inputs.iter().map(|input| scheme.fields.iter().map(|field| input.column(&field.name)).collect()).collect();
        let len = starts.last().map_or(0, |end| *end as usize);
        let place = |row: usize| {
            let input = starts.partition_point(|start| *start as usize <= row) - 1;
            (input, row - starts[input] as usize)
        };
        Self::encode(scheme, len, place, |(input, row), field| {
            let text = columns[*input][field].and_then(|texts| texts.get(*row));
            text.map_or(Cell::Missing, Cell::Text)
        })
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len() / self.width.max(1)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Record<'_> {
        let empty: &[u16] = &[];
        Record {
            words: &self.words[row * self.width..(row + 1) * self.width],
            arena: self.arenas.get(row / CHUNK).map_or(empty, Vec::as_slice),
        }
    }
}

/// First row of each input among all records; one more entry holds the number of records.
pub(crate) fn starts(inputs: &[Input]) -> Vec<u32> {
    let mut starts = vec![0];
    for input in inputs {
        starts.push(starts[starts.len() - 1] + input.ids.len() as u32);
    }
    starts
}

/// One packed record.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub(crate) words: &'a [u64],
    arena: &'a [u16],
}

/// A name's units and how they sound.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    units: [u16; 8],
    len: usize,
    elsewhere: Option<&'a [u16]>,
    /// Syllables of a short Chinese name; zeros otherwise.
    pub sounds: (u64, u64),
}

impl Name<'_> {
    pub(crate) fn units(&self) -> &[u16] {
        self.elsewhere.unwrap_or(&self.units[..self.len])
    }

    pub(crate) const fn is_short(&self) -> bool {
        self.elsewhere.is_none()
    }
}

impl<'a> Record<'a> {
    pub(crate) fn name(&self, at: usize) -> Name<'a> {
        let words = &self.words[at..at + 5];
        if words[0] & ELSEWHERE == ELSEWHERE {
            return Name { units: [0; 8], len: 0, elsewhere: Some(self.at(words[1])), sounds: (0, 0) };
        }
        let units = std::array::from_fn(|i| (words[i / 4] >> (i % 4 * 16)) as u16);
        let len = units.iter().position(|unit| *unit == 0).unwrap_or(8);
        Name { units, len, elsewhere: None, sounds: (words[2], words[3]) }
    }

    /// The decoded text of a text field.
    pub(crate) fn text(&self, at: usize) -> &'a [u16] {
        self.at(self.words[at + 1])
    }

    fn at(&self, place: u64) -> &'a [u16] {
        let (start, len) = ((place >> 16) as usize, (place & 0xffff) as usize);
        &self.arena[start..start + len]
    }
}

#[derive(Default)]
struct Writer {
    arena: Vec<u16>,
    units: Vec<u16>,
}

impl Writer {
    fn write(&mut self, words: &mut [u64], role: Role, cell: Cell) {
        if matches!(cell, Cell::Missing) {
            return;
        }
        match role {
            Role::IdNumber => (words[0], words[1]) = encode::id_number(cell),
            Role::Name | Role::Surname | Role::GivenName => self.name(words, cell),
            Role::BirthDate => words[0] = encode::date(cell),
            Role::Sex => words[0] = encode::sex(cell),
            Role::AreaCode => words[0] = encode::area(cell),
            Role::Address => (words[0], words[1], words[2]) = encode::address(cell, &mut self.units),
            Role::Phone => words[0] = encode::phone(cell),
            Role::Email | Role::Postcode | Role::Text => self.text(words, cell),
            Role::Number => words[0] = encode::number(cell),
            Role::HouseholdNo => words[0] = encode::household(cell),
            Role::Ignore => {}
        }
    }

    fn name(&mut self, words: &mut [u64], cell: Cell) {
        let Cell::Text(text) = cell else { return };
        crate::chinese::normal_name(text, &mut self.units);
        if self.units.is_empty() {
            return;
        }
        words[4] = crate::digest::Digest::default().units(&self.units).finish();
        let is_han = self.units.iter().any(|unit| crate::chinese::is_han(*unit));
        if !is_han || self.units.len() > 8 {
            words[0] = ELSEWHERE;
            words[1] = self.keep();
            return;
        }
        for (i, unit) in self.units.iter().enumerate() {
            words[i / 4] |= u64::from(*unit) << (i % 4 * 16);
            let sound = match crate::chinese::sound(*unit) {
                0 => *unit,
                sound => sound,
            };
            words[2 + i / 4] |= u64::from(sound) << (i % 4 * 16);
        }
    }

    fn text(&mut self, words: &mut [u64], cell: Cell) {
        let Cell::Text(text) = cell else { return };
        encode::normal_text(text, &mut self.units);
        if !self.units.is_empty() {
            words[0] = crate::digest::Digest::default().units(&self.units).finish();
            words[1] = self.keep();
        }
    }

    fn keep(&mut self) -> u64 {
        let start = self.arena.len() as u64;
        self.units.truncate(0xfffe);
        self.arena.extend_from_slice(&self.units);
        start << 16 | self.units.len() as u64
    }
}
