//! Every route against the table in `rights.txt`, written by hand from the domain brief (§3.5): who may come in, and
//! whose families they meet there.

use crate::families::{FOREIGN, OWN, sample};
use crate::forms::routes;
use crate::village::{ACCOUNTS, full};
use kernel::{Permission, Role, Route, Verb};
use std::collections::BTreeMap;
use testkit::{Engine, Village, Visitor};

/// The columns of the table.
const ROLES: [Role; 13] = [
    Role::GridWorker,
    Role::Village,
    Role::Helper,
    Role::Township,
    Role::County,
    Role::Department,
    Role::LeadingGroup,
    Role::City,
    Role::Province,
    Role::ExternalAuditor,
    Role::AuditAdmin,
    Role::SecurityAdmin,
    Role::SystemAdmin,
];

/// A cell: `+`, `*`, `O`, `y`, `.`, or the letter of a scope.
type Cells = BTreeMap<Role, char>;

fn table() -> BTreeMap<(String, String), Cells> {
    let mut table = BTreeMap::new();
    for line in include_str!("rights.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [verb, path, cells @ ..] = words.as_slice() else { panic!("not a row: {line}") };
        assert_eq!(cells.len(), ROLES.len(), "a cell for each role: {line}");
        let cells = ROLES.into_iter().zip(cells.iter().map(|cell| cell.chars().next().unwrap())).collect();
        let before = table.insert(((*verb).to_owned(), (*path).to_owned()), cells);
        assert!(before.is_none(), "{line} stands in the table twice");
    }
    table
}

const fn word(verb: Verb) -> &'static str {
    match verb {
        Verb::Page => "page",
        Verb::Form => "form",
        Verb::Read => "read",
        Verb::Command => "command",
        Verb::Asset => "asset",
    }
}

fn cells<'t>(table: &'t BTreeMap<(String, String), Cells>, route: &Route) -> &'t Cells {
    table.get(&(word(route.verb).to_owned(), route.path.to_owned())).unwrap_or_else(|| {
        panic!("{} {} isn't in rights.txt: decide who may come in and write it down", word(route.verb), route.path)
    })
}

const fn is_family(cell: char) -> bool {
    matches!(cell, 'P' | 'G' | 'H' | 'M' | 'C' | 'W')
}

/// Whether anybody meets a family by this route.
pub fn is_about_families(route: &Route) -> bool {
    cells(&table(), route).values().any(|cell| is_family(*cell))
}

/// The letter by which a role meets families, wherever it meets them.
const fn letter_of(role: Role) -> char {
    match role {
        Role::Village | Role::Township | Role::County => 'P',
        Role::GridWorker => 'G',
        Role::Helper => 'H',
        Role::Department => 'M',
        Role::LeadingGroup => 'C',
        Role::City | Role::ExternalAuditor => 'W',
        Role::Province | Role::AuditAdmin | Role::SecurityAdmin | Role::SystemAdmin => '.',
    }
}

#[test]
fn every_route_is_in_the_table_and_the_table_in_the_routes() {
    let (table, routes) = (table(), routes());
    for route in &routes {
        let Permission { name, .. } = route.permission;
        for (role, cell) in cells(&table, route) {
            let what = format!("{} {} for {role:?} ({name})", word(route.verb), route.path);
            assert_eq!(route.permission.held_by_role(*role), *cell != '.', "{what}");
            assert_eq!(route.permission.is_public(), *cell == '+', "{what}");
            assert!(!is_family(*cell) || *cell == letter_of(*role), "{what}: no such scope");
        }
    }
    for (verb, path) in table.keys() {
        assert!(routes.iter().any(|route| word(route.verb) == verb && route.path == path), "{verb} {path} is gone");
    }
}

#[test]
fn those_who_watch_and_the_province_meet_no_family_anywhere() {
    for ((_, path), cells) in table() {
        for role in [Role::Province, Role::AuditAdmin, Role::SecurityAdmin, Role::SystemAdmin] {
            assert!(!is_family(cells[&role]), "{path} {role:?}");
        }
    }
    for role in Role::ALL {
        assert_eq!(role.sees_families(), letter_of(role) == 'P', "{role:?}");
        assert_eq!(Role::READERS.contains(&role), !matches!(letter_of(role), '.' | 'M'), "{role:?}");
    }
}

/// Walks in through the door: what a role may not open answers 403, nobody is led to the sign-in page.
#[tokio::test]
async fn the_door_keeps_to_the_table() {
    let (village, table) = (full(Engine::Sqlite).await, table());
    for (account, role, _) in ACCOUNTS {
        let visitor = village.sign_in(account).await;
        for route in routes().iter().filter(|route| !matches!(cells(&table, route)[&role], '+' | '*' | 'O')) {
            let path = route.path.replace("{key}", "539901001").replace(['{', '}'], "");
            // A visitor of its own for each step: leaving is one of the routes.
            let mut visitor = visitor.clone();
            let answer = match route.verb {
                Verb::Page | Verb::Read | Verb::Asset => visitor.get(&path).await,
                // A forged form is refused in other words than a forbidden one.
                Verb::Form | Verb::Command => visitor.post_raw(&path, &[]).await,
            };
            let refused = cells(&table, route)[&role] == '.';
            assert_eq!(answer.status == 403, refused, "{account} {} {path}: {}", word(route.verb), answer.status);
        }
    }
    let mut nobody = village.visitor();
    for route in routes().iter().filter(|route| !route.permission.is_public()) {
        let path = route.path.replace(['{', '}'], "");
        if matches!(route.verb, Verb::Page) {
            let answer = nobody.get(&path).await;
            assert!(answer.path.starts_with("/signin"), "{} opens {} to nobody", route.path, answer.path);
        } else if matches!(route.verb, Verb::Read) {
            assert_eq!(nobody.get(&path).await.status, 401, "{path} answers nobody");
        } else if matches!(route.verb, Verb::Command) {
            assert_eq!(nobody.post_json(&path, "{}").await.status, 401, "{path} takes a command from nobody");
        } else {
            assert_eq!(nobody.post(&path, &[]).await.status, 403, "{path} takes a form from nobody");
        }
    }
}

/// Behind the door: each role meets the families of its letter, and the family next door nowhere.
#[tokio::test]
async fn every_cell_keeps_to_its_scope() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        // Everybody reads before anybody changes what there is to read, and erases last of all.
        for turn in 0..3 {
            for (account, role, _) in ACCOUNTS.iter().filter(|(account, ..)| !account.starts_with("t-stranger")) {
                let mut visitor = village.sign_in(account).await;
                for route in routes().iter().filter(|route| turn_of(route) == turn) {
                    meet(&village, &mut visitor, (account, *role), route).await;
                }
            }
        }
    }
}

fn turn_of(route: &Route) -> u8 {
    match route.verb {
        Verb::Page | Verb::Read | Verb::Asset => 0,
        Verb::Form | Verb::Command => {
            if route.path.ends_with("/erasure") {
                2
            } else {
                1
            }
        }
    }
}

async fn meet(village: &Village, visitor: &mut Visitor, (account, role): (&str, Role), route: &Route) {
    if !is_family(cells(&table(), route)[&role]) {
        return;
    }
    let sample = sample(route);
    let own = sample.ask(visitor, village, OWN).await;
    assert!(sample.meets(&own, OWN), "{account} misses its own family on {}: {}", route.path, own.status);
    if role == Role::County {
        return;
    }
    let beside = sample.is_page() && sample.meets(&own, FOREIGN);
    assert!(!beside, "{account} meets another's family on {}", route.path);
    let foreign = sample.ask(visitor, village, FOREIGN).await;
    assert!(!sample.meets(&foreign, FOREIGN), "{account} opens another's family by {}", route.path);
    assert!(foreign.status == 404 || sample.is_list(), "{account} {}: {}", route.path, foreign.status);
}
