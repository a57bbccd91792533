//! The only SQL of corrections laid over files.

use super::Filed;
use kernel::{Columns, Cx, Result};
use values::Day;

pub(crate) async fn insert_correction(cx: &mut Cx, filed: &Filed, ruling: &str, document: Vec<u8>) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into household_corrections (ruling, household, county_id, place, document, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(ruling)
    .bind(filed.household.as_str())
    .bind(county)
    .bind(filed.place.as_str())
    .bind(document)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

pub(crate) async fn supersede_correction(cx: &mut Cx, household: &str, ruling: &str, by: &str) -> Result<u64> {
    let now = cx.now;
    cx.sql(
        "update household_corrections set superseded_at = $3, superseded_by = $4 /* unscoped: read in scope before */
         where ruling = $1 and household = $2 and superseded_at is null",
    )
    .bind(ruling)
    .bind(household)
    .bind(now)
    .bind(by)
    .run()
    .await
}

/// The sealed corrections of a family that stand and that no run has obeyed, in the order they were laid.
pub(crate) async fn list_corrections(cx: &mut Cx, household: &str) -> Result<Vec<Vec<u8>>> {
    let found: Vec<(Vec<u8>,)> = cx
        .scoped(
            Columns::family("place", "household"),
            "select document from household_corrections
             where {scope} and {known} and household = $1 and obeyed_by is null order by recorded_at, ruling limit 500",
        )
        .bind(household)
        .list()
        .await?;
    Ok(found.into_iter().map(|(document,)| document).collect())
}

/// The sealed file that a run told of a family last; of one that a split made, the file the split made.
pub(crate) async fn get_told(cx: &mut Cx, household: &str) -> Result<Vec<u8>> {
    let (document,): (Vec<u8>,) = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select d.document from household_files f join household_documents d on d.file = f.id
             where {scope} and f.household = $1
             order by case when f.run like 'change:%' then 1 else 0 end,
                      case when f.run like 'change:%' then f.recorded_at end, f.recorded_at desc limit 1",
        )
        .bind(household)
        .get()
        .await?;
    Ok(document)
}

/// Kind, day and sealed details of the changes that people agreed to, in the order they happened.
pub(crate) async fn list_agreed(cx: &mut Cx, household: &str) -> Result<Vec<(String, Day, Vec<u8>)>> {
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.kind, c.valid_from, c.details from household_changes c
         join household_change_decisions d on d.change = c.id and d.decision = 'agreed'
         where {scope} and c.household = $1 order by c.valid_from, c.recorded_at, c.id limit 500",
    )
    .bind(household)
    .list()
    .await
}
