//! `fuzhi`: from departments' files to explained findings, and the pages that show them.
//!
//! Exit codes: 0 finished, 1 failed, 2 wrong usage, 130 interrupted.

#![expect(clippy::print_stdout, reason = "a command line speaks on stdout")]

mod arguments;
mod out;
mod stages;
mod wrong_usage;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;
use wrong_usage::WrongUsage;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    stop_on_interrupt();
    match dispatch(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            if error.downcast_ref::<WrongUsage>().is_some() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Purge { out } => out::purge(&out),
        _ => anyhow::bail!("not built yet"),
    }
}

/// Ctrl-C ends the process at once: outputs are whole or not there, and a lock left behind is taken over.
fn stop_on_interrupt() {
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            std::process::exit(130);
        }
    });
}
