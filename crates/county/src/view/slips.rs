//! Slips of the pen: what a clerk gets wrong, in the person keys and in everything else.

use super::clerk::{About, Clerk, Keys};
use super::{Field, FieldSet, Value};
use crate::catalog::{Column, File, FileKind, Form};
use crate::draw::Draw;
use crate::names;
use crate::places::Village;
use crate::rates::{Department, Kind};
use values::{Day, IdNumber, Sex};

/// Spoils the keys by the department's rates; says which fields it spoilt.
pub fn keys(
    clerk: &mut Clerk<'_>,
    department: Department,
    file: &File,
    about: &About<'_>,
    keys: &mut Keys<'_>,
) -> FieldSet {
    let mut wrong = FieldSet::default();
    if file.has(Field::IdNumber) && id_number(clerk, department, file, about, keys) {
        wrong = wrong.with(Field::IdNumber);
    }
    if file.has(Field::Name) && clerk.slips(department, Kind::Name) {
        keys.name = names::misheard(&mut clerk.draw, &about.person.name);
        wrong = mark(wrong, Field::Name, keys.name != about.person.name.text);
    }
    if file.has(Field::BirthDate) && clerk.slips(department, Kind::Birth) {
        keys.birth = misdated(&mut clerk.draw, keys.birth);
        wrong = mark(wrong, Field::BirthDate, keys.birth != about.person.birth);
    }
    if file.has(Field::Sex) && clerk.slips(department, Kind::Sex) {
        keys.sex = if keys.sex == Sex::Male { Sex::Female } else { Sex::Male };
        wrong = wrong.with(Field::Sex);
    }
    if file.has(Field::Area) {
        wrong = mark(wrong, Field::Area, area(clerk, department, file, keys));
    }
    if file.has(Field::Phone) {
        wrong = mark(wrong, Field::Phone, phone(clerk, department, keys));
    }
    wrong
}

fn mark(set: FieldSet, field: Field, spoilt: bool) -> FieldSet {
    if spoilt { set.with(field) } else { set }
}

fn id_number(
    clerk: &mut Clerk<'_>,
    department: Department,
    file: &File,
    about: &About<'_>,
    keys: &mut Keys<'_>,
) -> bool {
    let key = about.person.id.key();
    if clerk.slips(department, Kind::IdMissing) {
        // A spreadsheet rounds what it takes for a figure.
        let rounded = matches!(file.kind, FileKind::Xlsx(_)) && clerk.draw.percent(20);
        keys.id = if rounded { Value::Text("5.39901E+17") } else { Value::Nothing };
        return true;
    }
    if clerk.slips(department, Kind::IdWrong) {
        keys.id = Value::Number(mistyped(&mut clerk.draw, key));
        return keys.id != Value::Number(key);
    }
    if about.person.birth.year() < 1985 && clerk.slips(department, Kind::IdOld) {
        // Told apart from whole keys by its size: 15 digits have no check character.
        keys.id = Value::Whole(old_number(about.person.id));
        return true;
    }
    false
}

/// The number in its old form: two-digit year, no check character.
fn old_number(id: IdNumber) -> i64 {
    let body = id.key() / 11;
    (body / 100_000_000_000 * 1_000_000_000 + body % 1_000_000_000) as i64
}

fn mistyped(draw: &mut Draw, key: u64) -> u64 {
    let (mut body, mut check) = (key / 11, key % 11);
    let digit = |body: u64, place: u32| body / 10u64.pow(place) % 10;
    match draw.weighted(&[75, 15, 10]) {
        0 => {
            let place = draw.below(16);
            let old = digit(body, place);
            let new = (old + 1 + u64::from(draw.below(9))) % 10;
            body = body - old * 10u64.pow(place) + new * 10u64.pow(place);
        }
        1 => {
            let place = draw.below(15);
            let (low, high) = (digit(body, place), digit(body, place + 1));
            body = body - low * 10u64.pow(place) - high * 10u64.pow(place + 1);
            body += high * 10u64.pow(place) + low * 10u64.pow(place + 1);
        }
        _ => check = (check + 1 + u64::from(draw.below(9))) % 10,
    }
    body * 11 + check
}

fn misdated(draw: &mut Draw, birth: Day) -> Day {
    let (year, month, day) = birth.ymd();
    let other = match draw.below(5) {
        0 if day <= 12 => Day::from_ymd(year, day, month),
        1 => Day::from_ymd(year + draw.pick(&[-10, -1, 1, 10]), month, day.min(28)),
        2 => Day::from_ymd(year, month, draw.between(1, 28) as i8),
        3 => Day::from_ymd(year, 1, 1),
        _ => Day::from_ymd(year, draw.between(1, 12) as i8, day.min(28)),
    };
    other.unwrap_or(birth)
}

fn area(clerk: &mut Clerk<'_>, department: Department, file: &File, keys: &mut Keys<'_>) -> bool {
    if clerk.slips(department, Kind::AreaWrong) {
        let places = clerk.world.places;
        let township = places.villages[keys.village].township;
        let near: Vec<usize> =
            (0..places.villages.len()).filter(|i| places.villages[*i].township == township).take(40).collect();
        let other = clerk.draw.pick(&near);
        let moved = other != keys.village;
        keys.village = other;
        return moved;
    }
    let coded = file.columns.iter().any(|column| matches!(column.form, Form::Code | Form::GroupCode));
    let has_old = coded && clerk.world.places.villages[keys.village].old.is_some();
    keys.old_area = has_old && clerk.slips(department, Kind::AreaOld);
    keys.old_area
}

fn phone(clerk: &mut Clerk<'_>, department: Department, keys: &mut Keys<'_>) -> bool {
    if clerk.slips(department, Kind::PhoneMissing) {
        keys.phone = 0;
        return true;
    }
    if clerk.slips(department, Kind::PhoneOther) {
        keys.phone = match clerk.draw.below(3) {
            0 => clerk.life.cadre,
            1 => {
                let people = &clerk.life.people;
                people[clerk.draw.below(people.len() as u32) as usize].phone
            }
            _ => crate::life::phone(&mut clerk.draw),
        };
        return true;
    }
    false
}

/// Kind and former content of a spoilt key, for the list of errors.
pub fn describe(field: Field, about: &About<'_>, village: &Village, became: &str) -> (Kind, String) {
    let person = about.person;
    let code = village.code.to_string();
    let old = village.old.map_or_else(|| "none".to_owned(), |old| old.to_string());
    let digits = became.len();
    match field {
        Field::IdNumber => {
            let kind = match digits {
                18 => Kind::IdWrong,
                15 => Kind::IdOld,
                _ => Kind::IdMissing,
            };
            (kind, person.id.reveal())
        }
        Field::Name => (Kind::Name, person.name.text.clone()),
        Field::BirthDate => (Kind::Birth, person.birth.to_string()),
        Field::Sex => (Kind::Sex, (person.sex as u8).to_string()),
        Field::Area if became.starts_with(&old) => (Kind::AreaOld, code),
        Field::Area => (Kind::AreaWrong, code),
        Field::Phone => (if digits < 11 { Kind::PhoneMissing } else { Kind::PhoneOther }, person.phone.to_string()),
        _ => (Kind::ValueWrong, String::new()),
    }
}

/// Spoils another value; `None` where it stays as it is.
pub fn own<'v>(
    clerk: &mut Clerk<'_>,
    department: Department,
    column: &Column,
    value: Value<'v>,
) -> Option<(Kind, Value<'v>)> {
    if value == Value::Nothing || column.field == Some(Field::HouseholdNo) {
        return None;
    }
    if clerk.slips(department, Kind::ValueMissing) {
        return Some((Kind::ValueMissing, Value::Nothing));
    }
    if !clerk.slips(department, Kind::ValueWrong) {
        return None;
    }
    let draw = &mut clerk.draw;
    let slip = match (value, column.form) {
        (Value::Fen(amount), _) => Value::Fen(slipped(draw, amount)),
        (Value::Measure(amount), _) => Value::Measure(slipped(draw, amount)),
        (Value::Whole(number), _) => Value::Whole(number + i64::from(draw.pick(&[-1, 1]))),
        (Value::Flag(flag), _) => Value::Flag(!flag),
        (Value::Day(day), _) => Value::Day(match draw.below(3) {
            0 => day.plus_years(-1),
            1 => day.plus_days(-30),
            _ => day.plus_days(31),
        }),
        (Value::Text(text), Form::Codes(codes)) => Value::Text(neighbour(codes, text)),
        (other, _) => other,
    };
    (slip != value).then_some((Kind::ValueWrong, slip))
}

/// Ten times too much or too little, or one digit wrong.
fn slipped(draw: &mut Draw, amount: i64) -> i64 {
    match draw.below(3) {
        0 if amount < 100_000_000_000 => amount * 10,
        1 => amount / 1_000 * 100,
        _ => {
            let place = 10i64.pow(2 + draw.below(5));
            let digit = amount / place % 10;
            amount + ((digit + 1 + i64::from(draw.below(8))) % 10 - digit) * place
        }
    }
}

/// The code that stands beside it in the list.
fn neighbour(codes: crate::catalog::Codes, ours: &str) -> &str {
    let Some(at) = codes.iter().position(|(_, code)| *code == ours) else {
        return ours;
    };
    let other = if at + 1 < codes.len() { at + 1 } else { at.saturating_sub(1) };
    codes[other].1
}
