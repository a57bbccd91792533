//! Texts straight from the pages of a Parquet column, without a value of its own for each on the way: the two
//! encodings that texts usually have, plain and by dictionary.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use values::columns::Texts;

/// Whether all pages of a column chunk can be read here.
pub(super) fn is_usual(chunk: &ColumnChunkMetaData) -> bool {
    let (depth, repeated) = (chunk.column_descr().max_def_level(), chunk.column_descr().max_rep_level());
    depth <= 1 && repeated == 0 && chunk.encodings().all(is_known)
}

const fn is_known(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::PLAIN | Encoding::RLE | Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY)
}

/// Adds the texts of `rows` rows from row `from` on, none where there is none; the numbers of rows whose bytes are no
/// text go to `wrong`, counted from 1. `open` gives the column's pages from the first on.
///
/// # Errors
/// When a page says what it doesn't hold.
pub(super) fn read(
    open: impl Fn() -> Result<Box<dyn PageReader>>,
    is_optional: bool,
    (from, rows): (usize, usize),
    texts: &mut Texts,
    wrong: &mut Vec<u32>,
) -> Result<()> {
    let mut pages = open()?;
    let (mut before, mut left) = (from, rows);
    let mut dictionary = None;
    let mut joined = Joined::default();
    while left > 0 {
        let about = pages.peek_next_page()?.ok_or_else(too_short)?;
        // Most parts of a file need no dictionary: values that hardly repeat have one for their first rows only.
        if about.is_dict {
            pages.skip_next_page()?;
            continue;
        }
        if let Some(rows) = about.num_rows.or(about.num_levels).filter(|rows| *rows <= before) {
            before -= rows;
            pages.skip_next_page()?;
            continue;
        }
        let (body, levels, values, encoding) = match pages.get_next_page()?.ok_or_else(too_short)? {
            Page::DictionaryPage { .. } => continue,
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
                if dictionary.is_none() {
                    dictionary = Some(Dictionary::first(open()?)?);
                }
                Cells::Listed(Runs::new(numbers, u32::from(*width)), dictionary.as_ref().ok_or_else(too_short)?)
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
                joined.push(cell);
            }
        }
        joined.hand_on(texts, wrong);
    }
    Ok(())
}

/// Cells one behind the other, so that all are looked through at once for bytes that are no text.
#[derive(Default)]
struct Joined {
    bytes: Vec<u8>,
    ends: Vec<Option<usize>>,
}

impl Joined {
    fn push(&mut self, cell: Option<&[u8]>) {
        let end = cell.map(|cell| {
            self.bytes.extend_from_slice(cell);
            self.bytes.len()
        });
        self.ends.push(end);
    }

    fn hand_on(&mut self, texts: &mut Texts, wrong: &mut Vec<u32>) {
        let text = simdutf8::basic::from_utf8(&self.bytes).ok();
        match text.filter(|text| self.ends.iter().flatten().all(|end| text.is_char_boundary(*end))) {
            Some(text) => texts.push_joined(text, self.ends.iter().copied()),
            None => {
                let mut start = 0;
                for end in &self.ends {
                    super::parquet::push(
                        texts,
                        wrong,
                        end.map(|end| &self.bytes[std::mem::replace(&mut start, end)..end]),
                    );
                }
            }
        }
        self.bytes.clear();
        self.ends.clear();
    }
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

/// The values that others are numbers into.
struct Dictionary {
    body: Bytes,
    /// Where each value begins and ends.
    places: Vec<(u32, u32)>,
}

impl Dictionary {
    /// The dictionary that a column begins with.
    fn first(mut pages: Box<dyn PageReader>) -> Result<Self> {
        let Some(Page::DictionaryPage { buf: body, num_values, .. }) = pages.get_next_page()? else {
            return Err(ParquetError::EOF("a column has no dictionary".into()));
        };
        let mut places = Vec::with_capacity(num_values as usize);
        let mut rest = &body[..];
        for _ in 0..num_values {
            let text = take_text(&mut rest).ok_or_else(too_short)?;
            let end = body.len() - rest.len();
            places.push(((end - text.len()) as u32, end as u32));
        }
        Ok(Self { body, places })
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
