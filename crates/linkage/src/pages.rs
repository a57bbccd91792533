//! Links the program isn't sure of: a queue, each pair side by side with the evidence level by level, the word of a
//! person; and what linkage has learned.

mod model;
mod pair;
mod queue;
mod show;

use kernel::{MenuEntry, MenuGroup, Permission, Role, Routes};

/// Sees pairs of records of people within the post's places.
pub const READ_LINKS: Permission = Permission::of("links.read", Role::OF_PLACES);
/// Says whether two records speak of one person.
pub const JUDGE_LINKS: Permission = Permission::of("links.judge", Role::OF_PLACES);

pub fn routes() -> Routes {
    Routes::new()
        .page("/pairs", queue::list, READ_LINKS)
        .page("/pairs/labels.csv", queue::labels, READ_LINKS)
        .page("/pairs/model", model::show, READ_LINKS)
        .page("/pairs/{id}", pair::show, READ_LINKS)
        .form("/pairs/{id}/decision", pair::judge, JUDGE_LINKS)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry { group: MenuGroup::Records, rank: 10, text: "menu-pairs", path: "/pairs", permission: READ_LINKS }]
}
