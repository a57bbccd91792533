//! Who did and saw what: hash chains that anybody can check without the program running.
//!
//! Each writer (process) has one chain a day, so reading a family never queues behind another process. An entry's
//! hash covers its content and the hash before it; a chain's first entry carries the heads of all chains before it.
//! Offline, [`verify`] finds an entry that was changed, removed or moved.

use crate::crypto::digest;
use crate::db::ATTEMPTS;
use crate::{Cx, Db, Error, Moment, Query, Result, Who, World, sessions, tokens};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use values::Day;

mod sealer;
pub(crate) use sealer::{Pass, Sealer};

record! {
    /// Something to be entered: no clear personal data, only ids, names of fields, purposes and counts.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Note {
        pub id: String,
        pub county_id: String,
        pub at: Moment,
        pub actor: String,
        pub verb: String,
        pub subject_kind: String,
        pub subject: String,
        pub detail: String,
    }
}

record! {
    /// A note in its place in a chain.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Entry {
        pub writer: String,
        pub day: String,
        pub number: i64,
        pub id: String,
        pub county_id: String,
        pub at: Moment,
        pub actor: String,
        pub verb: String,
        pub subject_kind: String,
        pub subject: String,
        pub detail: String,
        pub previous: String,
        pub hash: String,
    }
}

record! {
    /// The last entry of a chain, as the next chain's first entry remembers it, and as it may be kept elsewhere.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Head {
        pub writer: String,
        pub day: String,
        pub number: i64,
        pub hash: String,
    }
}

impl Note {
    pub(crate) fn new(cx: &Cx, verb: &str, kind: &str, subject: &str, detail: &str) -> Self {
        Self {
            id: cx.new_id().to_string(),
            county_id: cx.county().to_owned(),
            at: cx.now,
            actor: cx.who.label(),
            verb: verb.to_owned(),
            subject_kind: kind.to_owned(),
            subject: subject.to_owned(),
            detail: match &cx.token {
                Some(token) => format!("{detail} token={}", token.id).trim_start().to_owned(),
                None => detail.to_owned(),
            },
        }
    }
}

impl Entry {
    fn expected_hash(&self) -> String {
        let number = self.number.to_string();
        let at = self.at.to_string();
        let parts = [
            &self.writer,
            &self.day,
            &number,
            &self.id,
            &self.county_id,
            &at,
            &self.actor,
            &self.verb,
            &self.subject_kind,
            &self.subject,
            &self.detail,
            &self.previous,
        ];
        // Length-prefixed, so that no text can be moved from one field into the next.
        digest(&parts.iter().map(|part| format!("{}:{part}", part.len())).collect::<String>())
    }
}

/// Writes a note into the transaction of what it tells; it gets its place in a chain a moment later.
pub(crate) async fn wait(cx: &mut Cx, note: &Note) -> Result<()> {
    cx.sql(
        "insert into audit_waiting (id, county_id, at, actor, verb, subject_kind, subject, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(note.id.as_str())
    .bind(note.county_id.as_str())
    .bind(note.at)
    .bind(note.actor.as_str())
    .bind(note.verb.as_str())
    .bind(note.subject_kind.as_str())
    .bind(note.subject.as_str())
    .bind(note.detail.as_str())
    .run_one()
    .await
}

/// Gives everything that waits, and these notes, their places in this writer's chain of today.
///
/// # Errors
/// The database's; then nothing was entered.
pub async fn seal(db: &Db, world: &World, notes: &[Note]) -> Result<()> {
    let left = Left { notes: notes.to_vec(), waits: true, ..Left::default() };
    seal_also(db, world, &left, &mut None).await
}

/// What requests that read left behind, to be written at once.
#[derive(Default)]
struct Left {
    notes: Vec<Note>,
    /// What came in use.
    used: BTreeSet<Pass>,
    /// Whether more notes may wait in the database.
    waits: bool,
}

/// As [`seal`]; the chain goes on from `last` without a look at it.
async fn seal_also(db: &Db, world: &World, left: &Left, last: &mut Option<Head>) -> Result<()> {
    let mut attempt = 0;
    loop {
        match seal_once(db, world, left, last.take()).await {
            // Another process of the same name took the place in the chain: the next one is free.
            Err(error) if is_taken(&error) && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
            Ok(now) => {
                *last = now;
                return Ok(());
            }
        }
    }
}

fn is_taken(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    let database = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    database.is_some_and(|database| database.is_unique_violation())
}

async fn seal_once(db: &Db, world: &World, left: &Left, last: Option<Head>) -> Result<Option<Head>> {
    let last = &last;
    db.write(world, &Who::machine("audit", ""), |mut cx| async move {
        for pass in &left.used {
            match pass {
                Pass::Session(hash) => sessions::touch(&mut cx, hash).await?,
                Pass::Token(id) => tokens::touch(&mut cx, id).await?,
            }
        }
        let mut all: Vec<Note> = if left.waits { list_waiting(&mut cx).await? } else { Vec::new() };
        for note in &all {
            cx.sql("delete from audit_waiting where id = $1").bind(note.id.as_str()).run_one().await?;
        }
        all.extend(left.notes.iter().cloned());
        if all.is_empty() { Ok(last.clone()) } else { append(&mut cx, all, last.clone()).await.map(Some) }
    })
    .await
}

async fn list_waiting(cx: &mut Cx) -> Result<Vec<Note>> {
    cx.sql(
        "select id, county_id, at, actor, verb, subject_kind, subject, detail from audit_waiting
         order by at, id limit 10000",
    )
    .list()
    .await
}

async fn append(cx: &mut Cx, notes: Vec<Note>, last: Option<Head>) -> Result<Head> {
    let (writer, day) = (cx.world().writer.to_string(), cx.today().to_string());
    let last: Option<(i64, String)> = match last.filter(|last| last.day == day) {
        Some(Head { number, hash, .. }) => Some((number, hash)),
        None => {
            cx.sql("select number, hash from audit_entries where writer = $1 and day = $2 order by number desc limit 1")
                .bind(writer.as_str())
                .bind(day.as_str())
                .find()
                .await?
        }
    };
    let (mut number, mut previous) = match last {
        Some((number, hash)) => (number + 1, hash),
        None => begin_chain(cx, &writer, &day).await?,
    };
    let mut entries = Vec::with_capacity(notes.len());
    for note in notes {
        let entry = placed(&writer, &day, number, previous, note);
        (number, previous) = (number + 1, entry.hash.clone());
        entries.push(entry);
    }
    insert(cx, entries).await?;
    Ok(Head { writer, day, number: number - 1, hash: previous })
}

/// A note in its place.
fn placed(writer: &str, day: &str, number: i64, previous: String, note: Note) -> Entry {
    let Note { id, county_id, at, actor, verb, subject_kind, subject, detail } = note;
    let (writer, day, hash) = (writer.to_owned(), day.to_owned(), String::new());
    let mut entry =
        Entry { writer, day, number, id, county_id, at, actor, verb, subject_kind, subject, detail, previous, hash };
    entry.hash = entry.expected_hash();
    entry
}

/// The first entry of a chain holds the heads of the newest others; these hold those of the ones before.
async fn begin_chain(cx: &mut Cx, writer: &str, day: &str) -> Result<(i64, String)> {
    let heads = list_heads(cx, 100).await?;
    let note = Note::new(cx, "chain_begun", "audit", writer, &serde_json::to_string(&heads)?);
    let first = placed(writer, day, 0, String::new(), note);
    let hash = first.hash.clone();
    insert(cx, vec![first]).await?;
    Ok((1, hash))
}

/// The last entries of the newest chains, at most so many.
///
/// # Errors
/// The database's.
pub async fn list_heads(cx: &mut Cx, most: i64) -> Result<Vec<Head>> {
    cx.sql(
        "select e.writer, e.day, e.number, e.hash from audit_entries e
         join (select writer, day, max(number) as number from audit_entries group by writer, day) last
           on last.writer = e.writer and last.day = e.day and last.number = e.number
         order by e.day desc, e.writer limit $1",
    )
    .bind(most)
    .list()
    .await
}

/// How many entries one statement puts in, the most first: few texts, so that each is prepared once.
const AT_ONCE: [usize; 5] = [32, 8, 4, 2, 1];

async fn insert(cx: &Cx, entries: Vec<Entry>) -> Result<()> {
    let mut left = entries.into_iter();
    for size in AT_ONCE {
        while left.len() >= size {
            let row = |n: usize| {
                format!("({})", (1..=13).map(|at| format!("${}", n * 13 + at)).collect::<Vec<_>>().join(", "))
            };
            let rows = (0..size).map(row).collect::<Vec<_>>().join(", ");
            let sql = format!(
                "insert into audit_entries (writer, day, number, id, county_id, at, actor, verb, subject_kind, subject,
                 detail, previous, hash) values {rows}"
            );
            let bound = left.by_ref().take(size).fold(Query::new(cx, sql, Vec::new()), |query, entry| {
                query
                    .bind(entry.writer)
                    .bind(entry.day)
                    .bind(entry.number)
                    .bind(entry.id)
                    .bind(entry.county_id)
                    .bind(entry.at)
                    .bind(entry.actor)
                    .bind(entry.verb)
                    .bind(entry.subject_kind)
                    .bind(entry.subject)
                    .bind(entry.detail)
                    .bind(entry.previous)
                    .bind(entry.hash)
            });
            bound.run().await?;
        }
    }
    Ok(())
}

/// The whole chains from a day on; with no day, all there are, for checking offline.
///
/// # Errors
/// The database's.
pub async fn list_since(cx: &mut Cx, day: Option<Day>) -> Result<Vec<Entry>> {
    cx.sql(
        "select writer, day, number, id, county_id, at, actor, verb, subject_kind, subject, detail, previous, hash
         from audit_entries where day >= $1 order by day, writer, number",
    )
    .bind(day.map(|day| day.to_string()).unwrap_or_default())
    .list()
    .await
}

/// What was said and seen about a subject, newest first: for 谁看过 on a family's page.
///
/// # Errors
/// The database's.
pub async fn list_about(cx: &mut Cx, kind: &str, subject: &str) -> Result<Vec<Entry>> {
    cx.sql(
        "select writer, day, number, id, county_id, at, actor, verb, subject_kind, subject, detail, previous, hash
         from audit_entries where subject_kind = $1 and subject = $2 order by at desc, id desc limit 200",
    )
    .bind(kind)
    .bind(subject)
    .list()
    .await
}

/// When a verb was last entered; of any verb when it is empty.
///
/// # Errors
/// The database's.
pub async fn find_last(cx: &mut Cx, verb: &str) -> Result<Option<Moment>> {
    let last = cx.sql("select at from audit_entries where $1 in ('', verb) order by at desc limit 1").bind(verb);
    Ok(last.find::<(Moment,)>().await?.map(|(at,)| at))
}

/// One thing wrong with the chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Its content isn't what was entered.
    Changed { writer: String, day: String, number: i64 },
    /// Entries are missing before this one, or it stands in another place than it was given.
    Gap { writer: String, day: String, number: i64 },
    /// A later chain remembers an entry that isn't there any more.
    CutOff { writer: String, day: String, number: i64 },
}

/// Checks these whole chains and every head that they remember of each other. Empty when nothing was touched.
/// `since` is the day [`list_since`] was asked for: what is remembered of days before isn't at hand. `kept` are heads
/// that were kept elsewhere: with them even the end of the newest chain can't be cut off unseen.
#[must_use]
pub fn verify(entries: &[Entry], since: Option<Day>, kept: &[Head]) -> Vec<Broken> {
    let since = since.map(|day| day.to_string()).unwrap_or_default();
    let mut broken = Vec::new();
    let mut chains: BTreeMap<(&str, &str), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        chains.entry((&entry.day, &entry.writer)).or_default().push(entry);
    }
    for ((day, writer), chain) in &chains {
        let place = |number| ((*writer).to_owned(), (*day).to_owned(), number);
        let (mut number, mut previous) = (0, "");
        for entry in chain {
            let (writer, day, at) = place(entry.number);
            if entry.expected_hash() != entry.hash {
                broken.push(Broken::Changed { writer, day, number: at });
            } else if entry.number != number || entry.previous != previous {
                broken.push(Broken::Gap { writer, day, number: at });
            }
            (number, previous) = (entry.number + 1, &entry.hash);
        }
    }
    let remembered = entries.iter().filter(|entry| entry.number == 0);
    let remembered = remembered.flat_map(|first| serde_json::from_str::<Vec<Head>>(&first.detail).unwrap_or_default());
    for Head { writer, day, number, hash } in kept.iter().cloned().chain(remembered).filter(|head| head.day >= since) {
        let chain = chains.get(&(day.as_str(), writer.as_str()));
        if !chain.is_some_and(|chain| chain.iter().any(|entry| entry.number == number && entry.hash == hash)) {
            broken.push(Broken::CutOff { writer, day, number });
        }
    }
    broken
}

/// The last entry of each of these chains.
#[must_use]
pub fn heads(entries: &[Entry]) -> Vec<Head> {
    let mut heads: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
    for entry in entries {
        let head = heads.entry((&entry.day, &entry.writer)).or_insert(entry);
        *head = if entry.number >= head.number { entry } else { *head };
    }
    let head = |entry: &Entry| Head {
        writer: entry.writer.clone(),
        day: entry.day.clone(),
        number: entry.number,
        hash: entry.hash.clone(),
    };
    heads.into_values().map(head).collect()
}
