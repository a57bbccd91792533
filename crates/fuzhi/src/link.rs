//! `fuzhi link`: any two or more files, linked by a specification.

mod report;

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use batch::{Chunk, Consumer, Dialect, Encoding, Format, Problem, Source, Values, Wording, write_parquet, write_whole};
use fellegi::{InputSpec, Model, Outcome, Records, Scheme, Spec};
use serde::Serialize;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;
use values::columns::Texts;

/// What the job came to, for the person who asked and for `--json`.
#[derive(Serialize)]
pub struct Summary {
    pub records: u64,
    pub candidate_pairs: u64,
    pub pairs: u64,
    pub clusters: u64,
    pub trained: bool,
    pub read_seconds: f64,
    pub link_seconds: f64,
    pub write_seconds: f64,
    pub peak_memory: u64,
    pub warnings: Vec<String>,
}

/// Links the files of `spec` and writes pairs, clusters, the model and a report into `out`.
///
/// # Errors
/// [`WrongUsage`] for a specification that can't be used; an error that names the file when one can't be read.
pub fn link(spec_path: &Path, out: &Path, model: Option<&Path>) -> Result<Summary> {
    let wrong = |e: &dyn std::fmt::Display| WrongUsage::new(format!("{}: {e}", spec_path.display()));
    let text = std::fs::read_to_string(spec_path).map_err(|e| wrong(&e))?;
    let spec = Spec::parse(&text).map_err(|e| wrong(&e))?;
    let model = model.map(read_model).transpose()?;
    let trained = model.is_none();
    let start = Instant::now();
    let scheme = Scheme::new(&spec).map_err(|e| wrong(&e))?;
    let folder = spec_path.parent().unwrap_or(Path::new("."));
    let (inputs, records): (Vec<Input>, Vec<Records>) = read(&spec, &scheme, folder)?.into_iter().unzip();
    let read_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let outcome = fellegi::link(&spec, records, model).map_err(|e| wrong(&e))?;
    let link_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    write(out, &spec, &inputs, &outcome)?;
    Ok(Summary {
        records: outcome.statistics.records,
        candidate_pairs: outcome.statistics.candidate_pairs,
        pairs: outcome.pairs.len() as u64,
        clusters: u64::from(outcome.clusters.iter().max().map_or(0, |last| last + 1)),
        trained,
        read_seconds,
        link_seconds,
        write_seconds: start.elapsed().as_secs_f64(),
        peak_memory: crate::stages::peak_memory(),
        warnings: outcome.statistics.warnings,
    })
}

fn read_model(path: &Path) -> Result<Model> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    Model::from_json(&text).with_context(|| path.display().to_string())
}

/// What is kept of an input beside its packed records.
pub struct Input {
    pub name: String,
    pub ids: Texts,
}

/// Takes an input's id and the columns that have a role, and packs them while they are at hand.
struct Wanted<'a> {
    spec: &'a Spec,
    scheme: &'a Scheme,
    /// For each input, for each common column, whether the file has it.
    present: Vec<OnceLock<Vec<bool>>>,
}

impl Consumer for Wanted<'_> {
    type Part = (Texts, Records);

    fn columns(&self, source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let input = &self.spec.input[source];
        let place = |name: &str| header.iter().position(|column| column == name);
        let id = place(&input.id).ok_or_else(|| no_id(input))?;
        let places: Vec<Option<usize>> = self.spec.columns().map(|(common, _)| place(input.column(common))).collect();
        self.present[source].get_or_init(|| places.iter().map(Option::is_some).collect());
        Ok(std::iter::once(id).chain(places.into_iter().flatten()).collect())
    }

    fn part(&self, source: usize, chunk: Chunk) -> Self::Part {
        let mut columns = chunk.columns.into_iter();
        let ids = columns.next().unwrap_or_default();
        let columns: Vec<Texts> = columns.collect();
        let mut next = columns.iter();
        let present = self.present[source].get().map_or(&[] as &[bool], Vec::as_slice);
        let fields: Vec<Option<&Texts>> = present.iter().map(|is| if *is { next.next() } else { None }).collect();
        let records = Records::pack(self.scheme, ids.len(), &fields);
        (ids, records)
    }
}

fn no_id(input: &InputSpec) -> Problem {
    Problem::new(
        &input.path,
        Wording::new(format!("没有列 {}", input.id), format!("it has no column {}", input.id)),
        Wording::new("请在规格里把 id 写成文件里的列名", "name a column of the file as `id` in the specification"),
    )
}

fn read(spec: &Spec, scheme: &Scheme, folder: &Path) -> Result<Vec<(Input, Records)>> {
    let sources = spec.input.iter().map(|input| source(input, folder)).collect::<Result<Vec<_>>>()?;
    let wanted = Wanted { spec, scheme, present: spec.input.iter().map(|_| OnceLock::new()).collect() };
    let mut inputs = Vec::new();
    for (input, parts) in spec.input.iter().zip(batch::read_all(&sources, &wanted)) {
        let (mut ids, mut records) = (Texts::default(), Vec::new());
        for (more, packed) in parts.map_err(|problem| anyhow!("{problem}"))? {
            ids.append(&more);
            records.push(packed);
        }
        inputs.push((Input { name: input.name.clone(), ids }, Records::concat(scheme, records)));
    }
    Ok(inputs)
}

fn source(input: &InputSpec, folder: &Path) -> Result<Source> {
    let path = folder.join(&input.path);
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let format = match input.format.as_deref().or(ending.as_deref()) {
        Some("csv") => Format::Csv { path, dialect: Dialect::default(), encoding: encoding(input)? },
        Some("parquet") => Format::Parquet { path },
        Some("xlsx") => Format::Xlsx { path, sheet: input.sheet.clone() },
        Some("jsonl") => Format::JsonLines { path },
        other => {
            let other = other.unwrap_or("without an ending");
            let sentence =
                format!("{}: a file {other} is not read; give format = csv, parquet, xlsx or jsonl", input.path);
            return Err(WrongUsage::new(sentence).into());
        }
    };
    Ok(Source { name: input.path.clone(), format })
}

fn encoding(input: &InputSpec) -> Result<Encoding> {
    match input.encoding.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("utf-8" | "utf8" | "utf-8-sig") => Ok(Encoding::Utf8),
        Some("gb18030" | "gbk" | "gb2312") => Ok(Encoding::Gb18030),
        Some(other) => {
            Err(WrongUsage::new(format!("{}: encoding {other} is not read; utf-8 or gb18030", input.path)).into())
        }
    }
}

fn write(out: &Path, spec: &Spec, inputs: &[Input], outcome: &Outcome) -> Result<()> {
    let problem = |problem: Problem| anyhow!("{problem}");
    batch::private_folder(out).map_err(problem)?;
    write_pairs(&out.join("pairs.parquet"), inputs, outcome).map_err(problem)?;
    write_clusters(&out.join("clusters.parquet"), inputs, outcome).map_err(problem)?;
    let text = |name: &str, text: String| write_whole(&out.join(name), |file| file.write_all(text.as_bytes()));
    text("model.json", outcome.model.to_json()).map_err(problem)?;
    text("report.html", report::html(spec, outcome)).map_err(problem)
}

fn write_pairs(path: &Path, inputs: &[Input], outcome: &Outcome) -> batch::Result<()> {
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let side = |row: fn(&fellegi::Pair) -> u32| {
        let places = outcome.pairs.iter().map(|pair| outcome.place(row(pair)));
        let (sources, rows): (Vec<u32>, Vec<usize>) = places.map(|(input, row)| (input as u32, row)).unzip();
        let ids: Texts = sources.iter().zip(&rows).map(|(input, row)| inputs[*input as usize].ids.get(*row)).collect();
        (sources, ids)
    };
    let (left, left_ids) = side(|pair| pair.left);
    let (right, right_ids) = side(|pair| pair.right);
    let weights: Vec<f32> = outcome.pairs.iter().map(|pair| pair.weight).collect();
    let probabilities: Vec<f64> = outcome.pairs.iter().map(|pair| pair.probability).collect();
    let levels = levels(outcome);
    let mut columns = vec![
        ("left_source", Values::Listed(&names, &left)),
        ("left_id", Values::Text(&left_ids)),
        ("right_source", Values::Listed(&names, &right)),
        ("right_id", Values::Text(&right_ids)),
        ("weight", Values::Single(&weights)),
        ("probability", Values::Real(&probabilities)),
    ];
    columns.extend(levels.iter().map(|(name, list, rows)| (name.as_str(), Values::Listed(list, rows))));
    write_parquet(path, &columns)
}

/// For each comparison a column: its name, the levels there are, and each pair's.
fn levels(outcome: &Outcome) -> Vec<(String, Vec<String>, Vec<u32>)> {
    let comparisons = outcome.model.comparisons.iter().enumerate();
    let column = comparisons.map(|(at, learned)| {
        let names = std::iter::once("missing".to_owned()).chain(learned.levels.iter().map(|share| share.level.clone()));
        let rows = outcome.pairs.iter().map(|pair| u32::from(pair.pattern.level(at)));
        (format!("level_{}", learned.field), names.collect(), rows.collect())
    });
    column.collect()
}

fn write_clusters(path: &Path, inputs: &[Input], outcome: &Outcome) -> batch::Result<()> {
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let sources: Vec<u32> = inputs.iter().enumerate().flat_map(|(at, i)| vec![at as u32; i.ids.len()]).collect();
    let ids: Texts = inputs.iter().flat_map(|input| input.ids.iter()).collect();
    let clusters: Vec<i64> = outcome.clusters.iter().map(|cluster| i64::from(*cluster)).collect();
    write_parquet(
        path,
        &[
            ("source", Values::Listed(&names, &sources)),
            ("id", Values::Text(&ids)),
            ("cluster", Values::Whole(&clusters)),
        ],
    )
}
