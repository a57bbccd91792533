//! `fuzhi doctor`: what is wrong with an installation, and the remedy. It changes nothing.

use crate::press::Companion;
use crate::{keys, rules, store};
use anyhow::{Result, anyhow};
use kernel::{Db, Moment, World, audit, crypto, jobs, migrations};
use serde::Serialize;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Fine,
    /// It works, and should be looked at.
    Watch,
    Wrong,
}

/// One thing that was looked at.
#[derive(Serialize)]
pub struct Line {
    topic: &'static str,
    state: State,
    seen: String,
    /// What to do; empty when all is well.
    remedy: String,
}

#[derive(Serialize)]
pub struct Report {
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether nothing is wrong; what should only be watched doesn't count.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.lines.iter().all(|line| line.state < State::Wrong)
    }

    fn add(&mut self, topic: &'static str, state: State, seen: impl Into<String>, remedy: impl Into<String>) {
        self.lines.push(Line { topic, state, seen: seen.into(), remedy: remedy.into() });
    }

    fn fine(&mut self, topic: &'static str, seen: impl Into<String>) {
        self.add(topic, State::Fine, seen, "");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let mark = match line.state {
                State::Fine => "ok   ",
                State::Watch => "watch",
                State::Wrong => "WRONG",
            };
            writeln!(f, "{mark}  {:<10}  {}", line.topic, line.seen)?;
            if !line.remedy.is_empty() {
                writeln!(f, "                   → {}", line.remedy)?;
            }
        }
        Ok(())
    }
}

/// Looks at everything that serving a store takes.
///
/// # Errors
/// When the system gives no threads; what is wrong with the installation stands in the report.
pub fn examine(url: &str, config: Option<&Path>, font: Option<PathBuf>) -> Result<Report> {
    let mut report = Report { lines: Vec::new() };
    match rules::check(None) {
        Ok(said) => report.fine("policy", said),
        Err(error) => report.add("policy", State::Wrong, error.to_string(), "install the program again"),
    }
    if let Some(config) = config {
        installation(config, &mut report)?;
    }
    let key = key(url, &mut report);
    disk(url, &mut report);
    printing(font, &mut report);
    if exists(url, &mut report) {
        store::block_on(async {
            match Db::open(url).await {
                Ok(db) => {
                    look_into(&db, key, &mut report).await;
                    db.close().await;
                }
                Err(error) => report.add(
                    "store",
                    State::Wrong,
                    error.to_string(),
                    "start the database, and see whether --store names it rightly and this user may open it",
                ),
            }
            Ok(())
        })?;
    }
    Ok(report)
}

/// The installation's own file, and the provider it names.
fn installation(config: &Path, report: &mut Report) -> Result<()> {
    let mut world = store::world_with(None)?;
    match platform::install(&mut world, config) {
        Err(said) => report.add("config", State::Wrong, said, "docs/guides/identity.md shows the whole file"),
        Ok(()) => report.fine("config", config.display().to_string()),
    }
    let Some(provider) = world.provider.clone() else { return Ok(()) };
    store::block_on(async {
        match staff::provider::examine(&world, &provider).await {
            Ok(described) => report.fine("identity", format!("{} answers, with its keys", described.issuer)),
            Err(trouble) => {
                let seen =
                    format!("{}: {}", provider.issuer, ui::say(kernel::Language::En, &kernel::message(trouble.key())));
                let remedy = "see whether [identity] names it as it names itself, and whether this machine reaches it";
                // Without an answer people come in by their passwords meanwhile; a wrong one needs mending.
                let silent = trouble == staff::provider::Trouble::Silent;
                report.add("identity", if silent { State::Watch } else { State::Wrong }, seen, remedy);
            }
        }
        Ok(())
    })
}

fn key(url: &str, report: &mut Report) -> Option<crypto::Keys> {
    if let Ok(path) = keys::file(url)
        && let Ok(about) = fs::metadata(&path)
        && about.permissions().mode() & 0o077 != 0
    {
        let seen = format!("{} can be read by others", path.display());
        report.add("key", State::Wrong, seen, format!("chmod 600 {}; then fuzhi keys rotate", path.display()));
    }
    match keys::find(url) {
        Ok(Some(keys)) => {
            report.fine("key", format!("{} is here", keys.fingerprint()));
            Some(keys)
        }
        Ok(None) => {
            report.add("key", State::Watch, "there is none yet", "the first start makes one; docs/guides/keys.md");
            None
        }
        Err(error) => {
            report.add("key", State::Wrong, format!("{error:#}"), "docs/guides/keys.md says what a key looks like");
            None
        }
    }
}

/// The folder of a SQLite store; where the program runs for PostgreSQL.
fn folder(url: &str) -> &Path {
    let path = url.strip_prefix("sqlite:").map(|path| Path::new(path.trim_start_matches("//")));
    let folder = path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

const MEGABYTE: u64 = 1 << 20;

fn disk(url: &str, report: &mut Report) {
    let folder = folder(url);
    let Ok(about) = rustix::fs::statvfs(folder) else {
        let remedy = "make the folder, for the user the program runs as";
        return report.add("disk", State::Wrong, format!("{} can't be looked at", folder.display()), remedy);
    };
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let size = url.strip_prefix("sqlite:").and_then(|path| fs::metadata(path).ok()).map_or(0, |about| about.len());
    let seen = format!("{} MB free in {}", free / MEGABYTE, folder.display());
    // A backup beside the store, and room to grow.
    if free < 200 * MEGABYTE {
        report.add("disk", State::Wrong, seen, "make room: a full disk ends every change");
    } else if free < 1024 * MEGABYTE + 2 * size {
        report.add("disk", State::Watch, seen, "make room for growth and for a backup");
    } else {
        report.fine("disk", seen);
    }
}

/// Documents become PDF by the companion, in a Chinese font of this machine; pages use the reader's own fonts.
fn printing(fonts: Option<PathBuf>, report: &mut Report) {
    let companion = match Companion::beside(fonts) {
        Ok(companion) => companion,
        Err(error) => return report.add("printing", State::Watch, error.to_string(), ""),
    };
    if !companion.program().exists() {
        let seen = format!("{} isn't there: documents are printed from the browser", companion.program().display());
        return report.add("printing", State::Watch, seen, "put fuzhi-print of the same version beside fuzhi");
    }
    match companion.font() {
        Ok(font) => report.fine("printing", format!("fuzhi-print writes in {font}")),
        Err(error) => {
            let remedy = "apt-get install fonts-noto-cjk, or name a font by --fonts";
            report.add("printing", State::Watch, error.to_string(), remedy);
        }
    }
}

fn exists(url: &str, report: &mut Report) -> bool {
    let Some(path) = url.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//")) else { return true };
    match fs::metadata(path) {
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            report.add("store", State::Wrong, format!("{path} can be read by others"), format!("chmod 600 {path}"));
            true
        }
        Ok(_) => true,
        Err(_) => {
            let remedy = "fuzhi run … --store makes one, fuzhi restore brings one back";
            report.add("store", State::Wrong, format!("{path} isn't there"), remedy);
            false
        }
    }
}

async fn look_into(db: &Db, keys: Option<crypto::Keys>, report: &mut Report) {
    match migrations::tables(db).await {
        Ok(tables) if tables.is_empty() => {
            return report.add("store", State::Watch, "it is empty", "the first start makes its tables");
        }
        Ok(tables) => report.fine("store", format!("{} tables", tables.len())),
        Err(error) => return report.add("store", State::Wrong, error.to_string(), "see the database's own log"),
    }
    match migrations::missing(db, &platform::domains()).await {
        Ok(missing) if missing.is_empty() => report.fine("tables", "up to date"),
        Ok(missing) => {
            let remedy = "fuzhi backup first; the next start brings them up to date";
            report.add("tables", State::Watch, format!("behind: {}", missing.join(", ")), remedy);
            // What the new program asks for isn't there yet.
            return;
        }
        Err(error) => {
            let remedy = "use the program of the version that wrote the store, or a newer one";
            return report.add("tables", State::Wrong, error.to_string(), remedy);
        }
    }
    let Ok(world) = store::world_with(keys.clone()) else { return };
    if let Err(error) = inside(db, &world, keys.as_ref(), report).await {
        report.add("store", State::Wrong, error.to_string(), "see the database's own log");
    }
}

async fn inside(db: &Db, world: &World, keys: Option<&crypto::Keys>, report: &mut Report) -> Result<()> {
    let said = |e: kernel::Error| anyhow!("{e}");
    let mut cx = db.read(world, &store::loader(""));
    let wrapped = crypto::wrapped_by(&mut cx).await.map_err(said)?;
    let held = keys.map(crypto::Keys::fingerprint);
    let other: Vec<&str> = wrapped.iter().filter(|one| Some(*one) != held.as_ref()).map(String::as_str).collect();
    if !other.is_empty() {
        let remedy = "bring that key back from where its copy is kept; without it no family can be read";
        report.add("key", State::Wrong, format!("the store takes the key {}", other.join(", ")), remedy);
    }
    clock(db, world, audit::find_last(&mut cx, "").await.map_err(said)?, report).await;
    let since = world.clock.now().day().plus_days(-7);
    let entries = audit::list_since(&mut cx, Some(since)).await.map_err(said)?;
    match audit::verify(&entries, Some(since), &[]).len() {
        0 => report.fine("audit", format!("{} entries of the last week, none touched", entries.len())),
        touched => {
            let remedy = "keep the store as it is and tell the audit administrator; fuzhi audit verify names each";
            report.add("audit", State::Wrong, format!("{touched} places were touched"), remedy);
        }
    }
    match audit::find_last(&mut cx, "backup_made").await.map_err(said)? {
        Some(at) if world.clock.now().0 - at.0 < 7 * Moment::DAY => report.fine("backup", format!("the last on {at}")),
        last => {
            let seen = last.map_or_else(|| "none was made yet".to_owned(), |at| format!("the last on {at}"));
            report.add(
                "backup",
                State::Watch,
                seen,
                "fuzhi backup --store … --out … every night; docs/guides/operate.md",
            );
        }
    }
    match jobs::count_given_up(&mut cx).await.map_err(said)? {
        0 => report.fine("jobs", "none has been given up"),
        given_up => {
            let remedy = "the table jobs says why, in last_error; mend it and set attempts to 0";
            report.add("jobs", State::Watch, format!("{given_up} failed too often and wait for a person"), remedy);
        }
    }
    Ok(())
}

/// Deadlines, sessions and codes all go by the clock.
async fn clock(db: &Db, world: &World, newest: Option<Moment>, report: &mut Report) {
    let now = world.clock.now();
    let remedy = "set the clock, and let the machine follow a time server: timedatectl set-ntp true";
    if let Some(newest) = newest.filter(|newest| now.0 + Moment::MINUTE < newest.0) {
        return report.add("clock", State::Wrong, format!("{now}, and the newest entry is of {newest}"), remedy);
    }
    match db.now().await {
        Ok(Some(theirs)) if (theirs.0 - now.0).abs() > 5 * Moment::SECOND => {
            report.add("clock", State::Wrong, format!("{now} here, {theirs} at the database"), remedy);
        }
        _ => report.fine("clock", now.to_string()),
    }
}
