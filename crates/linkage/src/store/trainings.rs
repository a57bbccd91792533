//! The only SQL of what people had learned from labels.

use kernel::{Columns, Cx, Moment, Result};

kernel::record! {
    /// What somebody had m learned from.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Training {
        pub id: String,
        pub version: i64,
        pub same: i64,
        pub different: i64,
        /// JSON of [`crate::stage::Matches`].
        pub matches: String,
        pub reason: String,
        pub recorded_at: Moment,
        pub recorded_name: String,
    }
}

/// The one that holds for the next run.
///
/// # Errors
/// The database's.
pub async fn find_training(cx: &mut Cx) -> Result<Option<Training>> {
    Ok(list_trainings(cx).await?.into_iter().next())
}

/// All there were, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_trainings(cx: &mut Cx) -> Result<Vec<Training>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, version, same, different, matches, reason, recorded_at, recorded_name
         from link_trainings where county_id = $1 order by version desc limit 50",
    )
    .bind(county)
    .list()
    .await
}

pub(crate) struct NewTraining<'n> {
    pub id: &'n str,
    pub version: i64,
    pub same: i64,
    pub different: i64,
    pub matches: String,
    pub reason: &'n str,
}

/// # Errors
/// `Conflict` when the same version was recorded meanwhile.
pub(crate) async fn insert_training(cx: &mut Cx, new: NewTraining<'_>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "update link_trainings set superseded_at = $2, superseded_by = $3
         where county_id = $1 and superseded_at is null",
    )
    .bind(county.as_str())
    .bind(now)
    .bind(new.id)
    .run()
    .await?;
    cx.sql(
        "insert into link_trainings (id, county_id, version, same, different, matches, reason, recorded_at, recorded_by,
                                     recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(county)
    .bind(new.version)
    .bind(new.same)
    .bind(new.different)
    .bind(new.matches)
    .bind(new.reason)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// The standing judgements that linkage can learn from: weight × 100, levels as JSON, and what was said.
///
/// # Errors
/// The database's.
pub async fn list_taught(cx: &mut Cx) -> Result<Vec<(i64, String, String)>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("place", "household"),
        "select weight, levels, decision from link_decisions
         where {scope} and {known} and county_id = $1 and decision in ('same', 'different') and weight is not null
           and levels is not null
         order by recorded_at, id limit 100000",
    )
    .bind(county)
    .list()
    .await
}
