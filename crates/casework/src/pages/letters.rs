//! What is printed and handed over: forms to fill, records of what was done, the notice, letters that tell a decision.

mod wording;

use super::say;
use crate::actions::{self, Opened};
use crate::model::{CaseId, Course, Done};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error, Result};
use ui::print::{Document, Paper, Style};
use ui::{Shell, Speaker, page, print};

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    shell: Shell,
    w: Speaker,
    home: String,
    who: String,
    /// Of the letter as a PDF.
    address: String,
    /// Why there is no PDF, when one was asked for.
    unprinted: Option<String>,
    paper: Paper,
}

/// What a letter is made of beside the case.
struct About<'c> {
    w: Speaker,
    opened: &'c Opened,
    course: &'c Course<'c>,
    place: &'c str,
}

/// The letters a case has now: their addresses and titles.
pub fn list(w: Speaker, course: &Course<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for step in course.step().into_iter().chain(course.alongside()).filter(|step| !step.fields.is_empty()) {
        all.push((format!("form-{}", step.id), w.a("letter-form", say::of(w, &step.title))));
    }
    if course.notice.is_some() {
        all.push(("notice".to_owned(), w.t("letter-notice")));
    }
    for done in &course.done {
        let title = wording::title_of(w, course, done);
        all.push((format!("{}-{}", wording::kind_of(course, done), done.version), title));
    }
    for stopped in course.measures.iter().filter_map(|one| one.stopped.as_ref()) {
        all.push((format!("stop-{}", stopped.version), w.t("letter-stop")));
    }
    for one in course.disputes.iter().filter(|one| one.answer.is_some()) {
        all.push((format!("answer-{}", one.version), w.t("letter-answer")));
    }
    all
}

/// `GET /cases/{id}/letters/{letter}`: to look at, and to print from the browser.
pub async fn show(mut cx: Cx, Path((id, letter)): Path<(String, String)>) -> Reply {
    let (opened, paper) = written(&mut cx, &CaseId(id), &letter).await?;
    Ok(shown(&cx, &opened, &letter, paper, None))
}

/// `GET /cases/{id}/letters/{letter}/pdf`: the same as a PDF; where none can be made, the page and why.
pub async fn pdf(mut cx: Cx, Path((id, letter)): Path<(String, String)>) -> Reply {
    let (opened, paper) = written(&mut cx, &CaseId(id), &letter).await?;
    let file = format!("{}-{letter}", opened.case.number);
    match print::pdf(&cx, &Document::Paper(Box::new(paper.clone())), &file) {
        Ok(response) => Ok(response),
        Err(why) => Ok(shown(&cx, &opened, &letter, paper, Some(print::sentence(cx.language, &why)))),
    }
}

/// The letter, and the look at the family that printing it is.
async fn written(cx: &mut Cx, id: &CaseId, letter: &str) -> Result<(Opened, Paper)> {
    let opened = actions::find(cx, id).await?;
    let place = say::place(cx, &opened.case.place).await?;
    let course = opened.course();
    let w = Speaker::new(cx.language);
    let about = About { w, opened: &opened, course: &course, place: &place };
    let mut paper = compose(&about, letter)?;
    if paper.style == Style::Notice {
        let hung = crate::store::find_notice(cx, &opened.case.id).await?.unwrap_or_default();
        paper.attachments = attachments::list_hung(cx, &hung).await?.into_iter().map(|(_, name)| name).collect();
    } else {
        paper.foot = print::foot(cx);
    }
    cx.audit("print", "household", &opened.case.household, &format!("{letter} {}", opened.case.id)).await?;
    Ok((opened, paper))
}

fn compose(about: &About<'_>, letter: &str) -> Result<Paper> {
    let (kind, which) = letter.split_once('-').unwrap_or((letter, ""));
    let version = || which.parse::<i64>().map_err(|_| Error::NotFound);
    let done = |kind: &str| -> Result<&Done> {
        let version = version()?;
        let known = |done: &&Done| done.version == version && wording::kind_of(about.course, done) == kind;
        about.course.done.iter().find(known).ok_or(Error::NotFound)
    };
    match kind {
        "form" => wording::form(about, which),
        "notice" => wording::notice(about),
        "minutes" | "record" => Ok(wording::record(about, done(kind)?)),
        "decision" => Ok(wording::decision(about, done(kind)?)),
        "stop" => wording::stop(about, version()?),
        "answer" => wording::answer(about, version()?),
        _ => Err(Error::NotFound),
    }
}

fn shown(cx: &Cx, opened: &Opened, letter: &str, paper: Paper, unprinted: Option<String>) -> axum::response::Response {
    let w = Speaker::new(cx.language);
    let who = say::household(w, &opened.case.head);
    let home = format!("/cases/{}", opened.case.id);
    page(&LetterPage {
        shell: Shell::new(cx, format!("{} · {who}", paper.title)),
        address: format!("{home}/letters/{letter}/pdf"),
        home,
        who,
        unprinted,
        paper,
        w,
    })
}
