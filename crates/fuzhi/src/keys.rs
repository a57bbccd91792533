//! Where the county's key lies, and how another takes its place.
//!
//! `FUZHI_KEY` holds the key itself, `FUZHI_KEY_FILE` names its file; with neither it is `fuzhi.key` beside a SQLite
//! store, or in the folder the program is started in for PostgreSQL. docs/guides/keys.md says how to look after it.

use crate::store;
use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use kernel::crypto::{self, Keys};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The key of a store; made where there is none yet.
///
/// # Errors
/// When it can't be read or made.
pub fn open(url: &str) -> Result<Keys> {
    match find(url)? {
        Some(keys) => Ok(keys),
        None => make(&file(url)?, &Keys::new(store::entropy()?)),
    }
}

/// The key of a store, if there is one.
///
/// # Errors
/// When it is there and can't be read.
pub fn find(url: &str) -> Result<Option<Keys>> {
    if let Some(text) = setting("FUZHI_KEY") {
        return Keys::from_text(&text).map(Some).map_err(|e| anyhow!("FUZHI_KEY: {e}"));
    }
    let path = file(url)?;
    if path.exists() { read(&path).map(Some) } else { Ok(None) }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the program asks the environment for its key")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// The file the key of a store is looked for in, when it isn't in the environment.
///
/// # Errors
/// [`WrongUsage`] when the address names no store.
pub fn file(url: &str) -> Result<PathBuf> {
    if let Some(path) = setting("FUZHI_KEY_FILE") {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Ok(Path::new(path).with_file_name("fuzhi.key"));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(PathBuf::from("fuzhi.key"));
    }
    Err(WrongUsage::new(format!("{url} is no store; write sqlite:PATH or postgres://…")).into())
}

fn read(path: &Path) -> Result<Keys> {
    let text = fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    Keys::from_text(&text).map_err(|e| anyhow!("{}: {e}", path.display()))
}

/// Whoever has it can read the store, so it is readable by its owner alone.
fn make(path: &Path, keys: &Keys) -> Result<Keys> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} can't be made", path.display()))?;
    file.write_all(keys.to_text().as_bytes())?;
    file.sync_all()?;
    Ok(keys.clone())
}

/// Whoever read the old key, such as the user that serves the pages, reads the new one, whoever made it.
fn owned_as(old: &Path, new: &Path) -> Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let (theirs, ours) = (fs::metadata(old)?, fs::metadata(new)?);
    if (theirs.uid(), theirs.gid()) == (ours.uid(), ours.gid()) {
        return Ok(());
    }
    let given = chown(new, Some(theirs.uid()), Some(theirs.gid()));
    given.with_context(|| format!("{} can't be given to the owner of {}: rotate as root", new.display(), old.display()))
}

/// Wraps every household's key anew under a new county key. The new key is on disk before the store is changed, and
/// takes the old one's place after; begun again after a crash, it finishes what was begun.
///
/// # Errors
/// When the key comes from the environment, a file can't be written, or the store was wrapped by another key.
pub fn rotate(url: &str) -> Result<String> {
    if setting("FUZHI_KEY").is_some() {
        return Err(anyhow!("the key comes from FUZHI_KEY: put it into a file and name that by FUZHI_KEY_FILE first"));
    }
    let path = file(url)?;
    let old = read(&path)?;
    let next = path.with_extension("key.new");
    let new = if next.exists() { read(&next)? } else { make(&next, &old.rotated(store::entropy()?))? };
    owned_as(&path, &next)?;
    let rewrapped = store::block_on(async {
        let world = store::world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let wrapped_by = crypto::wrapped_by(&mut db.read(&world, &store::loader(""))).await;
        let known = [old.fingerprint(), new.fingerprint()];
        if let Some(other) = wrapped_by.map_err(|e| anyhow!("{e}"))?.iter().find(|one| !known.contains(one)) {
            return Err(anyhow!(
                "the store holds keys wrapped by {other}, which is neither {known:?}: nothing changed"
            ));
        }
        let new = &new;
        let loader = store::loader("");
        let work = db.write(&world, &loader, |mut cx| async move {
            let rewrapped = crypto::rewrap(&mut cx, new).await?;
            cx.audit("keys_rotated", "keys", &new.fingerprint(), &rewrapped.to_string()).await?;
            Ok(rewrapped)
        });
        let rewrapped = work.await.map_err(|e| anyhow!("{e}"))?;
        kernel::audit::seal(&db, &world, &[]).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        Ok(rewrapped)
    })?;
    let kept = path.with_extension(format!("key.{}", old.fingerprint()));
    fs::rename(&path, &kept).with_context(|| format!("{} can't be kept as {}", path.display(), kept.display()))?;
    fs::rename(&next, &path).with_context(|| format!("{} can't become {}", next.display(), path.display()))?;
    Ok(format!(
        "{rewrapped} keys wrapped anew by {}; the old key is {}: destroy it once no backup needs it",
        new.fingerprint(),
        kept.display()
    ))
}

/// Which key a store is wrapped by, without showing it.
///
/// # Errors
/// When key or store can't be read.
pub fn show(url: &str) -> Result<String> {
    let keys = open(url)?;
    let wrapped_by = store::block_on(async {
        let world = store::world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let found = crypto::wrapped_by(&mut db.read(&world, &store::loader(""))).await;
        found.map_err(|e| anyhow!("{e}"))
    })?;
    let fits = wrapped_by.iter().all(|one| *one == keys.fingerprint());
    let said = if fits { "the store is wrapped by it" } else { "the store is wrapped by another" };
    Ok(format!("key {}: {said} ({})", keys.fingerprint(), wrapped_by.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, chown};

    #[test]
    fn whoever_read_the_old_key_reads_the_new_one() {
        let home = tempfile::tempdir().unwrap();
        let (old, new) = (home.path().join("county.key"), home.path().join("county.key.new"));
        fs::write(&old, "old").unwrap();
        fs::write(&new, "new").unwrap();
        // Only root gives files away; to anybody else both belong already.
        let given_away = chown(&old, Some(65_534), Some(65_534)).is_ok();
        owned_as(&old, &new).unwrap();
        assert_eq!(fs::metadata(&new).unwrap().uid(), fs::metadata(&old).unwrap().uid());
        assert!(!given_away || fs::metadata(&new).unwrap().uid() == 65_534);
    }
}
