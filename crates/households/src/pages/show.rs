//! How a file's values are shown: in the reader's language, unknowns as themselves, numbers masked.

use crate::model::{Fact, Value};
use facts::{Entity, find};
use kernel::Language;
use ui::figure::escape;
use ui::{Arg, Speaker, numbers};
use values::{Day, Fen, Precision};

/// The three guarantees and water: a fact, and whether it is well when the fact is "no" or none.
pub const GUARANTEES: [(&str, &str); 4] = [
    ("children_out_of_school", "guarantee-school"),
    ("uncovered_members", "guarantee-cover"),
    ("house_unsafe", "guarantee-house"),
    ("water_unsafe", "guarantee-water"),
];

/// How a guarantee stands: `met`, `missing`, or `unknown` where no fact says.
#[must_use]
pub fn guarantee(fact: Option<&Fact>) -> &'static str {
    fact.map_or("unknown", |fact| match &fact.value {
        Value::Flag(false) | Value::Number(0) | Value::Money(Fen(0)) => "met",
        Value::Flag(true) | Value::Number(_) => "missing",
        _ => "unknown",
    })
}

/// 周德全家: a household by its head's name.
pub fn household(w: Speaker, head: &str) -> String {
    if head.is_empty() { w.t("household-unnamed") } else { w.a("household-of", head) }
}

/// A household number with its middle hidden: `5399**********0417`.
pub fn masked_number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() <= 8 {
        return number.to_owned();
    }
    let (first, last) = (&characters[..4], &characters[characters.len() - 4..]);
    format!("{}{}{}", String::from_iter(first), "*".repeat(characters.len() - 8), String::from_iter(last))
}

/// The name of a fact, from the dictionary; of a delivered value, that of its field.
pub fn label(w: Speaker, fact: &str, of_person: bool) -> String {
    let entity = if of_person { Entity::Person } else { Entity::Household };
    let reckoned =
        find(entity, fact).map(|known| if w.language == Language::Zh { known.zh } else { known.en }.to_owned());
    reckoned.or_else(|| w.find(&format!("told-{}", fact.replace('.', "-")))).unwrap_or_else(|| fact.to_owned())
}

fn unit(w: Speaker, fact: &Fact) -> String {
    let entity = if fact.member.is_some() { Entity::Person } else { Entity::Household };
    let name = find(entity, &fact.fact).map_or("", |known| known.kind.unit_name());
    w.find(&format!("unit-of-{name}")).unwrap_or_default()
}

/// A value as markup: what isn't known is never an empty cell, and never 0.
pub fn value(w: Speaker, fact: &Fact) -> String {
    let text = match &fact.value {
        Value::Number(n) => format!("{} {}", numbers::decimal(*n), unit(w, fact)),
        other => plain(w, other),
    };
    let text = escape(text.trim());
    let unknown =
        matches!(fact.value, Value::Unknown | Value::MoneyBetween(None, None) | Value::NumberBetween(None, None));
    if unknown { format!(r#"<span class="unknown">{text}</span>"#) } else { text }
}

/// A value as text.
pub fn plain(w: Speaker, value: &Value) -> String {
    let money = |fen: &Fen| numbers::money(w.language, *fen);
    let between = |low: Option<String>, high: Option<String>| match (low, high) {
        (Some(low), Some(high)) => w.with("between", &[("low", Arg::Text(&low)), ("high", Arg::Text(&high))]),
        (Some(low), None) => w.a("at-least", low),
        (None, Some(high)) => w.a("at-most", high),
        (None, None) => w.t("unknown"),
    };
    match value {
        Value::Money(fen) => money(fen),
        Value::MoneyBetween(low, high) => between(low.as_ref().map(money), high.as_ref().map(money)),
        Value::Number(n) => numbers::decimal(*n),
        Value::NumberBetween(low, high) => between(low.map(numbers::decimal), high.map(numbers::decimal)),
        Value::Flag(yes) => w.t(if *yes { "yes" } else { "no" }),
        Value::Day(day) => numbers::long_date(w.language, *day, Precision::Day),
        Value::Text(text) => w.find(&format!("code-{text}")).unwrap_or_else(|| text.clone()),
        Value::Unknown => w.t("unknown"),
    }
}

/// Who provided it, and as of when, as markup.
pub fn provided(w: Speaker, fact: &Fact, today: Day) -> String {
    let day = since(w, fact.as_of, today);
    let day = if day.is_empty() { day } else { format!(" · {day}") };
    let Some(source) = &fact.source else {
        let names: Vec<String> = fact.departments.iter().map(|code| escape(&department(w, code))).collect();
        return match names.as_slice() {
            [] => escape(&w.t(if fact.value == Value::Unknown { "source-none" } else { "source-silence" })),
            names => format!("{}{day}", names.join(&escape(&w.t("list-comma")))),
        };
    };
    let row = source.row.map(|row| format!(" · {}", escape(&w.n("household-source-row", i64::from(row)))));
    format!("{}{}{day}", escape(&department(w, &source.department)), row.unwrap_or_default())
}

/// A day as markup with its machine form; nothing where there is none.
pub fn since(w: Speaker, day: Option<Day>, today: Day) -> String {
    day.map(|day| format!(r#"<time datetime="{day}">{}</time>"#, numbers::date(w.language, day, today)))
        .unwrap_or_default()
}

/// A department by its name; one the program doesn't know by its code.
pub fn department(w: Speaker, code: &str) -> String {
    w.find(&format!("department-{code}")).unwrap_or_else(|| code.to_owned())
}

pub fn method(w: Speaker, method: &str) -> String {
    w.find(&format!("method-{method}")).unwrap_or_else(|| method.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_ends() {
        assert_eq!(masked_number("539901001001000417"), "5399**********0417");
        assert_eq!(masked_number("A-17"), "A-17");
    }
}
