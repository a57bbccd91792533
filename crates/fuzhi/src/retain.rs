//! `fuzhi retention`: what is over its time, counted and removed.

use crate::{policy, store};
use anyhow::{Result, anyhow};
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// What each rule found.
#[derive(Serialize)]
pub struct Told {
    dry_run: bool,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    county: String,
    rule: String,
    department: String,
    keep_days: i64,
    over: i64,
    removed: i64,
    enforced: bool,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<8} {:<28} {:<20} {:>6} {:>10} {:>10}",
            "county", "rule", "department", "days", "over", "removed"
        )?;
        for line in &self.lines {
            let Line { county, rule, department, keep_days, over, removed, .. } = line;
            write!(f, "{county:<8} {rule:<28} {department:<20} {keep_days:>6} {over:>10} {removed:>10}")?;
            writeln!(f, "{}", if line.enforced { "" } else { "  counted only: the policy is an example" })?;
        }
        if self.dry_run { writeln!(f, "nothing was removed: --dry-run") } else { Ok(()) }
    }
}

/// Goes through a store by a policy's rules.
///
/// # Errors
/// What is wrong with the policy, or the store's.
pub fn retain(url: &str, folder: Option<&Path>, dry_run: bool) -> Result<Told> {
    store::block_on(async {
        let mut world = store::world(url, false)?;
        world.retention = policy::retention(folder)?.map(Into::into);
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let mut lines = Vec::new();
        for county in retention::counties(&db, &world).await.map_err(|e| anyhow!("{e}"))? {
            let found = retention::carry_out(&db, &world, &county, !dry_run).await.map_err(|e| anyhow!("{e}"))?;
            lines.extend(found.into_iter().map(|line| Line {
                county: county.clone(),
                rule: line.rule,
                department: line.department,
                keep_days: line.keep_days,
                over: line.over,
                removed: line.removed,
                enforced: line.enforced,
            }));
        }
        db.close().await;
        Ok(Told { dry_run, lines })
    })
}
