//! The clerk who writes a row: looks up the person, makes mistakes, notes in the truth what went wrong.

use super::{Field, FieldSet, Value, slips, writing};
use crate::catalog::{Column, File, FileKind};
use crate::chunk::{Mistake, Rows};
use crate::draw::Draw;
use crate::life::{Life, Person, World};
use crate::names;
use crate::rates::{Department, Kind, Rates};
use values::{Day, IdNumber, Sex};

/// Whom a row is about, and where the department believes them to live.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub person: &'a Person,
    pub village: usize,
    pub group: u32,
    pub door: u32,
    /// The department's household number.
    pub household_no: u64,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub delivered: bool,
    /// Its number among the village's rows of the resource.
    pub row: usize,
    /// Fields that say something else than was meant, or nothing.
    pub wrong: FieldSet,
    /// Of these, the ones that are empty.
    pub empty: FieldSet,
}

impl Written {
    /// Whether it arrived with all these fields as meant.
    pub fn right(&self, fields: &[Field]) -> bool {
        self.delivered && fields.iter().all(|field| !self.wrong.has(*field))
    }
}

/// A person's keys as they will be written.
pub struct Keys<'a> {
    pub id: Value<'a>,
    pub name: String,
    pub sex: Sex,
    pub birth: Day,
    pub village: usize,
    /// The village's old code is used.
    pub old_area: bool,
    /// The area is one of the neighbouring county.
    pub foreign: bool,
    pub group: u32,
    pub door: u32,
    pub phone: u64,
    pub ethnicity: &'a str,
    pub household_no: u64,
}

/// Writes the village's rows of all files.
pub struct Clerk<'a> {
    pub world: World<'a>,
    pub life: &'a Life,
    pub rates: Rates,
    pub rows: Vec<Rows>,
    pub mistakes: Vec<Mistake>,
    pub draw: Draw,
    /// At most so many rows of a village go into a spreadsheet.
    pub sheet_rows: usize,
    /// Households whose survey, as delivered, speaks of a bad house or unsafe water: those are looked at again.
    pub bad_houses: Vec<usize>,
    pub bad_water: Vec<usize>,
}

impl<'a> Clerk<'a> {
    /// Whether a mistake of this kind happens now.
    pub fn slips(&mut self, department: Department, kind: Kind) -> bool {
        let rate = self.rates.of(department, kind);
        rate > 0 && self.draw.per_million(rate)
    }

    /// Writes one row, perhaps not at all, perhaps twice.
    pub fn write(
        &mut self,
        (resource, department, file): (usize, Department, &File),
        about: About<'_>,
        own: &[(Field, Value<'_>)],
    ) -> Written {
        let covered = file.coverage.has(self.world.places.villages[about.village].township);
        let full = matches!(file.kind, FileKind::Xlsx(_)) && self.rows[resource].len() >= self.sheet_rows;
        if !covered || full || self.slips(department, Kind::RowMissing) {
            return Written::default();
        }
        let written = self.one(resource, department, file, about, own, Some(about.person.tag));
        if self.slips(department, Kind::RowTwice) {
            let row = self.rows[resource].len();
            self.one(resource, department, file, about, own, Some(about.person.tag));
            self.note(resource, row, "", Kind::RowTwice, String::new(), String::new());
        }
        if self.slips(department, Kind::OtherCounty) && file.has(Field::Area) {
            self.stranger(resource, department, file, about, own);
        }
        written
    }

    fn one(
        &mut self,
        resource: usize,
        department: Department,
        file: &File,
        about: About<'_>,
        own: &[(Field, Value<'_>)],
        tag: Option<crate::life::Tag>,
    ) -> Written {
        let row = self.rows[resource].len();
        let meant = meant(&about);
        let mut keys = Keys { name: meant.name.clone(), ..meant };
        if tag.is_none() {
            keys.foreign = true;
        }
        let mut empty = FieldSet::default();
        let mut wrong = slips::keys(self, department, file, &about, &mut keys);
        for column in file.columns {
            let value = own.iter().find(|(field, _)| column.field == Some(*field)).map(|(_, value)| *value);
            let Some(field) = column.field.filter(|_| value.is_some()) else {
                writing::key(self, resource, department, file, column, &keys);
                continue;
            };
            let value = value.unwrap_or(Value::Nothing);
            if let Some((kind, slip)) = slips::own(self, department, column, value) {
                wrong = wrong.with(field);
                if slip == Value::Nothing {
                    empty = empty.with(field);
                }
                self.note_own(resource, row, column, kind, value, &slip);
                writing::value(self, resource, file, column, slip);
            } else {
                writing::value(self, resource, file, column, value);
            }
        }
        self.note_keys(resource, row, file, wrong, &about);
        self.rows[resource].about.push(tag);
        Written { delivered: true, row, wrong, empty }
    }

    /// Somebody of the neighbouring county, whose row strayed in.
    fn stranger(
        &mut self,
        resource: usize,
        department: Department,
        file: &File,
        about: About<'_>,
        own: &[(Field, Value<'_>)],
    ) {
        let mut person = about.person.clone();
        person.name = names::full(&mut self.draw, "李", person.sex, person.birth.year());
        person.birth = person.birth.plus_days(self.draw.between(-400, 400));
        let shift = u64::from(self.draw.below(400)) * 2;
        let (year, month, day) = person.birth.ymd();
        let ymd = u64::from(year as u16) * 10_000 + month as u64 * 100 + day as u64;
        let sequence = (person.id.key() / 11 + shift) % 1_000;
        person.id = IdNumber::from_body((crate::places::NEIGHBOUR * 100_000_000 + ymd) * 1_000 + sequence);
        person.phone = crate::life::phone(&mut self.draw);
        let row = self.rows[resource].len();
        let about = About { person: &person, household_no: about.household_no + 5_000_000_000, ..about };
        self.one(resource, department, file, about, own, None);
        self.note(resource, row, "", Kind::OtherCounty, String::new(), String::new());
    }

    pub fn note(&mut self, resource: usize, row: usize, field: &'static str, kind: Kind, was: String, became: String) {
        self.mistakes.push(Mistake { resource, row, field, kind: kind.name(), was, became });
    }

    /// Notes what isn't a slip of the department: a wrong answer to its question.
    pub fn note_answer(&mut self, resource: usize, row: usize, field: Field, was: Value<'_>, became: Value<'_>) {
        let (was, became) = (writing::said(was), writing::said(became));
        self.mistakes.push(Mistake { resource, row, field: field.name(), kind: "misdeclared", was, became });
    }

    fn note_own(
        &mut self,
        resource: usize,
        row: usize,
        column: &Column,
        kind: Kind,
        was: Value<'_>,
        became: &Value<'_>,
    ) {
        let field = column.field.map_or("", Field::name);
        self.note(resource, row, field, kind, writing::said(was), writing::said(*became));
    }

    fn note_keys(&mut self, resource: usize, row: usize, file: &File, wrong: FieldSet, about: &About<'_>) {
        for (i, column) in file.columns.iter().enumerate() {
            let Some(field) = column.field.filter(|field| wrong.has(*field) && (*field as u32) < 8) else {
                continue;
            };
            let became = self.rows[resource].said(row, i);
            let (kind, was) = slips::describe(field, about, &self.world.places.villages[about.village], &became);
            self.note(resource, row, field.name(), kind, was, became);
        }
    }
}

fn meant<'p>(about: &About<'p>) -> Keys<'p> {
    let person = about.person;
    Keys {
        id: Value::Number(person.id.key()),
        name: person.name.text.clone(),
        sex: person.sex,
        birth: person.birth,
        village: about.village,
        old_area: false,
        foreign: false,
        group: about.group,
        door: about.door,
        phone: person.phone,
        ethnicity: person.ethnicity,
        household_no: about.household_no,
    }
}
