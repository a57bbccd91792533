//! How much memory a run may use, and how it is shared out.

use crate::run::Summary;
use batch::Shelf;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The bound of a run, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    limit: u64,
}

/// What a row of a bucket takes at most while its facts are reckoned and told: its own columns, what stands in the frames
/// of its person and household, and what points to it. An estimate.
const BYTES_A_ROW: u64 = 320;
/// What the largest bucket takes.
const LARGEST: u64 = 1 << 29;
/// Where the system doesn't say how much memory it has.
const USUAL: u64 = 4 << 30;

impl Memory {
    /// The bound asked for; half of the machine's memory by default (contract §6).
    #[must_use]
    pub fn new(asked: Option<u64>) -> Self {
        Self { limit: asked.or_else(|| machine().map(|all| all / 2)).unwrap_or(USUAL) }
    }

    #[must_use]
    pub const fn limit(self) -> u64 {
        self.limit
    }

    /// An eighth is for what is laid aside: the stages need theirs at once.
    #[must_use]
    pub fn shelf(self, folder: &Path) -> Shelf {
        Shelf::new(folder, self.limit / 8)
    }

    /// Into how many buckets a county of so many rows is cut: one of them takes a quarter, and half a gigabyte at most,
    /// since a larger one gains a second or two.
    #[must_use]
    pub fn buckets(self, rows: usize) -> usize {
        let room = (self.limit / 4).clamp(1, LARGEST);
        (rows as u64 * BYTES_A_ROW).div_ceil(room).clamp(1, 1 << 12) as usize
    }
}

/// Says so when a run took more memory than it was given: where, how much, and what to do.
#[must_use]
pub fn beyond(summary: &Summary) -> Option<String> {
    let Summary { memory, peak_memory, stages, .. } = summary;
    let stage = stages.iter().find(|stage| stage.peak_memory > *memory)?;
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    Some(format!(
        "  It took more than the {} MB it was given, first in the stage {}: what that stage must hold at once can't be \
         divided further. The result is the same. Give --memory {}MB or more where that is to be kept.\n",
        megabytes(*memory),
        stage.name,
        megabytes(*peak_memory)
    ))
}

/// Where a bound is asked for, has the allocator give back at once what was freed; it keeps it for a while else, a quarter of
/// what a county takes. It listens to that at its start only, so the program begins anew, as the same process.
pub fn give_back(bound: Option<u64>) {
    const DELAY: &str = "MIMALLOC_PURGE_DELAY";
    if bound.is_none() || std::env::var_os(DELAY).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Comes back only where that can't be done: it goes on as it is then.
        let _ = Command::new(program).args(std::env::args_os().skip(1)).env(DELAY, "0").exec();
    }
}

/// The machine's memory in bytes.
fn machine() -> Option<u64> {
    let about = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = about.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}
