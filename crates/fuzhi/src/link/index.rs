//! `--index DIR`: what a job found is kept, so that the next delivery is compared with what stands and nothing twice.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow, bail};
use batch::{Kind, Loaded, Values, read_parquet, write_parquet, write_whole};
use fellegi::{Earlier, Model, Outcome, Pair, Pattern, Records, Spec};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What must be the same for the next job's answer to be that of linking everything anew.
#[derive(Serialize, Deserialize)]
struct Standing {
    records: u32,
    /// Of the packed records.
    digest: u64,
    /// What was asked, as the specification says it: roles, comparisons, rules, kind of linking, what is kept.
    asked: String,
}

/// What stands, if anything does.
///
/// # Errors
/// [`WrongUsage`] when the specification or the records that stand have changed since.
pub fn read(folder: &Path, spec: &Spec, records: &Records) -> Result<Option<(Model, Earlier)>> {
    let path = folder.join("index.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))
    };
    let standing: Standing = serde_json::from_str(&text("index.json")?).with_context(|| path.display().to_string())?;
    let anew = format!("delete {} to link everything anew", folder.display());
    if standing.asked != asked(spec)? {
        return Err(WrongUsage::new(format!("roles, comparisons, blocking, type or keep have changed: {anew}")).into());
    }
    if standing.records as usize > records.len() || records.digest(standing.records as usize) != standing.digest {
        return Err(WrongUsage::new(format!(
            "records that stand are missing, changed or in another place: add new ones at the end of the last input or as one more input, or {anew}"
        ))
        .into());
    }
    let model = Model::from_json(&text("model.json")?).with_context(|| folder.display().to_string())?;
    let pairs = pairs(&folder.join("pairs.parquet"))?;
    Ok(Some((model, Earlier { records: standing.records, pairs })))
}

fn pairs(path: &Path) -> Result<Vec<Pair>> {
    let columns = [("left", Kind::Whole), ("right", Kind::Whole), ("weight", Kind::Real), ("pattern", Kind::Whole)];
    let loaded = read_parquet(path, &columns).map_err(|problem| anyhow!("{problem}"))?;
    let [Loaded::Whole(left), Loaded::Whole(right), Loaded::Real(weights), Loaded::Whole(patterns)] = &loaded[..]
    else {
        bail!("{} is not what a job wrote", path.display());
    };
    let pair = |at: usize| Pair {
        left: left[at] as u32,
        right: right[at] as u32,
        weight: weights[at] as f32,
        probability: fellegi::probability(weights[at] as f32),
        pattern: Pattern(patterns[at] as u64),
        is_implied: false,
    };
    Ok((0..left.len()).map(pair).collect())
}

/// Keeps what a job found. `index.json` comes last: without it nothing stands.
///
/// # Errors
/// When the disk is full or refuses.
pub fn write(folder: &Path, spec: &Spec, records: &Records, outcome: &Outcome) -> Result<()> {
    let problem = |problem: batch::Problem| anyhow!("{problem}");
    batch::private_folder(folder).map_err(problem)?;
    let path = folder.join("index.json");
    if path.exists() {
        std::fs::remove_file(&path).with_context(|| format!("{} can't be replaced", path.display()))?;
    }
    let pairs: Vec<&Pair> = outcome.pairs.iter().filter(|pair| !pair.is_implied).collect();
    let whole = |of: fn(&Pair) -> i64| pairs.iter().map(|pair| of(pair)).collect::<Vec<_>>();
    let (left, right) = (whole(|pair| i64::from(pair.left)), whole(|pair| i64::from(pair.right)));
    let weights: Vec<f32> = pairs.iter().map(|pair| pair.weight).collect();
    let patterns = whole(|pair| pair.pattern.0 as i64);
    let columns = [
        ("left", Values::Whole(&left)),
        ("right", Values::Whole(&right)),
        ("weight", Values::Single(&weights)),
        ("pattern", Values::Whole(&patterns)),
    ];
    write_parquet(&folder.join("pairs.parquet"), &columns).map_err(problem)?;
    let digest = records.digest(records.len());
    let standing = Standing { records: records.len() as u32, digest, asked: asked(spec)? };
    for (name, text) in
        [("model.json", outcome.model.to_json()), ("index.json", serde_json::to_string_pretty(&standing)?)]
    {
        write_whole(&folder.join(name), |file| file.write_all(text.as_bytes())).map_err(problem)?;
    }
    Ok(())
}

fn asked(spec: &Spec) -> Result<String> {
    Ok(serde_json::to_string(&(&spec.fields, &spec.comparison, &spec.blocking, spec.link_type(), spec.keep()))?)
}
