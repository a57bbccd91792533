use super::{Blocks, Source};
use crate::{Chunk, Problem, Result};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Who takes the rows of many sources.
pub trait Consumer: Sync {
    /// What becomes of one part of a source.
    type Part: Send;

    /// The columns wanted of a source, as indexes into its header.
    ///
    /// # Errors
    /// When the source hasn't what was promised: it is then left out.
    fn columns(&self, source: usize, header: &[String]) -> Result<Vec<usize>>;

    /// Told how much of a source has been taken up so far, from 0 to 1.
    fn at(&self, _source: usize, _share: f64) {}

    /// Takes one part. Parts of one source may come at the same time and in any order.
    fn part(&self, source: usize, chunk: Chunk) -> Self::Part;
}

struct Job {
    state: State,
    next: usize,
}

enum State {
    Waiting,
    Open(Blocks, std::sync::Arc<[usize]>),
    Done,
}

impl State {
    fn share(&self) -> f64 {
        match self {
            Self::Waiting => 0.0,
            Self::Open(blocks, _) => blocks.share(),
            Self::Done => 1.0,
        }
    }
}

type Parts<P> = Mutex<Result<Vec<(usize, P)>>>;

/// Reads many sources on all cores: whoever is free takes the next block of the first source that isn't at work,
/// so that one large file keeps every core busy and memory holds a block a core, whatever the files' sizes.
/// Gives each source's parts in the order of its rows, or what was wrong with it.
pub fn read_all<C: Consumer>(sources: &[Source], consumer: &C) -> Vec<Result<Vec<C::Part>>> {
    let jobs: Vec<Mutex<Job>> = sources.iter().map(|_| Mutex::new(Job { state: State::Waiting, next: 0 })).collect();
    let parts: Vec<Parts<C::Part>> = sources.iter().map(|_| Mutex::new(Ok(Vec::new()))).collect();
    let left = AtomicUsize::new(sources.len());
    let work = || {
        while left.load(Ordering::Acquire) > 0 {
            let mut idle = true;
            for (source, job) in jobs.iter().enumerate() {
                let Ok(mut job) = job.try_lock() else { continue };
                if matches!(job.state, State::Done) {
                    continue;
                }
                idle = false;
                let step = cut(&mut job, source, sources, consumer);
                consumer.at(source, job.state.share());
                if step.is_none() {
                    left.fetch_sub(1, Ordering::AcqRel);
                }
                drop(job);
                if let Some(step) = step {
                    take(step, source, consumer, &parts[source]);
                }
                break;
            }
            if idle {
                // Every source left is being cut by another core, such as a database that is answering.
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            scope.spawn(work);
        }
        work();
    });
    parts.into_iter().map(in_order).collect()
}

enum Step {
    Block(usize, super::Block, std::sync::Arc<[usize]>),
    Failed(Problem),
    Opened,
}

/// Opens a source or cuts its next block; `None` when it is through.
fn cut<C: Consumer>(job: &mut Job, source: usize, sources: &[Source], consumer: &C) -> Option<Step> {
    match &mut job.state {
        State::Done => None,
        State::Waiting => {
            let opened = sources[source].open().and_then(|mut blocks| {
                let wanted = consumer.columns(source, blocks.header())?;
                blocks.want(&wanted);
                Ok((blocks, wanted.into()))
            });
            match opened {
                Ok((blocks, wanted)) => {
                    job.state = State::Open(blocks, wanted);
                    Some(Step::Opened)
                }
                Err(problem) => {
                    // The next step finds it done and counts it off.
                    job.state = State::Open(Blocks::new(Vec::new(), Ended), Vec::new().into());
                    Some(Step::Failed(problem))
                }
            }
        }
        State::Open(blocks, wanted) => match blocks.next_block() {
            Ok(Some(block)) => {
                let wanted = wanted.clone();
                let number = job.next;
                job.next += 1;
                Some(Step::Block(number, block, wanted))
            }
            Ok(None) => {
                job.state = State::Done;
                None
            }
            Err(problem) => {
                job.state = State::Open(Blocks::new(Vec::new(), Ended), Vec::new().into());
                Some(Step::Failed(problem))
            }
        },
    }
}

struct Ended;

impl super::Cut for Ended {
    fn cut(&mut self) -> Result<Option<Box<dyn super::Parse>>> {
        Ok(None)
    }
}

fn take<C: Consumer>(step: Step, source: usize, consumer: &C, parts: &Parts<C::Part>) {
    let done = match step {
        Step::Opened => return,
        Step::Failed(problem) => Err(problem),
        Step::Block(number, block, wanted) => {
            block.read(&wanted).map(|chunk| (number, consumer.part(source, Chunk { block: number, ..chunk })))
        }
    };
    let mut parts = parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    match (&mut *parts, done) {
        (Ok(parts), Ok(part)) => parts.push(part),
        (Ok(_), Err(problem)) => *parts = Err(problem),
        (Err(_), _) => {}
    }
}

fn in_order<P>(parts: Parts<P>) -> Result<Vec<P>> {
    let mut parts = parts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)?;
    parts.sort_by_key(|(number, _)| *number);
    Ok(parts.into_iter().map(|(_, part)| part).collect())
}
