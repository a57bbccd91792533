//! What people ruled: each with every record that moved, who said so and why, and the way back.

use super::MERGE_PEOPLE;
use super::person::{RecordLine, lines as record_lines, shown_name};
use crate::rulings::actions::{self, Ruling};
use crate::rulings::{Kind, Person};
use crate::store::{self, Ruled};
use askama::Template;
use axum::extract::{Form, Path};
use kernel::commands::Command;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error};
use serde::Deserialize;
use ui::{Shell, Speaker, numbers, page};

/// A ruling in one line.
pub struct RuledLine {
    pub id: String,
    pub at: String,
    pub sentence: String,
    pub state: String,
    /// Whom it speaks of, where the list says so.
    pub name: String,
}

pub fn lines(cx: &Cx, w: Speaker, ruled: &[Ruled]) -> Vec<RuledLine> {
    let line = |one: &Ruled| RuledLine {
        id: one.id.clone(),
        at: format!(
            "{} {}",
            numbers::date(w.language, one.recorded_at.day(), cx.today()),
            one.recorded_at.clock_face()
        ),
        sentence: w.a(&format!("ruled-{}", one.kind), &one.recorded_name),
        state: state(w, one),
        name: String::new(),
    };
    ruled.iter().map(line).collect()
}

fn state(w: Speaker, one: &Ruled) -> String {
    match (&one.superseded_by, &one.obeyed_by) {
        _ if one.kind == Kind::Undo.code() => String::new(),
        (Some(_), _) => w.t("ruling-taken-back"),
        (None, Some(_)) => w.t("ruling-obeyed"),
        (None, None) => w.t("ruling-stands"),
    }
}

#[derive(Template)]
#[template(path = "rulings.html")]
struct RulingsPage {
    shell: Shell,
    w: Speaker,
    rows: Vec<RuledLine>,
}

/// `GET /people/rulings`
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let ruled = store::list_rulings(&mut cx).await?;
    let mut rows = lines(&cx, w, &ruled);
    for (row, one) in rows.iter_mut().zip(&ruled) {
        // Of an erased family nothing can be read again.
        let records = actions::sides(&mut cx, one).await?.map_or_else(Vec::new, |sides| sides.stayed);
        row.name = shown_name(w, &Person { id: String::new(), records });
    }
    Ok(page(&RulingsPage { shell: Shell::new(&cx, w.t("rulings-title")), rows, w }))
}

#[derive(Template)]
#[template(path = "ruling.html")]
struct RulingPage {
    shell: Shell,
    w: Speaker,
    id: String,
    line: RuledLine,
    reason: String,
    moved: Vec<RecordLine>,
    moved_title: String,
    stayed: Vec<RecordLine>,
    /// The people it speaks of: address and words.
    people: Vec<(String, String)>,
    household: String,
    undone: Option<String>,
    undoes: Option<String>,
    obeyed: bool,
    may_undo: bool,
    command: String,
    version: i64,
}

/// `GET /people/rulings/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let ruled = store::get_ruling(&mut cx, &id).await?;
    let sides = actions::sides(&mut cx, &ruled).await?.ok_or(Error::NotFound)?;
    cx.audit("read", "household", &ruled.household, &format!("ruling {id}")).await?;
    let about = store::list_rulings_about(&mut cx, &ruled.person).await?;
    let line = lines(&cx, w, std::slice::from_ref(&ruled)).remove(0);
    let stays = (format!("/people/{}/{}", ruled.household, ruled.person), w.t("ruling-see-person"));
    let other = (format!("/people/{}/{}", ruled.other_household, ruled.other), w.t("ruling-see-other"));
    let is_apart = (ruled.kind == Kind::Unmerge.code()) == ruled.superseded_by.is_none();
    let page_of = RulingPage {
        shell: Shell::new(&cx, w.t(&format!("ruling-{}", ruled.kind))),
        moved_title: w.n(&format!("ruling-moved-{}", ruled.kind), sides.moved.len() as i64),
        moved: record_lines(&cx, w, &sides.moved),
        stayed: record_lines(&cx, w, &sides.stayed),
        reason: sides.reason,
        people: if is_apart && ruled.obeyed_by.is_none() && ruled.kind != Kind::Undo.code() {
            vec![stays, other]
        } else {
            vec![stays]
        },
        may_undo: cx.can(MERGE_PEOPLE) && ruled.superseded_by.is_none() && ruled.kind != Kind::Undo.code(),
        undone: ruled.superseded_by,
        undoes: ruled.undoes,
        obeyed: ruled.obeyed_by.is_some(),
        household: ruled.household,
        command: cx.new_id().to_string(),
        version: about.len() as i64,
        line,
        id,
        w,
    };
    Ok(page(&page_of))
}

#[derive(Deserialize)]
pub struct UndoForm {
    command: String,
    base: i64,
    reason: String,
}

/// `POST /people/rulings/{id}/undo`
pub async fn undo(mut cx: Cx, Path(id): Path<String>, Form(form): Form<UndoForm>) -> Reply {
    let ruled = store::get_ruling(&mut cx, &id).await?;
    let body = Ruling::Undo { ruling: id.clone(), reason: form.reason };
    let command = Command { id: form.command, device_at: None, base: Some(form.base), body };
    actions::rule(&mut cx, &ruled.household, &ruled.person, &command).await?;
    Ok(see_other(&format!("/people/rulings/{id}")))
}
