//! From TOML texts to a [`Policy`]: everything that can be judged without knowing the facts.

mod parameter;
mod rule;

use crate::entry::Entry;
use crate::policy::{Derived, Policy, Source};
use crate::problem::Place;
use crate::{Entity, Fact, Kind, Problem, Words, apply, unit};
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
            parameter::read(Entry::new(table, place, problems), &mut policy.parameters);
        }
        for table in rules {
            let place = place(format!("rule {}", name_of(&table, "id")));
            policy.rules.extend(rule::read(Entry::new(table, place, problems)));
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
