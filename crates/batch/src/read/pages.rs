//! Texts straight from the pages of a Parquet column, without a value of its own for each on the way: the two
//! encodings that texts usually have, plain and by dictionary.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

/// Whether all pages of a column chunk can be read here.
pub(super) fn is_usual(chunk: &ColumnChunkMetaData) -> bool {
    let (depth, repeated) = (chunk.column_descr().max_def_level(), chunk.column_descr().max_rep_level());
    depth <= 1 && repeated == 0 && chunk.encodings().all(is_known)
}

const fn is_known(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::PLAIN | Encoding::RLE | Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY)
}

/// Gives the bytes of each of `rows` rows from row `from` on, `None` where there are none.
///
/// # Errors
/// When a page says what it doesn't hold.
pub(super) fn read(
    mut pages: Box<dyn PageReader>,
    is_optional: bool,
    from: usize,
    rows: usize,
    mut take: impl FnMut(Option<&[u8]>),
) -> Result<()> {
    let (mut before, mut left) = (from, rows);
    let mut dictionary = Dictionary::default();
    while left > 0 {
        let about = pages.peek_next_page()?.ok_or_else(too_short)?;
        if let Some(rows) = about.num_rows.or(about.num_levels).filter(|rows| !about.is_dict && *rows <= before) {
            before -= rows;
            pages.skip_next_page()?;
            continue;
        }
        let (body, levels, values, encoding) = match pages.get_next_page()?.ok_or_else(too_short)? {
            Page::DictionaryPage { buf, num_values, .. } => {
                dictionary = Dictionary { body: buf, len: num_values as usize, places: Vec::new() };
                continue;
            }
            Page::DataPage { buf, num_values, encoding, .. } => {
                let levels = if is_optional { little(&buf).ok_or_else(too_short)? + 4 } else { 0 };
                (buf, levels.min(4)..levels, num_values as usize, encoding)
            }
            Page::DataPageV2 { buf, num_rows, encoding, def_levels_byte_len, .. } => {
                (buf, 0..def_levels_byte_len as usize, num_rows as usize, encoding)
            }
        };
        let (start, end) = (levels.start, levels.end);
        let mut there = Runs::new(body.get(start..end).ok_or_else(too_short)?, 1);
        let mut cells = match encoding {
            Encoding::PLAIN => Cells::Plain(&body[end..]),
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let (width, numbers) = body[end..].split_first().unwrap_or((&0, &[]));
                dictionary.take_places()?;
                Cells::Listed(Runs::new(numbers, u32::from(*width)), &dictionary)
            }
            other => return Err(ParquetError::NYI(format!("texts encoded as {other}"))),
        };
        for _ in 0..values.min(before + left) {
            let is_there = !is_optional || there.next().ok_or_else(too_short)? == 1;
            let cell = if is_there { Some(cells.next().ok_or_else(too_short)?) } else { None };
            if before > 0 {
                before -= 1;
            } else {
                left -= 1;
                take(cell);
            }
        }
    }
    Ok(())
}

fn too_short() -> ParquetError {
    ParquetError::EOF("a column ends before its last row".into())
}

/// The number in the first four bytes.
fn little(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(|four| u32::from_le_bytes(*four) as usize)
}

/// A text with its length in front of it, taken off the front.
fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = little(bytes)?;
    let text = bytes.get(4..4 + len)?;
    *bytes = &bytes[4 + len..];
    Some(text)
}

#[derive(Default)]
struct Dictionary {
    body: Bytes,
    len: usize,
    /// Where each value begins and ends; found when the first page asks.
    places: Vec<(u32, u32)>,
}

impl Dictionary {
    fn take_places(&mut self) -> Result<()> {
        if !self.places.is_empty() {
            return Ok(());
        }
        let mut rest = &self.body[..];
        for _ in 0..self.len {
            let text = take_text(&mut rest).ok_or_else(too_short)?;
            let end = self.body.len() - rest.len();
            self.places.push(((end - text.len()) as u32, end as u32));
        }
        Ok(())
    }
}

/// The values of a page that are there.
enum Cells<'a> {
    Plain(&'a [u8]),
    Listed(Runs<'a>, &'a Dictionary),
}

impl<'a> Cells<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        match self {
            Self::Plain(rest) => take_text(rest),
            Self::Listed(numbers, dictionary) => {
                let (start, end) = dictionary.places.get(numbers.next()? as usize)?;
                dictionary.body.get(*start as usize..*end as usize)
            }
        }
    }
}

/// Small numbers in runs: one repeated, or several packed bit by bit (Parquet's RLE/bit-packing hybrid).
struct Runs<'a> {
    bytes: &'a [u8],
    width: u32,
    left: usize,
    /// The number that repeats; `None` in a packed run.
    repeated: Option<u32>,
    window: u64,
    bits: u32,
}

impl<'a> Runs<'a> {
    const fn new(bytes: &'a [u8], width: u32) -> Self {
        Self { bytes, width, left: 0, repeated: None, window: 0, bits: 0 }
    }

    fn byte(&mut self) -> Option<u64> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(u64::from(*byte))
    }

    /// Reads the head of the next run.
    fn begin(&mut self) -> Option<()> {
        let (mut head, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            head |= (byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        (self.window, self.bits) = (0, 0);
        if head & 1 == 1 {
            self.left = usize::try_from(head >> 1).ok()?.checked_mul(8)?;
            self.repeated = None;
            return Some(());
        }
        self.left = usize::try_from(head >> 1).ok()?;
        let mut value = 0;
        for place in 0..self.width.div_ceil(8) {
            value |= self.byte()?.checked_shl(8 * place)?;
        }
        self.repeated = Some(value as u32);
        Some(())
    }

    fn next(&mut self) -> Option<u32> {
        while self.left == 0 {
            self.begin()?;
        }
        self.left -= 1;
        if let Some(value) = self.repeated {
            return Some(value);
        }
        while self.bits < self.width.min(32) {
            self.window |= self.byte()? << self.bits;
            self.bits += 8;
        }
        let value = self.window & ((1 << self.width.min(32)) - 1);
        self.window >>= self.width.min(32);
        self.bits -= self.width.min(32);
        Some(value as u32)
    }
}
