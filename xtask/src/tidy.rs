//! What no compiler checks. Each check gives sentences; any sentence fails the gate.

use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES: usize = 400;
/// Lines of a domain's crate, tests apart.
const DOMAIN_LINES: usize = 6_000;
const DOMAINS: [&str; 15] = [
    "access",
    "attachments",
    "webhooks",
    "retention",
    "residents",
    "papers",
    "labels",
    "places",
    "staff",
    "households",
    "exchange",
    "linkage",
    "screening",
    "casework",
    "indicators",
];
const FORBIDDEN_NAMES: [&str; 11] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "processor", "base", "info"];

/// From the ground up: a crate may use only crates of a lower layer, or of its own where the list says so.
const LAYERS: [(&str, &[&str]); 30] = [
    ("values", &[]),
    ("county", &["values"]),
    ("fellegi", &["values"]),
    ("rulebook", &["values"]),
    ("poverty", &["values"]),
    ("facts", &["values"]),
    ("batch", &["values", "fellegi", "rulebook", "poverty", "facts"]),
    ("kernel", &["values"]),
    ("ui", &["values", "kernel"]),
    ("testkit", &["values", "kernel", "ui", "places", "staff", "households"]),
    ("places", &["values", "kernel", "ui"]),
    ("staff", &["values", "kernel", "ui", "places"]),
    ("households", &["values", "kernel", "ui", "places", "facts"]),
    ("access", &["values", "kernel", "ui", "places", "staff", "households"]),
    ("webhooks", &["values", "kernel", "ui"]),
    ("residents", &["values", "kernel", "ui", "places", "households"]),
    ("papers", &["values", "kernel", "ui", "places", "households"]),
    ("labels", &["values", "kernel", "ui", "places", "households"]),
    ("attachments", &["values", "kernel", "ui", "places", "households", "papers"]),
    ("exchange", &["values", "kernel", "ui", "places", "households", "facts"]),
    ("linkage", &["values", "kernel", "ui", "places", "households", "fellegi", "facts"]),
    ("screening", &["values", "kernel", "ui", "places", "households", "rulebook", "poverty", "facts"]),
    ("casework", &["values", "kernel", "ui", "places", "staff", "households", "attachments", "rulebook"]),
    ("indicators", &["values", "kernel", "ui", "places", "rulebook", "poverty", "screening"]),
    (
        "retention",
        &[
            "values",
            "kernel",
            "ui",
            "staff",
            "webhooks",
            "residents",
            "papers",
            "households",
            "exchange",
            "screening",
            "casework",
        ],
    ),
    (
        "platform",
        &[
            "values",
            "kernel",
            "ui",
            "places",
            "staff",
            "access",
            "webhooks",
            "residents",
            "papers",
            "labels",
            "attachments",
            "households",
            "exchange",
            "linkage",
            "screening",
            "casework",
            "indicators",
            "retention",
        ],
    ),
    ("fuzhi", &["*"]),
    // This companion stands alone: what they are told comes as text, from a process to another.
    ("fuzhi-print", &[]),
    ("fuzhi-cluster", &["fuzhi"]),
    ("xtask", &[]),
];

/// Libraries that one crate alone may name.
const OWNED: [(&str, &[&str]); 16] = [
    ("parquet", &["batch"]),
    ("calamine", &["batch"]),
    ("quick-xml", &["batch"]),
    ("typst", &["fuzhi-print"]),
    ("typst-pdf", &["fuzhi-print"]),
    ("hayro-interpret", &["fuzhi-print"]),
    ("rust_xlsxwriter", &["batch"]),
    ("encoding_rs", &["batch"]),
    ("sqlparser", &["rulebook"]),
    ("datafusion", &["fuzhi-cluster"]),
    ("datafusion-proto", &["fuzhi-cluster"]),
    ("ballista", &["fuzhi-cluster"]),
    ("ballista-core", &["fuzhi-cluster"]),
    ("ballista-scheduler", &["fuzhi-cluster"]),
    ("ballista-executor", &["fuzhi-cluster"]),
    // A domain's store derives rows from it; SQL itself goes through the kernel.
    (
        "sqlx",
        &[
            "values",
            "kernel",
            "batch",
            "testkit",
            "places",
            "staff",
            "access",
            "webhooks",
            "residents",
            "papers",
            "labels",
            "attachments",
            "households",
            "exchange",
            "linkage",
            "screening",
            "casework",
            "indicators",
        ],
    ),
];

pub fn run() -> Result<()> {
    println!("\n── tidiness: cargo xtask tidy");
    let mut wrong = Vec::new();
    let sources = rust_files();
    sizes(&sources, &mut wrong)?;
    names(&sources, &mut wrong);
    dependencies(&mut wrong)?;
    single_versions(&mut wrong)?;
    if Path::new("docs/schema.sql").exists() && fs::read_to_string("docs/schema.sql")? != crate::schema::text()? {
        wrong.push("docs/schema.sql is not what the migrations say; run `cargo xtask schema`".into());
    }
    for sentence in &wrong {
        println!("{sentence}");
    }
    if !wrong.is_empty() {
        bail!("{} untidy places", wrong.len());
    }
    Ok(())
}

fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec!["crates".into(), "xtask".into()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn sizes(sources: &[PathBuf], wrong: &mut Vec<String>) -> Result<()> {
    let mut by_crate: BTreeMap<String, usize> = BTreeMap::new();
    for path in sources {
        let lines = fs::read_to_string(path)?.lines().count();
        if lines > FILE_LINES {
            wrong.push(format!("{} has {lines} lines; {FILE_LINES} at most: split it by verb or noun", path.display()));
        }
        let is_test = path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")));
        if let Some(name) = path.components().nth(1).filter(|_| !is_test) {
            *by_crate.entry(name.as_os_str().to_string_lossy().into_owned()).or_default() += lines;
        }
    }
    for (name, lines) in by_crate {
        if DOMAINS.contains(&name.as_str()) && lines > DOMAIN_LINES {
            wrong.push(format!("crates/{name} has {lines} lines; {DOMAIN_LINES} at most"));
        }
    }
    Ok(())
}

fn names(sources: &[PathBuf], wrong: &mut Vec<String>) {
    for path in sources {
        for part in path.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()) {
            if FORBIDDEN_NAMES.contains(&part.as_str()) {
                wrong.push(format!("{}: `{part}` says nothing of what is inside", path.display()));
            }
        }
    }
}

/// The names under `[dependencies]` of a crate's manifest.
fn depends_on(manifest: &str) -> Vec<String> {
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or_default();
    let names = section.lines().skip(1).filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| !name.is_empty() && !name.starts_with('#')).map(str::to_owned).collect()
}

fn dependencies(wrong: &mut Vec<String>) -> Result<()> {
    let ours: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    for entry in fs::read_dir("crates")?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((_, allowed)) = LAYERS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("crates/{name} has no layer; add it to xtask/src/tidy.rs"));
            continue;
        };
        for used in depends_on(&fs::read_to_string(entry.path().join("Cargo.toml"))?) {
            if ours.contains(&used.as_str()) && !allowed.contains(&"*") && !allowed.contains(&used.as_str()) {
                wrong.push(format!("crates/{name} uses `{used}`: dependencies point downwards only"));
            }
            if OWNED.iter().any(|(library, owners)| *library == used && !owners.contains(&name.as_str())) {
                wrong.push(format!("crates/{name} names `{used}`, which another crate alone may name"));
            }
        }
    }
    Ok(())
}

fn single_versions(wrong: &mut Vec<String>) -> Result<()> {
    let lock = fs::read_to_string("Cargo.lock")?;
    for library in ["parquet", "object_store", "sqlparser", "libsqlite3-sys"] {
        let versions = lock.matches(&format!("name = \"{library}\"\n")).count();
        if versions > 1 {
            wrong.push(format!("Cargo.lock has {versions} versions of {library}; it must be one"));
        }
    }
    Ok(())
}
