//! The only SQL of links for review.

use kernel::{Columns, Cx, Result, Walk};

/// A pair in the list, its records still sealed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    pub id: String,
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

/// Pairs in the order of their places; `after` is place and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn list_waiting(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Waiting>> {
    let walk = Walk {
        place: "r.place",
        id: "r.id",
        household: "r.household",
        sql:
            "select r.id, r.place, r.household, r.kind, r.weight, r.department_a, r.department_b, r.document, k.wrapped
              from link_reviews r left join subject_keys k on k.subject = r.household where {known r} and {page}",
    };
    cx.page(walk, |query| query, after, size).await
}

/// How many pairs wait within the reader's scope.
///
/// # Errors
/// The database's.
pub async fn count_waiting(cx: &mut Cx) -> Result<i64> {
    let (count,): (i64,) = cx
        .scoped(Columns::family("place", "household"), "select count(*) from link_reviews where {scope} and {known}")
        .get()
        .await?;
    Ok(count)
}

/// # Errors
/// `NotFound` where it doesn't exist or isn't in scope.
pub async fn get_waiting(cx: &mut Cx, id: &str) -> Result<Waiting> {
    cx.scoped(
        Columns::family("r.place", "r.household"),
        "select r.id, r.place, r.household, r.kind, r.weight, r.department_a, r.department_b, r.document, k.wrapped
         from link_reviews r left join subject_keys k on k.subject = r.household where {scope} and r.id = $1",
    )
    .bind(id)
    .get()
    .await
}
