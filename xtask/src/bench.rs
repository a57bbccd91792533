//! Measurements, as whole processes: what docs/benchmarks.md reports.

use anyhow::Result;

#[derive(clap::Args)]
pub struct Bench {
    /// What to measure: build, chain, store, rules, linkage.
    what: String,
}

impl Bench {
    pub fn run(&self) -> Result<()> {
        anyhow::bail!("nothing is called {}", self.what)
    }
}
