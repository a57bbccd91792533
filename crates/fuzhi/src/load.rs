//! Takes a run into the operational store, so that pages read the store alone.
//!
//! A run goes in one transaction, behind the places it speaks of, under identifiers derived from content: loading it
//! twice adds nothing twice.

mod conflicts;
mod files;
mod records;

use crate::buckets::Opened;
use crate::run::{Found, Summary};
use crate::screened::Rules;
use crate::store;
use anyhow::{Result, anyhow};
use facts::Ledger;
use facts::assembly::Assembly;
use facts::records::{Links, Resource};
use households::load::RunLoad;
use indicatif::ProgressBar;
use kernel::{Db, World, audit, content_id};
pub use records::Gist;
use rulebook::Policy;
use screening::letters::{Home, Teller};
use screening::load::{FindingIn, RunIn, StageIn};
use screening::stage::{Delivered, Population};
use std::ops::Range;
use std::sync::{OnceLock, mpsc};
use std::thread;
use values::{Day, Level};

/// Everything a run gives to the store.
pub struct Loaded<'a> {
    pub found: &'a Found,
    pub policy: &'a Policy,
    pub summary: &'a Summary,
    /// Told of every row that is made for the store.
    progress: &'a ProgressBar,
    /// Why a bucket couldn't be opened.
    failed: OnceLock<anyhow::Error>,
}

impl<'a> Loaded<'a> {
    #[must_use]
    pub fn new(found: &'a Found, policy: &'a Policy, summary: &'a Summary, progress: &'a ProgressBar) -> Self {
        // A file and its records a household, a letter a finding.
        progress.set_length(2 * summary.households + summary.findings + summary.undetermined);
        Self { found, policy, summary, progress, failed: OnceLock::new() }
    }

    fn county(&self) -> &str {
        &self.found.intake.county.code
    }

    fn as_of(&self) -> Day {
        self.found.intake.county.as_of
    }

    fn teller(&self) -> Teller<'_> {
        Teller { policy: self.policy, region: self.county(), as_of: self.as_of() }
    }

    /// What went in, as one name: the deliveries' content, the rules, the day, what people had said.
    fn run_id(&self) -> String {
        let as_of = self.as_of().to_string();
        let mut parts = vec![self.county(), &as_of, self.policy.version()];
        parts.extend(self.found.intake.quality.iter().map(|delivery| delivery.content.as_str()));
        parts.extend(Some(self.found.heard.name.as_str()).filter(|heard| !heard.is_empty()));
        content_id("run", &parts).to_string()
    }

    /// What a bucket's households are told with, one bucket after the other, until `each` says that it is enough.
    fn each_part(&self, each: &mut dyn FnMut(&Part<'_>, usize) -> Result<bool>) {
        let buckets = &self.found.buckets;
        let work = |at: usize| {
            let opened = buckets.open(at)?;
            let (ledger, heads) = (opened.ledger(), opened.heads());
            let rows = records::PersonRows::new(&opened.bucket.links);
            each(&Part { loaded: self, opened: &opened, ledger: &ledger, heads: &heads, rows: &rows }, at)
        };
        let done: Result<Vec<bool>> =
            (0..buckets.len()).map(work).take_while(|more| !matches!(more, Ok(false))).collect();
        if let Err(error) = done {
            let _ = self.failed.set(error);
        }
    }

    fn sound(&self) -> kernel::Result<()> {
        self.failed.get().map_or(Ok(()), |error| Err(kernel::Error::internal(error.to_string())))
    }
}

/// Some of the county's households, and what tells of them.
struct Part<'a> {
    loaded: &'a Loaded<'a>,
    opened: &'a Opened,
    ledger: &'a Ledger<'a>,
    /// By household: the name it goes by.
    heads: &'a [String],
    rows: &'a records::PersonRows,
}

impl Part<'_> {
    fn resources(&self) -> &[Resource] {
        &self.opened.bucket.resources
    }

    fn links(&self) -> &Links {
        &self.opened.bucket.links
    }

    fn assembly(&self) -> &Assembly {
        &self.opened.bucket.assembly
    }

    fn households(&self) -> Range<u32> {
        0..self.assembly().households.len() as u32
    }

    /// The code of a household's village; the county's own where no record names one.
    fn place(&self, household: u32) -> String {
        records::place(&self.loaded.found.intake, self.assembly(), household)
    }

    /// The name a household goes by.
    fn head(&self, household: u32) -> String {
        self.heads.get(household as usize).cloned().unwrap_or_default()
    }
}

/// Opens the store at `url`, brings its tables up to date and takes the run in. `false`: it was in already.
///
/// # Errors
/// When the store can't be opened, was made for another county, or refuses.
pub fn load(url: &str, loaded: &Loaded<'_>, demo: bool) -> Result<bool> {
    thread::scope(|scope| {
        store::block_on(async {
            let world = store::world(url, demo)?;
            let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
            let new = into(&db, &world, loaded, Ahead(scope)).await;
            db.close().await;
            new.map_err(|e| anyhow!("the run can't be taken into {url}: {e}"))
        })
    })
}

/// How many rows are made before the database wants them: two of the portions it takes them in.
const AHEAD: usize = 2048;

/// Makes rows on a thread of their own, ahead of the database.
#[derive(Clone, Copy)]
struct Ahead<'s, 'e>(&'s thread::Scope<'s, 'e>);

impl<'s> Ahead<'s, '_> {
    /// The rows that `each` makes of every part of the county, until it is told that they aren't wanted any more.
    fn of<T: Send + 's>(
        self,
        loaded: &'s Loaded<'s>,
        each: impl Fn(&Part<'_>, usize, &mut dyn FnMut(T) -> bool) -> Result<bool> + Send + 's,
    ) -> impl Iterator<Item = T> + Send {
        let (made, taken) = mpsc::sync_channel(AHEAD);
        self.0.spawn(move || {
            loaded.each_part(&mut |part, at| {
                each(part, at, &mut |row| {
                    loaded.progress.inc(1);
                    made.send(row).is_ok()
                })
            });
        });
        taken.into_iter()
    }
}

async fn into<'s>(db: &Db, world: &World, loaded: &'s Loaded<'_>, ahead: Ahead<'s, '_>) -> kernel::Result<bool> {
    places(db, world, loaded).await?;
    let found = loaded.found;
    let (run, households) = (loaded.run_id(), found.households.iter().map(ToString::to_string).collect::<Vec<_>>());
    let mut load = RunLoad::begin(db, world, loaded.county(), &run, loaded.as_of(), &households).await?;
    drop(households);
    if !screening::load::run(&mut load, &about(loaded)).await? {
        return Ok(false);
    }
    exchange::load::deliveries(&mut load, &records::deliveries(loaded)).await?;
    linkage::load::obeyed(&mut load, &found.heard.rulings).await?;
    households::load::files(&mut load, ahead.of(loaded, |part, _, send| Ok(files::files(part).all(send)))).await?;
    linkage::load::records(&mut load, ahead.of(loaded, |part, _, send| Ok(records::records(part).all(send)))).await?;
    linkage::load::reviews(&mut load, found.gist.reviews.iter().cloned()).await?;
    linkage::load::model(&mut load, &records::model(found), &found.learned.model).await?;
    screening::load::findings(&mut load, ahead.of(loaded, findings)).await?;
    loaded.sound()?;
    load.commit().await?;
    let (who, run) = (store::loader(loaded.county()), run.as_str());
    db.write(world, &who, |mut cx| async move {
        if cx.world().demo {
            staff::plant_demo(&mut cx).await?;
        }
        cx.audit("run_loaded", "run", run, "").await
    })
    .await?;
    if world.demo {
        crate::demo::plant_cases(db, world, loaded.county()).await?;
    }
    audit::seal(db, world, &[]).await?;
    Ok(true)
}

/// The findings of a part of the county with their letters.
fn findings(part: &Part<'_>, at: usize, send: &mut dyn FnMut(FindingIn) -> bool) -> Result<bool> {
    let Loaded { found, policy, .. } = part.loaded;
    let dictionary = screening::stage::dictionary();
    let county = &found.intake.county;
    let plan = policy
        .prepare(&dictionary, &county.code, county.as_of)
        .map_err(|problems| anyhow!("the rules don't fit the facts: {}", problems.len()))?;
    let rules = Rules { policy, plan: &plan };
    let population = Population::new(part.assembly(), &part.opened.facts, part.links());
    let findings = rules.find(&population, &found.screened.ranks[at])?;
    let delivered = Delivered::new(part.ledger, &part.opened.facts, part.resources());
    let home = |household| Home { place: part.place(household), head: part.head(household) };
    Ok(part.loaded.teller().findings(&findings, &delivered, home).all(send))
}

async fn places(db: &Db, world: &World, loaded: &Loaded<'_>) -> kernel::Result<()> {
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let row = |place: &exchange::places::Place| places::Row {
        code: place.code.to_string(),
        name: place.name.clone(),
        level: level_code(place.level).to_owned(),
        parent: place.parent.map_or_else(String::new, |parent| parent.to_string()),
        valid_from: day(place.valid_from),
        valid_to: day(place.valid_to),
        successors: place.successors.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"),
    };
    // A group is known by its village's code: the store's tree ends at the village.
    let villages = loaded.found.intake.places.all().iter().filter(|place| place.level != Level::Group);
    let rows: Vec<places::Row> = villages.map(row).collect();
    let who = store::loader(loaded.county());
    let rows = &rows;
    db.write(world, &who, |mut cx| async move { places::load(&mut cx, rows).await }).await?;
    Ok(())
}

const fn level_code(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Prefecture => "prefecture",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
        Level::Group => "group",
    }
}

fn about(loaded: &Loaded<'_>) -> RunIn {
    let Loaded { summary, found, .. } = loaded;
    let millis = |seconds: f64| (seconds * 1_000.0) as i64;
    RunIn {
        policy: summary.policy.clone(),
        rows_read: found.intake.quality.iter().map(|delivery| delivery.rows as i64).sum(),
        rows_rejected: summary.rejects as i64,
        records_linked: found.gist.records_linked,
        persons: summary.persons as i64,
        households: summary.households as i64,
        found: summary.findings as i64,
        undetermined: summary.undetermined as i64,
        to_review: found.gist.to_review,
        millis: millis(summary.seconds),
        peak_memory: summary.peak_memory as i64,
        stages: summary
            .stages
            .iter()
            .map(|stage| StageIn {
                name: stage.name,
                counted: stage.items as i64,
                unit: stage.unit,
                left_behind: left_behind(loaded, stage.name),
                millis: millis(stage.seconds),
            })
            .collect(),
        rules: loaded
            .teller()
            .rules(&loaded.policy.rules_in_force(loaded.county(), loaded.as_of()), &found.screened.tallies),
    }
}

/// What a stage couldn't use: rejected rows and cells, records left alone for a human, rows of no household, answers
/// set aside unread, findings that can't be told.
fn left_behind(loaded: &Loaded<'_>, stage: &str) -> i64 {
    let Loaded { summary, found, .. } = loaded;
    match stage {
        "intake" => summary.rejects as i64,
        "link" => found.gist.to_review,
        "assemble" => found.unattached,
        "answers" => found.intake.quality.iter().map(|delivery| delivery.set_aside as i64).sum(),
        "screen" => summary.undetermined as i64,
        _ => 0,
    }
}
