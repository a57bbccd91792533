//! A family's own side: its own page, what it can say there, and the code that opens it.
//!
//! A clerk prints a one-time code for a family of their place; whoever holds the paper opens that family's page with
//! it, without an account, until they leave or the session ends. The page says in plain words what is registered, what
//! help there is and why, and who has looked; other domains lend their part as panels of `resident`. A code is kept as
//! a blind index, opens once and expires; wrong ones are counted, and every use stands in the trail.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use store::KEEPS;

use kernel::{Domain, Language, Migration, PUBLIC, Panel, Permission, RESIDENT, Role, Routes};

/// Prints codes for families of the post's place, and takes them back.
pub const GIVE_CODES: Permission = Permission::of("residents.codes", Role::OF_PLACES);

/// Where a family reads about itself.
pub const OWN_PAGE: &str = "/my/file";

const MIGRATIONS: &[Migration] = &[Migration::new(1, "residents", include_str!("../migrations/0001_residents.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["resident_codes"],
        routes: Routes::new()
            .page("/signin/family", pages::door::show, PUBLIC)
            .form("/signin/family", pages::door::enter, PUBLIC)
            .page(OWN_PAGE, pages::own::show, RESIDENT)
            .form("/my/corrections", pages::own::correct, RESIDENT)
            .form("/my/end", pages::door::leave, RESIDENT)
            .page("/residents/of-household/{id}", pages::codes::of_household, GIVE_CODES)
            .form("/households/{id}/code", pages::codes::give, GIVE_CODES)
            .form("/households/{id}/code/end", pages::codes::take_back, GIVE_CODES),
        panels: vec![
            Panel::household("/residents/of-household/{id}", GIVE_CODES).holding(
                "select 1 from resident_codes where household = $1 /* unscoped: only whether there is a row */",
            ),
        ],
        locales: ui::learn(LOCALES),
        ..Domain::named("residents")
    }
}
