use crate::policy::ParameterKind;
use crate::{Kind, Words};
use values::columns::SCALE;

/// The units that parameters may have: name, kind, and how many of our smallest parts (fen,
/// ten-thousandths, whole things) one of it is, as a fraction.
const UNITS: [(&str, Kind, i64, i64); 20] = [
    ("fen", Kind::Money, 1, 1),
    ("yuan", Kind::Money, 100, 1),
    ("10k_yuan", Kind::Money, 1_000_000, 1),
    ("ratio", Kind::Number, SCALE, 1),
    ("percent", Kind::Number, SCALE, 100),
    ("number", Kind::Number, SCALE, 1),
    ("mu", Kind::Number, SCALE, 1),
    ("m2", Kind::Number, SCALE, 1),
    ("count", Kind::Count, 1, 1),
    ("persons", Kind::Count, 1, 1),
    ("months", Kind::Count, 1, 1),
    ("days", Kind::Count, 1, 1),
    ("years", Kind::Count, 1, 1),
    ("times", Kind::Count, 1, 1),
    ("grade", Kind::Count, 1, 1),
    ("year", Kind::Count, 1, 1),
    ("homes", Kind::Number, SCALE, 1),
    ("day", Kind::Day, 1, 1),
    ("flag", Kind::Flag, 1, 1),
    ("code", Kind::Code, 1, 1),
];

pub(crate) fn kind_of(unit: &str) -> Option<Kind> {
    UNITS.iter().find(|(name, ..)| *name == unit).map(|(_, kind, ..)| *kind)
}

/// What a parameter of this unit is.
pub(crate) fn parameter_kind(unit: &str, over: Option<&str>) -> Option<ParameterKind> {
    if let Some(over) = over {
        return Some(ParameterKind::Band { from: kind_of(over)?, to: kind_of(unit)? });
    }
    match unit {
        "codes" => Some(ParameterKind::List(Kind::Code)),
        "numbers" => Some(ParameterKind::List(Kind::Count)),
        "words" => Some(ParameterKind::Words),
        _ => kind_of(unit).map(ParameterKind::Single),
    }
}

/// A decimal text in a unit, as whole fen, ten-thousandths or things. `None` where it is none or finer than that.
pub(crate) fn amount(text: &str, unit: &str) -> Option<i64> {
    let (_, _, times, over) = UNITS.iter().find(|(name, ..)| *name == unit)?;
    let (digits, scale) = decimal(text)?;
    let scaled = digits.checked_mul(i128::from(*times))?;
    let parts = scale.checked_mul(i128::from(*over))?;
    (scaled % parts == 0).then(|| scaled / parts).and_then(|whole| i64::try_from(whole).ok())
}

/// An amount as a plain decimal in its unit, without needless zeros: the opposite of [`amount`].
pub(crate) fn text(value: i64, unit: &str) -> String {
    let parts = UNITS.iter().find(|(name, ..)| *name == unit).map_or(1, |(_, _, times, over)| times / over);
    let decimals = parts.max(1).ilog10() as usize;
    let (whole, rest) = (value / parts.max(1), (value % parts.max(1)).abs());
    let sign = if value < 0 && whole == 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{rest:0decimals$}");
    if decimals == 0 { whole.to_string() } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// A plain decimal as all its digits and the power of ten they are to be divided by.
pub(crate) fn decimal(text: &str) -> Option<(i128, i128)> {
    let (negative, figure) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = figure.split_once('.').unwrap_or((figure, ""));
    let digits = format!("{whole}{decimals}").replace('_', "");
    if digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i128 = digits.parse().ok()?;
    let scale = 10i128.pow(u32::try_from(decimals.len()).ok()?);
    Some((if negative { -value } else { value }, scale))
}

/// All unit names, for a message that helps.
pub(crate) fn names() -> String {
    UNITS.iter().map(|(name, ..)| *name).chain(["codes", "numbers", "words"]).collect::<Vec<_>>().join(" ")
}

pub(crate) fn kind_words(kind: Kind) -> Words {
    let (zh, en) = match kind {
        Kind::Money => ("钱", "money"),
        Kind::Number => ("数", "a number"),
        Kind::Count => ("个数", "a count"),
        Kind::Flag => ("是或否", "a yes or no"),
        Kind::Code => ("代码", "a code"),
        Kind::Text => ("文字", "text"),
        Kind::Day => ("日期", "a day"),
        Kind::Area => ("地区", "a place"),
    };
    Words::new(zh, en)
}
