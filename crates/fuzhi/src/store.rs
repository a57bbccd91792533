//! The store as the command line meets it: the world it is opened with, its key, the one runtime.

use crate::press::Companion;
use crate::wrong_usage::WrongUsage;
use crate::{keys, policy};
use anyhow::{Context, Result, anyhow};
use batch::{Cell, CellKind, RowWriter, Target};
use kernel::audit::Head;
use kernel::{Clock, Moment, Who, World};
use std::fs::File;
use std::io::Read;
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
    let mut world = world_with(Some(keys::open(url)?))?;
    world.demo = demo;
    Ok(world)
}

/// A world that only looks, with whatever key there is.
///
/// # Errors
/// When the system gives no randomness.
pub fn world_with(keys: Option<kernel::crypto::Keys>) -> Result<World> {
    let keys = keys.unwrap_or_else(|| kernel::crypto::Keys::new([0; 32]));
    Ok(World::new(Clock::System(now), entropy()?, keys))
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

/// 256 bits that nobody can guess.
///
/// # Errors
/// When the system gives none.
pub fn entropy() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut seed))
        .context("the system gives no randomness")?;
    Ok(seed)
}

/// How a store is served.
#[derive(Default)]
pub struct Served {
    pub demo: bool,
    pub behind_proxy: bool,
    pub config: Option<PathBuf>,
    pub policy: Option<PathBuf>,
    /// Where to look for the font that documents are printed in.
    pub fonts: Option<PathBuf>,
}

/// Serves a store's pages until Ctrl-C.
///
/// # Errors
/// When the store can't be opened, the address can't be had or the limits can't be read.
pub fn serve(url: &str, listen: &str, served: &Served, ready: impl FnOnce(std::net::SocketAddr) + Send) -> Result<()> {
    let listen: std::net::SocketAddr =
        listen.parse().map_err(|_| WrongUsage::new(format!("{listen} is no address; write 127.0.0.1:8080")))?;
    ui::sheet::write_sheets_with(workbook);
    crate::log::warnings("")?;
    block_on(async {
        let mut world = world(url, served.demo)?;
        world.behind_proxy = served.behind_proxy;
        let companion = Companion::beside(served.fonts.clone())?;
        crate::attached::read_with(companion.clone());
        world.press = Some(companion.press());
        if let Some(config) = &served.config {
            platform::install(&mut world, config).map_err(WrongUsage::new)?;
        }
        world.retention = policy::retention(served.policy.as_deref())?.map(Into::into);
        (world.limits, world.terms) =
            platform::limits(&policy::limits(served.policy.as_deref())?).map_err(|e| anyhow!("{e}"))?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        platform::serve(db, world, listen, ready, std::future::pending()).await.map_err(|e| anyhow!("{e}"))
    })
}

/// Opens the first accounts of a store.
///
/// # Errors
/// [`WrongUsage`] when that is no county's code; when the county has accounts already.
pub fn begin(url: &str, county: &str) -> Result<String> {
    if county.len() != 6 || !county.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WrongUsage::new(format!("{county} is no county's code; six digits are, such as 539901")).into());
    }
    block_on(async {
        let world = world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let who = Who::machine("begin", county);
        let opened = db.write(&world, &who, |mut cx| async move { staff::open_first(&mut cx).await }).await;
        let opened = opened.map_err(|error| match error {
            kernel::Error::Refused(said) => anyhow!("{}", ui::say(kernel::Language::En, &said)),
            error => anyhow!("{error}"),
        })?;
        kernel::audit::seal(&db, &world, &[]).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        Ok(opened.iter().map(|(account, password)| format!("{account}  {password}\n")).collect())
    })
}

/// Plants demo accounts at every place of a store's county.
///
/// # Errors
/// When the store can't be opened or refuses.
pub fn plant_everywhere(url: &str, county: &str) -> Result<()> {
    block_on(async {
        let world = world(url, true)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let who = loader(county);
        let planted = db.write(&world, &who, |mut cx| async move { staff::plant_everywhere(&mut cx).await }).await;
        kernel::audit::seal(&db, &world, &[]).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        planted.map_err(|e| anyhow!("{e}"))
    })
}

/// Checks every chain of a store's audit trail against itself, against the others, and against heads that were kept
/// elsewhere. The program that serves the store need not run.
///
/// # Errors
/// Every place where an entry was changed, removed or moved.
pub fn verify_audit(url: &str, heads: Option<&Path>) -> Result<String> {
    let kept: Vec<Head> = match heads {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
            serde_json::from_str(&text).with_context(|| format!("{} holds no heads", file.display()))?
        }
        None => Vec::new(),
    };
    let entries = trail(url)?;
    let broken = kernel::audit::verify(&entries, None, &kept);
    if broken.is_empty() {
        return Ok(format!("{} entries, none changed, removed or moved", entries.len()));
    }
    let places: Vec<String> = broken.iter().map(|place| format!("{place:?}")).collect();
    Err(anyhow!("the audit trail was touched:\n{}", places.join("\n")))
}

/// The last entry of every chain, to be kept where nobody who writes the store can write.
///
/// # Errors
/// When the store can't be read.
pub fn audit_heads(url: &str) -> Result<String> {
    Ok(serde_json::to_string(&kernel::audit::heads(&trail(url)?))?)
}

fn trail(url: &str) -> Result<Vec<kernel::audit::Entry>> {
    block_on(async {
        let world = world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let mut cx = db.read(&world, &loader(""));
        kernel::audit::list_since(&mut cx, None).await.map_err(|e| anyhow!("{e}"))
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
