//! The frames facts are written into: one column a fact, row by row.

use super::{Fact, Kind};
use values::columns::{Codes, Column, MISSING_DAY, Packed, Quantities, Table, Unit};
use values::{AreaCode, Bounds, Day, Truth};

/// One entity's facts: a column a fact, every row unknown until it is set.
pub struct Frame {
    facts: &'static [Fact],
    columns: Vec<Cells>,
    rows: usize,
    wide: Vec<Wide>,
}

/// The quantities of one part that a packed cell can't hold: column, row of the part, bounds; the last counts.
#[derive(Clone, Default)]
struct Wide {
    /// The part's first row.
    from: usize,
    cells: Vec<(usize, usize, Bounds)>,
}

enum Cells {
    Bounds(Vec<Packed>),
    Flag(Vec<Truth>),
    /// Positions in the fact's list.
    Code(Vec<u8>),
    Day(Vec<i32>),
    Area(Vec<u64>),
    Text(Vec<Option<Box<str>>>),
}

const NO_CODE: u8 = u8::MAX;

/// Some rows of a frame that stand one behind the other: threads fill their parts in place, and nothing is copied.
pub struct Part<'a> {
    facts: &'static [Fact],
    columns: Vec<Slice<'a>>,
    wide: &'a mut Wide,
    rows: usize,
}

enum Slice<'a> {
    Bounds(&'a mut [Packed]),
    Flag(&'a mut [Truth]),
    Code(&'a mut [u8]),
    Day(&'a mut [i32]),
    Area(&'a mut [u64]),
    Text(&'a mut [Option<Box<str>>]),
}

impl Frame {
    #[must_use]
    pub fn new(facts: &'static [Fact], rows: usize) -> Self {
        Self { facts, columns: facts.iter().map(|fact| Cells::new(fact, rows)).collect(), rows, wide: Vec::new() }
    }

    /// The frame cut into parts of so many rows each, in order. What the sizes leave over stays unknown.
    pub fn parts(&mut self, sizes: &[usize]) -> Vec<Part<'_>> {
        let begin = |from: &mut usize, size: &usize| {
            *from += size;
            Some(Wide { from: *from - size, cells: Vec::new() })
        };
        self.wide = sizes.iter().scan(0, begin).collect();
        let part = |wide| Part { facts: self.facts, columns: Vec::with_capacity(self.facts.len()), wide, rows: 0 };
        let mut parts: Vec<Part<'_>> = self.wide.iter_mut().map(part).collect();
        for column in &mut self.columns {
            let mut rest = column.slice();
            for (part, size) in parts.iter_mut().zip(sizes) {
                let (first, behind) = rest.split(*size);
                part.columns.push(first);
                rest = behind;
            }
        }
        parts
    }

    /// The facts as a table under the dictionary's names.
    #[must_use]
    pub fn into_table(self) -> Table {
        let mut table = Table::new(self.rows);
        let mut wide: Vec<Vec<(u32, Bounds)>> = vec![Vec::new(); self.facts.len()];
        for Wide { from, cells } in self.wide {
            cells.into_iter().for_each(|(column, row, bounds)| wide[column].push(((from + row) as u32, bounds)));
        }
        for ((fact, cells), wide) in self.facts.iter().zip(self.columns).zip(wide) {
            table.set(fact.name, cells.into_column(fact, wide));
        }
        table
    }
}

impl Part<'_> {
    /// Begins the next row.
    pub const fn begin(&mut self) {
        self.rows += 1;
    }

    /// Rows begun so far.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A quantity of the row begun last.
    #[must_use]
    pub fn last_bounds(&self, fact: usize) -> Bounds {
        match &self.columns[fact] {
            Slice::Bounds(c) => c[self.rows - 1].bounds().unwrap_or_else(|| self.wide.find(fact, self.rows - 1)),
            _ => Bounds::UNKNOWN,
        }
    }

    /// Sets a quantity of an earlier row.
    pub fn bounds_at(&mut self, row: usize, fact: usize, bounds: Bounds) {
        if let Slice::Bounds(c) = &mut self.columns[fact] {
            c[row] = Packed::new(bounds);
            if c[row] == Packed::WIDE {
                self.wide.cells.push((fact, row, bounds));
            }
        }
    }

    /// Sets a flag of an earlier row.
    pub fn flag_at(&mut self, row: usize, fact: usize, flag: Truth) {
        if let Slice::Flag(c) = &mut self.columns[fact] {
            c[row] = flag;
        }
    }

    pub fn bounds(&mut self, fact: usize, bounds: Bounds) {
        self.bounds_at(self.rows - 1, fact, bounds);
    }

    pub fn flag(&mut self, fact: usize, flag: Truth) {
        self.flag_at(self.rows - 1, fact, flag);
    }

    pub fn code(&mut self, fact: usize, code: Option<u8>) {
        if let Slice::Code(c) = &mut self.columns[fact] {
            c[self.rows - 1] = code.unwrap_or(NO_CODE);
        }
    }

    /// The code of that word in the fact's list.
    pub fn word(&mut self, fact: usize, word: &str) {
        if let Kind::Code(list) = self.facts[fact].kind {
            self.code(fact, list.iter().position(|item| *item == word).map(|at| at as u8));
        }
    }

    pub fn day(&mut self, fact: usize, day: Option<Day>) {
        if let Slice::Day(c) = &mut self.columns[fact] {
            c[self.rows - 1] = day.map_or(MISSING_DAY, |day| day.0);
        }
    }

    pub fn area(&mut self, fact: usize, area: Option<AreaCode>) {
        if let Slice::Area(c) = &mut self.columns[fact] {
            c[self.rows - 1] = area.map_or(0, |area| area.0);
        }
    }

    pub fn text(&mut self, fact: usize, text: Option<&str>) {
        if let Slice::Text(c) = &mut self.columns[fact] {
            c[self.rows - 1] = text.map(Into::into);
        }
    }
}

impl Wide {
    fn find(&self, column: usize, row: usize) -> Bounds {
        let is_it = |cell: &&(usize, usize, Bounds)| (cell.0, cell.1) == (column, row);
        self.cells.iter().rev().find(is_it).map_or(Bounds::UNKNOWN, |cell| cell.2)
    }
}

impl Cells {
    fn new(fact: &Fact, rows: usize) -> Self {
        match fact.kind {
            Kind::Money | Kind::Number(_) | Kind::Count(_) => Self::Bounds(vec![Packed::UNKNOWN; rows]),
            Kind::Flag => Self::Flag(vec![Truth::Undetermined; rows]),
            Kind::Code(_) => Self::Code(vec![NO_CODE; rows]),
            Kind::Day => Self::Day(vec![MISSING_DAY; rows]),
            Kind::Area => Self::Area(vec![0; rows]),
            Kind::Text => Self::Text(vec![None; rows]),
        }
    }

    fn slice(&mut self) -> Slice<'_> {
        match self {
            Self::Bounds(c) => Slice::Bounds(c),
            Self::Flag(c) => Slice::Flag(c),
            Self::Code(c) => Slice::Code(c),
            Self::Day(c) => Slice::Day(c),
            Self::Area(c) => Slice::Area(c),
            Self::Text(c) => Slice::Text(c),
        }
    }

    fn into_column(self, fact: &Fact, wide: Vec<(u32, Bounds)>) -> Column {
        match self {
            Self::Bounds(c) => Column::Bounds(fact.kind.unit().unwrap_or(Unit::Count), Quantities::new(c, wide)),
            Self::Flag(c) => Column::Flag(c),
            Self::Day(c) => Column::Day(c),
            Self::Area(c) => Column::Area(c),
            Self::Text(c) => Column::Text(c.iter().map(Option::as_deref).collect()),
            Self::Code(c) => {
                let list: &[&str] = if let Kind::Code(list) = fact.kind { list } else { &[] };
                let mut codes = Codes::default();
                c.into_iter().for_each(|code| codes.push(list.get(usize::from(code)).copied()));
                Column::Code(codes)
            }
        }
    }
}

impl<'a> Slice<'a> {
    fn split(self, at: usize) -> (Self, Self) {
        fn cut<'a, T>(cells: &'a mut [T], at: usize, whole: fn(&'a mut [T]) -> Slice<'a>) -> (Slice<'a>, Slice<'a>) {
            let (first, rest) = cells.split_at_mut(at);
            (whole(first), whole(rest))
        }
        match self {
            Self::Bounds(c) => cut(c, at, Slice::Bounds),
            Self::Flag(c) => cut(c, at, Slice::Flag),
            Self::Code(c) => cut(c, at, Slice::Code),
            Self::Day(c) => cut(c, at, Slice::Day),
            Self::Area(c) => cut(c, at, Slice::Area),
            Self::Text(c) => cut(c, at, Slice::Text),
        }
    }
}
