//! Screening: the chain's findings, explained to people, and what people decide about them.
//!
//! A machine proposes with reasons; a person decides. [`stage`] is the chain's pure part: rules in, findings out.
//! [`load`] takes a run's findings into the store as clues; the pages list them, explain each one as a letter, and
//! offer the decision: visit, not a problem, merge. Nothing is overwritten, so a list can be read as it was known
//! on any earlier day, and a decision can be taken back for ten minutes.
//!
//! This crate is the pattern of a domain. [`model`]: types and questions, pure. [`store`]: the only SQL. [`actions`]:
//! the only writers. `pages`: the only web. `migrations/` and `locales/` beside them, stories in `tests.rs`.

pub mod actions;
#[cfg(any(test, feature = "demo"))]
pub mod demo;
pub mod letters;
pub mod load;
pub mod model;
mod pages;
mod show;
pub mod stage;
pub mod store;
#[cfg(test)]
mod tests;

pub use pages::{EXPORT_FINDINGS, READ_FINDINGS, TRIAGE_FINDINGS, shell_of_latest};

use kernel::events::{Happened, Subscriber};
use kernel::{Cx, Doing, Domain, Language, Migration};

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "screening", include_str!("../migrations/0001_screening.sql")),
    Migration::new(2, "deferred", include_str!("../migrations/0002_deferred.sql")),
    Migration::new(3, "township_counts", include_str!("../migrations/0003_township_counts.sql")),
    Migration::new(4, "places", include_str!("../migrations/0004_places.sql")),
    Migration::new(5, "rank_of_villages", include_str!("../migrations/0005_rank_of_villages.sql")),
    Migration::new(6, "ranks", include_str!("../migrations/0006_ranks.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &[
            "screening_findings",
            "screening_letters",
            "screening_triages",
            "screening_counts",
            "screening_township_counts",
        ],
        routes: pages::routes(),
        menu: pages::menu(),
        panels: pages::panels(),
        subscribers: vec![Subscriber { name: "screening", kind: "household_erased", hear: forget }],
        locales: ui::learn(LOCALES),
        ..Domain::named("screening")
    }
}

fn forget(cx: Cx, erased: Happened) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move { store::forget_name(&mut cx, &erased.subject).await.map(drop) })
}
