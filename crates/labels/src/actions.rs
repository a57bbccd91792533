//! Labels are made, replaced, taken down, and signed by keys that follow each other: the only writers.

use crate::model::{self, Written};
use crate::store;
use kernel::signature::{PublicHalf, Signer};
use kernel::{Cx, Error, Result, crypto, message};

/// How many labels are made at a time.
pub const AT_A_TIME: usize = 200;

const SECRET: &str = "label_keys.secret_half";

/// Whose key the secret halves of a county are sealed under.
fn subject(cx: &Cx) -> String {
    format!("label-keys:{}", cx.county())
}

/// The county's signer of today; none before its first label.
///
/// # Errors
/// The database's.
pub async fn find_signer(cx: &mut Cx) -> Result<Option<Signer>> {
    let county = cx.county().to_owned();
    let Some(sealed) = store::find_secret(cx, &county).await? else { return Ok(None) };
    let key = crypto::find_key(cx, &subject(cx)).await?.ok_or_else(|| Error::internal("the labels' key is gone"))?;
    Ok(Signer::new(&key.open(SECRET, &sealed)?))
}

/// A county's first signing key, where it has none.
async fn make_signer(cx: &mut Cx) -> Result<()> {
    if find_signer(cx).await?.is_some() { Ok(()) } else { new_key(cx).await }
}

async fn new_key(cx: &mut Cx) -> Result<()> {
    let seed: [u8; 32] = cx.world().dice.bytes();
    let public = Signer::new(&seed).ok_or_else(|| Error::internal("no key was made of a seed"))?.public_half();
    let subject = subject(cx);
    let key = crypto::key_of(cx, &subject).await?;
    let sealed = key.seal(cx.world(), SECRET, &seed)?;
    store::insert_key(cx, &public, &sealed).await?;
    cx.audit("label_key_made", "keys", &public.id(), "").await
}

/// From now on a new key signs. What the old one signed stays good: no door needs a new label.
///
/// # Errors
/// The database's.
pub async fn rotate(cx: &mut Cx) -> Result<()> {
    let county = cx.county().to_owned();
    store::supersede_key(cx, &county).await?;
    new_key(cx).await
}

/// Nothing a key signed is good any more: it got out, and anybody may have signed with it. The one that signs today is
/// replaced first.
///
/// # Errors
/// `NotFound` for a key that isn't the county's; `Refused` for the one that signs today.
pub async fn withdraw(cx: &mut Cx, id: &str) -> Result<()> {
    let keys = store::list_keys(cx).await?;
    let county = cx.county().to_owned();
    let key = keys.iter().find(|key| key.id == id && key.county_id == county).ok_or(Error::NotFound)?;
    if key.superseded_at.is_none() {
        return Err(Error::Refused(message("label-key-signs-now")));
    }
    store::withdraw_key(cx, id).await?;
    cx.audit("label_key_withdrawn", "keys", id, "").await
}

/// Makes a family's label, or a new one in place of the one it had.
///
/// # Errors
/// `NotFound` out of scope, or when the family was erased.
pub async fn replace(cx: &mut Cx, household: &str) -> Result<()> {
    let filed = households::store::get_file(cx, household).await?;
    crypto::find_key(cx, household).await?.ok_or(Error::NotFound)?;
    make_signer(cx).await?;
    let replaced = store::supersede(cx, household).await?;
    make(cx, household, &filed.place).await?;
    let verb = if replaced > 0 { "label_replaced" } else { "label_made" };
    cx.audit(verb, "household", household, "").await
}

async fn make(cx: &mut Cx, household: &str, place: &str) -> Result<()> {
    let token = model::token(cx.world().dice.bytes());
    store::insert(cx, household, place, &token).await
}

/// Makes labels for families within scope that have none; gives how many.
///
/// # Errors
/// The database's.
pub async fn make_missing(cx: &mut Cx) -> Result<usize> {
    make_signer(cx).await?;
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
    let written = Written::read(on_door).ok_or(Error::NotFound)?;
    let public = store::find_public_half(cx, written.key).await?.ok_or(Error::NotFound)?;
    if !PublicHalf::read(&public).is_some_and(|public| written.is_signed_by(&public)) {
        return Err(Error::NotFound);
    }
    let household = store::get_household(cx, written.token).await?;
    cx.audit("read", "household", &household, "label").await?;
    Ok(household)
}
