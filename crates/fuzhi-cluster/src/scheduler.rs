//! The scheduler: it holds the plans, and hands their tasks to executors that ask for them.

use crate::function;
use anyhow::{Context, Result};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::execution::FunctionRegistry;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use fuzhi::cluster::Scheduler;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until it is ended. Says where on stdout once it can be reached.
pub async fn serve(scheduler: &Scheduler) -> Result<()> {
    let listener = TcpListener::bind(scheduler.listen)
        .await
        .with_context(|| format!("{} can't be listened at; give another --listen", scheduler.listen))?;
    let address = listener.local_addr()?;
    let config = SchedulerConfig {
        external_host: address.ip().to_string(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        // Executors ask: nothing needs to reach them but for the answers they hold.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: scheduler.patience,
        expire_dead_executor_interval_seconds: 1,
        no_executors_grace_period_seconds: scheduler.patience,
        override_session_builder: Some(Arc::new(|config| {
            let mut state = default_session_builder(config)?;
            state.register_udf(function::function())?;
            Ok(state)
        })),
        ..SchedulerConfig::default()
    };
    config.validate()?;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let server = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    println!("listening at {address}");
    start_grpc_service_with_listener(listener, server).await.context("the scheduler has ended")
}
