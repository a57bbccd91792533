//! Parquet: each block is some rows of a row group, their values written out as text.

use super::columns::{present, take};
use super::pages::is_usual;
use super::{Blocks, Cut, Parse, damaged};
use crate::{Chunk, Fault, FaultKind, Problem, Result, Wording};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::Result as Parquet;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use std::collections::VecDeque;
use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use values::Day;
use values::columns::Texts;

const BLOCK_ROWS: usize = 1 << 17;

pub(super) fn open(name: &str, path: &Path) -> Result<Blocks> {
    let reader = reader(name, path)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    // Lists and maps have no cell a row: they are not columns here.
    let flat: Vec<usize> = (0..schema.num_columns()).filter(|i| schema.column(*i).max_rep_level() == 0).collect();
    let header: Vec<String> = flat.iter().map(|i| schema.column(*i).path().string()).collect();
    if header.is_empty() {
        return Err(Problem::new(
            name,
            Wording::new("文件中没有普通列", "the file has no plain columns"),
            Wording::new("请导出为一行一条记录的平面表", "export a flat table, one record a row"),
        ));
    }
    let mut left = VecDeque::new();
    for group in 0..reader.num_row_groups() {
        let rows = usize::try_from(reader.metadata().row_group(group).num_rows()).unwrap_or(0);
        for from in (0..rows).step_by(BLOCK_ROWS) {
            left.push_back((group, from, BLOCK_ROWS.min(rows - from)));
        }
    }
    let all = left.len();
    Ok(Blocks::new(header, Groups { name: name.to_owned(), path: path.to_owned(), flat, left, all }))
}

fn reader(name: &str, path: &Path) -> Result<SerializedFileReader<File>> {
    let file = File::open(path).map_err(|e| Problem::unreadable(name, &e))?;
    SerializedFileReader::new(file).map_err(|e| damaged(name, "Parquet", &e))
}

struct Groups {
    name: String,
    path: PathBuf,
    flat: Vec<usize>,
    /// Row group, first row, number of rows.
    left: VecDeque<(usize, usize, usize)>,
    /// How many parts there were at first.
    all: usize,
}

impl Cut for Groups {
    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>> {
        Ok(self.left.pop_front().map(|(group, from, rows)| {
            let part =
                Part { name: self.name.clone(), path: self.path.clone(), flat: self.flat.clone(), group, from, rows };
            Box::new(part) as Box<dyn Parse>
        }))
    }

    fn share(&self) -> f64 {
        1.0 - self.left.len() as f64 / self.all.max(1) as f64
    }
}

struct Part {
    name: String,
    path: PathBuf,
    flat: Vec<usize>,
    group: usize,
    from: usize,
    rows: usize,
}

impl Parse for Part {
    fn parse(self: Box<Self>, wanted: &[usize]) -> Result<Chunk> {
        // Each block has a reader of its own: readers of one open file would share its position.
        let reader = reader(&self.name, &self.path)?;
        self.columns(&reader, wanted).map_err(|e| damaged(&self.name, "Parquet", &e))
    }
}

impl Part {
    fn columns(&self, file: &SerializedFileReader<File>, wanted: &[usize]) -> Parquet<Chunk> {
        let schema = file.metadata().file_metadata().schema_descr();
        let group = file.get_row_group(self.group)?;
        let rows = u32::try_from(self.rows).unwrap_or(u32::MAX);
        let mut chunk = Chunk { rows, numbers: (1..=rows).collect(), ..Chunk::default() };
        for (place, column) in wanted.iter().enumerate() {
            let index = self.flat[*column];
            let about = schema.column(index);
            let mut cells = Cells {
                texts: Texts::with_capacity(self.rows, self.rows * 12),
                wrong: Vec::new(),
                text: String::new(),
                about: &about,
                from: self.from,
                rows: self.rows,
            };
            if about.physical_type() == Type::BYTE_ARRAY
                && !is_decimal(&about)
                && is_usual(group.metadata().column(index))
            {
                cells.pages(|| group.get_column_page_reader(index))?;
            } else {
                cells.read(group.get_column_reader(index)?)?;
            }
            let fault = |row| Fault { row, column: Some(place), kind: FaultKind::NotText };
            chunk.faults.extend(cells.wrong.into_iter().map(fault));
            chunk.columns.push(cells.texts);
        }
        Ok(chunk)
    }
}

/// One column on its way to text.
struct Cells<'a> {
    texts: Texts,
    wrong: Vec<u32>,
    text: String,
    about: &'a ColumnDescriptor,
    from: usize,
    rows: usize,
}

impl Cells<'_> {
    fn read(&mut self, reader: ColumnReader) -> Parquet<()> {
        let about = self.about;
        let scale = u32::try_from(about.type_scale()).unwrap_or(0);
        let is_decimal = is_decimal(about);
        let is_date = matches!(about.logical_type_ref(), Some(LogicalType::Date))
            || about.converted_type() == ConvertedType::DATE;
        let tick = ticks_a_second(about);
        match reader {
            ColumnReader::BoolColumnReader(r) => self.each(r, |v, text| write!(text, "{v}").is_ok()),
            ColumnReader::Int32ColumnReader(r) if is_date => {
                self.each(r, |v, text| write!(text, "{}", Day(*v)).is_ok())
            }
            ColumnReader::Int32ColumnReader(r) if is_decimal => self.each(r, |v, t| decimal(i128::from(*v), scale, t)),
            ColumnReader::Int32ColumnReader(r) => self.each(r, |v, text| write!(text, "{v}").is_ok()),
            ColumnReader::Int64ColumnReader(r) if is_decimal => self.each(r, |v, t| decimal(i128::from(*v), scale, t)),
            ColumnReader::Int64ColumnReader(r) => match tick {
                Some(tick) => self.each(r, |v, text| moment(*v, tick, text)),
                None => self.each(r, |v, text| write!(text, "{v}").is_ok()),
            },
            ColumnReader::Int96ColumnReader(r) => self.each(r, |v, text| moment(v.to_millis(), 1_000, text)),
            ColumnReader::FloatColumnReader(r) => self.each(r, |v, text| super::real_text(f64::from(*v), text)),
            ColumnReader::DoubleColumnReader(r) => self.each(r, |v, text| super::real_text(*v, text)),
            ColumnReader::ByteArrayColumnReader(r) if is_decimal => self.each(r, |v, t| big_endian(v.data(), scale, t)),
            ColumnReader::ByteArrayColumnReader(r) => self.texts(r),
            ColumnReader::FixedLenByteArrayColumnReader(r) => {
                self.each(r, |v, text| is_decimal && big_endian(v.data(), scale, text))
            }
        }
    }

    fn texts(&mut self, mut reader: ColumnReaderImpl<parquet::data_type::ByteArrayType>) -> Parquet<()> {
        reader.skip_records(self.from)?;
        let (values, levels): (Vec<ByteArray>, _) = take(&mut reader, self.rows)?;
        let mut values = values.iter();
        let (texts, wrong) = (&mut self.texts, &mut self.wrong);
        present(&levels, self.about.max_def_level(), self.rows, |there| {
            push(texts, wrong, if there { values.next().map(ByteArray::data) } else { None });
        });
        Ok(())
    }

    fn pages(&mut self, open: impl Fn() -> Parquet<Box<dyn PageReader>>) -> Parquet<()> {
        let is_optional = self.about.max_def_level() > 0;
        super::pages::read(open, is_optional, (self.from, self.rows), &mut self.texts, &mut self.wrong)
    }

    /// Writes each value as text; `false` from `write` marks what can't be written.
    fn each<D: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<D>,
        write: impl Fn(&D::T, &mut String) -> bool,
    ) -> Parquet<()> {
        reader.skip_records(self.from)?;
        let (values, levels) = take(&mut reader, self.rows)?;
        let mut values = values.iter();
        let (texts, wrong, text) = (&mut self.texts, &mut self.wrong, &mut self.text);
        present(&levels, self.about.max_def_level(), self.rows, |there| {
            let Some(value) = (if there { values.next() } else { None }) else { return texts.push(None) };
            text.clear();
            if write(value, text) {
                texts.push(Some(text));
            } else {
                wrong.push(texts.len() as u32 + 1);
                texts.push(None);
            }
        });
        Ok(())
    }
}

/// Adds a row's text, or notes that its bytes are none.
pub(super) fn push(texts: &mut Texts, wrong: &mut Vec<u32>, bytes: Option<&[u8]>) {
    let text = bytes.map(std::str::from_utf8);
    if let Some(Err(_)) = text {
        wrong.push(texts.len() as u32 + 1);
    }
    texts.push(text.and_then(std::result::Result::ok));
}

fn is_decimal(about: &ColumnDescriptor) -> bool {
    matches!(about.logical_type_ref(), Some(LogicalType::Decimal(_)))
        || about.converted_type() == ConvertedType::DECIMAL
}

fn ticks_a_second(about: &ColumnDescriptor) -> Option<i64> {
    match (about.logical_type_ref(), about.converted_type()) {
        (Some(LogicalType::Timestamp(about)), _) => Some(match about.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        }),
        (_, ConvertedType::TIMESTAMP_MILLIS) => Some(1_000),
        (_, ConvertedType::TIMESTAMP_MICROS) => Some(1_000_000),
        _ => None,
    }
}

fn moment(ticks: i64, tick: i64, text: &mut String) -> bool {
    let seconds = ticks.div_euclid(tick);
    let Ok(day) = i32::try_from(seconds.div_euclid(86_400)) else { return false };
    let rest = seconds.rem_euclid(86_400);
    let written = write!(text, "{}", Day(day)).is_ok();
    written && (rest == 0 || write!(text, " {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60).is_ok())
}

fn decimal(value: i128, scale: u32, text: &mut String) -> bool {
    let Some(unit) = 10u128.checked_pow(scale) else { return false };
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let written = write!(text, "{sign}{whole}").is_ok();
    written && (scale == 0 || write!(text, ".{rest:0width$}", width = scale as usize).is_ok())
}

fn big_endian(bytes: &[u8], scale: u32, text: &mut String) -> bool {
    let Some(first) = bytes.first().filter(|_| bytes.len() <= 16) else { return false };
    let start = if *first & 0x80 == 0 { 0 } else { -1i128 };
    decimal(bytes.iter().fold(start, |value, byte| value << 8 | i128::from(*byte)), scale, text)
}
