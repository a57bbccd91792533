//! Labels are made, replaced, taken down: the only writers.

use crate::{model, store};
use kernel::{Cx, Error, Result, crypto, message};

/// How many labels are made at a time.
pub const AT_A_TIME: usize = 200;

fn signature(cx: &Cx, token: &str) -> String {
    cx.world().keys.blind("label", token)
}

/// What stands on the door: the end of the address.
#[must_use]
pub fn on_door(cx: &Cx, token: &str) -> String {
    model::written(token, &signature(cx, token))
}

/// Makes a family's label, or a new one in place of the one it had.
///
/// # Errors
/// `NotFound` out of scope, or when the family was erased.
pub async fn replace(cx: &mut Cx, household: &str) -> Result<()> {
    let filed = households::store::get_file(cx, household).await?;
    crypto::find_key(cx, household).await?.ok_or(Error::NotFound)?;
    let replaced = store::supersede(cx, household).await?;
    make(cx, household, &filed.place).await?;
    let verb = if replaced > 0 { "label_replaced" } else { "label_made" };
    cx.audit(verb, "household", household, "").await
}

async fn make(cx: &mut Cx, household: &str, place: &str) -> Result<()> {
    let token: String = cx.world().dice.bytes::<12>().iter().map(|byte| format!("{byte:02x}")).collect();
    store::insert(cx, household, place, &token).await
}

/// Makes labels for families within scope that have none; gives how many.
///
/// # Errors
/// The database's.
pub async fn make_missing(cx: &mut Cx) -> Result<usize> {
    let without = store::list_without(cx, AT_A_TIME).await?;
    for (household, place) in &without {
        make(cx, household, place).await?;
    }
    cx.audit("labels_made", "labels", "", &without.len().to_string()).await?;
    Ok(without.len())
}

/// Takes a family's label down: the code on the door opens nothing any more.
///
/// # Errors
/// `NotFound` out of scope; `Refused` when there is none.
pub async fn take_down(cx: &mut Cx, household: &str) -> Result<()> {
    households::store::check(cx, household).await?;
    if store::supersede(cx, household).await? == 0 {
        return Err(Error::Refused(message("label-none")));
    }
    cx.audit("label_taken_down", "household", household, "").await
}

/// The family that a code on a door leads to.
///
/// # Errors
/// `NotFound` for a code that isn't ours, isn't valid any more, or leads out of scope: the same words for all.
pub async fn scan(cx: &mut Cx, on_door: &str) -> Result<String> {
    let token = model::read(on_door, |token| signature(cx, token)).ok_or(Error::NotFound)?;
    let household = store::get_household(cx, &token).await?;
    cx.audit("read", "household", &household, "label").await?;
    Ok(household)
}
