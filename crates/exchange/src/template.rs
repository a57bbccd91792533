//! An empty delivery for a department to fill.

use crate::dictionary::{Department, Field, FieldKind, Record, dictionary};
use crate::problem::{Problem, Wording};
use facts::records::Nature;
use serde_json::{Map, Value, json};

/// An empty delivery: its description, and its files with the columns of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The folder's name.
    pub department: String,
    /// The text of `datapackage.json`. Day and purpose are left for the department to state.
    pub description: String,
    /// File names and their headers.
    pub files: Vec<(String, Vec<String>)>,
}

impl Template {
    /// For a department of the dictionary, or for one kind of record.
    ///
    /// # Errors
    /// When the dictionary has neither of that name.
    pub fn of(name: &str) -> Result<Self, Problem> {
        let dictionary = dictionary();
        if let Some(department) = dictionary.departments.iter().find(|department| department.name == name) {
            let records = department.records.iter().filter_map(|record| dictionary.record(record)).collect();
            return Ok(Self::with(department, records));
        }
        let record = dictionary.record(name).ok_or_else(|| unknown(name))?;
        let delivers = |department: &&Department| department.records.iter().any(|known| known == name);
        let department = dictionary.departments.iter().find(delivers).ok_or_else(|| unknown(name))?;
        Ok(Self::with(department, vec![record]))
    }

    fn with(department: &Department, records: Vec<&Record>) -> Self {
        let resources: Vec<Value> = records.iter().map(|record| resource(record)).collect();
        let description = json!({
            "name": format!("{}-delivery", department.name.replace('_', "-")),
            "title": department.zh,
            "fuzhi": { "department": department.name, "as_of": "", "purpose": "", "legal_basis": "" },
            "resources": resources,
        });
        let header =
            |record: &&Record| (file_name(record), columns(record).map(|column| column.zh.to_owned()).collect());
        Self {
            department: department.name.clone(),
            description: format!("{description:#}\n"),
            files: records.iter().map(header).collect(),
        }
    }
}

fn unknown(name: &str) -> Problem {
    let names = |list: Vec<&str>| list.join(", ");
    let departments = names(dictionary().departments.iter().map(|department| department.name.as_str()).collect());
    let records = names(dictionary().records.iter().map(|record| record.name.as_str()).collect());
    Problem::new(
        name,
        Wording::new("既不是已知的部门，也不是记录类型", "neither a known department nor a kind of record"),
        Wording::new(
            format!("部门：{departments}；记录：{records}"),
            format!("departments: {departments}; records: {records}"),
        ),
    )
}

fn file_name(record: &Record) -> String {
    format!("{}.csv", record.zh)
}

/// A column to fill: a person key or an own field.
struct Column<'a> {
    name: &'a str,
    zh: &'a str,
    field: Option<&'a Field>,
    codes: &'a [(String, String)],
}

fn columns(record: &Record) -> impl Iterator<Item = Column<'_>> {
    let asked = ["id_number", "name", "sex", "birth_date", "area", "phone"];
    let keys = dictionary().keys.iter().filter(move |key| asked.contains(&key.name.as_str()));
    let keys = keys.map(|key| Column { name: &key.name, zh: &key.zh, field: None, codes: &key.codes });
    let own = record.fields.iter();
    keys.chain(own.map(|field| Column { name: &field.name, zh: &field.zh, field: Some(field), codes: &field.codes }))
}

fn resource(record: &Record) -> Value {
    let fields: Vec<Value> = columns(record).map(|column| described(&column)).collect();
    let mut ours = json!({ "record": record.name, "nature": record.nature });
    if record.nature == Nature::ThresholdList
        && let Some(field) = record.fields.iter().find(|field| field.kind == FieldKind::Money)
    {
        ours["limit"] = json!({ "field": field.name, "over": 3000, "unit": "yuan" });
    }
    json!({
        "name": record.name,
        "title": record.zh,
        "path": file_name(record),
        "encoding": "utf-8",
        "fuzhi": ours,
        "schema": { "missingValues": ["", "无", "-"], "fields": fields },
    })
}

fn described(column: &Column<'_>) -> Value {
    let kind = match column.field.map(|field| field.kind) {
        Some(FieldKind::Money | FieldKind::Number) => "number",
        Some(FieldKind::Count) => "integer",
        Some(FieldKind::Day) => "date",
        Some(FieldKind::Flag) => "boolean",
        None if column.name == "birth_date" => "date",
        _ => "string",
    };
    let mut ours = Map::new();
    ours.insert("as".to_owned(), column.name.into());
    if !column.codes.is_empty() {
        let codes: Map<String, Value> =
            column.codes.iter().map(|(code, zh)| (zh.clone(), code.as_str().into())).collect();
        ours.insert("codes".to_owned(), codes.into());
    }
    if let Some(FieldKind::Money) = column.field.map(|field| field.kind) {
        ours.insert("unit".to_owned(), "yuan".into());
    }
    let mut described = json!({ "name": column.zh, "type": kind, "fuzhi": ours });
    if kind == "boolean" {
        described["trueValues"] = json!(["是"]);
        described["falseValues"] = json!(["否"]);
    }
    described
}
