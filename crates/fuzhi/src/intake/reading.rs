//! The first reading of all files.

use super::{Intake, Origin, Progress, Reach, Rejected, converted, report};
use crate::aside::{Block, Laid};
use batch::{Blob, Chunk, Consumer, Drawer, Source};
use exchange::quality::Delivery;
use exchange::rejects::{Reason, Reject};
use exchange::stage::{Gathered, Mapping, Part, Rows};
use exchange::{County, Places, Problem, Wording};
use facts::records::Resource;
use std::sync::{Mutex, OnceLock, PoisonError};
use values::columns::packed;

/// What the readers of all sources came to, or why they couldn't be asked.
pub(super) type Outcomes<E> = Result<Vec<batch::Result<()>>, E>;

pub(super) fn read(
    county: County,
    places: Places,
    origins: Vec<Origin>,
    problems: Vec<Problem>,
    drawer: Drawer,
    progress: Progress<'_>,
) -> Result<Intake, Problem> {
    read_by(county, places, origins, problems, drawer, progress, |mappings| {
        let sources: Vec<Source> = mappings.origins.iter().map(|origin| origin.source.clone()).collect();
        let outcomes = batch::read_all(&sources, mappings).into_iter();
        Ok(outcomes.map(|outcome| outcome.map(drop)).collect())
    })
}

/// Lets `fill` read the sources, here or elsewhere, and puts together what they came to.
pub(super) fn read_by<E: From<Problem>>(
    county: County,
    places: Places,
    origins: Vec<Origin>,
    problems: Vec<Problem>,
    drawer: Drawer,
    progress: Progress<'_>,
    fill: impl FnOnce(&Mappings<'_>) -> Outcomes<E>,
) -> Result<Intake, E> {
    let sources: Vec<Source> = origins.iter().map(|origin| origin.source.clone()).collect();
    let mappings = Mappings::new(&origins, &places, &drawer, Reach::new(&sources, progress));
    let outcomes = fill(&mappings)?;
    let Mappings { mappings, gathered, told, full, .. } = mappings;
    if let Some(problem) = full.into_inner() {
        return Err(converted(problem).into());
    }
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut taken: Vec<Option<Result<Taken, Problem>>> = Vec::new();
    for ((origin, outcome), (mapping, parts)) in origins.iter().zip(outcomes).zip(mappings.iter().zip(gathered)) {
        let parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        taken.push(match (outcome, mapping.get()) {
            (Ok(_), Some(mapping)) => Some(Ok(take(&county, &drawer, origin, mapping, parts).map_err(converted)?)),
            (Ok(_), None) => None,
            (Err(problem), _) => Some(Err(set_aside(converted(problem), origin))),
        });
    }
    drop(mappings);
    let (resources, quality, rejects) = Default::default();
    let mut intake = Intake { resources, quality, rejects, problems, origins: vec![], county, places, drawer };
    for (at, (origin, taken)) in origins.into_iter().zip(taken).enumerate() {
        intake.problems.extend(told.iter().filter(|(source, _)| *source == at).map(|(_, problem)| problem.clone()));
        match taken {
            Some(Ok(taken)) => {
                intake.origins.push(origin);
                intake.quality.push(taken.delivery);
                intake.rejects.push(taken.rejected);
                intake.resources.push(taken.laid);
            }
            Some(Err(problem)) => intake.problems.push(problem),
            None => {}
        }
    }
    Ok(intake)
}

/// One resource, read.
struct Taken {
    laid: Laid,
    delivery: Delivery,
    rejected: Rejected,
}

fn take(
    county: &County,
    drawer: &Drawer,
    origin: &Origin,
    mapping: &Mapping<'_>,
    parts: Parts,
) -> batch::Result<Taken> {
    let Parts { gathered, mut blocks } = parts;
    blocks.sort_by_key(|(number, ..)| *number);
    let seen = gathered.seen().to_vec();
    let (blocks, digests): (Vec<Block>, Vec<Blob>) =
        blocks.into_iter().map(|(_, block, digests)| (block, digests)).unzip();
    let mapped = mapping.finish(gathered);
    let laid = Laid::new(mapped.resource.head(), blocks.into_iter().zip(seen));
    let duplicates = report::duplicates(drawer, &digests)?;
    let delivery = report::delivery(county, origin, mapping, &mapped, laid.len() as u64, duplicates);
    let columns = mapping.names().map(str::to_owned).collect();
    Ok(Taken { laid, delivery, rejected: Rejected { rejects: mapped.rejects, columns } })
}

fn set_aside(mut problem: Problem, origin: &Origin) -> Problem {
    problem.resource = Some(origin.spec.name.clone());
    let Wording { zh, en } = problem.remedy;
    problem.remedy = Wording::new(format!("{zh}；此资源已搁置"), format!("{en}; this resource is set aside"));
    problem
}

/// What has been read of one resource.
#[derive(Default)]
struct Parts {
    gathered: Gathered,
    /// By number: where the block's rows lie, and the digests that tell whether a row repeats another.
    blocks: Vec<(usize, Block, Blob)>,
}

/// Maps whatever is read, on any core, and lays it aside.
pub(super) struct Mappings<'a> {
    pub origins: &'a [Origin],
    places: &'a Places,
    mappings: Vec<OnceLock<Mapping<'a>>>,
    gathered: Vec<Mutex<Parts>>,
    drawer: &'a Drawer,
    /// Why nothing more can be laid aside.
    full: OnceLock<batch::Problem>,
    /// What is wrong with sources that are read all the same.
    told: Mutex<Vec<(usize, Problem)>>,
    reach: Reach<'a>,
}

impl<'a> Mappings<'a> {
    fn new(origins: &'a [Origin], places: &'a Places, drawer: &'a Drawer, reach: Reach<'a>) -> Self {
        let mappings = origins.iter().map(|_| OnceLock::new()).collect();
        let gathered = origins.iter().map(|_| Mutex::default()).collect();
        Self { origins, places, mappings, gathered, drawer, full: OnceLock::new(), told: Mutex::default(), reach }
    }

    /// Takes a part that another machine mapped; `false` where the bytes are none.
    pub fn receive(&self, source: usize, block: usize, bytes: &[u8]) -> bool {
        let Some(mapping) = self.mappings[source].get() else { return false };
        let Some(part) = mapping.receive(bytes) else { return false };
        self.add(source, block, mapping, part);
        true
    }

    fn add(&self, source: usize, block: usize, mapping: &Mapping<'_>, mut part: Part) {
        match self.lay(&mapping.lift(&mut part)) {
            Ok((laid, digests)) => {
                let mut parts = self.gathered[source].lock().unwrap_or_else(PoisonError::into_inner);
                parts.gathered.add(block, part);
                parts.blocks.push((block, laid, digests));
            }
            Err(problem) => drop(self.full.set(problem)),
        }
    }

    fn lay(&self, rows: &Resource) -> batch::Result<(Block, Blob)> {
        let digests = packed(&report::digests(rows));
        Ok((Block::lay(self.drawer, rows)?, self.drawer.put(digests)?))
    }
}

impl Consumer for Mappings<'_> {
    type Part = ();

    fn columns(&self, source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let origin = &self.origins[source];
        let (mapping, problems) = origin.mapping(self.places, origin.depth, header).map_err(reverted)?;
        let wanted = mapping.wanted();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(problems.into_iter().map(|problem| (source, problem)));
        // A source is opened once.
        let _ = self.mappings[source].set(mapping);
        Ok(wanted)
    }

    fn at(&self, source: usize, share: f64) {
        self.reach.at(source, share);
    }

    fn part(&self, source: usize, chunk: Chunk) {
        let Some(mapping) = self.mappings[source].get() else { return };
        self.add(source, chunk.block, mapping, mapping.part(rows(chunk)));
    }
}

/// A problem on its way through the reader, which hands it back as it is.
pub(super) fn reverted(problem: Problem) -> batch::Problem {
    let wording = |words: Wording| batch::Wording { zh: words.zh, en: words.en };
    let told = batch::Problem::new(&problem.file, wording(problem.reason), wording(problem.remedy));
    match problem.field {
        Some(field) => told.in_column(&field),
        None => told,
    }
}

pub(super) fn rows(chunk: Chunk) -> Rows {
    let fault = |fault: batch::Fault| {
        let wording = |words: batch::Wording| Wording { zh: words.zh, en: words.en };
        let reason = Reason::Cut(Box::new((wording(fault.kind.reason()), wording(fault.kind.remedy()))));
        let column = fault.column.and_then(|column| u16::try_from(column).ok());
        Reject { row: fault.row, column, value: String::new(), reason }
    };
    Rows {
        seen: chunk.rows,
        numbers: chunk.numbers,
        columns: chunk.columns,
        faults: chunk.faults.into_iter().map(fault).collect(),
    }
}
