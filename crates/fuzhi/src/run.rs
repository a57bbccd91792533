//! The chain: intake, link, assemble, answers, facts, screen, measure, publish. It reads like the list of stages.

use crate::arguments::Run;
use crate::intake::Intake;
use crate::load::Loaded;
use crate::out::OutFolder;
use crate::policy;
use crate::publish::{self, IdentityEvent};
use crate::stages::{Stage, Stages, peak_memory};
use crate::state::State;
use crate::wrong_usage::WrongUsage;
use anyhow::{Result, anyhow};
use facts::assembly::{Assembly, assemble};
use facts::person::RELATIONS;
use facts::{Facts, Ledger};
use linkage::heard::Heard;
use linkage::stage::{Linked, link_with};
use rulebook::Policy;
use screening::stage::{Delivered, Findings, Lines, Names, Population, measures};
use serde::Serialize;
use std::io::{BufWriter, Write};
use values::columns::SCALE;
use values::{AreaCode, Day, Truth};

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
}

/// Everything the chain found, in memory.
pub struct Found {
    pub intake: Intake,
    pub linked: Linked,
    pub assembly: Assembly,
    pub facts: Facts,
    /// What new deliveries changed about who is who, over the whole history of OUT.
    pub events: Vec<IdentityEvent>,
    /// What people had said of who is who.
    pub heard: Heard,
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
    let policy = policy::load(arguments.policy.as_deref())?;
    let out = OutFolder::open(&arguments.out)?;
    let mut stages = Stages::new(arguments.json);
    let found = find(arguments, &out, &mut stages)?;
    let county = &found.intake.county;
    stages.begin("screen", found.assembly.households.len() as u64, "households");
    let dictionary = screening::stage::dictionary();
    let plan = policy
        .prepare(&dictionary, &county.code, county.as_of)
        .map_err(|problems| anyhow!("the rules don't fit the facts: {}", problems.len()))?;
    let population = Population::new(&found.assembly, &found.facts, &found.linked.links);
    let findings = screening::stage::find(&policy, &plan, &population)?;
    let ledger = Ledger::new(&found.intake.resources, &found.linked.links, &found.assembly, &found.facts);
    let delivered = Delivered::new(&ledger, &found.facts, &found.intake.resources);
    let told =
        Told { found: &found, findings: &findings, ledger: &ledger, delivered: &delivered, heads: heads(&found) };
    told.write(&out, &policy, &mut stages)?;
    stages.end();
    let mut summary = summary(&found, &findings, &policy, &stages);
    batch::write_whole(&out.next("run.json"), |file| file.write_all(&about(&summary, county)?))
        .map_err(|problem| anyhow!("{problem}"))?;
    out.publish()?;
    if let Some(url) = store_url(arguments) {
        stages.begin("store", summary.households, "households");
        crate::load::load(&url, &told.loaded(&policy, &summary), arguments.demo)?;
        stages.end();
        summary.stages = stages.done().to_vec();
        summary.seconds = stages.total_seconds();
        summary.peak_memory = peak_memory();
    }
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
    let Summary { policy, stages, seconds, peak_memory, obeyed, .. } = summary;
    let about = serde_json::json!({
        "as_of": county.as_of,
        "region": county.code,
        "policy": policy,
        "stages": stages,
        "seconds": seconds,
        "peak_memory": peak_memory,
        "obeyed": obeyed,
    });
    Ok(serde_json::to_vec_pretty(&about)?)
}

fn find(arguments: &Run, out: &OutFolder, stages: &mut Stages) -> Result<Found> {
    let mut state = State::read(&out.current("state"))?;
    let bar = stages.begin("intake", 0, "rows");
    let mut intake =
        Intake::read(&arguments.county, arguments.as_of, &|rows| bar.inc(rows)).map_err(|p| anyhow!("{p}"))?;
    stages.count(intake.rows() as u64);
    let as_of = intake.county.as_of;

    stages.begin("link", intake.rows() as u64, "rows");
    let heard = crate::heard::hear(store_url(arguments).as_deref(), &intake.county.code, arguments.demo)?;
    let mut linked = link_with(&intake.resources, &state.people, &heard.said);
    state.people = std::mem::take(&mut linked.identities);
    state.events.extend(linked.events.iter().map(|event| IdentityEvent::new(event, as_of)));

    stages.begin("assemble", linked.links.people.len() as u64, "persons");
    let assembly = assemble(&intake.resources, &linked.links, as_of, &state.households);
    state.households = assembly.identities(&linked.links);
    state.write(&out.next("state"))?;
    let events = state.events;
    drop((state.people, state.households));

    let bar = stages.begin("answers", 0, "rows");
    let readable = assembly.readable_rows(&intake.resources, &linked.links);
    intake.read_answers(&readable, &|rows| bar.inc(rows));

    stages.begin("facts", assembly.households.len() as u64, "households");
    let facts = facts::reckon(&intake.resources, &linked.links, &assembly);
    Ok(Found { intake, linked, assembly, facts, events, heard })
}

/// Everything there is to tell, with the sources behind it.
struct Told<'a> {
    found: &'a Found,
    findings: &'a Findings<'a>,
    ledger: &'a Ledger<'a>,
    delivered: &'a Delivered<'a>,
    heads: Vec<String>,
}

impl<'a> Told<'a> {
    fn loaded(&'a self, policy: &'a Policy, summary: &'a Summary) -> Loaded<'a> {
        let Told { found, findings, ledger, delivered, heads } = self;
        Loaded { found, findings, delivered, ledger, heads, policy, summary }
    }

    fn write(&self, out: &OutFolder, policy: &Policy, stages: &mut Stages) -> Result<()> {
        let Found { intake, linked, assembly, facts, events, .. } = self.found;
        stages.begin("identities", linked.links.people.len() as u64, "persons");
        publish::links(&out.next("links.parquet"), &intake.resources, &linked.links)?;
        publish::members(&out.next("members.parquet"), &linked.links, assembly)?;
        publish::identities(&out.next("identities.parquet"), events)?;
        intake.write(&out.next("")).map_err(|problem| anyhow!("{problem}"))?;

        stages.begin("measure", assembly.households.len() as u64, "households");
        let areas: Vec<Option<AreaCode>> = assembly.households.iter().map(|household| household.area).collect();
        let county = AreaCode::parse(&intake.county.code)?;
        let measured = measures(&facts.households, &areas, county, lines(policy, intake));
        publish::measures(&out.next("measures.parquet"), &measured)?;

        stages.begin("findings", self.findings.list.len() as u64, "findings");
        self.write_findings(out)?;

        stages.begin("provenance", assembly.households.len() as u64, "households");
        publish::facts(&out.next("facts.parquet"), self.ledger, assembly.households.len())
    }

    fn write_findings(&self, out: &OutFolder) -> Result<()> {
        let said = |problem: batch::Problem| anyhow!("{problem}");
        publish::findings(&out.next("findings.parquet"), self.findings)?;
        batch::write_whole(&out.next("findings.json"), |file| {
            let mut file = BufWriter::with_capacity(1 << 20, file);
            self.findings.write_json(self.delivered, &mut file)?;
            file.flush()
        })
        .map_err(said)?;
        let village = |area: AreaCode| self.found.intake.places.get(area).map(|place| place.name.clone());
        let names = Names { heads: &self.heads, village: &village };
        publish::sheet(&out.next("findings.xlsx"), self.findings, &names)?;
        batch::write_whole(&out.next("report.html"), |file| {
            let mut file = BufWriter::with_capacity(1 << 20, file);
            self.findings.write_report(&names, &mut file)?;
            file.flush()
        })
        .map_err(said)
    }
}

/// The name each household goes by: its head's, or its first member's.
fn heads(found: &Found) -> Vec<String> {
    let head = RELATIONS.iter().position(|relation| *relation == "head").map(|at| at as u8);
    let name = |household| {
        let people = found.assembly.people_of(household);
        let of_head = people.iter().find(|person| person.relation == head && person.standing.counts());
        let person = of_head.or_else(|| people.first());
        person.map_or_else(String::new, |p| found.linked.links.people[p.person as usize].name.clone())
    };
    (0..found.assembly.households.len() as u32).map(name).collect()
}

fn lines(policy: &Policy, intake: &Intake) -> Lines {
    let amount = |name| policy::amount(policy, name, &intake.county.code, intake.county.as_of);
    Lines {
        monitoring: amount("monitoring_line"),
        cutoff: amount("multidimensional_cutoff").map(|share| share as f64 / SCALE as f64),
    }
}

fn summary(found: &Found, findings: &Findings<'_>, policy: &Policy, stages: &Stages) -> Summary {
    let Found { intake, linked, assembly, .. } = found;
    let undetermined = findings.list.iter().filter(|finding| finding.outcome == Truth::Undetermined).count() as u64;
    Summary {
        county: intake.county.name.clone(),
        as_of: intake.county.as_of,
        policy: policy.version().to_owned(),
        rows: intake.rows() as u64,
        rejects: intake.quality.iter().map(|delivery| delivery.rejected_cells + delivery.rejected_rows).sum(),
        persons: linked.links.people.len() as u64,
        households: assembly.households.len() as u64,
        findings: findings.list.len() as u64 - undetermined,
        undetermined,
        stages: stages.done().to_vec(),
        seconds: stages.total_seconds(),
        peak_memory: peak_memory(),
        obeyed: found.heard.said.rulings.len() as u64,
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
    text
}
