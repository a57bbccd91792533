//! `fuzhi link --find`: one record at a time, looked for among files that are read once.

use super::{Arguments, Asked, index};
use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result};
use fellegi::Finder;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{BufRead, Write};
use values::columns::Texts;

/// Who a record may be.
#[derive(Serialize)]
struct Answer<'a> {
    found: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    source: &'a str,
    id: &'a str,
    /// In bits.
    weight: f32,
    probability: f64,
}

/// Answers line by line until the input ends.
///
/// # Errors
/// [`WrongUsage`] where there is no model, or a line isn't a record; then nothing after it is answered.
pub fn find(arguments: &Arguments, lines: &mut dyn BufRead, answers: &mut dyn Write) -> Result<()> {
    let mut asked = Asked::read(arguments)?;
    let read = asked.records(arguments)?;
    let standing = arguments.index.as_ref().map(|folder| index::read(folder, &asked.spec, &read.records));
    let standing = standing.transpose()?.flatten().map(|(model, _)| model);
    let model = asked.model.take().or(standing);
    let model = model.ok_or_else(|| asked.wrong(&"--find needs a model: --model, or --index of an earlier job"))?;
    let lengths: Vec<usize> = read.inputs.iter().map(|input| input.ids.len()).collect();
    let finder = Finder::new(&asked.spec, &read.records, &lengths, model);
    let mut finder = finder.map_err(|error| asked.wrong(&error))?;
    let columns: Vec<&str> = asked.spec.columns().map(|(name, _)| name).collect();
    for (number, line) in (1..).zip(lines.lines()) {
        let line = line.context("stdin can't be read")?;
        if line.trim().is_empty() {
            continue;
        }
        let record =
            record(&columns, &line).map_err(|wrong| WrongUsage::new(format!("stdin, line {number}: {wrong}")))?;
        let texts: Vec<Option<&Texts>> = record.iter().map(Some).collect();
        let hits = finder.find(&texts);
        let found = hits.iter().map(|hit| {
            let input = &read.inputs[hit.input];
            let (source, id) = (input.name.as_str(), input.ids.get(hit.row).unwrap_or_default());
            Found { source, id, weight: hit.weight, probability: hit.probability }
        });
        serde_json::to_writer(&mut *answers, &Answer { found: found.collect() })?;
        answers.write_all(b"\n").and_then(|()| answers.flush()).context("stdout is closed")?;
    }
    Ok(())
}

/// The values of a line, in the order of the columns.
fn record(columns: &[&str], line: &str) -> Result<Vec<Texts>, String> {
    let values: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("not a JSON object: {error}"))?;
    if let Some(unknown) = values.keys().find(|name| !columns.contains(&name.as_str())) {
        return Err(format!("{unknown} has no role under [fields]; it knows {}", columns.join(", ")));
    }
    let value = |name: &&str| -> Result<Texts, String> {
        let text = match values.get(*name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => return Err(format!("{name} is neither a text nor a number")),
        };
        Ok(std::iter::once(text.as_deref().filter(|text| !text.is_empty())).collect())
    };
    columns.iter().map(value).collect()
}
