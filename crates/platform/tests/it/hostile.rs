//! Hostile text in every field of every form, of everybody who is shown one: nothing fails, nothing comes back as markup,
//! nothing becomes a formula, and what is too large is refused in words.

use crate::forms::{Form, Shown, collect, routes, shown_to_everybody, with_everything};
use crate::village::full;
use kernel::Verb;
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Answer, Engine, Visitor};

/// What nobody may read in a page as it stands here.
const MARKUP: [&str; 3] = ["<b data-evil", "<script>evil", "onmouseover=evil() <"];
/// Tried in each field by itself.
const WORST: [&str; 4] = [
    "\"><b data-evil><script>evil()</script>",
    "' onmouseover=evil() <b data-evil='",
    "甲\r\nset-cookie: evil=1\r\n\r\n<b data-evil>",
    "-99999999999999999999999",
];
/// Tried in all fields at once.
const HOSTILE: [&str; 7] = [
    "'; drop table accounts; --",
    "\u{202e}\u{200b}gpj.exe",
    "👨‍👩‍👧‍👦🌾 ﷽ Z̷͎̐",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }} ${7*7} %s {id} {%",
    "../../../../etc/passwd",
    "",
];

/// Nobody's markup stands in a page, and no header of somebody's own in the answer.
fn clean(answer: &Answer, what: &str) {
    // A file that is saved is nobody's page.
    if answer.headers.get("content-disposition").is_some_and(|way| way.as_bytes().starts_with(b"attachment")) {
        return;
    }
    let text = answer.text();
    let through = MARKUP.iter().find(|markup| text.contains(**markup));
    assert_eq!(through, None, "{what}: markup comes through at {}", answer.path);
    assert!(answer.headers.get_all("set-cookie").iter().all(|line| !line.as_bytes().starts_with(b"evil")), "{what}");
}

/// Forms whose success takes away what the next one needs come last.
fn ends_something(form: &Form) -> bool {
    ["end", "closure", "revocation", "erasure", "withdrawal", "password"].iter().any(|end| form.route.ends_with(end))
}

/// Sends a form with hostile text, field by field and in all of them; gives how often it was taken.
async fn attack(visitor: &mut Visitor, form: &Form, number: &mut usize) -> usize {
    let names = form.typed();
    let mut tries: Vec<BTreeMap<String, String>> = Vec::new();
    for (name, text) in names.iter().flat_map(|name| WORST.map(|text| (*name, text))) {
        let mut said = form.fields.clone();
        said.insert(name.clone(), text.to_owned());
        tries.push(said);
    }
    for text in HOSTILE {
        let mut said = form.fields.clone();
        said.extend(names.iter().map(|name| ((*name).clone(), text.to_owned())));
        tries.push(said);
    }
    let mut taken = 0;
    for mut said in tries {
        *number += 1;
        if let Some(command) = said.get_mut("command") {
            *command = format!("hostile-{number}");
        }
        let answer = form.send(visitor, &said).await;
        assert!(answer.status < 500, "{}: {said:?} answers {}: {}", form.action, answer.status, answer.text());
        clean(&answer, &format!("{}: {said:?}", form.action));
        assert!(visitor.cookie("evil").is_none(), "{}: {said:?} sets a cookie", form.action);
        taken += usize::from(answer.status == 200);
    }
    just_under_the_limit(visitor, form, &names).await;
    taken
}

/// What is as long as a form may be breaks nothing.
async fn just_under_the_limit(visitor: &mut Visitor, form: &Form, names: &[&String]) {
    let Some(name) = names.last() else { return };
    let mut said = form.fields.clone();
    said.insert((*name).clone(), "长".repeat(kernel::web::BODY_LIMIT / 9 - 2_000));
    let answer = form.send(visitor, &said).await;
    assert!(answer.status < 500, "{}: {}", form.action, answer.status);
}

#[tokio::test]
async fn nothing_that_is_typed_into_any_form_does_harm() {
    let village = with_everything(full(Engine::Sqlite).await);
    let look = |page: &Answer| clean(page, "before anything was typed");
    let mut shown = shown_to_everybody(&village, look).await;
    every_form_was_met(&shown);
    let (mut number, mut taken, mut done) = (0, 0, BTreeMap::new());
    for last in [false, true] {
        for Shown { visitor, forms, .. } in &mut shown {
            for form in forms.iter().filter(|form| ends_something(form) == last && !form.typed().is_empty()) {
                // A form that two people were shown needn't be tried by the third.
                let times: &mut usize = done.entry((form.route, format!("{:?}", form.typed()))).or_default();
                *times += 1;
                if *times <= 2 {
                    taken += attack(visitor, form, &mut number).await;
                }
            }
        }
    }
    assert!(number > 1_000 && taken > 100, "{number} sent, {taken} taken");
    what_was_taken_is_shown_as_text(&mut shown).await;
}

fn every_form_was_met(shown: &[Shown]) {
    let met: BTreeSet<&str> = shown.iter().flat_map(|shown| &shown.forms).map(|form| form.route).collect();
    let routes = routes();
    let all = routes.iter().filter(|route| route.verb == Verb::Form).map(|route| route.path);
    let missing: Vec<&str> = all.filter(|path| !met.contains(path)).collect();
    assert!(missing.is_empty(), "nobody was shown a form for {missing:?}: let it happen in forms.rs");
}

/// Afterwards every page of everybody who is still in opens, and what is taken away holds no formula.
async fn what_was_taken_is_shown_as_text(shown: &mut [Shown]) {
    let (mut still_in, mut tables, routes) = (0, 0, routes());
    for Shown { visitor, .. } in shown {
        if visitor.get("/account").await.path != "/account" {
            continue;
        }
        still_in += 1;
        collect(visitor, &[], |page| clean(page, "after everything was typed")).await;
        for route in routes.iter().filter(|route| route.path.ends_with(".xlsx") || route.path.ends_with(".csv")) {
            let table = visitor.get(route.path).await;
            if table.status != 200 {
                continue;
            }
            tables += 1;
            for cell in table.text().trim_start_matches('\u{feff}').lines().flat_map(|line| line.split(',')) {
                let bare = cell.trim_matches('"');
                let number = bare.parse::<f64>().is_ok();
                assert!(number || !bare.starts_with(['=', '+', '-', '@']), "{}: {cell}", route.path);
            }
        }
    }
    assert!(still_in >= 6 && tables >= 3, "{still_in} are still in, {tables} tables were read");
}

/// Addresses are typed too: no place for an identifier makes any route fail.
#[tokio::test]
async fn nothing_that_is_typed_into_an_address_does_harm() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let mut visitor = village.sign_in("t-county").await;
        let csrf = visitor.get("/home").await.fields().remove("csrf").unwrap_or_default();
        let typed = [
            "%22%3E%3Cb%20data-evil%3E",
            "'%3B--",
            "%E2%80%AE",
            "..%2F..%2Fetc",
            "%FF%FE",
            "-1",
            "99999999999999999999",
        ];
        for route in routes().iter().filter(|route| route.path.contains('{')) {
            for text in typed.into_iter().chain([&*"9".repeat(4_000)]) {
                let path: Vec<&str> =
                    route.path.split('/').map(|part| if part.starts_with('{') { text } else { part }).collect();
                let path = path.join("/");
                let answer = match route.verb {
                    Verb::Form => visitor.post_raw(&path, &[("csrf", &csrf)]).await,
                    Verb::Command => visitor.post_json(&path, "{}").await,
                    Verb::Page | Verb::Read | Verb::Asset => visitor.get(&path).await,
                };
                assert!(answer.status < 500, "{path}: {}", answer.status);
                clean(&answer, &path);
            }
        }
    }
}
