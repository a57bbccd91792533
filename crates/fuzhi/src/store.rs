//! The store as the command line meets it: the world it is opened with, its key, the one runtime.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use batch::{Cell, CellKind, RowWriter, Target};
use kernel::crypto::Keys;
use kernel::{Clock, Moment, Who, World};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use ui::sheet::Sheet;

/// Runs something that waits for a database or for visitors.
///
/// # Errors
/// What the work says, or that the system gives no threads.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// The world a store is opened with: the system's clock and entropy, and the county's key beside the store.
///
/// # Errors
/// When the key can't be read or made.
pub fn world(url: &str, demo: bool) -> Result<World> {
    let keys = keys(&key_file(url)?)?;
    let mut world = World::new(Clock::System(now), entropy()?, keys);
    world.demo = demo;
    Ok(world)
}

/// Who loads runs.
#[must_use]
pub fn loader(county: &str) -> Who {
    Who::machine("load", county)
}

#[expect(clippy::disallowed_methods, reason = "the one place where the program looks at the clock")]
fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn entropy() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut seed))
        .context("the system gives no randomness")?;
    Ok(seed)
}

/// `fuzhi.key` beside a SQLite store; for a PostgreSQL store in the folder the program is started in.
fn key_file(url: &str) -> Result<PathBuf> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Ok(Path::new(path).with_file_name("fuzhi.key"));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(PathBuf::from("fuzhi.key"));
    }
    Err(WrongUsage::new(format!("{url} is no store; write sqlite:PATH or postgres://…")).into())
}

/// The county's key: whoever has it can read the store, so it is readable by its owner alone.
fn keys(path: &Path) -> Result<Keys> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
        return Keys::from_text(&text).map_err(|e| anyhow!("{}: {e}", path.display()));
    }
    let key = entropy()?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} can't be made", path.display()))?;
    writeln!(file, "{text}")?;
    Ok(Keys::new(key))
}

/// Serves a store's pages until Ctrl-C.
///
/// # Errors
/// When the store can't be opened or the address can't be had.
pub fn serve(url: &str, listen: &str, demo: bool, ready: impl FnOnce(std::net::SocketAddr) + Send) -> Result<()> {
    let listen: std::net::SocketAddr =
        listen.parse().map_err(|_| WrongUsage::new(format!("{listen} is no address; write 127.0.0.1:8080")))?;
    ui::sheet::write_sheets_with(workbook);
    block_on(async {
        let world = world(url, demo)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        platform::serve(db, world, listen, ready, std::future::pending()).await.map_err(|e| anyhow!("{e}"))
    })
}

/// Verifies the whole audit log of a store.
///
/// # Errors
/// Every place where an entry was changed, removed or moved.
pub fn audit(url: &str) -> Result<String> {
    block_on(async {
        let world = world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let mut cx = db.read(&world, &loader(""));
        let entries = kernel::audit::list_since(&mut cx, None).await.map_err(|e| anyhow!("{e}"))?;
        let broken = kernel::audit::verify(&entries, None);
        if broken.is_empty() {
            return Ok(format!("{} entries, none changed, removed or moved", entries.len()));
        }
        let places: Vec<String> = broken.iter().map(|place| format!("{place:?}")).collect();
        Err(anyhow!("the audit log was touched:\n{}", places.join("\n")))
    })
}

/// An export as a workbook: what it is, the heads, the rows.
fn workbook(sheet: &Sheet) -> std::result::Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let file = folder.path().join("export.xlsx");
    write_workbook(sheet, &file).map_err(|problem| problem.to_string())?;
    std::fs::read(&file).map_err(|e| e.to_string())
}

fn write_workbook(sheet: &Sheet, file: &Path) -> batch::Result<()> {
    let kind = |at: usize| match sheet.rows.first().and_then(|row| row.get(at)) {
        Some(ui::sheet::Cell::Count(_)) => CellKind::Whole,
        _ => CellKind::Text,
    };
    let heads: Vec<(&str, CellKind)> = sheet.head.iter().enumerate().map(|(at, h)| (h.as_str(), kind(at))).collect();
    let mut writer = RowWriter::create(file, &Target::Xlsx { sheet: sheet.name.clone() }, &heads)?;
    for row in &sheet.rows {
        let cells: Vec<Cell<'_>> = row
            .iter()
            .map(|cell| match cell {
                ui::sheet::Cell::Text(text) => Cell::Text(text),
                ui::sheet::Cell::Count(count) => Cell::Whole(*count),
            })
            .collect();
        writer.row(&cells)?;
    }
    // The line that says what the sheet is and may be used for travels with it.
    let mut note = vec![Cell::Missing; sheet.head.len()];
    if let Some(first) = note.first_mut() {
        *first = Cell::Text(&sheet.note);
        writer.row(&note)?;
    }
    writer.finish()
}
