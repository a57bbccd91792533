//! The only SQL of households' files.

mod changes;
mod clues;
mod corrections;
mod looks;
mod matched;

pub use changes::{Asked, get_change, list_changes, list_changes_of};
pub(crate) use changes::{New as NewChange, NewFile, insert_change, insert_decision, put_file, waits};
pub use clues::{get_clue, list_clues, page_of_clues};
pub(crate) use clues::{insert_answer, insert_clue, is_owned, put_owner};
pub(crate) use corrections::{get_told, insert_correction, list_agreed, list_corrections, supersede_correction};
pub(crate) use looks::{Entered, list_looks};
pub(crate) use matched::list_matched;

use kernel::retention::{About, Keep};
use kernel::{Columns, Cx, Moment, Result, Walk};
use values::Day;

kernel::record! {
    /// A household in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub household: String,
        pub place: String,
        pub number: String,
        pub head: String,
        pub people: i64,
    }
}

kernel::record! {
    /// A household's newest file, its document still sealed.
    #[derive(Clone, Debug)]
    pub struct Filed {
        pub household: String,
        pub place: String,
        pub number: String,
        pub head: String,
        pub people: i64,
        pub as_of: Day,
        pub recorded_at: Moment,
        pub document: Vec<u8>,
        /// The household's wrapped key; gone when the family was erased.
        pub wrapped: Option<String>,
    }
}

/// # Errors
/// `NotFound` where there is no such household, or it isn't in scope.
pub async fn get_file(cx: &mut Cx, household: &str) -> Result<Filed> {
    cx.scoped(
        Columns::family("f.place", "f.household"),
        "select f.household, f.place, f.number, f.head, f.people, f.as_of, f.recorded_at, d.document, k.wrapped
         from household_files f join household_documents d on d.file = f.id
              left join subject_keys k on k.subject = f.household
         where {scope} and {known f} and f.household = $1",
    )
    .bind(household)
    .get()
    .await
}

/// Whether somebody may see a household at all: what a panel of its page asks before it says anything.
///
/// # Errors
/// `NotFound` where there is no such household, or it isn't in scope.
pub async fn check(cx: &mut Cx, household: &str) -> Result<()> {
    if cx.has_met(household) {
        return Ok(());
    }
    let sql = "select place from household_files where {scope} and {known} and household = $1";
    cx.scoped(Columns::family("place", "household"), sql).bind(household).get::<(String,)>().await.map(drop)
}

kernel::record! {
    /// A household's file as its page reads it: what stands, or stood before.
    #[derive(Clone, Debug)]
    pub struct Leaf {
        pub household: String,
        pub place: String,
        pub number: String,
        pub head: String,
        pub people: i64,
        pub as_of: Day,
        pub recorded_at: Moment,
        pub document: Vec<u8>,
        pub wrapped: Option<String>,
        /// `stands` for the file that is known, else `before`.
        pub standing: String,
        pub place_name: Option<String>,
        /// The kinds of rows beside the file: `changes`, `reveals`.
        pub beside: String,
    }
}

/// What stands of a household, and what its page asks with it.
pub struct Opened {
    pub filed: Filed,
    /// The files that stood before, the newest first.
    pub earlier: Vec<Filed>,
    pub place_name: String,
    /// Whether anybody ever changed something in it, or saw a hidden value of it.
    pub changed: bool,
    pub revealed: bool,
}

/// Everything a household's page reads of its files, in one statement.
///
/// # Errors
/// `NotFound` where there is no such household, or it isn't in scope.
pub async fn open_file(cx: &mut Cx, household: &str) -> Result<Opened> {
    let leaves: Vec<Leaf> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select f.household, f.place, f.number, f.head, f.people, f.as_of, f.recorded_at, d.document, k.wrapped,
                    case when {known f} then 'stands' else 'before' end as standing,
                    (select pl.name from places pl
                     where pl.place in (f.place, substr(f.place, 1, 12) || '000') and pl.county_id = f.county_id
                           and {known pl} order by pl.place desc, pl.code desc limit 1) as place_name,
                    case when exists (select 1 from household_changes c
                                      where c.household = f.household or c.other = f.household)
                         then 'changes ' else '' end ||
                    case when exists (select 1 from household_reveals r where r.household = f.household)
                         then 'reveals' else '' end as beside
             from household_files f join household_documents d on d.file = f.id
                  left join subject_keys k on k.subject = f.household
             where {scope} and f.household = $1
                   and ({known f} or f.recorded_at < (select max(n.recorded_at) from household_files n
                                                      where n.household = $1 and {known n}))
             order by f.recorded_at desc limit 7",
        )
        .bind(household)
        .list()
        .await?;
    let mut leaves = leaves.into_iter();
    let first = leaves.next().filter(|leaf| leaf.standing == "stands").ok_or(kernel::Error::NotFound)?;
    cx.meet(household);
    Ok(Opened {
        place_name: first.place_name.clone().unwrap_or_default(),
        changed: first.beside.contains("changes"),
        revealed: first.beside.contains("reveals"),
        filed: first.filed(),
        earlier: leaves.map(Leaf::filed).collect(),
    })
}

impl Leaf {
    fn filed(self) -> Filed {
        let Self { household, place, number, head, people, as_of, recorded_at, document, wrapped, .. } = self;
        Filed { household, place, number, head, people, as_of, recorded_at, document, wrapped }
    }
}

/// Households in the order of their places; `after` is place and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn list_households(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Listed>> {
    let walk = Walk {
        place: "place",
        id: "household",
        household: "household",
        sql: "select household, place, number, head, people from household_files where {known} and {page}",
    };
    cx.page(walk, |query| query, after, size).await
}

/// Households found by words that begin with what was typed, in the order of the words, so that a whole name or number
/// comes before what only begins like it.
///
/// The words are walked in the order of their index and no further than needed: a common surname begins a tenth of all
/// words of a county.
///
/// # Errors
/// The database's.
pub async fn search(cx: &mut Cx, word: &str, size: i64) -> Result<Vec<Listed>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("w.place", "w.household"),
        "select f.household, f.place, f.number, f.head, f.people
         from (select hit.household, min(hit.word) as word
               from (select w.household, w.word from household_words w
                     where {scope} and w.county_id = $1 and w.word >= $2 and w.word < $3
                     order by w.word, w.place, w.household limit $5) hit
               group by hit.household) found
              join household_files f on f.household = found.household
         where {known f} order by found.word, f.place, f.household limit $4",
    )
    .bind(county)
    .bind(word)
    .bind(format!("{word}\u{10fffd}"))
    .bind(size)
    .bind((size * WORDS_EACH).max(64))
    .list()
    .await
}

/// By how many words at most a family is found at once, by its several members: those after them are not walked.
const WORDS_EACH: i64 = 8;

kernel::record! {
    /// Somebody looked at a hidden value.
    #[derive(Clone, Debug)]
    pub struct Reveal {
        pub id: String,
        pub place: String,
        pub household: String,
        pub person: String,
        pub field: String,
        pub purpose: String,
        pub recorded_at: Moment,
        pub recorded_by: String,
        pub recorded_name: String,
    }
}

/// # Errors
/// The database's.
pub async fn insert_reveal(cx: &mut Cx, reveal: &Reveal) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql(
        "insert into household_reveals (id, county_id, place, household, person, field, purpose, recorded_at,
                                        recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(reveal.id.as_str())
    .bind(county)
    .bind(reveal.place.as_str())
    .bind(reveal.household.as_str())
    .bind(reveal.person.as_str())
    .bind(reveal.field.as_str())
    .bind(reveal.purpose.as_str())
    .bind(reveal.recorded_at)
    .bind(reveal.recorded_by.as_str())
    .bind(reveal.recorded_name.as_str())
    .run_one()
    .await
}

/// Who looked at hidden values of a household, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_reveals(cx: &mut Cx, household: &str) -> Result<Vec<Reveal>> {
    cx.scoped(
        Columns::family("place", "household"),
        "select id, place, household, person, field, purpose, recorded_at, recorded_by, recorded_name
         from household_reveals where {scope} and household = $1 order by recorded_at desc limit 50",
    )
    .bind(household)
    .list()
    .await
}

/// The reveal a page was sent to after somebody asked to see a value; only theirs, and only for a while.
///
/// # Errors
/// The database's.
pub async fn find_reveal(cx: &mut Cx, id: &str) -> Result<Option<Reveal>> {
    let (who, since) = (cx.who.label(), cx.now.plus(-crate::actions::SHOWN_FOR));
    cx.scoped(
        Columns::family("place", "household"),
        "select id, place, household, person, field, purpose, recorded_at, recorded_by, recorded_name
         from household_reveals where {scope} and id = $1 and recorded_by = $2 and recorded_at >= $3",
    )
    .bind(id)
    .bind(who)
    .bind(since)
    .find()
    .await
}

/// What stands in clear of a family that was erased goes: its name, its number, the words it was found by.
///
/// # Errors
/// The database's.
pub async fn forget(cx: &mut Cx, household: &str) -> Result<()> {
    cx.sql(
        "update household_files set head = '', number = '' where household = $1 /* unscoped: read in scope before */",
    )
    .bind(household)
    .run()
    .await?;
    let county = cx.county().to_owned();
    cx.sql("delete from household_words where county_id = $1 and household = $2 /* unscoped: read in scope before */")
        .bind(county)
        .bind(household)
        .run()
        .await
        .map(drop)
}

/// The household that one exact word names, wherever in the county it lives: for warrants and broken glass, which are
/// noted, told and reviewed. Nothing when several share the word.
///
/// # Errors
/// The database's.
pub async fn find_anywhere(cx: &mut Cx, word: &str) -> Result<Option<String>> {
    let county = cx.county().to_owned();
    let found: Vec<(String,)> = cx
        .sql(
            "select distinct household from household_words where county_id = $1 and word = $2 order by household limit 2
             /* unscoped: a warrant's sample and broken glass lie beyond the asker's scope by their nature */",
        )
        .bind(county)
        .bind(word)
        .list()
        .await?;
    Ok(match found.as_slice() {
        [(one,)] => Some(one.clone()),
        _ => None,
    })
}

/// What is kept for a while: what earlier runs knew of a family that nobody works for. That there was a file stays.
pub const KEEPS: &[Keep] = &[Keep {
    what: "earlier_files",
    about: About::Families,
    count: "select count(*) from household_documents d join household_files f on f.id = d.file
            where f.county_id = $1 and f.superseded_at < $2 and f.household not in
            (select household from retention_holds where county_id = $1) /* unscoped: for the whole county */",
    remove: &["delete from household_documents where file in
               (select d.file from household_documents d join household_files f on f.id = d.file
                where f.county_id = $1 and f.superseded_at < $2 and f.household not in
                (select household from retention_holds where county_id = $1)
                limit 500) /* unscoped: for the whole county */"],
}];

/// Families that somebody still works for: a clue waits for its answer, a change for somebody who agrees.
pub const HOLDS: &[&str] = &[
    "insert into retention_holds (county_id, household)
     select distinct county_id, household from household_clues where county_id = $1 and superseded_at is null
     on conflict do nothing /* unscoped: for the whole county */",
    "insert into retention_holds (county_id, household)
     select distinct c.county_id, c.household from household_changes c
     where c.county_id = $1 and c.approval <> 'none'
           and not exists (select 1 from household_change_decisions d where d.change = c.id)
     on conflict do nothing /* unscoped: for the whole county */",
];
