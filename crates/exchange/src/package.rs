//! A delivery's description: a Data Package with ours under the key `fuzhi` (contract §2).

mod field;
mod resource;

pub(crate) use field::MOMENT;
pub use field::{FieldSpec, KeyName, Target, Unit};

use crate::county::County;
use crate::problem::{Problem, Wording};
use facts::records::{Limit, Nature};
use serde_json::{Map, Value};
use values::Day;

/// One delivery as its description has it; resources that are described wrongly are left out.
#[derive(Clone, Debug)]
pub struct Package {
    /// The description's file, such as `medical_insurance/datapackage.json`.
    pub file: String,
    pub department: String,
    pub title: String,
    pub as_of: Option<Day>,
    pub purpose: String,
    pub legal_basis: String,
    pub resources: Vec<ResourceSpec>,
}

/// One file or table of a delivery.
#[derive(Clone, Debug)]
pub struct ResourceSpec {
    pub name: String,
    pub title: String,
    pub file: FileKind,
    /// Relative to the description's folder; empty for a database.
    pub path: String,
    /// A record kind of the dictionary.
    pub record: &'static crate::dictionary::Record,
    pub nature: Nature,
    pub as_of: Day,
    pub coverage: Option<Vec<String>>,
    pub limit: Option<Limit>,
    /// Texts that stand for "nothing".
    pub missing: Vec<String>,
    pub fields: Vec<FieldSpec>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    Csv { delimiter: u8, quote: Option<u8>, header: bool, gb18030: bool },
    Xlsx { sheet: Option<String> },
    Parquet,
    JsonLines,
    Database { url: String, table: String },
}

/// What may stand on the package or on a resource; the resource's wins.
#[derive(Clone, Debug, Default)]
struct Shared<'a> {
    nature: Option<&'a Value>,
    as_of: Option<&'a Value>,
    coverage: Option<&'a Value>,
    limit: Option<&'a Value>,
}

impl<'a> Shared<'a> {
    fn of(ours: Option<&'a Value>) -> Self {
        let get = |key| ours.and_then(|ours| ours.get(key)).filter(|value| !value.is_null());
        Self { nature: get("nature"), as_of: get("as_of"), coverage: get("coverage"), limit: get("limit") }
    }

    fn or(self, other: &Self) -> Self {
        Self {
            nature: self.nature.or(other.nature),
            as_of: self.as_of.or(other.as_of),
            coverage: self.coverage.or(other.coverage),
            limit: self.limit.or(other.limit),
        }
    }
}

impl Package {
    /// Reads a description. `None` where the whole delivery has to be set aside; what is wrong is told in either case.
    #[must_use]
    pub fn read(file: &str, text: &str) -> (Option<Self>, Vec<Problem>) {
        let mut problems = Vec::new();
        match read_package(file, text, &mut problems) {
            Ok(package) => (Some(package), problems),
            Err(problem) => {
                problems.push(problem);
                (None, problems)
            }
        }
    }
}

fn read_package(file: &str, text: &str, problems: &mut Vec<Problem>) -> Result<Package, Problem> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        Problem::new(
            file,
            Wording::new(format!("不是有效的 JSON：{e}"), format!("it is no valid JSON: {e}")),
            Wording::new("请改正后重新交付；本次交付已搁置", "correct it; this delivery is set aside"),
        )
    })?;
    let ours = value.get("fuzhi");
    let department = required(file, ours, "department")?;
    let purpose = required(file, ours, "purpose")?;
    let shared = Shared::of(ours);
    let resources = value.get("resources").and_then(Value::as_array).ok_or_else(|| lacking(file, "resources"))?;
    let mut package = Package {
        file: file.to_owned(),
        department,
        title: text_of(value.get("title")).unwrap_or_default(),
        as_of: shared.as_of.and_then(Value::as_str).and_then(|day| Day::parse_iso(day).ok()),
        purpose,
        legal_basis: text_of(ours.and_then(|o| o.get("legal_basis"))).unwrap_or_default(),
        resources: Vec::new(),
    };
    for (number, value) in resources.iter().enumerate() {
        match resource::read(file, number + 1, value, &shared, problems) {
            Ok(resource) => package.resources.push(resource),
            Err(problem) => problems.push(problem),
        }
    }
    Ok(package)
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn required(file: &str, ours: Option<&Value>, field: &str) -> Result<String, Problem> {
    text_of(ours.and_then(|ours| ours.get(field))).ok_or_else(|| lacking(file, &format!("fuzhi.{field}")))
}

fn lacking(file: &str, field: &str) -> Problem {
    Problem::new(
        file,
        Wording::new(format!("没有写明 {field}"), format!("it names no {field}")),
        Wording::new(
            format!("请补上 {field}；补上之前不读取其中任何数据"),
            format!("add {field}; none of its data is read before"),
        ),
    )
    .in_field(field)
}

/// Leaves out the resources whose name another of the same department has already.
pub fn refuse_repeated_names(packages: &mut [Package]) -> Vec<Problem> {
    let mut seen: std::collections::BTreeSet<(String, String)> = std::collections::BTreeSet::new();
    let mut problems = Vec::new();
    for package in packages {
        let (department, file) = (package.department.clone(), package.file.clone());
        package.resources.retain(|resource| {
            let is_new = seen.insert((department.clone(), resource.name.clone()));
            if !is_new {
                problems.push(
                    Problem::new(
                        &file,
                        Wording::new(
                            format!("部门 {department} 已有名为 {} 的资源", resource.name),
                            format!("the department {department} already has a resource {}", resource.name),
                        ),
                        Wording::new("请换一个名称；此资源已搁置", "give it another name; this one is set aside"),
                    )
                    .of_resource(&resource.name),
                );
            }
            is_new
        });
    }
    problems
}

/// The county's day is what a delivery's age is counted against.
#[must_use]
pub fn days_old(resource: &ResourceSpec, county: &County) -> i32 {
    county.as_of.0 - resource.as_of.0
}

type Object = Map<String, Value>;
