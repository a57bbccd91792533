//! A QR label for each family's door: a signed random token that shows nothing without sign-in and scope.
//!
//! The signature is Ed25519's: whoever has the county's public half (`/labels/keys`) can tell without a network that a
//! label is the county's own, and learns nothing else.
//! Whoever scans it and may see the family comes to its file, and the family's list of who has looked says so; anybody
//! else reads the same words as for a page that isn't there. A label is replaced or taken down at any time, and labels
//! are printed by the sheet.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use actions::find_signer;
pub use kernel::signature::{PublicHalf, Signer};
pub use model::{Written, on_door};
pub use store::{Key, list_keys};

use households::READ_HOUSEHOLDS;
use kernel::{Domain, Language, MenuEntry, MenuGroup, Migration, PUBLIC, Panel, Permission, Role, Routes};

/// Makes, replaces and prints labels for families of the post's place.
pub const MAKE_LABELS: Permission = Permission::of("labels.make", Role::OF_PLACES);
/// Replaces and withdraws the keys that labels are signed by.
pub const SIGN_LABELS: Permission = Permission::of("labels.keys", &[Role::SecurityAdmin]);

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "labels", include_str!("../migrations/0001_labels.sql")),
    Migration::new(2, "label_keys", include_str!("../migrations/0002_label_keys.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// Whether there may be a label to show on a family's page.
const HOLDS: &str =
    "select 1 from labels where household = $1 and superseded_at is null /* unscoped: only whether there is a row */";

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["labels"],
        routes: Routes::new()
            .page("/q/{token}", pages::scan, READ_HOUSEHOLDS)
            .page("/labels", pages::sheet, MAKE_LABELS)
            .page("/labels/pdf", pages::pdf, MAKE_LABELS)
            .form("/labels", pages::make_many, MAKE_LABELS)
            .page("/labels/keys", pages::keys, PUBLIC)
            .form("/labels/keys", pages::rotate, SIGN_LABELS)
            .form("/labels/keys/{id}/withdrawal", pages::withdraw, SIGN_LABELS)
            .page("/labels/of-household/{id}", pages::of_household, MAKE_LABELS)
            .form("/households/{id}/label", pages::replace, MAKE_LABELS)
            .form("/households/{id}/label/end", pages::take_down, MAKE_LABELS),
        menu: vec![
            MenuEntry {
                group: MenuGroup::Work,
                rank: 40,
                text: "menu-labels",
                path: "/labels",
                permission: MAKE_LABELS,
            },
            MenuEntry {
                group: MenuGroup::Administration,
                rank: 40,
                text: "menu-label-keys",
                path: "/labels/keys",
                permission: SIGN_LABELS,
            },
        ],
        panels: vec![Panel::household("/labels/of-household/{id}", MAKE_LABELS).holding(HOLDS)],
        locales: ui::learn(LOCALES),
        ..Domain::named("labels")
    }
}
