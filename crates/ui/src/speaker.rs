//! What the pages say, in Chinese and English.
//!
//! Every crate with pages has `locales/zh.ftl` and `locales/en.ftl`; [`learn`] puts them into one book.
//! A page asks its [`Speaker`] for a message by key. Keys are unique over all crates, which a test in
//! `platform` proves, as it proves that both languages have every key and that every key is used.

use crate::numbers;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, PatternElement};
use kernel::{Language, Message};
use rustc_hash::FxHashMap;
use std::collections::HashSet;
use std::sync::{LazyLock, PoisonError, RwLock};
use unic_langid::langid;

/// The texts of a crate's two `.ftl` files, as `kernel::Domain` carries them.
pub type Locales = &'static [(Language, &'static str)];

/// The messages of the shell and of what all pages share.
pub const SHELL: Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

struct Book {
    zh: Volume,
    en: Volume,
    learned: HashSet<&'static str>,
}

/// The messages of a language; those that nothing is put into, which most are, also as they stand.
struct Volume {
    all: FluentBundle<FluentResource>,
    plain: FxHashMap<String, String>,
}

static BOOK: LazyLock<RwLock<Book>> = LazyLock::new(|| {
    let bundle = |id| {
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // No bidi marks around what is filled in: they'd break search and copying.
        bundle.set_use_isolating(false);
        Volume { all: bundle, plain: FxHashMap::default() }
    };
    let mut book = Book { zh: bundle(langid!("zh-CN")), en: bundle(langid!("en")), learned: HashSet::new() };
    book.learn(SHELL);
    RwLock::new(book)
});

impl Book {
    fn learn(&mut self, locales: Locales) {
        for (language, source) in locales {
            if !self.learned.insert(source) {
                continue;
            }
            // A faulty file still says what it can; the test of the keys refuses it before anyone sees it.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(good, _)| good);
            let volume = if *language == Language::Zh { &mut self.zh } else { &mut self.en };
            let keys: Vec<String> = resource.entries().filter_map(key).map(str::to_owned).collect();
            volume.all.add_resource_overriding(resource);
            for key in keys {
                let pattern = volume.all.get_message(&key).and_then(|message| message.value());
                match pattern.map(|pattern| pattern.elements.as_slice()) {
                    Some([PatternElement::TextElement { value }]) => {
                        drop(volume.plain.insert(key, (*value).to_owned()))
                    }
                    _ => drop(volume.plain.remove(&key)),
                }
            }
        }
    }

    fn say(&self, language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let volume = if language == Language::Zh { &self.zh } else { &self.en };
        if let Some(plain) = volume.plain.get(key) {
            return Some(plain.clone());
        }
        let message = volume.all.get_message(key)?.value()?;
        Some(volume.all.format_pattern(message, args, &mut Vec::new()).into_owned())
    }
}

fn key<'s>(entry: &Entry<&'s str>) -> Option<&'s str> {
    match entry {
        Entry::Message(message) => Some(message.id.name),
        _ => None,
    }
}

/// Puts a crate's messages into the book, once, and gives them back for `Domain { locales: learn(LOCALES), .. }`.
pub fn learn(locales: Locales) -> Locales {
    BOOK.write().unwrap_or_else(PoisonError::into_inner).learn(locales);
    locales
}

/// A value put into a message.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    Text(&'a str),
    /// Shown with thousands separators as `{ $name }`; `{ $name_is }` is the number itself, for plural forms.
    Count(i64),
}

/// Says messages in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    pub language: Language,
}

impl Speaker {
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    #[must_use]
    pub fn is_zh(&self) -> bool {
        self.language == Language::Zh
    }

    /// The message of this key. A missing key shows itself: the test of the keys finds it first.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The message of this key, if there is one: for keys made of data, such as a programme's name.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<String> {
        self.say(key, None)
    }

    /// A message about a number, `{ $n }`.
    #[must_use]
    pub fn n(&self, key: &str, n: i64) -> String {
        self.with(key, &[("n", Arg::Count(n))])
    }

    /// A message with one text in it, `{ $a }`.
    #[must_use]
    pub fn a(&self, key: &str, a: impl AsRef<str>) -> String {
        self.with(key, &[("a", Arg::Text(a.as_ref()))])
    }

    /// A message with several values in it.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, Arg<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            match value {
                Arg::Text(text) => args.set(*name, FluentValue::from(*text)),
                Arg::Count(n) => {
                    args.set(*name, FluentValue::from(numbers::count(*n)));
                    args.set(format!("{name}_is"), FluentValue::from(*n));
                }
            }
        }
        self.say(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence of a refusal or a field's fault.
    #[must_use]
    pub fn message(&self, message: &Message) -> String {
        let values: Vec<_> = message.args.iter().map(|(name, value)| (*name, Arg::Text(value))).collect();
        self.with(message.key, &values)
    }

    fn say(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        BOOK.read().unwrap_or_else(PoisonError::into_inner).say(self.language, key, args)
    }
}
