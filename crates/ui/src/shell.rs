//! The frame around every page: who is here, where they may go, in which language.

use crate::{Speaker, assets};
use kernel::{Cx, MenuEntry, MenuGroup, Visit};
use std::sync::Arc;

/// Filled from a [`Cx`]; `layout.html` reads it as `shell`.
pub struct Shell {
    pub w: Speaker,
    /// The page's title, before the product's name.
    pub title: String,
    /// The place of the reader's post.
    pub place: String,
    /// Name and account of whoever is signed in.
    pub who: Option<Reader>,
    pub menu: Vec<Group>,
    /// Whether the reader may search for families.
    pub search: bool,
    /// What the footer says of the data: its day, its rule set.
    pub footer: Vec<String>,
    pub visit: Arc<Visit>,
}

pub struct Reader {
    pub name: String,
    pub post: String,
}

pub struct Group {
    pub title: String,
    pub items: Vec<Item>,
}

pub struct Item {
    pub href: &'static str,
    pub label: String,
    pub current: bool,
}

impl Shell {
    #[must_use]
    pub fn new(cx: &Cx, title: impl Into<String>) -> Self {
        let w = Speaker::new(cx.language);
        let staff = cx.who.staff();
        let post = staff.and_then(|staff| staff.posts.iter().find(|post| post.period.contains(cx.today())));
        Self {
            w,
            title: title.into(),
            place: post.map(|post| post.place_name.clone()).unwrap_or_default(),
            who: staff.map(|staff| Reader {
                name: staff.name.clone(),
                post: post.map(|post| w.t(&format!("role-{}", post.role.code()))).unwrap_or_default(),
            }),
            menu: menu(cx, w),
            search: cx.visit.menu.iter().any(|entry| entry.path == "/households" && cx.can(entry.permission)),
            footer: Vec::new(),
            visit: Arc::clone(&cx.visit),
        }
    }

    #[must_use]
    pub fn with_footer(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.footer.extend(lines);
        self
    }

    #[must_use]
    pub fn style(&self) -> &'static str {
        &assets::STYLE.path
    }

    #[must_use]
    pub fn script(&self) -> &'static str {
        &assets::SCRIPT.path
    }

    /// For the pages that ask for a passkey.
    #[must_use]
    pub fn passkey_script(&self) -> &'static str {
        &assets::PASSKEY.path
    }

    /// The language the switch at the top leads to.
    #[must_use]
    pub fn other(&self) -> kernel::Language {
        if self.w.is_zh() { kernel::Language::En } else { kernel::Language::Zh }
    }
}

fn menu(cx: &Cx, w: Speaker) -> Vec<Group> {
    let groups = [
        (MenuGroup::Work, "menu-work"),
        (MenuGroup::Records, "menu-data"),
        (MenuGroup::Administration, "menu-administration"),
        (MenuGroup::Own, "menu-self"),
    ];
    let path = cx.visit.path.split('?').next().unwrap_or_default();
    let leads_here = |entry: &&MenuEntry| {
        path == entry.path || (entry.path.len() > 1 && path.starts_with(&format!("{}/", entry.path)))
    };
    // Of a page and one below it, the one below is where the reader is.
    let here = cx.visit.menu.iter().filter(leads_here).map(|entry| entry.path).max_by_key(|path| path.len());
    let mut shown = Vec::new();
    for (group, title) in groups {
        let mut entries: Vec<_> = cx.visit.menu.iter().filter(|e| e.group == group && cx.can(e.permission)).collect();
        entries.sort_by_key(|entry| entry.rank);
        if entries.is_empty() {
            continue;
        }
        let items = entries.into_iter().map(|entry| Item {
            href: entry.path,
            label: w.t(entry.text),
            current: here == Some(entry.path),
        });
        shown.push(Group { title: w.t(title), items: items.collect() });
    }
    shown
}
