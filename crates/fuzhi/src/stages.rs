//! What a run shows while it works, and what it cost when it is done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::time::{Duration, Instant};

/// A stage of the chain and what it took.
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    pub name: &'static str,
    pub seconds: f64,
    /// What it worked through; 0 where it counts nothing.
    pub items: u64,
    pub unit: &'static str,
    /// The most memory the process had held by its end, in bytes.
    pub peak_memory: u64,
}

/// Times stages and draws a bar for the one at work, on stderr and only for a person watching.
pub struct Stages {
    done: Vec<Stage>,
    started: Instant,
    total: Instant,
    current: Option<(&'static str, &'static str, ProgressBar)>,
    items: u64,
    quiet: bool,
}

impl Stages {
    pub fn new(quiet: bool) -> Self {
        let now = Instant::now();
        Self { done: Vec::new(), started: now, total: now, current: None, items: 0, quiet }
    }

    /// Ends the stage before and begins the next, which works through `items` of `unit` and doesn't tell how far it is.
    pub fn begin(&mut self, name: &'static str, items: u64, unit: &'static str) {
        self.draw(name, items, unit, ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}");
    }

    /// The same for a stage that tells each item it is through with.
    pub fn begin_counted(&mut self, name: &'static str, items: u64, unit: &'static str) -> ProgressBar {
        let shape = "{msg:>12} {bar:24} {human_pos}/{human_len} · {per_sec} · {eta}";
        self.draw(name, items, unit, ProgressBar::new(items), shape)
    }

    /// The same for a stage that reads rows out of files and tells how many bytes of them it has read.
    pub fn begin_reading(&mut self, name: &'static str) -> ProgressBar {
        let shape = "{msg:>12} {bar:24} {decimal_bytes}/{decimal_total_bytes} · {decimal_bytes_per_sec} · {eta}";
        self.draw(name, 0, "rows", ProgressBar::new(0), shape)
    }

    fn draw(
        &mut self,
        name: &'static str,
        items: u64,
        unit: &'static str,
        bar: ProgressBar,
        shape: &str,
    ) -> ProgressBar {
        self.end();
        if self.quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template(shape) {
            bar.set_style(style);
        }
        bar.set_message(name);
        if !self.quiet {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        self.started = Instant::now();
        self.items = items;
        self.current = Some((name, unit, bar.clone()));
        bar
    }

    /// How many items the stage turned out to have.
    pub fn count(&mut self, items: u64) {
        self.items = items;
    }

    pub fn end(&mut self) {
        if let Some((name, unit, bar)) = self.current.take() {
            bar.finish_and_clear();
            self.done.push(Stage {
                name,
                seconds: self.started.elapsed().as_secs_f64(),
                items: self.items,
                unit,
                peak_memory: peak_memory(),
            });
        }
    }

    pub fn done(&self) -> &[Stage] {
        &self.done
    }

    pub fn total_seconds(&self) -> f64 {
        self.total.elapsed().as_secs_f64()
    }
}

/// What all threads of this process have worked, in seconds; 0 where the system doesn't say.
pub fn cpu_seconds() -> f64 {
    // Linux counts in hundredths; behind the name in brackets, the 12th and 13th numbers are own and system's work.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let numbers = stat.rsplit_once(')').map_or("", |(_, numbers)| numbers);
    numbers.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process has held, in bytes; 0 where the system doesn't say.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok());
    kilobytes.unwrap_or(0) * 1024
}
