//! What departments deliver, and what becomes of it before anybody works with it.
//!
//! [`dictionary`] lists the records and fields a delivery may hold; a [`Package`] is a delivery's description;
//! [`stage`] maps and standardises text columns to `facts::records`; [`rejects`] and [`quality`] tell what
//! could not be taken and how good the rest is. Pure: whoever reads files calls it (contract §1–§3).

mod county;
pub mod dictionary;
mod package;
pub mod places;
mod problem;
pub mod quality;
pub mod rejects;
pub mod stage;
mod template;
#[cfg(test)]
mod tests;

pub use county::County;
pub use package::{FieldSpec, FileKind, KeyName, Package, ResourceSpec, Target, Unit, days_old, refuse_repeated_names};
pub use places::Places;
pub use problem::{Problem, Wording};
pub use template::Template;

#[cfg(any(test, feature = "demo"))]
pub mod demo;
pub mod load;
mod pages;
pub mod store;

pub use pages::READ_SOURCES;

use kernel::{Domain, Language, Migration};

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "deliveries", include_str!("../migrations/0001_deliveries.sql")),
    Migration::new(2, "places", include_str!("../migrations/0002_places.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["deliveries"],
        routes: pages::routes(),
        menu: pages::menu(),
        locales: ui::learn(LOCALES),
        ..Domain::named("exchange")
    }
}
