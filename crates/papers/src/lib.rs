//! Photos and papers about a family, kept beside its file.
//!
//! What comes in is judged by its content, not by its name: a photo (JPEG, PNG, WebP) or a PDF of a bearable size. What
//! a camera writes beside the picture, where and by which device, is taken out; a scanner that the installation names
//! looks at it; then it is sealed under the household's key. Whoever may read the family may open it, and the family's
//! list of who has looked says so. Nothing is overwritten: a paper is withdrawn with a reason.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{Scanner, scan_with, screened};
pub use model::Media;
pub use store::KEEPS;

use kernel::{Domain, Language, Migration, Panel, Permission, Role, Routes};

/// Opens papers of families: of the post's place, paired, in a case pack, or under a warrant.
pub const READ_PAPERS: Permission = Permission::of(
    "papers.read",
    &[Role::Village, Role::Helper, Role::Township, Role::County, Role::LeadingGroup, Role::City, Role::ExternalAuditor],
);
/// Hands papers in, and withdraws them.
pub const ADD_PAPERS: Permission =
    Permission::of("papers.add", &[Role::Village, Role::Helper, Role::Township, Role::County]);

const MIGRATIONS: &[Migration] = &[Migration::new(1, "papers", include_str!("../migrations/0001_papers.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    const LIST: &str = "/papers/of-household/{id}";
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["papers"],
        routes: Routes::new()
            .page(LIST, pages::of_household, READ_PAPERS)
            .page("/papers/{id}", pages::open, READ_PAPERS)
            .upload("/households/{id}/papers", pages::add, ADD_PAPERS)
            .form("/papers/{id}/withdrawal", pages::withdraw, ADD_PAPERS),
        // On the family's page, and on the pages of its cases.
        panels: vec![
            Panel::household(LIST, READ_PAPERS)
                .holding("select 1 from papers where household = $1 /* unscoped: only whether there is a row */"),
            Panel { of: "case", rank: 100, path: LIST, permission: READ_PAPERS, holds: None },
        ],
        locales: ui::learn(LOCALES),
        ..Domain::named("papers")
    }
}
