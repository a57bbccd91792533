//! People, the households they live in, and what is known of each.
//!
//! [`load`] takes a run's households into the store: one sealed document each, and the words to find it by. The pages
//! find a family and show its file, every value with who said it and when; hidden values are revealed one at a time,
//! for a purpose the family can read. [`changes`] between two runs are asked for, agreed to and put
//! into the file; [`corrections`] of who is who are laid over it. How facts are reckoned stands in the engine `facts`.

pub mod actions;
pub mod api;
pub mod changes;
pub mod clues;
pub mod corrections;
#[cfg(any(test, feature = "demo"))]
pub mod demo;
pub mod documents;
pub mod load;
pub mod looks;
pub mod model;
mod pages;
pub mod search;
pub mod store;
#[cfg(test)]
mod tests;

pub use pages::{DECIDE_CHANGES, READ_HOUSEHOLDS, REVEAL_VALUES, SEE_LOOKS, show};

use kernel::limits::{Limit, Per};
use kernel::{Domain, Language, Migration};

/// How often somebody may search.
pub const SEARCH: Limit = Limit { name: "search", per: Per::Account };
/// How often somebody may look at a hidden value.
const REVEAL: Limit = Limit { name: "reveal", per: Per::Account };

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "households", include_str!("../migrations/0001_households.sql")),
    Migration::new(2, "clues", include_str!("../migrations/0002_clues.sql")),
    Migration::new(3, "clue_owners", include_str!("../migrations/0003_clue_owners.sql")),
    Migration::new(4, "changes", include_str!("../migrations/0004_changes.sql")),
    Migration::new(5, "corrections", include_str!("../migrations/0005_corrections.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &[
            "household_files",
            "household_documents",
            "household_words",
            "household_reveals",
            "household_clues",
            "household_clue_answers",
            "household_clue_owners",
            "household_changes",
            "household_change_decisions",
            "household_corrections",
        ],
        routes: pages::routes().merge(api::routes()),
        menu: pages::menu(),
        locales: ui::learn(LOCALES),
        ..Domain::named("households")
    }
}
