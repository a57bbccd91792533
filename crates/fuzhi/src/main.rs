//! The program: see the library of the same name.

use std::process::ExitCode;

/// Rows are made on one thread and freed on another by the million, which the system's allocator makes wait for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    fuzhi::command_line()
}
