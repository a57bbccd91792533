//! Writes what a run found as OUT's files, column by column (contract §6).

use anyhow::{Result, anyhow};
use batch::{Cell, CellKind, ParquetWriter, Problem, ROW_GROUP, RowWriter, Target, Values, write_parquet};
use facts::Ledger;
use facts::assembly::{Assembly, Resident};
use facts::person::{LIVINGS, RELATIONS};
use facts::records::{Links, PersonId, Resource};
use linkage::stage::{Event, EventKind};
use screening::stage::PlaceMeasure;
use std::fmt::{Display, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
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

/// The rows of a file in the slices that become its row groups.
fn slices(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(ROW_GROUP).map(move |from| from..rows.min(from + ROW_GROUP))
}

/// Numbers out of a long list as numbers into a list of those that occur.
fn listed<T: Display>(numbers: &[u32], name: impl Fn(u32) -> Option<T>) -> (Texts, Vec<u32>) {
    let mut occurring = numbers.to_vec();
    occurring.sort_unstable();
    occurring.dedup();
    occurring.retain(|number| name(*number).is_some());
    let at = |number: &u32| occurring.binary_search(number).map_or(u32::MAX, |at| at as u32);
    let places = numbers.iter().map(at).collect();
    (printed(occurring.iter().filter_map(|number| name(*number)).collect::<Vec<_>>().into_iter()), places)
}

/// `links.parquet`: every record and the person it is about. `rows` gives the numbers of a resource's rows as delivered.
///
/// # Errors
/// When the disk is full or refuses; what `rows` says.
pub fn links(path: &Path, heads: &[Resource], links: &Links, rows: impl Fn(usize) -> Result<Vec<u32>>) -> Result<()> {
    let departments: Texts = heads.iter().map(|resource| Some(resource.department.as_str())).collect();
    let names: Texts = heads.iter().map(|resource| Some(resource.name.as_str())).collect();
    let text = CellKind::Text;
    let columns = [
        ("department", text),
        ("resource", text),
        ("row", CellKind::Whole),
        ("person", text),
        ("weight", CellKind::Single),
    ];
    let mut writer = ParquetWriter::create(path, &columns).map_err(said)?;
    for at in 0..heads.len() {
        let rows = rows(at)?;
        for slice in slices(rows.len()) {
            let of = vec![at as u32; slice.len()];
            let rows: Vec<i64> = rows[slice.clone()].iter().map(|row| i64::from(*row)).collect();
            let id = |person: u32| links.people.get(person as usize).map(|person| person.id);
            let (people, person) = listed(&links.person[at][slice.clone()], id);
            let values = [
                Values::Listed(&departments, &of),
                Values::Listed(&names, &of),
                Values::Whole(&rows),
                Values::Listed(&people, &person),
                Values::Single(&links.weight[at][slice]),
            ];
            writer.write(&values).map_err(said)?;
        }
    }
    writer.finish().map_err(said)
}

/// `members.parquet`: who lives where, the dead and the left with the day they stopped.
///
/// # Errors
/// When the disk is full or refuses.
pub fn members(path: &Path, links: &Links, assembly: &Assembly) -> Result<()> {
    let relations: Texts = RELATIONS.iter().copied().map(Some).collect();
    let livings: Texts = LIVINGS.iter().copied().map(Some).collect();
    let day = |day: Option<Day>| day.map_or(MISSING_DAY, |day| day.0);
    // Who no longer counts is not valid on the day: the view's own end, or else the day before.
    let end = |r: &Resident| match r.to {
        _ if r.standing.counts() => MISSING_DAY,
        Some(to) if to < assembly.as_of => to.0,
        _ => assembly
            .deaths
            .get(&r.person)
            .and_then(facts::assembly::Death::on)
            .map_or(assembly.as_of.0 - 1, |d| d.0.min(assembly.as_of.0 - 1)),
    };
    let text = CellKind::Text;
    let columns = [
        ("household", text),
        ("person", text),
        ("relation", text),
        ("from", CellKind::Day),
        ("to", CellKind::Day),
        ("living", text),
        ("registered", CellKind::Flag),
    ];
    let mut writer = ParquetWriter::create(path, &columns).map_err(said)?;
    for slice in slices(assembly.people.len()) {
        let residents = &assembly.people[slice];
        let numbers = |of: fn(&Resident) -> u32| -> Vec<u32> { residents.iter().map(of).collect() };
        let home = |household: u32| assembly.households.get(household as usize).map(|household| household.id);
        let (households, household) = listed(&numbers(|r| r.household), home);
        let id = |person: u32| links.people.get(person as usize).map(|person| person.id);
        let (people, person) = listed(&numbers(|r| r.person), id);
        let relation = numbers(|r| r.relation.map_or(u32::MAX, u32::from));
        let living = numbers(|r| r.living.map_or(u32::MAX, u32::from));
        let registered: Vec<bool> = residents.iter().map(|r| r.registered).collect();
        // A member on the day stays one from the day the view says, if that isn't later.
        let from: Vec<i32> = residents.iter().map(|r| day(r.from.filter(|from| *from <= assembly.as_of))).collect();
        let to: Vec<i32> = residents.iter().map(end).collect();
        let values = [
            Values::Listed(&households, &household),
            Values::Listed(&people, &person),
            Values::Listed(&relations, &relation),
            Values::Day(&from),
            Values::Day(&to),
            Values::Listed(&livings, &living),
            Values::Flag(&registered),
        ];
        writer.write(&values).map_err(said)?;
    }
    writer.finish().map_err(said)
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

/// Rows of the sheet for people: more than anybody reads, and what a workbook still opens with ease.
pub const SHEET_ROWS: usize = 50_000;

/// `findings.xlsx`: rows of the sheet for people, each a place in one of some tables.
///
/// # Errors
/// When the disk is full or refuses.
pub fn sheet(path: &Path, tables: &[Table], rows: impl Iterator<Item = (usize, usize)>) -> Result<()> {
    let kind = |column: &Column| if matches!(column, Column::Count(_)) { CellKind::Whole } else { CellKind::Text };
    let columns: Vec<(&str, CellKind)> =
        tables.first().into_iter().flat_map(Table::columns).map(|(name, column)| (name, kind(column))).collect();
    let target = Target::Xlsx { sheet: "线索 findings".into() };
    let mut writer = RowWriter::create(path, &target, &columns).map_err(said)?;
    for (table, row) in rows {
        let cell = |column: &'_ Column| match column {
            Column::Count(numbers) => Cell::Whole(numbers[row]),
            _ => Cell::Missing,
        };
        let cells: Vec<Cell<'_>> = tables[table]
            .columns()
            .map(|(name, column)| tables[table].text(name, row).map_or_else(|| cell(column), Cell::Text))
            .collect();
        writer.row(&cells).map_err(said)?;
    }
    writer.finish().map_err(said)
}

/// A file that grows table by table.
pub struct Growing {
    path: PathBuf,
    writer: Option<ParquetWriter>,
}

impl Growing {
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, writer: None }
    }

    /// Puts rows behind those there are; the first table says what the columns are, and may be empty.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn write(&mut self, table: &Table) -> Result<()> {
        let kept: Vec<(&str, Kept<'_>)> =
            table.columns().map(|(name, column)| Ok((name, Kept::of(name, column)?))).collect::<Result<_>>()?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let kinds: Vec<(&str, CellKind)> = kept.iter().map(|(name, kept)| (*name, kept.kind())).collect();
                none.insert(ParquetWriter::create(&self.path, &kinds).map_err(said)?)
            }
        };
        let columns: Vec<Values<'_>> = kept.iter().map(|(_, kept)| kept.values()).collect();
        writer.write(&columns).map_err(said)
    }

    /// # Errors
    /// When the disk is full or refuses.
    pub fn finish(self) -> Result<()> {
        self.writer.map_or(Ok(()), |writer| writer.finish().map_err(said))
    }
}

/// `facts.parquet`: every value with its source, those that conflict included, bucket by bucket.
pub struct FactsFile {
    file: Growing,
    /// Rows of fewer households than stand in a part of the file.
    begun: Table,
    households: usize,
}

/// Written at a time: all that memory holds of the file.
const HOUSEHOLDS: usize = 4_096;

impl FactsFile {
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { file: Growing::new(path), begun: Table::default(), households: 0 }
    }

    /// Puts the households of a bucket behind those before.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn write(&mut self, ledger: &Ledger<'_>, households: usize, done: &dyn Fn(u64)) -> Result<()> {
        let mut first = 0;
        while first < households {
            let last = households.min(first + HOUSEHOLDS - self.households);
            self.begun.append(ledger.table(first as u32..last as u32));
            self.households += last - first;
            done((last - first) as u64);
            first = last;
            if self.households == HOUSEHOLDS {
                self.file.write(&std::mem::take(&mut self.begun))?;
                self.households = 0;
            }
        }
        Ok(())
    }

    /// Writes what is left; `ledger` is any bucket's.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn finish(mut self, ledger: &Ledger<'_>) -> Result<()> {
        if self.households > 0 || self.file.writer.is_none() {
            // Even nothing has its columns.
            self.begun.append(ledger.table(0..0));
            self.file.write(&self.begun)?;
        }
        self.file.finish()
    }
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
