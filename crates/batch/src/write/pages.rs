//! Pages of text columns written straight from where the texts lie, without a value of its own for each on the way:
//! the two encodings that texts usually have, plain and by dictionary.

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, PageType, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use std::ops::Range;
use values::columns::Texts;

/// Rows of one page whose texts stand in it.
const PAGE: usize = 1 << 15;

/// Texts one behind the other, each with its length in front.
pub(super) fn plain(texts: &Texts, range: &Range<usize>, column: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
    let mut chunk = Chunk::default();
    let mut from = range.start;
    while from < range.end {
        let rows = from..range.end.min(from + PAGE);
        from = rows.end;
        let mut body = levels(rows.len(), rows.clone().map(|row| texts.get(row).is_some()));
        for text in rows.clone().filter_map(|row| texts.get(row)) {
            body.extend_from_slice(&(text.len() as u32).to_le_bytes());
            body.extend_from_slice(text.as_bytes());
        }
        chunk.data(body, rows.len(), Encoding::PLAIN)?;
    }
    chunk.done(column, range.len())
}

/// A list of texts, and each row's number in it.
pub(super) fn listed(list: &Texts, rows: &[u32], column: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
    let mut dictionary = Vec::new();
    let mut places: Vec<Option<u32>> = Vec::with_capacity(list.len());
    let mut next = 0;
    for text in list.iter() {
        places.push(text.map(|_| next));
        let Some(text) = text else { continue };
        dictionary.extend_from_slice(&(text.len() as u32).to_le_bytes());
        dictionary.extend_from_slice(text.as_bytes());
        next += 1;
    }
    let mut chunk = Chunk::default();
    chunk.dictionary(dictionary, next)?;
    let place = |row: &u32| places.get(*row as usize).copied().flatten();
    let mut body = levels(rows.len(), rows.iter().map(|row| place(row).is_some()));
    let width = (u32::BITS - next.saturating_sub(1).leading_zeros()).max(1);
    body.push(width as u8);
    packed(&mut body, width, rows.iter().filter_map(place));
    chunk.data(body, rows.len(), Encoding::RLE_DICTIONARY)?;
    chunk.done(column, rows.len())
}

/// Which rows are there: a length, then one run where all are, else a bit each.
fn levels(rows: usize, there: impl Iterator<Item = bool> + Clone) -> Vec<u8> {
    let mut body = vec![0; 4];
    if there.clone().all(|is_there| is_there) {
        number(&mut body, (rows as u64) << 1);
        body.push(1);
    } else {
        packed(&mut body, 1, there.map(u32::from));
    }
    let len = body.len() as u32 - 4;
    body[..4].copy_from_slice(&len.to_le_bytes());
    body
}

/// One packed run: how many groups of eight numbers, then so many bits each, the last group filled up with 0.
fn packed(body: &mut Vec<u8>, width: u32, numbers: impl Iterator<Item = u32> + Clone) {
    let groups = numbers.clone().count().div_ceil(8) as u64;
    number(body, groups << 1 | 1);
    let (end, mut window, mut bits) = (body.len() + groups as usize * width as usize, 0u64, 0);
    for number in numbers {
        window |= u64::from(number) << bits;
        bits += width;
        while bits >= 8 {
            body.push(window as u8);
            window >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        body.push(window as u8);
    }
    body.resize(end, 0);
}

/// Seven bits a byte, from the lowest; the highest bit says that more follow.
fn number(body: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        body.push(number as u8 | 0x80);
        number >>= 7;
    }
    body.push(number as u8);
}

/// The pages of one column of a row group.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    dictionary_at: Option<u64>,
    data_at: Option<u64>,
    uncompressed: usize,
    compressed: usize,
    encoding: Option<Encoding>,
}

impl Chunk {
    fn dictionary(&mut self, body: Vec<u8>, values: u32) -> Result<()> {
        self.page(&body, |buf| Page::DictionaryPage {
            buf,
            num_values: values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })
    }

    fn data(&mut self, body: Vec<u8>, rows: usize, encoding: Encoding) -> Result<()> {
        self.encoding = Some(encoding);
        self.page(&body, |buf| Page::DataPage {
            buf,
            num_values: rows as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })
    }

    fn page(&mut self, body: &[u8], page: impl FnOnce(Bytes) -> Page) -> Result<()> {
        let packed = zstd::bulk::compress(body, 1).map_err(|e| ParquetError::External(Box::new(e)))?;
        let start = self.bytes.len() as u64;
        let mut sink = TrackedWrite::new(std::mem::take(&mut self.bytes));
        let page = CompressedPage::new(page(packed.into()), body.len());
        let spec = SerializedPageWriter::new(&mut sink).write_page(page)?;
        self.bytes = sink.into_inner()?;
        match spec.page_type {
            PageType::DICTIONARY_PAGE => self.dictionary_at = Some(start),
            _ => self.data_at = self.data_at.or(Some(start)),
        }
        self.uncompressed += spec.uncompressed_size;
        self.compressed += spec.compressed_size;
        Ok(())
    }

    fn done(self, column: ColumnDescPtr, rows: usize) -> Result<(Bytes, ColumnCloseResult)> {
        let encodings = [Some(Encoding::PLAIN), Some(Encoding::RLE), self.encoding.filter(|e| *e != Encoding::PLAIN)];
        let metadata = ColumnChunkMetaData::builder(column)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_encodings(encodings.into_iter().flatten().collect())
            .set_num_values(rows as i64)
            .set_total_compressed_size(self.compressed as i64)
            .set_total_uncompressed_size(self.uncompressed as i64)
            .set_data_page_offset(self.data_at.unwrap_or(0) as i64)
            .set_dictionary_page_offset(self.dictionary_at.map(|at| at as i64))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: self.compressed as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((self.bytes.into(), close))
    }
}
