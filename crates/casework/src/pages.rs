//! Pages about cases: one case with the one next thing to do, lists of what is due, clues, letters, notices.

mod attachments;
mod case;
mod clues;
mod enter;
mod forms;
mod letters;
mod list;
mod notices;
mod panels;
mod resident;
mod rows;
mod say;

use kernel::{MenuEntry, MenuGroup, PUBLIC, Panel, Permission, RESIDENT, Role, Routes, SIGNED_IN};

/// Opens the cases of families: of the post's place, paired, in a case pack, or under a warrant.
pub const READ_CASES: Permission = Permission::of(
    "cases.read",
    &[Role::Village, Role::Helper, Role::Township, Role::County, Role::LeadingGroup, Role::City, Role::ExternalAuditor],
);
/// Works on them: which step is whose, the case's procedure says.
pub const WORK_CASES: Permission = Permission::of("cases.work", Role::OF_PLACES);
/// Gives clues to those who look into them.
pub const DISPATCH_CLUES: Permission = Permission::of("clues.dispatch", &[Role::Township, Role::County]);
/// Says that a family may need looking at.
pub const RAISE_CLUES: Permission =
    Permission::of("clues.raise", &[Role::GridWorker, Role::Village, Role::Helper, Role::Township, Role::County]);

pub fn routes() -> Routes {
    Routes::new()
        .page("/cases", list::list, READ_CASES)
        .page("/cases.xlsx", list::export, WORK_CASES)
        .page("/cases/{id}", case::show, READ_CASES)
        .page("/cases/{id}/visit", case::visit, WORK_CASES)
        .form("/cases/{id}/entries", enter::enter, WORK_CASES)
        .page("/cases/{id}/letters/{letter}", letters::show, READ_CASES)
        .page("/cases/{id}/letters/{letter}/pdf", letters::pdf, READ_CASES)
        .upload("/cases/{id}/attachments", attachments::add, WORK_CASES)
        .page("/cases/{id}/attachments/{attachment}", attachments::open, READ_CASES)
        .form("/cases/{id}/attachments/{attachment}/withdrawal", attachments::withdraw, WORK_CASES)
        .page("/cases/of-household/{id}", panels::of_household, READ_CASES)
        .page("/cases/of-home", panels::of_home, WORK_CASES)
        .page("/cases/of-resident/{id}", resident::of_resident, RESIDENT)
        .form("/my/cases/{id}/disputes", resident::dispute, RESIDENT)
        .page("/clues", clues::list, WORK_CASES)
        .page("/clues/new/{id}", clues::new, RAISE_CLUES)
        .form("/clues", clues::raise, RAISE_CLUES)
        .form("/clues/dispatch", clues::dispatch, DISPATCH_CLUES)
        .form("/clues/{id}/answer", clues::answer, WORK_CASES)
        .page("/procedures", list::procedures, SIGNED_IN)
        .page("/notices/{board}", notices::show, PUBLIC)
        .page("/notices/{board}/{attachment}", notices::attachment, PUBLIC)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, rank, text, path, permission| MenuEntry { group, rank, text, path, permission };
    vec![
        entry(MenuGroup::Work, 22, "menu-clues", "/clues", WORK_CASES),
        entry(MenuGroup::Work, 25, "menu-cases", "/cases", READ_CASES),
        entry(MenuGroup::Records, 50, "menu-procedures", "/procedures", SIGNED_IN),
    ]
}

pub fn panels() -> Vec<Panel> {
    vec![
        Panel::household("/cases/of-household/{id}", READ_CASES)
            .holding("select 1 from cases where household = $1 /* unscoped: only whether there is a row */"),
        Panel { of: "resident", rank: 10, path: "/cases/of-resident/{id}", permission: RESIDENT, holds: None },
        Panel { of: "home", rank: 10, path: "/cases/of-home", permission: WORK_CASES, holds: None },
    ]
}
