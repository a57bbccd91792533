use crate::{Problem, Result, Wording};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::Result as Parquet;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::path::Path;
use values::columns::{MISSING, MISSING_DAY, Texts};

/// The type a column is wanted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Whole,
    Real,
    Flag,
    Day,
}

/// A column read back; absent values as in [`crate::Values`], an absent flag is `false`.
#[derive(Clone, Debug, PartialEq)]
pub enum Loaded {
    Text(Texts),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Flag(Vec<bool>),
    Day(Vec<i32>),
}

/// Reads columns of a Parquet file by name.
///
/// # Errors
/// When it is missing or damaged, or a column isn't there in the type wanted: the problem names it.
pub fn read_parquet(path: &Path, wanted: &[(&str, Kind)]) -> Result<Vec<Loaded>> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|e| Problem::unreadable(&name, &e))?;
    let reader = SerializedFileReader::new(file).map_err(|e| super::damaged(&name, "Parquet", &e))?;
    wanted
        .iter()
        .map(|(column, kind)| {
            read_column(&reader, column, *kind)
                .map_err(|e| super::damaged(&name, "Parquet", &e))?
                .ok_or_else(|| not_there(&name, column, *kind))
        })
        .collect()
}

fn not_there(file: &str, column: &str, kind: Kind) -> Problem {
    Problem::new(
        file,
        Wording::new(
            format!("没有类型为 {kind:?} 的列 {column}"),
            format!("it has no column {column} of type {kind:?}"),
        ),
        Wording::new("请核对文件是否为所需的那一份", "check whether this is the file that was meant"),
    )
    .in_column(column)
}

fn read_column(file: &SerializedFileReader<std::fs::File>, name: &str, kind: Kind) -> Parquet<Option<Loaded>> {
    let schema = file.metadata().file_metadata().schema_descr();
    let Some(index) = schema.columns().iter().position(|column| column.name() == name) else { return Ok(None) };
    let depth = schema.column(index).max_def_level();
    let mut loaded = match kind {
        Kind::Text => Loaded::Text(Texts::default()),
        Kind::Whole => Loaded::Whole(Vec::new()),
        Kind::Real => Loaded::Real(Vec::new()),
        Kind::Flag => Loaded::Flag(Vec::new()),
        Kind::Day => Loaded::Day(Vec::new()),
    };
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let reader = group.get_column_reader(index)?;
        if !append(&mut loaded, reader, rows, depth)? {
            return Ok(None);
        }
    }
    Ok(Some(loaded))
}

/// `false` where the file's type isn't the one wanted.
fn append(loaded: &mut Loaded, reader: ColumnReader, rows: usize, depth: i16) -> Parquet<bool> {
    match (loaded, reader) {
        (Loaded::Text(texts), ColumnReader::ByteArrayColumnReader(mut reader)) => {
            let (values, levels) = take(&mut reader, rows)?;
            let mut values = values.iter();
            present(&levels, depth, rows, |there| {
                let bytes = if there { values.next() } else { None };
                texts.push(bytes.and_then(|bytes| std::str::from_utf8(bytes.data()).ok()));
            });
        }
        (Loaded::Whole(to), ColumnReader::Int64ColumnReader(r)) => fill(to, r, rows, depth, MISSING, |v| v)?,
        (Loaded::Whole(to), ColumnReader::Int32ColumnReader(r)) => fill(to, r, rows, depth, MISSING, i64::from)?,
        (Loaded::Real(to), ColumnReader::DoubleColumnReader(r)) => fill(to, r, rows, depth, f64::NAN, |v| v)?,
        (Loaded::Real(to), ColumnReader::FloatColumnReader(r)) => fill(to, r, rows, depth, f64::NAN, f64::from)?,
        (Loaded::Flag(to), ColumnReader::BoolColumnReader(r)) => fill(to, r, rows, depth, false, |v| v)?,
        (Loaded::Day(to), ColumnReader::Int32ColumnReader(r)) => fill(to, r, rows, depth, MISSING_DAY, |v| v)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn fill<D: DataType, T: Copy>(
    to: &mut Vec<T>,
    mut reader: ColumnReaderImpl<D>,
    rows: usize,
    depth: i16,
    absent: T,
    convert: impl Fn(D::T) -> T,
) -> Parquet<()> {
    let (values, levels) = take(&mut reader, rows)?;
    let mut values = values.into_iter();
    present(&levels, depth, rows, |there| {
        let value = if there { values.next() } else { None };
        to.push(value.map_or(absent, &convert));
    });
    Ok(())
}

/// All values of the next rows, and for each row how deep it is defined.
pub(super) fn take<D: DataType>(reader: &mut ColumnReaderImpl<D>, rows: usize) -> Parquet<(Vec<D::T>, Vec<i16>)> {
    let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut read = 0;
    while read < rows {
        let (records, _, _) = reader.read_records(rows - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    Ok((values, levels))
}

/// Calls `push` once a row, telling whether the row has a value.
pub(super) fn present(levels: &[i16], depth: i16, rows: usize, mut push: impl FnMut(bool)) {
    if depth == 0 {
        (0..rows).for_each(|_| push(true));
    } else {
        levels.iter().for_each(|level| push(*level == depth));
    }
}
