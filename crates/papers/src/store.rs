//! The only SQL of papers.

use kernel::retention::{About, Keep};
use kernel::{Columns, Cx, Moment, Result};

const FAMILY: Columns = Columns::family("place", "household");

kernel::record! {
    /// A paper in a list, its title still sealed.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: String,
        pub media: String,
        pub size: i64,
        pub title: Vec<u8>,
        pub recorded_at: Moment,
        pub recorded_name: String,
    }
}

kernel::record! {
    /// A paper with its content, both still sealed.
    #[derive(Clone, Debug)]
    pub struct Kept {
        pub household: String,
        pub media: String,
        pub content: Vec<u8>,
    }
}

/// A new paper, sealed.
pub struct New<'p> {
    pub household: &'p str,
    pub place: &'p str,
    pub media: &'p str,
    pub size: i64,
    pub digest: &'p str,
    pub title: Vec<u8>,
    pub content: Vec<u8>,
}

/// The papers of a household that stand, the newest first.
pub async fn list_of_household(cx: &mut Cx, household: &str) -> Result<Vec<Listed>> {
    cx.scoped(
        FAMILY,
        "select id, media, size, title, recorded_at, recorded_name from papers
         where {scope} and {known} and household = $1 order by recorded_at desc, id limit 100",
    )
    .bind(household)
    .list()
    .await
}

/// # Errors
/// `NotFound` out of scope, or when it was withdrawn.
pub async fn get(cx: &mut Cx, id: &str) -> Result<Kept> {
    cx.scoped(FAMILY, "select household, media, content from papers where {scope} and {known} and id = $1")
        .bind(id)
        .get()
        .await
}

/// # Errors
/// `Forbidden` for a machine.
pub async fn insert(cx: &mut Cx, id: &str, new: New<'_>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into papers (id, county_id, place, household, media, size, digest, title, content, recorded_at,
                             recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(county)
    .bind(new.place)
    .bind(new.household)
    .bind(new.media)
    .bind(new.size)
    .bind(new.digest)
    .bind(new.title)
    .bind(new.content)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// Whether a household has the same paper, standing.
pub async fn has(cx: &mut Cx, household: &str, digest: &str) -> Result<bool> {
    let (count,): (i64,) = cx
        .scoped(FAMILY, "select count(*) from papers where {scope} and {known} and household = $1 and digest = $2")
        .bind(household)
        .bind(digest)
        .get()
        .await?;
    Ok(count > 0)
}

/// # Errors
/// `Conflict` when somebody withdrew it meanwhile.
pub async fn supersede(cx: &mut Cx, id: &str, reason: Vec<u8>) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update papers set superseded_at = $2, superseded_by = $3, reason = $4 /* unscoped: found by a scoped read */
         where id = $1 and superseded_at is null",
    )
    .bind(id)
    .bind(now)
    .bind(who)
    .bind(reason)
    .run_one()
    .await
}

/// What is kept for a while: papers, and those that were withdrawn; none of a family that somebody still works for.
pub const KEEPS: &[Keep] = &[
    Keep {
        what: "withdrawn_papers",
        about: About::Families,
        count: "select count(*) from papers where county_id = $1 and superseded_at < $2 and household not in
                (select household from retention_holds where county_id = $1) /* unscoped: for the whole county */",
        remove: &["delete from papers where id in
                   (select id from papers where county_id = $1 and superseded_at < $2 and household not in
                    (select household from retention_holds where county_id = $1)
                    limit 200) /* unscoped: for the whole county */"],
    },
    Keep {
        what: "papers",
        about: About::Families,
        count: "select count(*) from papers where county_id = $1 and recorded_at < $2 and household not in
                (select household from retention_holds where county_id = $1) /* unscoped: for the whole county */",
        remove: &["delete from papers where id in
                   (select id from papers where county_id = $1 and recorded_at < $2 and household not in
                    (select household from retention_holds where county_id = $1)
                    limit 200) /* unscoped: for the whole county */"],
    },
];
