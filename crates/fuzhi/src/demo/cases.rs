//! Work in progress for the demo: a few findings decided, cases in several steps, something for every role to do.

use casework::demo::{FAMILIES, Family, acting, plant_for};
use households::READ_HOUSEHOLDS;
use kernel::commands::Command;
use kernel::{Clock, Db, Moment, Result, World, events};
use screening::actions::{Triaging, triage};
use screening::model::{Decision, Reason};
use screening::store::{Filter, Listed};
use screening::{READ_FINDINGS, TRIAGE_FINDINGS};
use std::collections::BTreeSet;

/// Plants it around the families of the demo's village that the run has found something about. A run of another day
/// leaves what was planted as it is.
///
/// # Errors
/// The database's.
pub async fn plant(db: &Db, world: &World, county: &str) -> Result<()> {
    let families = families(db, world, county).await?;
    plant_for(db, world, county, &families).await?;
    decide(db, world, county, &families).await
}

/// Families of the village, those with a risk found first; the last is anybody's in the county.
async fn families(db: &Db, world: &World, county: &str) -> Result<Vec<Family>> {
    let village = acting(db, world, county, "village").await?;
    let mut cx = db.read(world, &village).under(READ_FINDINGS);
    let named = |household: &str, head: &str| Family { household: household.to_owned(), head: head.to_owned() };
    let found = risks(&mut cx).await?;
    let mut all: Vec<Family> = found.iter().map(|one| named(&one.household, &one.head)).collect();
    let mut cx = cx.under(READ_HOUSEHOLDS);
    let rest = households::store::list_households(&mut cx, None, 60).await?;
    all.extend(rest.iter().map(|one| named(&one.household, &one.head)));
    let mut seen = BTreeSet::new();
    all.retain(|family| !family.head.is_empty() && seen.insert(family.household.clone()));
    all.truncate(FAMILIES);
    Ok(all)
}

async fn risks(cx: &mut kernel::Cx) -> Result<Vec<Listed>> {
    let filter = Filter { set: "risk".to_owned(), ..Filter::default() };
    screening::store::list_findings(cx, &filter, (i64::MIN, ""), 60).await
}

/// Three findings about other families: two are worth a visit, one is none.
async fn decide(db: &Db, world: &World, county: &str, taken: &[Family]) -> Result<()> {
    let yesterday = World { clock: Clock::fixed(world.clock.now().plus(-Moment::DAY)), ..world.clone() };
    let village = acting(db, &yesterday, county, "village").await?;
    let found = risks(&mut db.read(&yesterday, &village).under(READ_FINDINGS)).await?;
    let mut seen: BTreeSet<&str> = taken.iter().map(|family| family.household.as_str()).collect();
    let fresh = found.iter().filter(|one| one.version == 0 && seen.insert(&one.household));
    let decisions = [(Decision::Visit, None), (Decision::Visit, None), (Decision::Dismiss, Some(Reason::Reimbursed))];
    for (finding, (decision, reason)) in fresh.zip(decisions) {
        db.write(&yesterday, &village, |cx| {
            let mut cx = cx.under(TRIAGE_FINDINGS);
            async move {
                let body = Triaging { decision, reason, note: None };
                let command = Command { id: cx.new_id().to_string(), device_at: None, base: None, body };
                triage(&mut cx, &finding.id, &command).await
            }
        })
        .await?;
    }
    events::deliver(db, &yesterday, &casework::domain().subscribers).await.map(drop)
}
