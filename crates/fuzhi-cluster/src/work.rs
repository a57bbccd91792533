//! A job, as `fuzhi` asked for it: its tasks go to the cluster until every file they write is there.

use crate::objects::Objects;
use crate::plan::{self, Place};
use anyhow::{Context, Result, anyhow};
use fuzhi::cluster::{Forget, Task, Work};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A job that ended with files still missing is asked for again so many times, as long as each brings some.
const AGAIN: usize = 3;
/// Tasks of one plan. Each is told to every executor's part of it: too many would make it large.
const TOGETHER: usize = 400;
/// How long a scheduler may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

pub async fn work(work: &Work) -> Result<()> {
    let tasks = tasks(&work.tasks)?;
    let objects = work.objects.as_deref().map(Objects::open).transpose()?;
    greet(&work.cluster).await?;
    if let Some(objects) = &objects {
        objects.send(&work.folder, tasks.iter().flat_map(|task| &task.inputs)).await?;
    }
    let folder = work.folder.to_str().context("the folder's name is no text")?;
    let place = Place { folder, objects: work.objects.as_deref().unwrap_or_default() };
    let mut last = Ok(());
    for _ in 0..AGAIN {
        let missing = missing(work, objects.as_ref(), &tasks).await?;
        if missing.is_empty() {
            break;
        }
        let texts = missing.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        // What was done stays done: a task whose answer was lost with its executor has left its file.
        last = run(&work.cluster, &place, &texts).await;
        if last.is_err() {
            // That the scheduler is lost says more than what its loss did to the plan.
            greet(&work.cluster).await?;
        }
        if last.is_err() && self::missing(work, objects.as_ref(), &tasks).await?.len() == missing.len() {
            break;
        }
    }
    if !missing(work, objects.as_ref(), &tasks).await?.is_empty() {
        return last
            .and_then(|()| Err(anyhow!("tasks were answered and left no file: does every machine see {folder}?")));
    }
    match &objects {
        Some(objects) => objects.fetch(&work.folder, tasks.iter().map(|task| &task.output)).await,
        None => Ok(()),
    }
}

/// Removes what the job's tasks read and wrote.
pub async fn forget(forget: &Forget) -> Result<()> {
    let objects = Objects::open(&forget.objects)?;
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(&forget.folder).with_context(|| forget.folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            names.extend(tasks(&path)?.into_iter().flat_map(|task| task.inputs.into_iter().chain([task.output])));
        }
    }
    for name in names {
        objects.remove(&name).await?;
    }
    Ok(())
}

fn tasks(list: &Path) -> Result<Vec<Task>> {
    let text = std::fs::read_to_string(list).with_context(|| list.display().to_string())?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

async fn run(cluster: &str, place: &Place<'_>, tasks: &[String]) -> Result<()> {
    for tasks in tasks.chunks(TOGETHER) {
        plan::run(cluster, place, tasks).await?;
    }
    Ok(())
}

async fn missing(work: &Work, objects: Option<&Objects>, tasks: &[Task]) -> Result<Vec<Task>> {
    let mut missing = Vec::new();
    for task in tasks {
        let is_there = match objects {
            Some(objects) => objects.has(&task.output).await?,
            None => work.folder.join(&task.output).is_file(),
        };
        if !is_there {
            missing.push(task.clone());
        }
    }
    Ok(missing)
}

/// Whether the scheduler is there at all, said in plain words before anything is planned.
async fn greet(cluster: &str) -> Result<()> {
    let address = cluster.strip_prefix("df://").unwrap_or(cluster);
    let answer = timeout(ANSWER, TcpStream::connect(address)).await;
    let reached = answer.map_err(|_| anyhow!("no answer within {} s", ANSWER.as_secs())).and_then(|r| Ok(r?));
    reached.map(drop).with_context(|| {
        format!("no scheduler answers at {address}: start one by `fuzhi cluster scheduler --listen {address}`")
    })
}
