//! Intake: a county's folder becomes standardised resources, and a report on how good they are.
//!
//! The only place that knows both file readers (`batch`) and deliveries (`exchange`). `truth/` is never opened.

mod answers;
mod folder;
mod reading;
mod report;
mod shares;
#[cfg(test)]
mod tests;

use crate::aside::{Laid, Wanted};
use crate::cluster::Cluster;
use batch::{Drawer, Shelf, Source};
use exchange::quality::Delivery;
use exchange::rejects::Reject;
use exchange::stage::{Context, Depth, Mapping};
use exchange::{County, Package, Places, Problem, ResourceSpec, Wording};
use facts::records::Resource;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use values::Day;

pub use shares::Share;

/// Told how many bytes have been read, of how many. What a database server holds isn't known beforehand.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// How far the reading of some sources has come.
struct Reach<'a> {
    sizes: Vec<u64>,
    reached: Vec<AtomicU64>,
    progress: Progress<'a>,
}

impl<'a> Reach<'a> {
    fn new(sources: &[Source], progress: Progress<'a>) -> Self {
        let size = |source: &Source| source.path().and_then(|path| path.metadata().ok()).map_or(0, |about| about.len());
        let reached = sources.iter().map(|_| AtomicU64::new(0)).collect();
        Self { sizes: sources.iter().map(size).collect(), reached, progress }
    }

    fn at(&self, source: usize, share: f64) {
        self.reached[source].fetch_max((self.sizes[source] as f64 * share) as u64, Ordering::Relaxed);
        let done = self.reached.iter().map(|reached| reached.load(Ordering::Relaxed)).sum();
        (self.progress)(done, self.sizes.iter().sum());
    }
}

/// What a county delivered, standardised. `resources`, `quality` and `rejects` stand in one order: by department and name.
pub struct Intake {
    pub county: County,
    pub places: Places,
    pub resources: Vec<Laid>,
    /// Where their rows lie.
    pub drawer: Drawer,
    pub quality: Vec<Delivery>,
    pub rejects: Vec<Rejected>,
    /// What is wrong with deliveries beyond single rows; what they say is set aside is not among the resources.
    pub problems: Vec<Problem>,
    origins: Vec<Origin>,
}

/// What was not taken of one resource.
#[derive(Debug, Default)]
pub struct Rejected {
    /// By row.
    pub rejects: Vec<Reject>,
    /// The names of the columns that the rejects number.
    pub columns: Vec<String>,
}

/// Where a resource came from, to read it once more.
struct Origin {
    source: Source,
    spec: ResourceSpec,
    department: String,
    purpose: String,
    legal_basis: String,
    /// How much of it the first reading takes.
    depth: Depth,
}

impl Origin {
    fn mapping<'a>(
        &'a self,
        places: &'a Places,
        depth: Depth,
        header: &[String],
    ) -> Result<(Mapping<'a>, Vec<Problem>), Problem> {
        let context = Context { places, department: &self.department, depth, typed: self.source.is_typed() };
        Mapping::new(&self.spec, context, &self.source.name, header)
    }
}

impl Intake {
    /// Reads a county's folder: every delivery in it, but of query answers the person keys alone. The rows are laid on
    /// the shelf.
    ///
    /// # Errors
    /// When the county itself isn't described: `county.toml` or its list of places can't be read; when what doesn't
    /// fit into memory doesn't fit on the disk either.
    pub fn read(folder: &Path, as_of: Option<Day>, shelf: &Shelf, progress: Progress<'_>) -> Result<Self, Problem> {
        let county = folder::county(folder, as_of)?;
        let (places, mut problems) = folder::places(folder, &county)?;
        let packages = folder::packages(folder, &mut problems)?;
        let origins = folder::origins(folder, packages);
        reading::read(county, places, origins, problems, shelf.drawer("rows"), progress)
    }

    /// The same, read and mapped by the machines of a cluster.
    ///
    /// # Errors
    /// As [`Intake::read`], and when the cluster can't do it.
    pub fn read_on(
        cluster: &Cluster,
        folder: &Path,
        as_of: Option<Day>,
        shelf: &Shelf,
        progress: Progress<'_>,
    ) -> anyhow::Result<Self> {
        let county = folder::county(folder, as_of)?;
        let (places, mut problems) = folder::places(folder, &county)?;
        let packages = folder::packages(folder, &mut problems)?;
        let origins = folder::origins(folder, packages);
        let handed_in = shares::HandedIn { cluster, folder, as_of };
        let drawer = shelf.drawer("rows");
        reading::read_by(county, places, origins, problems, drawer, progress, |mappings| handed_in.read(mappings))
    }

    /// Looks at deliveries before they are made: whole, query answers too, for they are still their department's.
    /// `path` is a county's folder, a delivery's, or one of its files.
    ///
    /// # Errors
    /// When nothing there describes a delivery.
    pub fn preview(path: &Path) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let (county, places, packages, folder) = folder::to_preview(path, &mut problems)?;
        let mut origins = folder::origins(&folder, packages);
        origins.iter_mut().for_each(|origin| origin.depth = Depth::Everything);
        reading::read(county, places, origins, problems, Shelf::in_memory().drawer("rows"), &|_, _| ())
    }

    /// How many rows went on, of all resources.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.resources.iter().map(Laid::len).sum()
    }

    /// The deliveries without their rows.
    #[must_use]
    pub fn heads(&self) -> Vec<Resource> {
        self.resources.iter().map(|resource| resource.head.head()).collect()
    }

    /// All deliveries with their rows, less what `slim` takes away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn gather(&self, wanted: Wanted, slim: impl Fn(&mut Resource) + Sync) -> anyhow::Result<Vec<Resource>> {
        self.resources.par_iter().map(|resource| resource.gather(&self.drawer, wanted, &slim)).collect()
    }
}

fn converted(problem: batch::Problem) -> Problem {
    let wording = |words: batch::Wording| Wording { zh: words.zh, en: words.en };
    let mut reason = wording(problem.reason);
    if let Some(row) = problem.row {
        reason = Wording::new(format!("第 {row} 行：{}", reason.zh), format!("row {row}: {}", reason.en));
    }
    let told = Problem::new(&problem.file, reason, wording(problem.remedy));
    match problem.column {
        Some(column) => told.in_field(&column),
        None => told,
    }
}

/// The packages of a folder, for whoever checks a delivery before it is made.
type Packages = Vec<(std::path::PathBuf, Package)>;
