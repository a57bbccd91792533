//! The parts of a case's page: its line of steps, help, disputes, deadlines, papers, history.

use super::say;
use crate::actions::Opened;
use crate::model::{About, Course, Dispute, Done, What};
use crate::store;
use kernel::{Cx, Result};
use ui::{Arg, Speaker, numbers};
use values::Day;

pub struct PathStep {
    pub class: &'static str,
    pub title: String,
    pub small: String,
}

pub struct MeasureRow {
    pub version: i64,
    pub title: String,
    pub cause: String,
    pub owner: String,
    pub badge: &'static str,
    pub state: String,
    pub open: bool,
    pub running: bool,
}

pub struct DisputeRow {
    pub version: i64,
    pub badge: &'static str,
    pub about: String,
    pub by: String,
    pub words: String,
    pub due: String,
    pub answer: Option<String>,
    pub appeal: bool,
    pub may_answer: bool,
}

pub struct Paper {
    pub title: String,
    pub who: String,
    pub on: String,
    pub rows: Vec<(String, String)>,
}

pub struct Happening {
    pub machine: bool,
    pub when: String,
    pub what: String,
}

/// The steps of the phase the case is in; branches only once they are reached.
pub fn path(w: Speaker, course: &Course<'_>, today: Day) -> Vec<PathStep> {
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

pub fn measures(w: Speaker, course: &Course<'_>, today: Day) -> Vec<MeasureRow> {
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

pub fn dispute(w: Speaker, course: &Course<'_>, one: &Dispute, who: &crate::model::Actor, today: Day) -> DisputeRow {
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

pub fn clocks(w: Speaker, course: &Course<'_>, today: Day) -> Vec<(String, &'static str, String)> {
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

pub fn kin(w: Speaker, course: &Course<'_>) -> Vec<String> {
    let one = |kin: &crate::model::Kin| {
        let level = w.t(&format!("role-{}", kin.level.code()));
        w.with(
            "case-kin",
            &[("who", Arg::Text(&kin.name)), ("what", Arg::Text(&kin.relation)), ("level", Arg::Text(&level))],
        )
    };
    course.kin.iter().map(one).collect()
}

/// The papers of the steps that are done, the newest first.
pub fn papers(w: Speaker, opened: &Opened, course: &Course<'_>, today: Day) -> Vec<Paper> {
    let paper = |done: &Done| {
        let step = course.procedure.find_step(&done.step)?;
        let names: Vec<&str> =
            std::iter::once(done.name.as_str()).chain(done.with.iter().map(String::as_str)).collect();
        Some(Paper {
            title: say::of(w, &step.title),
            who: names.join(if w.is_zh() { "、" } else { ", " }),
            on: numbers::date(w.language, done.on, today),
            rows: written(w, opened, course, done),
        })
    };
    course.done.iter().rev().filter_map(paper).filter(|paper| !paper.rows.is_empty()).collect()
}

/// What was written down in a step, up to when it was done: titles and values, as people read them.
pub fn written(w: Speaker, opened: &Opened, course: &Course<'_>, done: &Done) -> Vec<(String, String)> {
    let Some(step) = course.procedure.find_step(&done.step) else { return Vec::new() };
    let held = |field: &crate::model::Field| {
        let until = opened.entries.iter().rev().filter(|entry| entry.version <= done.version);
        let mut values = until.filter_map(|entry| match &entry.made {
            crate::model::Move::Record { step: of, values, .. } if *of == step.id => values.get(&field.id),
            _ => None,
        });
        let value = values.next().filter(|value| !value.is_empty())?;
        Some((say::of(w, &field.title), say::value(w, course.procedure, &step.id, &field.id, value)))
    };
    step.fields.iter().filter_map(held).collect()
}

pub async fn history(cx: &mut Cx, w: Speaker, opened: &Opened, course: &Course<'_>) -> Result<Vec<Happening>> {
    let today = cx.today();
    let when = |at: kernel::Moment| format!("{} {}", numbers::date(w.language, at.day(), today), at.clock_face());
    let opening = Happening { machine: false, when: when(opened.case.recorded_at), what: origin(w, opened) };
    let mut all = vec![(opened.case.recorded_at, opening)];
    let made = opened.entries.iter().zip(&opened.moments);
    all.extend(
        made.map(|(entry, at)| {
            (*at, Happening { machine: false, when: when(*at), what: say::entry(w, course, entry) })
        }),
    );
    for (kind, levels, at) in store::list_reminders(cx, &opened.case.id).await? {
        let what = w.a(&format!("case-reminded-{kind}"), say::levels(w, levels.split(',')));
        all.push((at, Happening { machine: true, when: when(at), what }));
    }
    // The newest first; what happened in one moment stays in its order.
    all.sort_by_key(|(at, _)| *at);
    all.reverse();
    Ok(all.into_iter().map(|(_, happening)| happening).collect())
}

/// Who opened the case, when, from what.
pub fn origin(w: Speaker, opened: &Opened) -> String {
    let case = &opened.case;
    let day = numbers::date(w.language, case.opened_on, case.opened_on.plus_days(1));
    let source = w.t(&format!("case-source-{}", case.source));
    w.with(
        "case-opened",
        &[("who", Arg::Text(&case.recorded_name)), ("day", Arg::Text(&day)), ("source", Arg::Text(&source))],
    )
}
