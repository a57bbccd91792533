//! `fuzhi-cluster`: the companion that does Fuzhi's work on many machines. `fuzhi` starts it.
//!
//! It holds DataFusion and Ballista, and nothing that Fuzhi knows of households: a plan hands out
//! [`fuzhi::cluster::Task`]s, and a function registered with every executor does them by the same stages that `fuzhi`
//! itself calls. Nobody is asked for a password here: a cluster belongs on a closed network.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on stdout and stderr")]

mod executor;
mod function;
mod objects;
mod plan;
mod scheduler;
mod work;

use anyhow::Result;
use clap::Parser;
use fuzhi::cluster::Command;
use std::process::ExitCode;

/// As in `fuzhi`: rows are made on one thread and freed on another by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "fuzhi-cluster", version, about = "扶智 · many machines for one job")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &Command) -> Result<()> {
    // Plans are walked by recursion, deeper than a thread's usual stack allows.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(16 << 20).build()?;
    match command {
        Command::Scheduler(scheduler) => {
            fuzhi::log::warnings(QUIETER)?;
            runtime.block_on(scheduler::serve(scheduler))
        }
        Command::Executor(executor) => {
            fuzhi::log::warnings(QUIETER)?;
            runtime.block_on(executor::serve(executor))
        }
        Command::Work(work) => {
            end_with_who_started_this();
            runtime.block_on(work::work(work))
        }
        Command::Forget(forget) => runtime.block_on(work::forget(forget)),
    }
}

/// Two of Ballista's voices say nothing of use: the executor's loop, twenty times a second while the scheduler is lost, and
/// the table of what each part of a plan cost.
const QUIETER: &str = "ballista_executor::execution_loop=error,ballista_scheduler::display=off";

/// `fuzhi` holds the other end of stdin: should it end before the job does, the job isn't wanted any more.
fn end_with_who_started_this() {
    std::thread::spawn(|| {
        // Nothing is ever written; an end is an end, however it comes.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(130);
    });
}
