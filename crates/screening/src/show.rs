//! How findings are shown: letters opened, amounts in the reader's language.

use crate::model::{Amount, Letter, Line};
use crate::store::{Bucket, Listed};
use kernel::{Cx, Language, Result};
use rulebook::Words;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use ui::figure::escape;
use ui::{Arg, Speaker, numbers};
use values::{Day, Fen, Precision};

/// The reader's half of a text for both.
pub fn of(w: Speaker, words: &Words) -> String {
    if w.language == Language::Zh { words.zh.clone() } else { words.en.clone() }
}

/// Opens a sealed letter. `None` when the family's key was destroyed: then nobody can read it again.
pub fn open_letter(cx: &Cx, household: &str, wrapped: Option<&str>, sealed: &[u8]) -> Result<Option<Letter>> {
    open(cx, household, wrapped, sealed)
}

/// What a list shows of a sealed letter.
pub fn open_line(cx: &Cx, listed: &Listed) -> Result<Option<Line>> {
    open(cx, &listed.household, listed.wrapped.as_deref(), &listed.letter)
}

/// A letter, or as much of it as `T` reads.
fn open<T: DeserializeOwned>(cx: &Cx, household: &str, wrapped: Option<&str>, sealed: &[u8]) -> Result<Option<T>> {
    let Some(wrapped) = wrapped else { return Ok(None) };
    let key = cx.world().keys.unwrap(household, wrapped)?;
    households::documents::unpack(&key, "screening_letters.letter", sealed).map(Some)
}

/// An amount as text.
pub fn amount_text(w: Speaker, amount: &Amount) -> String {
    let money = |fen: &Fen| numbers::money(w.language, *fen);
    match amount {
        Amount::Money(fen) => money(fen),
        Amount::Count(n) => numbers::count(*n),
        Amount::Between(Some(low), Some(high)) if low == high => money(low),
        Amount::Between(Some(low), Some(high)) => {
            w.with("between", &[("low", Arg::Text(&money(low))), ("high", Arg::Text(&money(high)))])
        }
        Amount::Between(Some(low), None) => w.a("at-least", money(low)),
        Amount::Between(None, Some(high)) => w.a("at-most", money(high)),
        Amount::Text(words) => of(w, words),
        Amount::Day(day) => numbers::long_date(w.language, *day, Precision::Day),
        Amount::Unknown | Amount::Between(None, None) => w.t("unknown"),
    }
}

/// An amount as markup: what isn't known is never an empty cell.
pub fn amount(w: Speaker, amount: &Amount, disputed: bool) -> String {
    let text = escape(&amount_text(w, amount));
    match amount {
        Amount::Unknown | Amount::Between(None, None) => format!(r#"<span class="unknown">{text}</span>"#),
        _ if disputed => format!(r#"<span class="conflict">{text}</span>"#),
        _ => format!("<b>{text}</b>"),
    }
}

/// The opening sentence as markup, its first sum of money stressed.
pub fn with_sum_stressed(sentence: &str) -> String {
    let unit = [" 元", " yuan"].iter().find_map(|unit| Some((sentence.find(unit)?, unit.len())));
    let Some((end, length)) = unit else { return escape(sentence) };
    let is_figure = |c: &char| c.is_ascii_digit() || matches!(c, ',' | '.' | '−');
    let figure = |text: &str| text.chars().rev().take_while(is_figure).map(char::len_utf8).sum::<usize>();
    let mut start = end - figure(&sentence[..end]);
    if start == end {
        return escape(sentence);
    }
    // A sum known within limits is stressed from its low end on.
    if let Some(low) = [" 到 ", " to "].iter().find_map(|to| sentence[..start].strip_suffix(to)) {
        start = low.len() - figure(low);
    }
    let (before, sum) = sentence[..end + length].split_at(start);
    format!("{}<em>{}</em>{}", escape(before), escape(sum), escape(&sentence[end + length..]))
}

/// A day as markup with its machine form.
pub fn day(w: Speaker, day: Option<Day>, today: Day) -> String {
    match day {
        Some(day) => format!(r#"<time datetime="{day}">{}</time>"#, numbers::date(w.language, day, today)),
        None => format!(r#"<span class="unknown">{}</span>"#, escape(&w.t("unknown"))),
    }
}

/// 周德全家: a household by its head's name.
pub fn household(w: Speaker, head: &str) -> String {
    if head.is_empty() { w.t("household-unnamed") } else { w.a("household-of", head) }
}

/// The shape of a rule set's badge.
pub fn set_badge(set: &str) -> &'static str {
    match set {
        "risk" => "todo",
        "gap" => "doing",
        _ => "doubt",
    }
}

/// Shape and words of where a finding stands.
pub fn bucket_badge(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Open => "todo",
        Bucket::Visit | Bucket::Merged => "doing",
        Bucket::Dismissed => "closed",
        Bucket::Undetermined => "what",
        Bucket::Listed => "ok",
    }
}

/// One row of a list of findings.
pub struct Row {
    pub id: String,
    pub household: String,
    pub place: String,
    pub headline: String,
    pub badge: &'static str,
    pub set: String,
    pub source: String,
    pub precision: String,
    pub state: String,
    pub state_badge: &'static str,
    /// The finding's id and the version its reader saw: what a tick sends.
    pub pick: String,
}

/// What rows need besides themselves: names of places, and how often each rule was right.
#[derive(Default)]
pub struct Beside {
    pub places: BTreeMap<String, String>,
    pub precision: BTreeMap<String, Precise>,
    /// Within how many days each rule's findings are to be looked at.
    pub days: BTreeMap<String, i32>,
}

/// How people judged the findings of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Precise {
    pub looked: i64,
    /// Taken further: visited or merged into a case.
    pub taken: i64,
}

pub fn row(cx: &Cx, w: Speaker, beside: &Beside, listed: &Listed) -> Result<Row> {
    let letter = open_line(cx, listed)?;
    let source = letter.as_ref().and_then(|letter| letter.facts.first()).map(|fact| {
        let day = fact.as_of.map(|day| numbers::date(w.language, day, cx.today())).unwrap_or_default();
        format!("{} {day}", of(w, &fact.source))
    });
    let precise = beside.precision.get(&listed.rule).copied().unwrap_or_default();
    let (state_badge, state) = state(cx, w, beside, listed);
    Ok(Row {
        id: listed.id.0.clone(),
        household: household(w, &listed.head),
        place: beside.places.get(&listed.place).cloned().unwrap_or_default(),
        headline: letter.map_or_else(|| w.t("letter-erased"), |letter| of(w, &letter.headline)),
        badge: set_badge(&listed.rule_set),
        set: w.t(&format!("set-{}", listed.rule_set)),
        source: source.unwrap_or_default(),
        precision: numbers::percent(precise.taken, precise.looked).unwrap_or_else(|| w.t("not-yet")),
        state,
        state_badge,
        pick: format!("{}.{}", listed.id.0, listed.version),
    })
}

/// Of a finding that nobody has decided about: by when somebody should look; else what was decided.
fn state(cx: &Cx, w: Speaker, beside: &Beside, listed: &Listed) -> (&'static str, String) {
    if listed.bucket().is_decided() {
        return (bucket_badge(listed.bucket()), w.t(&format!("tab-{}", listed.bucket)));
    }
    if listed.deferred != 0 {
        return ("closed", w.t("state-deferred"));
    }
    match beside.days.get(&listed.rule) {
        Some(days) => due(w, listed.recorded_at.day().plus_days(*days), cx.today()),
        None => ("", w.t("state-now")),
    }
}

/// A deadline: today, so many days left or late; beyond a week the date.
pub fn due(w: Speaker, day: Day, today: Day) -> (&'static str, String) {
    match day.0 - today.0 {
        0 => ("soon", w.t("due-today")),
        late if late < 0 => ("late", w.n("due-late", i64::from(-late))),
        left if left <= 7 => ("soon", w.n("due-left", i64::from(left))),
        _ => ("", w.a("due-by", numbers::date(w.language, day, today))),
    }
}

/// How often each rule was right so far, from what people decided within the reader's scope.
pub async fn precision(cx: &mut Cx) -> Result<BTreeMap<String, Precise>> {
    let mut by_rule: BTreeMap<String, Precise> = BTreeMap::new();
    for looked in crate::store::list_looked(cx, "").await? {
        let precise = by_rule.entry(looked.rule).or_default();
        precise.looked += looked.counted;
        if looked.decision != "dismiss" {
            precise.taken += looked.counted;
        }
    }
    Ok(by_rule)
}

/// How fine places are told apart for this reader, in digits of the key: 9 townships for a county, 12 villages below.
pub fn finest(cx: &Cx) -> i64 {
    let wide = cx.scope().intervals().iter().any(|places| places.first.as_str()[..9] != places.last.as_str()[..9]);
    if wide { 9 } else { 12 }
}

/// The names of the places of these rows.
pub async fn place_names(cx: &mut Cx, keys: impl Iterator<Item = &str>) -> Result<BTreeMap<String, String>> {
    let mut wanted: Vec<String> = keys.map(str::to_owned).collect();
    wanted.sort_unstable();
    wanted.dedup();
    places::names(cx, &wanted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sum_is_stressed_with_its_whole_range() {
        assert_eq!(with_sum_stressed("自己掏了 38,640 元，"), "自己掏了 <em>38,640 元</em>，");
        assert_eq!(with_sum_stressed("收入 −116.70 到 5,883.30 元，"), "收入 <em>−116.70 到 5,883.30 元</em>，");
        assert_eq!(with_sum_stressed("from 5 to 60 yuan of"), "from <em>5 to 60 yuan</em> of");
        assert_eq!(with_sum_stressed("没有 元"), "没有 元");
    }
}
