//! Records packed into rows of machine words: what a comparison touches lies together in memory.

use crate::chinese;
use crate::digest::Digest;
use crate::encode::{self, Cell};
use crate::latin;
use crate::scheme::Scheme;
use crate::spec::Role;
use rayon::prelude::*;
use std::ops::Range;
use values::columns::Texts;

/// Records, each encoded once. Words of one record:
/// - identity number: 18 nibbles and two flags, or up to 15 bytes of an opaque identifier (2 words)
/// - name: up to 8 UTF-16 units in their plain forms, digests of how it sounds and of it as written (2 + 1 + 1);
///   other scripts lie in the arena
/// - text: a digest, and where it lies in the arena (2); address: a digest and a signature of its tokens (1 + 2)
/// - everything else one word, 0 where missing
#[derive(Clone, Debug, Default)]
pub struct Records {
    width: usize,
    len: usize,
    /// Words of `CHUNK` records each, of fewer in the last.
    chunks: Vec<Vec<u64>>,
    /// Decoded texts.
    arena: Vec<u16>,
}

values::packs! {
    Records { width, len, chunks, arena }
}

/// Records that lie together: an allocation each, so that putting parts together moves most of them as they are.
const CHUNK: usize = 1 << 17;
/// Records that one core packs at a time.
const PIECE: usize = 1 << 14;
/// Rows packed field by field, while they lie in the core's own cache.
const TOGETHER: usize = 1 << 8;
/// The highest unit of a name's first word when its letters lie in the arena.
const ELSEWHERE: u64 = 0xffff;

/// Words of a name.
pub(crate) const NAME: usize = 4;
/// Of these, the digest of its syllables, or of its consonants in Latin letters.
pub(crate) const SOUNDS: usize = 2;
/// And the digest of it as written; 0 where it is missing.
pub(crate) const WRITTEN: usize = 3;

impl Records {
    /// Packs `len` records on all cores: `record` gives one of them, `cell` the value of one of its fields, counted
    /// in the order of the scheme.
    pub fn encode<'a, R>(
        scheme: &Scheme,
        len: usize,
        record: impl Fn(usize) -> R + Sync,
        cell: impl Fn(&R, usize) -> Cell<'a> + Sync,
    ) -> Self {
        let chunk = |from: usize| {
            let rows = from..len.min(from + PIECE);
            let mut packer = Packer::new(scheme, rows.len());
            for row in rows {
                let record = record(row);
                packer.push(|field| cell(&record, field));
            }
            packer.done()
        };
        if len <= PIECE {
            return chunk(0);
        }
        Self::concat(scheme, (0..len.div_ceil(PIECE)).into_par_iter().map(|at| chunk(at * PIECE)).collect())
    }

    /// Packs the rows of one part of a file: for each field of the scheme its column, where the file has it.
    #[must_use]
    pub fn pack(scheme: &Scheme, rows: usize, columns: &[Option<&Texts>]) -> Self {
        let mut packer = Packer::new(scheme, rows);
        for from in (0..rows).step_by(TOGETHER) {
            packer.some(from..rows.min(from + TOGETHER), columns);
        }
        packer.done()
    }

    /// Puts parts one behind the other, letting go of each as soon as it is taken over.
    #[must_use]
    pub fn concat(scheme: &Scheme, parts: Vec<Self>) -> Self {
        let mut left: usize = parts.iter().map(|part| part.len * scheme.width).sum();
        let arena = Vec::with_capacity(parts.iter().map(|part| part.arena.len()).sum());
        let mut all = Self { width: scheme.width, len: 0, chunks: Vec::new(), arena };
        for mut part in parts {
            let base = (all.arena.len() as u64) << 16;
            all.arena.append(&mut part.arena);
            for mut words in part.chunks {
                if base > 0 {
                    Self::move_texts(scheme, &mut words, base);
                }
                let taken = words.len();
                all.add(words, left);
                left -= taken;
            }
            all.len += part.len;
        }
        all
    }

    /// Adds words behind those there are; `left` words are still to come, these among them.
    fn add(&mut self, words: Vec<u64>, mut left: usize) {
        let full = CHUNK * self.width;
        let mut rest = &words[..];
        if let Some(last) = self.chunks.last_mut() {
            let room = full - last.len();
            last.reserve_exact(room.min(left));
            let (now, later) = rest.split_at(room.min(rest.len()));
            last.extend_from_slice(now);
            (rest, left) = (later, left - now.len());
        }
        if rest.len() == words.len() && !rest.is_empty() {
            self.chunks.push(words);
        } else if !rest.is_empty() {
            let mut chunk = Vec::with_capacity(full.min(left));
            chunk.extend_from_slice(rest);
            self.chunks.push(chunk);
        }
    }

    /// Lets the words of records whose texts lay at the start of an arena point to where they lie now.
    fn move_texts(scheme: &Scheme, words: &mut [u64], base: u64) {
        for words in words.chunks_exact_mut(scheme.width.max(1)) {
            for field in &scheme.fields {
                let lies_there = match field.role {
                    Role::Name | Role::Surname | Role::GivenName => words[field.at] & ELSEWHERE == ELSEWHERE,
                    Role::Email | Role::Postcode | Role::Text => words[field.at] != 0,
                    _ => false,
                };
                if lies_there {
                    words[field.at + 1] += base;
                }
            }
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes of memory taken.
    #[must_use]
    pub fn size(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<u64>()).sum::<usize>() + self.arena.capacity() * 2
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Record<'_> {
        Record { words: self.words(row), arena: &self.arena }
    }

    fn words(&self, row: usize) -> &[u64] {
        let from = row % CHUNK * self.width;
        &self.chunks[row / CHUNK][from..from + self.width]
    }

    /// A digest of the first so many records: equal when they are, in this order.
    #[must_use]
    pub fn digest(&self, rows: usize) -> u64 {
        let chunk = |(at, words): (usize, &Vec<u64>)| {
            let rows = rows.saturating_sub(at * CHUNK).min(CHUNK);
            let words = &words[..words.len().min(rows * self.width)];
            words.iter().fold(Digest::default(), |digest, word| digest.number(*word)).finish()
        };
        let chunks: Vec<u64> = self.chunks.par_iter().enumerate().map(chunk).collect();
        let all = chunks.into_iter().take(rows.div_ceil(CHUNK)).fold(Digest::default(), Digest::number);
        all.number(rows as u64).finish()
    }

    /// Asks for the memory of a record ahead of its use; the answer means nothing.
    pub(crate) fn touch(&self, row: u32) -> u64 {
        let words = self.words(row as usize);
        words[0] ^ words[self.width / 2] ^ words[self.width - 1]
    }
}

/// One packed record.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub(crate) words: &'a [u64],
    arena: &'a [u16],
}

/// A name as it is compared.
#[derive(Clone, Copy)]
pub(crate) enum Name<'a> {
    /// Up to 8 units of a Chinese name in plain forms, 16 bits each from the lowest.
    Short(u128),
    Long(&'a [u16]),
}

impl<'a> Record<'a> {
    pub(crate) fn name(&self, at: usize) -> Name<'a> {
        let words = &self.words[at..at + NAME];
        if words[0] & ELSEWHERE == ELSEWHERE {
            return Name::Long(self.at(words[1]));
        }
        Name::Short(u128::from(words[0]) | u128::from(words[1]) << 64)
    }

    pub(crate) fn text(&self, at: usize) -> &'a [u16] {
        self.at(self.words[at + 1])
    }

    fn at(&self, place: u64) -> &'a [u16] {
        let (start, len) = ((place >> 16) as usize, (place & 0xffff) as usize);
        &self.arena[start..start + len]
    }
}

/// Whether values of a role may lie in the arena.
const fn keeps_texts(role: Role) -> bool {
    matches!(role, Role::Name | Role::Surname | Role::GivenName | Role::Email | Role::Postcode | Role::Text)
}

/// Writes one record behind the other.
struct Packer<'a> {
    scheme: &'a Scheme,
    rows: usize,
    records: Records,
    /// The chunk at work.
    words: Vec<u64>,
    /// The text at work, decoded.
    units: Vec<u16>,
}

impl<'a> Packer<'a> {
    fn new(scheme: &'a Scheme, rows: usize) -> Self {
        let records = Records { width: scheme.width, ..Records::default() };
        Self { scheme, rows, records, words: Vec::new(), units: Vec::new() }
    }

    /// Adds empty records to the chunk at work and says where the first begins.
    fn open(&mut self, rows: usize) -> usize {
        let full = CHUNK * self.scheme.width;
        if self.words.len() == full {
            self.records.chunks.push(std::mem::take(&mut self.words));
        }
        if self.words.is_empty() {
            self.words.reserve_exact(full.min((self.rows - self.records.len) * self.scheme.width));
        }
        self.records.len += rows;
        let from = self.words.len();
        self.words.resize(from + rows * self.scheme.width, 0);
        from
    }

    /// Packs some rows of a part of a file, field by field; those whose texts are kept row by row, so that a row's
    /// texts lie where they do whatever follows it.
    fn some(&mut self, rows: Range<usize>, columns: &[Option<&Texts>]) {
        let (start, scheme) = (self.open(rows.len()), self.scheme);
        let (first, width) = (rows.start, scheme.width);
        let there = || scheme.fields.iter().zip(columns).filter_map(|(field, texts)| Some((field, (*texts)?)));
        for (field, texts) in there().filter(|(field, _)| !keeps_texts(field.role)) {
            for row in rows.clone() {
                if let Some(text) = texts.get(row) {
                    self.write(start + (row - first) * width + field.at, field.role, Cell::Text(text));
                }
            }
        }
        for row in rows {
            for (field, texts) in there().filter(|(field, _)| keeps_texts(field.role)) {
                if let Some(text) = texts.get(row) {
                    self.write(start + (row - first) * width + field.at, field.role, Cell::Text(text));
                }
            }
        }
    }

    fn push<'c>(&mut self, cell: impl Fn(usize) -> Cell<'c>) {
        let from = self.open(1);
        for (number, field) in self.scheme.fields.iter().enumerate() {
            match cell(number) {
                Cell::Missing => {}
                cell => self.write(from + field.at, field.role, cell),
            }
        }
    }

    fn done(mut self) -> Records {
        if !self.words.is_empty() {
            self.records.chunks.push(self.words);
        }
        self.records
    }

    fn write(&mut self, at: usize, role: Role, cell: Cell) {
        let words = &mut self.words[at..];
        match role {
            Role::IdNumber => (words[0], words[1]) = encode::id_number(cell),
            Role::Name | Role::Surname | Role::GivenName => self.name(at, cell),
            Role::BirthDate => words[0] = encode::date(cell),
            Role::Sex => words[0] = encode::sex(cell),
            Role::AreaCode => words[0] = self.scheme.successors.today(encode::area(cell)),
            Role::Address => (words[0], words[1], words[2]) = encode::address(cell, &mut self.units),
            Role::Phone => words[0] = encode::phone(cell),
            Role::Email | Role::Postcode | Role::Text => self.text(at, cell),
            Role::Number => words[0] = encode::number(cell),
            Role::HouseholdNo => words[0] = encode::household(cell),
            Role::Ignore => {}
        }
    }

    fn name(&mut self, at: usize, cell: Cell) {
        let Cell::Text(text) = cell else { return };
        chinese::normal_name(text, &mut self.units);
        if self.units.is_empty() {
            return;
        }
        let digest = Digest::default().units(&self.units).finish();
        let is_han = self.units.iter().any(|unit| chinese::is_han(*unit));
        let place = if is_han && self.units.len() <= 8 { None } else { Some(self.keep()) };
        let words = &mut self.words[at..at + NAME];
        words[WRITTEN] = digest;
        if let Some(place) = place {
            (words[0], words[1]) = (ELSEWHERE, place);
            words[SOUNDS] = latin::skeleton(&self.units);
            return;
        }
        let mut sounds = [0; 2];
        for (i, unit) in self.units.iter().enumerate() {
            let sound = match chinese::sound(*unit) {
                0 => *unit,
                sound => sound,
            };
            words[i / 4] |= u64::from(chinese::form(*unit)) << (i % 4 * 16);
            sounds[i / 4] |= u64::from(sound) << (i % 4 * 16);
        }
        words[SOUNDS] = Digest::default().number(sounds[0]).number(sounds[1]).finish();
    }

    fn text(&mut self, at: usize, cell: Cell) {
        let Cell::Text(text) = cell else { return };
        encode::normal_text(text, &mut self.units);
        if !self.units.is_empty() {
            let place = self.keep();
            let words = &mut self.words[at..at + 2];
            (words[0], words[1]) = (Digest::default().units(&self.units).finish(), place);
        }
    }

    /// Keeps the text at work in the arena and says where.
    fn keep(&mut self) -> u64 {
        let start = self.records.arena.len() as u64;
        self.units.truncate(0xfffe);
        self.records.arena.extend_from_slice(&self.units);
        start << 16 | self.units.len() as u64
    }
}
