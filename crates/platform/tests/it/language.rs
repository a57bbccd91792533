//! Both languages have every key with the same variables, no key is written twice, and every page speaks both.

use crate::forms::enter_receiver;
use crate::village::{ACCOUNTS, SETUP, full};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use kernel::{Language, Role, Route, Verb};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use testkit::{Answer, Engine, Village, Visitor};

type Keys = BTreeMap<String, BTreeSet<String>>;

fn variables(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                variants.iter().for_each(|variant| variables(&variant.value, found));
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            // `n_is` is `n` as a number, for plural forms, which only English has.
            found.insert(id.name.trim_end_matches("_is").to_owned());
        }
    }
}

fn keys(language: Language) -> Keys {
    let mut all = Keys::new();
    for domain in platform::domains() {
        for (_, text) in domain.locales.iter().filter(|(of, _)| *of == language) {
            let resource = parser::parse(*text).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", domain.name));
            for entry in resource.body {
                let Entry::Message(message) = entry else { continue };
                let mut found = BTreeSet::new();
                message.value.iter().for_each(|pattern| variables(pattern, &mut found));
                let before = all.insert(message.id.name.to_owned(), found);
                assert!(before.is_none(), "{} writes {} a second time", domain.name, message.id.name);
            }
        }
    }
    all
}

#[test]
fn both_languages_have_every_key_with_the_same_variables() {
    let (zh, en) = (keys(Language::Zh), keys(Language::En));
    for (key, variables) in &zh {
        assert_eq!(en.get(key), Some(variables), "{key} in English");
    }
    for key in en.keys() {
        assert!(zh.contains_key(key), "{key} in Chinese");
    }
}

/// What the sources and templates of every crate say, tests left out.
fn sources() -> String {
    let mut all = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy();
            if path.is_dir() && !matches!(&*name, "tests" | "testkit" | "locales") {
                folders.push(path);
            } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "html" | "toml"))
                && name != "tests.rs"
            {
                let text = std::fs::read_to_string(path).unwrap();
                // Tests say keys of their own, and comments give examples.
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                all.extend(code.flat_map(|line| [line, "\n"]));
            }
        }
    }
    all
}

/// A key is used where it stands as a text, or where a text is its beginning: `"role-{}"`, or `"guarantee-cover"` of
/// `guarantee-cover-met`.
#[test]
fn every_key_is_used() {
    let sources = sources();
    let quoted: BTreeSet<&str> = sources.split('"').collect();
    let prefixes: Vec<&str> = quoted
        .iter()
        .filter_map(|text| text.split_once('{'))
        .map(|(prefix, _)| prefix)
        .filter(|p| p.len() > 3)
        .collect();
    let unused: Vec<String> = keys(Language::Zh)
        .into_keys()
        .filter(|key| !quoted.contains(key.as_str()) && !prefixes.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| key.rsplit_once('-').is_none_or(|(stem, _)| !stem.contains('-') || !quoted.contains(stem)))
        .collect();
    assert!(unused.is_empty(), "no page says {unused:?}");
}

/// And every key that a source asks for has words.
#[test]
fn every_key_asked_for_has_words() {
    let (sources, keys) = (sources(), keys(Language::Zh));
    let asks = ["message(\"", ".t(\"", ".a(\"", ".n(\"", ".with(\""];
    let asked = asks.iter().flat_map(|ask| sources.split(ask).skip(1)).filter_map(|rest| rest.split('"').next());
    let plain =
        |key: &&str| key.contains('-') && key.bytes().all(|b| b.is_ascii_lowercase() || b"-_0123456789".contains(&b));
    let missing: BTreeSet<&str> = asked.filter(plain).filter(|key| !keys.contains_key(*key)).collect();
    assert!(missing.is_empty(), "nobody has given words to {missing:?}");
}

/// The trail's page tells an auditor what was done and to what, in words.
#[test]
fn everything_in_the_trail_has_words() {
    let (sources, keys) = (sources(), keys(Language::Zh));
    let entries = sources.split(".audit(\"").skip(1).map(|rest| rest.split('"').collect::<Vec<_>>());
    let (mut missing, mut seen) = (BTreeSet::new(), 0);
    for entry in entries {
        let [verb, _, kind, ..] = entry.as_slice() else { panic!("an entry without a kind") };
        let said = [format!("audit-did-{verb}"), format!("audit-kind-{kind}")];
        missing.extend(said.into_iter().filter(|key| !keys.contains_key(key)));
        seen += 1;
    }
    assert!(seen > 40 && missing.is_empty(), "{seen} seen, nobody has given words to {missing:?}");
}

/// Every page, empty and full, for every role that may open it, in both languages: it opens, says which language it
/// speaks and shows no bare key. Pages of one thing are found by the links of the others.
#[tokio::test]
async fn every_page_opens_in_both_languages_empty_and_full() {
    let keys = keys(Language::Zh);
    let mut seen = BTreeSet::new();
    let with_families = full(Engine::Sqlite).await;
    enter_receiver(&mut with_families.sign_in("t-system").await).await;
    for village in [Village::raise(Engine::Sqlite, SETUP).await, with_families] {
        for (account, role, _) in ACCOUNTS {
            let mut visitor = village.sign_in(account).await;
            for language in Language::ALL {
                visitor.speak(language.code());
                walk(&mut visitor, role, language, &keys, &mut seen).await;
            }
        }
    }
    let mut family = at_home(&full(Engine::Sqlite).await).await;
    for language in Language::ALL {
        family.speak(language.code());
        check(&family.get("/my/file").await, "/my/file", language, &keys);
        seen.insert("/my/file");
    }
    for domain in platform::domains() {
        for route in domain.routes.list().iter().filter(|route| route.verb == Verb::Page) {
            // Pairs and sources are planted with a real run only.
            let not_planted = ["/pairs/{id}", "/sources/{department}", "/findings/of-household/{id}"];
            // Those of a case hang on its own page, one level further: casework's stories open them.
            let of_a_case = ["/cases/{id}/visit", "/cases/{id}/letters/{letter}", "/cases/of-household/{id}"];
            // Files: the stories of their pages open them, and every sheet has a walk of its own.
            let files = [
                "/cases/{id}/letters/{letter}/pdf",
                "/cases/{id}/attachments/{attachment}",
                "/findings/{id}/pdf",
                "/indicators/{id}/places.xlsx",
            ];
            let lent = ["/residents/of-household/{id}", "/cases/of-resident/{id}", "/papers/of-household/{id}"];
            let lent = lent.into_iter().chain(["/labels/of-household/{id}", "/papers/{id}", "/q/{token}"]);
            let of_people =
                ["/people/of-household/{id}", "/people/{id}", "/people/{id}/{person}", "/people/{id}/{person}/merge"];
            let deeper =
                ["/clues/new/{id}", "/people/rulings/{id}", "/households/{id}/changes/new", "/notices/{board}"]
                    .into_iter()
                    .chain(["/notices/{board}/{attachment}"])
                    .chain(files)
                    .chain(of_a_case)
                    .chain(lent)
                    .chain(of_people);
            let not_planted: Vec<&str> = not_planted.into_iter().chain(deeper).collect();
            assert!(seen.contains(route.path) || not_planted.contains(&route.path), "{} was never opened", route.path);
        }
    }
}

/// A family of the cast at its own page, let in by the code that its village printed.
pub async fn at_home(village: &Village) -> Visitor {
    let mut clerk = village.sign_in("t-village").await;
    let home = format!("/households/{}", households::demo::household(0));
    let page = clerk.get(&home).await;
    let letter = clerk.submit(&page, &format!("{home}/code"), &[]).await.text();
    let code = letter.split("data-code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut family = village.visitor();
    let door = family.get("/signin/family").await;
    family.submit(&door, "/signin/family", &[("code", &code)]).await.expect(&["周德全，您好", "正在办的事"]);
    assert_eq!(family.get("/").await.path, "/my/file");
    family
}

/// What isn't a page of its own: a switch, and what the home page borrows.
const FRAGMENTS: [&str; 2] = ["/language", "/cases/of-home"];

/// Opens the plain pages of a role, and one level of what they link to.
async fn walk(visitor: &mut Visitor, role: Role, language: Language, keys: &Keys, seen: &mut BTreeSet<&'static str>) {
    let routes: Vec<Route> = platform::domains().iter().flat_map(|domain| domain.routes.list().to_vec()).collect();
    let plain =
        |route: &&Route| route.verb == Verb::Page && !route.path.contains('{') && !FRAGMENTS.contains(&route.path);
    let mut paths: Vec<String> = Vec::new();
    for route in routes.iter().filter(plain).filter(|route| route.permission.held_by_role(role)) {
        let answer = visitor.get(route.path).await;
        check(&answer, route.path, language, keys);
        seen.insert(route.path);
        paths.extend(answer.links());
    }
    paths.sort();
    paths.dedup();
    // Two pages of a kind are enough for each reader.
    for route in routes.iter().filter(|route| route.verb == Verb::Page && route.path.contains('{')) {
        for path in paths.iter().filter(|path| matches(route.path, path)).take(2) {
            check(&visitor.get(path).await, path, language, keys);
            seen.insert(route.path);
        }
    }
    seen.extend(FRAGMENTS);
}

/// Whether an address is one of a pattern's: `/findings/7` of `/findings/{id}`.
fn matches(pattern: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b)
}

fn check(answer: &Answer, path: &str, language: Language, keys: &Keys) {
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let kind = answer.headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    if !kind.starts_with("text/html") {
        return;
    }
    let text = answer.text();
    assert!(text.contains(&format!("lang=\"{}\"", language.tag())), "{path} in {language:?}");
    let bare = keys.keys().find(|key| key.contains('-') && text.contains(&format!(">{key}<")));
    assert_eq!(bare, None, "{path} shows a bare key");
    assert!(!text.contains(" style=\"") && !text.contains("<script>"), "{path} has what the content policy forbids");
    assert!(text.len() < 200_000, "{path} is {} bytes long", text.len());
}
