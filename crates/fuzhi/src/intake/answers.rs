//! The second reading: own fields of query answers, of consenting households alone.

use super::reading::{reverted, rows};
use super::{Intake, Origin, Progress, Reach, converted, report};
use crate::aside::{Block, Laid, Wanted};
use batch::{Blob, Chunk, Consumer, Drawer, Source};
use exchange::stage::{Depth, Gathered, Mapped, Mapping, Part};
use exchange::{Places, Problem, Wording};
use facts::records::Nature;
use std::sync::{Mutex, OnceLock, PoisonError};
use values::columns::packed;

impl Intake {
    /// Reads the own fields of query answers, in the rows of which `readable` says so (by resource and row, as the
    /// resources stand here). The other rows keep their keys and have no own value; they are counted as set aside.
    /// An answer that can't be read again stays without own values, and is told.
    ///
    /// # Errors
    /// When what doesn't fit into memory doesn't fit on the disk either.
    pub fn read_answers(&mut self, readable: &[Vec<bool>], progress: Progress<'_>) -> Result<(), Problem> {
        let answers: Vec<usize> =
            (0..self.resources.len()).filter(|at| self.resources[*at].head.nature == Nature::QueryAnswer).collect();
        let sources: Vec<Source> = answers.iter().map(|at| self.origins[*at].source.clone()).collect();
        let reading = Reading {
            targets: answers.iter().map(|at| Target::new(self, *at, &readable[*at])).collect(),
            places: &self.places,
            drawer: &self.drawer,
            full: OnceLock::new(),
            reach: Reach::new(&sources, progress),
        };
        let outcomes = batch::read_all(&sources, &reading);
        if let Some(problem) = reading.full.into_inner() {
            return Err(converted(problem));
        }
        let mut read = Vec::new();
        for ((at, outcome), target) in answers.into_iter().zip(outcomes).zip(reading.targets) {
            let answers = match (outcome, target.mapping.get()) {
                (Ok(_), Some(mapping)) => {
                    let parts = target.parts.into_inner().unwrap_or_else(PoisonError::into_inner);
                    let columns: Vec<String> = mapping.names().map(str::to_owned).collect();
                    let is_same = !parts.differ && parts.blocks.len() == self.resources[at].blocks().len();
                    let about = report::columns(mapping);
                    is_same
                        .then(|| Answers {
                            blocks: parts.blocks,
                            mapped: mapping.finish(parts.gathered),
                            about,
                            columns,
                        })
                        .ok_or_else(|| changed(&target.origin.source))
                }
                (Err(problem), _) => Err(converted(problem)),
                (Ok(_), None) => continue,
            };
            read.push((at, answers));
        }
        for (at, answers) in read {
            match answers {
                Ok(answers) => self.take_answers(at, answers, &readable[at]).map_err(converted)?,
                Err(problem) => self.problems.push(problem),
            }
        }
        Ok(())
    }

    fn take_answers(&mut self, at: usize, answers: Answers, readable: &[bool]) -> batch::Result<()> {
        let Answers { mut blocks, mapped, about, columns } = answers;
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
        blocks.sort_by_key(|(number, ..)| *number);
        let (own, digests): (Vec<Blob>, Vec<Blob>) = blocks.into_iter().map(|(_, own, digests)| (own, digests)).unzip();
        self.resources[at].replace_own(own);
        self.quality[at].duplicates = report::duplicates(&self.drawer, &digests)?;
        Ok(())
    }
}

/// What was read of one resource's answers.
struct Answers {
    blocks: Vec<(usize, Blob, Blob)>,
    mapped: Mapped,
    about: Vec<(String, Option<String>)>,
    columns: Vec<String>,
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
    drawer: &'a Drawer,
    /// Why nothing more can be laid aside.
    full: OnceLock<batch::Problem>,
    reach: Reach<'a>,
}

struct Target<'a> {
    origin: &'a Origin,
    /// The rows of the first reading, and which of them may be read.
    laid: &'a Laid,
    readable: &'a [bool],
    mapping: OnceLock<Mapping<'a>>,
    parts: Mutex<Parts>,
}

#[derive(Default)]
struct Parts {
    gathered: Gathered,
    /// By number: the block's own fields, and the digests of the rows that may be read.
    blocks: Vec<(usize, Blob, Blob)>,
    /// The file isn't the one that was read before.
    differ: bool,
}

impl<'a> Target<'a> {
    fn new(intake: &'a Intake, at: usize, readable: &'a [bool]) -> Self {
        let (origin, laid) = (&intake.origins[at], &intake.resources[at]);
        Self { origin, laid, readable, mapping: OnceLock::new(), parts: Mutex::default() }
    }
}

impl Reading<'_> {
    /// Maps one block of answers, of the readable rows alone, and lays it aside; `None` when it isn't the block that
    /// was read before.
    fn lay(
        &self,
        target: &Target<'_>,
        mapping: &Mapping<'_>,
        chunk: Chunk,
    ) -> batch::Result<Option<(Part, Blob, Blob)>> {
        let Some(block) = target.laid.blocks().get(chunk.block) else { return Ok(None) };
        let Ok(known) = target.laid.block(self.drawer, chunk.block, Wanted::Keys) else { return Ok(None) };
        let mut rows = rows(chunk);
        let place = |number: &u32| known.rows.binary_search(&(number + block.before)).ok();
        let places: Vec<Option<usize>> = rows.numbers.iter().map(place).collect();
        let is_readable = |row: usize| places[row].is_some_and(|at| target.readable[block.first + at]);
        rows.faults.retain(|fault| rows.numbers.binary_search(&fault.row).is_ok_and(is_readable));
        rows.blank(is_readable);
        rows.retain(|row| places[row].is_some());
        let mut part = mapping.part(rows);
        let mut answers = mapping.lift(&mut part);
        if answers.len() != known.len() {
            return Ok(None);
        }
        answers.keys = known.keys;
        let mut digests = report::digests(&answers);
        let mut readable = target.readable[block.first..].iter();
        digests.retain(|_| readable.next() == Some(&true));
        Ok(Some((part, Block::own(self.drawer, &answers)?, self.drawer.put(packed(&digests))?)))
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

    fn at(&self, source: usize, share: f64) {
        self.reach.at(source, share);
    }

    fn part(&self, source: usize, chunk: Chunk) {
        let target = &self.targets[source];
        let Some(mapping) = target.mapping.get() else { return };
        let number = chunk.block;
        let laid = self.lay(target, mapping, chunk);
        let mut parts = target.parts.lock().unwrap_or_else(PoisonError::into_inner);
        match laid {
            Ok(Some((part, own, digests))) => {
                parts.gathered.add(number, part);
                parts.blocks.push((number, own, digests));
            }
            Ok(None) => parts.differ = true,
            Err(problem) => drop(self.full.set(problem)),
        }
    }
}
