use crate::model::{AccountId, Failures, NewAccount, SessionRow, StaffRow};
use kernel::crypto::digest;
use kernel::sessions::Session;
use kernel::{Cx, Language, Moment, OnConstraint, Result, Staff, StaffId, message};
use std::collections::BTreeMap;

kernel::record! {
    /// An open account with its password's hash.
    #[derive(Clone, Debug)]
    pub(crate) struct Credentials {
        pub id: String,
        pub county_id: String,
        pub account: String,
        pub password_hash: String,
        pub demo: bool,
        /// The password was made up by whoever opened the account.
        pub must_change: bool,
    }
}

pub(crate) async fn find_credentials(cx: &mut Cx, account: &str) -> Result<Option<Credentials>> {
    cx.sql(
        "select id, county_id, account, password_hash, demo, must_change from accounts
         where account = $1 and closed_at is null",
    )
    .bind(account)
    .find()
    .await
}

pub(crate) async fn find_credentials_of(cx: &mut Cx, id: &str) -> Result<Option<Credentials>> {
    cx.sql(
        "select id, county_id, account, password_hash, demo, must_change from accounts
         where id = $1 and closed_at is null",
    )
    .bind(id)
    .find()
    .await
}

pub(crate) async fn put_password(cx: &mut Cx, id: &str, hash: &str, must_change: bool) -> Result<()> {
    cx.sql("update accounts set password_hash = $2, must_change = $3 where id = $1 and closed_at is null")
        .bind(id)
        .bind(hash)
        .bind(must_change)
        .run_one()
        .await
}

pub(crate) async fn close_account(cx: &mut Cx, id: &str) -> Result<()> {
    let (county, now, by) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql("update accounts set closed_at = $3, closed_by = $4 where id = $1 and county_id = $2 and closed_at is null")
        .bind(id)
        .bind(county)
        .bind(now)
        .bind(by)
        .run_one()
        .await
}

/// Somebody with their posts, and with what those open besides their places at this moment; whoever stands in for a
/// grid worker or a helper has their grid and their families.
pub(crate) async fn find_staff(cx: &mut Cx, id: &StaffId) -> Result<Option<Staff>> {
    let now = cx.now;
    let rows: Vec<StaffRow> = cx
        .sql(
            "select a.id, a.account, a.name, a.county_id, a.language, p.id as post, p.role, p.place, p.valid_from, p.valid_to, p.department,
               (select max(places.name) from places
                where places.place = p.place and places.superseded_at is null) as place_name,
               o.id as opening, o.kind as opening_kind, o.place as opening_place
             from accounts a left join posts p on p.staff = a.id and p.superseded_at is null
                  left join openings o on o.post in (p.id, coalesce(p.delegated_from, '')) and o.revoked_at is null
                       and o.opens_at <= $2 and o.closes_at > $2 and (o.post = p.id or o.kind in ('grid', 'pairing'))
             where a.id = $1 and a.closed_at is null order by p.recorded_at, p.id, o.id limit 1050",
        )
        .bind(id)
        .bind(now)
        .list()
        .await?;
    Ok(together(rows).pop())
}

/// The living session a token opens, with its person as [`find_staff`] finds them: one statement, because it stands
/// before every page.
pub(crate) async fn find_session(cx: &mut Cx, token: &str) -> Result<Option<(Session, Option<Staff>)>> {
    let (now, idle) = (cx.now, cx.now.plus(-cx.world().terms.session.idle));
    let rows: Vec<SessionRow> = cx
        .sql(
            "select s.token_hash, s.staff, s.made_at, s.seen_at, s.ends_at, s.device, s.address,
               a.id, a.account, a.name, a.county_id, a.language, p.id as post, p.role, p.place, p.valid_from, p.valid_to, p.department,
               (select max(places.name) from places
                where places.place = p.place and places.superseded_at is null) as place_name,
               o.id as opening, o.kind as opening_kind, o.place as opening_place
             from sessions s left join accounts a on a.id = s.staff and a.closed_at is null
                  left join posts p on p.staff = a.id and p.superseded_at is null
                  left join openings o on o.post in (p.id, coalesce(p.delegated_from, '')) and o.revoked_at is null
                       and o.opens_at <= $2 and o.closes_at > $2 and (o.post = p.id or o.kind in ('grid', 'pairing'))
             where s.token_hash = $1 and s.revoked_at is null and s.ends_at > $2 and s.seen_at > $3
             order by p.recorded_at, p.id, o.id limit 1050",
        )
        .bind(digest(token))
        .bind(now)
        .bind(idle)
        .list()
        .await?;
    let session = rows.first().map(SessionRow::session);
    let staff = together(rows.into_iter().filter_map(SessionRow::staff).collect()).pop();
    Ok(session.map(|session| (session, staff)))
}

/// Everybody of the county, by account.
pub(crate) async fn list_staff(cx: &mut Cx) -> Result<Vec<Staff>> {
    let county = cx.county().to_owned();
    let rows: Vec<StaffRow> = cx
        .sql(
            "select a.id, a.account, a.name, a.county_id, a.language, p.id as post, p.role, p.place, p.valid_from, p.valid_to, p.department,
               (select max(places.name) from places
                where places.place = p.place and places.superseded_at is null) as place_name,
               cast(null as text) as opening, cast(null as text) as opening_kind, cast(null as text) as opening_place
             from accounts a left join posts p on p.staff = a.id and p.superseded_at is null
             where a.county_id = $1 and a.closed_at is null order by a.account, p.recorded_at, p.id limit 2000",
        )
        .bind(county)
        .list()
        .await?;
    Ok(together(rows))
}

fn together(rows: Vec<StaffRow>) -> Vec<Staff> {
    let mut all: Vec<Staff> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.id.0 != row.id) {
            all.push(Staff {
                id: StaffId(row.id.clone()),
                account: row.account.clone(),
                name: row.name.clone(),
                county: row.county_id.clone(),
                language: row.language.as_deref().and_then(Language::from_code),
                posts: Vec::new(),
            });
        }
        let Some(last) = all.last_mut() else { continue };
        let known = last.posts.last().is_some_and(|post| Some(&post.id) == row.post.as_ref());
        last.posts.extend(if known { None } else { row.post() });
        if let (Some(post), Some(opening)) = (last.posts.last_mut(), row.opening()) {
            // A post of a role that this program doesn't know isn't there, nor is what it opens.
            if Some(&post.id) == row.post.as_ref() {
                post.openings.push(opening);
            }
        }
    }
    all
}

/// The names of the county's accounts by id, closed ones too: the trail goes on naming who did something.
pub(crate) async fn list_names(cx: &mut Cx) -> Result<BTreeMap<String, String>> {
    let county = cx.county().to_owned();
    let rows: Vec<(String, String)> = cx
        .sql("select id, name from accounts where county_id = $1 order by id limit 20000")
        .bind(county)
        .list()
        .await?;
    Ok(rows.into_iter().collect())
}

/// The accounts planted for a demo, as the sign-in page shows them.
pub(crate) async fn list_demo(cx: &mut Cx) -> Result<Vec<(String, String, String, Option<String>)>> {
    cx.sql(
        "select a.account, a.name, p.role,
           (select max(places.name) from places
            where places.place = p.place and places.superseded_at is null) as place_name
         from accounts a join posts p on p.staff = a.id and p.superseded_at is null
         where a.demo and a.closed_at is null order by p.recorded_at, p.id limit 20",
    )
    .list()
    .await
}

pub(crate) async fn insert_account(
    cx: &mut Cx,
    id: &AccountId,
    new: NewAccount<'_>,
    hash: &str,
    must_change: bool,
) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into accounts (id, county_id, account, name, password_hash, language, demo, made_at, made_by, must_change)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(county)
    .bind(new.account)
    .bind(new.name)
    .bind(hash)
    .bind(new.language.map(Language::code))
    .bind(new.demo)
    .bind(now)
    .bind(who)
    .bind(must_change)
    .run_one()
    .await
    .on_constraint("accounts_account", "account", message("staff-account-taken"))
}

pub(crate) async fn find_failures(cx: &mut Cx, account_blind: &str) -> Result<Failures> {
    let row: Option<(i64, Moment)> = cx
        .sql("select failures, blocked_until from sign_in_failures where account_blind = $1")
        .bind(account_blind)
        .find()
        .await?;
    Ok(row.map_or(Failures { count: 0, blocked_until: Moment(0) }, |(count, blocked_until)| Failures {
        count,
        blocked_until,
    }))
}

pub(crate) async fn put_failures(cx: &mut Cx, account_blind: &str, failures: Failures) -> Result<()> {
    cx.sql(
        "insert into sign_in_failures (account_blind, failures, blocked_until) values ($1, $2, $3)
         on conflict (account_blind) do update
           set failures = excluded.failures, blocked_until = excluded.blocked_until",
    )
    .bind(account_blind)
    .bind(failures.count)
    .bind(failures.blocked_until)
    .run_one()
    .await
}

pub(crate) async fn delete_failures(cx: &mut Cx, account_blind: &str) -> Result<u64> {
    cx.sql("delete from sign_in_failures where account_blind = $1").bind(account_blind).run().await
}

/// The places of a level that are in force, to give a demo's posts at.
pub(crate) async fn list_places_in_force(cx: &mut Cx, level: &str) -> Result<Vec<String>> {
    let county = cx.county().to_owned();
    let found: Vec<(String,)> = cx
        .sql(
            "select place from places where county_id = $1 and level = $2 and superseded_at is null and valid_to is null
             order by place limit 20000",
        )
        .bind(county)
        .bind(level)
        .list()
        .await?;
    Ok(found.into_iter().map(|(place,)| place).collect())
}

pub(crate) async fn list_counties(cx: &mut Cx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        cx.sql("select distinct county_id from accounts order by county_id limit 1000").list().await?;
    Ok(rows.into_iter().map(|(county,)| county).collect())
}
