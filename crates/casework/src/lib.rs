//! Casework: a case from a clue to a decision to help that works, by the county's own rules and clocks.
//!
//! A procedure is a file of `policy/procedures/`: steps, gates, clocks, who decides, what a notice says ([`policy`]).
//! [`model`] is the pure engine: it replays what happened in a case and answers what may happen next, who may do it,
//! what is missing, by when. [`actions`] carries moves out; each is a row with who, when and why, and nothing is
//! overwritten. The pages show one case at a time with the one next thing to do, and lists of what is due and late.
//! Help never stops by itself: it takes a person, a reason, and a letter that says how to object.

pub mod actions;
pub mod api;
pub mod demo;
pub mod model;
mod pages;
pub mod policy;
pub mod store;
#[cfg(test)]
mod tests;

pub use pages::{RAISE_CLUES, READ_CASES, WORK_CASES};

use kernel::jobs::{Job, Work};
use kernel::{Domain, Language, Migration};

const MIGRATIONS: &[Migration] = &[Migration::new(1, "cases", include_str!("../migrations/0001_cases.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["cases", "case_entries", "case_states", "case_notices", "case_reminders"],
        routes: pages::routes().merge(api::routes()),
        menu: pages::menu(),
        panels: pages::panels(),
        jobs: vec![Job { name: actions::REMIND, every: None, run: Work::Inside(actions::remind) }],
        subscribers: vec![actions::TRIAGED],
        locales: ui::learn(LOCALES),
        ..Domain::named("casework")
    }
}
