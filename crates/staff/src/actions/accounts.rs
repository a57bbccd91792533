use crate::factors::plain_code;
use crate::model::{AccountId, NewAccount};
use crate::{password, store};
use kernel::{Cx, Error, FieldErrors, Result, StaffId, content_id, message, sessions};

/// The shortest password.
const SHORTEST: usize = 10;

/// Opens an account.
///
/// # Errors
/// [`Error::Invalid`] when the account is taken or the password is too short.
pub async fn open_account(cx: &mut Cx, new: NewAccount<'_>) -> Result<AccountId> {
    let mut wrong = FieldErrors::default();
    if new.account.is_empty() || new.account.contains(char::is_whitespace) {
        wrong.add("account", message("staff-account-form"));
    }
    if new.name.trim().is_empty() {
        wrong.add("name", message("staff-name-empty"));
    }
    if new.password.chars().count() < SHORTEST {
        wrong.add("password", message("staff-password-short"));
    }
    wrong.into_result()?;
    let hash = password::hash(new.password, cx.world().dice.bytes()).await?;
    open_with_hash(cx, new, &hash, false).await
}

pub(crate) async fn open_with_hash(
    cx: &mut Cx,
    new: NewAccount<'_>,
    hash: &str,
    must_change: bool,
) -> Result<AccountId> {
    let id = if new.demo {
        AccountId::from(content_id("demo account", &[cx.county(), new.account]))
    } else {
        AccountId::new(cx)
    };
    store::insert_account(cx, &id, new, hash, must_change).await?;
    cx.audit("account_opened", "staff", id.as_str(), "").await?;
    Ok(id)
}

/// Opens an account with a first password made up here; gives it back, to be told to the person once. It opens nothing
/// but the page on which it is changed.
///
/// # Errors
/// [`Error::Invalid`] when the account is taken or malformed.
pub(crate) async fn open_account_for(cx: &mut Cx, account: &str, name: &str) -> Result<(AccountId, String)> {
    let first = plain_code(cx.world(), 12);
    let new = NewAccount { account, name, password: &first, language: None, demo: false };
    let id = open_account(cx, new).await?;
    let hash = password::hash(&first, cx.world().dice.bytes()).await?;
    store::put_password(cx, id.as_str(), &hash, true).await?;
    Ok((id, first))
}

/// A new first password for somebody who has forgotten theirs; every session of theirs ends.
pub(crate) async fn reset_password(cx: &mut Cx, id: &str) -> Result<String> {
    let found = of_county(cx, id).await?;
    let first = plain_code(cx.world(), 12);
    let hash = password::hash(&first, cx.world().dice.bytes()).await?;
    store::put_password(cx, &found.id, &hash, true).await?;
    let blind = cx.world().keys.blind("sign_in", &found.account);
    store::delete_failures(cx, &blind).await?;
    end_sessions(cx, &found.id).await?;
    cx.audit("password_reset", "staff", &found.id, "").await?;
    Ok(first)
}

/// Closes an account; nobody signs in by it again.
pub(crate) async fn close_account(cx: &mut Cx, id: &str) -> Result<()> {
    if cx.staff_id()?.0 == id {
        return Err(Error::Refused(message("staff-not-oneself")));
    }
    store::close_account(cx, id).await?;
    end_sessions(cx, id).await?;
    cx.audit("account_closed", "staff", id, "").await
}

/// Somebody's own new password; the other sessions end.
pub(crate) async fn change_password(cx: &mut Cx, id: &str, new: &str, again: &str) -> Result<()> {
    let mut wrong = FieldErrors::default();
    if new.chars().count() < SHORTEST {
        wrong.add("password", message("staff-password-short"));
    }
    if new != again {
        wrong.add("again", message("staff-password-differs"));
    }
    wrong.into_result()?;
    let hash = password::hash(new, cx.world().dice.bytes()).await?;
    store::put_password(cx, id, &hash, false).await?;
    end_sessions(cx, id).await?;
    cx.audit("password_changed", "staff", id, "").await
}

/// An open account of the county at hand.
pub(crate) async fn of_county(cx: &mut Cx, id: &str) -> Result<store::Credentials> {
    let found = store::find_credentials_of(cx, id).await?;
    found.filter(|found| found.county_id == cx.county()).ok_or(Error::NotFound)
}

/// Ends all sessions of a person but the one this request came by.
pub(crate) async fn end_sessions(cx: &mut Cx, id: &str) -> Result<()> {
    let staff = StaffId(id.to_owned());
    for session in sessions::list(cx, &staff).await? {
        if cx.visit.session.as_deref() != Some(session.token_hash.as_str()) {
            sessions::revoke(cx, &staff, &session.token_hash).await?;
        }
    }
    Ok(())
}

/// Ends every factor of somebody who has lost them; their sessions end too.
pub(crate) async fn end_factors(cx: &mut Cx, id: &str) -> Result<()> {
    if cx.staff_id()?.0 == id {
        return Err(Error::Refused(message("staff-not-oneself")));
    }
    let found = of_county(cx, id).await?;
    store::end_all_factors(cx, &found.id).await?;
    store::put_recovery_codes(cx, &found.id, &[]).await?;
    end_sessions(cx, &found.id).await?;
    cx.audit("factors_ended", "staff", &found.id, "").await
}
