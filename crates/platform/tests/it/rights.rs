//! Every route against a table written by hand from the domain brief (§3.5): who may come in at all.
//! A route that isn't in the table fails the test, so nobody adds one without deciding who it is for.

use crate::village::{ACCOUNTS, full};
use kernel::{Role, Verb};
use testkit::Engine;

const V: Role = Role::Village;
const T: Role = Role::Township;
const C: Role = Role::County;
const L: Role = Role::LeadingGroup;
const AUDIT: Role = Role::AuditAdmin;
const SECURITY: Role = Role::SecurityAdmin;
const SYSTEM: Role = Role::SystemAdmin;

enum Who {
    Anybody,
    SignedIn,
    Only(&'static [Role]),
}
use Who::{Anybody, Only, SignedIn};

const TABLE: &[(Verb, &str, Who)] = &[
    (Verb::Asset, "/assets/{name}", Anybody),
    (Verb::Page, "/language", Anybody),
    (Verb::Page, "/", SignedIn),
    (Verb::Page, "/health", Anybody),
    (Verb::Page, "/signin", Anybody),
    (Verb::Form, "/session", Anybody),
    (Verb::Form, "/session/end", Anybody),
    (Verb::Page, "/account", SignedIn),
    (Verb::Form, "/sessions/{hash}/end", SignedIn),
    (Verb::Page, "/staff", Only(&[SYSTEM, SECURITY, AUDIT])),
    (Verb::Page, "/audit", Only(&[AUDIT])),
    (Verb::Page, "/places", Only(&[V, T, C, L, SYSTEM])),
    (Verb::Page, "/places/{key}", Only(&[V, T, C, L, SYSTEM])),
    // Families: the village, its township and the county. The leading group decides hard cases from case packs,
    // province and city read aggregates, departments answer about matched persons only.
    (Verb::Page, "/households", Only(&[V, T, C])),
    (Verb::Page, "/households/{id}", Only(&[V, T, C])),
    (Verb::Form, "/households/{id}/reveals", Only(&[V, T, C])),
    (Verb::Page, "/findings", Only(&[V, T, C])),
    (Verb::Page, "/findings.xlsx", Only(&[V, T, C])),
    (Verb::Page, "/findings/{id}", Only(&[V, T, C])),
    (Verb::Page, "/findings/of-household/{id}", Only(&[V, T, C])),
    (Verb::Form, "/findings/{id}/triage", Only(&[V, T, C])),
    (Verb::Page, "/pairs", Only(&[V, T, C])),
    (Verb::Page, "/pairs/{id}", Only(&[V, T, C])),
    // Deliveries, rules and runs speak of no family.
    (Verb::Page, "/sources", Only(&[V, T, C, L])),
    (Verb::Page, "/sources/{department}", Only(&[V, T, C, L])),
    (Verb::Page, "/home", SignedIn),
    (Verb::Page, "/rules", SignedIn),
    (Verb::Page, "/rules/{id}", SignedIn),
    (Verb::Page, "/runs", SignedIn),
    (Verb::Page, "/runs/{id}", SignedIn),
];

fn expected(verb: Verb, path: &str) -> &'static Who {
    let row = TABLE.iter().find(|(v, p, _)| *v == verb && *p == path);
    &row.unwrap_or_else(|| panic!("{verb:?} {path} isn't in the table: decide who may come in and write it down")).2
}

#[test]
fn every_route_is_in_the_table_and_the_table_in_the_routes() {
    let routes: Vec<_> = platform::domains().iter().flat_map(|domain| domain.routes.list().to_vec()).collect();
    for route in &routes {
        let who = expected(route.verb, route.path);
        for role in Role::ALL {
            let may = match who {
                Anybody | SignedIn => true,
                Only(roles) => roles.contains(&role),
            };
            assert_eq!(route.permission.held_by_role(role), may, "{:?} {} for {role:?}", route.verb, route.path);
        }
        assert_eq!(route.permission.is_public(), matches!(who, Anybody), "{}", route.path);
    }
    for (verb, path, _) in TABLE {
        assert!(routes.iter().any(|route| route.verb == *verb && route.path == *path), "{verb:?} {path} is gone");
    }
}

/// Walks in through the door: what a role may not open answers 403, nobody is led to the sign-in page.
#[tokio::test]
async fn the_door_keeps_to_the_table() {
    let village = full(Engine::Sqlite).await;
    let routes: Vec<_> = platform::domains().iter().flat_map(|domain| domain.routes.list().to_vec()).collect();
    for (account, role, _) in ACCOUNTS {
        let visitor = village.sign_in(account).await;
        for route in &routes {
            let path = route.path.replace("{key}", "539901001").replace(['{', '}'], "");
            let Only(roles) = expected(route.verb, route.path) else { continue };
            // A visitor of its own for each step: leaving is one of the routes.
            let mut visitor = visitor.clone();
            let answer = match route.verb {
                Verb::Page | Verb::Read | Verb::Asset => visitor.get(&path).await,
                Verb::Form | Verb::Command => visitor.post_raw(&path, &[]).await,
            };
            let refused = answer.status == 403;
            assert_eq!(refused, !roles.contains(&role), "{account} {:?} {path}: {}", route.verb, answer.status);
        }
    }
    let mut nobody = village.visitor();
    for route in routes.iter().filter(|route| !route.permission.is_public() && route.verb == Verb::Page) {
        let answer = nobody.get(&route.path.replace(['{', '}'], "")).await;
        assert!(answer.path.starts_with("/signin"), "{} opens {} to nobody", route.path, answer.path);
    }
}

/// The two administrators of the demo see no family, whatever posts of theirs say of places.
#[test]
fn administrators_see_no_family() {
    for role in Role::ALL {
        assert_eq!(role.sees_families(), [V, T, C].contains(&role), "{role:?}");
    }
}
