use crate::model::CaseId;
use kernel::{Columns, Cx, Result, Walk};
use values::Day;

kernel::record! {
    /// A case and where it stands, for machines.
    #[derive(Clone, Debug)]
    pub struct Summary {
        pub id: CaseId,
        pub place: String,
        pub household: String,
        pub number: String,
        pub programme: String,
        pub procedure: String,
        pub source: String,
        pub opened_on: Day,
        pub version: i64,
        pub step: String,
        pub ended: i64,
        pub due_on: String,
        pub helping: i64,
    }
}

/// Cases in the order of their places; `after` is place and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn page_of_summaries(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Summary>> {
    let walk = Walk {
        place: "c.place",
        id: "c.id",
        household: "c.household",
        sql: "select c.id, c.place, c.household, c.number, c.programme, c.procedure, c.source, c.opened_on, s.version,
                     s.step, s.ended, s.due_on, s.helping
              from cases c join case_states s on s.case_id = c.id and s.superseded_at is null where {page}",
    };
    cx.page(walk, |query| query, after, size).await
}

/// # Errors
/// `NotFound` out of scope.
pub async fn get_summary(cx: &mut Cx, id: &CaseId) -> Result<Summary> {
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, c.number, c.programme, c.procedure, c.source, c.opened_on, s.version,
                s.step, s.ended, s.due_on, s.helping
         from cases c join case_states s on s.case_id = c.id and s.superseded_at is null where {scope} and c.id = $1",
    )
    .bind(id)
    .get()
    .await
}
