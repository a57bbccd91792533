//! The tree of places: provinces down to village groups, with the codes and names they had and have.
//!
//! A place keeps its 15-digit key for ever; codes and names are versions of it, and merged or split places name
//! their successors. Scope is made of intervals of these keys, so a change of code changes nobody's rights.
//! The list comes from the county's `places.csv`; [`load`] takes its rows as often as it is delivered.

mod actions;
mod model;
mod names;
mod pages;
mod store;

pub use actions::load;
pub use model::{Place, Row};
pub use names::{names, villages_named};
pub use store::{find, find_by_code, keys, list, list_under};

use kernel::{Domain, MenuEntry, MenuGroup, Migration, Permission, Role, Routes};

/// The tree is public knowledge; it is shown to whoever works here.
pub const READ_PLACES: Permission = Permission::of(
    "places.read",
    &[Role::Village, Role::Township, Role::County, Role::LeadingGroup, Role::SystemAdmin],
);

const MIGRATIONS: &[Migration] = &[Migration::new(1, "places", include_str!("../migrations/0001_places.sql"))];
const LOCALES: ui::Locales = &[
    (kernel::Language::Zh, include_str!("../locales/zh.ftl")),
    (kernel::Language::En, include_str!("../locales/en.ftl")),
];

#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        routes: Routes::new().page("/places", pages::index, READ_PLACES).page(
            "/places/{key}",
            pages::show,
            READ_PLACES,
        ),
        menu: vec![MenuEntry {
            group: MenuGroup::Records,
            rank: 80,
            text: "places-menu",
            path: "/places",
            permission: READ_PLACES,
        }],
        locales: ui::learn(LOCALES),
        ..Domain::named("places")
    }
}
