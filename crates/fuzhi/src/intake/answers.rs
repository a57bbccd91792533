//! The second reading: own fields of query answers, of consenting households alone.

use super::reading::{reverted, rows};
use super::{Intake, Origin, Progress, converted, report};
use batch::{Chunk, Consumer, Source};
use exchange::stage::{Depth, Gathered, Mapping};
use exchange::{Places, Problem, Wording};
use facts::records::Nature;
use std::sync::{Mutex, OnceLock, PoisonError};

impl Intake {
    /// Reads the own fields of query answers, in the rows of which `readable` says so (by resource and row, as the
    /// resources stand here). The other rows keep their keys and have no own value; they are counted as set aside.
    /// An answer that can't be read again stays without own values, and is told.
    pub fn read_answers(&mut self, readable: &[Vec<bool>], progress: Progress<'_>) {
        let answers: Vec<usize> =
            (0..self.resources.len()).filter(|at| self.resources[*at].nature == Nature::QueryAnswer).collect();
        let sources: Vec<Source> = answers.iter().map(|at| self.origins[*at].source.clone()).collect();
        let reading = Reading {
            targets: answers.iter().map(|at| Target::new(self, *at, &readable[*at])).collect(),
            places: &self.places,
            progress,
        };
        let outcomes = batch::read_all(&sources, &reading);
        let mut read = Vec::new();
        for ((at, outcome), target) in answers.into_iter().zip(outcomes).zip(reading.targets) {
            let mapped = match (outcome, target.mapping.get()) {
                (Ok(_), Some(mapping)) => {
                    let gathered = target.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
                    let columns: Vec<String> = mapping.names().map(str::to_owned).collect();
                    let mapped = mapping.finish(gathered);
                    let is_same = mapped.resource.rows == self.resources[at].rows;
                    is_same
                        .then_some((mapped, report::columns(mapping), columns))
                        .ok_or_else(|| changed(&target.origin.source))
                }
                (Err(problem), _) => Err(converted(problem)),
                (Ok(_), None) => continue,
            };
            read.push((at, mapped));
        }
        for (at, mapped) in read {
            match mapped {
                Ok((mapped, about, columns)) => self.take_answers(at, mapped, about, columns, &readable[at]),
                Err(problem) => self.problems.push(problem),
            }
        }
    }

    fn take_answers(
        &mut self,
        at: usize,
        mapped: exchange::stage::Mapped,
        about: Vec<(String, Option<String>)>,
        columns: Vec<String>,
        readable: &[bool],
    ) {
        let set_aside = readable.iter().filter(|is_readable| !**is_readable).count() as u64;
        let read = readable.len() as u64 - set_aside;
        let delivery = &mut self.quality[at];
        delivery.set_aside = set_aside;
        delivery.rejected_cells += mapped.rejects.iter().filter(|reject| reject.column.is_some()).count() as u64;
        delivery.columns.extend(report::column_qualities(about, &mapped.tallies, read));
        let rejected = &mut self.rejects[at];
        let before = rejected.columns.len() as u16;
        rejected.columns.extend(columns);
        rejected.rejects.extend(mapped.rejects.into_iter().filter_map(|mut reject| {
            reject.column = Some(reject.column? + before);
            Some(reject)
        }));
        rejected.rejects.sort_by_key(|reject| (reject.row, reject.column));
        let resource = &mut self.resources[at];
        resource.own = mapped.resource.own;
        resource.own_digest = mapped.resource.own_digest;
        self.quality[at].duplicates = report::duplicates(&self.resources[at], |row| readable[row]);
    }
}

fn changed(source: &Source) -> Problem {
    Problem::new(
        &source.name,
        Wording::new("运行期间内容发生了变化", "it changed while the run was reading it"),
        Wording::new(
            "请在交付完成后再运行；本次不采用其中的查询结果",
            "run again when the delivery is complete; its answers aren't used now",
        ),
    )
}

struct Reading<'a> {
    targets: Vec<Target<'a>>,
    places: &'a Places,
    progress: Progress<'a>,
}

struct Target<'a> {
    origin: &'a Origin,
    /// The rows of the first reading, and which of them may be read.
    rows: &'a [u32],
    readable: &'a [bool],
    /// For each block, how many data rows come before it.
    before: Vec<u32>,
    mapping: OnceLock<Mapping<'a>>,
    gathered: Mutex<Gathered>,
}

impl<'a> Target<'a> {
    fn new(intake: &'a Intake, at: usize, readable: &'a [bool]) -> Self {
        let origin = &intake.origins[at];
        let before = origin.blocks.iter().scan(0, |sum, rows| Some(std::mem::replace(sum, *sum + rows))).collect();
        Self {
            origin,
            rows: &intake.resources[at].rows,
            readable,
            before,
            mapping: OnceLock::new(),
            gathered: Mutex::default(),
        }
    }
}

impl Consumer for Reading<'_> {
    type Part = ();

    fn columns(&self, source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let target = &self.targets[source];
        // What is missing or doubled was told at the first reading.
        let (mapping, _) = target.origin.mapping(self.places, Depth::Own, header).map_err(reverted)?;
        let wanted = mapping.wanted();
        let _ = target.mapping.set(mapping);
        Ok(wanted)
    }

    fn part(&self, source: usize, chunk: Chunk) {
        (self.progress)(u64::from(chunk.rows));
        let target = &self.targets[source];
        let Some(mapping) = target.mapping.get() else { return };
        let block = chunk.block;
        let before = target.before.get(block).copied().unwrap_or(u32::MAX);
        let mut rows = rows(chunk);
        let places: Vec<Option<usize>> =
            rows.numbers.iter().map(|number| target.rows.binary_search(&number.checked_add(before)?).ok()).collect();
        let is_readable = |row: usize| places[row].is_some_and(|at| target.readable[at]);
        rows.faults.retain(|fault| rows.numbers.binary_search(&fault.row).is_ok_and(is_readable));
        rows.blank(is_readable);
        rows.retain(|row| places[row].is_some());
        let part = mapping.part(rows);
        target.gathered.lock().unwrap_or_else(PoisonError::into_inner).add(block, part);
    }
}
