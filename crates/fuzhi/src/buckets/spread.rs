//! Buckets on many machines: what is known of their households is reckoned, and the rules are asked, where a machine is
//! free. What all buckets together teach is put together here in between, and is small.

use super::Buckets;
use crate::aside::damaged;
use crate::cluster::{Cluster, Stage, Task};
use crate::policy;
use crate::screened::{OfBucket, Rules, Screened, Screening};
use anyhow::{Context, Result, anyhow};
use facts::survey::Survey;
use facts::{Bucket, Doubtful, Facts, Quirks, Tally, Trust};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use values::Day;
use values::columns::{packed, unpacked};

/// What is done to a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// How registers miss people. Inputs: the survey, the bucket.
    Tally,
    /// What is known of its households. Inputs: the survey, the bucket.
    Reckon,
    /// What the rules say of them. Inputs: what is asked, what all buckets doubt, the bucket, what is known of it.
    Screen(usize),
}

/// What is asked of every bucket.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    /// The policy as (path, text).
    pub texts: Vec<(String, String)>,
    pub region: String,
    pub as_of: Day,
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    rmp_serde::from_slice(bytes).map_err(|_| damaged())
}

fn bucket(bytes: &[u8]) -> Result<Bucket> {
    Bucket::unpacked(bytes).ok_or_else(damaged)
}

impl Step {
    /// # Errors
    /// When the inputs are not what this version of the program writes.
    pub(crate) fn work(self, inputs: &[Vec<u8>]) -> Result<Vec<u8>> {
        match (self, inputs) {
            (Self::Tally, [survey, of]) => Ok(rmp_serde::to_vec(&facts::tally(&bucket(of)?, &read(survey)?))?),
            (Self::Reckon, [survey, of]) => {
                let (facts, doubtful) = facts::reckon(&bucket(of)?, &read(survey)?);
                Ok(packed(&(packed(&facts), rmp_serde::to_vec(&doubtful)?)))
            }
            (Self::Screen(at), [asked, doubtful, of, reckoned]) => {
                let (facts, _): (Vec<u8>, Vec<u8>) = unpacked(reckoned).ok_or_else(damaged)?;
                screen(&read(asked)?, &read::<Vec<Doubtful>>(doubtful)?, at, &bucket(of)?, &facts)
            }
            _ => Err(damaged()),
        }
    }
}

fn screen(asked: &Asked, doubtful: &[Doubtful], at: usize, bucket: &Bucket, facts: &[u8]) -> Result<Vec<u8>> {
    let mut facts: Facts = unpacked(facts).ok_or_else(damaged)?;
    facts.settle(doubtful.get(at).ok_or_else(damaged)?, &Trust::new(doubtful.iter()));
    let policy = policy::of_texts(&asked.texts)?;
    let dictionary = screening::stage::dictionary();
    let plan = policy
        .prepare(&dictionary, &asked.region, asked.as_of)
        .map_err(|problems| anyhow!("the rules don't fit the facts: {}", problems.len()))?;
    let found = OfBucket::find(bucket, &facts, Rules { policy: &policy, plan: &plan })?;
    Ok(packed(&(packed(&facts), rmp_serde::to_vec(&found)?)))
}

/// The buckets of a county, handed to a cluster.
pub struct Spread<'a> {
    cluster: &'a Cluster,
    buckets: &'a Buckets,
}

impl<'a> Spread<'a> {
    /// # Errors
    /// When the disk is full or refuses.
    pub fn new(cluster: &'a Cluster, buckets: &'a Buckets) -> Result<Self> {
        for at in 0..buckets.len() {
            cluster.put(&name("buckets", at), &buckets.bucket(at)?.packed())?;
        }
        Ok(Self { cluster, buckets })
    }

    /// Reckons what is known of every household, and keeps it.
    ///
    /// # Errors
    /// When the cluster can't do it, or the disk is full.
    pub fn reckon(&self, survey: &mut Survey, done: &dyn Fn(u64)) -> Result<Vec<Doubtful>> {
        self.cluster.put("survey", &rmp_serde::to_vec(survey)?)?;
        let tallies = self.each("tallies", |at| (Step::Tally, vec!["survey".into(), name("buckets", at)]))?;
        let tallies = tallies.iter().map(|name| read::<Tally>(&self.cluster.get(name)?));
        let tallied = tallies.reduce(|a, b| Ok(a?.plus(b?))).context("a county has a bucket")??;
        survey.quirks = Quirks::new(tallied);
        self.cluster.put("learned", &rmp_serde::to_vec(survey)?)?;
        let names = self.each("facts", |at| (Step::Reckon, vec!["learned".into(), name("buckets", at)]))?;
        done(self.buckets.households());
        let doubtful = |name: &String| {
            let (_, doubtful): (Vec<u8>, Vec<u8>) = unpacked(&self.cluster.get(name)?).ok_or_else(damaged)?;
            read(&doubtful)
        };
        names.iter().map(doubtful).collect()
    }

    /// Asks the rules of every bucket, and keeps its facts as they are settled.
    ///
    /// # Errors
    /// When the cluster can't do it, or the disk is full.
    pub fn screen(&self, doubtful: &[Doubtful], asked: &Asked) -> Result<Screened> {
        self.cluster.put("asked", &rmp_serde::to_vec(asked)?)?;
        self.cluster.put("doubtful", &rmp_serde::to_vec(doubtful)?)?;
        let inputs = |at| vec!["asked".into(), "doubtful".into(), name("buckets", at), name("facts", at)];
        let names = self.each("findings", |at| (Step::Screen(at), inputs(at)))?;
        let mut screening = Screening::default();
        for (at, name) in names.iter().enumerate() {
            let (facts, found): (Vec<u8>, Vec<u8>) = unpacked(&self.cluster.get(name)?).ok_or_else(damaged)?;
            let facts: Facts = unpacked(&facts).ok_or_else(damaged)?;
            screening.add(read(&found)?, &facts);
            self.buckets.keep(at, facts)?;
        }
        Ok(screening.done())
    }

    /// Has something done to every bucket, and gives back the names of what was written.
    fn each(&self, folder: &str, step: impl Fn(usize) -> (Step, Vec<String>)) -> Result<Vec<String>> {
        let task = |at| {
            let (step, inputs) = step(at);
            Task { stage: Stage::Bucket(step), inputs, output: name(folder, at) }
        };
        let tasks: Vec<Task> = (0..self.buckets.len()).map(task).collect();
        self.cluster.run(&tasks)?;
        Ok(tasks.into_iter().map(|task| task.output).collect())
    }
}

fn name(folder: &str, at: usize) -> String {
    format!("{folder}/{at:04}")
}
