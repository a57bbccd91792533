//! The frames facts are written into: one column a fact, row by row.

use super::{Fact, Kind};
use values::columns::{Codes, Column, MISSING_DAY, Table, Unit};
use values::{AreaCode, Bounds, Day, Truth};

enum Cells {
    Bounds(Vec<Bounds>),
    Flag(Vec<Truth>),
    /// Positions in the fact's list.
    Code(Vec<u8>),
    Day(Vec<i32>),
    Area(Vec<u64>),
    Text(Vec<Option<Box<str>>>),
}

const NO_CODE: u8 = u8::MAX;

/// Rows of one entity's facts, all unknown until they are set.
pub struct Frame {
    facts: &'static [Fact],
    columns: Vec<Cells>,
    rows: usize,
}

impl Frame {
    #[must_use]
    pub fn new(facts: &'static [Fact], rows: usize) -> Self {
        let columns = facts.iter().map(|fact| Cells::new(fact, rows)).collect();
        Self { facts, columns, rows: 0 }
    }

    /// Begins the next row.
    pub fn begin(&mut self) {
        self.rows += 1;
        for column in &mut self.columns {
            match column {
                Cells::Bounds(c) => c.push(Bounds::UNKNOWN),
                Cells::Flag(c) => c.push(Truth::Undetermined),
                Cells::Code(c) => c.push(NO_CODE),
                Cells::Day(c) => c.push(MISSING_DAY),
                Cells::Area(c) => c.push(0),
                Cells::Text(c) => c.push(None),
            }
        }
    }

    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A quantity of the row begun last.
    #[must_use]
    pub fn last_bounds(&self, fact: usize) -> Bounds {
        match &self.columns[fact] {
            Cells::Bounds(c) => c.last().copied().unwrap_or(Bounds::UNKNOWN),
            _ => Bounds::UNKNOWN,
        }
    }

    #[must_use]
    pub fn flag_of(&self, row: usize, fact: usize) -> Truth {
        match &self.columns[fact] {
            Cells::Flag(c) => c[row],
            _ => Truth::Undetermined,
        }
    }

    /// Sets a quantity of an earlier row.
    pub fn bounds_at(&mut self, row: usize, fact: usize, bounds: Bounds) {
        if let Cells::Bounds(c) = &mut self.columns[fact] {
            c[row] = bounds;
        }
    }

    /// Sets a flag of an earlier row.
    pub fn flag_at(&mut self, row: usize, fact: usize, flag: Truth) {
        if let Cells::Flag(c) = &mut self.columns[fact] {
            c[row] = flag;
        }
    }

    pub fn bounds(&mut self, fact: usize, bounds: Bounds) {
        if let Cells::Bounds(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = bounds;
        }
    }

    pub fn flag(&mut self, fact: usize, flag: Truth) {
        if let Cells::Flag(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = flag;
        }
    }

    pub fn code(&mut self, fact: usize, code: Option<u8>) {
        if let Cells::Code(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = code.unwrap_or(NO_CODE);
        }
    }

    /// The code of that word in the fact's list.
    pub fn word(&mut self, fact: usize, word: &str) {
        if let Kind::Code(list) = self.facts[fact].kind {
            self.code(fact, list.iter().position(|item| *item == word).map(|at| at as u8));
        }
    }

    pub fn day(&mut self, fact: usize, day: Option<Day>) {
        if let Cells::Day(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = day.map_or(MISSING_DAY, |day| day.0);
        }
    }

    pub fn area(&mut self, fact: usize, area: Option<AreaCode>) {
        if let Cells::Area(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = area.map_or(0, |area| area.0);
        }
    }

    pub fn text(&mut self, fact: usize, text: Option<&str>) {
        if let Cells::Text(c) = &mut self.columns[fact]
            && let Some(cell) = c.last_mut()
        {
            *cell = text.map(Into::into);
        }
    }

    /// All frames one behind the other, as a table under the dictionary's names.
    #[must_use]
    pub fn into_table(facts: &'static [Fact], frames: Vec<Self>) -> Table {
        let rows = frames.iter().map(|frame| frame.rows).sum();
        let mut table = Table::new(rows);
        let mut parts: Vec<_> = frames.into_iter().map(|frame| frame.columns.into_iter()).collect();
        for fact in facts {
            let mut all = Cells::new(fact, rows);
            parts.iter_mut().filter_map(Iterator::next).for_each(|part| all.append(part));
            table.set(fact.name, all.into_column(fact));
        }
        table
    }
}

impl Cells {
    fn new(fact: &Fact, rows: usize) -> Self {
        match fact.kind {
            Kind::Money | Kind::Number(_) | Kind::Count(_) => Self::Bounds(Vec::with_capacity(rows)),
            Kind::Flag => Self::Flag(Vec::with_capacity(rows)),
            Kind::Code(_) => Self::Code(Vec::with_capacity(rows)),
            Kind::Day => Self::Day(Vec::with_capacity(rows)),
            Kind::Area => Self::Area(Vec::with_capacity(rows)),
            Kind::Text => Self::Text(Vec::with_capacity(rows)),
        }
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Bounds(all), Self::Bounds(part)) => all.extend(part),
            (Self::Flag(all), Self::Flag(part)) => all.extend(part),
            (Self::Code(all), Self::Code(part)) => all.extend(part),
            (Self::Day(all), Self::Day(part)) => all.extend(part),
            (Self::Area(all), Self::Area(part)) => all.extend(part),
            (Self::Text(all), Self::Text(part)) => all.extend(part),
            _ => {}
        }
    }

    fn into_column(self, fact: &Fact) -> Column {
        match self {
            Self::Bounds(c) => Column::Bounds(fact.kind.unit().unwrap_or(Unit::Count), c),
            Self::Flag(c) => Column::Flag(c),
            Self::Day(c) => Column::Day(c),
            Self::Area(c) => Column::Area(c),
            Self::Text(c) => Column::Text(c.iter().map(Option::as_deref).collect()),
            Self::Code(c) => {
                let list = if let Kind::Code(list) = fact.kind { list } else { &[] };
                let mut codes = Codes::default();
                c.into_iter().for_each(|code| codes.push(list.get(usize::from(code)).copied()));
                Column::Code(codes)
            }
        }
    }
}
