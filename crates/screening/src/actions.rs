//! What people do with findings: decide, and take a decision back.

use crate::model::{Decision, FindingId, Reason, Refusal, TriageId, can_undo};
use crate::store::{self, Triage};
use kernel::commands::{self, Command, Received};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Result, content_id, message};
use serde::{Deserialize, Serialize};

/// What triage is asked to do; travels inside a [`Command`] whose base is the version of the clue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triaging {
    pub decision: Decision,
    /// Of a dismissal.
    pub reason: Option<Reason>,
    /// In the person's own words.
    pub note: Option<String>,
}

/// Told to whoever listens: a person has decided about a finding.
#[derive(Serialize)]
pub struct Triaged {
    pub clue: String,
    pub finding: FindingId,
    pub household: String,
    pub rule_set: String,
    pub programme: String,
    pub decision: Decision,
}

impl Event for Triaged {
    const KIND: &'static str = "finding_triaged";

    fn subject(&self) -> &str {
        &self.clue
    }
}

/// The kind of command, and of the conflicts it may meet.
pub const TRIAGE: &str = "screening.triage";

/// A person decides about a finding. The same command twice decides once; one made from an older version
/// changes nothing, and both versions stay on the finding's page until somebody decides anew.
///
/// # Errors
/// `NotFound` out of scope; `Conflict` from a stale base; `Refused` when there is nothing to take back;
/// `Invalid` when the reason is missing.
pub async fn triage(cx: &mut Cx, id: &FindingId, command: &Command<Triaging>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let finding = store::get_finding(cx, id).await?;
    if let Received::Before(()) = command.receive(cx, TRIAGE).await? {
        return Ok(());
    }
    let standing = store::find_standing(cx, &finding.clue).await?;
    let version = standing.as_ref().map_or(0, |triage| triage.version);
    command.check_base(TRIAGE, &finding.clue, version, &standing.as_ref().map(summary))?;
    let asked = &command.body;
    check(cx, asked, standing.as_ref(), &staff.id.0)?;

    let triage = Triage {
        id: TriageId::new(cx),
        clue: finding.clue.clone(),
        place: finding.place,
        household: finding.household.clone(),
        finding: finding.id.clone(),
        rule: finding.rule,
        version: version + 1,
        decision: asked.decision.code().to_owned(),
        reason: asked.reason.filter(|_| asked.decision == Decision::Dismiss).map(|reason| reason.code().to_owned()),
        note: asked.note.clone().filter(|note| !note.trim().is_empty()),
        recorded_at: cx.now,
        recorded_by: staff.id.0,
        recorded_name: staff.name,
    };
    if let Some(standing) = standing {
        store::supersede_triage(cx, &standing.id, &triage.id).await?;
    }
    store::insert_triage(cx, &triage).await?;
    // Whoever decides from the newest version has both versions of an older conflict before their eyes.
    for conflict in commands::list_open(cx, TRIAGE, &finding.clue).await? {
        commands::settle(cx, &conflict.id).await?;
    }
    cx.audit("triage", "finding", &id.0, asked.decision.code()).await?;
    let told = Triaged {
        clue: finding.clue,
        finding: finding.id,
        household: finding.household,
        rule_set: finding.rule_set,
        programme: finding.programme,
        decision: asked.decision,
    };
    emit(cx, &told).await?;
    command.carried_out(cx, TRIAGE, &()).await
}

/// One finding of a list that is decided together: its id, and the version the person saw.
pub type Picked = (FindingId, i64);

/// A person decides about several findings at once. Each is a decision of its own, with a command of its own: sent
/// twice it decides once. Those that somebody else has decided meanwhile are left alone, and counted.
///
/// # Errors
/// As [`triage`], but for a stale base.
pub async fn triage_many(cx: &mut Cx, command: &str, picked: &[Picked], asked: &Triaging) -> Result<usize> {
    let mut stale = 0;
    for (id, base) in picked {
        let own = content_id("triage of a list", &[command, &id.0]).to_string();
        let one = Command { id: own, device_at: None, base: Some(*base), body: asked.clone() };
        match triage(cx, id, &one).await {
            Err(Error::Conflict(_)) => stale += 1,
            done => done?,
        }
    }
    Ok(stale)
}

fn check(cx: &Cx, asked: &Triaging, standing: Option<&Triage>, who: &str) -> Result<()> {
    let refused = |refusal: Refusal| Error::Refused(message(refusal.key()));
    match asked.decision {
        Decision::Undo => {
            let last = standing.filter(|last| last.decision() != Some(Decision::Undo));
            let last = last.ok_or_else(|| Error::Refused(message("refused-nothing-to-undo")))?;
            can_undo(last.recorded_at, &last.recorded_by, who, cx.now).map_err(refused)
        }
        Decision::Dismiss => match asked.reason {
            None => Err(Error::invalid("dismiss", message(Refusal::NoReason.key()))),
            Some(Reason::Other) if asked.note.as_deref().is_none_or(|note| note.trim().is_empty()) => {
                Err(Error::invalid("note", message(Refusal::NoReason.key())))
            }
            Some(_) => Ok(()),
        },
        Decision::Visit | Decision::Merge => Ok(()),
    }
}

/// The standing decision, as it is kept beside a command that came too late.
fn summary(triage: &Triage) -> serde_json::Value {
    serde_json::json!({
        "decision": triage.decision, "reason": triage.reason, "note": triage.note, "by": triage.recorded_name,
    })
}
