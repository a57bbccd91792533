//! `fuzhi link`: any two or more files, linked by a specification.

mod index;
mod input;
mod labels;
mod output;
mod report;

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use batch::write_whole;
use fellegi::{Evaluation, Known, Model, Outcome, Scheme, Spec};
use input::Input;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(clap::Args)]
pub struct Arguments {
    /// What to link and how, in TOML.
    spec: PathBuf,
    /// Where pairs, clusters, the model and a report go.
    #[arg(long)]
    out: PathBuf,
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
    #[arg(long)]
    pub json: bool,
}

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

/// Links the files of a specification and writes pairs, clusters, the model and a report.
///
/// # Errors
/// [`WrongUsage`] for a specification that can't be used; an error that names the file when one can't be read.
pub fn link(arguments: &Arguments) -> Result<Summary> {
    let path = &arguments.spec;
    let wrong = |e: &dyn std::fmt::Display| WrongUsage::new(format!("{}: {e}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| wrong(&e))?;
    let mut spec = Spec::parse(&text).map_err(|e| wrong(&e))?;
    let mut warnings = Vec::new();
    let model = arguments.model.as_ref().map(|path| read_model(path, &mut spec, &mut warnings)).transpose()?;
    let start = Instant::now();
    let scheme = Scheme::new(&spec).map_err(|e| wrong(&e))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let (inputs, records) = input::read(&spec, &scheme, folder)?;
    let lengths: Vec<usize> = inputs.iter().map(|input| input.ids.len()).collect();
    let read_seconds = start.elapsed().as_secs_f64();
    let read_labels = |path: &Option<PathBuf>| path.as_ref().map(|path| labels::read(path, &inputs)).transpose();
    let standing = arguments.index.as_ref().map(|folder| index::read(folder, &spec, &records)).transpose()?.flatten();
    let labels = read_labels(&arguments.labels)?;
    if standing.is_some() && (model.is_some() || labels.is_some()) {
        return Err(
            wrong(&"an index keeps its model: give --model or --labels where it begins, in a new folder").into()
        );
    }
    let (model, earlier) = standing.map_or((model, None), |(model, earlier)| (Some(model), Some(earlier)));
    let (trained, standing) = (model.is_none(), earlier.as_ref().map_or(0, |earlier| earlier.records));
    let known = Known { model, labels: labels.unwrap_or_default(), earlier };
    let start = Instant::now();
    let mut outcome = fellegi::link(&spec, &records, &lengths, known).map_err(|e| wrong(&e))?;
    let link_seconds = start.elapsed().as_secs_f64();
    // Kept only for an index; writing needs the memory.
    let records = arguments.index.is_some().then_some(records);
    outcome.statistics.warnings.splice(0..0, warnings);
    let evaluation =
        read_labels(&arguments.evaluate)?.map(|labels| fellegi::evaluate(&outcome, &labels, spec.threshold()));
    let start = Instant::now();
    write(&arguments.out, &spec, &inputs, &outcome, evaluation.as_ref())?;
    if let (Some(folder), Some(records)) = (&arguments.index, &records) {
        index::write(folder, &spec, records, &outcome)?;
    }
    Ok(Summary {
        records: outcome.statistics.records,
        standing,
        candidate_pairs: outcome.statistics.candidate_pairs,
        pairs: outcome.pairs.len() as u64,
        clusters: u64::from(outcome.clusters.iter().max().map_or(0, |last| last + 1)),
        trained,
        read_seconds,
        link_seconds,
        write_seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: crate::stages::cpu_seconds(),
        peak_memory: crate::stages::peak_memory(),
        warnings: outcome.statistics.warnings,
        evaluation,
    })
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
