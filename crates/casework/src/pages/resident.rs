//! What casework lends to a family's own page: where its cases stand, why, what help there is, and a way to disagree.

use super::rows::{self, MeasureRow};
use super::say;
use crate::actions::{self, Opened};
use crate::model::{About, Actor, At, CaseId, Course, Kind, Move};
use crate::store;
use askama::Template;
use axum::extract::{Form, Path};
use kernel::commands::Command;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error};
use serde::Deserialize;
use ui::{Arg, Speaker, numbers, page};
use values::{Day, Precision};

/// How many cases a family's page shows.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "cases-of-resident.html")]
struct ResidentPanel {
    w: Speaker,
    csrf: String,
    command: String,
    cases: Vec<OwnCase>,
}

struct OwnCase {
    id: String,
    title: String,
    number: String,
    lead: String,
    /// The reason of the last decision, as it was written for the family.
    reason: String,
    until: String,
    measures: Vec<MeasureRow>,
    said: Vec<(String, String, String)>,
    /// What may be said now, with the words on its button.
    ways: Vec<(&'static str, String)>,
}

/// `GET /cases/of-resident/{id}`, of the family that reads its own page
pub async fn of_resident(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    households::store::check(&mut cx, &household).await?;
    let mut cases = Vec::new();
    for case in store::list_of_household(&mut cx, &household).await?.into_iter().take(SHOWN) {
        let opened = actions::find(&mut cx, &case.id).await?;
        cases.push(own_case(w, &opened, cx.today()));
    }
    let (csrf, command) = (cx.visit.csrf.clone(), cx.new_id().to_string());
    Ok(page(&ResidentPanel { w, csrf, command, cases }))
}

fn own_case(w: Speaker, opened: &Opened, today: Day) -> OwnCase {
    let course = opened.course();
    let long = |day| numbers::long_date(w.language, day, Precision::Day);
    let lead = match &course.at {
        At::Step(step) => w.a("own-case-at", say::standing(w, course.procedure, step)),
        At::End(end) => match course.procedure.find_end(end) {
            Some(end) => say::of(w, &end.tells),
            None => w.a("own-case-ended", say::standing(w, course.procedure, end)),
        },
    };
    let due = course.due().into_iter().find(|due| due.day >= today).map(|due| w.a("own-case-until", long(due.day)));
    let said = course.disputes.iter().map(|one| {
        let answer = one.answer.as_ref().map(|answer| {
            w.with("case-answer-by", &[("who", Arg::Text(&answer.name)), ("what", Arg::Text(&answer.words))])
        });
        (
            w.t(&format!("case-about-{}", one.about.code())),
            one.words.clone(),
            answer.unwrap_or_else(|| w.t("own-waits")),
        )
    });
    let nobody = Actor { id: String::new(), name: String::new(), levels: Vec::new() };
    let may = |about: About| {
        let asked = Move::Dispute { about, by: String::new(), words: "?".to_owned() };
        course.can(&asked, &nobody, today).is_ok()
    };
    let ways = [About::Appeal, About::Objection, About::Question].into_iter().filter(|about| may(*about));
    OwnCase {
        id: opened.case.id.0.clone(),
        title: say::of(w, &course.procedure.title),
        number: opened.case.number.clone(),
        lead,
        reason: reason(&course),
        until: due.unwrap_or_default(),
        measures: rows::measures(w, &course, today),
        said: said.collect(),
        ways: ways.map(|about| (about.code(), w.t(&format!("own-way-{}", about.code())))).collect(),
    }
}

fn reason(course: &Course<'_>) -> String {
    let decision = |step: &str| course.procedure.find_step(step).is_some_and(|step| step.kind == Kind::Decision);
    let last = course.done.iter().rev().find(|done| decision(&done.step));
    last.and_then(|done| course.held(&done.step, "reason")).map(|held| held.value.clone()).unwrap_or_default()
}

/// What a family says in a case of its own.
#[derive(Deserialize)]
pub struct SaidForm {
    command: String,
    about: String,
    #[serde(default)]
    words: String,
}

/// `POST /my/cases/{id}/disputes`: an objection, an appeal or a question, from the family itself.
pub async fn dispute(mut cx: Cx, Path(id): Path<String>, Form(form): Form<SaidForm>) -> Reply {
    let about = About::from_code(&form.about).ok_or(Error::NotFound)?;
    let id = CaseId(id);
    let head = store::get_case(&mut cx, &id).await?.head;
    let body = Move::Dispute { about, by: head, words: form.words };
    let command = Command { id: format!("{}-{about:?}", form.command), device_at: None, base: None, body };
    actions::make(&mut cx, &id, &command).await?;
    Ok(see_other("/my/file"))
}
