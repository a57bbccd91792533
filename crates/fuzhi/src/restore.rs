//! `fuzhi restore`: a backup becomes a store again, in either database.
//!
//! Nothing is put in before the seal, the digests and the key have been found right; afterwards the audit trail is
//! checked against itself and against the heads the backup was made with.

use crate::backup::{FORMAT, Kept, MANIFEST, Manifest, Sealed, digest_of, file_of, reader};
use crate::{keys, store};
use anyhow::{Context, Result, anyhow, bail};
use kernel::crypto::Keys;
use kernel::dump::Refill;
use kernel::{Db, World, audit, migrations};
use std::fs;
use std::path::Path;

/// Puts a backup into an empty store.
///
/// # Errors
/// When the backup was damaged or changed, the key isn't the one it takes, or the store isn't empty.
pub fn restore(backup: &Path, url: &str) -> Result<String> {
    let keys = keys::find(url)?.ok_or_else(|| {
        let place = keys::file(url).map_or_else(|_| "its file".to_owned(), |path| path.display().to_string());
        anyhow!("the county's key isn't here: put it into {place}, or name it by FUZHI_KEY_FILE; nothing was restored")
    })?;
    let manifest = read(backup, &keys)?;
    let file = url.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//"));
    if let Some(path) = file.filter(|path| Path::new(path).exists()) {
        bail!("{path} is there already: a backup is put into an empty store");
    }
    for kept in &manifest.tables {
        check(backup, kept)?;
    }
    let restored = into(url, &manifest, backup);
    if let (Err(_), Some(path)) = (&restored, file) {
        // It was made here, and half a store is none; what failed is said below.
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{path}{ending}"));
        }
    }
    restored
}

fn into(url: &str, manifest: &Manifest, backup: &Path) -> Result<String> {
    store::block_on(async {
        let world = store::world(url, false)?;
        let db = Db::open(url).await.map_err(|e| anyhow!("{e}"))?;
        if !migrations::tables(&db).await.map_err(|e| anyhow!("{e}"))?.is_empty() {
            bail!("the store holds tables already: a backup is put into an empty one");
        }
        fill(&db, &world, manifest, backup).await?;
        let entries = trail(&db, &world, manifest).await?;
        let loader = store::loader("");
        let noted = db.write(&world, &loader, |mut cx| {
            let made_at = manifest.made_at.to_string();
            async move { cx.audit("backup_restored", "backup", &made_at, "").await }
        });
        noted.await.map_err(|e| anyhow!("{e}"))?;
        audit::seal(&db, &world, &[]).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        let rows: u64 = manifest.tables.iter().map(|kept| kept.rows).sum();
        Ok(format!("{rows} rows of {}; {entries} audit entries, none changed, removed or moved", manifest.made_at))
    })
}

/// The manifest, once its seal was found whole.
fn read(backup: &Path, keys: &Keys) -> Result<Manifest> {
    let path = backup.join(MANIFEST);
    let text = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let sealed: Sealed = serde_json::from_str(&text).with_context(|| format!("{} is no manifest", path.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&sealed.manifest).with_context(|| format!("{} is of another layout", path.display()))?;
    if manifest.format != FORMAT {
        bail!("the backup is of layout {}, this program reads {FORMAT}: use the newer program", manifest.format);
    }
    let held = keys.fingerprint();
    if manifest.keys.iter().any(|needed| *needed != held) {
        bail!("the backup takes the key {}, and {held} is here; nothing was restored", manifest.keys.join(", "));
    }
    if keys.blind("backup", &sealed.manifest) != sealed.seal {
        bail!("the manifest was changed since, or sealed by another county's key; nothing was restored");
    }
    Ok(manifest)
}

fn check(backup: &Path, kept: &Kept) -> Result<()> {
    let path = backup.join(file_of(&kept.table.name));
    if digest_of(&path)? != kept.sha256 {
        bail!("{} isn't what the manifest names; nothing was restored", path.display());
    }
    Ok(())
}

/// The tables as they were then, the rows, and what migrations have come since.
async fn fill(db: &Db, world: &World, manifest: &Manifest, backup: &Path) -> Result<()> {
    let said = |e: kernel::Error| anyhow!("{e}");
    let (domains, now) = (platform::domains(), world.clock.now());
    let steps = manifest.migrations.iter().cloned();
    let landed = steps.map(|(domain, number, sum)| ((domain, number), sum)).collect();
    migrations::apply_as_of(db, &domains, now, &landed).await.map_err(said)?;
    let mut refill = Refill::begin(db).await.map_err(said)?;
    for kept in &manifest.tables {
        let mut rows = reader(&backup.join(file_of(&kept.table.name)))?;
        let filled = refill.copy_in(&kept.table, &mut rows).await.map_err(said)?;
        if filled != kept.rows {
            bail!("{} has {filled} rows, {} were kept", kept.table.name, kept.rows);
        }
    }
    refill.commit().await.map_err(said)?;
    migrations::apply(db, &domains, now).await.map_err(said)?;
    db.analyze().await.map_err(said)
}

/// The audit trail is whole, and ends no earlier than when the backup was made; gives the number of its entries.
async fn trail(db: &Db, world: &World, manifest: &Manifest) -> Result<usize> {
    let mut cx = db.read(world, &store::loader(""));
    let entries = audit::list_since(&mut cx, None).await.map_err(|e| anyhow!("{e}"))?;
    let broken = audit::verify(&entries, None, &manifest.heads);
    if let Some(first) = broken.first() {
        bail!("the audit trail was touched before the backup was made, {} places, the first {first:?}", broken.len());
    }
    Ok(entries.len())
}
