use crate::{Entity, Kind};

/// A checked expression: every name resolved, every unit agreed.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Fact(usize),
    Derived(usize),
    Parameter(usize),
    Date(Date),
    /// In the smallest parts of its kind, over a power of ten.
    Amount(i64, i64),
    Truth(bool),
    Code(String),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// The list holds constants and parameters only.
    In(Box<Expr>, Vec<Expr>),
    Within(Box<Expr>, i64, i64),
    IsUnknown(Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Multiply(Box<Expr>, Box<Expr>),
    Divide(Box<Expr>, Box<Expr>),
    Larger(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Members(Fold, Box<Expr>),
    Calendar(Calendar, Vec<Expr>),
    Band(usize, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Less,
    AtMost,
    Equal,
}

/// Days that the day of the run determines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Date {
    AsOf,
    WindowStart,
    WindowEnd,
    YearStart,
    Fixed(i32),
    /// The latest such month and day not after the day of the run.
    Last(i8, i8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fold {
    Any,
    Every,
    Count,
    Sum,
    Max,
    Min,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Calendar {
    /// Whole years from the first day to the second.
    Age,
    /// Calendar months from the first day's to the second's.
    MonthsBetween,
    Year,
    Month,
    PlusMonths,
    PlusYears,
}

/// Which rows a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Level {
    Constant,
    Household,
    Person,
}

impl From<Entity> for Level {
    fn from(entity: Entity) -> Self {
        match entity {
            Entity::Household => Self::Household,
            Entity::Person => Self::Person,
        }
    }
}

/// An expression with what its value is.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub kind: Kind,
    /// Empty where it says nothing.
    pub unit: String,
    pub level: Level,
    /// A written 0, which needs no unit.
    pub zero: bool,
    pub from_query_answer: bool,
}

impl Typed {
    pub fn new(expr: Expr, kind: Kind, level: Level) -> Self {
        Self { expr, kind, unit: String::new(), level, zero: false, from_query_answer: false }
    }

    pub fn with_unit(mut self, unit: &str) -> Self {
        unit.clone_into(&mut self.unit);
        self
    }

    pub const fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Count)
    }
}
