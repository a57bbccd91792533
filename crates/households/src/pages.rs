//! Finding a family, and its file: who lives there, what is known, from whom, and who has looked.

mod earlier;
mod household;
mod list;
mod show;

use kernel::{MenuEntry, MenuGroup, Permission, Role, Routes};

/// Opens families' files within the post's places.
pub const READ_HOUSEHOLDS: Permission =
    Permission::of("households.read", &[Role::Village, Role::Township, Role::County]);
/// Sees a hidden value, for a purpose that is noted.
pub const REVEAL_VALUES: Permission =
    Permission::of("households.reveal", &[Role::Village, Role::Township, Role::County]);

pub fn routes() -> Routes {
    Routes::new()
        .page("/households", list::list, READ_HOUSEHOLDS)
        .page("/households/{id}", household::show, READ_HOUSEHOLDS)
        .form("/households/{id}/reveals", household::reveal, REVEAL_VALUES)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        group: MenuGroup::Work,
        rank: 30,
        text: "menu-households",
        path: "/households",
        permission: READ_HOUSEHOLDS,
    }]
}
