//! Where every value comes from: the delivered values behind a fact, and all of them as the rows of `facts.parquet`.

use super::assembled::Facts;
use super::{Entity, Fact, HOUSEHOLD, Kind, PERSON};
use crate::assembly::Assembly;
use crate::assembly::rows::{self, Grouped, RowRef};
use crate::assembly::sources::{Field, Record, Source, Sources};
use crate::records::{Links, Nature, Resource};
use rayon::prelude::*;
use std::fmt::Write;
use std::ops::Range;
use values::columns::{Codes, Column, MISSING, SCALE, Table, Texts};
use values::{Bounds, Day, Truth};

/// One value that a department delivered, or that was reckoned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Number into `Links::people`; `None` for what came by a household's number or is the household's.
    pub person: Option<u32>,
    /// Such as `employment.monthly_wage` or `income.wage`; a dictionary name for what was reckoned.
    pub fact: String,
    /// Fen, a decimal number, a code or an ISO day; `low..high` where known within limits, an end left out where none is.
    pub value: String,
    pub unit: &'static str,
    /// Resource and data row as delivered; `None` for what was reckoned.
    pub from: Option<Origin>,
    pub as_of: Day,
    /// `register`, `threshold_list`, `query_answer`, `declared`, `evidence`, `coefficient`, or `computed`.
    pub method: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Index into the resources.
    pub resource: u16,
    /// The data row in the file, from 1.
    pub row: u32,
}

/// Delivered and reckoned values of all households.
pub struct Ledger<'a> {
    resources: &'a [Resource],
    links: &'a Links,
    assembly: &'a Assembly,
    facts: &'a Facts,
    sources: Sources<'a>,
    rows: Grouped,
    of_persons: Vec<Reckoned<'a>>,
    of_households: Vec<Reckoned<'a>>,
}

/// What was reckoned, looked up once and read a row a household or person.
type Reckoned<'a> = (&'static Fact, &'a Column);

fn told_of<'a>(list: &'static [Fact], table: &'a Table) -> Vec<Reckoned<'a>> {
    list.iter().filter(|fact| is_told(fact)).filter_map(|fact| Some((fact, table.column(fact.name)?))).collect()
}

impl<'a> Ledger<'a> {
    #[must_use]
    pub fn new(resources: &'a [Resource], links: &'a Links, assembly: &'a Assembly, facts: &'a Facts) -> Self {
        let sources = Sources::new(resources);
        let rows = rows::by_person(&sources, links);
        let (of_persons, of_households) = (told_of(&PERSON, &facts.persons), told_of(&HOUSEHOLD, &facts.households));
        Self { resources, links, assembly, facts, sources, rows, of_persons, of_households }
    }

    /// The delivered values that feed a fact of a household, or of one of its people (a number into `Links::people`).
    /// Conflicting values stand side by side.
    #[must_use]
    pub fn behind(&self, household: u32, person: Option<u32>, fact: &Fact) -> Vec<Told> {
        let mut told = Vec::new();
        let wanted = |record: Record| fact.records.contains(&record.name());
        self.each_row(household, &mut |at, source, of| {
            if wanted(source.record) && person.is_none_or(|person| of == Some(person)) {
                self.tell(at, source, of, &mut told);
            }
        });
        told
    }

    fn each_row(&self, household: u32, each: &mut dyn FnMut(RowRef, &Source<'_>, Option<u32>)) {
        for resident in self.assembly.people_of(household) {
            for at in self.rows.of(resident.person) {
                if let Some(source) = self.sources.get(at.source) {
                    each(*at, source, Some(resident.person));
                }
            }
        }
        for (_, at) in self.assembly.numbers.of(household) {
            if let Some(source) = self.sources.get(at.source) {
                each(*at, source, None);
            }
        }
    }

    fn tell(&self, at: RowRef, source: &Source<'_>, person: Option<u32>, told: &mut Vec<Told>) {
        for field in main_fields(source.record) {
            let mut value = String::new();
            let Some(unit) = write_cell(source, *field, at.row, &mut value) else { continue };
            told.push(Told {
                person,
                fact: name_of(source, *field, at.row),
                value,
                unit,
                from: Some(Origin {
                    resource: at.source,
                    row: self.resources[usize::from(at.source)].rows[at.row as usize],
                }),
                as_of: source.as_of(),
                method: method_of(source, at.row),
            });
        }
    }

    /// Everything known of one household: delivered values by person and resource, then what was reckoned.
    #[must_use]
    pub fn of_household(&self, household: u32) -> Vec<Told> {
        let mut told = Vec::new();
        self.each_row(household, &mut |at, source, person| self.tell(at, source, person, &mut told));
        let home = &self.assembly.households[household as usize];
        for row in home.first..home.last {
            let person = Some(self.facts.person[row as usize]);
            self.reckoned(&self.of_persons, row as usize, person, &mut told);
        }
        self.reckoned(&self.of_households, household as usize, None, &mut told);
        told
    }

    fn reckoned(&self, list: &[Reckoned<'_>], row: usize, person: Option<u32>, told: &mut Vec<Told>) {
        for (fact, column) in list {
            let mut value = String::new();
            if write_value(column, row, &mut value)
                && (is_always_told(fact) || !matches!(value.as_str(), "0" | "false" | "none"))
            {
                told.push(Told {
                    person,
                    fact: fact.name.to_owned(),
                    value,
                    unit: fact.kind.unit_name(),
                    from: None,
                    as_of: self.assembly.as_of,
                    method: "computed",
                });
            }
        }
    }

    /// The rows of `facts.parquet` (contract §6) for some households, in order: columns household, person, fact, value,
    /// unit, department, resource, row, as_of, method.
    #[must_use]
    pub fn table(&self, households: Range<u32>) -> Table {
        let told: Vec<(u32, Vec<Told>)> =
            households.into_par_iter().map(|household| (household, self.of_household(household))).collect();
        let rows = told.iter().map(|(_, told)| told.len()).sum();
        let mut text: [Texts; 3] = Default::default();
        let mut codes: [Codes; 5] = Default::default();
        let (mut numbers, mut days) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for (household, told) in &told {
            let household = self.assembly.households[*household as usize].id.to_string();
            for told in told {
                let person = told.person.map(|person| self.links.people[person as usize].id.to_string());
                let resource = told.from.map(|from| &self.resources[usize::from(from.resource)]);
                text[0].push(Some(&household));
                text[1].push(person.as_deref());
                text[2].push(Some(&told.value));
                codes[0].push(Some(&told.fact));
                codes[1].push(Some(told.unit).filter(|unit| !unit.is_empty()));
                codes[2].push(resource.map(|resource| resource.department.as_str()));
                codes[3].push(resource.map(|resource| resource.name.as_str()));
                codes[4].push(Some(told.method));
                numbers.push(told.from.map_or(MISSING, |from| i64::from(from.row)));
                days.push(told.as_of.0);
            }
        }
        let ([household, person, value], [fact, unit, department, resource, method]) = (text, codes);
        let mut table = Table::new(rows);
        for (name, column) in [
            ("household", Column::Text(household)),
            ("person", Column::Text(person)),
            ("fact", Column::Code(fact)),
            ("value", Column::Text(value)),
            ("unit", Column::Code(unit)),
            ("department", Column::Code(department)),
            ("resource", Column::Code(resource)),
            ("row", Column::Count(numbers)),
            ("as_of", Column::Day(days)),
            ("method", Column::Code(method)),
        ] {
            table.set(name, column);
        }
        table
    }
}

/// Of what was reckoned, a row each for what people ask about; the rest is a count or a copy of a delivered value.
fn is_told(fact: &Fact) -> bool {
    match fact.entity {
        Entity::Household => matches!(fact.kind, Kind::Money | Kind::Flag | Kind::Area) || is_always_told(fact),
        Entity::Person => matches!(
            fact.name,
            "medical_cover"
                | "school_state"
                | "out_of_school"
                | "own_cost_year"
                | "school_cost_beyond"
                | "wage"
                | "died"
        ),
    }
}

/// Told even where nothing is there: contract §6 wants a row a household.
fn is_always_told(fact: &Fact) -> bool {
    fact.entity == Entity::Household && matches!(fact.name, "members" | "income_assembled" | "income_declared")
}

/// The fields of a record that are values of their own; the others say when, what kind and how.
const fn main_fields(record: Record) -> &'static [Field] {
    match record {
        Record::HouseholdMember => &[Field::Living],
        Record::Consent => &[Field::SignedOn],
        Record::Death => &[Field::DiedOn],
        Record::Assistance | Record::Pension => &[Field::MonthlyAmount],
        Record::Monitoring => &[Field::Category],
        Record::Alleviated => &[Field::Year],
        Record::MedicalCover => &[Field::Cover],
        Record::MedicalCost => &[Field::OwnCost],
        Record::Employment => &[Field::MonthlyWage],
        Record::School => &[Field::Status, Field::OwnCost],
        Record::Disability => &[Field::Grade],
        Record::House => &[Field::Grade, Field::OnlyHome, Field::AreaM2],
        Record::Water => &[Field::Quantity, Field::Quality, Field::Access, Field::Reliability],
        Record::Land => &[Field::AreaMu],
        Record::Subsidy | Record::Income => &[Field::Amount],
        Record::FarmMachine | Record::Vehicle => &[Field::Value],
        Record::Disaster => &[Field::Damage],
        Record::Bank => &[Field::Balance],
        Record::Property => &[Field::AreaM2, Field::Share],
        Record::Business => &[Field::Capital, Field::Employees],
        Record::Tax => &[Field::Income],
    }
}

/// `record.field`, or `record.kind` where one field holds amounts of several kinds.
fn name_of(source: &Source<'_>, field: Field, row: u32) -> String {
    let kind = match source.record {
        Record::Income | Record::Tax => source.text(Field::Item, row),
        Record::Assistance => source.text(Field::Programme, row),
        _ => None,
    };
    format!("{}.{}", source.record.name(), kind.unwrap_or(field.name()))
}

fn method_of(source: &Source<'_>, row: u32) -> &'static str {
    let own = source.code(Field::Method, row).map(|code| super::household::METHODS[usize::from(code)]);
    own.filter(|method| *method != "none").unwrap_or(match source.resource.nature {
        Nature::Register => "register",
        Nature::ThresholdList => "threshold_list",
        Nature::QueryAnswer => "query_answer",
    })
}

/// Writes a cell and gives its unit; `None` where it is missing.
fn write_cell(source: &Source<'_>, field: Field, row: u32, out: &mut String) -> Option<&'static str> {
    let column = source.column(field)?;
    let unit = match (column, field) {
        (Column::Money(_), _) => "fen",
        (_, Field::AreaM2) => "m2",
        (_, Field::AreaMu) => "mu",
        (_, Field::Employees) => "persons",
        _ => "",
    };
    write_value(column, row as usize, out).then_some(unit)
}

/// Writes the value of a row; false where it is missing or unknown.
fn write_value(column: &Column, row: usize, out: &mut String) -> bool {
    let written = match column {
        Column::Text(c) => c.get(row).map(|text| out.push_str(text)),
        Column::Code(c) => c.get(row).map(|text| out.push_str(text)),
        Column::Money(c) | Column::Count(c) => {
            Some(c[row]).filter(|v| *v != MISSING).map(|v| write!(out, "{v}").unwrap_or_default())
        }
        Column::Number(c) => Some(c[row]).filter(|v| *v != MISSING).map(|v| write_decimal(v, out)),
        Column::Day(c) => {
            Some(c[row]).filter(|day| *day != i32::MIN).map(|day| write!(out, "{}", Day(day)).unwrap_or_default())
        }
        Column::Area(c) => {
            let area = Some(c[row]).filter(|area| *area != 0).map(values::AreaCode);
            area.map(|area| write!(out, "{area}").unwrap_or_default())
        }
        Column::Flag(c) => {
            let word = match c[row] {
                Truth::True => Some("true"),
                Truth::False => Some("false"),
                Truth::Undetermined => None,
            };
            word.map(|word| out.push_str(word))
        }
        Column::Bounds(unit, c) => write_bounds(c.get(row), *unit == values::columns::Unit::Number, out),
    };
    written.is_some()
}

fn write_bounds(bounds: Bounds, decimal: bool, out: &mut String) -> Option<()> {
    let mut write = |value: i64| {
        if decimal { write_decimal(value, out) } else { write!(out, "{value}").unwrap_or_default() }
    };
    match (bounds.low != Bounds::NO_LOW, bounds.high != Bounds::NO_HIGH) {
        _ if bounds.is_exact() => write(bounds.low),
        // "Not negative" is no news.
        (false, false) | (true, false) if bounds.low <= 0 => return None,
        (with_low, with_high) => {
            if with_low {
                write(bounds.low);
            }
            out.push_str("..");
            if with_high {
                if decimal {
                    write_decimal(bounds.high, out)
                } else {
                    write!(out, "{}", bounds.high).unwrap_or_default()
                }
            }
        }
    }
    Some(())
}

/// Ten-thousandths as a decimal number without trailing zeros.
fn write_decimal(value: i64, out: &mut String) {
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    let (whole, part) = (value / SCALE as u64, value % SCALE as u64);
    write!(out, "{sign}{whole}").unwrap_or_default();
    if part > 0 {
        let digits = format!("{part:04}");
        write!(out, ".{}", digits.trim_end_matches('0')).unwrap_or_default();
    }
}
