use super::{Whole, name_of};
use crate::{CellKind, Problem, Result, Wording};
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::data_type::ByteArray;
use parquet::errors::Result as Parquet;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, Type};
use rayon::prelude::*;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use values::columns::{MISSING, MISSING_DAY, Texts};

/// One column to write. Absent values: `None`, [`u32::MAX`], [`MISSING`], [`MISSING_DAY`], `NaN`.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    Text(&'a Texts),
    /// Each row a number into the list: much the quickest for values that repeat.
    Listed(&'a Texts, &'a [u32]),
    Whole(&'a [i64]),
    Real(&'a [f64]),
    Single(&'a [f32]),
    Flag(&'a [bool]),
    /// Days since 1970-01-01.
    Day(&'a [i32]),
}

/// Rows of one row group: what a reader takes up at a time.
pub const ROW_GROUP: usize = 1 << 18;
/// Rows handed to the encoder at a time.
const STEP: usize = 1 << 14;

/// Writes a Parquet file (zstd, dictionaries) from columns of one length, encoding them in parallel.
///
/// # Errors
/// When the disk is full or refuses; nothing is left behind then.
pub fn write_parquet(path: &Path, columns: &[(&str, Values<'_>)]) -> Result<()> {
    let kinds: Vec<_> = columns.iter().map(|(name, values)| (*name, values.kind())).collect();
    let values: Vec<_> = columns.iter().map(|(_, values)| *values).collect();
    let mut writer = ParquetWriter::create(path, &kinds)?;
    writer.write(&values)?;
    writer.finish()
}

/// A Parquet file written part by part, so that no more than a part of it is ever in memory.
pub struct ParquetWriter {
    path: PathBuf,
    writer: SerializedFileWriter<Whole>,
    properties: WriterPropertiesPtr,
    /// The same without dictionaries, for values that hardly repeat.
    plain: WriterPropertiesPtr,
}

impl ParquetWriter {
    /// # Errors
    /// When the file can't be made.
    pub fn create(path: &Path, columns: &[(&str, CellKind)]) -> Result<Self> {
        let failed = |e| failed(path, &e);
        let level = ZstdLevel::try_new(1).map_err(failed)?;
        let properties = || {
            WriterProperties::builder()
                .set_compression(Compression::ZSTD(level))
                .set_statistics_enabled(EnabledStatistics::Chunk)
                .set_created_by("fuzhi".to_owned())
        };
        let plain = Arc::new(properties().set_dictionary_enabled(false).build());
        let properties = Arc::new(properties().build());
        let fields: Parquet<Vec<_>> = columns.iter().map(|(name, kind)| field(name, *kind).map(Arc::new)).collect();
        let schema = Type::group_type_builder("rows").with_fields(fields.map_err(failed)?).build().map_err(failed)?;
        let whole = Whole::create(path)?;
        let writer = SerializedFileWriter::new(whole, Arc::new(schema), Arc::clone(&properties)).map_err(failed)?;
        Ok(Self { path: path.to_owned(), writer, properties, plain })
    }

    /// Appends rows: the columns of [`ParquetWriter::create`], in their order, of one length.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn write(&mut self, columns: &[Values<'_>]) -> Result<()> {
        let rows = columns.first().map_or(0, Values::len);
        let mut from = 0;
        while from < rows {
            let range = from..rows.min(from + ROW_GROUP);
            from = range.end;
            self.write_group(columns, &range).map_err(|e| failed(&self.path, &e))?;
        }
        Ok(())
    }

    fn write_group(&mut self, columns: &[Values<'_>], range: &Range<usize>) -> Parquet<()> {
        let schema = self.writer.schema_descr().clone();
        let encoded: Parquet<Vec<(Bytes, ColumnCloseResult)>> = columns
            .par_iter()
            .enumerate()
            .map(|(i, values)| {
                let (column, repeat) = (schema.column(i), values.repeat(range));
                match values {
                    Values::Listed(list, rows) => super::pages::listed(list, &rows[range.clone()], column),
                    Values::Text(texts) if !repeat => super::pages::plain(texts, range, column),
                    _ => encode(values, range, column, if repeat { &self.properties } else { &self.plain }),
                }
            })
            .collect();
        let mut group = self.writer.next_row_group()?;
        for (bytes, close) in encoded? {
            group.append_column(&bytes, close)?;
        }
        group.close().map(|_| ())
    }

    /// # Errors
    /// When the disk is full or refuses; nothing is left behind then.
    pub fn finish(self) -> Result<()> {
        let whole = self.writer.into_inner().map_err(|e| failed(&self.path, &e))?;
        whole.finish()
    }
}

fn field(name: &str, kind: CellKind) -> Parquet<Type> {
    let (physical, logical) = match kind {
        CellKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        CellKind::Whole => (Physical::INT64, None),
        CellKind::Real => (Physical::DOUBLE, None),
        CellKind::Single => (Physical::FLOAT, None),
        CellKind::Flag => (Physical::BOOLEAN, None),
        CellKind::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

fn encode(
    values: &Values<'_>,
    range: &Range<usize>,
    column: ColumnDescPtr,
    properties: &WriterPropertiesPtr,
) -> Parquet<(Bytes, ColumnCloseResult)> {
    let mut sink = TrackedWrite::new(Vec::new());
    let mut writer = get_column_writer(column, Arc::clone(properties), Box::new(SerializedPageWriter::new(&mut sink)));
    // The absent entries are told by levels: 0 is absent, 1 is there.
    let mut levels = Vec::with_capacity(STEP);
    let mut from = range.start;
    while from < range.end {
        let step = from..range.end.min(from + STEP);
        from = step.end;
        levels.clear();
        write_step(values, step, &mut writer, &mut levels)?;
    }
    // Pages written by `pages.rs` have no index, and a file has one for all columns or for none.
    let close = ColumnCloseResult { column_index: None, offset_index: None, ..writer.close()? };
    Ok((sink.into_inner()?.into(), close))
}

fn write_step(
    values: &Values<'_>,
    step: Range<usize>,
    writer: &mut ColumnWriter<'_>,
    levels: &mut Vec<i16>,
) -> Parquet<usize> {
    fn present<T: Copy>(rows: &[T], levels: &mut Vec<i16>, is_there: impl Fn(T) -> bool) -> Vec<T> {
        levels.extend(rows.iter().map(|value| i16::from(is_there(*value))));
        rows.iter().copied().filter(|value| is_there(*value)).collect()
    }
    match (values, writer) {
        (Values::Text(texts), ColumnWriter::ByteArrayColumnWriter(writer)) => {
            writer.write_batch(&slices(step.map(|row| texts.get(row)), levels), Some(levels), None)
        }
        (Values::Whole(rows), ColumnWriter::Int64ColumnWriter(writer)) => {
            writer.write_batch(&present(&rows[step], levels, |v| v != MISSING), Some(levels), None)
        }
        (Values::Real(rows), ColumnWriter::DoubleColumnWriter(writer)) => {
            writer.write_batch(&present(&rows[step], levels, |v| !v.is_nan()), Some(levels), None)
        }
        (Values::Single(rows), ColumnWriter::FloatColumnWriter(writer)) => {
            writer.write_batch(&present(&rows[step], levels, |v| !v.is_nan()), Some(levels), None)
        }
        (Values::Flag(rows), ColumnWriter::BoolColumnWriter(writer)) => {
            writer.write_batch(&present(&rows[step], levels, |_| true), Some(levels), None)
        }
        (Values::Day(rows), ColumnWriter::Int32ColumnWriter(writer)) => {
            writer.write_batch(&present(&rows[step], levels, |v| v != MISSING_DAY), Some(levels), None)
        }
        _ => Err(parquet::errors::ParquetError::General("a column of another kind than was announced".into())),
    }
}

/// Some rows' texts as slices of one buffer.
fn slices<'a>(texts: impl ExactSizeIterator<Item = Option<&'a str>>, levels: &mut Vec<i16>) -> Vec<ByteArray> {
    let mut buffer = Vec::new();
    let mut ends = Vec::with_capacity(texts.len());
    for text in texts {
        levels.push(i16::from(text.is_some()));
        if let Some(text) = text {
            buffer.extend_from_slice(text.as_bytes());
            ends.push(buffer.len());
        }
    }
    let buffer = Bytes::from(buffer);
    let mut start = 0;
    let slice = |end| ByteArray::from(buffer.slice(std::mem::replace(&mut start, end)..end));
    ends.into_iter().map(slice).collect()
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Listed(_, rows) => rows.len(),
            Self::Whole(rows) => rows.len(),
            Self::Real(rows) => rows.len(),
            Self::Single(rows) => rows.len(),
            Self::Flag(rows) => rows.len(),
            Self::Day(rows) => rows.len(),
        }
    }

    /// Whether values of a range repeat often enough for a dictionary to pay, by the first of them.
    fn repeat(&self, range: &Range<usize>) -> bool {
        const LOOKED_AT: usize = 1_024;
        fn repeat<T: Ord>(mut values: Vec<T>) -> bool {
            let all = values.len();
            values.sort_unstable();
            values.dedup();
            values.len() * 4 < all * 3
        }
        let first = range.start..range.end.min(range.start + LOOKED_AT);
        match self {
            Self::Text(texts) => repeat(first.map(|row| texts.get(row)).collect()),
            Self::Whole(rows) => repeat(rows[first].to_vec()),
            Self::Real(rows) => repeat(rows[first].iter().map(|value| value.to_bits()).collect()),
            Self::Single(rows) => repeat(rows[first].iter().map(|value| value.to_bits()).collect()),
            Self::Listed(..) | Self::Flag(_) | Self::Day(_) => true,
        }
    }

    const fn kind(&self) -> CellKind {
        match self {
            Self::Text(_) | Self::Listed(..) => CellKind::Text,
            Self::Whole(_) => CellKind::Whole,
            Self::Real(_) => CellKind::Real,
            Self::Single(_) => CellKind::Single,
            Self::Flag(_) => CellKind::Flag,
            Self::Day(_) => CellKind::Day,
        }
    }
}

fn failed(path: &Path, error: &parquet::errors::ParquetError) -> Problem {
    if let parquet::errors::ParquetError::External(source) = error
        && let Some(error) = source.downcast_ref::<std::io::Error>()
    {
        return Problem::unwritable(&name_of(path), error);
    }
    Problem::new(
        &name_of(path),
        Wording::new(format!("写入 Parquet 失败：{error}"), format!("writing Parquet failed: {error}")),
        Wording::new("请检查磁盘后重试", "check the disk and run again"),
    )
}
