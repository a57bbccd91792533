//! One case: where it stands, the one next thing to do, who it waits for, and what happened.

use super::forms::{self, StepForm, Tried};
use super::rows::{self, DisputeRow, Happening, MeasureRow, Paper, PathStep};
use super::{WORK_CASES, say};
use crate::actions::{self, MOVE, Opened};
use crate::model::{About, Actor, At, CaseId, Course, Ending, Kind, Level, Move, Step};
use crate::store;
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Result, commands};
use rulebook::Words;
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    shell: Shell,
    w: Speaker,
    id: String,
    csrf: String,
    command: String,
    version: i64,
    who: String,
    number: String,
    household: String,
    place: String,
    programme: String,
    origin: String,
    state: (&'static str, String),
    phase: String,
    path: Vec<PathStep>,
    forms: Vec<StepForm>,
    clashes: Vec<String>,
    ended: Option<String>,
    /// Address and words of the letters that can be printed.
    letters: Vec<(String, String)>,
    measures: Vec<MeasureRow>,
    may_work: bool,
    may_stop: bool,
    causes: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    disputes: Vec<DisputeRow>,
    may_object: bool,
    may_appeal: bool,
    board: Option<String>,
    clocks: Vec<(String, &'static str, String)>,
    waits_for: String,
    basis: String,
    kin: Vec<String>,
    papers: Vec<Paper>,
    history: Vec<Happening>,
    endings: Vec<(&'static str, String)>,
    levels: Vec<(&'static str, String)>,
    /// Steps that this reader may give more time: id, title, the last day.
    extendable: Vec<(String, String, String)>,
    today: String,
    /// What others lend: the family's papers.
    panels: Vec<String>,
}

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitPage {
    shell: Shell,
    w: Speaker,
    id: String,
    home: String,
    csrf: String,
    command: String,
    version: i64,
    who: String,
    place: String,
    form: StepForm,
}

/// `GET /cases/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let id = CaseId(id);
    let opened = actions::find(&mut cx, &id).await?;
    cx.audit("read", "household", &opened.case.household, &format!("case {id}")).await?;
    compose(&mut cx, &opened, None).await
}

/// `GET /cases/{id}/visit`: the form of the visit alone, for a phone in the sun.
pub async fn visit(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let opened = actions::find(&mut cx, &CaseId(id)).await?;
    let course = opened.course();
    let Some(step) = course.step().filter(|step| step.kind == Kind::Visit) else {
        return Err(actions::refused(cx.language, &crate::model::Refusal::NotNow));
    };
    let actor = actions::actor(&cx, &opened.case.place)?;
    cx.audit("read", "household", &opened.case.household, &format!("case {} visit", opened.case.id)).await?;
    let who = say::household(w, &opened.case.head);
    Ok(page(&VisitPage {
        shell: Shell::new(&cx, w.a("visit-title", &who)),
        id: opened.case.id.0.clone(),
        home: format!("/cases/{}", opened.case.id),
        csrf: cx.visit.csrf.clone(),
        command: cx.new_id().to_string(),
        version: course.version,
        place: say::place(&mut cx, &opened.case.place).await?,
        form: forms::form(w, &course, step, &actor, cx.today(), None, |words| say::of(w, words)),
        who,
        w,
    }))
}

/// The page of a case; with what somebody tried to send, when it couldn't be taken.
pub async fn compose(cx: &mut Cx, opened: &Opened, tried: Option<&Tried>) -> Reply {
    let w = Speaker::new(cx.language);
    let course = opened.course();
    let (case, today) = (&opened.case, cx.today());
    let actor = actions::actor(cx, &case.place)?;
    let place = say::place(cx, &case.place).await?;
    let who = say::household(w, &case.head);
    let standing = store::find_state(cx, &case.id).await?;
    let waits: Vec<&str> = standing.iter().flat_map(|state| state.levels.split(',')).collect();
    let forms = open_forms(cx, opened, &course, &actor, &place, tried).await?;
    let hangs = course.notice.as_ref().is_some_and(|notice| notice.kept >= today);
    let page_of = CasePage {
        shell: Shell::new(cx, w.a("case-title", &who)),
        id: case.id.0.clone(),
        csrf: cx.visit.csrf.clone(),
        command: cx.new_id().to_string(),
        version: course.version,
        number: case.number.clone(),
        household: case.household.clone(),
        place: w.with("case-lives", &[("place", Arg::Text(&place)), ("n", Arg::Count(case.people))]),
        programme: say::of(w, &course.procedure.title),
        origin: rows::origin(w, opened),
        state: state(w, &course, today),
        phase: phase(w, &course),
        path: rows::path(w, &course, today),
        forms,
        clashes: clashes(cx, w, case.id.as_str()).await?,
        ended: ended(w, &course),
        letters: super::letters::list(w, &course),
        measures: rows::measures(w, &course, today),
        may_work: cx.can(WORK_CASES) && course.step().is_some(),
        may_stop: actor.levels.iter().any(|level| *level >= Level::Township),
        causes: course.procedure.causes.iter().map(|one| (one.id.clone(), say::of(w, &one.title))).collect(),
        kinds: course.procedure.measures.iter().map(|one| (one.id.clone(), say::of(w, &one.title))).collect(),
        disputes: course.disputes.iter().map(|one| rows::dispute(w, &course, one, &actor, today)).collect(),
        may_object: course.standing_notice().is_some(),
        may_appeal: course.can(&appeal_asked(), &actor, today).is_ok(),
        board: hangs.then(|| format!("/notices/{}", actions::board(cx, &case.place))),
        clocks: rows::clocks(w, &course, today),
        waits_for: say::levels(w, waits.into_iter()),
        basis: course.procedure.legal_basis.clone(),
        kin: rows::kin(w, &course),
        papers: rows::papers(w, opened, &course, today),
        history: rows::history(cx, w, opened, &course).await?,
        endings: Ending::ALL[..4].iter().map(|one| (one.code(), w.t(&format!("case-end-{}", one.code())))).collect(),
        levels: Level::ALL.iter().map(|one| (one.code(), w.t(&format!("role-{}", one.code())))).collect(),
        extendable: extendable(w, &course, &actor, today),
        today: today.to_string(),
        panels: cx.panels("case", &case.household).await?,
        who,
        w,
    };
    let mut response = page(&page_of);
    if tried.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The forms of the steps a case stands at, each notice with the attachments it carries.
async fn open_forms(
    cx: &mut Cx,
    opened: &Opened,
    course: &Course<'_>,
    actor: &Actor,
    place: &str,
    tried: Option<&Tried>,
) -> Result<Vec<StepForm>> {
    let (w, today) = (Speaker::new(cx.language), cx.today());
    let fill = |words: &Words| notice_words(w, opened, course, place, today, words);
    let now = course.step().into_iter().chain(course.alongside());
    let mut forms: Vec<StepForm> = now.map(|step| forms::form(w, course, step, actor, today, tried, fill)).collect();
    for notice in forms.iter_mut().filter_map(|form| form.notice.as_mut()) {
        let standing = if notice.hangs { store::find_notice(cx, &opened.case.id).await? } else { None };
        notice.attachments = super::attachments::rows(cx, opened, standing.as_deref()).await?;
    }
    Ok(forms)
}

fn appeal_asked() -> Move {
    Move::Dispute { about: About::Appeal, by: String::new(), words: "?".to_owned() }
}

fn extendable(w: Speaker, course: &Course<'_>, who: &Actor, today: Day) -> Vec<(String, String, String)> {
    let now = course.step().into_iter().chain(course.alongside());
    let one = |step: &Step| {
        let until = course.longest(step)?;
        let asked = Move::Extend { step: step.id.clone(), until, reason: "?".to_owned() };
        course.can(&asked, who, today).is_ok().then(|| (step.id.clone(), say::of(w, &step.title), until.to_string()))
    };
    now.filter_map(one).collect()
}

/// A notice's text with this family in it.
fn notice_words(w: Speaker, opened: &Opened, course: &Course<'_>, place: &str, today: Day, words: &Words) -> String {
    let long = |day: Day| numbers::long_date(w.language, day, Precision::Day);
    let last = course.procedure.notice.as_ref().map(|notice| crate::policy::calendar().end(today, notice.period));
    // A notice hangs in the village: it speaks Chinese, whatever its writer reads.
    words
        .zh
        .replace("{head}", &opened.case.head)
        .replace("{place}", place)
        .replace("{people}", &opened.case.people.to_string())
        .replace("{programme}", &course.procedure.title.zh)
        .replace("{from}", &long(today))
        .replace("{to}", &last.map(long).unwrap_or_default())
}

fn state(w: Speaker, course: &Course<'_>, today: Day) -> (&'static str, String) {
    match (course.due().first(), &course.at) {
        (Some(due), _) => say::due(w, due.day, today),
        (None, At::End(end)) => ("closed", say::standing(w, course.procedure, end)),
        (None, At::Step(step)) => ("doing", say::standing(w, course.procedure, step)),
    }
}

fn phase(w: Speaker, course: &Course<'_>) -> String {
    let id = course.step().map(|step| &step.phase);
    let phase = course.procedure.phases.iter().find(|phase| Some(&phase.id) == id);
    phase.map(|phase| say::of(w, &phase.title)).unwrap_or_default()
}

async fn clashes(cx: &mut Cx, w: Speaker, case: &str) -> Result<Vec<String>> {
    let open = commands::list_open(cx, MOVE, case).await?;
    let line = |conflict: &commands::Conflict| {
        let at = numbers::date(w.language, conflict.made_at.day(), cx.today());
        w.a("case-clash", format!("{at} {}", conflict.made_at.clock_face()))
    };
    Ok(open.iter().map(line).collect())
}

fn ended(w: Speaker, course: &Course<'_>) -> Option<String> {
    let At::End(end) = &course.at else { return None };
    let tells = course.procedure.find_end(end).map(|end| say::of(w, &end.title));
    Some(tells.unwrap_or_else(|| w.t(&format!("case-end-{end}"))))
}
