//! What one machine is asked to do.

use crate::buckets::Step;
use crate::intake::Share;
use crate::link::Rows;
use anyhow::{Context, Result, anyhow, bail};
use batch::write_whole;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A stage's work on one part of its input. Files are named from the folder that every machine sees.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    pub stage: Stage,
    pub inputs: Vec<String>,
    pub output: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Intake and standardising of some blocks of a delivered file.
    Standardise(Share),
    /// Facts and findings of some households; the inputs are what is known of all, and theirs.
    Bucket(Step),
    /// Candidates of a linkage job; the inputs are the records and the job.
    Compare(Rows),
}

impl Task {
    /// Does the task: reads its inputs in the folder and writes its output there, whole or not at all.
    /// Gives back how many bytes were written.
    ///
    /// # Errors
    /// When an input is missing or the disk refuses. What is wrong with delivered data is no error: it is told in the
    /// output.
    pub fn run(&self, folder: &Path) -> Result<u64> {
        let bytes = match &self.stage {
            Stage::Standardise(share) => share.standardise(&folder.join("county"))?,
            Stage::Bucket(step) => {
                let inputs = (0..self.inputs.len()).map(|at| self.read(folder, at)).collect::<Result<Vec<_>>>()?;
                step.work(&inputs)?
            }
            Stage::Compare(rows) => rows.compare(|at| self.read(folder, at))?,
        };
        // A job that has ended took its folder with it: nothing of it may come back.
        if !folder.is_dir() {
            bail!("the job's folder {} is gone, or this machine doesn't see it", folder.display());
        }
        keep(&folder.join(&self.output), &bytes)?;
        Ok(bytes.len() as u64)
    }

    /// One of the inputs.
    fn read(&self, folder: &Path, at: usize) -> Result<Vec<u8>> {
        let name = self.inputs.get(at).context("the task lacks an input")?;
        std::fs::read(folder.join(name)).with_context(|| format!("{name} can't be read"))
    }
}

/// Writes a file, whole or not at all, that only its owner may read, in a folder that only its owner may enter.
///
/// # Errors
/// When the disk is full or refuses.
pub fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let home = path.parent().map_or(Ok(()), batch::private_folder);
    home.and_then(|()| write_whole(path, |file| file.write_all(bytes))).map_err(|problem| anyhow!("{problem}"))
}
