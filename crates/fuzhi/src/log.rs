//! What goes wrong while a service runs, a line each on stderr: the journal of whoever installed it.

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends warnings and errors there from now on; `quieter` names those that say too much, such as `crate::module=error`.
///
/// # Errors
/// When a filter can't be read, or they go somewhere already.
pub fn warnings(quieter: &str) -> anyhow::Result<()> {
    let filter: Targets = format!("warn,{quieter}").trim_end_matches(',').parse()?;
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr);
    Ok(tracing_subscriber::registry().with(lines).with(filter).try_init()?)
}
