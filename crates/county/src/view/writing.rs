//! Values as text and cells, in each department's own way.

use super::clerk::{Clerk, Keys};
use super::{Field, Value};
use crate::catalog::{Column, File, FileKind, Form, Style, Unit};
use crate::chunk::Rows;
use crate::places::{COUNTY_NAME, NEIGHBOUR, NEIGHBOUR_NAME};
use crate::rates::Department;
use values::{Day, IdNumber};

/// Writes a cell that says who the row is about, or one that nobody maps.
pub fn key(
    clerk: &mut Clerk<'_>,
    resource: usize,
    department: Department,
    file: &File,
    column: &Column,
    keys: &Keys<'_>,
) {
    let places = clerk.world.places;
    if let Form::Office(office) = column.form {
        let township = &places.townships[places.villages[keys.village].township].name;
        return clerk.rows[resource].written(format_args!("{township}{office}"));
    }
    let lower = department == Department::Emergency || department == Department::Agriculture;
    match column.field {
        Some(Field::IdNumber) => match keys.id {
            Value::Number(key) => number(&mut clerk.rows[resource], key, lower),
            Value::Whole(old) => clerk.rows[resource].written(format_args!("{old:015}")),
            Value::Text(text) => clerk.rows[resource].text(text),
            _ => nothing(clerk, resource, file, column),
        },
        Some(Field::Name) => clerk.rows[resource].text(&keys.name),
        Some(Field::Sex) => {
            let code = if keys.sex == values::Sex::Male { "1" } else { "2" };
            value(clerk, resource, file, column, Value::Text(code));
        }
        Some(Field::BirthDate) => value(clerk, resource, file, column, Value::Day(keys.birth)),
        Some(Field::Area) => area(clerk, resource, column.form, keys),
        Some(Field::Address) => address(clerk, resource, keys),
        Some(Field::Phone) if keys.phone == 0 => nothing(clerk, resource, file, column),
        Some(Field::Phone) => clerk.rows[resource].written(format_args!("{}", keys.phone)),
        Some(Field::Ethnicity) => clerk.rows[resource].text(keys.ethnicity),
        Some(Field::HouseholdNo) => clerk.rows[resource].written(format_args!("{}", keys.household_no)),
        _ => nothing(clerk, resource, file, column),
    }
}

fn number(rows: &mut Rows, key: u64, lower: bool) {
    let (body, check) = (key / 11, key % 11);
    match check {
        10 if lower => rows.written(format_args!("{body:017}x")),
        10 => rows.written(format_args!("{body:017}X")),
        _ => rows.written(format_args!("{body:017}{check}")),
    }
}

fn area(clerk: &mut Clerk<'_>, resource: usize, form: Form, keys: &Keys<'_>) {
    let places = clerk.world.places;
    let village = &places.villages[keys.village];
    let rows = &mut clerk.rows[resource];
    if keys.foreign {
        return match form {
            Form::PlaceName | Form::LongPlaceName => rows.text(NEIGHBOUR_NAME),
            Form::GroupCode => {
                rows.written(format_args!("{NEIGHBOUR}{:06}{:03}", village.code % 1_000_000, keys.group))
            }
            _ => rows.written(format_args!("{NEIGHBOUR}{:06}", village.code % 1_000_000)),
        };
    }
    let code = village.old.filter(|_| keys.old_area).unwrap_or(village.code);
    match form {
        Form::PlaceName => rows.text(&village.name),
        Form::LongPlaceName => {
            let township = &places.townships[village.township].name;
            rows.written(format_args!("{COUNTY_NAME}{township}{}", village.name));
        }
        Form::GroupCode => rows.written(format_args!("{code}{:03}", keys.group)),
        _ => rows.written(format_args!("{code}")),
    }
}

const NUMERALS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

fn address(clerk: &mut Clerk<'_>, resource: usize, keys: &Keys<'_>) {
    let places = clerk.world.places;
    let village = &places.villages[keys.village];
    let county = if keys.foreign { NEIGHBOUR_NAME } else { COUNTY_NAME };
    let township = &places.townships[village.township].name;
    let (group, door) = (keys.group, keys.door);
    let style = clerk.draw.below(3);
    let rows = &mut clerk.rows[resource];
    match style {
        0 => rows.written(format_args!("{county}{township}{}{group}组{door}号", village.name)),
        1 => rows.written(format_args!("{township}{}{}组{door}号", village.name, NUMERALS[group as usize % 10])),
        _ => rows.written(format_args!("{county}{township}{}第{group}小组", village.name)),
    }
}

/// Writes another value.
pub fn value(clerk: &mut Clerk<'_>, resource: usize, file: &File, column: &Column, value: Value<'_>) {
    let typed = file.kind.is_typed();
    let rows = &mut clerk.rows[resource];
    match (value, column.form) {
        (Value::Nothing, _) => nothing(clerk, resource, file, column),
        (Value::Text(ours), Form::Codes(codes)) => {
            rows.text(codes.iter().find(|(_, code)| *code == ours).map_or(ours, |(theirs, _)| theirs));
        }
        (Value::Flag(flag), Form::Codes(codes)) => {
            let ours = if flag { "true" } else { "false" };
            rows.text(codes.iter().find(|(_, code)| *code == ours).map_or(ours, |(theirs, _)| theirs));
        }
        (Value::Text(text), _) => rows.text(text),
        (Value::Flag(flag), _) => rows.text(if flag { "true" } else { "false" }),
        (Value::Day(day), Form::Serial) => rows.integer(i64::from(day.0) + 25_569),
        (Value::Day(day), Form::Date("default")) if file.kind == FileKind::Parquet => rows.date(day),
        (Value::Day(day), Form::Date(format)) => date(rows, day, format),
        (Value::Day(day), _) => date(rows, day, "default"),
        (Value::Fen(fen), Form::Money(unit, style)) => money(rows, fen, unit, style),
        (Value::Fen(fen), _) => money(rows, fen, Unit::Yuan, Style::Plain),
        (Value::Measure(parts), Form::Area(unit)) => area_in(rows, parts, unit, typed),
        (Value::Measure(parts), _) => measure(rows, parts, typed),
        (Value::Whole(number), _) if typed => rows.integer(number),
        (Value::Whole(number), _) => rows.written(format_args!("{number}")),
        (Value::Number(key), _) => number(rows, key, false),
    }
}

/// Writes "nothing" as the department does.
fn nothing(clerk: &mut Clerk<'_>, resource: usize, file: &File, column: &Column) {
    let as_text = !file.kind.is_typed() || matches!(column.form, Form::Text | Form::Codes(_));
    let usual = clerk.draw.percent(70) || file.missing.is_empty() || !as_text;
    let word = if usual { file.missing.first().copied().unwrap_or("") } else { clerk.draw.pick(file.missing) };
    if word.is_empty() || !as_text { clerk.rows[resource].empty() } else { clerk.rows[resource].text(word) }
}

fn date(rows: &mut Rows, day: Day, format: &str) {
    let (y, m, d) = day.ymd();
    match format {
        "%Y%m%d" => rows.written(format_args!("{y:04}{m:02}{d:02}")),
        "%Y/%m/%d" => rows.written(format_args!("{y}/{m}/{d}")),
        "%Y.%m.%d" => rows.written(format_args!("{y:04}.{m:02}.{d:02}")),
        "%Y年%m月%d日" => rows.written(format_args!("{y}年{m}月{d}日")),
        "%Y-%m" => rows.written(format_args!("{y:04}-{m:02}")),
        "%Y%m" => rows.written(format_args!("{y:04}{m:02}")),
        _ => rows.written(format_args!("{y:04}-{m:02}-{d:02}")),
    }
}

fn money(rows: &mut Rows, fen: i64, unit: Unit, style: Style) {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    match (unit, style) {
        (Unit::Fen, Style::Number) => rows.integer(fen),
        (Unit::Fen, _) => rows.written(format_args!("{fen}")),
        (Unit::Yuan, Style::Number) => rows.decimal(fen as f64 / 100.0),
        (Unit::TenThousandYuan, Style::Number) => rows.decimal(fen as f64 / 1_000_000.0),
        (Unit::TenThousandYuan, _) => {
            let (whole, parts) = (fen.unsigned_abs() / 1_000_000, fen.unsigned_abs() % 1_000_000);
            if parts.is_multiple_of(100) {
                rows.written(format_args!("{sign}{whole}.{:04}", parts / 100));
            } else {
                rows.written(format_args!("{sign}{whole}.{parts:06}"));
            }
        }
        (Unit::Yuan, Style::Grouped) if yuan >= 1_000_000 => {
            let (millions, thousands) = (yuan / 1_000_000, yuan / 1_000 % 1_000);
            rows.written(format_args!("{sign}{millions},{thousands:03},{:03}.{rest:02}", yuan % 1_000));
        }
        (Unit::Yuan, Style::Grouped) if yuan >= 1_000 => {
            rows.written(format_args!("{sign}{},{:03}.{rest:02}", yuan / 1_000, yuan % 1_000));
        }
        (Unit::Yuan, Style::Named) if rest == 0 => rows.written(format_args!("{sign}{yuan}元")),
        (Unit::Yuan, Style::Named) => rows.written(format_args!("{sign}{yuan}.{rest:02}元")),
        (Unit::Yuan, _) if rest == 0 => rows.written(format_args!("{sign}{yuan}")),
        (Unit::Yuan, _) => rows.written(format_args!("{sign}{yuan}.{rest:02}")),
    }
}

/// An area given in ten-thousandths of a mu (or of a square metre, for houses, with unit `as_is`).
fn area_in(rows: &mut Rows, parts: i64, unit: &str, typed: bool) {
    match unit {
        // 15 mu are a hectare.
        "hectare" if typed => rows.decimal(parts as f64 / 150_000.0),
        "hectare" => rows.written(format_args!("{:.6}", parts as f64 / 150_000.0)),
        "m2" if typed => rows.decimal(parts as f64 / 15.0),
        "m2" => rows.written(format_args!("{:.2}", parts as f64 / 15.0)),
        _ => measure(rows, parts, typed),
    }
}

fn measure(rows: &mut Rows, parts: i64, typed: bool) {
    if typed {
        rows.decimal(parts as f64 / 10_000.0);
    } else if parts % 10_000 == 0 {
        rows.written(format_args!("{}", parts / 10_000));
    } else {
        let hundredths = parts / 100;
        rows.written(format_args!("{}.{:02}", hundredths / 100, hundredths % 100));
    }
}

/// A value in plain words, for the list of errors.
pub fn said(value: Value<'_>) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(text) => text.to_owned(),
        Value::Day(day) => day.to_string(),
        Value::Fen(fen) => format!("{}.{:02}", fen / 100, fen.abs() % 100),
        Value::Measure(parts) => format!("{}", parts as f64 / 10_000.0),
        Value::Whole(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(key) => IdNumber::from_key(key).reveal(),
    }
}
