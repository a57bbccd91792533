//! Writes what a run found as OUT's files, column by column (contract §6).

use anyhow::{Result, anyhow};
use batch::{Cell, CellKind, ParquetWriter, Problem, RowWriter, Target, Values, write_parquet};
use facts::Ledger;
use facts::assembly::Assembly;
use facts::person::{LIVINGS, RELATIONS};
use facts::records::{Links, PersonId, Resource};
use linkage::stage::{Event, EventKind};
use screening::stage::{Findings, Names, PlaceMeasure};
use std::fmt::{Display, Write};
use std::ops::Range;
use std::path::Path;
use values::columns::{Codes, Column, MISSING_DAY, Table, Texts};
use values::{Day, Truth};

fn said(problem: Problem) -> anyhow::Error {
    anyhow!("{problem}")
}

/// Identifiers as text, one behind the other: a city has millions of them.
fn printed(ids: impl ExactSizeIterator<Item: Display>) -> Texts {
    let (mut texts, mut text) = (Texts::with_capacity(ids.len(), ids.len() * 36), String::new());
    for id in ids {
        text.clear();
        let _ = write!(text, "{id}");
        texts.push(Some(&text));
    }
    texts
}

/// `links.parquet`: every record and the person it is about.
///
/// # Errors
/// When the disk is full or refuses.
pub fn links(path: &Path, resources: &[Resource], links: &Links) -> Result<()> {
    let people = printed(links.people.iter().map(|person| person.id));
    let departments: Texts = resources.iter().map(|resource| Some(resource.department.as_str())).collect();
    let names: Texts = resources.iter().map(|resource| Some(resource.name.as_str())).collect();
    let text = CellKind::Text;
    let columns = [
        ("department", text),
        ("resource", text),
        ("row", CellKind::Whole),
        ("person", text),
        ("weight", CellKind::Single),
    ];
    let mut writer = ParquetWriter::create(path, &columns).map_err(said)?;
    for (at, resource) in resources.iter().enumerate() {
        let of = vec![at as u32; resource.len()];
        let rows: Vec<i64> = resource.rows.iter().map(|row| i64::from(*row)).collect();
        let values = [
            Values::Listed(&departments, &of),
            Values::Listed(&names, &of),
            Values::Whole(&rows),
            Values::Listed(&people, &links.person[at]),
            Values::Single(&links.weight[at]),
        ];
        writer.write(&values).map_err(said)?;
    }
    writer.finish().map_err(said)
}

/// `members.parquet`: who lives where, the dead and the left with the day they stopped.
///
/// # Errors
/// When the disk is full or refuses.
pub fn members(path: &Path, links: &Links, assembly: &Assembly) -> Result<()> {
    let households = printed(assembly.households.iter().map(|household| household.id));
    let people = printed(links.people.iter().map(|person| person.id));
    let relations: Texts = RELATIONS.iter().copied().map(Some).collect();
    let livings: Texts = LIVINGS.iter().copied().map(Some).collect();
    let day = |day: Option<Day>| day.map_or(MISSING_DAY, |day| day.0);
    let residents = &assembly.people;
    // Who no longer counts is not valid on the day: the view's own end, or else the day before.
    let end = |r: &facts::assembly::Resident| match r.to {
        _ if r.standing.counts() => MISSING_DAY,
        Some(to) if to < assembly.as_of => to.0,
        _ => assembly
            .deaths
            .get(&r.person)
            .and_then(facts::assembly::Death::on)
            .map_or(assembly.as_of.0 - 1, |d| d.0.min(assembly.as_of.0 - 1)),
    };
    let household: Vec<u32> = residents.iter().map(|r| r.household).collect();
    let person: Vec<u32> = residents.iter().map(|r| r.person).collect();
    let relation: Vec<u32> = residents.iter().map(|r| r.relation.map_or(u32::MAX, u32::from)).collect();
    let living: Vec<u32> = residents.iter().map(|r| r.living.map_or(u32::MAX, u32::from)).collect();
    let registered: Vec<bool> = residents.iter().map(|r| r.registered).collect();
    // A member on the day stays one from the day the view says, if that isn't later.
    let from: Vec<i32> = residents.iter().map(|r| day(r.from.filter(|from| *from <= assembly.as_of))).collect();
    let to: Vec<i32> = residents.iter().map(end).collect();
    let columns = [
        ("household", Values::Listed(&households, &household)),
        ("person", Values::Listed(&people, &person)),
        ("relation", Values::Listed(&relations, &relation)),
        ("from", Values::Day(&from)),
        ("to", Values::Day(&to)),
        ("living", Values::Listed(&livings, &living)),
        ("registered", Values::Flag(&registered)),
    ];
    write_parquet(path, &columns).map_err(said)
}

/// One line of `identities.parquet`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityEvent {
    pub as_of: Day,
    pub kind: &'static str,
    pub person: String,
    pub other: String,
}

impl IdentityEvent {
    #[must_use]
    pub fn new(event: &Event, as_of: Day) -> Self {
        let kind = match event.kind {
            EventKind::Merge => "merge",
            EventKind::Split => "split",
        };
        let text = |person: PersonId| person.to_string();
        Self { as_of, kind, person: text(event.person), other: text(event.other) }
    }
}

/// `identities.parquet`: what deliveries changed about who is who, over the whole history of OUT.
///
/// # Errors
/// When the disk is full or refuses.
pub fn identities(path: &Path, events: &[IdentityEvent]) -> Result<()> {
    let texts = |text: fn(&IdentityEvent) -> &str| -> Texts { events.iter().map(|event| Some(text(event))).collect() };
    let (kinds, people, others) = (texts(|e| e.kind), texts(|e| &e.person), texts(|e| &e.other));
    let days: Vec<i32> = events.iter().map(|event| event.as_of.0).collect();
    let columns = [
        ("kind", Values::Text(&kinds)),
        ("person", Values::Text(&people)),
        ("other", Values::Text(&others)),
        ("as_of", Values::Day(&days)),
    ];
    write_parquet(path, &columns).map_err(said)
}

/// `measures.parquet`.
///
/// # Errors
/// When the disk is full or refuses.
pub fn measures(path: &Path, measures: &[PlaceMeasure]) -> Result<()> {
    let places: Vec<String> = measures.iter().map(|m| m.place.to_string()).collect();
    let places: Texts = places.iter().map(|place| Some(place.as_str())).collect();
    let names: Texts = measures.iter().map(|m| Some(m.name.as_str())).collect();
    let real = |value: fn(&PlaceMeasure) -> f64| -> Vec<f64> { measures.iter().map(value).collect() };
    let (value, numerator) = (real(|m| m.measure.value), real(|m| m.measure.numerator));
    let (denominator, unknown) = (real(|m| m.measure.denominator), real(|m| m.measure.unknown_share));
    let (low, high) = (real(|m| m.measure.low), real(|m| m.measure.high));
    let columns = [
        ("place", Values::Text(&places)),
        ("measure", Values::Text(&names)),
        ("value", Values::Real(&value)),
        ("numerator", Values::Real(&numerator)),
        ("denominator", Values::Real(&denominator)),
        ("unknown_share", Values::Real(&unknown)),
        ("low", Values::Real(&low)),
        ("high", Values::Real(&high)),
    ];
    write_parquet(path, &columns).map_err(said)
}

/// Written at a time: all that memory holds of a large file.
const HOUSEHOLDS: usize = 4_096;
const FINDINGS: usize = 16_384;

/// Rows of the sheet for people: more than anybody reads, and what a workbook still opens with ease.
const SHEET_ROWS: usize = 50_000;

/// `facts.parquet`: every value with its source, those that conflict included.
///
/// # Errors
/// When the disk is full or refuses.
pub fn facts(path: &Path, ledger: &Ledger<'_>, households: usize) -> Result<()> {
    tables(path, households, HOUSEHOLDS, |part| ledger.table(part.start as u32..part.end as u32))
}

/// `findings.parquet`.
///
/// # Errors
/// When the disk is full or refuses.
pub fn findings(path: &Path, findings: &Findings<'_>) -> Result<()> {
    tables(path, findings.list.len(), FINDINGS, |part| findings.columns(part))
}

/// `findings.xlsx`: the findings by rank, for people.
///
/// # Errors
/// When the disk is full or refuses.
pub fn sheet(path: &Path, findings: &Findings<'_>, names: &Names<'_>) -> Result<()> {
    let table = findings.sheet(0..findings.list.len().min(SHEET_ROWS), names)?;
    let kind = |column: &Column| if matches!(column, Column::Count(_)) { CellKind::Whole } else { CellKind::Text };
    let columns: Vec<(&str, CellKind)> = table.columns().map(|(name, column)| (name, kind(column))).collect();
    let target = Target::Xlsx { sheet: "线索 findings".into() };
    let mut writer = RowWriter::create(path, &target, &columns).map_err(said)?;
    for row in 0..table.len() {
        let cell = |column: &'_ Column| match column {
            Column::Count(numbers) => Cell::Whole(numbers[row]),
            _ => Cell::Missing,
        };
        let cells: Vec<Cell<'_>> = table
            .columns()
            .map(|(name, column)| table.text(name, row).map_or_else(|| cell(column), Cell::Text))
            .collect();
        writer.row(&cells).map_err(said)?;
    }
    writer.finish().map_err(said)
}

/// Writes a file of `rows` things, so many at a time.
fn tables(path: &Path, rows: usize, at_a_time: usize, table: impl Fn(Range<usize>) -> Table) -> Result<()> {
    let mut writer: Option<ParquetWriter> = None;
    let mut first = 0;
    // Even nothing has its columns.
    while first < rows || writer.is_none() {
        let last = rows.min(first + at_a_time);
        let table = table(first..last);
        let kept: Vec<(&str, Kept<'_>)> =
            table.columns().map(|(name, column)| Ok((name, Kept::of(name, column)?))).collect::<Result<_>>()?;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => {
                let kinds: Vec<(&str, CellKind)> = kept.iter().map(|(name, kept)| (*name, kept.kind())).collect();
                none.insert(ParquetWriter::create(path, &kinds).map_err(said)?)
            }
        };
        let columns: Vec<Values<'_>> = kept.iter().map(|(_, kept)| kept.values()).collect();
        writer.write(&columns).map_err(said)?;
        first = last;
    }
    writer.map_or(Ok(()), |writer| writer.finish().map_err(said))
}

/// A table's column in the form the writer takes.
enum Kept<'a> {
    Text(&'a Texts),
    Listed(Texts, Vec<u32>),
    Whole(&'a [i64]),
    Flag(Vec<bool>),
    Day(&'a [i32]),
}

impl<'a> Kept<'a> {
    fn of(name: &str, column: &'a Column) -> Result<Self> {
        let wide = |code: &u16| if *code == Codes::MISSING { u32::MAX } else { u32::from(*code) };
        Ok(match column {
            Column::Text(texts) => Self::Text(texts),
            Column::Code(codes) => Self::Listed(
                codes.list().iter().map(|text| Some(text.as_str())).collect(),
                codes.rows().iter().map(wide).collect(),
            ),
            Column::Money(numbers) | Column::Number(numbers) | Column::Count(numbers) => Self::Whole(numbers),
            Column::Flag(flags) => Self::Flag(flags.iter().map(|flag| *flag == Truth::True).collect()),
            Column::Day(days) => Self::Day(days),
            Column::Area(_) | Column::Bounds(..) => return Err(anyhow!("no file has a form for the column {name}")),
        })
    }

    const fn kind(&self) -> CellKind {
        match self {
            Self::Text(_) | Self::Listed(..) => CellKind::Text,
            Self::Whole(_) => CellKind::Whole,
            Self::Flag(_) => CellKind::Flag,
            Self::Day(_) => CellKind::Day,
        }
    }

    fn values(&self) -> Values<'_> {
        match self {
            Self::Text(texts) => Values::Text(texts),
            Self::Listed(list, rows) => Values::Listed(list, rows),
            Self::Whole(numbers) => Values::Whole(numbers),
            Self::Flag(flags) => Values::Flag(flags),
            Self::Day(days) => Values::Day(days),
        }
    }
}
