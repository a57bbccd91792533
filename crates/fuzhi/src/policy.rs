//! Which rules a run goes by: the ones built in, or a folder of them.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result};
use rulebook::{ParameterValue, Policy};
use std::path::{Path, PathBuf};
use values::Day;

/// The rules and parameters of a policy as (path, text): of a folder, or the ones built in. Its procedures, limits and
/// indicators are read by themselves.
///
/// # Errors
/// When the folder isn't there or can't be read.
pub fn texts(folder: Option<&Path>) -> Result<Vec<(String, String)>> {
    let Some(folder) = folder else {
        return Ok(screening::stage::POLICY
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect());
    };
    let apart = [LIMITS, CHANGES, indicators::policy::PATH, retention::policy::PATH];
    let rules = |path: &str| !apart.contains(&path) && !casework::policy::is_ours(path);
    Ok(files(folder)?.into_iter().filter(|(path, _)| rules(path)).collect())
}

/// The procedures and the working calendar of a policy as (path, text): of a folder, or the ones built in.
///
/// # Errors
/// When the folder isn't there or can't be read.
pub fn procedures(folder: Option<&Path>) -> Result<Vec<(String, String)>> {
    let Some(folder) = folder else {
        let built_in = casework::policy::PROCEDURES.iter().chain(&[("calendar.toml", casework::policy::CALENDAR)]);
        return Ok(built_in.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    };
    Ok(files(folder)?.into_iter().filter(|(path, _)| casework::policy::is_ours(path)).collect())
}

const LIMITS: &str = "limits.toml";
const CHANGES: &str = "changes.toml";

/// How often somebody may do something: of a folder, or what is built in.
///
/// # Errors
/// When the folder has none or it can't be read.
pub fn limits(folder: Option<&Path>) -> Result<String> {
    one(folder, LIMITS, platform::LIMITS)
}

/// Who agrees to which change in a family: of a folder, or what is built in.
///
/// # Errors
/// When the folder has none or it can't be read.
pub fn changes(folder: Option<&Path>) -> Result<String> {
    one(folder, CHANGES, households::changes::policy::CHANGES)
}

fn one(folder: Option<&Path>, name: &str, built_in: &str) -> Result<String> {
    let Some(folder) = folder else { return Ok(built_in.to_owned()) };
    let path = folder.join(name);
    std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))
}

/// How long things are kept: of a folder, where it says so; `None` for what is built in.
///
/// # Errors
/// When the folder's can't be read.
pub fn retention(folder: Option<&Path>) -> Result<Option<String>> {
    let path = folder.map(|folder| folder.join(retention::policy::PATH)).filter(|path| path.exists());
    let read =
        |path: PathBuf| std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()));
    path.map(read).transpose()
}

/// The indicators of a policy: of a folder, where it has any, or what is built in.
///
/// # Errors
/// When the folder's can't be read.
pub fn indicators(folder: Option<&Path>) -> Result<Option<String>> {
    let Some(folder) = folder else { return Ok(Some(indicators::policy::INDICATORS.to_owned())) };
    let path = folder.join(indicators::policy::PATH);
    if !path.exists() {
        return Ok(None);
    }
    std::fs::read_to_string(&path).map(Some).with_context(|| format!("{} can't be read", path.display()))
}

/// Every text of a folder, in the order of its paths.
///
/// # Errors
/// When it isn't there or can't be read.
pub fn files(folder: &Path) -> Result<Vec<(String, String)>> {
    if !folder.is_dir() {
        return Err(WrongUsage::new(format!("{} is not a folder of rules", folder.display())).into());
    }
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
        Ok((path.strip_prefix(folder).unwrap_or(path).display().to_string(), text))
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Reads a policy, and holds it against the facts there are. Everything that is wrong is said at once.
///
/// # Errors
/// When it has problems: nothing is run with a policy that isn't whole.
pub fn load(folder: Option<&Path>) -> Result<Policy> {
    of_texts(&texts(folder)?)
}

/// The same from the texts themselves.
///
/// # Errors
/// As [`load`].
pub fn of_texts(texts: &[(String, String)]) -> Result<Policy> {
    let problems = rulebook::check(texts, &screening::stage::dictionary());
    if !problems.is_empty() {
        let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::bail!("the rules can't be used:\n{}", sentences.join("\n"));
    }
    Policy::parse(texts).map_err(|_| anyhow::anyhow!("the rules can't be read"))
}

/// A parameter that is one amount, for a region on a day: fen, ten-thousandths or whole things, by its unit.
#[must_use]
pub fn amount(policy: &Policy, name: &str, region: &str, day: Day) -> Option<i64> {
    match policy.find_parameter(name)?.line(region, day)?.value {
        ParameterValue::Amount(amount) => Some(amount),
        _ => None,
    }
}
