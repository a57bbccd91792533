//! A job on a cluster, and the folder it shares with the machines.

use super::{Reach, Task, companion, keep};
use anyhow::{Context, Result, anyhow, bail};
use batch::write_whole;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// A cluster that this job may use, and the folder through which it does. The folder goes when this does.
pub struct Cluster {
    companion: PathBuf,
    scheduler: String,
    folder: TempDir,
    objects: Option<String>,
    jobs: AtomicU32,
}

impl Cluster {
    /// `None` where no cluster was asked for. The shared folder lies in `--shared`, or in `out`.
    ///
    /// # Errors
    /// When the companion isn't there or the folder can't be made.
    pub fn open(reach: &Reach, out: &Path) -> Result<Option<Self>> {
        let Some(scheduler) = &reach.cluster else { return Ok(None) };
        let companion = companion::path()?;
        let objects = reach.shared.as_ref().filter(|shared| shared.starts_with("s3://"));
        let home = match &reach.shared {
            Some(shared) if objects.is_none() => Path::new(shared),
            _ => out,
        };
        batch::private_folder(home).map_err(|problem| anyhow!("{problem}"))?;
        let home = home.canonicalize().with_context(|| format!("{} can't be found", home.display()))?;
        // Made for this job alone, and only its owner may enter.
        let folder = tempfile::Builder::new().prefix("fuzhi-").tempdir_in(&home);
        let folder = folder.with_context(|| format!("no folder can be made in {}", home.display()))?;
        let objects = objects.map(|objects| {
            let job = folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
            format!("{}/{job}", objects.trim_end_matches('/'))
        });
        Ok(Some(Self { companion, scheduler: scheduler.clone(), folder, objects, jobs: AtomicU32::new(1) }))
    }

    /// Where a file that the machines see lies here.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets the machines see some bytes.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        keep(&self.path(name), bytes)
    }

    /// What a task wrote.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn get(&self, name: &str) -> Result<Vec<u8>> {
        fs::read(self.path(name)).with_context(|| format!("{name} can't be read"))
    }

    /// Lets the machines see a file: by a second name where the disk allows it, else by a copy.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn hand_in(&self, file: &Path, name: &str) -> Result<()> {
        let to = self.path(name);
        if let Some(folder) = to.parent() {
            batch::private_folder(folder).map_err(|problem| anyhow!("{problem}"))?;
        }
        let file = file.canonicalize().with_context(|| format!("{} can't be found", file.display()))?;
        if fs::hard_link(&file, &to).is_ok() {
            return Ok(());
        }
        let mut from = fs::File::open(&file).with_context(|| format!("{} can't be read", file.display()))?;
        write_whole(&to, |to| std::io::copy(&mut from, to).map(drop)).map_err(|problem| anyhow!("{problem}"))
    }

    /// Lets the cluster do the tasks, in any order.
    ///
    /// # Errors
    /// When the scheduler can't be reached or is lost, no executor is left, or a task fails on every one.
    pub fn run(&self, tasks: &[Task]) -> Result<()> {
        if tasks.is_empty() {
            return Ok(());
        }
        let list = self.path(&format!("tasks-{}.jsonl", self.jobs.fetch_add(1, Ordering::Relaxed)));
        write_whole(&list, |file| tasks.iter().try_for_each(|task| writeln!(file, "{}", serde_json::to_string(task)?)))
            .map_err(|problem| anyhow!("{problem}"))?;
        let (folder, list) = (self.folder.path().display().to_string(), list.display().to_string());
        let mut words = vec!["work", "--cluster", &self.scheduler, "--folder", &folder, "--tasks", &list];
        words.extend(self.objects.iter().flat_map(|objects| ["--objects", objects]));
        companion::ask(&self.companion, &words).with_context(|| {
            format!(
                "the cluster at {} did not finish; nothing was published, run again when it is well",
                self.scheduler
            )
        })?;
        match tasks.iter().find(|task| !self.path(&task.output).is_file()) {
            Some(task) => bail!("the cluster at {} says {} is done, but it is not there", self.scheduler, task.output),
            None => Ok(()),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(objects) = &self.objects else { return };
        let folder = self.folder.path().display().to_string();
        if let Err(error) = companion::ask(&self.companion, &["forget", "--objects", objects, "--folder", &folder]) {
            eprintln!("what this job put into {objects} is still there; remove it: {error:#}");
        }
    }
}
