use crate::model::{AccountId, Failures, NewAccount, NewPost};
use crate::{password, store};
use kernel::{Cx, Error, FieldErrors, Moment, Result, StaffId, content_id, message, sessions};

/// Opens an account.
///
/// # Errors
/// [`Error::Invalid`] when the account is taken or the password is too short.
pub async fn open_account(cx: &mut Cx, new: NewAccount<'_>) -> Result<AccountId> {
    let mut wrong = FieldErrors::default();
    if new.account.is_empty() || new.account.contains(char::is_whitespace) {
        wrong.add("account", message("staff-account-form"));
    }
    if new.password.chars().count() < 10 {
        wrong.add("password", message("staff-password-short"));
    }
    wrong.into_result()?;
    let hash = password::hash(new.password, cx.world().dice.bytes()).await?;
    open_with_hash(cx, new, &hash).await
}

pub(crate) async fn open_with_hash(cx: &mut Cx, new: NewAccount<'_>, hash: &str) -> Result<AccountId> {
    let id = if new.demo {
        AccountId::from(content_id("demo account", &[cx.county(), new.account]))
    } else {
        AccountId::new(cx)
    };
    store::insert_account(cx, &id, new, hash).await?;
    cx.audit("account_opened", "staff", id.as_str(), "").await?;
    Ok(id)
}

/// Gives somebody a post; gives back its id.
///
/// # Errors
/// [`Error::Refused`] when it doesn't go together with a post they hold: separated duties stay with separate people.
pub async fn give_post(cx: &mut Cx, staff: &AccountId, post: NewPost) -> Result<String> {
    let held = store::find_staff(cx, &StaffId(staff.as_str().to_owned())).await?.ok_or(Error::NotFound)?;
    if held.posts.iter().any(|other| !other.role.goes_with(post.role)) {
        return Err(Error::Refused(message("staff-duties-apart")));
    }
    let id = cx.new_id().to_string();
    store::insert_post(cx, &id, staff, post).await?;
    let detail = format!("role={} place={}", post.role.code(), post.place);
    cx.audit("post_given", "staff", staff.as_str(), &detail).await?;
    Ok(id)
}

/// What came of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignedIn {
    /// The token of the new session.
    Yes(String),
    /// Account or password is wrong; so many attempts are left.
    No { left: i64 },
    /// Blocked for so many minutes.
    Blocked { minutes: i64 },
}

/// Checks an account and its password, counts failures, starts a session.
pub(crate) async fn sign_in(cx: &mut Cx, account: &str, typed: &str) -> Result<SignedIn> {
    let blind = cx.world().keys.blind("sign_in", account);
    // Reads and the slow check come before the transaction: nobody waits for them.
    let mut before = cx.outside();
    let failures = store::find_failures(&mut before, &blind).await?;
    if failures.blocked_until > cx.now {
        return Ok(blocked(cx.now, failures.blocked_until));
    }
    let found = store::find_credentials(&mut before, account).await?;
    // An account planted for a demo opens nothing elsewhere, however its password got out.
    let found = found.filter(|found| !found.demo || cx.world().demo);
    let hash = found.as_ref().map(|found| found.password_hash.as_str());
    let right = password::is(typed, hash).await?;
    let (true, Some(found)) = (right, found) else { return fail(cx, &blind).await };
    if failures.count > 0 {
        store::delete_failures(cx, &blind).await?;
    }
    let token = sessions::start(cx, &StaffId(found.id.clone()), &found.county_id).await?;
    cx.audit("signed_in", "staff", &found.id, "").await?;
    Ok(SignedIn::Yes(token))
}

async fn fail(cx: &mut Cx, blind: &str) -> Result<SignedIn> {
    let count = store::find_failures(cx, blind).await?.count + 1;
    let blocked_until = cx.now.plus(Failures::block(count));
    store::put_failures(cx, blind, Failures { count, blocked_until }).await?;
    cx.audit("sign_in_failed", "account", blind, "").await?;
    let left = Failures::left(count);
    Ok(if left > 0 { SignedIn::No { left } } else { blocked(cx.now, blocked_until) })
}

fn blocked(now: Moment, until: Moment) -> SignedIn {
    SignedIn::Blocked { minutes: (until.0 - now.0 + Moment::MINUTE - 1) / Moment::MINUTE }
}

/// Ends the session this request came by; harmless without one.
pub(crate) async fn sign_out(cx: &mut Cx) -> Result<()> {
    let (Ok(staff), Some(session)) = (cx.staff_id(), cx.visit.session.clone()) else { return Ok(()) };
    end_session(cx, &staff, &session).await
}

/// Ends one of a person's own sessions.
pub(crate) async fn end_session(cx: &mut Cx, staff: &StaffId, session: &str) -> Result<()> {
    match sessions::revoke(cx, staff, session).await {
        Ok(()) => cx.audit("session_ended", "staff", &staff.0, "").await,
        // It has ended already, or isn't theirs: the same words for both.
        Err(Error::Conflict(None)) => Err(Error::NotFound),
        Err(error) => Err(error),
    }
}
