//! Learning from labels: what they would change, how well weights foretold them, and the word that makes it so.

use super::TRAIN_LINKS;
use super::model::{Accuracy, accuracy, share};
use super::show::{field, level};
use crate::store::{self, Training};
use crate::training::{self, Label, Learn, RETRAIN, Retraining};
use askama::Template;
use axum::extract::Form;
use kernel::commands::{self, Command};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Result};
use serde::Deserialize;
use ui::figure::weight;
use ui::{Arg, Shell, Speaker, numbers, page};

#[derive(Template)]
#[template(path = "training.html")]
struct TrainingPage {
    shell: Shell,
    w: Speaker,
    intro: String,
    stands: String,
    can_learn: bool,
    fields: Vec<FieldLines>,
    accuracy: Option<Accuracy>,
    clashes: Vec<String>,
    history: Vec<(String, String)>,
    can_undo: bool,
    may_train: bool,
    command: String,
    undo_command: String,
    version: i64,
}

struct FieldLines {
    name: String,
    levels: Vec<LevelLine>,
}

struct LevelLine {
    level: String,
    labels: u64,
    before: String,
    after: String,
    weight_before: String,
    weight_after: String,
}

/// `GET /pairs/training`
pub async fn show(cx: Cx) -> Reply {
    let mut cx = cx;
    let w = Speaker::new(cx.language);
    let model = training::shown(&mut cx).await?.unwrap_or_default();
    let labels = training::labels(&mut cx).await?;
    let known = store::list_trainings(&mut cx).await?;
    let same = labels.iter().filter(|label| label.same).count();
    let newest = known.first();
    let page_of = TrainingPage {
        shell: Shell::new(&cx, w.t("training-title")),
        intro: counted(w, same as i64, (labels.len() - same) as i64),
        stands: newest.map_or_else(|| w.t("training-by-itself"), |one| said(w, one)),
        can_learn: same > 0 && !model.fields.is_empty(),
        fields: changes(w, &model, &labels),
        accuracy: accuracy(w, &model, &labels),
        clashes: clashes(&mut cx, w).await?,
        history: known.iter().map(|one| (moment(&cx, w, one), said(w, one))).collect(),
        can_undo: newest.is_some_and(|one| one.matches != "[]"),
        may_train: cx.can(TRAIN_LINKS),
        command: cx.new_id().to_string(),
        undo_command: cx.new_id().to_string(),
        version: newest.map_or(0, |one| one.version),
        w,
    };
    Ok(page(&page_of))
}

fn counted(w: Speaker, same: i64, different: i64) -> String {
    let (same, different) = (numbers::count(same), numbers::count(different));
    w.with("training-labels", &[("same", Arg::Text(&same)), ("different", Arg::Text(&different))])
}

fn said(w: Speaker, one: &Training) -> String {
    if one.matches == "[]" {
        return w.with("training-forgot", &[("by", Arg::Text(&one.recorded_name)), ("why", Arg::Text(&one.reason))]);
    }
    let labels = counted(w, one.same, one.different);
    let values = [
        ("version", Arg::Count(one.version)),
        ("by", Arg::Text(&one.recorded_name)),
        ("labels", Arg::Text(&labels)),
        ("why", Arg::Text(&one.reason)),
    ];
    w.with("training-learned", &values)
}

fn moment(cx: &Cx, w: Speaker, one: &Training) -> String {
    let at = one.recorded_at;
    format!("{} {}", numbers::date(w.language, at.day(), cx.today()), at.clock_face())
}

/// The levels that labels move, before and after.
fn changes(w: Speaker, model: &crate::model::ModelShown, labels: &[Label]) -> Vec<FieldLines> {
    let matches = training::matches(labels.iter(), model);
    let after = training::corrected(model, &matches);
    let of = |m: f64, u: f64| if m > 0.0 && u > 0.0 { weight((m / u).log2()) } else { "—".to_owned() };
    let fields = model.fields.iter().zip(&matches).zip(&after);
    let lines = fields.map(|((one, (_, counts)), after)| FieldLines {
        name: field(w, &one.field),
        levels: one
            .levels
            .iter()
            .zip(counts)
            .zip(after)
            .map(|(((code, m, u), (_, labels)), after)| LevelLine {
                level: level(w, code),
                labels: *labels,
                before: share(*m),
                after: share(*after),
                weight_before: of(*m, *u),
                weight_after: of(*after, *u),
            })
            .collect(),
    });
    lines.filter(|field| field.levels.iter().any(|level| level.labels > 0)).collect()
}

/// Requests that met a newer version: both are shown until somebody has it learned anew.
async fn clashes(cx: &mut Cx, w: Speaker) -> Result<Vec<String>> {
    let subject = cx.county().to_owned();
    let open = commands::list_open(cx, RETRAIN, &subject).await?;
    let words = open.iter().map(|conflict| {
        let theirs: Retraining = serde_json::from_str(&conflict.theirs)?;
        Ok(w.with(
            "training-clash",
            &[("why", Arg::Text(&theirs.reason)), ("at", Arg::Text(&conflict.made_at.clock_face()))],
        ))
    });
    words.collect()
}

#[derive(Deserialize)]
pub struct TrainForm {
    command: String,
    base: i64,
    learn: Learn,
    reason: String,
}

/// `POST /pairs/training`
pub async fn retrain(mut cx: Cx, Form(form): Form<TrainForm>) -> Reply {
    let body = Retraining { learn: form.learn, reason: form.reason };
    let command = Command { id: form.command, device_at: None, base: Some(form.base), body };
    training::retrain(&mut cx, &command).await?;
    Ok(see_other("/pairs/training"))
}
