//! What each letter says.

use super::super::{rows, say};
use super::About;
use crate::model::{About as Of, At, Course, Done, Field, FieldKind, Kind, Measure};
use kernel::{Error, Language, Result};
use ui::print::{Paper, Row, Style};
use ui::{Arg, Speaker, numbers};
use values::{Day, Precision};

/// Which letter a step that was done makes: minutes of a meeting, a decision that is told to the family, a record.
pub fn kind_of(course: &Course<'_>, done: &Done) -> &'static str {
    match course.procedure.find_step(&done.step).map(|step| step.kind) {
        Some(Kind::Meeting) => "minutes",
        Some(Kind::Decision) if is_told(course, done) => "decision",
        _ => "record",
    }
}

/// Whether a decision leads on, or to an end; one that sends the case back is told to nobody yet.
fn is_told(course: &Course<'_>, done: &Done) -> bool {
    let at = |id: &str| course.procedure.steps.iter().position(|step| step.id == id);
    let outcome = course.procedure.find_step(&done.step).and_then(|step| step.find_outcome(&done.outcome));
    let to = outcome.and_then(|outcome| outcome.to.as_deref()).unwrap_or_default();
    at(to).is_none_or(|to| Some(to) > at(&done.step))
}

pub fn title_of(w: Speaker, course: &Course<'_>, done: &Done) -> String {
    let step = course.procedure.find_step(&done.step);
    let title = step.map(|step| say::of(w, &step.title)).unwrap_or_default();
    match kind_of(course, done) {
        "minutes" => w.t("letter-minutes"),
        "decision" => {
            let to = step.and_then(|step| step.find_outcome(&done.outcome)).and_then(|outcome| outcome.to.as_deref());
            let own = to.and_then(|to| course.procedure.find_end(to)).and_then(|end| end.letter.as_ref());
            own.map_or_else(|| w.t("letter-decision"), |words| say::of(w, words))
        }
        _ => w.a("letter-record", title),
    }
}

fn paper(about: &About<'_>, style: Style, title: String, day: Option<Day>) -> Paper {
    let w = about.w;
    let who = say::household(w, &about.opened.case.head);
    Paper {
        style,
        language: w.language.code(),
        title,
        number: about.opened.case.number.clone(),
        about: format!("{} · {who}", about.place),
        to: String::new(),
        opening: String::new(),
        rows: Vec::new(),
        paragraphs: Vec::new(),
        attachments_word: String::new(),
        attachments: Vec::new(),
        signatures: Vec::new(),
        receipt: String::new(),
        receipt_day: String::new(),
        day: day.map(|day| numbers::long_date(w.language, day, Precision::Day)).unwrap_or_default(),
        foot: String::new(),
    }
}

/// To the family, which signs that it was handed over.
fn letter(about: &About<'_>, title: String, day: Day) -> Paper {
    let w = about.w;
    Paper {
        to: w.a("letter-to", say::household(w, &about.opened.case.head)),
        signatures: vec![w.t("sign-office")],
        receipt: w.t("sign-received"),
        receipt_day: w.t("sign-day"),
        ..paper(about, Style::Letter, title, Some(day))
    }
}

/// A step's fields to be filled in by hand.
pub fn form(about: &About<'_>, step: &str) -> Result<Paper> {
    let (w, course) = (about.w, about.course);
    let mut now = course.step().into_iter().chain(course.alongside());
    let step = now.find(|one| one.id == step && !one.fields.is_empty()).ok_or(Error::NotFound)?;
    let box_before = |words: String| format!("□ {words}");
    let row = |field: &Field| {
        let choices = if field.kind == FieldKind::Causes { &course.procedure.causes } else { &field.options };
        let options: Vec<String> = match field.kind {
            FieldKind::Yes => vec![box_before(w.t("yes"))],
            _ => choices.iter().map(|one| box_before(say::of(w, &one.title))).collect(),
        };
        Row(say::of(w, &field.title), options.join("　"), matches!(field.kind, FieldKind::Long))
    };
    let signatures = match (step.kind, step.people) {
        (Kind::Visit, 2..) => vec![w.t("sign-family"), w.t("sign-first"), w.t("sign-second")],
        (Kind::Visit, _) => vec![w.t("sign-family"), w.t("sign-first")],
        (Kind::Meeting, _) => vec![w.t("sign-village"), w.t("sign-day")],
        _ => vec![w.t("sign-by"), w.t("sign-day")],
    };
    let mut rows: Vec<Row> = step.fields.iter().map(row).collect();
    if step.kind == Kind::Meeting {
        rows.push(Row(w.t("sign-present"), String::new(), true));
    }
    Ok(Paper {
        opening: say::of(w, &step.asks),
        rows,
        paragraphs: vec![w.t("letter-visit-paper")],
        signatures,
        ..paper(about, Style::Form, w.a("letter-form", say::of(w, &step.title)), None)
    })
}

/// As it hangs in the village: it speaks Chinese, whatever its reader reads.
pub fn notice(about: &About<'_>) -> Result<Paper> {
    let notice = about.course.notice.as_ref().ok_or(Error::NotFound)?;
    let w = Speaker::new(Language::Zh);
    let about = &About { w, ..*about };
    Ok(Paper {
        number: String::new(),
        about: say::of(w, &about.course.procedure.title),
        opening: notice.words.clone(),
        signatures: vec![w.a("sign-village-of", about.place)],
        attachments_word: w.t("notice-attachments"),
        ..paper(about, Style::Notice, w.t("letter-notice"), Some(notice.from))
    })
}

/// What was written down in a step, up to when it was done.
fn written(about: &About<'_>, done: &Done) -> Vec<Row> {
    let written = rows::written(about.w, about.opened, about.course, done);
    written.into_iter().map(|(title, value)| Row(title, value, false)).collect()
}

/// Who did a step with whom, on which day, with what outcome; a meeting's is signed by those who were there.
pub fn record(about: &About<'_>, done: &Done) -> Paper {
    let (w, course) = (about.w, about.course);
    let outcome = course.procedure.find_step(&done.step).and_then(|step| step.find_outcome(&done.outcome));
    let names: Vec<&str> = std::iter::once(done.name.as_str()).chain(done.with.iter().map(String::as_str)).collect();
    let mut rows = written(about, done);
    rows.push(Row(w.t("letter-outcome"), outcome.map(|one| say::of(w, &one.title)).unwrap_or_default(), false));
    rows.push(Row(w.t("letter-by"), names.join(if w.is_zh() { "、" } else { ", " }), false));
    let signatures = match kind_of(course, done) {
        "minutes" => {
            // Room for everybody's hand.
            rows.push(Row(w.t("sign-present"), String::new(), true));
            vec![w.t("sign-village")]
        }
        _ => vec![w.t("sign-by")],
    };
    Paper { rows, signatures, ..paper(about, Style::Form, title_of(w, course, done), Some(done.on)) }
}

/// How to object, in words for the family: free, any channel, another person looks at it, help goes on.
fn how_to_object(about: &About<'_>, from: Day) -> Vec<String> {
    let (w, appeal) = (about.w, &about.course.procedure.appeal);
    let last = crate::policy::calendar().end(from, appeal.within);
    let last = numbers::long_date(w.language, last, Precision::Day);
    let values = [("until", Arg::Text(&last)), ("n", Arg::Count(i64::from(appeal.answer.within)))];
    vec![w.with("letter-object", &values), w.t("letter-object-help")]
}

pub fn decision(about: &About<'_>, done: &Done) -> Paper {
    let (w, course) = (about.w, about.course);
    let outcome = course.procedure.find_step(&done.step).and_then(|step| step.find_outcome(&done.outcome));
    let to = outcome.and_then(|outcome| outcome.to.as_deref()).unwrap_or_default();
    let tells = course.procedure.find_end(to).map(|end| say::of(w, &end.tells));
    let decided = outcome.map(|outcome| say::of(w, &outcome.title)).unwrap_or_default();
    let by = w.with("letter-decided-by", &[("who", Arg::Text(&done.name)), ("what", Arg::Text(&decided))]);
    let mut paragraphs = vec![by, w.a("letter-basis", &course.procedure.legal_basis)];
    paragraphs.extend(how_to_object(about, done.on));
    Paper {
        opening: tells.unwrap_or_else(|| w.a("letter-decided", &decided)),
        rows: written(about, done),
        paragraphs,
        ..letter(about, title_of(w, course, done), done.on)
    }
}

pub fn stop(about: &About<'_>, version: i64) -> Result<Paper> {
    let w = about.w;
    let of = |one: &&Measure| one.stopped.as_ref().is_some_and(|stopped| stopped.version == version);
    let measure = about.course.measures.iter().find(of).ok_or(Error::NotFound)?;
    let stopped = measure.stopped.as_ref().ok_or(Error::NotFound)?;
    let help = say::help(w, about.course.procedure, &measure.kind);
    let mut paragraphs =
        vec![w.with("letter-stopped-by", &[("who", Arg::Text(&stopped.name)), ("what", Arg::Text(&stopped.reason))])];
    paragraphs.extend(how_to_object(about, stopped.on));
    let opening = w.a("letter-stops", &help);
    Ok(Paper { opening, paragraphs, ..letter(about, w.t("letter-stop"), stopped.on) })
}

pub fn answer(about: &About<'_>, version: i64) -> Result<Paper> {
    let w = about.w;
    let one = about.course.disputes.iter().find(|one| one.version == version).ok_or(Error::NotFound)?;
    let answer = one.answer.as_ref().ok_or(Error::NotFound)?;
    let ended = matches!(about.course.at, At::End(_));
    let outcome = match (one.about, answer.granted) {
        (Of::Appeal, true) => w.t("letter-appeal-granted"),
        (Of::Appeal, false) if ended => w.t("letter-appeal-upheld"),
        _ => String::new(),
    };
    let said = w.with("letter-you-said", &[("what", Arg::Text(&one.words))]);
    let by = w.with("letter-answered", &[("who", Arg::Text(&answer.name)), ("what", Arg::Text(&answer.words))]);
    Ok(Paper {
        opening: said,
        paragraphs: [by, outcome].into_iter().filter(|text| !text.is_empty()).collect(),
        ..letter(about, w.t("letter-answer"), answer.on)
    })
}
