//! The only SQL of links for review and of what people say of them.

mod rulings;
mod trainings;

pub(crate) use rulings::{NewRuling, insert_ruling, supersede_ruling};
pub use rulings::{
    RULING, Ruled, find_records, get_ruling, list_judged, list_rulings, list_rulings_about, list_rulings_of,
    list_standing,
};
pub(crate) use trainings::{NewTraining, insert_training};
pub use trainings::{Training, find_training, list_taught, list_trainings};

use crate::model::Verdict;
use kernel::{Columns, Cx, Moment, Result, Walk};

kernel::record! {
    /// A pair in the list, its records still sealed.
    #[derive(Clone, Debug)]
    pub struct Waiting {
        pub id: String,
        /// The same in the next run.
        pub pair: String,
        pub place: String,
        pub household: String,
        pub kind: String,
        /// Match weight × 100, log2 odds.
        pub weight: i64,
        pub department_a: String,
        pub department_b: String,
        pub document: Vec<u8>,
        pub wrapped: Option<String>,
    }
}

/// Pairs of which people last said this, in the order of their places; `Undo` is those that wait. `after` is place
/// and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn list_pairs(
    cx: &mut Cx,
    said: Verdict,
    after: Option<(String, String)>,
    size: usize,
) -> Result<Vec<Waiting>> {
    let walk = Walk {
        place: "r.place",
        id: "r.id",
        household: "r.household",
        sql: "select r.id, r.pair, r.place, r.household, r.kind, r.weight, r.department_a, r.department_b, r.document,
                    k.wrapped
              from link_reviews r left join subject_keys k on k.subject = r.household
                   left join link_decisions d on d.pair = r.pair and {known d}
              where {known r} and coalesce(d.decision, 'undo') = $1 and {page}",
    };
    cx.page(walk, |query| query.bind(said.code()), after, size).await
}

/// How many pairs people have said what of, within the reader's scope; `undo`: how many wait.
///
/// # Errors
/// The database's.
pub async fn list_counts(cx: &mut Cx) -> Result<Vec<(String, i64)>> {
    cx.scoped(
        Columns::family("r.place", "r.household"),
        "select coalesce(d.decision, 'undo') as said, count(*)
         from link_reviews r left join link_decisions d on d.pair = r.pair and {known d}
         where {scope} and {known r} group by coalesce(d.decision, 'undo') limit 10",
    )
    .list()
    .await
}

/// # Errors
/// `NotFound` where it doesn't exist or isn't in scope.
pub async fn get_pair(cx: &mut Cx, id: &str) -> Result<Waiting> {
    cx.scoped(
        Columns::family("r.place", "r.household"),
        "select r.id, r.pair, r.place, r.household, r.kind, r.weight, r.department_a, r.department_b, r.document,
                k.wrapped
         from link_reviews r left join subject_keys k on k.subject = r.household where {scope} and r.id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// What a judgement's digests are sealed as.
pub const DECISION_KEYS: &str = "link_decisions.keys";

/// What the program thought of a pair when somebody judged it, kept with the judgement.
#[derive(Clone, Debug, Default)]
pub struct Thought {
    /// Match weight × 100; `None` where nothing was weighed.
    pub weight: Option<i64>,
    /// JSON: field and level of each comparison.
    pub levels: Option<String>,
    /// Digests of the two records' keys, sealed.
    pub keys: Option<Vec<u8>>,
}

kernel::record! {
    /// A person's word on a pair.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Decision {
        pub id: String,
        pub place: String,
        pub household: String,
        pub pair: String,
        pub left_source: String,
        pub left_id: String,
        pub right_source: String,
        pub right_id: String,
        /// Counts the decisions about this pair, from 1.
        pub version: i64,
        pub decision: String,
        pub reason: Option<String>,
        pub recorded_at: Moment,
        pub recorded_by: String,
        /// The person's name as it was that day.
        pub recorded_name: String,
    }
}

impl Decision {
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::from_code(&self.decision)
    }
}

/// All decisions about a pair, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_decisions(cx: &mut Cx, pair: &str) -> Result<Vec<Decision>> {
    cx.scoped(
        Columns::family("place", "household"),
        "select id, place, household, pair, left_source, left_id, right_source, right_id, version, decision, reason,
                recorded_at, recorded_by, recorded_name
         from link_decisions where {scope} and pair = $1 order by version desc limit 50",
    )
    .bind(pair)
    .list()
    .await
}

/// The standing decisions within scope, as labels: undone ones and those that couldn't tell are none.
///
/// # Errors
/// The database's.
pub async fn list_labels(cx: &mut Cx) -> Result<Vec<Decision>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("place", "household"),
        "select id, place, household, pair, left_source, left_id, right_source, right_id, version, decision, reason,
                recorded_at, recorded_by, recorded_name
         from link_decisions where {scope} and {known} and county_id = $1 and decision in ('same', 'different')
         order by left_source, left_id, right_source, right_id, id limit 100000",
    )
    .bind(county)
    .list()
    .await
}

/// # Errors
/// `Conflict` when the same version was recorded meanwhile.
pub async fn insert_decision(cx: &mut Cx, decision: &Decision, thought: Thought) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql(
        "insert into link_decisions (id, county_id, place, household, pair, left_source, left_id, right_source,
                                     right_id, version, decision, reason, recorded_at, recorded_by, recorded_name,
                                     weight, levels, keys)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(decision.id.as_str())
    .bind(county)
    .bind(decision.place.as_str())
    .bind(decision.household.as_str())
    .bind(decision.pair.as_str())
    .bind(decision.left_source.as_str())
    .bind(decision.left_id.as_str())
    .bind(decision.right_source.as_str())
    .bind(decision.right_id.as_str())
    .bind(decision.version)
    .bind(decision.decision.as_str())
    .bind(decision.reason.as_deref())
    .bind(decision.recorded_at)
    .bind(decision.recorded_by.as_str())
    .bind(decision.recorded_name.as_str())
    .bind(thought.weight)
    .bind(thought.levels)
    .bind(thought.keys)
    .run_one()
    .await
}

/// The older decision is known until now; `by` is the one that takes its place.
///
/// # Errors
/// `Conflict` when another took its place first.
pub async fn supersede_decision(cx: &mut Cx, older: &str, by: &str) -> Result<()> {
    let now = cx.now;
    cx.sql(
        "update link_decisions set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where id = $1 and superseded_at is null",
    )
    .bind(older)
    .bind(now)
    .bind(by)
    .run_one()
    .await
}

/// What the newest run learned about linking: as its page shows it, JSON of [`crate::model::ModelShown`], and whole, JSON
/// of [`fellegi::Model`].
///
/// # Errors
/// The database's.
pub async fn find_model(cx: &mut Cx) -> Result<Option<(String, Option<String>)>> {
    let county = cx.county().to_owned();
    cx.sql("select model, learned from link_models where county_id = $1 and {known} order by recorded_at desc limit 1")
        .bind(county)
        .find()
        .await
}
