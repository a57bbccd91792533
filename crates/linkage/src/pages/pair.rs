//! A pair side by side, the evidence level by level, and the judgement: one key, or a plain button.

use super::JUDGE_LINKS;
use super::queue::counts;
use super::show::{self, Compared, StepLine, chance, department};
use crate::actions::{self, JUDGE, Judging};
use crate::model::{RecordKeys, Verdict};
use crate::store::{self, Decision};
use askama::Template;
use axum::extract::{Form, Path, Query};
use kernel::commands::{self, Command};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use ui::figure::{Figure, weight};
use ui::{Arg, Shell, Speaker, numbers, page};

#[derive(Template)]
#[template(path = "pair.html")]
struct PairPage {
    shell: Shell,
    w: Speaker,
    id: String,
    household: String,
    line: String,
    left: String,
    next: Option<String>,
    head_a: String,
    head_b: String,
    rows: Vec<Compared>,
    weighed: bool,
    sum_words: String,
    chart: Figure,
    steps: Vec<StepLine>,
    total: (String, String),
    may_judge: bool,
    command: String,
    version: i64,
    standing: Option<String>,
    clashes: Vec<String>,
    history: Vec<(String, String)>,
    flash: Option<Flash>,
}

/// What was just said of another pair, and the way to take it back.
pub struct Flash {
    pub id: String,
    pub words: String,
    /// The command's id and the state it is made from.
    pub undo: Option<(String, i64)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// `GET /pairs/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let waiting = store::get_pair(&mut cx, &id).await?;
    let pair = actions::open(&cx, &waiting)?.ok_or(Error::NotFound)?;
    let decisions = store::list_decisions(&mut cx, &waiting.pair).await?;
    cx.audit("read", "pair", &id, "").await?;
    let today = cx.today();
    let head = |keys: &RecordKeys| {
        let day = keys.as_of.map(|day| numbers::date(w.language, day, today)).unwrap_or_default();
        format!("{} · {day}", department(w, &keys.department))
    };
    let (total, certain) = (weight(f64::from(pair.weight)), chance(w, &pair));
    let standing = decisions.first().filter(|last| last.verdict() != Some(Verdict::Undo));
    let place = (waiting.place.clone(), id.clone());
    let page_of = PairPage {
        shell: Shell::new(&cx, w.t("pair-title")),
        household: waiting.household,
        line: w.t(&format!("why-{}-long", waiting.kind)),
        left: w.n("pair-left", counts(&mut cx).await?[0]),
        next: next(&mut cx, place).await?,
        head_a: head(&pair.a),
        head_b: head(&pair.b),
        rows: show::compared(w, &pair),
        weighed: pair.prior.is_some(),
        sum_words: w.with("pair-sum", &[("weight", Arg::Text(&total)), ("chance", Arg::Text(&certain))]),
        chart: show::waterfall(w, &pair),
        steps: show::steps(w, &pair),
        total: (w.a("pair-certain", certain), total),
        may_judge: cx.can(JUDGE_LINKS),
        command: cx.new_id().to_string(),
        version: decisions.first().map_or(0, |last| last.version),
        standing: standing.map(|last| said(w, last)),
        clashes: clashes(&mut cx, w, &waiting.pair).await?,
        history: decisions.iter().map(|one| (moment(&cx, w, one), said(w, one))).collect(),
        flash: flash(&mut cx, w, &asked.done).await?.filter(|flash| flash.id != id),
        id,
        w,
    };
    Ok(page(&page_of))
}

/// The pair to look at after this one: the next that waits, or the first again.
async fn next(cx: &mut Cx, (place, id): (String, String)) -> Result<Option<String>> {
    let own = id.clone();
    for after in [Some((place, id)), None] {
        let waiting = store::list_pairs(cx, Verdict::Undo, after, 2).await?;
        if let Some(found) = waiting.into_iter().find(|one| one.id != own) {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}

/// A word in words: who, what, why.
fn said(w: Speaker, decision: &Decision) -> String {
    let words = w.a(&format!("pair-said-{}", decision.decision), &decision.recorded_name);
    match &decision.reason {
        Some(reason) => w.with("pair-said-why", &[("what", Arg::Text(&words)), ("why", Arg::Text(reason))]),
        None => words,
    }
}

fn moment(cx: &Cx, w: Speaker, decision: &Decision) -> String {
    let at = decision.recorded_at;
    format!("{} {}", numbers::date(w.language, at.day(), cx.today()), at.clock_face())
}

/// Words that met a newer one: both are shown until somebody judges anew.
async fn clashes(cx: &mut Cx, w: Speaker, pair: &str) -> Result<Vec<String>> {
    let open = commands::list_open(cx, JUDGE, pair).await?;
    let words = open.iter().map(|conflict| {
        let theirs: Judging = serde_json::from_str(&conflict.theirs)?;
        let what = w.t(&format!("pairs-{}", theirs.verdict.code()));
        Ok(w.with("pair-clash", &[("what", Arg::Text(&what)), ("at", Arg::Text(&conflict.made_at.clock_face()))]))
    });
    words.collect()
}

/// What was just said of the pair `done`, where it is in scope.
pub async fn flash(cx: &mut Cx, w: Speaker, done: &str) -> Result<Option<Flash>> {
    if done.is_empty() {
        return Ok(None);
    }
    let waiting = match store::get_pair(cx, done).await {
        Err(Error::NotFound) => return Ok(None),
        waiting => waiting?,
    };
    let Some(last) = store::list_decisions(cx, &waiting.pair).await?.into_iter().next() else { return Ok(None) };
    let is_open = last.verdict() == Some(Verdict::Undo);
    Ok(Some(Flash {
        id: done.to_owned(),
        words: w.a("pair-done", said(w, &last)),
        undo: (!is_open && cx.can(JUDGE_LINKS)).then(|| (cx.new_id().to_string(), last.version)),
    }))
}

#[derive(Deserialize)]
pub struct JudgeForm {
    command: String,
    base: i64,
    is: Verdict,
    reason: Option<String>,
}

/// `POST /pairs/{id}/decision`: notes it and leads to the next pair that waits; taking back leads to the pair itself.
pub async fn judge(mut cx: Cx, Path(id): Path<String>, Form(form): Form<JudgeForm>) -> Reply {
    let body = Judging { verdict: form.is, reason: form.reason };
    let command = Command { id: form.command, device_at: None, base: Some(form.base), body };
    actions::judge(&mut cx, &id, &command).await?;
    if form.is == Verdict::Undo {
        return Ok(see_other(&format!("/pairs/{id}")));
    }
    let place = store::get_pair(&mut cx, &id).await?.place;
    Ok(see_other(&match next(&mut cx, (place, id.clone())).await? {
        Some(next) => format!("/pairs/{next}?done={id}"),
        None => format!("/pairs?done={id}"),
    }))
}
