//! A clerk gives a code and takes it back; a family comes in by it, and says what is wrong.

use crate::model::{self, LASTS, TRIES, WINDOW};
use crate::store;
use households::clues::{self, Clue, Source};
use kernel::{Cx, Error, Moment, Result, StaffId, Who, crypto, message, sessions};

/// A code that was just made: it is printed now and can't be shown again.
pub struct Fresh {
    pub code: String,
    pub expires_at: Moment,
}

/// Makes a code for a family; an older one that was not used opens nothing any more.
///
/// # Errors
/// `NotFound` out of scope, or when the family was erased.
pub async fn give(cx: &mut Cx, household: &str) -> Result<Fresh> {
    let filed = households::store::get_file(cx, household).await?;
    crypto::find_key(cx, household).await?.ok_or(Error::NotFound)?;
    let code = model::code(cx.world().dice.bytes());
    let (blind, expires_at) = (blind(cx, &code), cx.now.plus(LASTS));
    store::supersede(cx, household).await?;
    store::insert(cx, household, &filed.place, &blind, expires_at).await?;
    cx.audit("code_given", "household", household, "").await?;
    Ok(Fresh { code, expires_at })
}

/// Takes back the code a family holds: the paper was lost.
///
/// # Errors
/// `NotFound` out of scope; `Refused` when there is none.
pub async fn take_back(cx: &mut Cx, household: &str) -> Result<()> {
    households::store::check(cx, household).await?;
    if store::supersede(cx, household).await? == 0 {
        return Err(Error::Refused(message("onetime-none-open")));
    }
    cx.audit("code_taken_back", "household", household, "").await
}

/// How a typed code was received.
pub enum Entered {
    /// The token of the session it began.
    Yes(String),
    Wrong,
    /// Too many wrong ones came from there: so many minutes to wait at most.
    Later(i64),
}

/// Somebody types a code. It opens once; a wrong one is counted against where it comes from.
///
/// # Errors
/// The database's.
pub async fn enter(cx: &mut Cx, text: &str) -> Result<Entered> {
    let address = cx.world().keys.blind("address", &cx.visit.address);
    let since = cx.now.plus(-WINDOW);
    if store::count_attempts(cx, &address, since).await? >= TRIES {
        return Ok(Entered::Later(WINDOW / Moment::MINUTE));
    }
    let found = match model::typed(text) {
        Some(code) => {
            let blind = blind(cx, &code);
            store::find(cx, &blind).await?
        }
        None => None,
    };
    let Some(found) = found else {
        store::insert_attempt(cx, &address).await?;
        cx.audit("code_missed", "residents", "", "").await?;
        return Ok(Entered::Wrong);
    };
    store::put_used(cx, &found.id).await?;
    let mut family = cx.clone();
    family.who = Who::Resident { household: found.household.clone(), county: found.county_id.clone() };
    family.audit("code_used", "household", &found.household, "").await?;
    let session = StaffId(family.who.label());
    sessions::start(&mut family, &session, &found.county_id).await.map(Entered::Yes)
}

fn blind(cx: &Cx, code: &str) -> String {
    cx.world().keys.blind("resident_code", code)
}

/// The family at its own page.
///
/// # Errors
/// `Forbidden` for anybody else.
pub fn own(cx: &Cx) -> Result<String> {
    cx.who.household().map(str::to_owned).ok_or(Error::Forbidden)
}

/// Ends the family's session.
///
/// # Errors
/// `Forbidden` for anybody else; the database's.
pub async fn leave(cx: &mut Cx) -> Result<()> {
    own(cx)?;
    let (session, visit) = (StaffId(cx.who.label()), cx.visit.session.clone());
    match visit {
        Some(token_hash) => sessions::revoke(cx, &session, &token_hash).await,
        None => Ok(()),
    }
}

/// The family says what isn't right: a clue of its own, which a person answers.
///
/// # Errors
/// `Forbidden` for anybody else; `Invalid` without words.
pub async fn correct(cx: &mut Cx, words: &str) -> Result<()> {
    let household = own(cx)?;
    if words.trim().is_empty() {
        return Err(Error::invalid("words", message("own-words-missing")));
    }
    let clue = Clue { household: &household, source: Source::Request, words: words.trim() };
    clues::raise_clue(cx, clue).await.map(drop)
}
