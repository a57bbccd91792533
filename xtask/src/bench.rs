//! Measurements, as whole processes: what docs/benchmarks.md reports.

mod cluster;
mod linkage;
mod web;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use std::process::Command;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    work: Work,
}

#[derive(Subcommand)]
enum Work {
    /// The first command's build, from an empty target folder.
    Build,
    /// The chain over a fictional county, stage by stage, and how right it was.
    Chain {
        #[arg(value_enum, default_value = "small")]
        size: Size,
        /// One never looked at while anything was tuned.
        #[arg(long, default_value_t = 77)]
        seed: u64,
        /// How many times as often as usual departments err.
        #[arg(long, default_value_t = 1.0)]
        errors: f64,
    },
    /// The rules over the persons.csv and households.csv of a folder, beside whatever other engine wrote them.
    Rules { folder: String },
    /// A linkage job by its specification.
    Link { spec: String },
    /// The pages of a store under load.
    Web(web::Web),
    /// A county in one process, and on a cluster on this machine.
    Cluster(cluster::Cluster),
    /// `fuzhi link` beside Splink, in turn.
    Linkage(linkage::Linkage),
}

#[derive(Clone, Copy, ValueEnum)]
enum Size {
    Small,
    County,
    City,
}

impl Bench {
    pub fn run(&self) -> Result<()> {
        let home = std::env::temp_dir().join(format!("fuzhi-bench-{}", std::process::id()));
        std::fs::create_dir_all(&home)?;
        let path = |name: &str| home.join(name).display().to_string();
        let done = match &self.work {
            Work::Build => {
                timed("cargo", &["build", "--release", "--package", "fuzhi", "--target-dir", &path("target")])
            }
            Work::Chain { size, seed, errors } => {
                let size = match size {
                    Size::Small => "small",
                    Size::County => "county",
                    Size::City => "city",
                };
                let (demo, seed, errors) = (path("demo"), seed.to_string(), errors.to_string());
                let (out, truth) = (format!("{demo}/out"), format!("{demo}/county/truth"));
                let planted =
                    ["demo", "--no-serve", "--size", size, "--seed", &seed, "--errors", &errors, "--out", &demo];
                fuzhi(&planted).and_then(|()| fuzhi(&["evaluate", &out, "--truth", &truth]))
            }
            Work::Rules { folder } => {
                let (persons, households) = (format!("{folder}/persons.csv"), format!("{folder}/households.csv"));
                let tables = ["--persons", &persons, "--households", &households];
                let apply =
                    |rest: &[&str]| fuzhi(&[&["rules", "apply", "bench/eligibility"], &tables[..], rest].concat());
                let (once, swept) = (path("once.csv"), path("swept.csv"));
                apply(&["--out", &once]).and_then(|()| apply(&["--out", &swept, "--sweep", "line=2000..6750/250"]))
            }
            Work::Web(web) => web.run(&home),
            Work::Cluster(cluster) => cluster.run(&home),
            Work::Linkage(linkage) => linkage.run(&home),
            Work::Link { spec } => fuzhi(&["link", spec, "--out", &path("links")]),
        };
        std::fs::remove_dir_all(&home)?;
        done
    }
}

/// Runs the release build of the program and says how long it took.
fn fuzhi(arguments: &[&str]) -> Result<()> {
    timed("cargo", &[&["run", "--quiet", "--release", "--package", "fuzhi", "--"], arguments].concat())
}

fn timed(program: &str, arguments: &[&str]) -> Result<()> {
    let start = Instant::now();
    let status =
        Command::new(program).args(arguments).status().with_context(|| format!("{program} can't be started"))?;
    if !status.success() {
        bail!("{program} {} failed", arguments.join(" "));
    }
    println!("{:.2} s: {program} {}", start.elapsed().as_secs_f64(), arguments.join(" "));
    Ok(())
}
