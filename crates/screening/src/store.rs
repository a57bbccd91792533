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

use kernel::retention::{About, Keep};

/// What is kept for a while: the words of findings that a newer run has taken the place of, unless somebody works for
/// the family. The finding itself, and what people decided about it, stays.
pub const KEEPS: &[Keep] = &[Keep {
    what: "earlier_findings",
    about: About::Families,
    count: "select count(*) from screening_letters l join screening_findings f on f.id = l.finding
            where f.county_id = $1 and f.superseded_at < $2 and f.household not in
            (select household from retention_holds where county_id = $1) /* unscoped: for the whole county */",
    remove: &["delete from screening_letters where finding in
               (select l.finding from screening_letters l join screening_findings f on f.id = l.finding
                where f.county_id = $1 and f.superseded_at < $2 and f.household not in
                (select household from retention_holds where county_id = $1)
                limit 500) /* unscoped: for the whole county */"],
}];
