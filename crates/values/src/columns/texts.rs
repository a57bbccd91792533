//! Texts, one behind the other in one buffer.

/// A column of texts, at four bytes a row beside the texts themselves. An absent text differs from an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    /// How many texts are absent before the first that is there: a column nobody delivers takes no memory.
    absent: usize,
    /// Where each run of [`RUN`] further texts begins in `bytes`.
    begins: Vec<usize>,
    /// End of each further text, counted from the beginning of its run; the highest bit marks an absent one.
    ends: Vec<u32>,
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

    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.begins.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub fn append(&mut self, other: &Self) {
        other.iter().for_each(|text| self.push(text));
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
