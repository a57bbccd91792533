//! Both languages have every key with the same variables, no key is written twice, and every page speaks both.

use crate::village::{ACCOUNTS, SETUP};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use kernel::{Language, Verb};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Engine, Village};

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

/// Every page that takes no id, for every role that may open it, in both languages: it opens and shows no bare key.
#[tokio::test]
async fn every_page_opens_in_both_languages() {
    let village = Village::raise(Engine::Sqlite, SETUP).await;
    let keys = keys(Language::Zh);
    for (account, role, _) in ACCOUNTS {
        let mut visitor = village.sign_in(account).await;
        for domain in platform::domains() {
            for route in domain.routes.list() {
                let plain = route.verb == Verb::Page && !route.path.contains('{') && route.path != "/language";
                if !plain || !route.permission.held_by_role(role) {
                    continue;
                }
                for language in Language::ALL {
                    visitor.speak(language.code());
                    let answer = visitor.get(route.path).await;
                    assert_eq!(answer.status, 200, "{} for {account}: {}", route.path, answer.text());
                    if route.path == "/health" {
                        continue;
                    }
                    assert!(answer.shows(&format!("lang=\"{}\"", language.tag())), "{} in {language:?}", route.path);
                    let text = answer.text();
                    let bare = keys.keys().find(|key| key.contains('-') && text.contains(&format!(">{key}<")));
                    assert_eq!(bare, None, "{} shows a bare key", route.path);
                }
            }
        }
    }
}
