//! Reading what was known on a day: rows are superseded, never overwritten.

use crate::Moment;
use values::Day;

/// Writes the predicate for `{known}` (columns bare) and `{known alias}` (columns of that alias).
///
/// A row is known from `recorded_at` until `superseded_at`.
pub(crate) fn with_known(sql: &str, on: Option<Day>) -> String {
    let mut text = String::with_capacity(sql.len() + 64);
    let mut rest = sql;
    while let Some(at) = rest.find("{known") {
        let (before, behind) = rest.split_at(at);
        let Some(end) = behind.find('}') else { break };
        let alias = behind["{known".len()..end].trim();
        let dot = if alias.is_empty() { "" } else { "." };
        text.push_str(before);
        match on {
            None => text.push_str(&format!("{alias}{dot}superseded_at is null")),
            Some(day) => {
                let end = Moment::start_of(day.plus_days(1));
                text.push_str(&format!(
                    "({alias}{dot}recorded_at < '{end}' and ({alias}{dot}superseded_at is null or {alias}{dot}superseded_at >= '{end}'))"
                ));
            }
        }
        rest = &behind[end + 1..];
    }
    text.push_str(rest);
    text
}
