//! The companion program, which holds DataFusion and Ballista: it stands in the same folder as this one.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, bail};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const NAME: &str = "fuzhi-cluster";

/// Where the companion stands.
///
/// # Errors
/// [`WrongUsage`], in a sentence that says how to install it, when it isn't there.
pub(super) fn path() -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program doesn't know where it stands")?;
    let path = own.with_file_name(NAME);
    if path.is_file() {
        return Ok(path);
    }
    let folder = own.parent().unwrap_or(Path::new(".")).display();
    Err(WrongUsage::new(format!(
        "a cluster needs the program {NAME} in {folder}: build it by `cargo build --release -p {NAME}` and put it there"
    ))
    .into())
}

/// Lets the companion take this process's place, with the words that stood behind `fuzhi cluster`: what they mean was
/// checked here already, and they are handed on as they were written.
///
/// # Errors
/// When it isn't there or can't be started.
pub fn start() -> Result<()> {
    let path = path()?;
    let refused = Command::new(&path).args(std::env::args_os().skip(2)).exec();
    Err(refused).with_context(|| format!("{} can't be started", path.display()))
}

/// Lets the companion do what the words say, and ends it should this process end first.
pub(super) fn ask(path: &Path, words: &[&str]) -> Result<()> {
    let mut companion = Command::new(path)
        .args(words)
        // It ends when this pipe does.
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} can't be started", path.display()))?;
    let mut told = String::new();
    if let Some(stderr) = &mut companion.stderr {
        stderr.read_to_string(&mut told).context("the companion can't be heard")?;
    }
    let status = companion.wait().context("the companion is lost")?;
    if !status.success() {
        bail!("{}", if told.trim().is_empty() { "the companion ended without a word" } else { told.trim() });
    }
    Ok(())
}
