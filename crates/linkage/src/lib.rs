//! Who is who: the records of all departments, brought together person by person.
//!
//! [`stage`] is the chain's part: pure, from standardised resources to [`facts::records::Links`].
//! The household register is the spine; every other record is matched to it, or to others of its like.
//! What fits two people nearly equally well is left alone and shown to a human instead of guessed.
//! A person keeps the same identifier when new deliveries arrive. What a human says of a pair or a person is a row
//! that names them and outlives the run: [`heard`] tells the next run, which obeys, and labels teach it ([`training`]).

pub mod stage;

pub mod actions;
#[cfg(any(test, feature = "demo"))]
pub mod demo;
pub mod evidence;
pub mod heard;
pub mod load;
pub mod model;
mod pages;
pub mod rulings;
pub mod store;
#[cfg(test)]
mod tests;
pub mod training;

pub use pages::{JUDGE_LINKS, MERGE_PEOPLE, READ_LINKS, TRAIN_LINKS};

use kernel::{Domain, Language, Migration};

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "links", include_str!("../migrations/0001_links.sql")),
    Migration::new(2, "decisions", include_str!("../migrations/0002_decisions.sql")),
    Migration::new(3, "rulings", include_str!("../migrations/0003_rulings.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["link_reviews", "link_decisions", "person_rulings"],
        routes: pages::routes(),
        menu: pages::menu(),
        panels: pages::panels(),
        locales: ui::learn(LOCALES),
        ..Domain::named("linkage")
    }
}
