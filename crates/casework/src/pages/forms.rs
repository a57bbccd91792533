//! The form of a step, made from its procedure and from what was written before.

use super::say;
use crate::model::{Actor, Choice, Course, Field, FieldKind, Kind, Step};
use std::collections::BTreeMap;
use ui::Speaker;
use values::Day;

/// What somebody sent that couldn't be taken: shown again as it was typed, with what is wrong.
pub struct Tried {
    pub step: String,
    pub values: BTreeMap<String, String>,
    pub with: Vec<String>,
    pub words: String,
    pub wrong: String,
}

/// A step on its card: what it asks for, what is there, what is missing, who may do it.
pub struct StepForm {
    pub id: String,
    pub title: String,
    pub asks: String,
    /// The only one, or one that runs beside the others.
    pub main: bool,
    pub wrong: Option<String>,
    /// Why this reader can't do it.
    pub whose: Option<String>,
    pub checks: Vec<Check>,
    /// What every way of ending the step still lacks.
    pub missing: Vec<String>,
    pub fields: Vec<FieldRow>,
    /// One more name for each person who must have been there.
    pub with: Vec<String>,
    pub outcomes: Vec<(String, String)>,
    /// Of a notice: the words to put up, or those that hang.
    pub notice: Option<NoticeForm>,
    pub is_visit: bool,
}

pub struct NoticeForm {
    pub hangs: bool,
    /// Filled in by the page: they are rows of their own.
    pub attachments: Vec<super::attachments::Row>,
    pub words: String,
    pub until: String,
}

pub struct Check {
    pub met: bool,
    pub title: String,
    pub value: String,
}

pub struct FieldRow {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub hint: String,
    pub value: String,
    /// Of evidence: its day.
    pub on: String,
    pub required: bool,
    pub options: Vec<OptionRow>,
}

pub struct OptionRow {
    pub id: String,
    pub title: String,
    pub dunno: bool,
    pub chosen: bool,
}

const fn kind_of(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Yes => "yes",
        FieldKind::Text => "text",
        FieldKind::Long => "long",
        FieldKind::Day => "day",
        FieldKind::Count => "count",
        FieldKind::Money => "money",
        FieldKind::Choice => "choice",
        FieldKind::Causes => "causes",
        FieldKind::Evidence => "evidence",
    }
}

/// The card of a step. `fill` are the words of its notice, for the reader to look through before they go up.
pub fn form(
    w: Speaker,
    course: &Course<'_>,
    step: &Step,
    who: &Actor,
    today: Day,
    tried: Option<&Tried>,
    fill: impl Fn(&rulebook::Words) -> String,
) -> StepForm {
    let tried = tried.filter(|tried| tried.step == step.id);
    let refusal = course.may(step, who).err();
    let whose = refusal.map(|refusal| match crate::actions::refused(w.language, &refusal) {
        kernel::Error::Refused(message) => w.message(&message),
        other => other.to_string(),
    });
    let fresh = |field: &Field| course.fresh(step, &field.id);
    let checks = step.fields.iter().filter(|field| field.required || fresh(field).is_some()).map(|field| Check {
        met: fresh(field).is_some(),
        title: say::of(w, &field.title),
        value: fresh(field)
            .map(|held| say::value(w, course.procedure, &step.id, &field.id, &held.value))
            .unwrap_or_default(),
    });
    let checks: Vec<Check> = checks.collect();
    let begun = checks.iter().any(|check| check.met) || step.kind == Kind::Notice;
    let mut gaps: Vec<String> = Vec::new();
    if begun && let Some(first) = step.outcomes.iter().find(|outcome| !outcome.unmet) {
        gaps = course.missing(step, first, today).iter().map(|words| say::of(w, words)).collect();
    }
    StepForm {
        id: step.id.clone(),
        title: say::of(w, &step.title),
        asks: say::of(w, &step.asks),
        main: step.alongside.is_none(),
        wrong: tried.map(|tried| tried.wrong.clone()),
        whose,
        checks: if begun { checks } else { Vec::new() },
        missing: gaps,
        fields: step.fields.iter().map(|field| row(w, course, step, field, tried, today)).collect(),
        with: (1..step.people as usize)
            .map(|n| tried.and_then(|tried| tried.with.get(n - 1)).cloned().unwrap_or_default())
            .collect(),
        outcomes: step.outcomes.iter().map(|outcome| (outcome.id.clone(), say::of(w, &outcome.title))).collect(),
        notice: (step.kind == Kind::Notice).then(|| notice(w, course, step, today, tried, fill)),
        is_visit: step.kind == Kind::Visit,
    }
}

fn notice(
    w: Speaker,
    course: &Course<'_>,
    step: &Step,
    today: Day,
    tried: Option<&Tried>,
    fill: impl Fn(&rulebook::Words) -> String,
) -> NoticeForm {
    if let Some(hung) = course.standing_notice() {
        let until = ui::numbers::date(w.language, hung.to, today);
        return NoticeForm { hangs: true, words: hung.words.clone(), until, attachments: Vec::new() };
    }
    let text = step.text.as_ref().or(course.procedure.notice.as_ref().map(|notice| &notice.text));
    let typed = tried.map(|tried| tried.words.clone()).filter(|words| !words.is_empty());
    let words = typed.or_else(|| text.map(fill)).unwrap_or_default();
    NoticeForm { hangs: false, words, until: String::new(), attachments: Vec::new() }
}

fn row(w: Speaker, course: &Course<'_>, step: &Step, field: &Field, tried: Option<&Tried>, today: Day) -> FieldRow {
    let held = course.held(&step.id, &field.id).map(|held| held.value.clone());
    let value = tried.and_then(|tried| tried.values.get(&field.id).cloned()).or(held).unwrap_or_default();
    let (on, value) = match (field.kind, value.split_once(' ')) {
        (FieldKind::Evidence, Some((on, what))) => (on.to_owned(), what.to_owned()),
        (FieldKind::Day, _) if value.is_empty() && field.required => (String::new(), today.to_string()),
        _ => (String::new(), value),
    };
    let choices: &[Choice] = if field.kind == FieldKind::Causes { &course.procedure.causes } else { &field.options };
    let chosen: Vec<&str> = value.split(',').collect();
    let options = choices.iter().map(|choice| OptionRow {
        id: choice.id.clone(),
        title: say::of(w, &choice.title),
        dunno: choice.dunno,
        chosen: chosen.contains(&choice.id.as_str()),
    });
    FieldRow {
        options: options.collect(),
        id: field.id.clone(),
        kind: kind_of(field.kind),
        title: say::of(w, &field.title),
        hint: field.hint.as_ref().map(|hint| say::of(w, hint)).unwrap_or_default(),
        value,
        on,
        required: field.required,
    }
}
