//! `fuzhi backup`: everything a store holds, at one moment, while it is being served.
//!
//! A file a table and a manifest that names each with its digest; sealed, so that nobody without the county's key can
//! change it unseen. The same store gives the same files, whichever database it lies in. The key is never inside.

use crate::store;
use anyhow::{Context, Result, anyhow, bail};
use kernel::audit::{self, Head};
use kernel::crypto::{self, Keys};
use kernel::dump::{Snapshot, Table};
use kernel::hex;
use kernel::{Moment, World, migrations};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The layout of a backup; another number means another layout.
pub const FORMAT: u32 = 1;
pub const MANIFEST: &str = "manifest.json";

/// What a backup says of itself.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub program: String,
    pub made_at: Moment,
    /// Fingerprints of the county's keys by which families' keys are wrapped: without these keys it is of no use.
    pub keys: Vec<String>,
    /// Domain, number and checksum of every migration of the store.
    pub migrations: Vec<(String, i64, String)>,
    /// The ends of the audit chains just before: they must be in it.
    pub heads: Vec<Head>,
    pub tables: Vec<Kept>,
}

/// A table and the file that holds its rows.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    #[serde(flatten)]
    pub table: Table,
    pub rows: u64,
    /// Of the rows, before they are compressed: the same in either database.
    pub sha256: String,
}

/// The manifest with the seal that whoever has the county's key can check.
#[derive(Serialize, Deserialize)]
pub struct Sealed {
    pub seal: String,
    pub manifest: String,
}

impl Sealed {
    fn of(manifest: &Manifest, keys: &Keys) -> Result<Self> {
        let manifest = serde_json::to_string(manifest)?;
        Ok(Self { seal: keys.blind("backup", &manifest), manifest })
    }
}

pub fn file_of(table: &str) -> String {
    format!("{table}.rows.zst")
}

/// Writes a backup of the store into a folder that isn't there yet. The folder has its name only once it is whole.
///
/// # Errors
/// When the folder is there, the disk is full, or the store can't be read.
pub fn backup(url: &str, out: &Path) -> Result<String> {
    if out.exists() {
        bail!("{} is there already; name a folder that isn't", out.display());
    }
    let part = PathBuf::from(format!("{}.part", out.display()));
    if part.exists() {
        bail!("{} is what a backup left that didn't finish; remove it", part.display());
    }
    batch::private_folder(&part).map_err(|problem| anyhow!("{problem}"))?;
    let written = store::block_on(async {
        let world = store::world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let manifest = write(&db, &world, &part).await?;
        let sealed = serde_json::to_string(&Sealed::of(&manifest, &world.keys)?)?;
        put(&part.join(MANIFEST), sealed.as_bytes())?;
        fs::rename(&part, out).with_context(|| format!("{} can't become {}", part.display(), out.display()))?;
        sync(out.parent().unwrap_or(Path::new(".")))?;
        let seal = crypto::digest(&sealed);
        let loader = store::loader("");
        let noted = db.write(&world, &loader, |mut cx| {
            let seal = seal.clone();
            async move { cx.audit("backup_made", "backup", &seal, "").await }
        });
        noted.await.map_err(|e| anyhow!("{e}"))?;
        audit::seal(&db, &world, &[]).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        Ok(manifest)
    });
    if written.is_err() {
        // What is half written is no backup; the error of the backup itself matters more than that of clearing up.
        let _ = fs::remove_dir_all(&part);
    }
    let manifest = written?;
    let rows: u64 = manifest.tables.iter().map(|kept| kept.rows).sum();
    Ok(format!(
        "{} tables, {rows} rows in {}; to read it takes the key {}, which is not in it",
        manifest.tables.len(),
        out.display(),
        manifest.keys.join(", ")
    ))
}

async fn write(db: &kernel::Db, world: &World, folder: &Path) -> Result<Manifest> {
    let said = |e: kernel::Error| anyhow!("{e}");
    // Before the snapshot, so that it holds every one of them.
    let heads = audit::list_heads(&mut db.read(world, &store::loader("")), 100_000).await.map_err(said)?;
    let keys = crypto::wrapped_by(&mut db.read(world, &store::loader(""))).await.map_err(said)?;
    let landed = migrations::landed(db).await.map_err(said)?;
    let mut snapshot = Snapshot::begin(db).await.map_err(said)?;
    let mut tables = Vec::new();
    for name in migrations::declared(&platform::domains()) {
        let table = snapshot.table(&name).await.map_err(said)?;
        let mut writer = Writer::create(&folder.join(file_of(&name)))?;
        let mut failed = None;
        let rows = snapshot
            .copy_out(&table, &mut |bytes| {
                writer.put(bytes).map_err(|cause| {
                    let told = format!("{} can't be written: {cause}", file_of(&name));
                    failed = Some(anyhow!("{told}"));
                    kernel::Error::internal(told)
                })
            })
            .await;
        let rows = match (rows, failed) {
            (Ok(rows), _) => rows,
            (Err(_), Some(failed)) => return Err(failed),
            (Err(error), None) => return Err(said(error)),
        };
        tables.push(Kept { table, rows, sha256: writer.finish()? });
    }
    Ok(Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: world.clock.now(),
        keys,
        migrations: landed.into_iter().map(|((domain, number), sum)| (domain, number, sum)).collect(),
        heads,
        tables,
    })
}

/// Compresses what it is given, and reckons its digest.
struct Writer {
    encoder: zstd::Encoder<'static, BufWriter<File>>,
    digest: Sha256,
}

impl Writer {
    fn create(path: &Path) -> Result<Self> {
        let file = private(path)?;
        Ok(Self { encoder: zstd::Encoder::new(BufWriter::new(file), 3)?, digest: Sha256::new() })
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.encoder.write_all(bytes)
    }

    fn finish(self) -> Result<String> {
        let file = self.encoder.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(hex::digits(&self.digest.finalize()))
    }
}

/// Reads a file of a backup, and gives the digest of its rows.
///
/// # Errors
/// When it can't be read or isn't what it was.
pub fn digest_of(path: &Path) -> Result<String> {
    let mut reader = reader(path)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let length = reader.read(&mut piece).with_context(|| format!("{} is damaged", path.display()))?;
        if length == 0 {
            return Ok(hex::digits(&digest.finalize()));
        }
        digest.update(&piece[..length]);
    }
}

/// The rows of a file of a backup.
///
/// # Errors
/// When it isn't there.
pub fn reader(path: &Path) -> Result<impl Read + Send + use<>> {
    let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
    Ok(zstd::Decoder::new(file)?)
}

/// A file for its owner alone.
fn private(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.with_context(|| format!("{} can't be made", path.display()))
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

fn sync(folder: &Path) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok(File::open(folder)?.sync_all()?)
}
