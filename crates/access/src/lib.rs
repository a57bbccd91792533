//! What posts open besides the families of their place, and who said so.
//!
//! A grid worker has a grid, a helper paired families, a department the persons it was asked about, the leading group
//! a case pack, an outside auditor a warrant; each is given by somebody else, for a purpose, until a day. In an
//! emergency somebody may break the glass: one family opens for four hours, and another person looks at it afterwards.
//! The kernel keeps the tables, because every scope is made from them; this crate is the only one that writes them.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use kernel::{Domain, Language, MenuEntry, MenuGroup, Permission, Role, Routes};

/// Gives and revokes openings: of grids and pairings the township and the county, of matched persons and case packs
/// the county, of warrants the audit administrator, who sees no family.
pub const GIVE_OPENINGS: Permission =
    Permission::of("openings.give", &[Role::Township, Role::County, Role::AuditAdmin]);
/// Opens one family in an emergency.
pub const BREAK_GLASS: Permission =
    Permission::of("openings.break_glass", &[Role::GridWorker, Role::Village, Role::Helper, Role::Township]);
/// Looks at broken glass afterwards.
pub const REVIEW_OPENINGS: Permission = Permission::of("openings.review", &[Role::County, Role::AuditAdmin]);

const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    let entry =
        |rank, text, path, permission| MenuEntry { group: MenuGroup::Administration, rank, text, path, permission };
    Domain {
        routes: Routes::new()
            .page("/openings", pages::list, GIVE_OPENINGS)
            .form("/openings", pages::give, GIVE_OPENINGS)
            .form("/openings/{id}/revocation", pages::revoke, GIVE_OPENINGS)
            .page("/break-glass", pages::glass, BREAK_GLASS)
            .form("/break-glass", pages::break_glass, BREAK_GLASS)
            .page("/openings/reviews", pages::reviews, REVIEW_OPENINGS)
            .form("/openings/{id}/review", pages::review, REVIEW_OPENINGS),
        menu: vec![
            entry(30, "openings-menu", "/openings", GIVE_OPENINGS),
            entry(40, "reviews-menu", "/openings/reviews", REVIEW_OPENINGS),
            entry(50, "glass-menu", "/break-glass", BREAK_GLASS),
        ],
        locales: ui::learn(LOCALES),
        ..Domain::named("access")
    }
}
