//! The only SQL of codes.

use kernel::retention::{About, Keep};
use kernel::{Columns, Cx, Moment, Result};

const FAMILY: Columns = Columns::family("place", "household");

kernel::record! {
    /// A code as it was given, without itself.
    #[derive(Clone, Debug)]
    pub struct Given {
        pub expires_at: Moment,
        pub used_at: Option<Moment>,
        pub recorded_at: Moment,
        pub recorded_name: String,
        pub superseded_at: Option<Moment>,
    }
}

kernel::record! {
    /// A code that opens a page now.
    #[derive(Clone, Debug)]
    pub struct Found {
        pub id: String,
        pub county_id: String,
        pub household: String,
    }
}

/// The codes a family was given, the newest first.
pub async fn list_of_household(cx: &mut Cx, household: &str) -> Result<Vec<Given>> {
    cx.scoped(
        FAMILY,
        "select expires_at, used_at, recorded_at, recorded_name, superseded_at from resident_codes
         where {scope} and household = $1 order by recorded_at desc limit 5",
    )
    .bind(household)
    .list()
    .await
}

pub async fn insert(cx: &mut Cx, household: &str, place: &str, code: &str, expires_at: Moment) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (id, county, now) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into resident_codes (id, county_id, place, household, code, expires_at, recorded_at, recorded_by,
                                     recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(county)
    .bind(place)
    .bind(household)
    .bind(code)
    .bind(expires_at)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// Takes back what a family holds and has not used; gives how many there were.
pub async fn supersede(cx: &mut Cx, household: &str) -> Result<u64> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update resident_codes set superseded_at = $2, superseded_by = $3 /* unscoped: the family was read in scope */
         where household = $1 and used_at is null and superseded_at is null",
    )
    .bind(household)
    .bind(now)
    .bind(who)
    .run()
    .await
}

/// The code that opens a page now: not used, not taken back, not over.
pub async fn find(cx: &mut Cx, code: &str) -> Result<Option<Found>> {
    let now = cx.now;
    cx.sql(
        "select id, county_id, household from resident_codes /* unscoped: whoever holds the code may come in */
         where code = $1 and used_at is null and superseded_at is null and expires_at > $2",
    )
    .bind(code)
    .bind(now)
    .find()
    .await
}

/// # Errors
/// `Conflict` when somebody used it meanwhile.
pub async fn put_used(cx: &mut Cx, id: &str) -> Result<()> {
    let now = cx.now;
    cx.sql("update resident_codes set used_at = $2 where id = $1 and used_at is null /* unscoped: found by its code */")
        .bind(id)
        .bind(now)
        .run_one()
        .await
}

pub async fn insert_attempt(cx: &mut Cx, address: &str) -> Result<()> {
    let (id, now) = (cx.new_id().to_string(), cx.now);
    cx.sql("insert into resident_attempts (id, county_id, address, tried_at) values ($1, '', $2, $3)")
        .bind(id)
        .bind(address)
        .bind(now)
        .run_one()
        .await
}

pub async fn count_attempts(cx: &mut Cx, address: &str, since: Moment) -> Result<i64> {
    let (count,): (i64,) = cx
        .sql("select count(*) from resident_attempts where address = $1 and tried_at > $2")
        .bind(address)
        .bind(since)
        .get()
        .await?;
    Ok(count)
}

/// What is kept for a while: codes that open nothing any more, and attempts.
pub const KEEPS: &[Keep] = &[
    Keep {
        what: "one_time_codes",
        about: About::Families,
        count: "select count(*) from resident_codes
                where county_id = $1 and expires_at < $2 /* unscoped: for the whole county */",
        remove: &["delete from resident_codes where id in
                   (select id from resident_codes
                    where county_id = $1 and expires_at < $2 limit 1000) /* unscoped: for the whole county */"],
    },
    Keep {
        what: "code_attempts",
        about: About::Program,
        count: "select count(*) from resident_attempts where county_id in ($1, '') and tried_at < $2",
        remove: &["delete from resident_attempts where id in
                   (select id from resident_attempts where county_id in ($1, '') and tried_at < $2 limit 1000)"],
    },
];
