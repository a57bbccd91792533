//! Webhooks: other systems are told what happened, by a signed request to an address that an administrator gave.
//!
//! A receiver names the kinds of events it wants. What it gets are ids, kinds and times, never anything of a family:
//! with a token of its own it asks the machine interface for what it may see. Requests are signed as the Standard
//! Webhooks specification says, so that receivers in any language find a library that verifies them. An event that
//! doesn't arrive is tried again with growing pauses and then waits for a person ([`kernel::Retries`]).

mod actions;
mod model;
mod pages;
mod send;
mod store;
#[cfg(test)]
mod tests;

pub use model::KINDS;
pub use store::KEEPS;

use kernel::events::Subscriber;
use kernel::jobs::{Job, Work};
use kernel::{Domain, Language, MenuEntry, MenuGroup, Migration, Permission, Role, Routes};

/// Says which systems are told what; sees ids, and no family.
pub const MANAGE_WEBHOOKS: Permission = Permission::of("webhooks.manage", &[Role::SystemAdmin]);

const MIGRATIONS: &[Migration] = &[Migration::new(1, "webhooks", include_str!("../migrations/0001_webhooks.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        routes: Routes::new()
            .page("/webhooks", pages::list, MANAGE_WEBHOOKS)
            .form("/webhooks", pages::add, MANAGE_WEBHOOKS)
            .page("/webhooks/{id}", pages::show, MANAGE_WEBHOOKS)
            .form("/webhooks/{id}/secret", pages::new_secret, MANAGE_WEBHOOKS)
            .form("/webhooks/{id}/trial", pages::trial, MANAGE_WEBHOOKS)
            .form("/webhooks/{id}/end", pages::end, MANAGE_WEBHOOKS)
            .form("/webhooks/tellings/{id}/again", pages::again, MANAGE_WEBHOOKS),
        menu: vec![MenuEntry {
            group: MenuGroup::Administration,
            rank: 15,
            text: "webhooks-menu",
            path: "/webhooks",
            permission: MANAGE_WEBHOOKS,
        }],
        jobs: vec![Job { name: send::TELL, every: None, run: Work::Outside(send::run) }],
        subscribers: KINDS.iter().map(|kind| Subscriber { name: "webhooks", kind, hear: actions::hear }).collect(),
        locales: ui::learn(LOCALES),
        ..Domain::named("webhooks")
    }
}
