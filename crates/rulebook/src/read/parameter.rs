//! Parameters and their lines.

use crate::entry::{Entry, day, words};
use crate::policy::{Parameter, ParameterKind};
use crate::unit::{self, parameter_kind};
use crate::{Kind, Line, ParameterValue};
use toml::Value;

/// Adds a parameter's lines to those known of the same name.
pub(super) fn read(mut entry: Entry, known: &mut Vec<Parameter>) {
    let name = entry.text("name");
    let unit = entry.text("unit");
    let over = entry.find_text("over");
    let title = entry.find_words("title");
    let basis = entry.find_text("legal_basis");
    let status = entry.find_text("status").unwrap_or_default();
    let tables = entry.tables("lines");
    let place = entry.place.clone();
    let (Some(name), Some(unit)) = (name, unit) else { return entry.finish() };
    let Some(kind) = parameter_kind(&unit, over.as_deref()) else {
        entry.problem(
            format!("没有“{unit}”这个单位，可用：{}。", unit::names()),
            format!("There is no unit \"{unit}\"; there are: {}.", unit::names()),
        );
        return entry.finish();
    };
    if tables.is_empty() {
        entry.problem(
            "lines 是空的：至少写一行取值。".into(),
            "lines is empty: give at least one line with a value.".into(),
        );
    }
    let mut lines = Vec::new();
    for table in tables {
        lines.extend(line(&mut entry, table, kind, &unit, over.as_deref(), basis.as_deref(), &status));
    }
    match known.iter_mut().find(|p| p.name == name) {
        Some(first) if first.unit == unit && first.over == over => first.lines.extend(lines),
        Some(first) => {
            let (zh, en) = (
                format!("{} 里写的单位是 {}，这里是 {unit}，请写成一样。", first.place.file, first.unit),
                format!("{} gives it the unit {}, this file {unit}; make them the same.", first.place.file, first.unit),
            );
            entry.problem(zh, en);
        }
        None => {
            if title.is_none() {
                entry.problem(
                    "缺少 title（中文和英文），请补上。".into(),
                    "title is missing; add it in both languages.".into(),
                );
            }
            known.push(Parameter { name, unit, over, title: title.unwrap_or_default(), lines, kind, place });
        }
    }
    entry.finish();
}

fn line(
    entry: &mut Entry,
    table: toml::Table,
    kind: ParameterKind,
    unit: &str,
    over: Option<&str>,
    basis: Option<&str>,
    status: &str,
) -> Option<Line> {
    let mut problems = Vec::new();
    let mut one = Entry::new(table, entry.place.clone(), &mut problems);
    let region = one.text("region");
    let validity = one.validity();
    let legal_basis = one.find_text("legal_basis").or_else(|| basis.map(str::to_owned));
    let status = one.find_text("status").unwrap_or_else(|| status.to_owned());
    let written = one.take("value");
    let value = written.as_ref().and_then(|value| parameter_value(value, kind, unit, over));
    if value.is_none() {
        let written = written.map_or_else(String::new, |v| v.to_string());
        one.problem(
            format!("取值 {written} 不合单位 {unit}，请改成这个单位的数或文字。"),
            format!("The value {written} doesn't fit the unit {unit}; write a figure or text of that unit."),
        );
    }
    if legal_basis.is_none() {
        one.problem("缺少 legal_basis（依据），请补上。".into(), "legal_basis is missing; add it.".into());
    }
    one.finish();
    let found = Some((region, value, legal_basis)).filter(|_| problems.is_empty());
    for problem in problems {
        entry.problem(problem.zh, problem.en);
    }
    let (region, value, legal_basis) = found?;
    Some(Line { region: region?, validity, value: value?, legal_basis: legal_basis?, status })
}

fn parameter_value(value: &Value, kind: ParameterKind, unit: &str, over: Option<&str>) -> Option<ParameterValue> {
    match kind {
        ParameterKind::Words => words(value).map(ParameterValue::Words),
        ParameterKind::Single(Kind::Flag) => value.as_bool().map(ParameterValue::Flag),
        ParameterKind::Single(Kind::Code) => value.as_str().map(|text| ParameterValue::Code(text.to_owned())),
        ParameterKind::Single(Kind::Day) => day(value).map(|day| ParameterValue::Amount(day.0.into())),
        ParameterKind::Single(_) => figure(value, unit).map(ParameterValue::Amount),
        ParameterKind::List(Kind::Code) => {
            let list = value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned));
            list.collect::<Option<_>>().map(ParameterValue::Codes)
        }
        ParameterKind::List(_) => {
            value.as_array()?.iter().map(Value::as_integer).collect::<Option<_>>().map(ParameterValue::Numbers)
        }
        ParameterKind::Band { .. } => {
            let step = |step: &Value| Some((figure(step.get("from")?, over?)?, figure(step.get("value")?, unit)?));
            let steps = value.as_array()?.iter().map(step).collect::<Option<Vec<_>>>()?;
            let ascending = steps.windows(2).all(|pair| pair[0].0 < pair[1].0);
            (ascending && !steps.is_empty()).then_some(ParameterValue::Steps(steps))
        }
    }
}

fn figure(value: &Value, unit: &str) -> Option<i64> {
    match value {
        Value::Integer(n) => unit::amount(&n.to_string(), unit),
        // The shortest decimal that reads back as the same float is what was written.
        Value::Float(f) => unit::amount(&f.to_string(), unit),
        Value::String(text) => unit::amount(text, unit),
        _ => None,
    }
}
