//! Retention: what is over its time goes every night, by rules that name their source, period and legal basis.
//!
//! The rules are policy (`policy/retention.toml`, [`policy`]); how a kind of thing is counted and removed is said by the
//! domain that keeps it ([`kernel::retention::Keep`]). Nothing goes of a family for which somebody still works. That it
//! went stays: a row and a line of the trail, with the rule and its basis. An example policy removes nothing of families.

mod pages;
pub mod policy;
mod run;

pub use run::{Line, carry_out, counties};

use kernel::jobs::{Job, Work};
use kernel::retention::Keep;
use kernel::{Domain, Language, MenuEntry, MenuGroup, Permission, Role, Routes};
use std::time::Duration;

/// Who reads by which rules things go, and what went. Counts only.
pub const READ_RETENTION: Permission = Permission::of(
    "retention.read",
    &[Role::County, Role::LeadingGroup, Role::AuditAdmin, Role::SecurityAdmin, Role::SystemAdmin],
);

const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];
const NIGHTLY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        routes: Routes::new().page("/retention", pages::show, READ_RETENTION),
        menu: vec![MenuEntry {
            group: MenuGroup::Administration,
            rank: 25,
            text: "retention-menu",
            path: "/retention",
            permission: READ_RETENTION,
        }],
        jobs: vec![Job { name: "retention", every: Some(NIGHTLY), run: Work::Outside(run::nightly) }],
        locales: ui::learn(LOCALES),
        ..Domain::named("retention")
    }
}

/// Everything that is kept for a while.
pub fn keeps() -> impl Iterator<Item = &'static Keep> {
    [
        kernel::retention::KEEPS,
        staff::KEEPS,
        webhooks::KEEPS,
        residents::KEEPS,
        papers::KEEPS,
        households::store::KEEPS,
        exchange::store::KEEPS,
        screening::store::KEEPS,
        casework::store::KEEPS,
    ]
    .into_iter()
    .flatten()
}

/// The statements that say for which families somebody still works.
fn holds() -> Vec<&'static str> {
    [households::store::HOLDS, casework::store::HOLDS].concat()
}
