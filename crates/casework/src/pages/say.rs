//! Cases in words: deadlines, places, what happened.

use crate::model::{About, Course, Entry, Move, Procedure};
use kernel::{Cx, Language, Result};
use rulebook::Words;
use ui::{Arg, Speaker, numbers};
use values::{Day, Fen, MoneyUnit};

/// The reader's half of a text for both.
pub fn of(w: Speaker, words: &Words) -> String {
    if w.language == Language::Zh { words.zh.clone() } else { words.en.clone() }
}

/// A deadline with the shape of its badge.
pub fn due(w: Speaker, day: Day, today: Day) -> (&'static str, String) {
    match i64::from(day.0) - i64::from(today.0) {
        0 => ("soon", w.t("case-due-today")),
        late if late < 0 => ("late", w.n("case-due-late", -late)),
        left if left <= 7 => ("todo", w.n("case-due-left", left)),
        _ => ("todo", w.a("case-due-on", numbers::date(w.language, day, today))),
    }
}

pub fn household(w: Speaker, head: &str) -> String {
    w.a("case-of", head)
}

/// The title of where a case stands: a step, an end of its procedure, or one of the ends all cases have.
pub fn standing(w: Speaker, procedure: &Procedure, at: &str) -> String {
    let step = procedure.find_step(at).map(|step| &step.title);
    let title = step.or_else(|| procedure.find_end(at).map(|end| &end.title));
    title.map_or_else(|| w.t(&format!("case-end-{at}")), |title| of(w, title))
}

/// The roles of levels, written one after the other.
pub fn levels<'l>(w: Speaker, codes: impl Iterator<Item = &'l str>) -> String {
    let said: Vec<String> = codes.filter(|code| !code.is_empty()).map(|code| w.t(&format!("role-{code}"))).collect();
    said.join(if w.is_zh() { "、" } else { ", " })
}

/// The name of the village a case belongs to.
pub async fn place(cx: &mut Cx, key: &str) -> Result<String> {
    let names = places::names(cx, &[key.to_owned()]).await?;
    Ok(names.get(key).cloned().unwrap_or_else(|| key.to_owned()))
}

/// What stands in a field, as people read it.
pub fn value(w: Speaker, procedure: &Procedure, step: &str, field: &str, value: &str) -> String {
    use crate::model::FieldKind;
    let Some(known) = procedure.find_step(step).and_then(|step| step.find_field(field)) else {
        return value.to_owned();
    };
    let title = |choices: &[crate::model::Choice], id: &str| {
        choices.iter().find(|one| one.id == id).map_or_else(|| id.to_owned(), |one| of(w, &one.title))
    };
    match known.kind {
        FieldKind::Yes => w.t("yes"),
        FieldKind::Choice => title(&known.options, value),
        FieldKind::Causes => {
            let all: Vec<String> = value.split(',').map(|id| title(&procedure.causes, id)).collect();
            all.join(if w.is_zh() { "、" } else { ", " })
        }
        FieldKind::Money => {
            Fen::parse(value, MoneyUnit::Yuan).map_or_else(|_| value.to_owned(), |fen| numbers::money(w.language, fen))
        }
        FieldKind::Day => Day::parse_iso(value)
            .map_or_else(|_| value.to_owned(), |day| numbers::long_date(w.language, day, values::Precision::Day)),
        FieldKind::Text | FieldKind::Long | FieldKind::Count | FieldKind::Evidence => value.to_owned(),
    }
}

/// One thing that happened, as a line of the case's history.
pub fn entry(w: Speaker, course: &Course<'_>, entry: &Entry) -> String {
    let procedure = course.procedure;
    let step = |id: &str| procedure.find_step(id).map_or_else(|| id.to_owned(), |step| of(w, &step.title));
    let measure = |version: i64| {
        let one = course.measures.iter().find(|one| one.version == version);
        one.map(|one| help(w, procedure, &one.kind)).unwrap_or_default()
    };
    let line = |key: &str, what: &str, more: &str| {
        w.with(key, &[("who", Arg::Text(&entry.name)), ("what", Arg::Text(what)), ("more", Arg::Text(more))])
    };
    match &entry.made {
        Move::Record { step: id, with, outcome: Some(outcome), .. } => {
            let outcome = procedure.find_step(id).and_then(|step| step.find_outcome(outcome));
            let more = outcome.map(|outcome| of(w, &outcome.title)).unwrap_or_default();
            let names: Vec<&str> =
                std::iter::once(entry.name.as_str()).chain(with.iter().map(String::as_str)).collect();
            let names = names.join(if w.is_zh() { "、" } else { ", " });
            let what = step(id);
            let values = [("who", Arg::Text(&names)), ("what", Arg::Text(&what)), ("more", Arg::Text(&more))];
            w.with("case-said-done", &values)
        }
        Move::Record { step: id, .. } => line("case-said-record", &step(id), ""),
        Move::Publish { step: id, .. } => line("case-said-publish", &step(id), ""),
        Move::Dispute { about, by, words } => {
            let by = if by.trim().is_empty() { w.t("case-anonymous") } else { by.clone() };
            line(&format!("case-said-{}", about.code()), &by, words)
        }
        Move::Answer { dispute, granted, words } => {
            let appeal = course.disputes.iter().any(|one| one.version == *dispute && one.about == About::Appeal);
            let key = match (appeal, granted) {
                (true, true) => "case-said-granted",
                (true, false) => "case-said-upheld",
                (false, _) => "case-said-answer",
            };
            line(key, words, "")
        }
        Move::Kinship { name, level, .. } => line("case-said-kinship", name, &w.t(&format!("role-{}", level.code()))),
        Move::Help { measure: kind, owner, .. } => line("case-said-help", &help(w, procedure, kind), owner),
        Move::Given { measure: version, .. } => line("case-said-given", &measure(*version), ""),
        Move::Stop { measure: version, reason } => line("case-said-stop", &measure(*version), reason),
        Move::End { how, words } => line("case-said-end", &w.t(&format!("case-end-{}", how.code())), words),
        Move::Reopen { words } => line("case-said-reopen", words, ""),
        Move::Extend { step: id, until, reason } => {
            let until = numbers::long_date(w.language, *until, values::Precision::Day);
            w.with(
                "case-said-extend",
                &[
                    ("who", Arg::Text(&entry.name)),
                    ("what", Arg::Text(&step(id))),
                    ("day", Arg::Text(&until)),
                    ("more", Arg::Text(reason)),
                ],
            )
        }
        Move::Merge { words, .. } => line("case-said-merge", words, ""),
        Move::Split { on, from, until } => split(w, from, *on, *until),
    }
}

fn split(w: Speaker, from: &str, on: Day, until: Day) -> String {
    let day = |day: Day| numbers::long_date(w.language, day, values::Precision::Day);
    let (on, until) = (day(on), day(until));
    w.with("case-said-split", &[("what", Arg::Text(from)), ("day", Arg::Text(&on)), ("more", Arg::Text(&until))])
}

/// The name of a kind of help.
pub fn help(w: Speaker, procedure: &Procedure, kind: &str) -> String {
    let known = procedure.measures.iter().find(|one| one.id == kind);
    known.map_or_else(|| kind.to_owned(), |one| of(w, &one.title))
}
