//! The own fields of a chunk, each with its dictionary type.

use super::cells::Cells;
use super::fingerprint::{ABSENT, fold, of_text};
use super::{keys, surface, tidy};
use crate::dictionary::{Field, FieldKind};
use crate::package::{FieldSpec, Unit};
use crate::quality::{Change, Tally};
use crate::rejects::Reason;
use rustc_hash::FxHashMap;
use values::columns::{Codes, Column, MISSING, MISSING_DAY, Table};
use values::{Day, Fen, MoneyError, MoneyUnit, Month, PartialDay, Precision, Truth};

/// Reads one own field's column.
pub(super) fn read(field: &'static Field, spec: &FieldSpec, typed: bool, cells: &mut Cells<'_>) -> Column {
    match field.kind {
        FieldKind::Text => Column::Text(cells.texts(|cell, tally| {
            let mapped = spec.codes.iter().find(|(theirs, _)| theirs == cell);
            Ok(match mapped {
                Some((_, ours)) => ours.clone().into(),
                None => tidy::text(cell, tally),
            })
        })),
        FieldKind::Code => Column::Code(codes(field, spec, cells)),
        FieldKind::Money => Column::Money(money(spec, cells)),
        FieldKind::Number => Column::Number(cells.each(MISSING, |cell, tally| number(cell, field, spec, tally))),
        FieldKind::Count => Column::Count(cells.each(MISSING, |cell, _| count(cell, field, spec))),
        FieldKind::Day => Column::Day(cells.each(MISSING_DAY, |cell, _| {
            let read = keys::day(cell, spec, typed)?;
            Ok(if field.end { last_of(read).0 } else { read.day.0 })
        })),
        FieldKind::Flag => Column::Flag(cells.each(Truth::Undetermined, |cell, _| flag(cell, spec))),
    }
}

fn codes(field: &'static Field, spec: &FieldSpec, cells: &mut Cells<'_>) -> Codes {
    let mut column = Codes::with_list(field.codes.iter().map(|(code, _)| code.as_str()));
    let own = |code: &str| column.code(code);
    let known: FxHashMap<&str, u16> = if spec.codes.is_empty() {
        field.codes.iter().filter_map(|(code, _)| Some((code.as_str(), own(code)?))).collect()
    } else {
        spec.codes.iter().filter_map(|(theirs, ours)| Some((theirs.as_str(), own(ours)?))).collect()
    };
    // Most columns have few values, in runs.
    let mut last: (&str, u16) = ("", Codes::MISSING);
    let read = cells.each(Codes::MISSING, |cell, _| {
        if cell != last.0 {
            last = (cell, *known.get(cell).ok_or(Reason::Code)?);
        }
        Ok(last.1)
    });
    read.into_iter().for_each(|code| column.push_code(code));
    column
}

fn money(spec: &FieldSpec, cells: &mut Cells<'_>) -> Vec<i64> {
    let unit = match spec.unit {
        Unit::Money(unit) => unit,
        _ => MoneyUnit::Yuan,
    };
    cells.each(MISSING, |cell, tally| {
        if let Some(fen) = plain_money(cell.as_bytes(), unit) {
            return Ok(fen);
        }
        let spelled = spelled(cell, spec);
        let fen = Fen::parse(&spelled, unit).map_err(|error| match error {
            MoneyError::TooFine => Reason::TooFine,
            MoneyError::TooLarge => Reason::TooLarge,
            MoneyError::Empty | MoneyError::NotANumber => Reason::Money,
        })?;
        if !cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) {
            tally.change(Change::Written);
        }
        Ok(fen.0)
    })
}

/// The commonest spelling, digits with at most two decimals, without further ado.
fn plain_money(text: &[u8], unit: MoneyUnit) -> Option<i64> {
    if text.is_empty() || text.len() > 12 || unit == MoneyUnit::TenThousandYuan {
        return None;
    }
    let mut value = 0i64;
    let mut decimals = None;
    for byte in text {
        match (byte, &mut decimals) {
            (b'0'..=b'9', None) => value = value * 10 + i64::from(byte - b'0'),
            (b'0'..=b'9', Some(count)) if *count < 2 => {
                value = value * 10 + i64::from(byte - b'0');
                *count += 1;
            }
            (b'.', None) => decimals = Some(0u32),
            _ => return None,
        }
    }
    match (unit, decimals) {
        (MoneyUnit::Yuan, decimals) => Some(value * 10i64.pow(2 - decimals.unwrap_or(0))),
        (_, None) => Some(value),
        _ => None,
    }
}

/// A figure with the separators of its column put the usual way.
fn spelled<'a>(cell: &'a str, spec: &FieldSpec) -> std::borrow::Cow<'a, str> {
    let group = spec.group.filter(|c| *c != ',');
    if group.is_none() && spec.decimal == '.' {
        return cell.into();
    }
    let plain = |c: char| match c {
        c if c == spec.decimal => Some('.'),
        c if Some(c) == spec.group => None,
        c => Some(c),
    };
    cell.chars().filter_map(plain).collect::<String>().into()
}

fn number(cell: &str, field: &Field, spec: &FieldSpec, tally: &mut Tally) -> Result<i64, Reason> {
    let value = surface::number(&spelled(cell, spec), spec.unit, field.unit).ok_or(Reason::Number)?;
    if matches!((spec.unit, field.unit), (Unit::Surface(from), Some(to)) if from != to) {
        tally.change(Change::Converted);
    } else if !cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) {
        tally.change(Change::Written);
    }
    Ok(value)
}

fn count(cell: &str, field: &Field, spec: &FieldSpec) -> Result<i64, Reason> {
    let cell = spec.codes.iter().find(|(theirs, _)| theirs == cell).map_or(cell, |(_, ours)| ours.as_str());
    // Spreadsheets and data frames write whole numbers as 3.0, and a year may come as a date.
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    let read = whole.parse::<i64>().ok();
    let by_date = || {
        let is_year = field.name == "year";
        let day = is_year.then(|| PartialDay::parse(cell, &spec.format).ok()).flatten()?;
        Some(i64::from(day.day.year()))
    };
    let grouped = || spec.group.and_then(|_| spelled(cell, spec).replace(',', "").parse().ok());
    let value = by_date().or(read).or_else(grouped).ok_or(Reason::Count)?;
    let (low, high) = field.range.unwrap_or((0, i64::MAX));
    if (low..=high).contains(&value) { Ok(value) } else { Err(Reason::Range(low, high)) }
}

fn flag(cell: &str, spec: &FieldSpec) -> Result<Truth, Reason> {
    if let Some((_, ours)) = spec.codes.iter().find(|(theirs, _)| theirs == cell) {
        return match ours.as_str() {
            "true" => Ok(Truth::True),
            "false" => Ok(Truth::False),
            _ => Err(Reason::Flag),
        };
    }
    let (truths, falsehoods) = &spec.truths;
    if truths.iter().any(|word| word == cell) {
        Ok(Truth::True)
    } else if falsehoods.iter().any(|word| word == cell) {
        Ok(Truth::False)
    } else {
        Err(Reason::Flag)
    }
}

/// The last day that a date without a day, or without a month, may mean.
fn last_of(date: PartialDay) -> Day {
    match date.precision {
        Precision::Day => date.day,
        Precision::Month => date.day.month().last_day(),
        Precision::Year => Month(date.day.month().0 + 11).last_day(),
    }
}

/// Mixes a column into its rows' digests.
pub(super) fn digest(column: &Column, digests: &mut [u64]) {
    let mut mix = |row: usize, value: u64| digests[row] = fold(digests[row], value);
    let whole = |value: i64| if value == MISSING { ABSENT } else { value as u64 };
    match column {
        Column::Text(texts) => texts.iter().enumerate().for_each(|(row, text)| mix(row, text.map_or(ABSENT, of_text))),
        Column::Code(codes) => {
            let values: Vec<u64> = codes.list().iter().map(|code| of_text(code)).collect();
            let value = |code: &u16| values.get(usize::from(*code)).copied().unwrap_or(ABSENT);
            codes.rows().iter().enumerate().for_each(|(row, code)| mix(row, value(code)));
        }
        Column::Money(rows) | Column::Number(rows) | Column::Count(rows) => {
            rows.iter().enumerate().for_each(|(row, value)| mix(row, whole(*value)));
        }
        Column::Day(rows) => rows.iter().enumerate().for_each(|(row, day)| mix(row, *day as u64)),
        Column::Flag(rows) => rows.iter().enumerate().for_each(|(row, flag)| mix(row, *flag as u64)),
        Column::Area(rows) => rows.iter().enumerate().for_each(|(row, area)| mix(row, *area)),
        Column::Bounds(_, rows) => {
            rows.iter().enumerate().for_each(|(row, b)| mix(row, fold(b.low as u64, b.high as u64)))
        }
    }
}

pub(super) fn table(rows: usize, columns: Vec<(&'static str, Column)>) -> Table {
    let mut table = Table::new(rows);
    for (name, column) in columns {
        table.set(name, column);
    }
    table
}
