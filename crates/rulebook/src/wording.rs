//! How values are written for people: money, shares, days, counts; and the `{…}` in messages.

use crate::typing::{Model, Name};
use crate::{Entity, Kind, Words};
use values::columns::SCALE;
use values::{Bounds, Day, Fen};

/// What stands in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    Known(Name),
    Parameter(usize),
    Unknown,
}

/// The names in braces, each as written: `own_cost`, `household.wage`, `line:short`.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Whether a brace stands alone, or holds anything but one name.
pub(crate) fn has_stray_brace(text: &str) -> bool {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
    let mut parts = text.split('{');
    let before = parts.next().unwrap_or_default();
    let sound = |part: &str| {
        let Some((name, after)) = part.split_once('}') else { return false };
        !name.is_empty() && name.chars().all(named) && !after.contains('}')
    };
    before.contains('}') || !parts.all(sound)
}

pub(crate) fn resolve(model: &Model, entity: Entity, name: &str) -> Placeholder {
    let name = name.strip_suffix(":short").unwrap_or(name);
    if let Some(name) = name.strip_prefix("household.") {
        return model.find(Entity::Household, name).map_or(Placeholder::Unknown, Placeholder::Known);
    }
    let other = if entity == Entity::Person { Entity::Household } else { Entity::Person };
    model
        .find(entity, name)
        .or_else(|| model.find(other, name))
        .map(Placeholder::Known)
        .or_else(|| model.find_parameter(name).map(Placeholder::Parameter))
        .unwrap_or(Placeholder::Unknown)
}

/// Fills the braces by what `value` says for a name.
pub(crate) fn fill(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            filled.push('{');
            rest = behind;
            continue;
        };
        filled.push_str(&value(name));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

pub(crate) fn unknown() -> Words {
    Words::new("不清楚", "unknown")
}

/// An amount of a kind and unit, with what is known of it: one figure, or its limits.
pub(crate) fn amount(bounds: Bounds, kind: Kind, unit: &str, short: bool) -> Words {
    let write = |value: i64| figure(value, kind, unit, short);
    match (bounds.low == Bounds::NO_LOW, bounds.high == Bounds::NO_HIGH) {
        (true, true) => unknown(),
        (true, false) => {
            let most = write(bounds.high);
            Words::new(format!("最多 {}", most.zh), format!("at most {}", most.en))
        }
        (false, true) => {
            let least = write(bounds.low);
            Words::new(format!("至少 {}", least.zh), format!("at least {}", least.en))
        }
        _ if bounds.is_exact() => write(bounds.low),
        _ => {
            let (low, high) = (write(bounds.low), write(bounds.high));
            let (zh, en) = (without_shared_unit(&low.zh, &high.zh), without_shared_unit(&low.en, &high.en));
            Words::new(format!("{zh} 到 {}", high.zh), format!("{en} to {}", high.en))
        }
    }
}

/// "0.00 to 500.00 yuan" needs its unit once.
fn without_shared_unit<'t>(low: &'t str, high: &str) -> &'t str {
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((figure, unit)), Some((_, same))) if unit == same => figure,
        _ => low,
    }
}

fn figure(value: i64, kind: Kind, unit: &str, short: bool) -> Words {
    match kind {
        Kind::Money => {
            let mut figure = Fen(value).to_string();
            if short {
                figure.truncate(figure.len() - 3);
            }
            Words::new(format!("{figure} 元"), format!("{figure} yuan"))
        }
        Kind::Day => i32::try_from(value).map_or_else(|_| unknown(), |day| self::day(Day(day))),
        Kind::Number if matches!(unit, "ratio" | "percent") => {
            let percent = decimal(value.saturating_mul(100));
            Words::new(format!("{percent}%"), format!("{percent}%"))
        }
        Kind::Number => united(&decimal(value), value == SCALE, unit),
        Kind::Count if unit == "grade" => Words::new(format!("{value} 级"), format!("grade {value}")),
        // A year isn't a quantity: no separators.
        Kind::Count if unit == "year" => Words::new(format!("{value} 年"), value.to_string()),
        _ => united(&grouped(value), value == 1, unit),
    }
}

fn united(figure: &str, one: bool, unit: &str) -> Words {
    let (zh, single, many) = match unit {
        "persons" => ("人", "person", "persons"),
        "months" => ("个月", "month", "months"),
        "days" => ("天", "day", "days"),
        "years" => ("岁", "year", "years"),
        "times" => ("次", "time", "times"),
        "departments" => ("个部门", "department", "departments"),
        "homes" => ("套", "home", "homes"),
        "mu" => ("亩", "mu", "mu"),
        "m2" => ("平方米", "m²", "m²"),
        _ => return Words::new(figure, figure),
    };
    Words::new(format!("{figure} {zh}"), format!("{figure} {}", if one { single } else { many }))
}

/// Ten-thousandths as a decimal without needless zeros.
fn decimal(value: i64) -> String {
    let parts = value.unsigned_abs();
    let scale = SCALE.unsigned_abs();
    let sign = if value < 0 { "−" } else { "" };
    let whole = grouped(i64::try_from(parts / scale).unwrap_or(i64::MAX));
    let rest = format!("{:04}", parts % scale);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// A whole number with separators: 2,318,406.
fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "−" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn day(day: Day) -> Words {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, date) = day.ymd();
    let name = usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default();
    Words::new(format!("{year}年{month}月{date}日"), format!("{date} {name} {year}"))
}

pub(crate) fn flag(value: bool) -> Words {
    if value { Words::new("是", "yes") } else { Words::new("否", "no") }
}

/// A list within a sentence.
pub(crate) fn list(items: &[Words]) -> Words {
    let zh: Vec<&str> = items.iter().map(|w| w.zh.as_str()).collect();
    let en: Vec<&str> = items.iter().map(|w| w.en.as_str()).collect();
    let en = match en.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    };
    Words::new(zh.join("、"), en)
}
