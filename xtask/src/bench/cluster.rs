//! `cargo xtask bench cluster`: one county in one process, and on a cluster of real processes on this machine.

use super::timed;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

#[derive(clap::Args)]
pub struct Cluster {
    /// A county's folder; a fictional one of half a million people is planted otherwise.
    county: Option<String>,
    #[arg(long, default_value_t = 2)]
    executors: usize,
    /// How often each is run, in turn.
    #[arg(long, default_value_t = 3)]
    times: usize,
    /// The target folder the programs are built in, or were.
    #[arg(long, default_value = "target")]
    target_dir: String,
}

/// Ended with the measurement, however it goes.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts one, and waits until it says a line that begins so; gives back the rest of it.
    fn start(program: &str, arguments: &[&str], ready: &str) -> Result<(Self, String)> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{program} can't be started"))?;
        let stdout = BufReader::new(child.stdout.take().context("it has no stdout")?);
        let process = Self(child);
        let mut lines = stdout.lines();
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix(ready).map(str::to_owned));
        // What it says later is read, so that it is never kept waiting.
        std::thread::spawn(move || lines.for_each(drop));
        Ok((process, said.with_context(|| format!("fuzhi {} never said {ready:?}", arguments.join(" ")))?))
    }
}

impl Cluster {
    pub fn run(&self, home: &Path) -> Result<()> {
        for package in ["fuzhi", "fuzhi-cluster"] {
            timed("cargo", &["build", "--release", "--target-dir", &self.target_dir, "--package", package])?;
        }
        let fuzhi = format!("{}/release/fuzhi", self.target_dir);
        let path = |name: &str| home.join(name).display().to_string();
        let county = match &self.county {
            Some(county) => county.clone(),
            None => {
                let demo = path("demo");
                timed(&fuzhi, &["demo", "--no-serve", "--size", "county", "--seed", "77", "--out", &demo])?;
                format!("{demo}/county")
            }
        };
        let (alone, together) = (path("alone"), path("together"));
        let (_scheduler, address) =
            Process::start(&fuzhi, &["cluster", "scheduler", "--listen", "127.0.0.1:0"], "listening at ")?;
        let executor = ["cluster", "executor", "--tasks", "1", "--scheduler", &address];
        let _executors: Vec<_> =
            (0..self.executors).map(|_| Process::start(&fuzhi, &executor, "working for ")).collect::<Result<_>>()?;
        let url = format!("df://{address}");
        // Idle executors take nothing from the run beside them.
        for _ in 0..self.times {
            timed(&fuzhi, &["run", &county, "--store", "none", "--out", &alone])?;
            timed(&fuzhi, &["run", &county, "--store", "none", "--out", &together, "--cluster", &url])?;
        }
        compare(Path::new(&alone), Path::new(&together))
    }
}

/// Every file of the two outputs but the one that says what a run cost, and the workbook, which says when it was made.
fn compare(alone: &Path, together: &Path) -> Result<()> {
    let mut same = Vec::new();
    for entry in std::fs::read_dir(alone)? {
        let name = entry?.file_name();
        let (a, b) = (alone.join(&name), together.join(&name));
        if !a.is_file() || name == "run.json" || name == "findings.xlsx" {
            continue;
        }
        if std::fs::read(&a)? != std::fs::read(&b)? {
            bail!("the cluster's {} differs", name.display());
        }
        same.push(name.display().to_string());
    }
    println!("the same, byte for byte: {}", same.join(", "));
    Ok(())
}
