//! `cargo xtask bench linkage`: `fuzhi link` and Splink in turn, as whole processes on the same files.

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

#[derive(Args)]
pub struct Linkage {
    /// Where `bench/linkage/gen_people.py` wrote its files.
    folder: PathBuf,
    /// A Python with Splink; without it only `fuzhi link` is measured, and nothing is scored.
    #[arg(long)]
    python: Option<PathBuf>,
    #[arg(value_enum, long, default_value = "tight")]
    work: Work,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Work {
    /// Six rules, 1.2 M pairs at the usual size.
    Tight,
    /// Five loose rules, 32 M pairs.
    Wide,
    /// Roles only: the engine finds its rules.
    Roles,
}

/// One run of one program.
struct Run {
    wall: f64,
    cpu: f64,
    megabytes: f64,
    told: Value,
}

impl Linkage {
    pub fn run(&self, home: &Path) -> Result<()> {
        let folder = self.folder.canonicalize().with_context(|| format!("{} is not there", self.folder.display()))?;
        let work = self.work.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let template = std::fs::read_to_string(format!("bench/linkage/people-{work}.toml"))?;
        let spec = home.join("people.toml");
        std::fs::write(&spec, template.replace("FOLDER", &folder.display().to_string()))?;
        let program = built()?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 1..=self.rounds {
            ours.push(self.fuzhi(&program, &spec, home, &[])?);
            say(&format!("{round} fuzhi"), &ours[round - 1]);
            if let Some(python) = &self.python {
                theirs.push(self.splink(python, &folder)?);
                say(&format!("{round} splink"), &theirs[round - 1]);
            }
        }
        summary("fuzhi", &ours);
        summary("splink", &theirs);
        if let (Some(ours), Some(theirs)) = (best(&ours), best(&theirs)) {
            println!(
                "best against best: {:.1} times as fast, {:.2} of the memory",
                theirs.wall / ours.wall,
                ours.megabytes / theirs.megabytes
            );
        }
        if let Some(python) = &self.python {
            let script =
                ["bench/linkage/score.py", &folder.display().to_string(), &home.join("links").display().to_string()]
                    .map(str::to_owned);
            let scored = output(Command::new(python).args(script))?;
            print!("fuzhi {}", String::from_utf8_lossy(&scored.stdout));
            if let Some(Run { told, .. }) = theirs.last() {
                println!(
                    "splink blocking recall {}, pairs {}, one to one {}",
                    told["blocking_recall"], told["pairs"], told["cluster_1to1"]
                );
            }
        }
        // Without training, as a delivery is linked by a standing model.
        let model = home.join("links/model.json");
        let kept = home.join("model.json");
        std::fs::rename(&model, &kept)?;
        let untrained = self.fuzhi(&program, &spec, home, &["--model", &kept.display().to_string()])?;
        say("fuzhi with a model", &untrained);
        Ok(())
    }

    fn fuzhi(&self, program: &Path, spec: &Path, home: &Path, more: &[&str]) -> Result<Run> {
        let out = home.join("links");
        let mut command = Command::new(program);
        command.arg("link").arg(spec).arg("--out").arg(&out).arg("--json").args(more);
        command.env("RAYON_NUM_THREADS", self.threads.to_string());
        let start = Instant::now();
        let told = json(&output(&mut command)?)?;
        let number = |key: &str| told[key].as_f64().unwrap_or(f64::NAN);
        Ok(Run {
            wall: start.elapsed().as_secs_f64(),
            cpu: number("cpu_seconds"),
            megabytes: number("peak_memory") / 1e6,
            told,
        })
    }

    fn splink(&self, python: &Path, folder: &Path) -> Result<Run> {
        let parent = folder.parent().unwrap_or(Path::new("/"));
        // The script tells data sets by their names: a link called cn… stands for any folder.
        let name = parent.join(format!("cn-bench-{}", std::process::id()));
        let profile = if self.work == Work::Wide { "wide" } else { "expert" };
        symlink(folder, &name)?;
        let mut command = Command::new(python);
        command.arg("bench/linkage/splink_bench.py").arg(name.file_name().unwrap_or_default()).arg("--dir").arg(parent);
        command.args(["--quiet", "--profile", profile, "--threads", &self.threads.to_string()]);
        let answer = output(&mut command);
        std::fs::remove_file(&name)?;
        let told = json(&answer?)?;
        let number = |key: &str| told[key].as_f64().unwrap_or(f64::NAN);
        // Its own clock stops before the accuracy is reckoned.
        Ok(Run { wall: number("wall"), cpu: number("cpu_s"), megabytes: number("peak_rss_mib") * 1.048_576, told })
    }
}

#[cfg(unix)]
fn symlink(folder: &Path, name: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(folder, name)?)
}

#[cfg(not(unix))]
fn symlink(_folder: &Path, _name: &Path) -> Result<()> {
    bail!("the comparison runs on Unix only")
}

/// The release build of the program, made where it is missing.
fn built() -> Result<PathBuf> {
    output(Command::new("cargo").args(["build", "--quiet", "--release", "--package", "fuzhi"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    Ok(target.join("release/fuzhi"))
}

fn output(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("{} can't be started", command.get_program().display()))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}

fn json(output: &Output) -> Result<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rev().find(|line| line.starts_with('{')).context("no answer in JSON")?;
    Ok(serde_json::from_str(line)?)
}

fn say(what: &str, run: &Run) {
    let parts = [
        "read_seconds",
        "link_seconds",
        "candidates_seconds",
        "training_seconds",
        "grouping_seconds",
        "write_seconds",
        "stages",
        "train",
        "predict",
        "import_s",
    ];
    let parts = parts.iter().filter(|key| !run.told[**key].is_null()).map(|key| format!("{key} {}", run.told[*key]));
    let parts: Vec<String> = parts.collect();
    println!(
        "{what:20} {:6.2} s wall {:6.2} s CPU {:6.0} MB {} candidate pairs; {}",
        run.wall,
        run.cpu,
        run.megabytes,
        run.told["candidate_pairs"],
        parts.join(", ")
    );
    // Comparing and weighing alone, timed on each core.
    if let (Some(pairs), Some(seconds)) =
        (run.told["candidate_pairs"].as_f64(), run.told["comparing_core_seconds"].as_f64())
    {
        println!("{:20} {:.1} M pairs scored a second and core", "", pairs / seconds / 1e6);
    }
}

fn best(runs: &[Run]) -> Option<&Run> {
    runs.iter().min_by(|a, b| a.wall.total_cmp(&b.wall))
}

fn summary(what: &str, runs: &[Run]) {
    let median = |of: fn(&Run) -> f64| {
        let mut all: Vec<f64> = runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    if let Some(best) = best(runs) {
        println!(
            "{what}: wall best {:.2}, median {:.2}; CPU median {:.2}; memory {:.0} MB",
            best.wall,
            median(|run| run.wall),
            median(|run| run.cpu),
            median(|run| run.megabytes)
        );
    }
}
