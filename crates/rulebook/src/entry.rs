//! One TOML entry, taken apart field by field; what is missing, wrong or left over becomes a problem.

use crate::problem::Place;
use crate::{Problem, TextRef, Words};
use toml::Value;
use values::{Day, Validity};

pub(crate) struct Entry<'a> {
    table: toml::Table,
    pub place: Place,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Entry<'a> {
    pub fn new(table: toml::Table, place: Place, problems: &'a mut Vec<Problem>) -> Self {
        Self { table, place, problems }
    }

    pub fn problem(&mut self, zh: String, en: String) {
        self.problems.push(Problem::new(&self.place, Words { zh, en }));
    }

    fn missing(&mut self, key: &str) {
        self.problem(format!("缺少 {key}，请补上。"), format!("{key} is missing; add it."));
    }

    fn wrong(&mut self, key: &str, zh: &str, en: &str) {
        self.problem(format!("{key} 应该是{zh}。"), format!("{key} should be {en}."));
    }

    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    /// A text that may be absent; empty counts as absent.
    pub fn find_text(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text),
            _ => {
                self.wrong(key, "文字", "text");
                None
            }
        }
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        let there = self.table.contains_key(key);
        let text = self.find_text(key);
        if text.is_none() && !there {
            self.missing(key);
        } else if text.is_none() && there {
            self.problem(format!("{key} 是空的，请写上。"), format!("{key} is empty; fill it in."));
        }
        text
    }

    pub fn whole(&mut self, key: &str, least: i64, most: i64) -> Option<i64> {
        match self.take(key) {
            Some(Value::Integer(n)) if (least..=most).contains(&n) => Some(n),
            Some(_) => {
                self.wrong(key, &format!("{least}–{most} 的整数"), &format!("a whole number from {least} to {most}"));
                None
            }
            None => {
                self.missing(key);
                None
            }
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            self.problem(
                format!("{key} 不能是“{text}”，只能是 {} 之一。", names.join("、")),
                format!("{key} can't be \"{text}\"; it is one of {}.", names.join(", ")),
            );
        }
        found
    }

    pub fn texts(&mut self, key: &str) -> Vec<String> {
        match self.take(key) {
            None => Vec::new(),
            Some(Value::Array(list)) if list.iter().all(Value::is_str) => {
                list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
            }
            Some(_) => {
                self.wrong(key, "一列文字", "a list of texts");
                Vec::new()
            }
        }
    }

    pub fn find_words(&mut self, key: &str) -> Option<Words> {
        let value = self.take(key)?;
        let words = words(&value);
        if words.is_none() {
            self.problem(
                format!("{key} 要有中文和英文两种写法：{{ zh = \"…\", en = \"…\" }}。"),
                format!("{key} needs both languages: {{ zh = \"…\", en = \"…\" }}."),
            );
        }
        words
    }

    pub fn words(&mut self, key: &str) -> Option<Words> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        self.find_words(key)
    }

    pub fn text_ref(&mut self, key: &str) -> Option<TextRef> {
        match self.table.get(key) {
            Some(Value::String(_)) => self.text(key).map(TextRef::Parameter),
            _ => self.words(key).map(TextRef::Here),
        }
    }

    pub fn validity(&mut self) -> Validity {
        let (from, to) = (self.day("from"), self.day("to"));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.problem(
                format!("到期日 {to} 早于起始日 {from}。"),
                format!("It ends ({to}) before it begins ({from})."),
            );
        }
        Validity { from, to }
    }

    fn day(&mut self, key: &str) -> Option<Day> {
        let value = self.take(key)?;
        let day = day(&value);
        if day.is_none() {
            self.wrong(key, "日期，例如 2026-01-01", "a date such as 2026-01-01");
        }
        day
    }

    pub fn needed_day(&mut self, key: &str) -> Option<Day> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        self.day(key)
    }

    pub fn tables(&mut self, key: &str) -> Vec<toml::Table> {
        match self.take(key) {
            Some(Value::Array(list)) if list.iter().all(Value::is_table) => {
                list.into_iter().filter_map(|v| if let Value::Table(t) = v { Some(t) } else { None }).collect()
            }
            Some(_) => {
                self.wrong(key, "一组条目", "a list of entries");
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Whatever nobody asked for is most likely a misspelt field.
    pub fn finish(mut self) {
        for key in std::mem::take(&mut self.table).keys() {
            self.problem(
                format!("不认识 {key} 这一项，请检查拼写或删去。"),
                format!("There is no field {key}; check its spelling or delete it."),
            );
        }
    }
}

pub(crate) fn words(value: &Value) -> Option<Words> {
    let table = value.as_table().filter(|t| t.len() == 2)?;
    let text = |key| table.get(key)?.as_str().map(str::trim).filter(|t| !t.is_empty());
    Some(Words::new(text("zh")?, text("en")?))
}

/// A TOML date, or its text.
pub(crate) fn day(value: &Value) -> Option<Day> {
    match value {
        Value::Datetime(datetime) => Day::parse_iso(&datetime.date?.to_string()).ok(),
        Value::String(text) => Day::parse_iso(text).ok(),
        _ => None,
    }
}
