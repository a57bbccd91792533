//! Several findings at once: one verb, one reason, a decision of its own for each.

use crate::actions::{self, Picked, Triaging};
use crate::model::{Decision, FindingId, Reason, UNDO_WITHIN};
use crate::store;
use axum::extract::Form;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Moment, Result};
use ui::{Arg, Speaker, own_path};

/// What was just decided together, and the way to take it back.
pub struct Flash {
    pub words: String,
    pub command: String,
    /// The findings to take it back from; none when that was what was done.
    pub picked: Vec<String>,
}

/// `POST /findings/triage`: fields `pick` (a finding and the version seen, `id.version`), or `all` for every `row` of
/// the page; `do` is the verb; `back` the list's own question.
pub async fn triage(mut cx: Cx, Form(fields): Form<Vec<(String, String)>>) -> Reply {
    let of = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let ticked = if of("all").is_empty() { "pick" } else { "row" };
    let picked: Vec<Picked> =
        fields.iter().filter(|(name, _)| name == ticked).filter_map(|(_, value)| parse(value)).collect();
    let back = format!("/findings?{}", of("back"));
    let Some(decision) = Decision::from_code(of("do")).filter(|_| !picked.is_empty()) else {
        return Ok(see_other(own_path(Some(&back))));
    };
    let asked = Triaging {
        decision,
        reason: Reason::from_code(of("reason")).filter(|_| decision == Decision::Dismiss),
        note: Some(of("note").to_owned()).filter(|note| !note.trim().is_empty()),
    };
    let stale = actions::triage_many(&mut cx, of("command"), &picked, &asked).await?;
    Ok(see_other(own_path(Some(&format!("{back}&done={}&stale={stale}", cx.now.0)))))
}

fn parse(value: &str) -> Option<Picked> {
    let (id, version) = value.rsplit_once('.')?;
    Some((FindingId(id.to_owned()), version.parse().ok()?))
}

/// What this reader decided at that moment, while it can be taken back.
pub async fn flash(cx: &mut Cx, w: Speaker, done: &str, stale: i64) -> Result<Option<Flash>> {
    let Some(at) = done.parse().ok().map(Moment).filter(|at| cx.now.0 <= at.0 + UNDO_WITHIN) else { return Ok(None) };
    let made = store::list_made_at(cx, at).await?;
    let mut words: Vec<String> = Vec::new();
    if let Some(first) = made.first() {
        let what = w.t(&format!("decision-{}", first.decision));
        words.push(w.with("bulk-done", &[("n", Arg::Count(made.len() as i64)), ("what", Arg::Text(&what))]));
    }
    if stale > 0 {
        words.push(w.n("bulk-stale", stale));
    }
    let undoable = made.iter().filter(|triage| triage.decision() != Some(Decision::Undo));
    let picked = undoable.map(|triage| format!("{}.{}", triage.finding.0, triage.version)).collect();
    let command = cx.new_id().to_string();
    Ok((!words.is_empty()).then(|| Flash { words: words.join(" "), command, picked }))
}
