use super::FAMILY;
use crate::model::CaseId;
use crate::store::Case;
use kernel::{Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// One thing that happened in a case, its body still sealed.
    #[derive(Clone, Debug)]
    pub struct Kept {
        pub version: i64,
        pub verb: String,
        /// Where the case stood.
        pub step: String,
        pub body: Vec<u8>,
        pub made_on: Day,
        pub recorded_at: Moment,
        pub recorded_by: String,
        pub recorded_name: String,
    }
}

/// Everything that happened in a case, in order.
///
/// # Errors
/// The database's.
pub async fn list_entries(cx: &mut Cx, case: &CaseId) -> Result<Vec<Kept>> {
    cx.scoped(
        FAMILY,
        "select version, verb, step, body, made_on, recorded_at, recorded_by, recorded_name
         from case_entries where {scope} and case_id = $1 order by version limit 10000",
    )
    .bind(case)
    .list()
    .await
}

/// # Errors
/// `Conflict` when the same version was recorded meanwhile.
pub async fn insert_entry(cx: &mut Cx, case: &Case, entry: &Kept) -> Result<()> {
    let (id, county) = (cx.new_id().to_string(), cx.county().to_owned());
    cx.sql(
        "insert into case_entries (id, case_id, county_id, place, household, version, verb, step, body, made_on,
                                   recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(id)
    .bind(&case.id)
    .bind(county)
    .bind(case.place.as_str())
    .bind(case.household.as_str())
    .bind(entry.version)
    .bind(entry.verb.as_str())
    .bind(entry.step.as_str())
    .bind(entry.body.clone())
    .bind(entry.made_on)
    .bind(entry.recorded_at)
    .bind(entry.recorded_by.as_str())
    .bind(entry.recorded_name.as_str())
    .run_one()
    .await
}
