//! The first reading of all files.

use super::{Intake, Origin, Progress, Rejected, converted, report};
use batch::{Chunk, Consumer, Source};
use exchange::quality::Delivery;
use exchange::rejects::{Reason, Reject};
use exchange::stage::{Gathered, Mapping, Rows};
use exchange::{County, Places, Problem, Wording};
use facts::records::Resource;
use rayon::prelude::*;
use std::sync::{Mutex, OnceLock, PoisonError};

pub(super) fn read(
    county: County,
    places: Places,
    origins: Vec<Origin>,
    problems: Vec<Problem>,
    progress: Progress<'_>,
) -> Intake {
    let sources: Vec<Source> = origins.iter().map(|origin| origin.source.clone()).collect();
    let mappings = Mappings::new(&origins, &places, progress);
    let outcomes = batch::read_all(&sources, &mappings);
    let Mappings { mappings, gathered, told, .. } = mappings;
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let taken: Vec<Option<Result<Taken, Problem>>> = (&origins, &mappings, outcomes, gathered)
        .into_par_iter()
        .map(|(origin, mapping, outcome, gathered)| {
            let gathered = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(_) => Some(Ok(take(&county, origin, mapping.get()?, gathered))),
                Err(problem) => Some(Err(set_aside(converted(problem), origin))),
            }
        })
        .collect();
    drop(mappings);
    let mut intake =
        Intake { resources: vec![], quality: vec![], rejects: vec![], problems, origins: vec![], county, places };
    for (at, (mut origin, taken)) in origins.into_iter().zip(taken).enumerate() {
        intake.problems.extend(told.iter().filter(|(source, _)| *source == at).map(|(_, problem)| problem.clone()));
        match taken {
            Some(Ok(taken)) => {
                origin.blocks = taken.blocks;
                intake.origins.push(origin);
                intake.quality.push(taken.delivery);
                intake.rejects.push(taken.rejected);
                intake.resources.push(taken.resource);
            }
            Some(Err(problem)) => intake.problems.push(problem),
            None => {}
        }
    }
    intake
}

/// One resource, read.
struct Taken {
    resource: Resource,
    delivery: Delivery,
    rejected: Rejected,
    blocks: Vec<u32>,
}

fn take(county: &County, origin: &Origin, mapping: &Mapping<'_>, gathered: Gathered) -> Taken {
    let blocks = gathered.seen().to_vec();
    let mapped = mapping.finish(gathered);
    let delivery = report::delivery(county, origin, mapping, &mapped);
    let columns = mapping.names().map(str::to_owned).collect();
    Taken { resource: mapped.resource, delivery, rejected: Rejected { rejects: mapped.rejects, columns }, blocks }
}

fn set_aside(mut problem: Problem, origin: &Origin) -> Problem {
    problem.resource = Some(origin.spec.name.clone());
    let Wording { zh, en } = problem.remedy;
    problem.remedy = Wording::new(format!("{zh}；此资源已搁置"), format!("{en}; this resource is set aside"));
    problem
}

/// Maps whatever is read, on any core.
struct Mappings<'a> {
    origins: &'a [Origin],
    places: &'a Places,
    mappings: Vec<OnceLock<Mapping<'a>>>,
    gathered: Vec<Mutex<Gathered>>,
    /// What is wrong with sources that are read all the same.
    told: Mutex<Vec<(usize, Problem)>>,
    progress: Progress<'a>,
}

impl<'a> Mappings<'a> {
    fn new(origins: &'a [Origin], places: &'a Places, progress: Progress<'a>) -> Self {
        let mappings = origins.iter().map(|_| OnceLock::new()).collect();
        let gathered = origins.iter().map(|_| Mutex::default()).collect();
        Self { origins, places, mappings, gathered, told: Mutex::default(), progress }
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

    fn part(&self, source: usize, chunk: Chunk) {
        (self.progress)(u64::from(chunk.rows));
        let Some(mapping) = self.mappings[source].get() else { return };
        let block = chunk.block;
        let part = mapping.part(rows(chunk));
        self.gathered[source].lock().unwrap_or_else(PoisonError::into_inner).add(block, part);
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
