//! `findings.json`: sorted by rank, the same bytes for the same run. Texts that belong to a rule stand once, with the rule.
//!
//! It is `{"as_of", "policy", "region", "notices", "rules", "facts", "findings"}`: what [`Findings::begin_json`] writes,
//! then every finding by rank, then [`END_OF_JSON`].

use super::columns::{asserts_name, outcome_name, set_name};
use super::explain::{Explained, FactUsed, Lacking};
use super::finding::{Findings, Points};
use super::reading::{facts_read, parameters_read};
use super::report::wrong_column;
use super::sources::{SourceUsed, Sources};
use rayon::prelude::*;
use rulebook::{Parameter, ParameterValue, Rule, TextRef, Value, Words};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};
use std::ops::Range;
use values::{Bounds, Day};

/// What stands behind the last finding.
pub const END_OF_JSON: &[u8] = b"\n]}\n";
/// Findings explained by one thread at a time.
const PORTION: usize = 512;

impl Findings<'_> {
    /// Writes what stands before the first finding.
    ///
    /// # Errors
    /// The writer's.
    pub fn begin_json(&self, out: &mut impl Write) -> io::Result<()> {
        let head = [
            ("as_of", json!(self.plan.as_of())),
            ("policy", json!(self.policy.version())),
            ("region", json!(self.plan.region())),
            ("notices", json!(self.notices)),
            (
                "rules",
                self.rules.iter().map(|rule| (rule.id.clone(), self.rule_json(rule))).collect::<Map<_, _>>().into(),
            ),
            ("facts", self.facts_json()),
        ];
        out.write_all(b"{")?;
        for (name, value) in head {
            writeln!(out, "{}:{value},", json!(name))?;
        }
        out.write_all(b"\"findings\":[")
    }

    /// Some findings as they stand in the file, in portions: the bytes, and where each finding's end in them.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when a column of the frames doesn't hold what the dictionary says.
    pub fn json(&self, wanted: Range<usize>, sources: &dyn Sources) -> io::Result<Vec<(Vec<u8>, Vec<u64>)>> {
        let starts: Vec<usize> = wanted.clone().step_by(PORTION).collect();
        starts.par_iter().map(|start| self.portion(*start..wanted.end.min(start + PORTION), sources)).collect()
    }

    fn portion(&self, wanted: Range<usize>, sources: &dyn Sources) -> io::Result<(Vec<u8>, Vec<u64>)> {
        let told = self.explained_many(wanted.clone(), sources).map_err(wrong_column)?;
        let (mut bytes, mut ends) = (Vec::with_capacity(wanted.len() * 1024), Vec::with_capacity(wanted.len()));
        for (at, told) in wanted.zip(told) {
            bytes.extend_from_slice(if self.list[at].rank == 1 { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut bytes, &self.written(at, &told))?;
            ends.push(bytes.len() as u64);
        }
        Ok((bytes, ends))
    }

    fn written<'f>(&'f self, at: usize, told: &'f Explained) -> Written<'f> {
        let finding = &self.list[at];
        let rule = self.rule_of(finding);
        Written {
            finding: finding.id.to_string(),
            household: self.household_of(finding).to_string(),
            person: self.person_of(finding).map(|person| person.to_string()),
            rule: &rule.id,
            rule_version: rule.version,
            rule_set: set_name(rule.set),
            programme: rule.programme.as_deref(),
            asserts: asserts_name(rule.asserts),
            outcome: outcome_name(finding.outcome),
            region: self.plan.region(),
            as_of: self.plan.as_of(),
            rank: finding.rank,
            deferred: finding.deferred,
            listed: finding.listed,
            points: finding.points,
            explanation: &told.sentence,
            facts: told.facts.iter().map(FactWritten::new).collect(),
            missing: &told.missing,
        }
    }

    /// The day by which somebody decides; `None` where the region sets none.
    pub(super) fn until(&self, rule: &Rule) -> Option<Day> {
        match self.value_of(self.policy.find_parameter(&rule.deadline)?)? {
            ParameterValue::Amount(days) => Some(self.plan.as_of().plus_days(i32::try_from(*days).ok()?)),
            _ => None,
        }
    }

    fn value_of<'p>(&self, parameter: &'p Parameter) -> Option<&'p ParameterValue> {
        parameter.line(self.plan.region(), self.plan.as_of()).map(|line| &line.value)
    }

    fn words_of(&self, name: &str) -> Option<Words> {
        match self.value_of(self.policy.find_parameter(name)?)? {
            ParameterValue::Words(words) => Some(words.clone()),
            _ => None,
        }
    }

    fn text_of(&self, text: &TextRef) -> Option<Words> {
        match text {
            TextRef::Here(words) => Some(words.clone()),
            TextRef::Parameter(name) => self.words_of(name),
        }
    }

    fn rule_json(&self, rule: &Rule) -> Json {
        let parameters = parameters_read(rule).into_iter().filter_map(|name| self.policy.find_parameter(name));
        json!({
            "version": rule.version,
            "set": set_name(rule.set),
            "asserts": asserts_name(rule.asserts),
            "programme": rule.programme,
            "weight": rule.weight,
            "title": rule.title,
            "about": rule.about,
            "condition": rule.condition.text,
            "legal_basis": rule.legal_basis,
            "parameters": parameters.map(|parameter| self.parameter_json(parameter)).collect::<Vec<_>>(),
            "facts": facts_read(rule).iter().map(|fact| fact.name).collect::<Vec<_>>(),
            "not_meant": self.text_of(&rule.not_meant),
            "can_do": self.text_of(&rule.can_do),
            "decides": self.words_of(&rule.decides),
            "until": self.until(rule),
        })
    }

    fn parameter_json(&self, parameter: &Parameter) -> Json {
        let line = parameter.line(self.plan.region(), self.plan.as_of());
        let value = match line.map(|line| &line.value) {
            Some(ParameterValue::Amount(amount)) => json!(amount),
            Some(ParameterValue::Flag(flag)) => json!(flag),
            Some(ParameterValue::Code(code)) => json!(code),
            Some(ParameterValue::Codes(codes)) => json!(codes),
            Some(ParameterValue::Numbers(numbers)) => json!(numbers),
            Some(ParameterValue::Words(words)) => json!(words),
            Some(ParameterValue::Steps(steps)) => json!(steps),
            None => Json::Null,
        };
        json!({
            "name": parameter.name,
            "title": parameter.title,
            "unit": smallest(&parameter.unit),
            "value": value,
            "region": line.map(|line| &line.region),
            "from": line.and_then(|line| line.validity.from),
            "to": line.and_then(|line| line.validity.to),
            "legal_basis": line.map(|line| &line.legal_basis),
            "status": line.map(|line| &line.status),
        })
    }

    /// What the facts are called and how they are reckoned, for those that a rule reads.
    fn facts_json(&self) -> Json {
        let mut facts: Vec<_> = self.rules.iter().flat_map(|rule| facts_read(rule)).collect();
        facts.sort_unstable_by_key(|fact| (fact.name, fact.entity as u8));
        facts.dedup_by_key(|fact| (fact.name, fact.entity as u8));
        let told = facts.into_iter().map(|fact| {
            let unit = if matches!(fact.kind, facts::Kind::Number(_)) { "ten_thousandths" } else { "" };
            let label = json!({"zh": fact.zh, "en": fact.en});
            let unit = [unit, fact.kind.unit_name()].concat();
            (
                fact.name.to_owned(),
                json!({"label": label, "unit": unit, "formula": fact.formula, "records": fact.records}),
            )
        });
        told.collect::<Map<_, _>>().into()
    }
}

/// Amounts stand in the smallest parts: money in fen, numbers in ten-thousandths.
fn smallest(unit: &str) -> &str {
    match unit {
        "yuan" | "10k_yuan" => "fen",
        "ratio" | "percent" | "number" => "ten_thousandths",
        other => other,
    }
}

/// One finding, in the order of its fields in the file.
#[derive(Serialize)]
struct Written<'f> {
    finding: String,
    household: String,
    person: Option<String>,
    rule: &'f str,
    rule_version: u32,
    rule_set: &'static str,
    programme: Option<&'f str>,
    asserts: &'static str,
    outcome: &'static str,
    region: &'f str,
    as_of: Day,
    rank: u32,
    deferred: bool,
    listed: bool,
    points: Points,
    explanation: &'f Words,
    facts: Vec<FactWritten<'f>>,
    missing: &'f [Lacking],
}

#[derive(Serialize)]
struct FactWritten<'f> {
    fact: &'f str,
    person: Option<String>,
    value: Figure<'f>,
    text: &'f Words,
    sources: &'f [SourceUsed],
}

/// A value as plain JSON; `null` is unknown.
#[derive(Serialize)]
#[serde(untagged)]
enum Figure<'f> {
    Exact(i64),
    Between { low: Option<i64>, high: Option<i64> },
    Flag(bool),
    Code(&'f str),
    Day(Day),
    Area(String),
    Unknown(()),
}

impl<'f> FactWritten<'f> {
    fn new(fact: &'f FactUsed) -> Self {
        let value = match &fact.value {
            Value::Amount(bounds) => Figure::of(*bounds),
            Value::Flag(flag) => Figure::Flag(*flag),
            Value::Code(code) => Figure::Code(code),
            Value::Day(day) => Figure::Day(*day),
            Value::Area(area) => Figure::Area(area.to_string()),
            Value::Unknown => Figure::Unknown(()),
        };
        let person = fact.person.map(|person| person.to_string());
        Self { fact: &fact.name, person, value, text: &fact.text, sources: &fact.sources }
    }
}

impl Figure<'_> {
    fn of(bounds: Bounds) -> Self {
        let end = |end: i64, open: i64| Some(end).filter(|end| *end != open);
        match bounds.value() {
            Some(value) => Self::Exact(value),
            None if bounds.is_unknown() => Self::Unknown(()),
            None => Self::Between { low: end(bounds.low, Bounds::NO_LOW), high: end(bounds.high, Bounds::NO_HIGH) },
        }
    }
}
