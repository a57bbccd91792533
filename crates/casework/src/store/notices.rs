use crate::model::{CaseId, Notice};
use crate::store::Case;
use kernel::{Cx, Result};
use values::Day;

kernel::record! {
    /// A notice that hangs on a village's board, its words still sealed.
    #[derive(Clone, Debug)]
    pub struct Hung {
        pub id: String,
        pub household: String,
        pub words: Vec<u8>,
        pub stands_from: Day,
        pub stands_to: Day,
        /// The household's wrapped key; gone when the family was erased.
        pub wrapped: Option<String>,
    }
}

/// Gives the notice's id.
///
/// # Errors
/// The database's.
pub async fn insert_notice(cx: &mut Cx, case: &Case, board: &str, notice: &Notice, words: Vec<u8>) -> Result<String> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into case_notices (id, case_id, county_id, place, household, board, words, stands_from, stands_to,
                                   kept_until, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id.as_str())
    .bind(&case.id)
    .bind(county)
    .bind(case.place.as_str())
    .bind(case.household.as_str())
    .bind(board)
    .bind(words)
    .bind(notice.from)
    .bind(notice.to)
    .bind(notice.kept)
    .bind(now)
    .bind(who)
    .run_one()
    .await?;
    Ok(id)
}

/// The notice of a case that wasn't taken down, the newest.
///
/// # Errors
/// The database's.
pub async fn find_notice(cx: &mut Cx, case: &CaseId) -> Result<Option<String>> {
    let found: Option<(String,)> = cx
        .sql(
            "select id from case_notices
             where case_id = $1 and superseded_at is null /* unscoped: of a case found by a scoped read */
             order by recorded_at desc limit 1",
        )
        .bind(case)
        .find()
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Takes a case's notices down, when it ends before their time or puts up a newer one.
///
/// # Errors
/// The database's.
pub async fn take_down(cx: &mut Cx, case: &CaseId) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update case_notices set superseded_at = $2, superseded_by = $3 /* unscoped: of a case found by a scoped read */
         where case_id = $1 and superseded_at is null",
    )
    .bind(case)
    .bind(now)
    .bind(who)
    .run()
    .await
    .map(drop)
}

/// What hangs on a village's board that day, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_board(cx: &mut Cx, board: &str, today: Day) -> Result<Vec<Hung>> {
    cx.sql(
        "select n.id, n.household, n.words, n.stands_from, n.stands_to, k.wrapped
         from case_notices n left join subject_keys k on k.subject = n.household
         where n.board = $1 /* unscoped: public by law, for whoever was given the board's address */
           and n.superseded_at is null and n.stands_from <= $2 and n.kept_until >= $2
         order by n.stands_from desc, n.id limit 200",
    )
    .bind(board)
    .bind(today)
    .list()
    .await
}
