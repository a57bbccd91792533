//! `fuzhi link --cluster`: a job's candidates are compared by other machines; all else is done here.

use crate::aside::damaged;
use crate::cluster::{Cluster, Stage, Task};
use anyhow::Result;
use fellegi::{Job, Portion, Records};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use values::columns::{packed, unpacked};

/// Into how many shares a job's rows are cut. Each reckons the keys of all records: more cost more than they bring.
const SHARES: usize = 8;

/// A cluster, and the records that its machines are to compare.
pub struct Machines<'a> {
    cluster: &'a Cluster,
    records: &'a Records,
    asked: AtomicU32,
}

impl<'a> Machines<'a> {
    /// # Errors
    /// When the disk is full or refuses.
    pub fn new(cluster: &'a Cluster, records: &'a Records) -> Result<Self> {
        cluster.put("records", &packed(records))?;
        Ok(Self { cluster, records, asked: AtomicU32::new(0) })
    }

    fn ask(&self, job: &Job, asking: Range<u32>) -> Result<Vec<Portion>> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let name = format!("job-{number}");
        self.cluster.put(&name, &rmp_serde::to_vec_named(job)?)?;
        let digest = self.records.digest(self.records.len());
        let step = asking.len().div_ceil(SHARES).max(1);
        let task = |from: u32| Task {
            stage: Stage::Compare(Rows { from, to: asking.end.min(from.saturating_add(step as u32)), digest }),
            inputs: vec!["records".into(), name.clone()],
            output: format!("pairs-{number}/{from:010}"),
        };
        let tasks: Vec<Task> = asking.clone().step_by(step).map(task).collect();
        self.cluster.run(&tasks)?;
        let portion = |task: &Task| unpacked(&self.cluster.get(&task.output)?).ok_or_else(damaged);
        tasks.par_iter().map(portion).collect()
    }
}

impl fellegi::Machines for Machines<'_> {
    fn compare(&self, job: &Job, asking: Range<u32>) -> Result<Vec<Portion>, String> {
        self.ask(job, asking).map_err(|error| format!("{error:#}"))
    }
}

/// The rows that ask on one machine, of records with that digest.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Rows {
    from: u32,
    to: u32,
    digest: u64,
}

/// The records that tasks of this machine are at work on, which have room once.
static AT_WORK: Mutex<Option<(u64, Weak<Records>)>> = Mutex::new(None);

impl Rows {
    /// Compares what these rows may be paired with.
    ///
    /// # Errors
    /// When the inputs are not what this version of the program writes.
    pub(crate) fn compare(self, read: impl Fn(usize) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let records = self.records(|| read(0))?;
        let job: Job = rmp_serde::from_slice(&read(1)?).map_err(|_| damaged())?;
        Ok(packed(&job.share(&records, self.from..self.to)?))
    }

    fn records(self, read: impl FnOnce() -> Result<Vec<u8>>) -> Result<Arc<Records>> {
        let mut at_work = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
        let known = at_work.as_ref().filter(|(digest, _)| *digest == self.digest);
        if let Some(records) = known.and_then(|(_, records)| records.upgrade()) {
            return Ok(records);
        }
        let records: Arc<Records> = Arc::new(unpacked(&read()?).ok_or_else(damaged)?);
        *at_work = Some((self.digest, Arc::downgrade(&records)));
        Ok(records)
    }
}
