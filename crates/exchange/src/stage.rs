//! Mapping: text columns as a department delivered them become a standardised resource.
//!
//! [`Mapping::new`] ties a description to a file's header; [`Mapping::part`] maps one chunk of rows, on any core
//! and in any order; [`Gathered`] puts the parts together. A cell that breaks its schema is a reject and
//! counts as missing, its row stays; a row of another county is a reject whole. What standardising changed is
//! counted by kind and column, and maps the same way every time.

mod cells;
mod fingerprint;
mod keys;
mod own;
mod part;
mod sent;
mod surface;
mod tidy;

pub use part::{Gathered, Part, Rows};
pub(crate) use surface::number;

/// A digest of everything a row says, its person keys included.
#[must_use]
pub fn row_digest(keys: &facts::records::Keys, own: u64, row: usize) -> u64 {
    keys::digest(keys, own, row)
}

use crate::package::{FieldSpec, KeyName, ResourceSpec, Target};
use crate::places::Places;
use crate::problem::{Problem, Wording};
use crate::quality::Tally;
use crate::rejects::Reject;
use facts::records::{Keys, Resource};

/// How much of a resource is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Person keys alone: own fields are not even asked for.
    Keys,
    /// All but the person keys.
    Own,
    Everything,
}

impl Depth {
    const fn asks_for(self, target: Target) -> bool {
        match self {
            Self::Keys => matches!(target, Target::Key(_)),
            Self::Own => !matches!(target, Target::Key(_)),
            Self::Everything => true,
        }
    }
}

/// A description tied to a file's header.
#[derive(Debug)]
pub struct Mapping<'a> {
    pub(crate) spec: &'a ResourceSpec,
    pub(crate) places: &'a Places,
    pub(crate) department: &'a str,
    /// The columns read, in the order of the file.
    pub(crate) columns: Vec<Column>,
    pub(crate) depth: Depth,
    /// Whether the file's cells have types of their own, so that dates may come as ISO 8601.
    pub(crate) typed: bool,
}

/// A column that is read.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its place in the file's header.
    pub index: usize,
    pub name: String,
    /// `None` for a column the description doesn't name.
    pub spec: Option<FieldSpec>,
}

impl Column {
    pub(crate) fn target(&self) -> Target {
        self.spec.as_ref().map_or(Target::None, |spec| spec.target)
    }
}

/// What a mapping is made for, besides the description.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub places: &'a Places,
    pub department: &'a str,
    pub depth: Depth,
    pub typed: bool,
}

impl<'a> Mapping<'a> {
    /// Finds the described columns in the header. Columns that are missing or doubled count as missing, and are told.
    ///
    /// # Errors
    /// When none of the described columns is there: the file is another one.
    pub fn new(
        spec: &'a ResourceSpec,
        context: Context<'a>,
        file: &str,
        header: &[String],
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let field = spec.fields.iter().find(|field| field.name == *name);
            let is_doubled = header.iter().filter(|other| *other == name).count() > 1;
            if is_doubled && field.is_some() {
                if header.iter().position(|other| other == name) == Some(index) {
                    problems.push(doubled(file, spec, name));
                }
                continue;
            }
            let column = Column { index, name: name.clone(), spec: field.cloned() };
            if context.depth.asks_for(column.target()) {
                columns.push(column);
            }
        }
        let lacking: Vec<&FieldSpec> = spec.fields.iter().filter(|field| !header.contains(&field.name)).collect();
        if lacking.len() == spec.fields.len() {
            return Err(another_file(file, spec, header));
        }
        problems.extend(lacking.iter().filter(|f| f.target != Target::None).map(|field| missing(file, spec, field)));
        let Context { places, department, depth, typed } = context;
        Ok((Self { spec, places, department, columns, depth, typed }, problems))
    }

    /// The header's columns to read, in the order in which [`Rows::columns`] brings them.
    #[must_use]
    pub fn wanted(&self) -> Vec<usize> {
        self.columns.iter().map(|column| column.index).collect()
    }

    /// The names of the columns read: a reject's column is a number into them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The columns read and what each holds, in the dictionary's words.
    pub fn meanings(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        self.columns.iter().map(|column| (column.name.as_str(), column.target().name()))
    }

    /// Takes the rows out of a part, for who lays them aside rather than gathering them. They are numbered within it.
    #[must_use]
    pub fn lift(&self, part: &mut Part) -> Resource {
        let rest = Part {
            seen: part.seen,
            rejects: std::mem::take(&mut part.rejects),
            tallies: std::mem::take(&mut part.tallies),
            dropped: part.dropped,
            elsewhere: part.elsewhere,
            ..Part::default()
        };
        let Part { rows, keys, own, own_digest, .. } = std::mem::replace(part, rest);
        self.resource(rows, keys, own, own_digest)
    }

    /// The resource that all its parts make.
    #[must_use]
    pub fn finish(&self, gathered: Gathered) -> Mapped {
        let whole = gathered.into_whole().unwrap_or_else(|| Part::empty(self));
        let Part { seen, rows, keys, own, own_digest, rejects, tallies, dropped, elsewhere } = whole;
        let resource = self.resource(rows, keys, own, own_digest);
        Mapped { resource, rejects, tallies, seen, dropped, elsewhere }
    }

    fn resource(
        &self,
        rows: Vec<u32>,
        keys: Keys,
        own: Vec<(&'static str, values::columns::Column)>,
        own_digest: Vec<u64>,
    ) -> Resource {
        let spec = self.spec;
        Resource {
            department: self.department.to_owned(),
            name: spec.name.clone(),
            record: spec.record.name.clone(),
            nature: spec.nature,
            as_of: spec.as_of,
            coverage: spec.coverage.clone(),
            limit: spec.limit.clone(),
            own: own::table(rows.len(), own),
            rows,
            keys,
            own_digest,
        }
    }

    pub(crate) fn key_column(&self, key: KeyName) -> Option<(usize, &FieldSpec)> {
        let spec = |column: &'_ Column| column.target() == Target::Key(key);
        let at = self.columns.iter().position(spec)?;
        Some((at, self.columns[at].spec.as_ref()?))
    }
}

/// A resource as it goes on, and what was found on the way.
#[derive(Debug)]
pub struct Mapped {
    pub resource: Resource,
    pub rejects: Vec<Reject>,
    /// One for each column read.
    pub tallies: Vec<Tally>,
    /// Data rows in the file.
    pub seen: u32,
    /// Rows left out because they couldn't be cut into cells.
    pub dropped: u32,
    /// Rows left out because they are another county's.
    pub elsewhere: u32,
}

fn doubled(file: &str, spec: &ResourceSpec, name: &str) -> Problem {
    Problem::new(
        file,
        Wording::new(
            format!("表头中“{name}”出现多次，无法确定用哪一列"),
            format!("the header has \"{name}\" more than once: no telling which is meant"),
        ),
        Wording::new(
            "请改名后重新导出；此列暂按缺失处理",
            "rename one and export again; until then the column counts as missing",
        ),
    )
    .of_resource(&spec.name)
    .in_field(name)
}

fn missing(file: &str, spec: &ResourceSpec, field: &FieldSpec) -> Problem {
    Problem::new(
        file,
        Wording::new(format!("文件中没有列“{}”", field.name), format!("the file has no column \"{}\"", field.name)),
        Wording::new(
            "请补上该列或改正 schema；此列暂按缺失处理",
            "add the column or correct the schema; until then it counts as missing",
        ),
    )
    .of_resource(&spec.name)
    .in_field(&field.name)
}

fn another_file(file: &str, spec: &ResourceSpec, header: &[String]) -> Problem {
    let asked: Vec<&str> = spec.fields.iter().map(|field| field.name.as_str()).collect();
    let (asked, found) = (asked.join("、"), header.join("、"));
    Problem::new(
        file,
        Wording::new(
            format!("没有任何一列与 schema 相符：需要 {asked}；文件里是 {found}"),
            format!("none of its columns is in the schema: {asked} were asked for; it has {found}"),
        ),
        Wording::new(
            "请核对文件是否放错；此资源已搁置",
            "check whether this is the file meant; this resource is set aside",
        ),
    )
    .of_resource(&spec.name)
}
