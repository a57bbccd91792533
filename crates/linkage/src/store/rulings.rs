//! The only SQL of rulings on persons, and of the records behind them.

use kernel::{Columns, Cx, Moment, Result};

/// What documents of rulings are sealed as.
pub const RULING: &str = "person_rulings.document";

kernel::record! {
    /// A ruling, its records still sealed.
    #[derive(Clone, Debug)]
    pub struct Ruled {
        pub id: String,
        pub household: String,
        pub kind: String,
        pub person: String,
        pub other: String,
        pub other_household: String,
        pub undoes: Option<String>,
        pub document: Vec<u8>,
        pub obeyed_by: Option<String>,
        pub recorded_at: Moment,
        pub recorded_by: String,
        /// The name as it was that day.
        pub recorded_name: String,
        /// The row that took it back.
        pub superseded_by: Option<String>,
    }
}

/// # Errors
/// `NotFound` where it doesn't exist or isn't in scope.
pub async fn get_ruling(cx: &mut Cx, id: &str) -> Result<Ruled> {
    cx.scoped(
        Columns::family("place", "household"),
        "select id, household, kind, person, other, other_household, undoes, document, obeyed_by, recorded_at,
                recorded_by, recorded_name, superseded_by
         from person_rulings where {scope} and id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// What was ruled last within scope, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_rulings(cx: &mut Cx) -> Result<Vec<Ruled>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("place", "household"),
        "select id, household, kind, person, other, other_household, undoes, document, obeyed_by, recorded_at,
                recorded_by, recorded_name, superseded_by
         from person_rulings where {scope} and county_id = $1 and kind <> 'undo'
         order by recorded_at desc, id desc limit 100",
    )
    .bind(county)
    .list()
    .await
}

/// What was ruled about people of a family, the newest first; the caller has seen the family itself. A family whose
/// member was merged into another's sees that, and nothing of the other.
///
/// # Errors
/// The database's.
pub async fn list_rulings_of(cx: &mut Cx, household: &str) -> Result<Vec<Ruled>> {
    cx.sql(
        "select id, household, kind, person, other, other_household, undoes, document, obeyed_by, recorded_at,
                recorded_by, recorded_name, superseded_by
         from person_rulings where household = $1 or other_household = $1
         order by recorded_at desc, id desc limit 500 /* unscoped: the family was read in scope before */",
    )
    .bind(household)
    .list()
    .await
}

/// Everything that was ever ruled about a person, the newest first: how many there are is the person's version.
///
/// # Errors
/// The database's.
pub async fn list_rulings_about(cx: &mut Cx, person: &str) -> Result<Vec<Ruled>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, household, kind, person, other, other_household, undoes, document, obeyed_by, recorded_at,
                recorded_by, recorded_name, superseded_by
         from person_rulings where county_id = $1 and (person = $2 or other = $2)
         order by recorded_at desc, id desc limit 500 /* unscoped: the person was read in scope before */",
    )
    .bind(county)
    .bind(person)
    .list()
    .await
}

/// A ruling to be written down.
pub(crate) struct NewRuling<'n> {
    pub id: &'n str,
    pub place: &'n str,
    pub household: &'n str,
    pub kind: &'n str,
    pub person: &'n str,
    pub other: &'n str,
    pub other_household: &'n str,
    pub undoes: Option<&'n str>,
    pub document: Vec<u8>,
}

pub(crate) async fn insert_ruling(cx: &mut Cx, new: NewRuling<'_>) -> Result<()> {
    let staff = cx.staff()?.clone();
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into person_rulings (id, county_id, place, household, kind, person, other, other_household, undoes,
                                     document, recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(new.id)
    .bind(county)
    .bind(new.place)
    .bind(new.household)
    .bind(new.kind)
    .bind(new.person)
    .bind(new.other)
    .bind(new.other_household)
    .bind(new.undoes)
    .bind(new.document)
    .bind(now)
    .bind(staff.id)
    .bind(staff.name)
    .run_one()
    .await
}

/// # Errors
/// `Conflict` when it was taken back meanwhile.
pub(crate) async fn supersede_ruling(cx: &mut Cx, ruling: &str, by: &str) -> Result<()> {
    let now = cx.now;
    cx.sql(
        "update person_rulings set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where id = $1 and superseded_at is null",
    )
    .bind(ruling)
    .bind(now)
    .bind(by)
    .run_one()
    .await
}

/// The sealed records of a family's people, as the last run found them.
///
/// # Errors
/// The database's.
pub async fn find_records(cx: &mut Cx, household: &str) -> Result<Option<Vec<u8>>> {
    let county = cx.county().to_owned();
    let found: Option<(Vec<u8>,)> = cx
        .sql("select document from linked_records where household = $1 and county_id = $2 limit 1")
        .bind(household)
        .bind(county)
        .find()
        .await?;
    Ok(found.map(|(document,)| document))
}

kernel::record! {
    /// A ruling that stands, for the next run.
    pub struct Standing {
        pub id: String,
        pub household: String,
        pub kind: String,
        pub person: String,
        pub other: String,
        pub document: Vec<u8>,
        pub recorded_at: Moment,
        pub wrapped: String,
    }
}

/// The rulings that stand in the whole county, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list_standing(cx: &mut Cx) -> Result<Vec<Standing>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select r.id, r.household, r.kind, r.person, r.other, r.document, r.recorded_at, k.wrapped
         from person_rulings r join subject_keys k on k.subject = r.household and k.wrapped is not null
         where r.county_id = $1 and r.superseded_at is null and r.kind <> 'undo'
         order by r.recorded_at, r.id limit 1000000 /* unscoped: a run is the county's */",
    )
    .bind(county)
    .list()
    .await
}

kernel::record! {
    /// A judgement that stands, for the next run.
    pub struct Judged {
        pub id: String,
        pub household: String,
        pub decision: String,
        pub keys: Vec<u8>,
        pub recorded_at: Moment,
        pub wrapped: String,
    }
}

/// The judgements of pairs that stand in the whole county, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list_judged(cx: &mut Cx) -> Result<Vec<Judged>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select d.id, d.household, d.decision, d.keys, d.recorded_at, k.wrapped
         from link_decisions d join subject_keys k on k.subject = d.household and k.wrapped is not null
         where d.county_id = $1 and d.superseded_at is null and d.decision in ('same', 'different')
           and d.keys is not null
         order by d.recorded_at, d.id limit 1000000 /* unscoped: a run is the county's */",
    )
    .bind(county)
    .list()
    .await
}
