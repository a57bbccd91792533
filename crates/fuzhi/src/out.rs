//! The folder a run gives back: one process at a time, nothing half-written that looks whole.
//!
//! Everything is written under `.next/` and moved into place at the end: `findings.json` is taken away before and put
//! there after the others, so that outputs of two runs never look like those of one; the state that later runs build
//! on comes last. A run that is killed leaves a `.next/`, and an
//! `.aside/` of what didn't fit into memory, that the next one clears away.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a run writes at the top of OUT, in the order it is moved into place.
const FILES: [&str; 13] = [
    "links.parquet",
    "members.parquet",
    "facts.parquet",
    "measures.parquet",
    "findings.parquet",
    "findings.xlsx",
    "report.html",
    "rejects",
    "quality.json",
    "run.json",
    "identities.parquet",
    "findings.json",
    "state",
];
const OWN: [&str; 4] = [".next", ".aside", ".lock", "fuzhi.db"];
const STORE_SIDES: [&str; 3] = ["fuzhi.db-wal", "fuzhi.db-shm", "fuzhi.key"];

/// OUT, held by this process alone until it is dropped.
pub struct OutFolder {
    root: PathBuf,
}

impl OutFolder {
    /// Makes the folder (0700) or takes over one that holds a run's own output only.
    ///
    /// # Errors
    /// [`WrongUsage`] when it holds foreign files; an error when another live process works in it.
    pub fn open(root: &Path) -> Result<Self> {
        if root.exists() && !root.is_dir() {
            return Err(WrongUsage::new(format!("{} is a file; --out wants a folder", root.display())).into());
        }
        private_folder(root)?;
        if let Some(foreign) = foreign_file(root)? {
            return Err(WrongUsage::new(format!(
                "{} holds {foreign}, which no run wrote; give --out an empty folder or one of an earlier run",
                root.display()
            ))
            .into());
        }
        lock(root)?;
        let folder = Self { root: root.to_owned() };
        let next = folder.next("");
        folder.restore_state()?;
        if next.exists() {
            fs::remove_dir_all(&next).with_context(|| format!("{} can't be cleared", next.display()))?;
        }
        folder.clear_aside()?;
        private_folder(&next)?;
        Ok(folder)
    }

    /// Where a run lays aside what doesn't fit into memory.
    #[must_use]
    pub fn aside(&self) -> PathBuf {
        self.root.join(".aside")
    }

    fn clear_aside(&self) -> Result<()> {
        let aside = self.aside();
        if aside.exists() {
            fs::remove_dir_all(&aside).with_context(|| format!("{} can't be cleared", aside.display()))?;
        }
        Ok(())
    }

    /// Where a new output is written before it is whole.
    #[must_use]
    pub fn next(&self, name: &str) -> PathBuf {
        self.root.join(".next").join(name)
    }

    /// An output of the run before, or of this one once published.
    #[must_use]
    pub fn current(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Moves everything into place, replacing what an earlier run left.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn publish(&self) -> Result<()> {
        let told = self.current("findings.json");
        if told.exists() {
            fs::remove_file(&told).with_context(|| format!("{} can't be replaced", told.display()))?;
        }
        for name in FILES {
            let (from, to) = (self.next(name), self.current(name));
            if to.is_dir() {
                fs::rename(&to, self.before(name))?;
            }
            if from.exists() {
                fs::rename(&from, &to).with_context(|| format!("{} can't be put into place", to.display()))?;
            } else if to.exists() {
                fs::remove_file(&to)?;
            }
        }
        fs::remove_dir_all(self.next(""))?;
        Ok(())
    }

    /// Where a folder of the run before lies while this run's takes its place.
    fn before(&self, name: &str) -> PathBuf {
        self.next(&format!("{name}.before"))
    }

    /// Puts the state of the run before back, where a run was killed between moving it away and putting its own there.
    fn restore_state(&self) -> Result<()> {
        let (state, before) = (self.current("state"), self.before("state"));
        if before.exists() && !state.exists() {
            fs::rename(&before, &state).with_context(|| format!("{} can't be put back", state.display()))?;
        }
        Ok(())
    }
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        // What can't be removed is taken over by the next run, since its owner is gone.
        let _ = self.clear_aside();
        let _ = fs::remove_file(self.root.join(".lock"));
    }
}

/// Removes what runs wrote into OUT, and the folder itself when nothing else is in it.
///
/// # Errors
/// [`WrongUsage`] when the folder holds foreign files or isn't there.
pub fn purge(root: &Path) -> Result<()> {
    if !root.is_dir() {
        return Err(WrongUsage::new(format!("{} is not a folder", root.display())).into());
    }
    if let Some(foreign) = foreign_file(root)? {
        return Err(WrongUsage::new(format!(
            "{} holds {foreign}, which no run wrote; nothing was removed",
            root.display()
        ))
        .into());
    }
    lock(root)?;
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    fs::remove_dir(root)?;
    Ok(())
}

fn foreign_file(root: &Path) -> Result<Option<String>> {
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let known = |list: &[&str]| list.contains(&name.as_str());
        if !known(&FILES) && !known(&OWN) && !known(&STORE_SIDES) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn private_folder(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("the folder {} can't be made", path.display()))
}

/// Takes the lock; one left by a process that is gone is taken over.
fn lock(root: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = root.join(".lock");
    for _ in 0..2 {
        match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(mut file) => {
                write!(file, "{}", std::process::id())?;
                return Ok(());
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let owner = fs::read_to_string(&path).unwrap_or_default();
                let alive = !owner.is_empty() && Path::new("/proc").join(owner.trim()).exists();
                if alive && owner.trim() != std::process::id().to_string() {
                    bail!("process {} is working in {}; wait for it or stop it", owner.trim(), root.display());
                }
                fs::remove_file(&path)?;
            }
            Err(error) => return Err(error).with_context(|| format!("{} can't be written", path.display())),
        }
    }
    bail!("{} is being taken by another process", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_foreign_files_is_wrong_usage_and_stays_untouched() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("letters.txt"), "dear").unwrap();
        let error = OutFolder::open(home.path()).err().unwrap();
        assert!(error.downcast_ref::<WrongUsage>().is_some());
        assert!(purge(home.path()).is_err());
        assert_eq!(fs::read_to_string(home.path().join("letters.txt")).unwrap(), "dear");
    }

    #[test]
    fn a_dead_processes_lock_is_taken_over_and_a_live_ones_is_not() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(".lock"), "999999999").unwrap();
        drop(OutFolder::open(home.path()).unwrap());
        fs::write(home.path().join(".lock"), "1").unwrap();
        assert!(OutFolder::open(home.path()).is_err());
    }

    #[test]
    fn a_state_moved_away_by_a_killed_run_comes_back() {
        let home = tempfile::tempdir().unwrap();
        let killed = OutFolder::open(home.path()).unwrap();
        fs::create_dir(killed.before("state")).unwrap();
        fs::write(killed.before("state").join("people"), "known").unwrap();
        drop(killed);
        let next = OutFolder::open(home.path()).unwrap();
        assert_eq!(fs::read_to_string(next.current("state/people")).unwrap(), "known");
    }

    #[test]
    fn what_was_not_published_is_cleared_and_what_was_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let first = OutFolder::open(home.path()).unwrap();
        fs::write(first.next("findings.json"), "1").unwrap();
        first.publish().unwrap();
        drop(first);
        let killed = OutFolder::open(home.path()).unwrap();
        fs::write(killed.next("findings.json"), "half").unwrap();
        drop(killed);
        let second = OutFolder::open(home.path()).unwrap();
        assert_eq!(fs::read_to_string(second.current("findings.json")).unwrap(), "1");
        assert!(!second.next("findings.json").exists());
        drop(second);
        purge(home.path()).unwrap();
        assert!(!home.path().exists());
    }
}
