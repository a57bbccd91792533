//! The chain: intake, link, assemble, identities, answers, survey, facts, screen, measure, findings, provenance. It reads
//! like the list of stages.

use crate::arguments::Run;
use crate::aside::Wanted;
use crate::buckets::{Asked, Buckets, Spread, reckon};
use crate::cluster::Cluster;
use crate::intake::Intake;
use crate::load::{Gist, Loaded};
use crate::memory::Memory;
use crate::out::OutFolder;
use crate::policy;
use crate::publish::{self, IdentityEvent};
use crate::screened::{self, Files, Rules, Screened};
use crate::signing;
use crate::stages::{Stage, Stages, peak_memory};
use crate::state::State;
use crate::wrong_usage::WrongUsage;
use anyhow::{Result, anyhow};
use batch::Shelf;
use facts::Doubtful;
use facts::assembly::{Assembly, assemble};
use facts::bucket::Cut;
use facts::records::{HouseholdId, Keys, Resource};
use facts::survey::{self, Survey, Surveyor};
use indicatif::ProgressBar;
use linkage::heard::Heard;
use linkage::stage::{Linked, Met, Profiles, Seen, link_profiles};
use rulebook::Policy;
use screening::stage::Lines;
use serde::Serialize;
use values::columns::SCALE;
use values::{AreaCode, Day};

/// What a run says at its end, for people and for `--json`.
#[derive(Serialize)]
pub struct Summary {
    pub county: String,
    pub as_of: Day,
    pub policy: String,
    pub rows: u64,
    pub rejects: u64,
    pub persons: u64,
    pub households: u64,
    pub findings: u64,
    pub undetermined: u64,
    pub stages: Vec<Stage>,
    pub seconds: f64,
    pub peak_memory: u64,
    /// Judgements of pairs and rulings on persons that linking obeyed.
    pub obeyed: u64,
    /// The bound that was asked for, in bytes; how many buckets it took, and how many bytes went to the disk for it.
    pub memory: u64,
    pub buckets: usize,
    pub spilled: u64,
}

/// What the chain found, as far as it isn't in files by then.
pub struct Found {
    pub intake: Intake,
    pub learned: Learned,
    pub buckets: Buckets,
    pub screened: Screened,
    pub households: Vec<HouseholdId>,
    pub persons: u64,
    /// Rows about a household that belong to none.
    pub unattached: i64,
    /// What the store wants of the links.
    pub gist: Gist,
    /// What people had said of who is who.
    pub heard: Heard,
}

/// What linking learned about this county's records.
pub struct Learned {
    pub model: fellegi::Model,
    /// The same before labels corrected it, where they did.
    pub untaught: Option<fellegi::Model>,
    pub met: Met,
}

/// Runs the chain over a county's folder into OUT.
///
/// # Errors
/// [`WrongUsage`] when the command can't work; an error that says what failed otherwise. OUT stays as it was.
pub fn run(arguments: &Run) -> Result<Summary> {
    if !arguments.county.is_dir() {
        let sentence = format!("{} is not a folder; give the county's folder", arguments.county.display());
        return Err(WrongUsage::new(sentence).into());
    }
    signing::demand(arguments.policy.as_deref(), arguments.policy_signer.as_deref())?;
    let policy = policy::load(arguments.policy.as_deref())?;
    let out = OutFolder::open(&arguments.out)?;
    let mut stages = Stages::new(arguments.json);
    let memory = Memory::new(arguments.memory);
    let cluster = Cluster::open(&arguments.cluster, &out.next(""))?;
    let mut chain = Chain { arguments, out: &out, policy: &policy, shelf: memory.shelf(&out.aside()), memory, cluster };
    let found = chain.find(&mut stages)?;
    stages.end();
    // What the machines were shown goes before anything is published.
    chain.cluster = None;
    let mut summary = chain.summary(&found, &stages);
    batch::write_whole(&out.next("run.json"), |file| file.write_all(&about(&summary, &found.intake.county)?))
        .map_err(|problem| anyhow!("{problem}"))?;
    out.publish()?;
    if let Some(url) = store_url(arguments) {
        let bar = stages.begin_counted("store", summary.households, "households");
        crate::load::load(&url, &Loaded::new(&found, &policy, &summary, &bar), arguments.demo)?;
        stages.end();
        summary.stages = stages.done().to_vec();
        summary.seconds = stages.total_seconds();
        summary.peak_memory = peak_memory();
    }
    summary.spilled = chain.shelf.spilled();
    Ok(summary)
}

/// The store a run is loaded into: OUT's own unless another is named.
fn store_url(arguments: &Run) -> Option<String> {
    match arguments.store.as_deref() {
        Some("none") => None,
        Some(url) => Some(url.to_owned()),
        None => Some(format!("sqlite:{}", arguments.out.join("fuzhi.db").display())),
    }
}

/// `run.json`: what the run spoke of, and what it cost. Nothing of it stands in the findings.
fn about(summary: &Summary, county: &exchange::County) -> std::io::Result<Vec<u8>> {
    let Summary { policy, stages, seconds, peak_memory, memory, buckets, spilled, obeyed, .. } = summary;
    let about = serde_json::json!({
        "as_of": county.as_of,
        "region": county.code,
        "policy": policy,
        "stages": stages,
        "seconds": seconds,
        "peak_memory": peak_memory,
        "obeyed": obeyed,
        "memory": memory,
        "buckets": buckets,
        "spilled": spilled,
    });
    Ok(serde_json::to_vec_pretty(&about)?)
}

/// Rows of the households that one machine works on at a time: enough that it isn't kept busy with asking for work.
const ROWS_A_TASK: usize = 400_000;

/// One run: what it was asked, and where it writes.
struct Chain<'a> {
    arguments: &'a Run,
    out: &'a OutFolder,
    policy: &'a Policy,
    shelf: Shelf,
    memory: Memory,
    /// Other machines that may be asked.
    cluster: Option<Cluster>,
}

/// Who is who and who lives with whom, while all deliveries are at hand.
struct Known {
    linked: Linked,
    assembly: Assembly,
    heard: Heard,
}

impl Chain<'_> {
    fn find(&self, stages: &mut Stages) -> Result<Found> {
        let bar = stages.begin_reading("intake");
        let progress = |bar: ProgressBar| {
            move |done, all| {
                bar.set_length(all);
                bar.set_position(done);
            }
        };
        let Run { county, as_of, .. } = self.arguments;
        let reading = progress(bar);
        let mut intake = match &self.cluster {
            Some(cluster) => Intake::read_on(cluster, county, *as_of, &self.shelf, &reading)?,
            None => Intake::read(county, *as_of, &self.shelf, &reading)?,
        };
        let rows = intake.rows();
        stages.count(rows as u64);
        let Known { mut linked, assembly, heard } = self.know(&mut intake, stages)?;

        let bar = stages.begin_reading("answers");
        let readable = assembly.readable_rows(&intake.heads(), &linked.links);
        intake.read_answers(&readable, &progress(bar)).map_err(|p| anyhow!("{p}"))?;
        drop(readable);
        intake.write(&self.out.next("")).map_err(|problem| anyhow!("{problem}"))?;

        stages.begin("survey", rows as u64, "rows");
        let wants_store = store_url(self.arguments).is_some();
        let gist = if wants_store { Gist::new(&intake, &linked, &assembly)? } else { Gist::default() };
        let mut survey = self.survey(&intake, &linked, &assembly)?;
        linked.links.weight = Vec::new();
        let cut = Cut::new(&assembly, self.buckets(rows));
        let buckets = Buckets::fill(&self.shelf, cut, &mut intake, &linked.links, &assembly)?;
        let households = assembly.households.iter().map(|household| household.id).collect::<Vec<_>>();
        let Linked { links, model, untaught, met, .. } = linked;
        let (persons, learned) = (links.people.len() as u64, Learned { model, untaught, met });
        let unattached = assembly.unattached().iter().map(|rows| i64::from(*rows)).sum();
        drop((links, assembly));

        let bar = stages.begin_counted("facts", households.len() as u64, "households");
        let spread = self.cluster.as_ref().map(|cluster| Spread::new(cluster, &buckets)).transpose()?;
        let doubtful = match &spread {
            Some(spread) => spread.reckon(&mut survey, &|homes| bar.inc(homes))?,
            None => reckon(&buckets, &mut survey, &|homes| bar.inc(homes))?,
        };
        drop(survey);
        let screened = self.screen(&intake, &buckets, spread.as_ref(), &doubtful, stages)?;
        Ok(Found { intake, learned, buckets, screened, households, persons, unattached, gist, heard })
    }

    /// Into how many buckets the county is cut: by memory, and so that there is work for many machines.
    fn buckets(&self, rows: usize) -> usize {
        let for_machines = self.cluster.as_ref().map_or(1, |_| rows.div_ceil(ROWS_A_TASK));
        self.memory.buckets(rows).max(for_machines)
    }

    /// Finds out who is who and who lives with whom, and writes what later runs build on.
    fn know(&self, intake: &mut Intake, stages: &mut Stages) -> Result<Known> {
        let mut state = State::read(&self.out.current("state"))?;
        let as_of = intake.county.as_of;
        stages.begin("link", intake.rows() as u64, "rows");
        let store = store_url(self.arguments);
        let heard = crate::heard::hear(store.as_deref(), &intake.county.code, self.arguments.demo)?;
        let mut linked = link_profiles(&profiles(intake)?, &state.people, &heard.said);
        state.lay_people(&self.out.next("state"), std::mem::take(&mut linked.identities))?;
        state.events.extend(linked.events.iter().map(|event| IdentityEvent::new(event, as_of)));

        stages.begin("assemble", linked.links.people.len() as u64, "persons");
        let slim = intake.gather(Wanted::All, facts::assembly::slim)?;
        let assembly = assemble(&slim, &linked.links, as_of, &state.households);
        drop(slim);
        state.households = assembly.identities(&linked.links);
        state.write(&self.out.next("state"))?;

        stages.begin("identities", linked.links.people.len() as u64, "persons");
        let rows = |at: usize| {
            let numbers = |rows: &mut Resource| rows.keys = Keys::default();
            Ok(intake.resources[at].gather(&intake.drawer, Wanted::Keys, numbers)?.rows)
        };
        publish::links(&self.out.next("links.parquet"), &intake.heads(), &linked.links, rows)?;
        publish::members(&self.out.next("members.parquet"), &linked.links, &assembly)?;
        publish::identities(&self.out.next("identities.parquet"), &state.events)?;
        Ok(Known { linked, assembly, heard })
    }

    fn survey(&self, intake: &Intake, linked: &Linked, assembly: &Assembly) -> Result<Survey> {
        let mut surveyor = Surveyor::new(intake.resources.len(), &linked.links.people, assembly);
        for (number, (resource, person)) in (0..).zip(intake.resources.iter().zip(&linked.links.person)) {
            surveyor.look(number, &resource.gather(&intake.drawer, Wanted::All, survey::slim)?, person);
        }
        Ok(surveyor.done())
    }

    /// Asks the rules, and writes all they found.
    fn screen(
        &self,
        intake: &Intake,
        buckets: &Buckets,
        spread: Option<&Spread<'_>>,
        doubtful: &[Doubtful],
        stages: &mut Stages,
    ) -> Result<Screened> {
        let households = buckets.households();
        let bar = stages.begin_counted("screen", households, "households");
        let (county, policy) = (&intake.county, self.policy);
        let dictionary = screening::stage::dictionary();
        let plan = policy
            .prepare(&dictionary, &county.code, county.as_of)
            .map_err(|problems| anyhow!("the rules don't fit the facts: {}", problems.len()))?;
        let rules = Rules { policy, plan: &plan };
        let screened = match spread {
            Some(spread) => {
                let texts = policy::texts(self.arguments.policy.as_deref())?;
                spread.screen(doubtful, &Asked { texts, region: county.code.clone(), as_of: county.as_of })?
            }
            None => screened::screen(buckets, doubtful, rules, &|homes| bar.inc(homes))?,
        };

        stages.begin("measure", households, "households");
        let measured = screened.measures(AreaCode::parse(&county.code)?, lines(policy, intake));
        publish::measures(&self.out.next("measures.parquet"), &measured)?;

        let bar = stages.begin_counted("findings", screened.found + screened.undetermined, "findings");
        let village = |area: AreaCode| intake.places.get(area).map(|place| place.name.clone());
        let out = |name| self.out.next(name);
        let (parquet, json) = (&*out("findings.parquet"), &*out("findings.json"));
        let (sheet, report) = (&*out("findings.xlsx"), &*out("report.html"));
        let files = Files { parquet, json, sheet, report };
        screened::tell(buckets, &screened, rules, &village, &self.shelf, &files, &|findings| bar.inc(findings))?;

        let bar = stages.begin_counted("provenance", households, "households");
        screened::provenance(buckets, &out("facts.parquet"), &|homes| bar.inc(homes))?;
        Ok(screened)
    }

    fn summary(&self, found: &Found, stages: &Stages) -> Summary {
        let Found { intake, screened, .. } = found;
        Summary {
            county: intake.county.name.clone(),
            as_of: intake.county.as_of,
            policy: self.policy.version().to_owned(),
            rows: intake.quality.iter().map(|delivery| delivery.kept).sum(),
            rejects: intake.quality.iter().map(|delivery| delivery.rejected_cells + delivery.rejected_rows).sum(),
            persons: found.persons,
            households: found.households.len() as u64,
            findings: screened.found,
            undetermined: screened.undetermined,
            stages: stages.done().to_vec(),
            seconds: stages.total_seconds(),
            peak_memory: peak_memory(),
            memory: self.memory.limit(),
            buckets: found.buckets.len(),
            spilled: self.shelf.spilled(),
            obeyed: found.heard.said.rulings.len() as u64,
        }
    }
}

/// The distinct person keys of all rows: what linking holds in memory.
fn profiles(intake: &Intake) -> Result<Profiles> {
    let (mut seen, drawer) = (Seen::new(intake.heads()), &intake.drawer);
    for (at, resource) in intake.resources.iter().enumerate() {
        let looks = resource.map(drawer, Wanted::Keys, |first, rows| Ok(Seen::look(at, first, &rows)))?;
        looks.into_iter().for_each(|look| seen.add(at, look));
    }
    let mut profiles = seen.profiles();
    for (at, resource) in intake.resources.iter().enumerate() {
        let kept = resource.map(drawer, Wanted::Keys, |first, rows| Ok(profiles.keep(at, first, &rows)))?;
        kept.into_iter().for_each(|kept| profiles.take(kept));
    }
    Ok(profiles)
}

fn lines(policy: &Policy, intake: &Intake) -> Lines {
    let amount = |name| policy::amount(policy, name, &intake.county.code, intake.county.as_of);
    Lines {
        monitoring: amount("monitoring_line"),
        cutoff: amount("multidimensional_cutoff").map(|share| share as f64 / SCALE as f64),
    }
}

/// What `fuzhi run` prints without `--json`.
#[must_use]
pub fn report(s: &Summary) -> String {
    let mut text = format!(
        "{} on {}: {} rows, {} rejected, {} persons in {} households; {} findings, {} undetermined\n",
        s.county, s.as_of, s.rows, s.rejects, s.persons, s.households, s.findings, s.undetermined
    );
    if s.obeyed > 0 {
        text.push_str(&format!("  {} judgements of people about who is who were obeyed\n", s.obeyed));
    }
    for stage in &s.stages {
        let peak = stage.peak_memory / 1_000_000;
        text.push_str(&format!(
            "  {:<10} {:>8.2} s  {:>10} {:<10} {peak:>6} MB\n",
            stage.name, stage.seconds, stage.items, stage.unit
        ));
    }
    text.push_str(&format!("  {:<10} {:>8.2} s  peak memory {} MB\n", "all", s.seconds, s.peak_memory / 1_000_000));
    text.extend(crate::memory::beyond(s));
    text
}
