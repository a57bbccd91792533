use crate::store::Filed;
use kernel::{Columns, Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// A change as it was asked for, with what was decided of it; its details still sealed.
    #[derive(Clone, Debug)]
    pub struct Asked {
        pub id: String,
        pub place: String,
        pub household: String,
        /// The name of the family's head.
        pub head: String,
        pub kind: String,
        pub reason: String,
        pub valid_from: Day,
        /// The household a split made, or a merge led to or came from.
        pub other: Option<String>,
        pub approval: String,
        pub waits_until: Option<Day>,
        pub details: Vec<u8>,
        pub recorded_at: Moment,
        pub recorded_by: String,
        pub recorded_name: String,
        /// `agreed` or `refused`.
        pub decision: Option<String>,
        pub decided_words: Option<Vec<u8>>,
        pub decided_at: Option<Moment>,
        pub decided_name: Option<String>,
    }
}

/// # Errors
/// `NotFound` out of scope.
pub async fn get_change(cx: &mut Cx, id: &str) -> Result<Asked> {
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, f.head, c.kind, c.reason, c.valid_from, c.other, c.approval, c.waits_until,
                c.details, c.recorded_at, c.recorded_by, c.recorded_name, d.decision, d.words as decided_words,
                d.recorded_at as decided_at, d.recorded_name as decided_name
         from household_changes c join household_files f on f.household = c.household and f.superseded_at is null
              left join household_change_decisions d on d.change = c.id
         where {scope} and c.id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// The changes that wait for a decision (the oldest first), or those decided (the newest first).
///
/// # Errors
/// The database's.
pub async fn list_changes(cx: &mut Cx, waiting: bool, size: i64) -> Result<Vec<Asked>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, f.head, c.kind, c.reason, c.valid_from, c.other, c.approval, c.waits_until,
                c.details, c.recorded_at, c.recorded_by, c.recorded_name, d.decision, d.words as decided_words,
                d.recorded_at as decided_at, d.recorded_name as decided_name
         from household_changes c join household_files f on f.household = c.household and f.superseded_at is null
              left join household_change_decisions d on d.change = c.id
         where {scope} and c.county_id = $1 and c.kind <> 'joined'
           and case when d.decision is null then 'waiting' else 'decided' end = $2
         order by case when d.decision is null then c.recorded_at end, d.recorded_at desc, c.id limit $3",
    )
    .bind(county)
    .bind(if waiting { "waiting" } else { "decided" })
    .bind(size)
    .list()
    .await
}

/// The changes of one household, and the splits and merges of others that concern it; the newest first.
///
/// # Errors
/// The database's.
pub async fn list_changes_of(cx: &mut Cx, household: &str) -> Result<Vec<Asked>> {
    cx.scoped(
        Columns::family("c.place", "c.household"),
        "select c.id, c.place, c.household, f.head, c.kind, c.reason, c.valid_from, c.other, c.approval, c.waits_until,
                c.details, c.recorded_at, c.recorded_by, c.recorded_name, d.decision, d.words as decided_words,
                d.recorded_at as decided_at, d.recorded_name as decided_name
         from household_changes c join household_files f on f.household = c.household and f.superseded_at is null
              left join household_change_decisions d on d.change = c.id
         where {scope} and (c.household = $1 or (c.other = $1 and c.kind = 'split'))
         order by c.valid_from desc, c.recorded_at desc, c.id limit 50",
    )
    .bind(household)
    .list()
    .await
}

/// A change to be written down.
pub(crate) struct New<'n> {
    pub id: &'n str,
    pub kind: &'n str,
    pub reason: &'n str,
    pub on: Day,
    pub other: Option<&'n str>,
    pub approval: &'n str,
    pub waits_until: Option<Day>,
    pub details: Vec<u8>,
}

pub(crate) async fn insert_change(cx: &mut Cx, filed: &Filed, new: New<'_>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into household_changes (id, county_id, place, household, kind, reason, valid_from, other, approval,
                                        waits_until, details, recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(new.id)
    .bind(county)
    .bind(filed.place.as_str())
    .bind(filed.household.as_str())
    .bind(new.kind)
    .bind(new.reason)
    .bind(new.on)
    .bind(new.other)
    .bind(new.approval)
    .bind(new.waits_until)
    .bind(new.details)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// # Errors
/// `Conflict` when somebody decided it meanwhile.
pub(crate) async fn insert_decision(
    cx: &mut Cx,
    (change, place): (&str, &str),
    decision: &str,
    words: Vec<u8>,
) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (county, now) = (cx.county().to_owned(), cx.now);
    let inserted = cx
        .sql(
            "insert into household_change_decisions (change, county_id, place, decision, words, recorded_at,
                                                     recorded_by, recorded_name)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (change) do nothing",
        )
        .bind(change)
        .bind(county)
        .bind(place)
        .bind(decision)
        .bind(words)
        .bind(now)
        .bind(staff.id)
        .bind(staff.name)
        .run()
        .await?;
    if inserted == 1 { Ok(()) } else { Err(kernel::Error::Refused(kernel::message("change-decided-before"))) }
}

/// A file that a change makes.
pub(crate) struct NewFile<'n> {
    pub household: &'n str,
    pub place: &'n str,
    pub number: &'n str,
    pub head: &'n str,
    pub people: i64,
    pub as_of: Day,
    pub document: Vec<u8>,
    /// Words it is found by, besides those it is found by already.
    pub words: Vec<String>,
}

/// Puts a household's new file in; the one that stood is superseded by the change.
pub(crate) async fn put_file(cx: &mut Cx, change: &str, file: NewFile<'_>) -> Result<()> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "update household_files set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where household = $1 and superseded_at is null",
    )
    .bind(file.household)
    .bind(now)
    .bind(change)
    .run()
    .await?;
    cx.sql(
        "insert into household_files (id, county_id, household, place, number, head, people, run, as_of, recorded_at,
                                      recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id.as_str())
    .bind(county.as_str())
    .bind(file.household)
    .bind(file.place)
    .bind(file.number)
    .bind(file.head)
    .bind(file.people)
    .bind(format!("change:{change}"))
    .bind(file.as_of)
    .bind(now)
    .bind(who)
    .run_one()
    .await?;
    cx.sql("insert into household_documents (file, county_id, household, document) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(county.as_str())
        .bind(file.household)
        .bind(file.document)
        .run_one()
        .await?;
    for word in file.words {
        cx.sql(
            "insert into household_words (word, place, household, county_id) values ($1, $2, $3, $4)
             on conflict (county_id, word, place, household) do nothing",
        )
        .bind(word)
        .bind(file.place)
        .bind(file.household)
        .bind(county.as_str())
        .run()
        .await?;
    }
    Ok(())
}

/// Whether the same change waits already.
pub(crate) async fn waits(cx: &mut Cx, household: &str, kind: &str) -> Result<i64> {
    let (count,): (i64,) = cx
        .sql(
            "select count(*) from household_changes c left join household_change_decisions d on d.change = c.id
             where c.household = $1 and c.kind = $2 and d.decision is null /* unscoped: read in scope before */",
        )
        .bind(household)
        .bind(kind)
        .get()
        .await?;
    Ok(count)
}
