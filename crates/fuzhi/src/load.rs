//! Takes a run into the operational store, so that pages read the store alone.
//!
//! A run goes in one transaction, behind the places it speaks of, under identifiers derived from content: loading it
//! twice adds nothing twice.

mod conflicts;
mod files;
mod records;

use crate::run::{Found, Summary};
use crate::store;
use anyhow::{Result, anyhow};
use households::load::RunLoad;
use kernel::{Db, World, audit, content_id};
use rulebook::Policy;
use screening::letters::{Home, Teller};
use screening::load::{RunIn, StageIn};
use screening::stage::{Delivered, Findings};
use std::sync::mpsc;
use std::thread;
use values::{Day, Level};

/// Everything a run gives to the store.
pub struct Loaded<'a> {
    pub found: &'a Found,
    pub findings: &'a Findings<'a>,
    pub delivered: &'a Delivered<'a>,
    pub ledger: &'a facts::Ledger<'a>,
    /// By household: the name it goes by.
    pub heads: &'a [String],
    pub policy: &'a Policy,
    pub summary: &'a Summary,
}

impl Loaded<'_> {
    fn county(&self) -> &str {
        &self.found.intake.county.code
    }

    fn as_of(&self) -> Day {
        self.found.intake.county.as_of
    }

    fn households(&self) -> Vec<String> {
        self.found.assembly.households.iter().map(|household| household.id.to_string()).collect()
    }

    /// The code of a household's village; the county's own where no record names one.
    fn place(&self, household: u32) -> String {
        let county = || format!("{}000000", self.county());
        self.found.assembly.households[household as usize].area.map_or_else(county, |area| area.to_string())
    }

    /// The name a household goes by.
    fn head(&self, household: u32) -> String {
        self.heads.get(household as usize).cloned().unwrap_or_default()
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
}

/// Opens the store at `url`, brings its tables up to date and takes the run in. `false`: it was in already.
///
/// # Errors
/// When the store can't be opened, was made for another county, or refuses.
pub fn load(url: &str, loaded: &Loaded<'_>, demo: bool) -> Result<bool> {
    let rows = records::PersonRows::new(&loaded.found.linked.links);
    thread::scope(|scope| {
        store::block_on(async {
            let world = store::world(url, demo)?;
            let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
            let new = into(&db, &world, loaded, &rows, Ahead(scope)).await;
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
    fn of<T: Send + 's>(self, rows: impl Iterator<Item = T> + Send + 's) -> impl Iterator<Item = T> + Send {
        let (made, taken) = mpsc::sync_channel(AHEAD);
        self.0.spawn(move || {
            for row in rows {
                if made.send(row).is_err() {
                    break;
                }
            }
        });
        taken.into_iter()
    }
}

async fn into<'s>(
    db: &Db,
    world: &World,
    loaded: &'s Loaded<'_>,
    rows: &'s records::PersonRows,
    ahead: Ahead<'s, '_>,
) -> kernel::Result<bool> {
    places(db, world, loaded).await?;
    let (households, run) = (loaded.households(), loaded.run_id());
    let mut load = RunLoad::begin(db, world, loaded.county(), &run, loaded.as_of(), &households).await?;
    if !screening::load::run(&mut load, &about(loaded)).await? {
        return Ok(false);
    }
    exchange::load::deliveries(&mut load, &records::deliveries(loaded)).await?;
    linkage::load::obeyed(&mut load, &loaded.found.heard.rulings).await?;
    households::load::files(&mut load, ahead.of(files::files(loaded, rows))).await?;
    linkage::load::records(&mut load, ahead.of(records::records(loaded, rows))).await?;
    linkage::load::reviews(&mut load, records::reviews(loaded).into_iter()).await?;
    linkage::load::model(&mut load, &records::model(loaded), &loaded.found.linked.model).await?;
    let home = |household| Home { place: loaded.place(household), head: loaded.head(household) };
    let told = loaded.teller().findings(loaded.findings, loaded.delivered, home);
    screening::load::findings(&mut load, ahead.of(told)).await?;
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
        records_linked: found.linked.links.person.iter().flatten().filter(|person| **person != u32::MAX).count() as i64,
        persons: summary.persons as i64,
        households: summary.households as i64,
        found: summary.findings as i64,
        undetermined: summary.undetermined as i64,
        to_review: (found.linked.review.len() + found.linked.conflicts.len()) as i64,
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
        rules: loaded.teller().rules(loaded.findings),
    }
}

/// What a stage couldn't use: rejected rows and cells, records left alone for a human, rows of no household, answers
/// set aside unread, findings that can't be told.
fn left_behind(loaded: &Loaded<'_>, stage: &str) -> i64 {
    let Loaded { summary, found, .. } = loaded;
    match stage {
        "intake" => summary.rejects as i64,
        "link" => (found.linked.review.len() + found.linked.conflicts.len()) as i64,
        "assemble" => found.assembly.unattached().iter().map(|rows| i64::from(*rows)).sum(),
        "answers" => found.intake.quality.iter().map(|delivery| delivery.set_aside as i64).sum(),
        "screen" => summary.undetermined as i64,
        _ => 0,
    }
}
