use super::{actor, find, keep_state};
use crate::model::{Actor, CaseId, Level, Move};
use crate::policy::{self, Adopted};
use crate::store::{self, Case};
use households::changes::Works;
use households::changes::actions::recent_splits;
use households::clues::{self, ClueId, Decision};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Result, crypto, message};
use serde::Serialize;

/// What a case is opened from.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'o> {
    pub household: &'o str,
    /// `finding`, or the code of [`clues::Source`].
    pub source: &'o str,
    /// The finding's clue, or the clue's id.
    pub clue: &'o str,
    /// The person who decided to open it: id and name.
    pub by: (&'o str, &'o str),
}

#[derive(Serialize)]
struct CaseOpened<'c> {
    case: &'c CaseId,
    household: &'c str,
    programme: &'c str,
    source: &'c str,
}

impl Event for CaseOpened<'_> {
    const KIND: &'static str = "case_opened";

    fn subject(&self) -> &str {
        self.case.as_str()
    }
}

/// Opens a case under a procedure; the running one where the household has one already.
///
/// # Errors
/// `NotFound` when the family isn't there, isn't in scope, or was erased.
pub async fn open(cx: &mut Cx, adopted: &Adopted, opening: Opening<'_>) -> Result<CaseId> {
    let filed = households::store::get_file(cx, opening.household).await?;
    if let Some(running) = store::find_open_case(cx, opening.household, &adopted.procedure.id).await? {
        return Ok(running);
    }
    // Sealed things need a key; a family that was erased has none, and no case.
    crypto::key_of(cx, opening.household).await?;
    store::insert_procedure(cx, adopted).await?;
    let today = cx.today();
    let case = Case {
        id: CaseId::new(cx),
        number: store::next_number(cx, today.year()).await?,
        place: filed.place,
        household: filed.household,
        head: filed.head,
        people: filed.people,
        programme: adopted.procedure.programme.clone(),
        procedure: adopted.procedure.id.clone(),
        digest: adopted.digest.clone(),
        source: opening.source.to_owned(),
        clue: opening.clue.to_owned(),
        opened_on: today,
        recorded_at: cx.now,
        recorded_by: opening.by.0.to_owned(),
        recorded_name: opening.by.1.to_owned(),
    };
    store::insert_case(cx, &case).await?;
    let course = crate::model::Course::opened(&adopted.procedure, policy::calendar(), &case.place, today);
    keep_state(cx, &case, &course).await?;
    cx.audit("open", "case", case.id.as_str(), &case.programme).await?;
    let told =
        CaseOpened { case: &case.id, household: &case.household, programme: &case.programme, source: &case.source };
    emit(cx, &told).await?;
    note_splits(cx, &case).await?;
    Ok(case.id)
}

/// Writes into a new case what is known of a recent split: who decides follows from it, and a relative in office keeps
/// out. The machine says so; nobody is refused anything by it.
async fn note_splits(cx: &mut Cx, case: &Case) -> Result<()> {
    let machine = Actor { id: "machine:splits".to_owned(), name: "扶智".to_owned(), levels: Vec::new() };
    for split in recent_splits(cx, &case.household).await? {
        let from = if split.from.is_empty() { case.head.clone() } else { split.from };
        let made = Move::Split { on: split.on, from, until: split.until };
        let opened = find(cx, &case.id).await?;
        super::carry_out(cx, &opened, made, &machine).await?;
        let Some(kin) = split.kin else { continue };
        let level = match kin.level {
            Works::Village => Level::Village,
            Works::Township => Level::Township,
            Works::County => Level::County,
        };
        let relation = if kin.relation.is_empty() { kin.name.clone() } else { kin.relation };
        let opened = find(cx, &case.id).await?;
        super::carry_out(cx, &opened, Move::Kinship { name: kin.name, level, relation }, &machine).await?;
    }
    Ok(())
}

/// The procedure of an id that holds where a family lives, today.
fn in_force(cx: &Cx, place: &str, procedure: &str) -> Result<&'static Adopted> {
    let found = policy::in_force(place, cx.today()).into_iter().find(|one| one.procedure.id == procedure);
    found.ok_or_else(|| Error::invalid("procedure", message("case-procedure-missing")))
}

/// A person opens a case from a clue.
///
/// # Errors
/// `NotFound` out of scope or answered; `Invalid` without a procedure.
pub async fn open_for_clue(cx: &mut Cx, clue: &ClueId, procedure: &str) -> Result<CaseId> {
    let heard = households::store::get_clue(cx, clue).await?;
    let adopted = in_force(cx, &heard.place, procedure)?;
    let staff = cx.staff()?.clone();
    let opening = Opening {
        household: &heard.household,
        source: &heard.source,
        clue: clue.as_str(),
        by: (&staff.id.0, &staff.name),
    };
    let case = open(cx, adopted, opening).await?;
    clues::answer_clue(cx, &heard, Decision::Open, case.as_str(), "").await?;
    Ok(case)
}

/// A person finds that a clue belongs to a case that is running.
///
/// # Errors
/// `NotFound` out of scope or answered; `Refused` when the family has no running case.
pub async fn merge_clue(cx: &mut Cx, clue: &ClueId, procedure: &str) -> Result<CaseId> {
    let heard = households::store::get_clue(cx, clue).await?;
    let running = store::find_open_case(cx, &heard.household, procedure).await?;
    let running = running.ok_or_else(|| Error::Refused(message("clue-nothing-to-merge")))?;
    let words = clues::words_of(cx, &heard).await?.unwrap_or_default();
    let opened = find(cx, &running).await?;
    let who = actor(cx, &opened.case.place)?;
    super::carry_out(cx, &opened, Move::Merge { clue: clue.0.clone(), words }, &who).await?;
    clues::answer_clue(cx, &heard, Decision::Merge, running.as_str(), "").await?;
    Ok(running)
}

/// A person finds that a clue needs no case, and says why.
///
/// # Errors
/// `NotFound` out of scope or answered; `Invalid` without a reason.
pub async fn dismiss_clue(cx: &mut Cx, clue: &ClueId, reason: &str) -> Result<()> {
    let heard = households::store::get_clue(cx, clue).await?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", message("clue-reason-missing")));
    }
    clues::answer_clue(cx, &heard, Decision::Dismiss, "", reason).await
}
