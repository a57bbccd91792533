//! One case: where it stands, the one next thing to do, who it waits for, and what happened.

use super::forms::{self, StepForm, Tried};
use super::{WORK_CASES, say};
use crate::actions::{self, MOVE, Opened};
use crate::model::{About, At, CaseId, Course, Dispute, Ending, Kind, Level, What};
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
    today: String,
}

struct PathStep {
    class: &'static str,
    title: String,
    small: String,
}

struct MeasureRow {
    version: i64,
    title: String,
    cause: String,
    owner: String,
    badge: &'static str,
    state: String,
    open: bool,
    running: bool,
}

struct DisputeRow {
    version: i64,
    badge: &'static str,
    about: String,
    by: String,
    words: String,
    due: String,
    answer: Option<String>,
    appeal: bool,
    may_answer: bool,
}

struct Paper {
    title: String,
    who: String,
    on: String,
    rows: Vec<(String, String)>,
}

struct Happening {
    machine: bool,
    when: String,
    what: String,
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
    cx.audit("read", "case", id.as_str(), "").await?;
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
    cx.audit("read", "case", opened.case.id.as_str(), "visit").await?;
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
    let fill = |words: &Words| notice_words(w, opened, &course, &place, today, words);
    let now = course.step().into_iter().chain(course.alongside());
    let forms = now.map(|step| forms::form(w, &course, step, &actor, today, tried, fill)).collect();
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
        origin: origin(w, opened),
        state: state(w, &course, today),
        phase: phase(w, &course),
        path: path(w, &course, today),
        forms,
        clashes: clashes(cx, w, case.id.as_str()).await?,
        ended: ended(w, &course),
        letters: super::letters::list(w, &course),
        measures: measures(w, &course, today),
        may_work: cx.can(WORK_CASES) && course.step().is_some(),
        may_stop: actor.levels.iter().any(|level| *level >= Level::Township),
        causes: course.procedure.causes.iter().map(|one| (one.id.clone(), say::of(w, &one.title))).collect(),
        kinds: course.procedure.measures.iter().map(|one| (one.id.clone(), say::of(w, &one.title))).collect(),
        disputes: course.disputes.iter().map(|one| dispute(w, &course, one, &actor, today)).collect(),
        may_object: course.standing_notice().is_some(),
        may_appeal: course.can(&appeal_asked(), &actor, today).is_ok(),
        board: hangs.then(|| format!("/notices/{}", actions::board(cx, &case.place))),
        clocks: clocks(w, &course, today),
        waits_for: say::levels(w, waits.into_iter()),
        basis: course.procedure.legal_basis.clone(),
        kin: kin(w, &course),
        papers: papers(w, opened, &course, today),
        history: history(cx, w, opened, &course).await?,
        endings: Ending::ALL[..4].iter().map(|one| (one.code(), w.t(&format!("case-end-{}", one.code())))).collect(),
        levels: Level::ALL.iter().map(|one| (one.code(), w.t(&format!("role-{}", one.code())))).collect(),
        today: today.to_string(),
        who,
        w,
    };
    let mut response = page(&page_of);
    if tried.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn appeal_asked() -> crate::model::Move {
    crate::model::Move::Dispute { about: About::Appeal, by: String::new(), words: "?".to_owned() }
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

fn origin(w: Speaker, opened: &Opened) -> String {
    let case = &opened.case;
    let day = numbers::date(w.language, case.opened_on, case.opened_on.plus_days(1));
    let source = w.t(&format!("case-source-{}", case.source));
    w.with(
        "case-opened",
        &[("who", Arg::Text(&case.recorded_name)), ("day", Arg::Text(&day)), ("source", Arg::Text(&source))],
    )
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

/// The steps of the phase the case is in; branches only once they are reached.
fn path(w: Speaker, course: &Course<'_>, today: Day) -> Vec<PathStep> {
    let Some(now) = course.step() else { return Vec::new() };
    let of_phase = course.procedure.steps.iter().filter(|step| step.phase == now.phase);
    let shown = of_phase.filter(|step| !step.branch || step.id == now.id || course.is_done(&step.id));
    let small = |step: &crate::model::Step| match course.last_done(&step.id) {
        Some(done) => numbers::date(w.language, done.on, today),
        None => say::levels(w, course.levels(step).iter().map(|level| level.code())),
    };
    let class = |step: &crate::model::Step| match step.id == now.id {
        true => "now",
        false if course.is_done(&step.id) => "done",
        false => "",
    };
    shown.map(|step| PathStep { class: class(step), title: say::of(w, &step.title), small: small(step) }).collect()
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

fn measures(w: Speaker, course: &Course<'_>, today: Day) -> Vec<MeasureRow> {
    let row = |one: &crate::model::Measure| {
        let (badge, state) = match (&one.stopped, one.given) {
            (Some(stopped), _) => ("closed", w.a("help-stopped", &stopped.reason)),
            (None, Some(day)) => ("ok", w.a("help-given", numbers::date(w.language, day, today))),
            (None, None) => say::due(w, one.due, today),
        };
        let cause =
            one.cause.as_ref().and_then(|cause| course.procedure.causes.iter().find(|known| known.id == *cause));
        MeasureRow {
            version: one.version,
            title: say::help(w, course.procedure, &one.kind),
            cause: cause.map(|cause| say::of(w, &cause.title)).unwrap_or_default(),
            owner: one.owner.clone(),
            badge,
            state,
            open: one.given.is_none() && one.stopped.is_none(),
            running: one.stopped.is_none(),
        }
    };
    course.measures.iter().map(row).collect()
}

fn dispute(w: Speaker, course: &Course<'_>, one: &Dispute, who: &crate::model::Actor, today: Day) -> DisputeRow {
    let due = course.due().into_iter().find(|due| due.what == What::Dispute(one.version));
    let (badge, due) = due.map_or(("ok", w.t("case-answered")), |due| say::due(w, due.day, today));
    let asked = crate::model::Move::Answer { dispute: one.version, granted: false, words: "?".to_owned() };
    DisputeRow {
        version: one.version,
        badge,
        about: w.t(&format!("case-about-{}", one.about.code())),
        by: if one.by.trim().is_empty() { w.t("case-anonymous") } else { one.by.clone() },
        words: one.words.clone(),
        due,
        answer: one.answer.as_ref().map(|answer| {
            w.with("case-answer-by", &[("who", Arg::Text(&answer.name)), ("what", Arg::Text(&answer.words))])
        }),
        appeal: one.about == About::Appeal,
        may_answer: course.can(&asked, who, today).is_ok(),
    }
}

fn clocks(w: Speaker, course: &Course<'_>, today: Day) -> Vec<(String, &'static str, String)> {
    let name = |what: &What| match what {
        What::Step(step) => say::standing(w, course.procedure, step),
        What::Whole => w.t("case-clock-whole"),
        What::Dispute(version) => {
            let about = course.disputes.iter().find(|one| one.version == *version).map(|one| one.about);
            w.t(&format!("case-about-{}", about.unwrap_or(About::Question).code()))
        }
        What::Measure(version) => {
            let kind = course.measures.iter().find(|one| one.version == *version).map(|one| one.kind.as_str());
            say::help(w, course.procedure, kind.unwrap_or_default())
        }
    };
    let line = |due: crate::model::Due| {
        let (badge, left) = say::due(w, due.day, today);
        let day = numbers::date(w.language, due.day, today);
        let known = crate::policy::calendar().knows(due.day);
        let guess = if known { String::new() } else { w.t("case-clock-no-calendar") };
        let text = if left.contains(&day) { format!("{left}{guess}") } else { format!("{day} · {left}{guess}") };
        (name(&due.what), badge, text)
    };
    course.due().into_iter().map(line).collect()
}

fn kin(w: Speaker, course: &Course<'_>) -> Vec<String> {
    let one = |kin: &crate::model::Kin| {
        let level = w.t(&format!("role-{}", kin.level.code()));
        w.with(
            "case-kin",
            &[("who", Arg::Text(&kin.name)), ("what", Arg::Text(&kin.relation)), ("level", Arg::Text(&level))],
        )
    };
    course.kin.iter().map(one).collect()
}

/// What was written down in the steps that are done, the newest first.
fn papers(w: Speaker, opened: &Opened, course: &Course<'_>, today: Day) -> Vec<Paper> {
    let paper = |done: &crate::model::Done| {
        let step = course.procedure.find_step(&done.step)?;
        let held = |field: &crate::model::Field| {
            let written = opened.entries.iter().rev().filter(|entry| entry.version <= done.version);
            let value = written.filter_map(|entry| match &entry.made {
                crate::model::Move::Record { step: of, values, .. } if *of == step.id => values.get(&field.id),
                _ => None,
            });
            let value = value.into_iter().next().filter(|value| !value.is_empty())?;
            Some((say::of(w, &field.title), say::value(w, course.procedure, &step.id, &field.id, value)))
        };
        let names: Vec<&str> =
            std::iter::once(done.name.as_str()).chain(done.with.iter().map(String::as_str)).collect();
        Some(Paper {
            title: say::of(w, &step.title),
            who: names.join(if w.is_zh() { "、" } else { ", " }),
            on: numbers::date(w.language, done.on, today),
            rows: step.fields.iter().filter_map(held).collect(),
        })
    };
    course.done.iter().rev().filter_map(paper).filter(|paper| !paper.rows.is_empty()).collect()
}

async fn history(cx: &mut Cx, w: Speaker, opened: &Opened, course: &Course<'_>) -> Result<Vec<Happening>> {
    let today = cx.today();
    let when = |at: kernel::Moment| format!("{} {}", numbers::date(w.language, at.day(), today), at.clock_face());
    let mut all: Vec<(kernel::Moment, Happening)> = opened
        .entries
        .iter()
        .zip(&opened.moments)
        .map(|(entry, at)| (*at, Happening { machine: false, when: when(*at), what: say::entry(w, course, entry) }))
        .collect();
    for (kind, levels, at) in store::list_reminders(cx, &opened.case.id).await? {
        let what = w.a(&format!("case-reminded-{kind}"), say::levels(w, levels.split(',')));
        all.push((at, Happening { machine: true, when: when(at), what }));
    }
    all.push((
        opened.case.recorded_at,
        Happening { machine: false, when: when(opened.case.recorded_at), what: origin(w, opened) },
    ));
    // The newest first; what happened in one moment stays in its order.
    all.sort_by_key(|(at, _)| *at);
    all.reverse();
    Ok(all.into_iter().map(|(_, happening)| happening).collect())
}
