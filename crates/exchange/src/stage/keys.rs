//! The person keys of a chunk.

use super::cells::Cells;
use super::fingerprint::{ABSENT, fold, of_text};
use super::tidy;
use crate::package::{FieldSpec, KeyName, MOMENT};
use crate::quality::Change;
use crate::rejects::Reason;
use facts::records::Keys;
use values::columns::Texts;
use values::{DateError, IdNumber, IdNumberError, PartialDay, Phone, Precision};

/// Keys of rows that have none yet.
pub(super) fn none(rows: usize) -> Keys {
    let absent = || (0..rows).map(|_| None).collect::<Texts>();
    Keys {
        id_number: vec![0; rows],
        name: absent(),
        sex: vec![0; rows],
        birth: vec![i32::MIN; rows],
        birth_precision: vec![Precision::Day; rows],
        area: vec![0; rows],
        address: absent(),
        phone: vec![0; rows],
        ethnicity: absent(),
        household_no: absent(),
    }
}

/// Mixes a row's keys into a digest.
pub(super) fn digest(keys: &Keys, digest: u64, row: usize) -> u64 {
    let figures =
        [keys.id_number[row], u64::from(keys.sex[row]), keys.birth[row] as u64, keys.area[row], keys.phone[row]];
    let texts = [&keys.name, &keys.address, &keys.ethnicity, &keys.household_no];
    let digest = figures.into_iter().fold(digest, fold);
    texts.into_iter().fold(digest, |digest, texts| fold(digest, texts.get(row).map_or(ABSENT, of_text)))
}

/// Reads one key's column. Places are read before, since they tell which rows are the county's.
pub(super) fn read(keys: &mut Keys, key: KeyName, spec: &FieldSpec, typed: bool, cells: &mut Cells<'_>) {
    match key {
        KeyName::IdNumber => keys.id_number = id_numbers(cells),
        KeyName::Name => keys.name = cells.texts(|cell, tally| Ok(tidy::name(cell, tally))),
        KeyName::Sex => keys.sex = sexes(spec, cells),
        KeyName::BirthDate => {
            let read = cells.each((i32::MIN, Precision::Day), |cell, _| {
                day(cell, spec, typed).map(|read| (read.day.0, read.precision))
            });
            (keys.birth, keys.birth_precision) = read.into_iter().unzip();
        }
        KeyName::Area => {}
        KeyName::Address => keys.address = cells.texts(|cell, tally| Ok(tidy::text(cell, tally))),
        KeyName::Phone => keys.phone = phones(cells),
        KeyName::Ethnicity => {
            keys.ethnicity = cells.texts(|cell, tally| {
                let mapped = spec.codes.iter().find(|(theirs, _)| theirs == cell);
                Ok(match mapped {
                    Some((_, ours)) => ours.clone().into(),
                    None => tidy::ethnicity(cell, tally),
                })
            });
        }
        KeyName::HouseholdNo => keys.household_no = cells.texts(|cell, tally| Ok(tidy::text(cell, tally))),
    }
}

fn id_numbers(cells: &mut Cells<'_>) -> Vec<u64> {
    cells.each(0, |cell, tally| {
        let number = match IdNumber::parse(cell) {
            Ok(number) => number,
            Err(IdNumberError::Empty) => return Ok(0),
            Err(error) => return Err(Reason::IdNumber(error)),
        };
        if !number.has_valid_check() {
            tally.doubtful += 1;
        }
        if cell.len() != 18 || cell.ends_with('x') {
            let count = cell.chars().filter(|c| c.is_alphanumeric()).count();
            if count == 15 {
                tally.change(Change::Upgraded);
            }
            if cell.contains(['x', 'ｘ']) {
                tally.change(Change::LowerX);
            }
            if cell.len() > cell.chars().count() {
                tally.change(Change::Width);
            } else if count < cell.len() {
                tally.change(Change::Spaces);
            }
        }
        Ok(number.key())
    })
}

fn sexes(spec: &FieldSpec, cells: &mut Cells<'_>) -> Vec<u8> {
    let code = |text: &str| match text {
        "1" => Some(1),
        "2" => Some(2),
        "0" | "9" => Some(0),
        _ => None,
    };
    cells.each(0, |cell, tally| {
        let found = if spec.codes.is_empty() {
            code(cell).or_else(|| {
                tally.change(Change::Synonym);
                match cell {
                    "男" | "男性" => Some(1),
                    "女" | "女性" => Some(2),
                    "未知" | "未说明" => Some(0),
                    _ => None,
                }
            })
        } else {
            spec.codes.iter().find(|(theirs, _)| theirs == cell).and_then(|(_, ours)| code(ours))
        };
        found.ok_or(Reason::Sex)
    })
}

fn phones(cells: &mut Cells<'_>) -> Vec<u64> {
    cells.each(0, |cell, tally| {
        let phone = Phone::parse(cell).ok_or(Reason::Phone)?;
        if cell.len() != 11 {
            tally.change(Change::Phone);
        }
        Ok(phone.key())
    })
}

/// A date by its column's form. Cells with types of their own come as ISO 8601.
pub(super) fn day(cell: &str, spec: &FieldSpec, typed: bool) -> Result<PartialDay, Reason> {
    let iso = || PartialDay::parse(cell, "default");
    if spec.excel {
        let serial = cell.split_once('.').map_or(cell, |(days, _)| days).parse().ok();
        let day = serial.and_then(values::Day::from_excel_serial);
        return match day {
            Some(day) => Ok(PartialDay { day, precision: Precision::Day }),
            None => iso().ok().filter(|_| typed).ok_or(Reason::Serial),
        };
    }
    let is_moment = typed || spec.format == MOMENT;
    let read =
        PartialDay::parse(cell, &spec.format).or_else(|error| iso_moment(cell).filter(|_| is_moment).ok_or(error));
    read.map_err(|error| match error {
        DateError::NoSuchDay => Reason::NoSuchDay,
        _ => Reason::Date(spec.format.clone()),
    })
}

/// The day of a moment as databases and workbooks give it: `2026-09-30` with or without a time behind it.
fn iso_moment(cell: &str) -> Option<PartialDay> {
    let day = cell.get(..10)?;
    let behind = cell.get(10..)?;
    if !behind.is_empty() && !behind.starts_with([' ', 'T']) {
        return None;
    }
    PartialDay::parse(day, "default").ok()
}
