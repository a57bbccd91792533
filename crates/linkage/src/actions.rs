//! What people do with pairs: say whether two records speak of one person, and take it back.

use crate::model::{Pair, RecordKeys, Verdict};
use crate::store::{self, Decision, Thought, Waiting};
use households::documents::{pack, unpack};
use kernel::commands::{self, Command, Received};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Result, crypto, message};
use serde::{Deserialize, Serialize};

/// A person's word; travels inside a [`Command`] whose base is the number of words said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judging {
    pub verdict: Verdict,
    /// In the person's own words; nobody has to give one.
    pub reason: Option<String>,
}

/// Told to whoever listens: a person has said whether two records speak of one person.
#[derive(Serialize)]
pub struct Judged {
    pub pair: String,
    pub household: String,
    pub verdict: Verdict,
}

impl Event for Judged {
    const KIND: &'static str = "pair_judged";

    fn subject(&self) -> &str {
        &self.pair
    }
}

/// The kind of command, and of the conflicts it may meet.
pub const JUDGE: &str = "linkage.judge";

/// Opens a pair's document. `None` when the family's key was destroyed: then nobody can read it again.
///
/// # Errors
/// When it was sealed under another key or changed since.
pub fn open(cx: &Cx, waiting: &Waiting) -> Result<Option<Pair>> {
    let Some(wrapped) = waiting.wrapped.as_deref() else { return Ok(None) };
    let key = cx.world().keys.unwrap(&waiting.household, wrapped)?;
    unpack(&key, "link_reviews.document", &waiting.document).map(Some)
}

/// A person says whether two records speak of one person. The same command twice says it once; one made from an older
/// state changes nothing, and both are kept.
///
/// # Errors
/// `NotFound` out of scope; `Conflict` from a stale base; `Refused` when there is nothing to take back.
pub async fn judge(cx: &mut Cx, id: &str, command: &Command<Judging>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let waiting = store::get_pair(cx, id).await?;
    let pair = open(cx, &waiting)?.ok_or(Error::NotFound)?;
    if let Received::Before(()) = command.receive(cx, JUDGE).await? {
        return Ok(());
    }
    let standing = store::list_decisions(cx, &waiting.pair).await?.into_iter().next();
    let version = standing.as_ref().map_or(0, |last| last.version);
    command.check_base(JUDGE, &waiting.pair, version, &standing.as_ref().map(summary))?;
    let asked = &command.body;
    let is_open = standing.as_ref().is_none_or(|last| last.verdict() == Some(Verdict::Undo));
    if asked.verdict == Verdict::Undo && is_open {
        return Err(Error::Refused(message("pair-nothing-to-undo")));
    }
    let source = |keys: &RecordKeys| format!("{}/{}", keys.department, keys.resource);
    let decision = Decision {
        id: cx.new_id().to_string(),
        place: waiting.place,
        household: waiting.household,
        pair: waiting.pair,
        left_source: source(&pair.a),
        left_id: pair.a.row.to_string(),
        right_source: source(&pair.b),
        right_id: pair.b.row.to_string(),
        version: version + 1,
        decision: asked.verdict.code().to_owned(),
        reason: asked.reason.clone().filter(|reason| !reason.trim().is_empty()),
        recorded_at: cx.now,
        recorded_by: staff.id.0,
        recorded_name: staff.name,
    };
    if let Some(standing) = standing {
        store::supersede_decision(cx, &standing.id, &decision.id).await?;
    }
    let thought = thought(cx, &pair, &decision.household).await?;
    store::insert_decision(cx, &decision, thought).await?;
    // Whoever decides from the newest state has both sides of an older conflict before their eyes.
    for conflict in commands::list_open(cx, JUDGE, &decision.pair).await? {
        commands::settle(cx, &conflict.id).await?;
    }
    cx.audit("judge", "pair", id, asked.verdict.code()).await?;
    emit(cx, &Judged { pair: decision.pair, household: decision.household, verdict: asked.verdict }).await?;
    command.carried_out(cx, JUDGE, &()).await
}

/// What the program thought of the pair, for whoever learns from the judgement; and the records' digests, by which the
/// next run finds them again.
async fn thought(cx: &mut Cx, pair: &Pair, household: &str) -> Result<Thought> {
    let weighed = pair.prior.is_some();
    let levels: Vec<(&str, &str)> = pair.steps.iter().map(|step| (step.field.as_str(), step.level.as_str())).collect();
    let keys = (pair.a.key, pair.b.key);
    let keys = if keys.0 == 0 || keys.1 == 0 {
        None
    } else {
        let key = crypto::key_of(cx, household).await?;
        Some(pack(cx.world(), &key, store::DECISION_KEYS, &keys)?)
    };
    Ok(Thought {
        weight: weighed.then(|| (pair.weight * 100.0).round() as i64),
        levels: if weighed { Some(serde_json::to_string(&levels)?) } else { None },
        keys,
    })
}

/// The standing word, as it is kept beside a command that came too late.
fn summary(decision: &Decision) -> serde_json::Value {
    serde_json::json!({ "decision": decision.decision, "reason": decision.reason, "by": decision.recorded_name })
}
