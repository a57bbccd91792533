use crate::model::RunId;
use kernel::{Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// One run of the chain.
    #[derive(Clone, Debug)]
    pub struct Run {
        pub id: RunId,
        pub as_of: Day,
        pub policy: String,
        pub rows_read: i64,
        pub rows_rejected: i64,
        pub records_linked: i64,
        pub persons: i64,
        pub households: i64,
        pub found: i64,
        pub undetermined: i64,
        pub to_review: i64,
        pub millis: i64,
        /// Bytes.
        pub peak_memory: i64,
        pub recorded_at: Moment,
    }
}

kernel::record! {
    /// One stage of a run.
    #[derive(Clone, Debug)]
    pub struct Stage {
        pub name: String,
        pub counted: i64,
        pub unit: String,
        pub left_behind: i64,
        pub millis: i64,
    }
}

/// The newest run of the reader's county; as it was known on an earlier day, if the context says so.
///
/// # Errors
/// The database's.
pub async fn find_latest_run(cx: &mut Cx) -> Result<Option<Run>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, as_of, policy, rows_read, rows_rejected, records_linked, persons, households, found, undetermined,
                to_review, millis, peak_memory, recorded_at
         from screening_runs where county_id = $1 and {known} order by recorded_at desc limit 1",
    )
    .bind(county)
    .find()
    .await
}

/// # Errors
/// `NotFound` when there is no such run in this county.
pub async fn get_run(cx: &mut Cx, id: &RunId) -> Result<Run> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, as_of, policy, rows_read, rows_rejected, records_linked, persons, households, found, undetermined,
                to_review, millis, peak_memory, recorded_at
         from screening_runs where county_id = $1 and id = $2",
    )
    .bind(county)
    .bind(id)
    .get()
    .await
}

/// The runs of the county, newest first.
///
/// # Errors
/// The database's.
pub async fn list_runs(cx: &mut Cx) -> Result<Vec<Run>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, as_of, policy, rows_read, rows_rejected, records_linked, persons, households, found, undetermined,
                to_review, millis, peak_memory, recorded_at
         from screening_runs where county_id = $1 order by recorded_at desc, id limit 100",
    )
    .bind(county)
    .list()
    .await
}

/// The stages of a run in their order.
///
/// # Errors
/// The database's.
pub async fn list_stages(cx: &mut Cx, run: &RunId) -> Result<Vec<Stage>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select name, counted, unit, left_behind, millis from screening_stages
         where county_id = $1 and run = $2 order by position limit 50",
    )
    .bind(county)
    .bind(run)
    .list()
    .await
}
