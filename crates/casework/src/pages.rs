//! Pages about cases: one case with the one next thing to do, lists of what is due, clues, letters, notices.

mod case;
mod clues;
mod enter;
mod forms;
mod letters;
mod list;
mod notices;
mod panels;
mod say;

use kernel::{MenuEntry, MenuGroup, PUBLIC, Panel, Permission, Role, Routes, SIGNED_IN};

/// Opens cases of families within the post's places.
pub const READ_CASES: Permission = Permission::of("cases.read", &[Role::Village, Role::Township, Role::County]);
/// Works on them: which step is whose, the case's procedure says.
pub const WORK_CASES: Permission = Permission::of("cases.work", &[Role::Village, Role::Township, Role::County]);

pub fn routes() -> Routes {
    Routes::new()
        .page("/cases", list::list, READ_CASES)
        .page("/cases/{id}", case::show, READ_CASES)
        .page("/cases/{id}/visit", case::visit, WORK_CASES)
        .form("/cases/{id}/entries", enter::enter, WORK_CASES)
        .page("/cases/{id}/letters/{letter}", letters::show, READ_CASES)
        .page("/cases/of-household/{id}", panels::of_household, READ_CASES)
        .page("/cases/of-home", panels::of_home, READ_CASES)
        .page("/clues", clues::list, READ_CASES)
        .page("/clues/new/{household}", clues::new, WORK_CASES)
        .form("/clues", clues::raise, WORK_CASES)
        .form("/clues/{id}/answer", clues::answer, WORK_CASES)
        .page("/procedures", list::procedures, SIGNED_IN)
        .page("/notices/{board}", notices::show, PUBLIC)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, rank, text, path, permission| MenuEntry { group, rank, text, path, permission };
    vec![
        entry(MenuGroup::Work, 22, "menu-clues", "/clues", READ_CASES),
        entry(MenuGroup::Work, 25, "menu-cases", "/cases", READ_CASES),
        entry(MenuGroup::Records, 50, "menu-procedures", "/procedures", SIGNED_IN),
    ]
}

pub fn panels() -> Vec<Panel> {
    vec![
        Panel::household("/cases/of-household/{id}", READ_CASES),
        Panel { of: "home", rank: 10, path: "/cases/of-home", permission: READ_CASES },
    ]
}
