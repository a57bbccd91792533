//! An executor: it asks a scheduler for tasks and does them.

use crate::function;
use anyhow::{Context, Result};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::health::ExecutorHealth;
use fuzhi::cluster::Executor;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// How often it is looked whether the scheduler is still there.
const ASKED: Duration = Duration::from_millis(250);

/// Works until it is ended; a termination signal lets it finish the tasks at hand. Says on stdout when it has joined.
pub async fn serve(executor: &Executor) -> Result<()> {
    let (host, port) = executor
        .scheduler
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host, port.parse().ok()?)))
        .with_context(|| format!("{} is no address: write HOST:PORT", executor.scheduler))?;
    // Answers are small, but they name what was worked on: the folder is its owner's alone, and goes with the executor.
    let name = "fuzhi-executor-";
    let scratch = match &executor.scratch {
        Some(folder) => TempDir::with_prefix_in(name, folder),
        None => TempDir::with_prefix(name),
    }
    .context("no folder for scratch can be made")?;
    let listen = free(executor.listen)?;
    let health = ExecutorHealth::new();
    let mut registry = BallistaFunctionRegistry::default();
    registry.scalar_functions.insert(function::NAME.to_owned(), function::function());
    let config = ExecutorProcessConfig {
        bind_host: listen.ip().to_string(),
        external_host: (!listen.ip().is_unspecified()).then(|| listen.ip().to_string()),
        port: listen.port(),
        scheduler_host: host.to_owned(),
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 0,
        vcores: executor.tasks.unwrap_or(0),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(scratch.path().display().to_string()),
        override_function_registry: Some(Arc::new(registry)),
        health: health.clone(),
        ..ExecutorProcessConfig::default()
    };
    tokio::spawn(say_how_it_goes(health, executor.scheduler.clone()));
    start_executor_process(Arc::new(config)).await.with_context(|| {
        format!("no work from {}: start it by `fuzhi cluster scheduler`, then this again", executor.scheduler)
    })
}

/// The address itself, or one with a port that is free now.
fn free(listen: SocketAddr) -> Result<SocketAddr> {
    let listener = TcpListener::bind(listen).with_context(|| format!("{listen} can't be listened at"))?;
    Ok(listener.local_addr()?)
}

/// Says when it has joined, when the scheduler is lost, and when it has joined again.
async fn say_how_it_goes(health: ExecutorHealth, scheduler: String) {
    let mut has_joined = false;
    loop {
        if health.is_ready() != has_joined {
            has_joined = !has_joined;
            println!("{} {scheduler}", if has_joined { "working for" } else { "asking for" });
        }
        tokio::time::sleep(ASKED).await;
    }
}
