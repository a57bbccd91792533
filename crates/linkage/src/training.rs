//! What labels teach: how often pairs that people called one person reach each level of agreement, and how well the
//! program's weights foretold what people said.
//!
//! Pure, but for [`retrain`]. The next run corrects what it learns by the newest training; nothing is learned behind
//! anybody's back.

use crate::model::ModelShown;
use crate::stage::Matches;
use crate::store::{self, NewTraining, Training};
use kernel::commands::{self, Command, Received};
use kernel::{Cx, Error, Result, message};
use serde::{Deserialize, Serialize};

/// A pair that somebody judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What the program weighed it when it was judged: log2 odds.
    pub weight: f64,
    /// Field and level of each comparison.
    pub levels: Vec<(String, String)>,
    pub same: bool,
}

/// The labels within scope.
///
/// # Errors
/// The database's.
pub async fn labels(cx: &mut Cx) -> Result<Vec<Label>> {
    let label = |(weight, levels, decision): (i64, String, String)| {
        let levels = serde_json::from_str(&levels)?;
        Ok(Label { weight: weight as f64 / 100.0, levels, same: decision == "same" })
    };
    store::list_taught(cx).await?.into_iter().map(label).collect()
}

/// How often the labelled matches reached each level; by the model's fields and levels.
#[must_use]
pub fn matches<'l>(labels: impl Iterator<Item = &'l Label> + Clone, model: &ModelShown) -> Matches {
    let count = |field: &str, level: &str| {
        let reaches = |label: &&Label| label.same && label.levels.iter().any(|(f, l)| f == field && l == level);
        labels.clone().filter(reaches).count() as u64
    };
    let field = |of: &crate::model::FieldShown| {
        let levels = of.levels.iter().map(|(level, ..)| (level.clone(), count(&of.field, level)));
        (of.field.clone(), levels.collect())
    };
    model.fields.iter().map(field).collect()
}

/// m of every level once it is corrected by labels, from what the program learned by itself.
#[must_use]
pub fn corrected(model: &ModelShown, matches: &Matches) -> Vec<Vec<f64>> {
    let level = |(level, m, u): &(String, f64, f64)| fellegi::LevelShare { level: level.clone(), m: *m, u: *u };
    let mut learned = fellegi::Model {
        version: fellegi::VERSION,
        prior: 0.5,
        comparisons: model
            .fields
            .iter()
            .map(|field| fellegi::Learned {
                field: field.field.clone(),
                levels: field.levels.iter().map(level).collect(),
                terms: None,
            })
            .collect(),
        blocking: Vec::new(),
    };
    for (comparison, untaught) in learned.comparisons.iter_mut().zip(&model.untaught) {
        comparison.levels.iter_mut().zip(untaught).for_each(|(share, m)| share.m = *m);
    }
    crate::stage::teach(&mut learned, matches);
    learned.comparisons.iter().map(|one| one.levels.iter().map(|share| share.m).collect()).collect()
}

/// How well linking from a weight on would have foretold what people said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    pub from: i32,
    /// Pairs it would have linked, and those of them that people called one person.
    pub linked: usize,
    pub right: usize,
    pub precision: f64,
    pub recall: f64,
}

/// From whole bit to whole bit, over all weights there are; nothing without a labelled match.
#[must_use]
pub fn curve(weights: &[(f64, bool)]) -> Vec<At> {
    let same = weights.iter().filter(|(_, same)| *same).count();
    let (low, high) = weights.iter().fold((f64::MAX, f64::MIN), |(low, high), (w, _)| (low.min(*w), high.max(*w)));
    if same == 0 {
        return Vec::new();
    }
    let at = |from: i32| {
        let linked = weights.iter().filter(|(weight, _)| *weight >= f64::from(from));
        let right = linked.clone().filter(|(_, same)| *same).count();
        let linked = linked.count();
        let precision = if linked == 0 { 1.0 } else { right as f64 / linked as f64 };
        At { from, linked, right, precision, recall: right as f64 / same as f64 }
    };
    (low.floor() as i32..=high.ceil() as i32).map(at).collect()
}

/// What the labels would weigh once m came from labels: each half by what the other half teaches, so that nothing is
/// measured by what it was learned from.
#[must_use]
pub fn crossed(labels: &[Label], model: &ModelShown) -> Vec<(f64, bool)> {
    let half = |odd: usize| labels.iter().enumerate().filter(move |(at, _)| at % 2 == odd).map(|(_, label)| label);
    let taught: Vec<Vec<Vec<f64>>> = [1, 0]
        .into_iter()
        .map(|odd| corrected(model, &matches(half(odd).collect::<Vec<_>>().into_iter(), model)))
        .collect();
    let weigh = |(at, label): (usize, &Label)| {
        let moved = model.fields.iter().zip(&taught[at % 2]).map(|(field, taught)| {
            let level = label.levels.iter().find(|(of, _)| *of == field.field).map(|(_, level)| level);
            let place = field.levels.iter().position(|(of, ..)| Some(of) == level);
            place.map_or(0.0, |place| (taught[place] / field.levels[place].1.max(1e-12)).log2())
        });
        (label.weight + moved.sum::<f64>(), label.same)
    };
    labels.iter().enumerate().map(weigh).collect()
}

/// The kind of command, and of the conflicts it may meet.
pub const RETRAIN: &str = "linkage.retrain";

/// What somebody asks to be learned; travels inside a [`Command`] whose base is the newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraining {
    /// Learn from the labels there are; else go back to what held before the newest version.
    pub learn: Learn,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learn {
    FromLabels,
    AsBefore,
}

/// Has m learned from the labels there are, from the next run on; or takes the newest version back.
///
/// # Errors
/// `Conflict` from a stale base; `Refused` without a labelled match, or when there is nothing to take back; `Invalid`
/// without a reason.
pub async fn retrain(cx: &mut Cx, command: &Command<Retraining>) -> Result<i64> {
    if let Received::Before(version) = command.receive(cx, RETRAIN).await? {
        return Ok(version);
    }
    let known = store::list_trainings(cx).await?;
    let newest = known.first();
    let version = newest.map_or(0, |one| one.version);
    let subject = cx.county().to_owned();
    let summary = newest.map(|one| serde_json::json!({ "version": one.version, "by": one.recorded_name }));
    command.check_base(RETRAIN, &subject, version, &summary)?;
    let reason = command.body.reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", message("ruling-reason-missing")));
    }
    let id = cx.new_id().to_string();
    let version = version + 1;
    let new = match command.body.learn {
        Learn::FromLabels => taught(cx, &id, version, reason).await?,
        Learn::AsBefore => before(&known, &id, version, reason)?,
    };
    let said = format!("version {version}, {} same, {} different", new.same, new.different);
    store::insert_training(cx, new).await?;
    for conflict in commands::list_open(cx, RETRAIN, &subject).await? {
        commands::settle(cx, &conflict.id).await?;
    }
    cx.audit("retrain", "linkage_model", &id, &said).await?;
    command.carried_out(cx, RETRAIN, &version).await?;
    Ok(version)
}

async fn taught<'n>(cx: &mut Cx, id: &'n str, version: i64, reason: &'n str) -> Result<NewTraining<'n>> {
    let (labels, model) = (labels(cx).await?, shown(cx).await?.unwrap_or_default());
    let same = labels.iter().filter(|label| label.same).count() as i64;
    if same == 0 || model.fields.is_empty() {
        return Err(Error::Refused(message("training-no-labels")));
    }
    let matches = serde_json::to_string(&matches(labels.iter(), &model))?;
    Ok(NewTraining { id, version, same, different: labels.len() as i64 - same, matches, reason })
}

/// What held before the newest version: the one below it, or what the program learns by itself.
fn before<'n>(known: &[Training], id: &'n str, version: i64, reason: &'n str) -> Result<NewTraining<'n>> {
    if known.first().is_none_or(|newest| newest.matches == "[]") {
        return Err(Error::Refused(message("training-nothing-to-undo")));
    }
    Ok(match known.get(1) {
        Some(one) => {
            NewTraining { id, version, same: one.same, different: one.different, matches: one.matches.clone(), reason }
        }
        None => NewTraining { id, version, same: 0, different: 0, matches: "[]".to_owned(), reason },
    })
}

/// What the newest run learned, as pages show it.
///
/// # Errors
/// The database's.
pub async fn shown(cx: &mut Cx) -> Result<Option<ModelShown>> {
    let told = store::find_model(cx).await?;
    Ok(told.map(|(model, _)| serde_json::from_str(&model)).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    fn label(weight: f64, name: &str, same: bool) -> Label {
        Label { weight, levels: vec![("name".to_owned(), name.to_owned())], same }
    }

    #[test]
    fn labels_move_m_and_a_curve_tells_how_well_weights_foretold() {
        let model = demo::model();
        let labels: Vec<Label> = (0..100).map(|at| label(f64::from(at % 5), "pinyin", at % 5 > 1)).collect();
        let counted = matches(labels.iter(), &model);
        let name = counted.iter().find(|(field, _)| field == "name").unwrap();
        assert_eq!(name.1.iter().find(|(level, _)| level == "pinyin").unwrap().1, 60);
        let place = model.fields.iter().position(|field| field.field == "name").unwrap();
        let pinyin = model.fields[place].levels.iter().position(|(level, ..)| level == "pinyin").unwrap();
        let m = model.fields[place].levels[pinyin].1;
        assert!((corrected(&model, &counted)[place][pinyin] - (m * 50.0 + 60.0) / 110.0).abs() < 1e-12);
        let weights: Vec<(f64, bool)> = labels.iter().map(|label| (label.weight, label.same)).collect();
        let curve = curve(&weights);
        assert_eq!((curve[2].from, curve[2].precision, curve[2].recall), (2, 1.0, 1.0));
        assert_eq!((curve[0].linked, curve[0].precision), (100, 0.6));
        let moved = crossed(&labels, &model);
        assert!(moved.iter().zip(&weights).all(|(after, before)| after.0 > before.0), "pinyin says more now");
    }

    #[test]
    fn without_a_match_there_is_no_curve() {
        assert!(curve(&[(1.0, false)]).is_empty() && curve(&[]).is_empty());
    }
}
