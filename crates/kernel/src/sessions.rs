//! Sessions: who is signed in on which device, and how a person ends one that isn't theirs. How long they last and how
//! many somebody may have is data: [`crate::Terms`].

use crate::crypto::digest;
use crate::{Cx, Moment, Result, StaffId};

record! {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Session {
        /// Names the session without opening it.
        pub token_hash: String,
        pub staff: StaffId,
        pub made_at: Moment,
        pub seen_at: Moment,
        pub ends_at: Moment,
        pub device: String,
        pub address: String,
    }
}

/// Starts a session and gives the token for the cookie; nothing else ever holds it.
///
/// # Errors
/// The database's.
pub async fn start(cx: &mut Cx, staff: &StaffId, county: &str) -> Result<String> {
    let token = cx.world().dice.token();
    let visit = std::sync::Arc::clone(&cx.visit);
    let (now, ends) = (cx.now, cx.now.plus(cx.world().terms.session.absolute));
    cx.sql(
        "insert into sessions (token_hash, staff, county_id, made_at, seen_at, ends_at, device, address)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
    )
    .bind(digest(&token))
    .bind(staff)
    .bind(county)
    .bind(now)
    .bind(ends)
    .bind(visit.device.as_str())
    .bind(visit.address.as_str())
    .run_one()
    .await?;
    end_oldest(cx, staff, &digest(&token)).await?;
    Ok(token)
}

/// Nobody stays signed in on more devices than they use: one more ends the oldest. The accounts of a demo are shared by
/// whoever reads its sign-in page, and a family's code opens once: neither has too many.
async fn end_oldest(cx: &mut Cx, staff: &StaffId, newest: &str) -> Result<()> {
    if cx.world().demo || crate::Who::resident(staff).is_some() {
        return Ok(());
    }
    let others = usize::try_from(cx.world().terms.session.at_most - 1).unwrap_or_default();
    let open = list(cx, staff).await?.into_iter().filter(|session| session.token_hash != newest);
    for session in open.skip(others) {
        revoke(cx, staff, &session.token_hash).await?;
    }
    Ok(())
}

/// The session a token opens, while it is alive.
///
/// # Errors
/// The database's.
pub async fn find(cx: &mut Cx, token: &str) -> Result<Option<Session>> {
    let (now, idle) = (cx.now, cx.now.plus(-cx.world().terms.session.idle));
    cx.sql(
        "select token_hash, staff, made_at, seen_at, ends_at, device, address from sessions
         where token_hash = $1 and revoked_at is null and ends_at > $2 and seen_at > $3",
    )
    .bind(digest(token))
    .bind(now)
    .bind(idle)
    .find()
    .await
}

/// Notes that a session is in use; called once a minute at most, so that reading pages doesn't write.
///
/// # Errors
/// The database's.
pub(crate) async fn touch(cx: &mut Cx, token_hash: &str) -> Result<()> {
    let now = cx.now;
    cx.sql("update sessions set seen_at = $2 where token_hash = $1").bind(token_hash).bind(now).run().await.map(drop)
}

/// The living sessions of a person, newest first.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx, staff: &StaffId) -> Result<Vec<Session>> {
    let (now, idle) = (cx.now, cx.now.plus(-cx.world().terms.session.idle));
    cx.sql(
        "select token_hash, staff, made_at, seen_at, ends_at, device, address from sessions
         where staff = $1 and revoked_at is null and ends_at > $2 and seen_at > $3
         order by made_at desc, token_hash limit 100",
    )
    .bind(staff)
    .bind(now)
    .bind(idle)
    .list()
    .await
}

/// Ends a session of that person.
///
/// # Errors
/// [`crate::Error::Conflict`] when it isn't theirs or has ended.
pub async fn revoke(cx: &mut Cx, staff: &StaffId, token_hash: &str) -> Result<()> {
    let now = cx.now;
    cx.sql("update sessions set revoked_at = $3 where staff = $1 and token_hash = $2 and revoked_at is null")
        .bind(staff)
        .bind(token_hash)
        .bind(now)
        .run_one()
        .await
}
