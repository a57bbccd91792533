//! A QR label for each family's door: a signed random token that shows nothing without sign-in and scope.
//!
//! Whoever scans it and may see the family comes to its file, and the family's list of who has looked says so; anybody
//! else reads the same words as for a page that isn't there. A label is replaced or taken down at any time, and labels
//! are printed by the sheet.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use households::READ_HOUSEHOLDS;
use kernel::{Domain, Language, MenuEntry, MenuGroup, Migration, Panel, Permission, Role, Routes};

/// Makes, replaces and prints labels for families of the post's place.
pub const MAKE_LABELS: Permission = Permission::of("labels.make", Role::OF_PLACES);

const MIGRATIONS: &[Migration] = &[Migration::new(1, "labels", include_str!("../migrations/0001_labels.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["labels"],
        routes: Routes::new()
            .page("/q/{token}", pages::scan, READ_HOUSEHOLDS)
            .page("/labels", pages::sheet, MAKE_LABELS)
            .form("/labels", pages::make_many, MAKE_LABELS)
            .page("/labels/of-household/{id}", pages::of_household, MAKE_LABELS)
            .form("/households/{id}/label", pages::replace, MAKE_LABELS)
            .form("/households/{id}/label/end", pages::take_down, MAKE_LABELS),
        menu: vec![MenuEntry {
            group: MenuGroup::Work,
            rank: 40,
            text: "menu-labels",
            path: "/labels",
            permission: MAKE_LABELS,
        }],
        panels: vec![Panel::household("/labels/of-household/{id}", MAKE_LABELS)],
        locales: ui::learn(LOCALES),
        ..Domain::named("labels")
    }
}
