//! The only SQL of screening: findings and letters, triages, rules and runs.

mod counts;
mod findings;
mod rules;
mod runs;
mod triages;

pub use counts::{Counted, Counts, Sums, list_counts, list_counts_of_word};
pub use findings::{Bucket, Filter, Found, Listed, find_latest, get_finding, list_findings, list_of_household};
pub use rules::{RuleRow, get_rule, list_rules};
pub use runs::{Run, Stage, find_latest_run, get_run, list_runs, list_stages};
pub use triages::{
    Looked, Month, Triage, find_standing, forget_name, insert_triage, list_looked, list_made_at, list_months,
    list_triages, supersede_triage,
};
