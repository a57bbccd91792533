//! What is printed and handed over: the visit form, minutes, the notice, letters that tell a decision.

use super::say;
use crate::actions;
use crate::model::{About, At, CaseId, Course, Done, Kind};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    shell: Shell,
    w: Speaker,
    home: String,
    who: String,
    number: String,
    place: String,
    title: String,
    opening: String,
    rows: Vec<(String, String)>,
    paragraphs: Vec<String>,
    signatures: Vec<String>,
    day: String,
}

struct Letter {
    title: String,
    opening: String,
    rows: Vec<(String, String)>,
    paragraphs: Vec<String>,
    signatures: Vec<String>,
    day: Day,
}

/// The letters a case has now: their addresses and titles.
pub fn list(w: Speaker, course: &Course<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if course.step().is_some_and(|step| step.kind == Kind::Visit) {
        all.push(("visit".to_owned(), w.t("letter-visit")));
    }
    if course.notice.is_some() {
        all.push(("notice".to_owned(), w.t("letter-notice")));
    }
    for done in &course.done {
        let kind = course.procedure.find_step(&done.step).map(|step| step.kind);
        match kind {
            Some(Kind::Meeting) => all.push((format!("minutes-{}", done.version), w.t("letter-minutes"))),
            Some(Kind::Decision) => all.push((format!("decision-{}", done.version), w.t("letter-decision"))),
            _ => {}
        }
    }
    for stopped in course.measures.iter().filter_map(|one| one.stopped.as_ref()) {
        all.push((format!("stop-{}", stopped.version), w.t("letter-stop")));
    }
    for one in course.disputes.iter().filter(|one| one.answer.is_some()) {
        all.push((format!("answer-{}", one.version), w.t("letter-answer")));
    }
    all
}

/// `GET /cases/{id}/letters/{letter}`
pub async fn show(mut cx: Cx, Path((id, letter)): Path<(String, String)>) -> Reply {
    let w = Speaker::new(cx.language);
    let opened = actions::find(&mut cx, &CaseId(id)).await?;
    let course = opened.course();
    let (kind, version) = letter.split_once('-').unwrap_or((&letter, "0"));
    let version: i64 = version.parse().map_err(|_| Error::NotFound)?;
    let done = || course.done.iter().find(|done| done.version == version).ok_or(Error::NotFound);
    let letter = match kind {
        "visit" => visit(w, &course, cx.today())?,
        "notice" => notice(w, &course)?,
        "minutes" => minutes(w, &opened, &course, done()?),
        "decision" => decision(w, &opened, &course, done()?),
        "stop" => stop(w, &course, version)?,
        "answer" => answer(w, &course, version)?,
        _ => return Err(Error::NotFound),
    };
    cx.audit("print", "household", &opened.case.household, &format!("{kind} {}", opened.case.id)).await?;
    let who = say::household(w, &opened.case.head);
    Ok(page(&LetterPage {
        shell: Shell::new(&cx, format!("{} · {who}", letter.title)),
        home: format!("/cases/{}", opened.case.id),
        number: opened.case.number.clone(),
        place: say::place(&mut cx, &opened.case.place).await?,
        title: letter.title,
        opening: letter.opening,
        rows: letter.rows,
        paragraphs: letter.paragraphs,
        signatures: letter.signatures,
        day: numbers::long_date(w.language, letter.day, Precision::Day),
        who,
        w,
    }))
}

fn visit(w: Speaker, course: &Course<'_>, today: Day) -> Result<Letter, Error> {
    let step = course.step().filter(|step| step.kind == Kind::Visit).ok_or(Error::NotFound)?;
    let blank = |field: &crate::model::Field| {
        let options: Vec<String> = field.options.iter().map(|one| format!("□ {}", say::of(w, &one.title))).collect();
        (say::of(w, &field.title), options.join("　"))
    };
    Ok(Letter {
        title: w.t("letter-visit"),
        opening: say::of(w, &step.asks),
        rows: step.fields.iter().map(blank).collect(),
        paragraphs: vec![w.t("letter-visit-paper")],
        signatures: vec![w.t("sign-family"), w.t("sign-first"), w.t("sign-second")],
        day: today,
    })
}

fn notice(w: Speaker, course: &Course<'_>) -> Result<Letter, Error> {
    let notice = course.notice.as_ref().ok_or(Error::NotFound)?;
    Ok(Letter {
        title: w.t("letter-notice"),
        opening: notice.words.clone(),
        rows: Vec::new(),
        paragraphs: Vec::new(),
        signatures: vec![w.t("sign-village")],
        day: notice.from,
    })
}

/// What was written down in a step, up to when it was done.
fn written(w: Speaker, opened: &actions::Opened, course: &Course<'_>, done: &Done) -> Vec<(String, String)> {
    let Some(step) = course.procedure.find_step(&done.step) else { return Vec::new() };
    let value = |field: &str| {
        let until = opened.entries.iter().rev().filter(|entry| entry.version <= done.version);
        until.into_iter().find_map(|entry| match &entry.made {
            crate::model::Move::Record { step: of, values, .. } if *of == step.id => values.get(field).cloned(),
            _ => None,
        })
    };
    let row = |field: &crate::model::Field| {
        let value = value(&field.id).filter(|value| !value.is_empty())?;
        Some((say::of(w, &field.title), say::value(w, course.procedure, &step.id, &field.id, &value)))
    };
    step.fields.iter().filter_map(row).collect()
}

fn minutes(w: Speaker, opened: &actions::Opened, course: &Course<'_>, done: &Done) -> Letter {
    let outcome = course.procedure.find_step(&done.step).and_then(|step| step.find_outcome(&done.outcome));
    Letter {
        title: w.t("letter-minutes"),
        opening: outcome.map(|outcome| say::of(w, &outcome.title)).unwrap_or_default(),
        rows: written(w, opened, course, done),
        paragraphs: Vec::new(),
        signatures: vec![w.t("sign-present"), w.t("sign-village")],
        day: done.on,
    }
}

/// How to object, in words for the family: free, any channel, another person looks at it, help goes on.
fn how_to_object(w: Speaker, course: &Course<'_>, from: Day) -> Vec<String> {
    let appeal = &course.procedure.appeal;
    let last = crate::policy::calendar().end(from, appeal.within);
    let last = numbers::long_date(w.language, last, Precision::Day);
    let values = [("until", Arg::Text(&last)), ("n", Arg::Count(i64::from(appeal.answer.within)))];
    vec![w.with("letter-object", &values), w.t("letter-object-help")]
}

fn decision(w: Speaker, opened: &actions::Opened, course: &Course<'_>, done: &Done) -> Letter {
    let outcome = course.procedure.find_step(&done.step).and_then(|step| step.find_outcome(&done.outcome));
    let to = outcome.and_then(|outcome| outcome.to.as_deref()).unwrap_or_default();
    let tells = course.procedure.find_end(to).map(|end| say::of(w, &end.tells));
    let decided = outcome.map(|outcome| say::of(w, &outcome.title)).unwrap_or_default();
    let by = w.with("letter-decided-by", &[("who", Arg::Text(&done.name)), ("what", Arg::Text(&decided))]);
    let mut paragraphs = vec![by];
    paragraphs.extend(how_to_object(w, course, done.on));
    Letter {
        title: w.t("letter-decision"),
        opening: tells.unwrap_or_else(|| w.a("letter-decided", &decided)),
        rows: written(w, opened, course, done),
        paragraphs,
        signatures: vec![w.t("sign-office"), w.t("sign-received")],
        day: done.on,
    }
}

fn stop(w: Speaker, course: &Course<'_>, version: i64) -> Result<Letter, Error> {
    let of = |one: &&crate::model::Measure| one.stopped.as_ref().is_some_and(|stopped| stopped.version == version);
    let measure = course.measures.iter().find(of).ok_or(Error::NotFound)?;
    let stopped = measure.stopped.as_ref().ok_or(Error::NotFound)?;
    let help = say::help(w, course.procedure, &measure.kind);
    let mut paragraphs =
        vec![w.with("letter-stopped-by", &[("who", Arg::Text(&stopped.name)), ("what", Arg::Text(&stopped.reason))])];
    paragraphs.extend(how_to_object(w, course, stopped.on));
    Ok(Letter {
        title: w.t("letter-stop"),
        opening: w.a("letter-stops", &help),
        rows: Vec::new(),
        paragraphs,
        signatures: vec![w.t("sign-office"), w.t("sign-received")],
        day: stopped.on,
    })
}

fn answer(w: Speaker, course: &Course<'_>, version: i64) -> Result<Letter, Error> {
    let one = course.disputes.iter().find(|one| one.version == version).ok_or(Error::NotFound)?;
    let answer = one.answer.as_ref().ok_or(Error::NotFound)?;
    let ended = matches!(course.at, At::End(_));
    let outcome = match (one.about, answer.granted) {
        (About::Appeal, true) => w.t("letter-appeal-granted"),
        (About::Appeal, false) if ended => w.t("letter-appeal-upheld"),
        _ => String::new(),
    };
    let said = w.with("letter-you-said", &[("what", Arg::Text(&one.words))]);
    let by = w.with("letter-answered", &[("who", Arg::Text(&answer.name)), ("what", Arg::Text(&answer.words))]);
    Ok(Letter {
        title: w.t("letter-answer"),
        opening: said,
        rows: Vec::new(),
        paragraphs: [by, outcome].into_iter().filter(|text| !text.is_empty()).collect(),
        signatures: vec![w.t("sign-office"), w.t("sign-received")],
        day: answer.on,
    })
}
