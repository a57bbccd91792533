use super::FAMILY;
use crate::model::CaseId;
use crate::policy::Adopted;
use kernel::{Columns, Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// A case as it was opened; what happened since are its entries.
    #[derive(Clone, Debug)]
    pub struct Case {
        pub id: CaseId,
        pub place: String,
        pub household: String,
        pub number: String,
        pub head: String,
        pub people: i64,
        pub programme: String,
        pub procedure: String,
        pub digest: String,
        pub source: String,
        pub clue: String,
        pub opened_on: Day,
        pub recorded_at: Moment,
        pub recorded_by: String,
        pub recorded_name: String,
    }
}

/// # Errors
/// `NotFound` out of scope.
pub async fn get_case(cx: &mut Cx, id: &CaseId) -> Result<Case> {
    cx.scoped(
        FAMILY,
        "select id, place, household, number, head, people, programme, procedure, digest, source, clue, opened_on,
                recorded_at, recorded_by, recorded_name
         from cases where {scope} and id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// The running case of a household under a procedure, if there is one.
///
/// # Errors
/// The database's.
pub async fn find_open_case(cx: &mut Cx, household: &str, procedure: &str) -> Result<Option<CaseId>> {
    let found: Option<(CaseId,)> = cx
        .scoped(
            Columns::family("c.place", "c.household"),
            "select c.id from cases c join case_states s on s.case_id = c.id and s.superseded_at is null
             where {scope} and c.household = $1 and c.procedure = $2 and s.ended = 0
             order by c.recorded_at desc limit 1",
        )
        .bind(household)
        .bind(procedure)
        .find()
        .await?;
    Ok(found.map(|(id,)| id))
}

/// The cases of a household, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_of_household(cx: &mut Cx, household: &str) -> Result<Vec<Case>> {
    cx.scoped(
        FAMILY,
        "select id, place, household, number, head, people, programme, procedure, digest, source, clue, opened_on,
                recorded_at, recorded_by, recorded_name
         from cases where {scope} and household = $1 order by recorded_at desc limit 50",
    )
    .bind(household)
    .list()
    .await
}

/// The cases that were opened from a finding's clue.
///
/// # Errors
/// The database's.
pub async fn list_opened_from(cx: &mut Cx, clue: &str) -> Result<Vec<Case>> {
    cx.scoped(
        FAMILY,
        "select id, place, household, number, head, people, programme, procedure, digest, source, clue, opened_on,
                recorded_at, recorded_by, recorded_name
         from cases where {scope} and clue = $1 order by recorded_at desc limit 50",
    )
    .bind(clue)
    .list()
    .await
}

/// The number of the county's next case of a year: GA-2026-0083.
///
/// # Errors
/// The database's.
pub async fn next_number(cx: &mut Cx, year: i16) -> Result<String> {
    let county = cx.county().to_owned();
    let (used,): (i64,) = cx
        .sql("select count(*) from cases /* unscoped: numbers the whole county */ where county_id = $1 and number like $2")
        .bind(county)
        .bind(format!("GA-{year}-%"))
        .get()
        .await?;
    Ok(format!("GA-{year}-{:04}", used + 1))
}

/// # Errors
/// The database's.
pub async fn insert_case(cx: &mut Cx, case: &Case) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql(
        "insert into cases (id, county_id, place, household, number, head, people, programme, procedure, digest, source,
                            clue, opened_on, recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(&case.id)
    .bind(county)
    .bind(case.place.as_str())
    .bind(case.household.as_str())
    .bind(case.number.as_str())
    .bind(case.head.as_str())
    .bind(case.people)
    .bind(case.programme.as_str())
    .bind(case.procedure.as_str())
    .bind(case.digest.as_str())
    .bind(case.source.as_str())
    .bind(case.clue.as_str())
    .bind(case.opened_on)
    .bind(case.recorded_at)
    .bind(case.recorded_by.as_str())
    .bind(case.recorded_name.as_str())
    .run_one()
    .await
}

/// Keeps a procedure's text for the cases that go by it; once.
///
/// # Errors
/// The database's.
pub async fn insert_procedure(cx: &mut Cx, adopted: &Adopted) -> Result<()> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into case_procedures (digest, county_id, procedure, version, text, recorded_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (county_id, digest) do nothing",
    )
    .bind(adopted.digest.as_str())
    .bind(county)
    .bind(adopted.procedure.id.as_str())
    .bind(i64::from(adopted.procedure.version))
    .bind(adopted.text.as_str())
    .bind(now)
    .run()
    .await
    .map(drop)
}

/// The text of the procedure that a case goes by.
///
/// # Errors
/// The database's.
pub async fn find_procedure(cx: &mut Cx, digest: &str) -> Result<Option<String>> {
    let county = cx.county().to_owned();
    let found: Option<(String,)> = cx
        .sql("select text from case_procedures where county_id = $1 and digest = $2")
        .bind(county)
        .bind(digest)
        .find()
        .await?;
    Ok(found.map(|(text,)| text))
}
