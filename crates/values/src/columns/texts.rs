//! Texts, one behind the other in one buffer.

/// A column of texts, at four bytes a row beside the texts themselves. An absent text differs from an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub(super) bytes: String,
    /// How many texts are absent before the first that is there: a column nobody delivers takes no memory.
    pub(super) absent: usize,
    /// Where each run of [`RUN`] further texts begins in `bytes`.
    pub(super) begins: Vec<usize>,
    /// End of each further text, counted from the beginning of its run; the highest bit marks an absent one.
    pub(super) ends: Vec<u32>,
}

/// At one megabyte a text, which is the most a reader lets through, a run stays below [`ABSENT`].
const RUN: usize = 1 << 10;
const ABSENT: u32 = 1 << 31;

impl Texts {
    #[must_use]
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self {
            bytes: String::with_capacity(bytes),
            absent: 0,
            begins: Vec::with_capacity(rows / RUN),
            ends: Vec::with_capacity(rows),
        }
    }

    /// # Panics
    /// When a run of texts is longer than two gigabytes: a mistake in the program, since readers limit a cell.
    pub fn push(&mut self, text: Option<&str>) {
        if text.is_none() && self.ends.is_empty() {
            self.absent += 1;
            return;
        }
        if self.ends.len().is_multiple_of(RUN) {
            self.begins.push(self.bytes.len());
        }
        self.bytes.push_str(text.unwrap_or_default());
        let end = self.bytes.len() - self.begins[self.begins.len() - 1];
        assert!(end < ABSENT as usize, "a run of texts of {end} bytes");
        self.ends.push(end as u32 | if text.is_none() { ABSENT } else { 0 });
    }

    /// Adds many rows: their texts one behind the other, and for each row where its text ends, or that it has none.
    ///
    /// # Panics
    /// As [`Texts::push`], and when a text ends within a character.
    pub fn push_joined(&mut self, joined: &str, ends: impl IntoIterator<Item = Option<usize>>) {
        let base = self.bytes.len();
        self.bytes.push_str(joined);
        let mut before = 0;
        for end in ends {
            if end.is_none() && self.ends.is_empty() {
                self.absent += 1;
                continue;
            }
            if self.ends.len().is_multiple_of(RUN) {
                self.begins.push(base + before);
            }
            before = end.unwrap_or(before);
            assert!(joined.is_char_boundary(before), "a text ends within a character");
            let length = base + before - self.begins[self.begins.len() - 1];
            assert!(length < ABSENT as usize, "a run of texts of {length} bytes");
            self.ends.push(length as u32 | if end.is_none() { ABSENT } else { 0 });
        }
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let row = row.checked_sub(self.absent)?;
        let end = self.ends[row];
        if end & ABSENT != 0 {
            return None;
        }
        let begin = self.begins[row / RUN];
        let start = if row.is_multiple_of(RUN) { 0 } else { self.ends[row - 1] & !ABSENT };
        Some(&self.bytes[begin + start as usize..begin + end as usize])
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.absent + self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Some of its texts, in the order named.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        rows.iter().map(|row| self.get(*row as usize)).collect()
    }

    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.begins.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub fn append(&mut self, other: &Self) {
        let end =
            |(row, end): (usize, &u32)| (end & ABSENT == 0).then(|| other.begins[row / RUN] + (end & !ABSENT) as usize);
        let ends = other.ends.iter().enumerate().map(end);
        self.push_joined(&other.bytes, std::iter::repeat_n(None, other.absent).chain(ends));
    }

    /// Parts one behind the other, in no more memory than they need.
    #[must_use]
    pub fn concat(parts: Vec<Self>) -> Self {
        let rows = parts.iter().map(|part| part.ends.len()).sum();
        let mut all = Self::with_capacity(rows, parts.iter().map(|part| part.bytes.len()).sum());
        parts.iter().for_each(|part| all.append(part));
        all
    }

    /// Bytes of memory taken.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.capacity() + self.begins.capacity() * size_of::<usize>() + self.ends.capacity() * size_of::<u32>()
    }
}

impl<'a> FromIterator<Option<&'a str>> for Texts {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(texts: I) -> Self {
        let mut column = Self::default();
        for text in texts {
            column.push(text);
        }
        column
    }
}
