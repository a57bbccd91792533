//! The only SQL of attachments.

use kernel::{Columns, Cx, Moment, Result};

const FAMILY: Columns = Columns::family("place", "household");

kernel::record! {
    /// An attachment in a list, its name and words still sealed.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: String,
        pub media: String,
        pub size: i64,
        pub name: Vec<u8>,
        pub unread: String,
        pub looked: Option<Vec<u8>>,
        pub notice: Option<String>,
        pub recorded_at: Moment,
        pub recorded_name: String,
    }
}

kernel::record! {
    /// An attachment that hangs beside a notice, sealed, with its household's wrapped key; that is gone when the family
    /// was erased.
    #[derive(Clone, Debug)]
    pub struct Hung {
        pub id: String,
        pub household: String,
        pub media: String,
        pub name: Vec<u8>,
        pub notice: String,
        pub wrapped: Option<String>,
    }
}

/// An attachment as people see it in a list.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: String,
    pub media: String,
    pub size: i64,
    pub name: String,
    /// Codes of what no program could read in it.
    pub unread: Vec<String>,
    /// What the person who looked says of it.
    pub looked: String,
    /// The notice it hangs beside.
    pub notice: Option<String>,
    pub recorded_at: Moment,
    pub recorded_name: String,
}

/// A new attachment, sealed.
pub struct New<'a> {
    pub case: &'a str,
    pub household: &'a str,
    pub place: &'a str,
    pub media: &'a str,
    pub size: i64,
    pub unread: &'a str,
    pub name: Vec<u8>,
    pub looked: Option<Vec<u8>>,
    pub content: Vec<u8>,
}

/// The attachments of a case that weren't taken away, in the order they came.
pub async fn list_of_case(cx: &mut Cx, case: &str) -> Result<Vec<Listed>> {
    cx.scoped(
        FAMILY,
        "select id, media, size, name, unread, looked, notice, recorded_at, recorded_name from attachments
         where {scope} and {known} and case_id = $1 order by recorded_at, id limit 100",
    )
    .bind(case)
    .list()
    .await
}

/// Media, sealed name and sealed content of one of a case.
///
/// # Errors
/// `NotFound` out of scope, of another case, or taken away.
pub async fn get(cx: &mut Cx, case: &str, id: &str) -> Result<(String, Vec<u8>, Vec<u8>)> {
    cx.scoped(
        FAMILY,
        "select media, name, content from attachments where {scope} and {known} and case_id = $1 and id = $2",
    )
    .bind(case)
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
        "insert into attachments (id, county_id, place, household, case_id, media, size, name, content, unread, looked,
                                  recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id)
    .bind(county)
    .bind(new.place)
    .bind(new.household)
    .bind(new.case)
    .bind(new.media)
    .bind(new.size)
    .bind(new.name)
    .bind(new.content)
    .bind(new.unread)
    .bind(new.looked)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// Hangs what waits with a case beside its notice.
pub async fn hang(cx: &mut Cx, case: &str, notice: &str) -> Result<()> {
    cx.sql(
        "update attachments set notice = $2 /* unscoped: of a case found by a scoped read */
         where case_id = $1 and notice is null and superseded_at is null",
    )
    .bind(case)
    .bind(notice)
    .run()
    .await
    .map(drop)
}

/// Takes one away that waits; what hung stays as it was.
///
/// # Errors
/// `Conflict` when it hangs already, or somebody took it away meanwhile.
pub async fn supersede(cx: &mut Cx, case: &str, id: &str) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update attachments set superseded_at = $3, superseded_by = $4 /* unscoped: found by a scoped read */
         where case_id = $1 and id = $2 and notice is null and superseded_at is null",
    )
    .bind(case)
    .bind(id)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

/// What hangs beside a notice.
pub async fn list_hung(cx: &mut Cx, notice: &str) -> Result<Vec<Hung>> {
    cx.sql(
        "select a.id, a.household, a.media, a.name, a.notice, k.wrapped
         from attachments a left join subject_keys k on k.subject = a.household
         where a.notice = $1 and a.superseded_at is null /* unscoped: public, as long as its notice is */
         order by a.recorded_at, a.id limit 100",
    )
    .bind(notice)
    .list()
    .await
}

/// Sealed content of what hangs beside a notice.
///
/// # Errors
/// `NotFound` when no such thing hangs there.
pub async fn get_hung(cx: &mut Cx, notice: &str, id: &str) -> Result<Vec<u8>> {
    let (content,): (Vec<u8>,) = cx
        .sql(
            "select content from attachments
             where notice = $1 and id = $2 and superseded_at is null /* unscoped: public, as long as its notice is */",
        )
        .bind(notice)
        .bind(id)
        .get()
        .await?;
    Ok(content)
}
