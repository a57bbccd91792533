//! What is delivered: departments' packages, their files and columns, all stated once.

mod answers;
mod civil;
mod packages;
mod people;
mod registers;
mod surveys;

pub use packages::{CellType, cell_type, files, package_json};

use crate::rates::Department;
use crate::view::Field;

/// Another name for a value: theirs, ours.
pub type Codes = &'static [(&'static str, &'static str)];

/// How a column writes its values.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Text,
    /// By a Table Schema date format.
    Date(&'static str),
    /// A spreadsheet's day number.
    Serial,
    Money(Unit, Style),
    /// In `mu`, `hectare` or `m2`.
    Area(&'static str),
    /// A share of one.
    Share,
    Whole,
    Codes(Codes),
    /// 12 digits, or 15 with the group.
    Code,
    GroupCode,
    /// The village's name, without or with those above it.
    PlaceName,
    LongPlaceName,
    /// An office of the township, in a column nobody maps.
    Office(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Fen,
    Yuan,
    TenThousandYuan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `1234.50`
    Plain,
    /// `1,234.50`
    Grouped,
    /// `1234.50元`
    Named,
    /// A number in a typed file.
    Number,
}

/// One column as delivered.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub header: &'static str,
    /// What it is in the dictionary; `None` for a column nobody maps.
    pub field: Option<Field>,
    pub form: Form,
}

const fn col(header: &'static str, field: Field, form: Form) -> Column {
    Column { header, field: Some(field), form }
}

const fn unmapped(header: &'static str, office: &'static str) -> Column {
    Column { header, field: None, form: Form::Office(office) }
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    CsvUtf8,
    CsvUtf8Bom,
    CsvGb18030,
    /// With the sheet's name. At most 100 000 rows, at any size of the county.
    Xlsx(&'static str),
    Parquet,
    JsonLines,
    /// With the table's name.
    Sqlite(&'static str),
}

impl FileKind {
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Xlsx(_) | Self::Parquet | Self::JsonLines | Self::Sqlite(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    Register,
    ThresholdList,
    QueryAnswer,
}

impl Nature {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::ThresholdList => "threshold_list",
            Self::QueryAnswer => "query_answer",
        }
    }
}

/// Which townships a department answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    All,
    /// All but every so-manieth township, beginning with this one.
    Without(usize, usize),
}

impl Coverage {
    pub const fn has(self, township: usize) -> bool {
        match self {
            Self::All => true,
            Self::Without(first, step) => township % step != first,
        }
    }
}

/// One file of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub name: &'static str,
    pub path: &'static str,
    pub kind: FileKind,
    pub record: &'static str,
    pub nature: Nature,
    /// Field, limit and unit of a threshold list.
    pub limit: Option<(&'static str, i64, &'static str)>,
    pub coverage: Coverage,
    /// How this file writes "nothing"; the first is the usual one.
    pub missing: &'static [&'static str],
    pub columns: &'static [Column],
}

impl File {
    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == Some(field))
    }
}

/// One delivery: a folder with its package and files.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    pub folder: &'static str,
    pub title: &'static str,
    pub department: Department,
    pub as_of: &'static str,
    pub purpose: &'static str,
    pub files: &'static [File],
}

/// All deliveries.
pub const DELIVERIES: [&Delivery; 24] = [
    &people::POLICE,
    &answers::VEHICLES_QUERY,
    &civil::CIVIL_AFFAIRS,
    &people::MEDICAL,
    &people::MEDICAL_EARLIER,
    &registers::HUMAN_RESOURCES,
    &registers::PENSIONS,
    &registers::EDUCATION,
    &registers::DISABLED,
    &registers::FINANCE,
    &registers::HEALTH,
    &surveys::RURAL,
    &surveys::MONITORING,
    &surveys::HOUSING,
    &surveys::HOUSING_AGAIN,
    &surveys::WATER,
    &surveys::WATER_AGAIN,
    &surveys::AGRICULTURE,
    &surveys::EMERGENCY,
    &answers::BANK,
    &answers::NATURAL_RESOURCES,
    &answers::MARKET,
    &answers::TAX,
    &civil::CIVIL_CREMATIONS,
];

const SEX_WORDS: Codes = &[("男", "1"), ("女", "2"), ("未知", "0")];
const SEX_DIGITS: Codes = &[("1", "1"), ("2", "2"), ("9", "9")];
