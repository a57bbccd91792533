//! What people have said, as the next run hears it: judgements of pairs, rulings on persons, and what they had learned
//! from labels.

use crate::rulings::{Kind, Sides};
use crate::stage::{Matches, Ruling, Said, Side};
use crate::store;
use facts::records::PersonId;
use households::documents::unpack;
use kernel::{Cx, Moment, Result, content_id};

/// What was said, and by which rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub said: Said,
    /// Ids of the rulings on persons.
    pub rulings: Vec<String>,
    /// One name for all that was heard; empty where nobody said anything.
    pub name: String,
}

/// The words that stand in the store, for the whole county. Words about families that were erased can't be read any more.
///
/// # Errors
/// The database's, or when something was sealed under another key.
pub async fn hear(cx: &mut Cx) -> Result<Heard> {
    let mut words: Vec<(Moment, String, Ruling)> = Vec::new();
    let keys = cx.world().keys.clone();
    for one in store::list_judged(cx).await? {
        let key = keys.unwrap(&one.household, &one.wrapped)?;
        let (a, b): (u64, u64) = unpack(&key, store::DECISION_KEYS, &one.keys)?;
        let side = |key| Side { keys: vec![key], person: None };
        words.push((one.recorded_at, one.id, Ruling { same: one.decision == "same", sides: [side(a), side(b)] }));
    }
    let mut rulings = Vec::new();
    for one in store::list_standing(cx).await? {
        let key = keys.unwrap(&one.household, &one.wrapped)?;
        let sides: Sides = unpack(&key, store::RULING, &one.document)?;
        let same = one.kind == Kind::Merge.code();
        let side = |records: &[crate::model::RecordKeys], person: &str| Side {
            keys: records.iter().map(|record| record.key).collect(),
            person: PersonId::parse(person),
        };
        let moved = side(&sides.moved, if same { &one.person } else { &one.other });
        words.push((
            one.recorded_at,
            one.id.clone(),
            Ruling { same, sides: [moved, side(&sides.stayed, &one.person)] },
        ));
        rulings.push(one.id);
    }
    words.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let training = store::find_training(cx).await?;
    let matches: Matches =
        training.as_ref().map(|one| serde_json::from_str(&one.matches)).transpose()?.unwrap_or_default();
    let ids = words.iter().map(|(_, id, _)| id.as_str()).chain(training.as_ref().map(|one| one.id.as_str()));
    let ids: Vec<&str> = ids.collect();
    let name = if ids.is_empty() { String::new() } else { content_id("heard", &ids).to_string() };
    let said = Said { rulings: words.into_iter().map(|(.., ruling)| ruling).collect(), matches };
    Ok(Heard { said, rulings, name })
}
