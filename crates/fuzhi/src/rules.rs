//! `fuzhi rules`: holds a policy to account, or applies one to tables.

use crate::policy;
use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow, bail};
use rulebook::Policy;
use rulebook::apply::{Applied, Sweep, apply as apply_policy};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Says everything that is wrong with a policy; gives how many rules and parameters it has when nothing is.
///
/// # Errors
/// When something is wrong: all of it, each with its file, rule and remedy.
pub fn check(folder: Option<&Path>) -> Result<String> {
    let texts = policy::texts(folder)?;
    let procedures = policy::procedures(folder)?;
    let problems = rulebook::check(&texts, &screening::stage::dictionary());
    let mut sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
    sentences.extend(casework::policy::check(&procedures));
    sentences.extend(policy::limits(folder).ok().and_then(|text| platform::limits(&text).err()));
    let changes = policy::changes(folder).ok().and_then(|text| households::changes::policy::Policy::parse(&text).err());
    sentences.extend(changes.map(|sentence| format!("changes.toml: {sentence}")));
    let retention = policy::retention(folder)?;
    sentences.extend(retention::policy::check(retention.as_deref().unwrap_or(retention::policy::RETENTION)));
    let indicators = policy::indicators(folder)?;
    sentences.extend(indicators.iter().flat_map(|text| indicators::policy::check(text)));
    if !sentences.is_empty() {
        bail!("{}", sentences.join("\n"));
    }
    let policy = Policy::parse(&texts).map_err(|_| anyhow!("the rules can't be read"))?;
    let (rules, parameters) = (policy.rules().len(), policy.parameters().len());
    let procedures = procedures.iter().filter(|(path, _)| path.starts_with("procedures/")).count();
    let indicators = indicators.and_then(|text| indicators::model::parse(&text).ok()).unwrap_or_default();
    let indicators = indicators.indicator.len();
    let counted = format!("{rules} rules, {parameters} parameters, {procedures} procedures, {indicators} indicators");
    Ok(format!("{}: {counted}, nothing wrong", policy.version()))
}

/// Applies a policy's derived facts to persons and households in CSV.
///
/// # Errors
/// What is wrong with the policy or a table, by file, row and column.
pub fn apply(folder: &Path, persons: &Path, households: &Path, out: &Path, sweep: Option<&str>) -> Result<Applied> {
    let texts = policy::texts(Some(folder))?;
    let policy = Policy::parse(&texts).map_err(|problems| {
        let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow!("{}", sentences.join("\n"))
    })?;
    let sweep = sweep.map(Sweep::parse).transpose().map_err(|e| WrongUsage::new(e.to_string()))?;
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("{} can't be read", path.display()));
    let (persons, households) = (read(persons)?, read(households)?);
    let partial = out.with_extension("partial");
    let file = std::fs::File::create(&partial).with_context(|| format!("{} can't be written", out.display()))?;
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let applied = apply_policy(&policy, &persons, &households, sweep.as_ref(), &mut file)?;
    file.flush()?;
    std::fs::rename(&partial, out)?;
    Ok(applied)
}
