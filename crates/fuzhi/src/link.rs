//! `fuzhi link`: any two or more files, linked by a specification.

mod find;
mod index;
mod input;
mod labels;
mod machines;
mod output;
mod places;
mod report;

use crate::cluster::{Cluster, Reach};
use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use batch::write_whole;
use fellegi::{Evaluation, Known, LinkError, Model, Outcome, Records, Room, RuleCount, Scheme, Spec};
use input::Input;
use machines::Machines;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub use find::find;
pub use machines::Rows;

#[derive(clap::Args)]
pub struct Arguments {
    /// What to link and how, in TOML.
    spec: PathBuf,
    /// Where pairs, clusters, the model and a report go.
    #[arg(long, required_unless_present_any = ["count", "find"])]
    out: Option<PathBuf>,
    /// Counts the pairs of each blocking rule and compares nothing.
    #[arg(long)]
    pub count: bool,
    /// Looks for single records among the files: one a line on stdin, as a JSON object of common columns; the answer to each
    /// is a line on stdout. Takes a model by --model, or the one of --index.
    #[arg(long, conflicts_with_all = ["count", "out", "labels", "evaluate", "cluster"])]
    pub find: bool,
    /// Where what was found is kept: the next time only records that have come since are compared, with the same
    /// answer as if all were linked again by the same model.
    #[arg(long)]
    index: Option<PathBuf>,
    /// A model trained before, ours or Splink's; without it one is trained on the files.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Decisions of people (left_source, left_id, right_source, right_id, decision) to learn from.
    #[arg(long)]
    labels: Option<PathBuf>,
    /// Decisions of people to measure by: precision, recall and F1 from threshold to threshold.
    #[arg(long)]
    evaluate: Option<PathBuf>,
    /// How much memory to use, such as 4GB: keys are then worked in slices and pairs compared twice rather than kept.
    /// The answer is the same; without it, as much is used as is quickest.
    #[arg(long, value_parser = crate::arguments::bytes)]
    pub memory: Option<u64>,
    #[command(flatten)]
    cluster: Reach,
    #[arg(long)]
    pub json: bool,
}

/// What the program, its threads and the parts of files at work take, whatever the files' size.
const PROGRAM: u64 = 160 << 20;
/// Bytes that a record takes on its way to its group, beside itself.
const GROUPING: u64 = 24;

/// What the job came to, for the person who asked and for `--json`.
#[derive(Serialize)]
pub struct Summary {
    pub records: u64,
    /// Records whose pairs were known from before.
    pub standing: u32,
    pub candidate_pairs: u64,
    pub pairs: u64,
    pub clusters: u64,
    pub trained: bool,
    pub read_seconds: f64,
    pub link_seconds: f64,
    /// Of linking: finding, comparing and weighing pairs; u and m; groups.
    pub candidates_seconds: f64,
    pub training_seconds: f64,
    pub grouping_seconds: f64,
    /// Comparing and weighing alone, of all cores together.
    pub comparing_core_seconds: f64,
    pub write_seconds: f64,
    pub cpu_seconds: f64,
    pub peak_memory: u64,
    pub warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<Evaluation>,
}

impl Summary {
    /// In one sentence, and a table where labels were given.
    pub fn report(&self) -> String {
        let mut text =
            format!("{} records, {} pairs kept of {} candidates\n", self.records, self.pairs, self.candidate_pairs);
        if self.standing > 0 {
            text += &format!("{} records stood already, their pairs with each other among those kept\n", self.standing);
        }
        for warning in &self.warnings {
            text += &format!("! {warning}\n");
        }
        for at in self.evaluation.iter().flat_map(|evaluation| &evaluation.thresholds) {
            text += &format!(
                "from {:<6} precision {:.4} recall {:.4} F1 {:.4}\n",
                at.threshold, at.precision, at.recall, at.f1
            );
        }
        text
    }
}

/// What each blocking rule would cost.
#[derive(Serialize)]
pub struct Counted {
    pub records: u64,
    pub rules: Vec<RuleCount>,
}

impl Counted {
    /// A line a rule.
    pub fn report(&self) -> String {
        let mut text = format!("{} records\n", self.records);
        for rule in &self.rules {
            let on = if rule.on.is_empty() { "all with all".to_owned() } else { rule.on.join(" & ") };
            let too_large = match rule.too_large {
                0 => String::new(),
                records => format!("; {records} records in blocks too large to compare"),
            };
            text += &format!("{:>12} pairs  {on}{too_large}\n", rule.pairs);
        }
        text
    }
}

/// Counts the pairs of each blocking rule, given or found, before anything is compared.
///
/// # Errors
/// As [`link`].
pub fn count(arguments: &Arguments) -> Result<Counted> {
    let mut asked = Asked::read(arguments)?;
    let read = asked.records(arguments)?;
    let lengths: Vec<usize> = read.inputs.iter().map(|input| input.ids.len()).collect();
    let rules = fellegi::count_rules(&asked.spec, &read.records, &lengths).map_err(|e| asked.wrong(&e))?;
    Ok(Counted { records: read.records.len() as u64, rules })
}

/// A specification with all that it names beside the inputs.
struct Asked<'a> {
    path: &'a Path,
    spec: Spec,
    model: Option<Model>,
    warnings: Vec<String>,
}

impl<'a> Asked<'a> {
    fn read(arguments: &'a Arguments) -> Result<Self> {
        let path = arguments.spec.as_path();
        let mut asked = Self { path, spec: Spec::default(), model: None, warnings: Vec::new() };
        let text = std::fs::read_to_string(path).map_err(|e| asked.wrong(&e))?;
        asked.spec = Spec::parse(&text).map_err(|e| asked.wrong(&e))?;
        if let Some(places) = &asked.spec.link.places {
            asked.spec.successors = places::read(asked.folder(), places)?;
        }
        if let Some(path) = &arguments.model {
            asked.model = Some(read_model(path, &mut asked.spec, &mut asked.warnings)?);
        }
        Ok(asked)
    }

    fn folder(&self) -> &'a Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    fn wrong(&self, error: &dyn std::fmt::Display) -> anyhow::Error {
        WrongUsage::new(format!("{}: {error}", self.path.display())).into()
    }

    /// What an index, a model, labels and the memory left make known.
    fn known(&mut self, arguments: &Arguments, inputs: &[Input], records: &Records) -> Result<Known> {
        let labels = arguments.labels.as_ref().map(|path| labels::read(path, inputs)).transpose()?;
        let standing = arguments.index.as_ref().map(|folder| index::read(folder, &self.spec, records));
        let standing = standing.transpose()?.flatten();
        if standing.is_some() && (self.model.is_some() || labels.is_some()) {
            let sentence = "an index keeps its model: give --model or --labels where it begins, in a new folder";
            return Err(self.wrong(&sentence));
        }
        let ids: usize = inputs.iter().map(|input| input.ids.size()).sum();
        let held = PROGRAM + (records.size() + ids) as u64 + GROUPING * records.len() as u64;
        let room = Room(arguments.memory.map(|memory| memory.saturating_sub(held)));
        let (model, earlier) = match standing {
            Some((model, earlier)) => (Some(model), Some(earlier)),
            None => (self.model.take(), None),
        };
        Ok(Known { model, labels: labels.unwrap_or_default(), earlier, room })
    }

    fn records(&mut self, arguments: &Arguments) -> Result<input::Read> {
        let scheme = Scheme::new(&self.spec).map_err(|e| self.wrong(&e))?;
        let limit = arguments.memory.map_or(u64::MAX, |memory| memory.saturating_sub(PROGRAM) / 20 * 17);
        let mut read = input::read(&self.spec, &scheme, self.folder(), limit)?;
        self.warnings.append(&mut read.warnings);
        Ok(read)
    }
}

/// Links the files of a specification and writes pairs, clusters, the model and a report.
///
/// # Errors
/// [`WrongUsage`] for a specification that can't be used; an error that names the file when one can't be read.
pub fn link(arguments: &Arguments) -> Result<Summary> {
    let out = arguments.out.as_deref().ok_or_else(|| WrongUsage::new("--out DIR says where the answer goes"))?;
    let start = Instant::now();
    let mut asked = Asked::read(arguments)?;
    let input::Read { inputs, records, .. } = asked.records(arguments)?;
    let read_seconds = start.elapsed().as_secs_f64();
    let known = asked.known(arguments, &inputs, &records)?;
    let (trained, standing) = (known.model.is_none(), known.earlier.as_ref().map_or(0, |earlier| earlier.records));
    let lengths: Vec<usize> = inputs.iter().map(|input| input.ids.len()).collect();
    let start = Instant::now();
    let mut outcome = outcome(arguments, &asked, out, &records, &lengths, known)?;
    let link_seconds = start.elapsed().as_secs_f64();
    // Kept only for an index; writing needs the memory.
    let records = arguments.index.is_some().then_some(records);
    outcome.statistics.warnings.splice(0..0, std::mem::take(&mut asked.warnings));
    let evaluation = match &arguments.evaluate {
        Some(path) => Some(fellegi::evaluate(&outcome, &labels::read(path, &inputs)?, asked.spec.threshold())),
        None => None,
    };
    let start = Instant::now();
    write(out, &asked.spec, &inputs, &outcome, evaluation.as_ref())?;
    if let (Some(folder), Some(records)) = (&arguments.index, &records) {
        index::write(folder, &asked.spec, records, &outcome)?;
    }
    let statistics = outcome.statistics;
    Ok(Summary {
        records: statistics.records,
        standing,
        candidate_pairs: statistics.candidate_pairs,
        pairs: outcome.pairs.len() as u64,
        clusters: u64::from(outcome.clusters.iter().max().map_or(0, |last| last + 1)),
        trained,
        read_seconds,
        link_seconds,
        candidates_seconds: statistics.seconds.candidates,
        training_seconds: statistics.seconds.training,
        grouping_seconds: statistics.seconds.grouping,
        comparing_core_seconds: statistics.seconds.comparing,
        write_seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: crate::stages::cpu_seconds(),
        peak_memory: crate::stages::peak_memory(),
        warnings: statistics.warnings,
        evaluation,
    })
}

/// Links the records, and has their candidates compared on a cluster where one is given.
fn outcome(
    arguments: &Arguments,
    asked: &Asked<'_>,
    out: &Path,
    records: &Records,
    lengths: &[usize],
    known: Known,
) -> Result<Outcome> {
    let cluster = Cluster::open(&arguments.cluster, out)?;
    let machines = cluster.as_ref().map(|cluster| Machines::new(cluster, records)).transpose()?;
    let machines = machines.as_ref().map(|machines| machines as &dyn fellegi::Machines);
    match fellegi::link_on(machines, &asked.spec, records, lengths, known) {
        Err(LinkError::Elsewhere(told)) => Err(anyhow!(told)),
        linked => linked.map_err(|error| asked.wrong(&error)),
    }
}

/// A model of Splink's brings its own comparisons, which take the place of the specification's.
fn read_model(path: &Path, spec: &mut Spec, warnings: &mut Vec<String>) -> Result<Model> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    if fellegi::splink::is_splink(&text) {
        let (model, told) = fellegi::splink::import(&text, spec).with_context(|| path.display().to_string())?;
        warnings.extend(told);
        return Ok(model);
    }
    Model::from_json(&text).with_context(|| path.display().to_string())
}

fn write(out: &Path, spec: &Spec, inputs: &[Input], outcome: &Outcome, evaluation: Option<&Evaluation>) -> Result<()> {
    let problem = |problem: batch::Problem| anyhow!("{problem}");
    batch::private_folder(out).map_err(problem)?;
    let (pairs, clusters) = rayon::join(
        || output::write_pairs(&out.join("pairs.parquet"), inputs, outcome),
        || output::write_clusters(&out.join("clusters.parquet"), inputs, outcome),
    );
    pairs.and(clusters).map_err(problem)?;
    let text = |name: &str, text: String| write_whole(&out.join(name), |file| file.write_all(text.as_bytes()));
    text("model.json", outcome.model.to_json()).map_err(problem)?;
    if let Some(evaluation) = evaluation {
        text("evaluation.json", serde_json::to_string_pretty(evaluation)?).map_err(problem)?;
    }
    text("report.html", report::html(spec, outcome, evaluation)).map_err(problem)
}
