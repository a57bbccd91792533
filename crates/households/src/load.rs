//! Taking a run into the store: files of households, words to find them by, and the door for the other domains.
//!
//! A run is loaded in one transaction: it is visible at once, or never. Loading it again changes nothing.
//! The binary fills plain structs from the run's results and hands them over as iterators, so that a county's
//! files never stand in memory twice.

use crate::changes::{self, Change, Kind};
use crate::corrections::{self, Correction, SEALED_AS};
use crate::documents::{pack, unpack};
use crate::model::File;
use kernel::bulk::{Load, Row, Target};
use kernel::crypto::SubjectKey;
use kernel::{Db, Error, Moment, PlaceKey, Result, World, content_id};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::sync::Arc;
use values::Day;

/// A run on its way into the store; every domain adds its rows to it.
pub struct RunLoad<'w> {
    pub load: Load,
    pub world: &'w World,
    /// Six digits.
    pub county: String,
    /// The id of the run, derived from what went into it.
    pub run: String,
    pub as_of: Day,
    pub now: Moment,
    keys: FxHashMap<String, Option<SubjectKey>>,
    /// What people changed since older runs, by household, in the order it happened.
    standing: FxHashMap<String, Vec<Change>>,
    /// Rulings on persons that no older run obeyed, by household, in the order they were laid.
    corrections: FxHashMap<String, Vec<(String, Correction)>>,
}

/// Who these rows are recorded by.
pub const RECORDED_BY: &str = "machine:load";

/// How many documents are sealed at a time: few, so that the database has never long to wait for them.
const SEALED: usize = 256;
/// How many files are taken in at a time.
const CHUNK: usize = 1024;

impl<'w> RunLoad<'w> {
    /// Opens the transaction and the keys of all households of the run; makes keys for new ones.
    ///
    /// # Errors
    /// The database's, or when the store was sealed under another county's key.
    pub async fn begin(
        db: &Db,
        world: &'w World,
        county: &str,
        run: &str,
        as_of: Day,
        households: &[String],
    ) -> Result<Self> {
        let mut load = Load::begin(db).await?;
        let subjects: Vec<&str> = households.iter().map(String::as_str).collect();
        let keys = load.keys(world, county, &subjects).await?;
        let keys: FxHashMap<_, _> = households.iter().cloned().zip(keys).collect();
        let standing = standing(&mut load, county, &keys).await?;
        let corrections = corrected(&mut load, county, &keys).await?;
        let now = world.clock.now();
        Ok(Self {
            load,
            world,
            county: county.to_owned(),
            run: run.to_owned(),
            as_of,
            now,
            keys,
            standing,
            corrections,
        })
    }

    /// Supersedes the rows of older runs in a table that has `county_id`, `run` and `superseded_at`; `sql` sets
    /// `$1` (now), `$2` (this run) where `county_id = $3`.
    ///
    /// # Errors
    /// The database's.
    pub async fn supersede(&mut self, sql: &'static str) -> Result<u64> {
        let now = self.now.to_string();
        self.load.run(sql, &[&now, &self.run, &self.county]).await
    }

    /// Whether the family was erased: then no run brings it back.
    #[must_use]
    pub fn is_erased(&self, household: &str) -> bool {
        matches!(self.keys.get(household), Some(None))
    }

    /// Inserts rows with a document each, sealed under the key of the row's household. Rows of a household whose key
    /// was destroyed are left out: the family was erased, and a run doesn't bring it back.
    ///
    /// # Errors
    /// The database's.
    pub async fn insert_sealed<T: Send + Sync, D: Serialize>(
        &mut self,
        into: Target,
        about: &str,
        items: impl Iterator<Item = T> + Send,
        document: impl Fn(&T) -> (&str, &D) + Sync,
        cells: impl Fn(&T, &[u8], &mut Row<'_>) + Send + Sync,
    ) -> Result<u64> {
        let (world, keys) = (self.world, &self.keys);
        let seal = |item: T| -> Option<Result<(T, Vec<u8>)>> {
            let (household, document) = document(&item);
            match keys.get(household) {
                Some(Some(key)) => Some(pack(world, key, about, document).map(|sealed| (item, sealed))),
                Some(None) => None,
                None => Some(Err(Error::internal(format!("the run has no household {household}")))),
            }
        };
        let (mut items, mut failed) = (items, None);
        let sealed = std::iter::from_fn(|| {
            let few: Vec<T> = items.by_ref().take(SEALED).collect();
            let some = !few.is_empty();
            some.then(|| few.into_par_iter().filter_map(seal).collect::<Vec<_>>())
        });
        let sealed = sealed.flatten().map_while(|one| one.map_err(|cause| failed = Some(cause)).ok());
        let inserted = self.load.insert(into, sealed, |(item, sealed), row| cells(&item, &sealed, row)).await?;
        failed.map_or(Ok(inserted), Err)
    }

    /// Notes that the run has obeyed these rulings: its files say them themselves.
    ///
    /// # Errors
    /// The database's.
    pub async fn obeyed(&mut self, rulings: &[String]) -> Result<()> {
        for ruling in rulings {
            let sql = "update household_corrections set obeyed_by = $1 where ruling = $2 and obeyed_by is null
                       /* unscoped: a run is the county's */";
            self.load.run(sql, &[&self.run, ruling]).await?;
        }
        for some in self.corrections.values_mut() {
            some.retain(|(ruling, _)| !rulings.contains(ruling));
        }
        self.corrections.retain(|_, some| !some.is_empty());
        Ok(())
    }

    /// Puts into a run's file what people changed and registers haven't caught up with, and who they ruled is who since
    /// the run heard them.
    fn with_changes(&self, mut told: FileIn) -> FileIn {
        let changes = self.standing.get(&told.household);
        let corrections = self.corrections.get(&told.household);
        changes.into_iter().flatten().for_each(|change| changes::apply(&mut told.file, change));
        corrections.into_iter().flatten().for_each(|(_, one)| corrections::apply(&mut told.file, one));
        if changes.is_some() || corrections.is_some() {
            told.people = changes::people(&told.file);
            told.head = changes::head(&told.file).map_or(told.head, str::to_owned);
        }
        told
    }

    /// # Errors
    /// The database's.
    pub async fn commit(self) -> Result<()> {
        self.load.commit().await
    }
}

kernel::record! {
    struct Standing {
        household: String,
        kind: String,
        valid_from: Day,
        details: Vec<u8>,
    }
}

/// The changes that somebody agreed to, opened; those of families that the run doesn't have or that were erased stay
/// closed.
async fn standing(
    load: &mut Load,
    county: &str,
    keys: &FxHashMap<String, Option<SubjectKey>>,
) -> Result<FxHashMap<String, Vec<Change>>> {
    let sql = "select c.household, c.kind, c.valid_from, c.details from household_changes c
               join household_change_decisions d on d.change = c.id and d.decision = 'agreed'
               where c.county_id = $1 /* unscoped: a run is the county's */
               order by c.valid_from, c.recorded_at, c.id";
    let mut found: FxHashMap<String, Vec<Change>> = FxHashMap::default();
    for one in load.list::<Standing>(sql, &[county]).await? {
        let (Some(Some(key)), Some(kind)) = (keys.get(&one.household), Kind::from_code(&one.kind)) else { continue };
        let details = unpack(key, "household_changes.details", &one.details)?;
        found.entry(one.household).or_default().push(Change { kind, on: one.valid_from, details });
    }
    Ok(found)
}

kernel::record! {
    struct Corrected {
        household: String,
        ruling: String,
        document: Vec<u8>,
    }
}

/// The corrections that stand and that no run has obeyed, opened.
async fn corrected(
    load: &mut Load,
    county: &str,
    keys: &FxHashMap<String, Option<SubjectKey>>,
) -> Result<FxHashMap<String, Vec<(String, Correction)>>> {
    let sql = "select household, ruling, document from household_corrections
               where county_id = $1 and superseded_at is null and obeyed_by is null
               order by recorded_at, ruling /* unscoped: a run is the county's */";
    let mut found: FxHashMap<String, Vec<(String, Correction)>> = FxHashMap::default();
    for one in load.list::<Corrected>(sql, &[county]).await? {
        let Some(Some(key)) = keys.get(&one.household) else { continue };
        found.entry(one.household).or_default().push((one.ruling, unpack(key, SEALED_AS, &one.document)?));
    }
    Ok(found)
}

/// A household as a run found it.
#[derive(Clone, Debug)]
pub struct FileIn {
    pub household: String,
    /// The code of its village or group, 12 or 15 digits.
    pub place: String,
    /// The number villages know it by; empty where no register gave one.
    pub number: String,
    pub head: String,
    /// Members who count as living here.
    pub people: i64,
    pub file: File,
}

/// A word, and the place and household it leads to.
type Lead = (Box<str>, Arc<(String, String)>);

/// Puts in the files of a run, and supersedes those of older runs.
///
/// # Errors
/// The database's; a place code that isn't one.
pub async fn files(run: &mut RunLoad<'_>, files: impl Iterator<Item = FileIn>) -> Result<u64> {
    run.supersede(
        "update household_files set superseded_at = $1, superseded_by = $2 /* unscoped: a run is the county's */
         where county_id = $3 and run <> $2 and superseded_at is null and household not in
               (select c.other from household_changes c join household_change_decisions d on d.change = c.id
                where c.county_id = $3 and c.kind = 'split' and d.decision = 'agreed')",
    )
    .await?;
    let county = run.county.clone();
    // A household that a split made is in no register yet: it stands until people merge it with what a register says.
    run.load
        .run(
            "delete from household_words where county_id = $1 and household not in
               (select c.other from household_changes c join household_change_decisions d on d.change = c.id
                where c.county_id = $1 and c.kind = 'split' and d.decision = 'agreed')
             /* unscoped: a run is the county's */",
            &[&county],
        )
        .await?;
    let mut files = files.peekable();
    let (mut inserted, mut leads) = (0, Vec::new());
    while files.peek().is_some() {
        let chunk: Vec<FileIn> = files.by_ref().take(CHUNK).collect();
        let chunk: Vec<(String, String, FileIn)> = chunk
            .into_iter()
            .filter(|file| !run.is_erased(&file.household))
            .map(|file| run.with_changes(file))
            .map(|file| {
                let id = content_id("household-file", &[&run.run, &file.household]).to_string();
                Ok((id, PlaceKey::from_code(&file.place)?.to_string(), file))
            })
            .collect::<Result<_>>()?;
        inserted += insert_files(run, &chunk).await?;
        let world = run.world;
        leads.par_extend(chunk.par_iter().flat_map_iter(|(_, place, file)| leads_to(world, place, file)));
        let into = Target {
            table: "household_documents",
            columns: &["file", "county_id", "household", "document"],
            skip_existing: false,
        };
        run.insert_sealed(
            into,
            "household_documents.document",
            chunk.into_iter(),
            |(_, _, file)| (&file.household, &file.file),
            |(id, _, file), document, row| {
                row.text(id).text(&county).text(&file.household).bytes(document);
            },
        )
        .await?;
    }
    insert_words(run, leads).await?;
    Ok(inserted)
}

async fn insert_files(run: &mut RunLoad<'_>, files: &[(String, String, FileIn)]) -> Result<u64> {
    let into = Target {
        table: "household_files",
        columns: &[
            "id",
            "county_id",
            "household",
            "place",
            "number",
            "head",
            "people",
            "run",
            "as_of",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: false,
    };
    let (county, run_id, as_of, now) = (run.county.clone(), run.run.clone(), run.as_of.to_string(), run.now);
    run.load
        .insert(into, files, |(id, place, file), row| {
            row.text(id).text(&county).text(&file.household).text(place).text(&file.number).text(&file.head);
            row.int(file.people).text(&run_id).text(&as_of).moment(now).text(RECORDED_BY);
        })
        .await
}

/// In the order of the table's key: millions of rows in any other order would touch its pages again and again.
async fn insert_words(run: &mut RunLoad<'_>, mut leads: Vec<Lead>) -> Result<u64> {
    let into = Target {
        table: "household_words",
        columns: &["word", "place", "household", "county_id"],
        skip_existing: false,
    };
    leads.par_sort_unstable();
    let county = run.county.clone();
    run.load
        .insert(into, leads, |(word, to), row| {
            row.text(&word).text(&to.0).text(&to.1).text(&county);
        })
        .await
}

fn leads_to(world: &World, place: &str, file: &FileIn) -> impl Iterator<Item = Lead> {
    let to = Arc::new((place.to_owned(), file.household.clone()));
    words(world, &file.number, &file.file).into_iter().map(move |word| (word.into_boxed_str(), Arc::clone(&to)))
}

/// Every way a clerk may begin to type a family with this number and file.
pub(crate) fn words(world: &World, number: &str, file: &File) -> Vec<String> {
    let mut words = Vec::with_capacity(file.members.len() * 4 + 1);
    if !number.is_empty() {
        words.push(crate::search::normal(number));
    }
    for member in &file.members {
        words.extend(crate::search::words_of_name(&member.name));
        if let Some(id) = member.masked_id() {
            words.push(world.keys.blind("id_number", &id.reveal()));
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}
