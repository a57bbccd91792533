//! The gate, step by step. Each step is a command anyone can run alone; the first that fails ends it.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Programs beside `fuzhi` whose libraries nobody else waits for. What is built together shares its libraries' features,
/// so that a companion would turn on for everybody what it alone needs, and build everything twice: each is built by
/// itself, in one selection, and the rest of the workspace without them.
const COMPANIONS: [&str; 2] = ["fuzhi-cluster", "fuzhi-print"];

pub fn run() -> Result<()> {
    install_debian_packages()?;
    step("formatting", "cargo", &["fmt", "--all", "--check"])?;
    of_workspace("lints", "clippy", &["--all-targets", "--", "--deny", "warnings"])?;
    crate::tidy::run()?;
    of_workspace("tests on SQLite and PostgreSQL", "test", &["--all-targets"])?;
    crate::new_domain::prove()?;
    of_workspace("examples in the docs", "test", &["--doc", "--quiet"])?;
    journeys()?;
    of_workspace("documentation", "doc", &["--no-deps", "--quiet"])?;
    companions()?;
    licences()?;
    println!("\nAll green.");
    Ok(())
}

/// A tool of cargo's on everything but the companions.
fn of_workspace(title: &str, tool: &str, more: &[&str]) -> Result<()> {
    let without = COMPANIONS.iter().flat_map(|companion| ["--exclude", companion]);
    let arguments: Vec<&str> = [tool, "--workspace"].into_iter().chain(without).chain(more.iter().copied()).collect();
    step(title, "cargo", &arguments)
}

/// Each companion is tested with its real processes; its tests start `fuzhi`, which stands beside it.
fn companions() -> Result<()> {
    step("the program companions stand beside", "cargo", &["build", "--package", "fuzhi"])?;
    for companion in COMPANIONS {
        step(&format!("tests of {companion}"), "cargo", &["test", "--package", companion])?;
    }
    Ok(())
}

pub fn step(title: &str, program: &str, arguments: &[&str]) -> Result<()> {
    println!("\n── {title}: {program} {}", arguments.join(" "));
    let status =
        Command::new(program).args(arguments).status().with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        bail!("{title} failed");
    }
    Ok(())
}

/// Tests run on real components: PostgreSQL, Chromium with Chinese fonts, Node for the browser journeys, poppler, by which
/// the PDFs are read.
/// Where they are missing and this may install, they are installed; else the one command is said.
fn install_debian_packages() -> Result<()> {
    let mut missing = Vec::new();
    if !Path::new("/usr/lib/postgresql").exists() {
        missing.push("postgresql");
    }
    if !Path::new("/usr/bin/chromium").exists() {
        missing.push("chromium");
    }
    if !Path::new("/usr/share/fonts/opentype/noto").exists() {
        missing.push("fonts-noto-cjk");
    }
    if !Path::new("/usr/bin/pdftotext").exists() {
        missing.push("poppler-utils");
    }
    if Command::new("node").arg("--version").output().is_err() {
        missing.extend(["nodejs", "npm"]);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let command = format!("apt-get update && apt-get install --yes {}", missing.join(" "));
    if step("what the tests need", "sh", &["-c", &format!("export DEBIAN_FRONTEND=noninteractive; {command}")]).is_err()
    {
        bail!("the tests need {}; please run as root: {command}", missing.join(", "));
    }
    Ok(())
}

fn journeys() -> Result<()> {
    if !Path::new("e2e/package.json").exists() {
        return Ok(());
    }
    step("browser tools", "npm", &["ci", "--prefix", "e2e", "--no-audit", "--no-fund"])?;
    step("the program the browser visits", "cargo", &["build", "--package", "fuzhi"])?;
    step("the companion that prints for it", "cargo", &["build", "--package", "fuzhi-print"])?;
    step("browser journeys", "npm", &["test", "--prefix", "e2e"])
}

/// Licences, banned crates and sources, by deny.toml. Advisories need a network of their own and are not asked.
fn licences() -> Result<()> {
    if Command::new("cargo").args(["deny", "--version"]).output().is_ok_and(|o| !o.status.success()) {
        step("cargo-deny", "cargo", &["install", "cargo-deny", "--locked"])?;
    }
    step("licences, bans, sources", "cargo", &["deny", "--workspace", "check", "licenses", "bans", "sources"])
}
