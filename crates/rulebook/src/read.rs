//! From TOML texts to a [`Policy`]: everything that can be judged without knowing the facts.

use crate::entry::{Entry, day, words};
use crate::policy::{Derived, Parameter, ParameterKind, Policy, Rule, Source};
use crate::problem::Place;
use crate::unit::{self, parameter_kind};
use crate::{Asserts, Entity, Fact, Kind, Line, ParameterValue, Problem, RuleSet, Words, apply};
use sha2::{Digest, Sha256};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};
use std::fmt::Write as _;
use toml::Value;

const ENTITIES: [(&str, Entity); 2] = [("household", Entity::Household), ("person", Entity::Person)];

pub(crate) fn policy<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> (Policy, Vec<Problem>) {
    let mut sorted: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_ref(), text.as_ref())).collect();
    sorted.sort_unstable();
    let mut reading = Reading {
        policy: Policy {
            version: digest(&sorted),
            parameters: Vec::new(),
            rules: Vec::new(),
            derived: Vec::new(),
            facts: Vec::new(),
            apply: None,
        },
        problems: Vec::new(),
    };
    for (path, text) in sorted {
        reading.file(path, text);
    }
    reading.policy.parameters.sort_by(|a, b| a.name.cmp(&b.name));
    reading.policy.rules.sort_by(|a, b| a.id.cmp(&b.id));
    (reading.policy, reading.problems)
}

fn digest(files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        // Lengths keep two files from looking like one.
        hasher.update((path.len() as u64).to_le_bytes());
        hasher.update(path.as_bytes());
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

struct Reading {
    policy: Policy,
    problems: Vec<Problem>,
}

impl Reading {
    fn file(&mut self, path: &str, text: &str) {
        let place = |subject: String| Place { file: path.to_owned(), subject };
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let what = Words::new(
                    format!("不是正确的 TOML，请改正：{error}"),
                    format!("This isn't valid TOML; correct it: {error}"),
                );
                return self.problems.push(Problem::new(&place(String::new()), what));
            }
        };
        let Self { policy, problems } = self;
        let mut file = Entry::new(table, place(String::new()), problems);
        let version = file.find_text("version");
        let parameters = file.tables("parameter");
        let (rules, derived, facts) = (file.tables("rule"), file.tables("derive"), file.tables("fact"));
        let layout = file.take("apply");
        file.finish();
        if let Some(version) = version {
            policy.version = version;
        }
        for table in parameters {
            let place = place(format!("parameter {}", name_of(&table, "name")));
            parameter(Entry::new(table, place, problems), &mut policy.parameters);
        }
        for table in rules {
            let place = place(format!("rule {}", name_of(&table, "id")));
            policy.rules.extend(rule(Entry::new(table, place, problems)));
        }
        for table in derived {
            let place = place(format!("derive {}", name_of(&table, "name")));
            policy.derived.extend(derive(Entry::new(table, place, problems)));
        }
        for table in facts {
            let place = place(format!("fact {}", name_of(&table, "name")));
            policy.facts.extend(fact(Entry::new(table, place, problems)));
        }
        if let Some(Value::Table(table)) = layout {
            policy.apply = apply::layout(Entry::new(table, place("apply".into()), problems));
        }
    }
}

fn name_of<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or("?")
}

fn parameter(mut entry: Entry, known: &mut Vec<Parameter>) {
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

fn rule(mut entry: Entry) -> Option<Rule> {
    let id = entry.text("id");
    let version = entry.whole("version", 1, 9_999);
    let set = entry.choice(
        "set",
        &[("doubt", RuleSet::Doubt), ("risk", RuleSet::Risk), ("gap", RuleSet::Gap), ("means", RuleSet::Means)],
    );
    let entity = entry.choice("entity", &ENTITIES);
    let asserts = entry.choice(
        "asserts",
        &[
            ("at_risk", Asserts::AtRisk),
            ("ineligible", Asserts::Ineligible),
            ("eligible", Asserts::Eligible),
            ("doubt", Asserts::Doubt),
        ],
    );
    let programme = entry.find_text("programme");
    if matches!(asserts, Some(Asserts::Ineligible | Asserts::Eligible)) && programme.is_none() {
        entry.problem(
            "说够不够条件，就要写明是哪一项救助：补上 programme。".into(),
            "A rule about eligibility says for which programme: add programme.".into(),
        );
    }
    let mut regions = entry.texts("regions");
    if regions.is_empty() {
        regions.push("*".into());
    }
    let validity = entry.validity();
    let legal_basis = entry.text("legal_basis");
    let weight = entry.whole("weight", 1, 100).and_then(|w| u8::try_from(w).ok());
    let applies = entry.find_text("applies").map(|text| expression(&mut entry, "applies", text));
    let asks = entry.find_text("asks").map(|text| expression(&mut entry, "asks", text));
    let condition = entry.text("condition").and_then(|text| expression(&mut entry, "condition", text));
    let (decides, deadline) = (entry.text("decides"), entry.text("deadline"));
    let (title, about, message) = (entry.words("title"), entry.words("about"), entry.words("message"));
    let question = entry.find_words("question");
    let (not_meant, can_do) = (entry.text_ref("not_meant"), entry.text_ref("can_do"));
    let place = entry.place.clone();
    entry.finish();
    Some(Rule {
        id: id?,
        version: u32::try_from(version?).ok()?,
        set: set?,
        entity: entity?,
        asserts: asserts?,
        programme,
        regions,
        validity,
        legal_basis: legal_basis?,
        weight: weight?,
        title: title?,
        about: about?,
        message: message?,
        question,
        not_meant: not_meant?,
        can_do: can_do?,
        decides: decides?,
        deadline: deadline?,
        applies: match applies {
            Some(source) => Some(source?),
            None => None,
        },
        asks: match asks {
            Some(source) => Some(source?),
            None => None,
        },
        condition: condition?,
        place,
    })
}

fn derive(mut entry: Entry) -> Option<Derived> {
    let name = entry.text("name");
    let entity = entry.choice("entity", &ENTITIES);
    let unit = entry.find_text("unit").unwrap_or_default();
    let title = entry.words("title");
    let expression = entry.text("expression").and_then(|text| expression(&mut entry, "expression", text));
    let place = entry.place.clone();
    entry.finish();
    Some(Derived { name: name?, entity: entity?, unit, title: title?, expression: expression?, place })
}

fn fact(mut entry: Entry) -> Option<Fact> {
    let name = entry.text("name");
    let entity = entry.choice("entity", &ENTITIES);
    let unit = entry.text("unit");
    let title = entry.words("title");
    let codes = entry.texts("codes");
    let kind = match unit.as_deref() {
        Some("area") => Some(Kind::Area),
        Some("text") => Some(Kind::Text),
        Some(unit) => unit::kind_of(unit),
        None => None,
    };
    if let (None, Some(unit)) = (kind, &unit) {
        let (zh, en) =
            (format!("没有“{unit}”这个单位，请换一个。"), format!("There is no unit \"{unit}\"; take another."));
        entry.problem(zh, en);
    }
    entry.finish();
    Some(Fact::new(name?, entity?, kind?, title?).with_unit(unit?).with_codes(codes))
}

fn expression(entry: &mut Entry, key: &str, text: String) -> Option<Source> {
    match parse_sql(&text) {
        Ok(sql) => Some(Source { text, sql }),
        Err(error) => {
            entry.problem(
                format!("{key} 不是一个完整的 SQL 表达式，请改正：{error}"),
                format!("{key} isn't one whole SQL expression; correct it: {error}"),
            );
            None
        }
    }
}

/// Parses one whole expression.
pub(crate) fn parse_sql(text: &str) -> Result<sqlparser::ast::Expr, ParserError> {
    let dialect = GenericDialect {};
    let mut tokens = Tokenizer::new(&dialect, text).tokenize_with_location()?;
    for token in &mut tokens {
        // SQL's own `x = any (…)` would claim the word behind every operator; here `any` is an aggregate.
        if let Token::Word(word) = &mut token.token
            && word.keyword == Keyword::ANY
        {
            word.keyword = Keyword::NoKeyword;
        }
    }
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let sql = parser.parse_expr()?;
    parser.expect_token(&Token::EOF)?;
    Ok(sql)
}
