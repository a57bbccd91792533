//! Tokens: how a machine comes in by the account of a post, with less than that post could do.

use crate::crypto::digest;
use crate::{Cx, Moment, Permission, Result, StaffId};

/// A token lives no longer than that.
pub const LONGEST: i64 = 366 * Moment::DAY;

record! {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Token {
        pub id: String,
        pub staff: StaffId,
        pub name: String,
        /// Names of permissions, separated by blanks.
        pub scopes: String,
        pub made_at: Moment,
        pub ends_at: Moment,
        pub seen_at: Option<Moment>,
    }
}

impl Token {
    #[must_use]
    pub fn grants(&self, permission: Permission) -> bool {
        self.scopes.split(' ').any(|scope| scope == permission.name)
    }
}

/// Makes a token for an account; gives the text for the machine, which nothing else ever holds.
///
/// # Errors
/// The database's.
pub async fn issue(cx: &mut Cx, staff: &StaffId, name: &str, scopes: &str, days: i64) -> Result<String> {
    let secret = cx.world().dice.token();
    let (id, county, by, now) = (cx.new_id().to_string(), cx.county().to_owned(), cx.who.label(), cx.now);
    let ends = now.plus((days * Moment::DAY).clamp(Moment::DAY, LONGEST));
    cx.sql(
        "insert into access_tokens (token_hash, id, county_id, staff, name, scopes, made_at, made_by, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(digest(&secret))
    .bind(id.as_str())
    .bind(county)
    .bind(staff)
    .bind(name)
    .bind(scopes)
    .bind(now)
    .bind(by)
    .bind(ends)
    .run_one()
    .await?;
    cx.audit("token_issued", "staff", &staff.0, &format!("token={id} scopes={scopes}")).await?;
    Ok(secret)
}

/// The token that a machine shows, while it is alive.
///
/// # Errors
/// The database's.
pub async fn find(cx: &mut Cx, secret: &str) -> Result<Option<Token>> {
    let now = cx.now;
    cx.sql(
        "select id, staff, name, scopes, made_at, ends_at, seen_at from access_tokens
         where token_hash = $1 and revoked_at is null and ends_at > $2",
    )
    .bind(digest(secret))
    .bind(now)
    .find()
    .await
}

/// Notes that a token is in use; called once an hour at most.
///
/// # Errors
/// The database's.
pub(crate) async fn touch(cx: &mut Cx, id: &str) -> Result<()> {
    let now = cx.now;
    let seen = cx.sql("update access_tokens set seen_at = $2 where id = $1").bind(id).bind(now);
    seen.run().await.map(drop)
}

/// The living tokens of an account, newest first.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx, staff: &StaffId) -> Result<Vec<Token>> {
    let now = cx.now;
    cx.sql(
        "select id, staff, name, scopes, made_at, ends_at, seen_at from access_tokens
         where staff = $1 and revoked_at is null and ends_at > $2 order by made_at desc, id limit 100",
    )
    .bind(staff)
    .bind(now)
    .list()
    .await
}

/// Ends a token of the county at hand.
///
/// # Errors
/// [`crate::Error::Conflict`] when it has ended or isn't this county's.
pub async fn revoke(cx: &mut Cx, id: &str) -> Result<()> {
    let (county, by, now) = (cx.county().to_owned(), cx.who.label(), cx.now);
    cx.sql(
        "update access_tokens set revoked_at = $3, revoked_by = $4
         where id = $1 and county_id = $2 and revoked_at is null",
    )
    .bind(id)
    .bind(county)
    .bind(now)
    .bind(by)
    .run_one()
    .await?;
    cx.audit("token_revoked", "token", id, "").await
}
