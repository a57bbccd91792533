//! Files that hang beside a public notice, and what must never hang there.
//!
//! [`scan`] finds in a text what is nobody's business: ID numbers, phones, accounts, illness (domain brief §8.3).
//! [`add`] takes a file in for a case's notice: everything written in it is looked through, hidden sheets, comments,
//! properties and its name among them, and the refusal says where what was found stands. What can't be read by a
//! program, such as a photo, takes a person who says in words that they looked. The program names the reader of files
//! ([`read_with`]); without one, nothing counts as read.
//!
//! Whose case it is, and whether the notice stands, the caller has asked before.

mod actions;
mod model;
mod store;

pub use actions::{Of, Opened, Reader, Sent, add, hang, list, list_hung, open, open_hung, read_with, withdraw};
pub use model::{Found, LARGEST, Media, scan};
pub use store::Attachment;

use kernel::{Domain, Language, Migration};

const MIGRATIONS: &[Migration] =
    &[Migration::new(1, "attachments", include_str!("../migrations/0001_attachments.sql"))];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in. Its pages are those of the cases.
#[must_use]
pub fn domain() -> Domain {
    Domain {
        migrations: MIGRATIONS,
        scoped_tables: &["attachments"],
        locales: ui::learn(LOCALES),
        ..Domain::named("attachments")
    }
}
