//! What people do with a household's file: look at a hidden value, for a stated purpose.

use crate::documents::unpack;
use crate::model::{File, Hidden};
use crate::store::{self, Filed, Reveal};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Moment, Result, crypto, message};
use serde::Serialize;

/// For how long a revealed value is shown, in milliseconds.
pub const SHOWN_FOR: i64 = 5 * Moment::MINUTE;

/// What somebody may look at a hidden value for.
pub const PURPOSES: [&str; 4] = ["visit", "answer", "correct", "appeal"];

/// Opens a household's document. `None` when its key was destroyed: then nobody can read it again.
///
/// # Errors
/// When it was sealed under another key or changed since.
pub fn open(cx: &Cx, filed: &Filed) -> Result<Option<File>> {
    let Some(wrapped) = filed.wrapped.as_deref() else { return Ok(None) };
    let key = cx.world().keys.unwrap(&filed.household, wrapped)?;
    unpack(&key, "household_documents.document", &filed.document).map(Some)
}

/// Notes who looks at which value and what for; gives the note's id, with which the page shows the value for five
/// minutes. The family sees the note.
///
/// # Errors
/// `NotFound` out of scope; `Invalid` without a purpose.
pub async fn reveal(cx: &mut Cx, household: &str, person: &str, field: Hidden, purpose: &str) -> Result<String> {
    let staff = cx.staff()?.clone();
    cx.spend(crate::REVEAL)?;
    let filed = store::get_file(cx, household).await?;
    let file = open(cx, &filed)?.ok_or(Error::NotFound)?;
    let member = file.members.iter().find(|member| member.person == person).ok_or(Error::NotFound)?;
    if field.of(member).is_none() {
        return Err(Error::NotFound);
    }
    if !PURPOSES.contains(&purpose) {
        return Err(Error::invalid("purpose", message("reveal-purpose-missing")));
    }
    let reveal = Reveal {
        id: cx.new_id().to_string(),
        place: filed.place,
        household: household.to_owned(),
        person: person.to_owned(),
        field: field.code().to_owned(),
        purpose: purpose.to_owned(),
        recorded_at: cx.now,
        recorded_by: staff.id.0,
        recorded_name: staff.name,
    };
    store::insert_reveal(cx, &reveal).await?;
    cx.audit("reveal", "household", household, &format!("{} {} {purpose}", field.code(), reveal.person)).await?;
    Ok(reveal.id)
}

/// Why a family's data may be erased (the Personal Information Protection Law, article 47).
pub const ERASURE_REASONS: [&str; 4] = ["purpose_over", "retention_over", "consent_withdrawn", "unlawful"];

/// Told to whoever keeps something in clear of a family: it was erased.
#[derive(Serialize)]
struct Erased<'a> {
    household: &'a str,
}

impl Event for Erased<'_> {
    const KIND: &'static str = "household_erased";

    fn subject(&self) -> &str {
        self.household
    }
}

/// Erases a family: its key is destroyed, so that nobody reads again what it sealed; its name and number go. That it
/// was there, what was decided and who looked stay, as counts and chain need them. No run brings it back.
///
/// # Errors
/// `NotFound` out of scope; `Invalid` without a reason; `Conflict` when it is erased already.
pub async fn erase(cx: &mut Cx, household: &str, reason: &str) -> Result<()> {
    store::check(cx, household).await?;
    if !ERASURE_REASONS.contains(&reason) {
        return Err(Error::invalid("reason", message("erasure-reason-missing")));
    }
    crypto::destroy_key(cx, household, reason).await?;
    store::forget(cx, household).await?;
    cx.audit("household_erased", "household", household, reason).await?;
    emit(cx, &Erased { household }).await
}
