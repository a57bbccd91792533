use super::{FieldSpec, FileKind, Object, ResourceSpec, Shared, Target, Unit, field, text_of};
use crate::county::is_inside;
use crate::dictionary::{FieldKind, Record, dictionary};
use crate::problem::{Problem, Wording};
use facts::records::{Limit, Nature};
use serde_json::Value;
use values::{AreaCode, Day, Fen, Level, MoneyUnit};

/// Reads one resource; an error sets it aside, while `problems` takes what can be lived with.
pub(super) fn read(
    file: &str,
    number: usize,
    value: &Value,
    package: &Shared<'_>,
    problems: &mut Vec<Problem>,
) -> Result<ResourceSpec, Problem> {
    let name = text_of(value.get("name")).unwrap_or_else(|| format!("#{number}"));
    let reading = Reading { file, name: &name, value };
    let mut resource = reading.resource(package)?;
    if resource.nature == Nature::ThresholdList && resource.limit.is_none() {
        problems.push(reading.wrong(
            "limit",
            Wording::new("超限名单没有写明限额", "a threshold list that states no limit"),
            Wording::new(
                "请补上 limit；在此之前，名单之外的金额一概视为未知",
                "add `limit`; until then nothing is known of those it doesn't list",
            ),
        ));
    }
    for field in &mut resource.fields {
        problems.extend(field.doubtful_codes().map(|problem| reading.placed(problem, &field.name)));
    }
    Ok(resource)
}

struct Reading<'a> {
    file: &'a str,
    name: &'a str,
    value: &'a Value,
}

impl Reading<'_> {
    fn wrong(&self, field: &str, reason: Wording, remedy: Wording) -> Problem {
        Problem::new(self.file, reason, remedy).of_resource(self.name).in_field(field)
    }

    fn placed(&self, (reason, remedy): (Wording, Wording), field: &str) -> Problem {
        self.wrong(field, reason, remedy)
    }

    /// The commonest fault: a value that is none of those allowed.
    fn none_of(&self, field: &str, value: &str, allowed: &str) -> Problem {
        self.wrong(
            field,
            Wording::new(format!("“{value}”不在可用值之内"), format!("\"{value}\" is none of the values allowed")),
            Wording::new(
                format!("可用：{allowed}；此资源已搁置"),
                format!("use one of: {allowed}; this resource is set aside"),
            ),
        )
    }

    fn lacking(&self, field: &str) -> Problem {
        self.wrong(
            field,
            Wording::new(format!("没有写明 {field}"), format!("it names no {field}")),
            Wording::new(format!("请补上 {field}；此资源已搁置"), format!("add {field}; this resource is set aside")),
        )
    }

    fn ours(&self, key: &str) -> Option<&Value> {
        self.value.get("fuzhi")?.get(key)
    }

    fn resource(&self, package: &Shared<'_>) -> Result<ResourceSpec, Problem> {
        if text_of(self.value.get("name")).is_none() {
            return Err(self.lacking("name"));
        }
        let shared = Shared::of(self.value.get("fuzhi")).or(package);
        let record = self.record()?;
        let schema = self.value.get("schema").and_then(Value::as_object).ok_or_else(|| self.lacking("schema"))?;
        let fields = self.fields(schema, record)?;
        let (path, file) = self.file_kind()?;
        let nature = self.nature(shared.nature)?;
        // A package's limit speaks of its threshold lists alone.
        let limit = shared.limit.filter(|_| nature == Nature::ThresholdList || self.ours("limit").is_some());
        Ok(ResourceSpec {
            name: self.name.to_owned(),
            title: text_of(self.value.get("title")).unwrap_or_default(),
            file,
            path,
            record,
            nature,
            as_of: self.as_of(shared.as_of)?,
            coverage: self.coverage(shared.coverage)?,
            limit: limit.map(|limit| self.limit(limit, &fields)).transpose()?,
            missing: missing_values(schema),
            fields,
        })
    }

    fn record(&self) -> Result<&'static Record, Problem> {
        let name = text_of(self.ours("record")).ok_or_else(|| self.lacking("fuzhi.record"))?;
        dictionary().record(&name).ok_or_else(|| {
            let all: Vec<&str> = dictionary().records.iter().map(|record| record.name.as_str()).collect();
            self.none_of("fuzhi.record", &name, &all.join(", "))
        })
    }

    fn nature(&self, value: Option<&Value>) -> Result<Nature, Problem> {
        let text = text_of(value).ok_or_else(|| self.lacking("fuzhi.nature"))?;
        match text.as_str() {
            "register" => Ok(Nature::Register),
            "threshold_list" => Ok(Nature::ThresholdList),
            "query_answer" => Ok(Nature::QueryAnswer),
            other => Err(self.none_of("fuzhi.nature", other, "register, threshold_list, query_answer")),
        }
    }

    fn as_of(&self, value: Option<&Value>) -> Result<Day, Problem> {
        let text = text_of(value).ok_or_else(|| self.lacking("fuzhi.as_of"))?;
        Day::parse_iso(&text).map_err(|_| self.none_of("fuzhi.as_of", &text, "YYYY-MM-DD"))
    }

    fn coverage(&self, value: Option<&Value>) -> Result<Option<Vec<String>>, Problem> {
        let Some(value) = value else { return Ok(None) };
        let wrong = || self.none_of("fuzhi.coverage", &value.to_string(), "[\"539901001\", …]");
        let list = value.as_array().ok_or_else(wrong)?;
        let prefix = |value: &Value| {
            let text = value.as_str().map(str::trim).ok_or_else(wrong)?;
            let is_prefix = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            if is_prefix { Ok(significant(text).to_owned()) } else { Err(wrong()) }
        };
        list.iter().map(prefix).collect::<Result<_, _>>().map(Some)
    }

    fn limit(&self, value: &Value, fields: &[FieldSpec]) -> Result<Limit, Problem> {
        let name = text_of(value.get("field")).ok_or_else(|| self.lacking("fuzhi.limit.field"))?;
        let mapped = fields.iter().find_map(|field| match &field.target {
            Target::Own(own) if own.name == name => Some((field, *own)),
            _ => None,
        });
        let (field, own) = mapped.ok_or_else(|| {
            self.wrong(
                "fuzhi.limit.field",
                Wording::new(
                    format!("限额所说的 {name} 没有对应的列"),
                    format!("no column is mapped to {name}, of which the limit speaks"),
                ),
                Wording::new(
                    "请给该列加上 fuzhi.as；此资源已搁置",
                    "map a column to it by `fuzhi.as`; this resource is set aside",
                ),
            )
        })?;
        let over = value.get("over").filter(|over| over.is_number()).ok_or_else(|| self.lacking("fuzhi.limit.over"))?;
        let unit = match text_of(value.get("unit")) {
            Some(unit) => {
                field::unit(own, &unit).map_err(|allowed| self.none_of("fuzhi.limit.unit", &unit, allowed))?
            }
            // The contract's default, whatever the column itself is measured in.
            None => field::default_unit(own),
        };
        let text = over.to_string();
        let over = match (own.kind, unit) {
            (FieldKind::Money, Unit::Money(unit)) => Fen::parse(&text, unit).ok().map(|fen| fen.0),
            (FieldKind::Number, unit) => crate::stage::number(&text, unit, own.unit),
            (FieldKind::Count, _) => over.as_i64(),
            _ => None,
        };
        let over = over.ok_or_else(|| self.none_of("fuzhi.limit", &field.name, "money, number, count"))?;
        Ok(Limit { field: name, over })
    }

    fn fields(&self, schema: &Object, record: &'static Record) -> Result<Vec<FieldSpec>, Problem> {
        let list = schema.get("fields").and_then(Value::as_array).ok_or_else(|| self.lacking("schema.fields"))?;
        let mut fields: Vec<FieldSpec> = Vec::with_capacity(list.len());
        for value in list {
            let name = text_of(value.get("name")).ok_or_else(|| self.lacking("schema.fields.name"))?;
            let field = field::read(&name, value, record).map_err(|wrong| self.placed(wrong, &name))?;
            let twice = fields.iter().find(|known| known.name == name || known.target.repeats(&field.target));
            if let Some(known) = twice {
                return Err(self.wrong(
                    &name,
                    Wording::new(
                        format!("与“{}”重复：同名，或对应同一个 fuzhi.as", known.name),
                        format!("it repeats \"{}\": the same name, or the same `fuzhi.as`", known.name),
                    ),
                    Wording::new("请只保留一个；此资源已搁置", "keep one of them; this resource is set aside"),
                ));
            }
            fields.push(field);
        }
        if fields.iter().all(|field| field.target == Target::None) {
            return Err(self.lacking("schema.fields.fuzhi.as"));
        }
        Ok(fields)
    }

    fn file_kind(&self) -> Result<(String, FileKind), Problem> {
        if let Some(url) = text_of(self.ours("database")) {
            let table = text_of(self.ours("table")).ok_or_else(|| self.lacking("fuzhi.table"))?;
            let is_known = url.strip_prefix("sqlite:").is_some_and(is_inside)
                || url.starts_with("postgres://")
                || url.starts_with("postgresql://");
            if !is_known {
                // The address may hold a password: it is not repeated.
                return Err(self.none_of("fuzhi.database", "…", "sqlite:PATH, postgres://…"));
            }
            return Ok((String::new(), FileKind::Database { url, table }));
        }
        let path = text_of(self.value.get("path")).ok_or_else(|| self.lacking("path"))?;
        if !is_inside(&path) {
            return Err(self.wrong(
                "path",
                Wording::new(
                    format!("“{path}”越出了交付文件夹"),
                    format!("\"{path}\" leads out of the delivery's folder"),
                ),
                Wording::new(
                    "请把文件放进文件夹内；此资源已搁置",
                    "put the file into the folder; this resource is set aside",
                ),
            ));
        }
        let by_name = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let format = text_of(self.value.get("format")).map(|f| f.to_ascii_lowercase()).or(by_name).unwrap_or_default();
        let kind = match format.as_str() {
            "csv" | "tsv" | "txt" => self.csv(format == "tsv")?,
            "xlsx" => FileKind::Xlsx { sheet: text_of(self.ours("sheet")) },
            "parquet" => FileKind::Parquet,
            "jsonl" | "ndjson" => FileKind::JsonLines,
            other => return Err(self.none_of("format", other, "csv, xlsx, parquet, jsonl")),
        };
        Ok((path, kind))
    }

    fn csv(&self, tabs: bool) -> Result<FileKind, Problem> {
        let dialect = self.value.get("dialect");
        let get = |key: &str| dialect.and_then(|dialect| dialect.get(key));
        let one_byte = |key: &str, default: u8| match get(key).and_then(Value::as_str) {
            None => Ok(default),
            Some("\\t") => Ok(b'\t'),
            Some(text) => match text.as_bytes() {
                [byte] => Ok(*byte),
                _ => Err(self.none_of(&format!("dialect.{key}"), text, "one ASCII character")),
            },
        };
        let encoding = text_of(self.value.get("encoding")).unwrap_or_else(|| "utf-8".to_owned());
        let gb18030 = match encoding.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "utf-8-sig" | "utf-8-bom" => false,
            "gb18030" | "gbk" | "gb2312" | "cp936" => true,
            other => return Err(self.none_of("encoding", other, "utf-8, gb18030")),
        };
        let quote = match get("quoteChar") {
            Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            _ => Some(one_byte("quoteChar", b'"')?),
        };
        Ok(FileKind::Csv {
            delimiter: one_byte("delimiter", if tabs { b'\t' } else { b',' })?,
            quote,
            header: get("header").and_then(Value::as_bool).unwrap_or(true),
            gb18030,
        })
    }
}

/// A place code without the zeros it is padded with: those of a township are no prefix of its villages'.
fn significant(code: &str) -> &str {
    let digits = match AreaCode::parse(code).map(AreaCode::level) {
        Ok(Level::Province) => 2,
        Ok(Level::Prefecture) => 4,
        Ok(Level::County) => 6,
        Ok(Level::Township) => 9,
        _ => 12,
    };
    if code.len() == 12 { &code[..digits] } else { code }
}

fn missing_values(schema: &Object) -> Vec<String> {
    let list = schema.get("missingValues").and_then(Value::as_array);
    list.map_or_else(
        || vec![String::new()],
        |list| list.iter().filter_map(Value::as_str).map(|text| text.trim().to_owned()).collect(),
    )
}

impl Default for Unit {
    fn default() -> Self {
        Self::Money(MoneyUnit::Yuan)
    }
}
