//! Finding a family, and its file: who lives there, what is known, from whom, and who has looked.

mod changes;
mod earlier;
mod household;
mod list;
mod matched;
pub mod show;

use kernel::{MenuEntry, MenuGroup, Permission, Role, Routes};

/// Opens families' files: of the post's places, or those an opening lists.
pub const READ_HOUSEHOLDS: Permission = Permission::of("households.read", Role::READERS);
/// Sees a hidden value, for a purpose that is noted. A grid worker's families stay masked, and so does what is read
/// by warrant or in a case pack.
pub const REVEAL_VALUES: Permission =
    Permission::of("households.reveal", &[Role::Village, Role::Helper, Role::Township, Role::County]);

/// Reads who has looked at a family's data, as the family itself does.
pub const SEE_LOOKS: Permission =
    Permission::of("households.looks", &[Role::Village, Role::Township, Role::County, Role::ExternalAuditor]);

/// Sees the persons a department was asked about, for the purpose it was asked for; nothing of their families.
pub const READ_MATCHED: Permission = Permission::of("households.matched", &[Role::Department]);

/// Takes the list of families away as a file.
pub const EXPORT_HOUSEHOLDS: Permission = Permission::of("households.export", Role::OF_PLACES);

/// Erases a family's data, for a reason the law names.
pub const ERASE_HOUSEHOLDS: Permission = Permission::of("households.erase", &[Role::County]);

/// Writes down what changed in a family: who came, who went, who keeps house by themselves.
pub const ASK_CHANGES: Permission =
    Permission::of("households.changes.ask", &[Role::Village, Role::Township, Role::County]);
/// Agrees to a change in a family or refuses it.
pub const DECIDE_CHANGES: Permission = Permission::of("households.changes.decide", &[Role::Township, Role::County]);

pub fn routes() -> Routes {
    Routes::new()
        .page("/households", list::list, READ_HOUSEHOLDS)
        .page("/matched", matched::list, READ_MATCHED)
        .page("/households.xlsx", list::export, EXPORT_HOUSEHOLDS)
        .page("/households/{id}", household::show, READ_HOUSEHOLDS)
        .form("/households/{id}/reveals", household::reveal, REVEAL_VALUES)
        .form("/households/{id}/erasure", household::erase, ERASE_HOUSEHOLDS)
        .page("/households/{id}/changes/new", changes::new, ASK_CHANGES)
        .form("/households/{id}/changes", changes::ask, ASK_CHANGES)
        .page("/changes", changes::list, ASK_CHANGES)
        .page("/changes.xlsx", changes::export, ASK_CHANGES)
        .form("/changes/{id}/decision", changes::decide, DECIDE_CHANGES)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |rank, text, path, permission| MenuEntry { group: MenuGroup::Work, rank, text, path, permission };
    vec![
        entry(30, "menu-households", "/households", READ_HOUSEHOLDS),
        entry(32, "menu-matched", "/matched", READ_MATCHED),
        entry(35, "menu-changes", "/changes", ASK_CHANGES),
    ]
}
