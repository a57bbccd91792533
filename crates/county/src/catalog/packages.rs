//! The descriptors: every `datapackage.json`, and the column types of typed files.

use super::{Column, Coverage, DELIVERIES, Delivery, File, FileKind, Form, Style, Unit};
use crate::places::Places;
use serde_json::{Map, Value, json};

/// What kind of cell a column holds in a typed file; in a CSV every column is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellType {
    Text,
    Integer,
    Decimal,
    Date,
}

/// The cells of a column.
pub fn cell_type(file: &File, column: &Column) -> CellType {
    match column.form {
        _ if !file.kind.is_typed() => CellType::Text,
        Form::Serial | Form::Whole | Form::Money(Unit::Fen, Style::Number) => CellType::Integer,
        Form::Money(_, Style::Number) | Form::Area(_) | Form::Share => CellType::Decimal,
        Form::Date("default") if file.kind == FileKind::Parquet => CellType::Date,
        _ => CellType::Text,
    }
}

/// `datapackage.json` of one delivery.
pub fn package_json(delivery: &Delivery, places: &Places) -> String {
    let resources: Vec<Value> = delivery.files.iter().map(|file| resource(file, places)).collect();
    let package = json!({
        "name": format!("{}-{}", delivery.folder.replace('_', "-"), &delivery.as_of[..7]),
        "title": delivery.title,
        "fuzhi": {
            "department": delivery.department.name(),
            "as_of": delivery.as_of,
            "nature": delivery.files[0].nature.name(),
            "purpose": delivery.purpose,
            "legal_basis": "示例：数据共享协议（虚构）",
        },
        "resources": resources,
    });
    format!("{package:#}\n")
}

fn resource(file: &File, places: &Places) -> Value {
    let mut ours = Map::new();
    ours.insert("record".into(), json!(file.record));
    ours.insert("nature".into(), json!(file.nature.name()));
    if let Some((field, over, unit)) = file.limit {
        ours.insert("limit".into(), json!({"field": field, "over": over, "unit": unit}));
    }
    if file.coverage != Coverage::All {
        let townships = places.townships.iter().enumerate().filter(|(i, _)| file.coverage.has(*i));
        let prefixes: Vec<String> = townships.map(|(_, t)| (t.code / 1_000).to_string()).collect();
        ours.insert("coverage".into(), json!(prefixes));
    }
    match file.kind {
        FileKind::Xlsx(sheet) => drop(ours.insert("sheet".into(), json!(sheet))),
        FileKind::Sqlite(table) => {
            ours.insert("database".into(), json!(format!("sqlite:{}", file.path)));
            ours.insert("table".into(), json!(table));
        }
        _ => {}
    }
    let fields: Vec<Value> = file.columns.iter().map(field).collect();
    let mut resource = Map::new();
    resource.insert("name".into(), json!(file.name));
    resource.insert("path".into(), json!(file.path));
    if let Some((format, encoding)) = format_of(file.kind) {
        resource.insert("format".into(), json!(format));
        resource.insert("encoding".into(), json!(encoding));
    }
    resource.insert("fuzhi".into(), Value::Object(ours));
    resource.insert("schema".into(), json!({"missingValues": missing(file), "fields": fields}));
    Value::Object(resource)
}

fn format_of(kind: FileKind) -> Option<(&'static str, &'static str)> {
    match kind {
        FileKind::CsvUtf8 | FileKind::CsvUtf8Bom => Some(("csv", "utf-8")),
        FileKind::CsvGb18030 => Some(("csv", "gb18030")),
        FileKind::Xlsx(_) => Some(("xlsx", "utf-8")),
        FileKind::Parquet => Some(("parquet", "utf-8")),
        FileKind::JsonLines => Some(("jsonl", "utf-8")),
        FileKind::Sqlite(_) => None,
    }
}

/// The empty string counts as missing besides the department's own words.
fn missing(file: &File) -> Vec<&'static str> {
    let mut words = vec![""];
    words.extend(file.missing.iter().filter(|word| !word.is_empty()));
    words
}

fn field(column: &Column) -> Value {
    let mut field = Map::new();
    field.insert("name".into(), json!(column.header));
    let mut ours = Map::new();
    if let Some(mapped) = column.field {
        ours.insert("as".into(), json!(mapped.name()));
    }
    let kind = match column.form {
        Form::Date(format) => {
            if format != "default" {
                field.insert("format".into(), json!(format));
            }
            "date"
        }
        Form::Serial => {
            ours.insert("format".into(), json!("excel"));
            "number"
        }
        Form::Money(unit, style) => {
            if style == Style::Grouped {
                field.insert("groupChar".into(), json!(","));
            }
            if style == Style::Named {
                field.insert("bareNumber".into(), json!(false));
            }
            ours.insert("unit".into(), json!(unit_name(unit)));
            "number"
        }
        Form::Area(unit) => {
            if column.field == Some(crate::view::Field::AreaMu) {
                ours.insert("unit".into(), json!(unit));
            }
            "number"
        }
        Form::Share => "number",
        Form::Whole => "integer",
        Form::Codes(codes) => {
            let codes: Map<String, Value> = codes.iter().map(|(a, b)| ((*a).to_owned(), json!(b))).collect();
            ours.insert("codes".into(), Value::Object(codes));
            "string"
        }
        _ => "string",
    };
    field.insert("type".into(), json!(kind));
    if !ours.is_empty() {
        field.insert("fuzhi".into(), Value::Object(ours));
    }
    Value::Object(field)
}

const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Fen => "fen",
        Unit::Yuan => "yuan",
        Unit::TenThousandYuan => "10k_yuan",
    }
}

/// All files of all deliveries, in the order of their numbers.
pub fn files() -> impl Iterator<Item = (&'static Delivery, &'static File)> {
    DELIVERIES.iter().flat_map(|delivery| delivery.files.iter().map(move |file| (*delivery, file)))
}
