//! The first reading of all files.

use super::{Intake, Origin, Progress, Rejected, converted, report};
use batch::{Chunk, Consumer, Source};
use exchange::rejects::{Reason, Reject};
use exchange::stage::{Gathered, Mapping, Rows};
use exchange::{County, Places, Problem, Wording};
use rayon::prelude::*;
use std::sync::{Mutex, OnceLock, PoisonError};

pub(super) fn read(
    county: County,
    places: Places,
    origins: Vec<Origin>,
    mut problems: Vec<Problem>,
    progress: Progress<'_>,
) -> Intake {
    let sources: Vec<Source> = origins.iter().map(|origin| origin.source.clone()).collect();
    let mappings = Mappings::new(&origins, &places, progress);
    let outcomes = batch::read_all(&sources, &mappings);
    let contents: Vec<String> = sources.par_iter().map(report::content_of).collect();
    let told = mappings.told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (mappings, gathered) = (mappings.mappings, mappings.gathered);
    let mut intake = Intake {
        resources: Vec::new(),
        quality: Vec::new(),
        rejects: Vec::new(),
        problems: Vec::new(),
        origins: Vec::new(),
        county,
        places: Places::default(),
    };
    let mut kept = Vec::new();
    for (at, ((outcome, gathered), mapping)) in outcomes.into_iter().zip(gathered).zip(&mappings).enumerate() {
        problems.extend(told.iter().filter(|(source, _)| *source == at).map(|(_, problem)| problem.clone()));
        let origin = &origins[at];
        let mapping = match (outcome, mapping.get()) {
            (Ok(_), Some(mapping)) => mapping,
            (Err(problem), _) => {
                problems.push(set_aside(converted(problem), origin));
                continue;
            }
            (Ok(_), None) => continue,
        };
        let gathered = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        let blocks = gathered.seen().to_vec();
        let mapped = mapping.finish(gathered);
        let delivery = report::delivery(&intake.county, origin, mapping, &mapped, &contents[at]);
        intake.quality.push(delivery);
        let columns = mapping.names().map(str::to_owned).collect();
        intake.rejects.push(Rejected { rejects: mapped.rejects, columns });
        intake.resources.push(mapped.resource);
        kept.push((at, blocks));
    }
    drop(mappings);
    let mut kept = kept.into_iter().peekable();
    for (at, mut origin) in origins.into_iter().enumerate() {
        if let Some((_, blocks)) = kept.next_if(|(kept, _)| *kept == at) {
            origin.blocks = blocks;
            intake.origins.push(origin);
        }
    }
    Intake { places, problems, ..intake }
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
