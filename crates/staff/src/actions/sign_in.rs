use crate::factors::{self, Step};
use crate::model::Failures;
use crate::store::Credentials;
use crate::{password, store};
use kernel::{Cx, Error, Moment, Result, StaffId, sessions};

/// What came of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignedIn {
    /// The token of the new session.
    Yes(String),
    /// The password was right, and more is asked for: the token of the step.
    Then(String),
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
    go_on(cx, &found, Step::Password).await
}

/// What is asked for next, before somebody is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The code of an app, a passkey, or a code on paper.
    Factor,
    /// A password of one's own instead of the first one.
    NewPassword,
    /// An app to make codes from now on.
    Enrolment,
    /// Nothing more: who was sent by a provider says that they are meant to come in.
    Entry,
}

/// What is still asked of somebody who has come this far.
pub(crate) async fn need(cx: &mut Cx, found: &Credentials, reached: Step) -> Result<Option<Need>> {
    let factors = store::list_factors(cx, &found.id).await?;
    if !factors.is_empty() && !reached.has_factor() {
        return Ok(Some(Need::Factor));
    }
    if found.must_change && !reached.by_provider() {
        return Ok(Some(Need::NewPassword));
    }
    // A demo's accounts open an invented county, for whoever reads the sign-in page.
    if reached.has_factor() || found.demo {
        return Ok(None);
    }
    let (today, staff) = (cx.today(), store::find_staff(cx, &StaffId(found.id.clone())).await?);
    let posts = staff.iter().flat_map(|staff| &staff.posts).filter(|post| post.period.to.is_none_or(|to| today <= to));
    Ok(posts.into_iter().any(|post| post.role.needs_second_factor()).then_some(Need::Enrolment))
}

/// Lets somebody in, or to the next step.
pub(crate) async fn go_on(cx: &mut Cx, found: &Credentials, reached: Step) -> Result<SignedIn> {
    if need(cx, found, reached).await?.is_some() {
        return Ok(SignedIn::Then(factors::step_token(cx, found, reached)));
    }
    // A right password alone forgives no wrong code: only who is in is no longer counted.
    let blind = cx.world().keys.blind("sign_in", &found.account);
    store::delete_failures(cx, &blind).await?;
    let token = sessions::start(cx, &StaffId(found.id.clone()), &found.county_id).await?;
    let way = if reached.by_provider() { "by=provider" } else { "" };
    cx.audit("signed_in", "staff", &found.id, way).await?;
    Ok(SignedIn::Yes(token))
}

/// Whether the account is blocked at the moment, and for how many minutes.
pub(crate) async fn find_block(cx: &mut Cx, account: &str) -> Result<Option<i64>> {
    let blind = cx.world().keys.blind("sign_in", account);
    let until = store::find_failures(cx, &blind).await?.blocked_until;
    Ok((until > cx.now).then(|| minutes(cx.now, until)))
}

/// A wrong code counts as a wrong password does.
pub(crate) async fn fail_at_factor(cx: &mut Cx, found: &Credentials) -> Result<SignedIn> {
    let blind = cx.world().keys.blind("sign_in", &found.account);
    fail(cx, &blind).await
}

async fn fail(cx: &mut Cx, blind: &str) -> Result<SignedIn> {
    let count = store::find_failures(cx, blind).await?.count + 1;
    let blocked_until = cx.now.plus(cx.world().terms.lockout.block(count));
    store::put_failures(cx, blind, Failures { count, blocked_until }).await?;
    cx.audit("sign_in_failed", "account", blind, "").await?;
    let left = cx.world().terms.lockout.left(count);
    Ok(if left > 0 { SignedIn::No { left } } else { blocked(cx.now, blocked_until) })
}

fn blocked(now: Moment, until: Moment) -> SignedIn {
    SignedIn::Blocked { minutes: minutes(now, until) }
}

const fn minutes(now: Moment, until: Moment) -> i64 {
    (until.0 - now.0 + Moment::MINUTE - 1) / Moment::MINUTE
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
