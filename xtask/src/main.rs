//! The project's own chores: `cargo xtask ci` is the whole gate and the README's test command.

#![expect(clippy::print_stdout, reason = "a command line speaks on stdout")]

mod bench;
mod ci;
mod new_domain;
mod release;
mod schema;
mod tidy;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Fuzhi's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// The whole gate: formatting, lints, tidiness, tests on both databases, browser journeys, docs, licences.
    Ci,
    /// What no compiler checks: sizes, names, who may depend on whom, one version of what must be one.
    Tidy,
    /// A new domain with the same rooms as every other.
    NewDomain {
        #[arg(required_unless_present = "prove")]
        name: Option<String>,
        /// Makes one beside the workspace instead, to see that it compiles and passes its test.
        #[arg(long)]
        prove: bool,
    },
    /// Writes docs/schema.sql from the migrations.
    Schema,
    /// Packs the archive that is installed without a network.
    Release(release::Release),
    /// Measures the product; see docs/benchmarks.md.
    Bench(bench::Bench),
}

fn main() -> anyhow::Result<()> {
    // As cargo says now: what was compiled may come from another clone of the same sources.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    std::env::set_current_dir(std::path::Path::new(&own).parent().unwrap_or_else(|| std::path::Path::new(".")))?;
    match Arguments::parse().chore {
        Chore::Ci => ci::run(),
        Chore::Tidy => tidy::run(),
        Chore::NewDomain { prove: true, .. } => new_domain::prove(),
        Chore::NewDomain { name, .. } => new_domain::run(&name.unwrap_or_default()),
        Chore::Schema => schema::write(),
        Chore::Release(release) => release.run(),
        Chore::Bench(bench) => bench.run(),
    }
}
