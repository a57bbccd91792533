use crate::clues::{Clue, ClueId, Decision, Heard};
use crate::store::Filed;
use kernel::{Columns, Cx, Result, Walk};
use values::Day;

/// A clue that nobody has answered yet.
///
/// # Errors
/// `NotFound` out of scope, or when it was answered.
pub async fn get_clue(cx: &mut Cx, id: &ClueId) -> Result<Heard> {
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, c.source, c.words, c.recorded_at, c.recorded_name, f.head, o.owner_name,
                o.due_on
         from household_clues c join household_files f on f.household = c.household and f.superseded_at is null
              left join household_clue_owners o on o.clue = c.id and o.superseded_at is null
         where {scope} and {known c} and c.id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// Clues that nobody has answered yet: the reader's own first, then by when they are due, then the oldest.
///
/// # Errors
/// The database's.
pub async fn list_clues(cx: &mut Cx, size: i64) -> Result<Vec<Heard>> {
    let (county, who) = (cx.county().to_owned(), cx.who.label());
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, c.source, c.words, c.recorded_at, c.recorded_name, f.head, o.owner_name,
                o.due_on
         from household_clues c join household_files f on f.household = c.household and f.superseded_at is null
              left join household_clue_owners o on o.clue = c.id and o.superseded_at is null
         where {scope} and {known c} and c.county_id = $1
         order by case when o.owner = $3 then 0 else 1 end, coalesce(o.due_on, '9999-12-31'), c.recorded_at, c.id
         limit $2",
    )
    .bind(county)
    .bind(size)
    .bind(who)
    .list()
    .await
}

/// The same in the order of their places; `after` is place and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn page_of_clues(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Heard>> {
    let walk = Walk {
        place: "c.place",
        id: "c.id",
        household: "c.household",
        sql:
            "select c.id, c.place, c.household, c.source, c.words, c.recorded_at, c.recorded_name, f.head, o.owner_name,
                     o.due_on
              from household_clues c join household_files f on f.household = c.household and f.superseded_at is null
                   left join household_clue_owners o on o.clue = c.id and o.superseded_at is null
              where {known c} and {page}",
    };
    cx.page(walk, |query| query, after, size).await
}

/// Whether a clue is this person's by that day already.
pub(crate) async fn is_owned(cx: &mut Cx, clue: &ClueId, owner: &str, due_on: Day) -> Result<bool> {
    let (found,): (i64,) = cx
        .sql(
            "select count(*) from household_clue_owners /* unscoped: found by a scoped read */
             where clue = $1 and owner = $2 and due_on = $3 and superseded_at is null",
        )
        .bind(clue)
        .bind(owner)
        .bind(due_on)
        .get()
        .await?;
    Ok(found > 0)
}

/// Gives a clue to somebody; whoever had it before is superseded.
pub(crate) async fn put_owner(cx: &mut Cx, clue: &Heard, (owner, name): (&str, &str), due_on: Day) -> Result<()> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "update household_clue_owners set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where clue = $1 and superseded_at is null",
    )
    .bind(&clue.id)
    .bind(now)
    .bind(who.as_str())
    .run()
    .await?;
    cx.sql(
        "insert into household_clue_owners (id, clue, county_id, place, owner, owner_name, due_on, recorded_at,
                                            recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(&clue.id)
    .bind(county)
    .bind(clue.place.as_str())
    .bind(owner)
    .bind(name)
    .bind(due_on)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

pub(crate) async fn insert_clue(cx: &mut Cx, id: &ClueId, file: &Filed, clue: &Clue<'_>, words: Vec<u8>) -> Result<()> {
    let family = cx.who.household().map(|_| file.head.clone());
    let name = cx.who.staff().map(|staff| staff.name.clone()).or(family);
    let (county, who, now) = (cx.county().to_owned(), cx.who.label(), cx.now);
    cx.sql(
        "insert into household_clues (id, county_id, place, household, source, words, recorded_at, recorded_by,
                                      recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(county)
    .bind(file.place.as_str())
    .bind(clue.household)
    .bind(clue.source.code())
    .bind(words)
    .bind(now)
    .bind(who.as_str())
    .bind(name.as_deref().unwrap_or(&who))
    .run_one()
    .await
}

/// # Errors
/// `Conflict` when somebody answered it meanwhile.
pub(crate) async fn insert_answer(
    cx: &mut Cx,
    clue: &Heard,
    decision: Decision,
    led_to: &str,
    words: Vec<u8>,
) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (id, county, now) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now);
    cx.sql(
        "update household_clues set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where id = $1 and superseded_at is null",
    )
    .bind(&clue.id)
    .bind(now)
    .bind(id.as_str())
    .run_one()
    .await?;
    cx.sql(
        "insert into household_clue_answers (id, clue, county_id, place, decision, led_to, words, recorded_at,
                                             recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(&clue.id)
    .bind(county)
    .bind(clue.place.as_str())
    .bind(decision.code())
    .bind(led_to)
    .bind(words)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}
