//! Work done on other machines: what `fuzhi` and its companion `fuzhi-cluster` both know.
//!
//! A [`Task`] is a stage's work on one part of its input: the files it reads and the one it writes lie in a folder that
//! every machine sees. The companion hands tasks to executors by a DataFusion plan, and to others where an executor is
//! lost. A task's file appears whole or not at all, and the same task gives the same bytes, so one that is done twice
//! does nothing twice.

mod companion;
mod folder;
mod task;

pub use companion::start;
pub use folder::Cluster;
pub use task::{Stage, Task, keep};

use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// What the companion is started for.
#[derive(Subcommand)]
pub enum Command {
    /// Hands work to executors; one for a cluster.
    Scheduler(Scheduler),
    /// Works for a scheduler; one for a machine.
    Executor(Executor),
    /// Lets a cluster do a file of tasks; `fuzhi run` and `fuzhi link` start it.
    #[command(hide = true)]
    Work(Work),
    /// Removes what a job put into a store of objects; `fuzhi` starts it when the job is done.
    #[command(hide = true)]
    Forget(Forget),
}

#[derive(Args)]
pub struct Scheduler {
    /// The address that executors and `--cluster` are given. Nobody is asked for a password: keep it on a closed network.
    #[arg(long, default_value = "127.0.0.1:50050")]
    pub listen: SocketAddr,
    /// An executor that has been silent for so many seconds counts as lost, and others do its work.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(10..))]
    pub patience: u64,
}

#[derive(Args)]
pub struct Executor {
    /// The scheduler's address.
    #[arg(long, value_name = "HOST:PORT")]
    pub scheduler: String,
    /// The address at which the others fetch what tasks answer; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How many tasks to do at a time; as many as there are cores by default.
    #[arg(long)]
    pub tasks: Option<usize>,
    /// A folder of this machine for what is only needed while a job runs; a temporary one by default.
    #[arg(long)]
    pub scratch: Option<PathBuf>,
}

#[derive(Args)]
pub struct Work {
    #[arg(long)]
    pub cluster: String,
    /// The folder that tasks' files are named in.
    #[arg(long)]
    pub folder: PathBuf,
    /// Where the machines see that folder, when it isn't a folder to them: `s3://BUCKET/PREFIX`.
    #[arg(long)]
    pub objects: Option<String>,
    /// Tasks as JSON, one a line.
    #[arg(long)]
    pub tasks: PathBuf,
}

#[derive(Args)]
pub struct Forget {
    /// The job's folder here, with all its lists of tasks.
    #[arg(long)]
    pub folder: PathBuf,
    /// Its place in the store.
    #[arg(long)]
    pub objects: String,
}

/// How a job reaches a cluster.
#[derive(Args, Clone, Debug, Default)]
pub struct Reach {
    /// A scheduler: its executors do the stages that can be cut into parts.
    #[arg(long, value_name = "df://HOST:PORT", value_parser = scheduler)]
    pub cluster: Option<String>,
    /// What every machine of the cluster sees: a folder under the same name everywhere, or s3://BUCKET/PREFIX. OUT by
    /// default, for a cluster on this machine or one that shares OUT.
    #[arg(long, requires = "cluster")]
    pub shared: Option<String>,
}

fn scheduler(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("df://").unwrap_or_default();
    let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port.parse::<u16>());
    match port {
        Some(Ok(1..)) => Ok(text.to_owned()),
        _ => Err("write it as df://HOST:PORT, such as df://127.0.0.1:50050".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::scheduler;

    #[test]
    fn a_scheduler_is_named_by_host_and_port() {
        assert!(scheduler("df://10.0.0.5:50050").is_ok());
        for wrong in ["10.0.0.5:50050", "df://10.0.0.5", "df://:50050", "df://a:0", "df://a:b"] {
            assert!(scheduler(wrong).unwrap_err().contains("df://HOST:PORT"), "{wrong}");
        }
    }
}
