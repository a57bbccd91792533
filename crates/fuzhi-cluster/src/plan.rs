//! The plan of a job: a union with one branch, and so one partition, a task.

use crate::function;
use anyhow::{Result, ensure};
use ballista::prelude::{SessionConfigExt, SessionContextExt};
use datafusion::arrow::array::RecordBatch;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, Union, lit};
use datafusion::prelude::{SessionConfig, SessionContext};
use std::sync::Arc;

/// Where the tasks' files are.
pub struct Place<'a> {
    pub folder: &'a str,
    /// Empty where the folder itself is what the machines see.
    pub objects: &'a str,
}

/// Lets the cluster do the tasks, each given as JSON; it schedules them, and again where an executor is lost.
pub async fn run(scheduler: &str, place: &Place<'_>, tasks: &[String]) -> Result<()> {
    let context = connect(scheduler).await?;
    let branch = |task: &String| {
        let done = function::function().call(vec![lit(place.folder), lit(place.objects), lit(task.as_str())]);
        // Without an alias the column would be named by the whole call, folder and all.
        LogicalPlanBuilder::empty(true).project([done.alias("written")])?.build().map(Arc::new)
    };
    let mut branches = tasks.iter().map(branch).collect::<Result<Vec<_>, _>>()?;
    let plan = match branches.pop() {
        Some(only) if branches.is_empty() => Arc::unwrap_or_clone(only),
        Some(last) => {
            branches.push(last);
            LogicalPlan::Union(Union::try_new_with_loose_types(branches)?)
        }
        None => return Ok(()),
    };
    let answers = context.execute_logical_plan(plan).await?.collect().await?;
    let rows: usize = answers.iter().map(RecordBatch::num_rows).sum();
    ensure!(rows == tasks.len(), "{rows} of {} tasks answered", tasks.len());
    Ok(())
}

async fn connect(scheduler: &str) -> Result<SessionContext> {
    // The plan is as it should be: one task to a partition, and one partition to an executor's slot.
    let config = SessionConfig::new_with_ballista()
        .with_ballista_job_name("fuzhi")
        .with_ballista_adaptive_query_planner(false)
        .set_usize("ballista.scheduler.max_partitions_per_task", 1);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let context = SessionContext::remote_with_state(scheduler, state).await?;
    context.register_udf(function::function().as_ref().clone());
    Ok(context)
}
