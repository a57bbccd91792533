//! Forms that no page gave: forged ones, ones of another visit, ones too large, ones sent twice, and ones in which a
//! family's identifiers were exchanged for another's.

use crate::families::{FOREIGN, Family, OWN, picture, sample};
use crate::forms::{Form, collect, routes};
use crate::language::at_home;
use crate::rights::is_about_families;
use crate::village::{ACCOUNTS, full};
use kernel::dump::Snapshot;
use kernel::{Route, Verb, migrations};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Answer, Engine, Village, Visitor};

const TOO_OLD: &str = "这张表打开太久了";

/// Somebody for whom the route is: nobody for what is public, a family for its own page, else the first account.
async fn whoever_may(village: &Village, known: &mut BTreeMap<&'static str, Visitor>, route: &Route) -> Visitor {
    let account =
        ACCOUNTS.iter().find(|(_, role, _)| route.permission.held_by_role(*role)).map(|(account, ..)| *account);
    let account = if route.permission.is_public() { "nobody" } else { account.unwrap_or("a family") };
    if !known.contains_key(account) {
        let visitor = match account {
            "nobody" => village.visitor(),
            "a family" => at_home(village).await,
            account => village.sign_in(account).await,
        };
        known.insert(account, visitor);
    }
    known[account].clone()
}

fn changing() -> Vec<Route> {
    routes().into_iter().filter(|route| matches!(route.verb, Verb::Form | Verb::Command)).collect()
}

/// Each route that changes something, by somebody who may: without the visit's token, with another visit's, from another
/// site, with a NUL, too large. The token of a visit that is over opens nothing.
#[tokio::test]
async fn no_route_takes_a_forged_form() {
    let village = full(Engine::Sqlite).await;
    let mut known = BTreeMap::new();
    let others = village.sign_in("t-stranger-village").await.get("/home").await.fields().remove("csrf").unwrap();
    for route in changing() {
        let mut visitor = whoever_may(&village, &mut known, &route).await;
        let path = route.path.replace(['{', '}'], "");
        let page = visitor.get(if route.permission.is_public() { "/signin" } else { "/" }).await;
        let token = page.fields().remove("csrf").unwrap_or_else(|| panic!("{} has no form", page.path));
        for fields in [&[][..], &[("csrf", "")], &[("csrf", &*others)], &[("csrf", &token[1..])]] {
            let forged = visitor.post_raw(&path, fields).await;
            assert!(forged.status == 422 && forged.shows(TOO_OLD), "{path} {fields:?}: {}", forged.status);
        }
        visitor.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
        let from_elsewhere = visitor.post_raw(&path, &[("csrf", &token)]).await;
        assert!(from_elsewhere.status == 422 && from_elsewhere.shows(TOO_OLD), "{path}: {}", from_elsewhere.status);
        visitor.headers.clear();
        let nul = visitor.post_raw(&path, &[("csrf", &token), ("a", "a\0b")]).await;
        assert!(nul.status == 422 && nul.shows("读不懂"), "{path}: a NUL is answered by {}", nul.status);
        too_large(&mut visitor, &path, &token).await;

        let leaving = visitor.post_raw("/session/end", &[("csrf", &token)]).await;
        assert_eq!(leaving.status, 200);
        known.clear();
    }
}

/// Just over what a form may hold, or one that brings a file along; in words, and in how many megabytes.
async fn too_large(visitor: &mut Visitor, path: &str, token: &str) {
    let takes_file = ["papers", "attachments"].iter().any(|end| path.ends_with(end));
    let (answer, limit) = if takes_file {
        let file = vec![b'x'; kernel::web::UPLOAD_LIMIT];
        (visitor.upload(path, &[], ("paper", &file)).await, "8 MB")
    } else {
        let text = "x".repeat(kernel::web::BODY_LIMIT);
        (visitor.post_raw(path, &[("csrf", token), ("a", &text)]).await, "1 MB")
    };
    assert!(answer.status == 413 && answer.shows(limit), "{path}: too much is answered by {}", answer.status);
}

/// Whoever has left has left: the cookie and the token that were good before open nothing.
#[tokio::test]
async fn a_visit_that_is_over_sends_nothing() {
    let village = full(Engine::Sqlite).await;
    for (account, role, _) in ACCOUNTS {
        let mut visitor = village.sign_in(account).await;
        let token = visitor.get("/home").await.fields().remove("csrf").unwrap();
        let mut kept = visitor.clone();
        visitor.post_raw("/session/end", &[("csrf", &token)]).await;
        for route in changing().iter().filter(|route| !route.permission.is_public()) {
            if !route.permission.held_by_role(role) {
                continue;
            }
            let path = route.path.replace(['{', '}'], "");
            let replayed = kept.post_raw(&path, &[("csrf", &token)]).await;
            assert!(matches!(replayed.status, 401 | 403), "{account} {path}: {}", replayed.status);
        }
    }
}

/// What tells what was asked, seen and tried, not what is so.
const LOGS: [&str; 4] = ["audit_entries", "audit_waiting", "sessions", "commands"];

/// Every row of the store but the logs', with the table it stands in.
async fn rows(village: &Village) -> BTreeSet<(String, Vec<u8>)> {
    let mut found = BTreeSet::new();
    let tables = migrations::tables(&village.db).await.unwrap();
    let mut snapshot = Snapshot::begin(&village.db).await.unwrap();
    for name in tables.iter().filter(|name| !LOGS.contains(&name.as_str())) {
        let (table, mut bytes) = (snapshot.table(name).await.unwrap(), Vec::new());
        let mut take = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        snapshot.copy_out(&table, &mut take).await.unwrap();
        found.extend(split(&bytes).into_iter().map(|row| (name.clone(), row.to_vec())));
    }
    found
}

/// The rows of a binary copy: behind a head of 19 bytes a number of fields, then each field's length and content.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let number =
        |at: usize, length: usize| bytes[at..at + length].iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    let (mut found, mut at) = (Vec::new(), 19);
    loop {
        let (begin, fields) = (at, number(at, 2));
        if fields == 0xffff {
            return found;
        }
        at += 2;
        for _ in 0..fields {
            let length = number(at, 4);
            at += 4 + if length == u32::MAX { 0 } else { length as usize };
        }
        found.push(&bytes[begin..at]);
    }
}

/// Forms that say anew each time they are sent what was said before: a look is a look, a code takes the place of a code.
const EACH_TIME: [&str; 4] =
    ["/households/{id}/reveals", "/households/{id}/code", "/households/{id}/label", "/households/{id}/label/end"];

/// Each form about a family, sent twice as a nervous finger does: after the second the store holds what it held before.
#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let village = full(Engine::Sqlite).await;
    let mut county = village.sign_in("t-county").await;
    let mut tried = 0;
    let about_families = |route: &&Route| is_about_families(route) && !EACH_TIME.contains(&route.path);
    let (last, first): (Vec<Route>, Vec<Route>) = changing()
        .into_iter()
        .filter(|route| about_families(&route))
        .partition(|route| route.path.ends_with("/erasure"));
    for route in first.into_iter().chain(last).filter(|route| route.verb == Verb::Form) {
        let file = picture(&village, OWN);
        let (path, fields) = match route.path {
            "/households/{id}/papers" => (format!("/households/{}/papers", OWN.household()), vec![]),
            "/cases/{id}/attachments" => continue,
            _ => sample(&route).request(&village, OWN, &format!("twice-{tried}")).await,
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut held = Vec::new();
        for _ in 0..2 {
            let answer = match route.path.ends_with("/papers") {
                true => county.upload(&path, &fields, ("paper", &file)).await,
                false => county.post(&path, &fields).await,
            };
            assert!(answer.status < 500, "{path}: {}", answer.text());
            held.push((answer.status, rows(&village).await));
        }
        let [(status, once), (_, twice)] = held.as_slice() else { panic!("two answers") };
        let more: Vec<_> = twice.difference(once).map(|(table, row)| (table, String::from_utf8_lossy(row))).collect();
        assert!(more.is_empty(), "{path} {fields:?} ({status}) does something a second time: {more:?}");
        tried += usize::from(*status == 200);
    }
    assert!(tried > 12, "only {tried} forms were taken");
}

/// What is a family's, in the same order for each: its number, its people, what was found, asked and handed in of it.
async fn identifiers(village: &Village, family: Family) -> Vec<String> {
    let file = households::demo::files().swap_remove(family.0);
    let mut found = vec![family.household(), file.number, family.finding(village).await];
    found.extend([format!("{}.0", found[2]), family.pair(village).await, family.case(village).await]);
    found.extend([family.clue(village).await, family.change(village).await, family.ruling(village).await]);
    found.extend([family.paper(village).await, family.door(village).await]);
    found.extend(file.file.members.into_iter().take(2).map(|member| member.person));
    found
}

/// Another family's rows.
async fn rows_of(village: &Village, theirs: &[String]) -> BTreeSet<(String, Vec<u8>)> {
    let names = |row: &[u8]| {
        theirs.iter().any(|id| id.len() > 8 && row.windows(id.len()).any(|window| window == id.as_bytes()))
    };
    rows(village).await.into_iter().filter(|(_, row)| names(row)).collect()
}

/// Goes where a form of one's own family can be made to reach another's: gives each place where that happened.
async fn trespass(village: &Village, account: &str) -> (usize, Vec<String>) {
    let (own, theirs) = (identifiers(village, OWN).await, identifiers(village, FOREIGN).await);
    let mut visitor = if account == "a family" { at_home(village).await } else { village.sign_in(account).await };
    let home = OWN.household();
    let pages = vec![
        format!("/households/{home}"),
        format!("/people/{home}/{}", OWN.head_person()),
        "/my/file".to_owned(),
        format!("/clues/new/{home}"),
    ];
    let forms = collect(&mut visitor, &pages, |_| ()).await;
    let (mut sent, mut reached, mut before) = (0, Vec::new(), rows_of(village, &theirs).await);
    let mut tried = BTreeSet::new();
    for form in forms.iter().filter(|form| may_name_a_family(form)) {
        if !tried.insert((form.route, form.fields.get("verb"), format!("{:?}", form.typed()))) {
            continue;
        }
        for (said, action) in exchanged(village, form, (&own, &theirs)).await {
            sent += 1;
            let mut said = said;
            said.entry("command".to_owned()).and_modify(|command| *command = format!("trespass-{account}-{sent}"));
            let answer = Form { action, ..form.clone() }.send(&mut visitor, &said).await;
            if shows(&answer) {
                reached.push(format!("{account}: {} with {said:?} shows the other family", form.route));
            }
        }
        let after = rows_of(village, &theirs).await;
        if after != before {
            let changed: BTreeSet<&String> = after.symmetric_difference(&before).map(|(table, _)| table).collect();
            reached.push(format!("{account}: {} changes {changed:?} of the other family", form.route));
        }
        before = after;
    }
    (sent, reached)
}

/// Forms of one's own account name no family. Whoever breaks the glass says why, is written down and looked at: that
/// is what this form is for.
fn may_name_a_family(form: &Form) -> bool {
    let of_oneself = ["/account", "/session", "/factors", "/posts", "/signin", "/break-glass"];
    !form.typed().is_empty() && !of_oneself.iter().any(|begin| form.route.starts_with(begin))
}

fn shows(answer: &Answer) -> bool {
    answer.shows(FOREIGN.head())
}

/// A form with another family's identifiers: in its address, in each field by itself, and in place of all of one's own.
async fn exchanged(
    village: &Village,
    form: &Form,
    (own, theirs): (&[String], &[String]),
) -> Vec<(BTreeMap<String, String>, String)> {
    let route = routes().into_iter().find(|route| route.verb == Verb::Form && route.path == form.route).unwrap();
    let mut said = form.fields.clone();
    if is_about_families(&route) && !form.takes_file {
        let filled_in = sample(&route).request(village, OWN, "trespass").await.1;
        said.extend(filled_in.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    let other = |text: &str| {
        let pairs = own.iter().zip(theirs).filter(|(own, _)| own.len() > 8);
        pairs.fold(text.to_owned(), |text, (own, their)| text.replace(own.as_str(), their))
    };
    let all: BTreeMap<String, String> = said
        .iter()
        .map(|(name, value)| (name.clone(), if name == "csrf" { value.clone() } else { other(value) }))
        .collect();
    let mut tries =
        vec![(said.clone(), other(&form.action)), (all.clone(), other(&form.action)), (all, form.action.clone())];
    for name in form.typed().into_iter().filter(|name| may_hold_an_identifier(name)) {
        for their in theirs {
            let mut one = said.clone();
            one.insert(name.clone(), their.clone());
            tries.push((one, form.action.clone()));
        }
    }
    tries
}

/// What a procedure's form asks for (`f.…`) and what people write are texts, days and choices: no program looks one up.
fn may_hold_an_identifier(name: &str) -> bool {
    !name.starts_with("f.")
        && !["words", "reason", "note", "minutes", "title", "looked", "verb", "step"].contains(&name)
}

const TRESPASSERS: [&str; 4] = ["t-village", "t-helper", "t-grid", "a family"];

#[tokio::test]
async fn no_field_of_ones_own_form_reaches_another_family() {
    let village = full(Engine::Sqlite).await;
    for account in TRESPASSERS {
        let (sent, reached) = trespass(&village, account).await;
        assert!(reached.is_empty(), "{reached:#?}");
        assert!(sent > 10, "{account} sent {sent}");
    }
    let (_, reached) = trespass(&full(Engine::Sqlite).await.without_scope(), "t-village").await;
    assert!(reached.len() > 5, "with scoping off the walk must turn red: {reached:?}");
}
