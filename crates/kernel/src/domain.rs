use crate::events::Subscriber;
use crate::jobs::Job;
use crate::{Cx, Doing, Language, Migration, Permission, Routes};

/// One area of the program, as the platform takes it in: tables, routes, and what it lends to others' pages.
pub struct Domain {
    pub name: &'static str,
    pub migrations: &'static [Migration],
    /// Tables whose rows speak of families: a statement over them must be [`Cx::scoped`] or paged; or of departments:
    /// [`Cx::of_departments`].
    pub scoped_tables: &'static [&'static str],
    pub routes: Routes,
    pub menu: Vec<MenuEntry>,
    pub panels: Vec<Panel>,
    pub searches: Vec<SearchProvider>,
    pub jobs: Vec<Job>,
    pub subscribers: Vec<Subscriber>,
    /// The texts of `locales/zh.ftl` and `locales/en.ftl`.
    pub locales: &'static [(Language, &'static str)],
}

impl Domain {
    /// A domain with a name and nothing else yet; the rest by `..Domain::named("…")`.
    #[must_use]
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            migrations: &[],
            scoped_tables: &[],
            routes: Routes::new(),
            menu: Vec::new(),
            panels: Vec::new(),
            searches: Vec::new(),
            jobs: Vec::new(),
            subscribers: Vec::new(),
            locales: &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MenuGroup {
    Work,
    Records,
    Administration,
    Own,
}

/// A line of the navigation, shown to those who hold its permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    pub group: MenuGroup,
    /// Order within the group.
    pub rank: u16,
    /// Message key of its words.
    pub text: &'static str,
    pub path: &'static str,
    pub permission: Permission,
}

/// A fragment that a domain lends to the page of a noun it doesn't own: `/health/of-household/{id}` on the
/// household's page. HTML is the interface: the page asks for the path and puts in what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panel {
    pub of: &'static str,
    pub rank: u16,
    pub path: &'static str,
    pub permission: Permission,
    /// Finds a row where there may be something to tell of `$1`: the page asks all its panels' questions in one
    /// statement, and a panel of which there is nothing ([`Cx::holds_nothing`]) reads none of its tables.
    pub holds: Option<&'static str>,
}

impl Panel {
    #[must_use]
    pub const fn household(path: &'static str, permission: Permission) -> Self {
        Self { of: "household", rank: 100, path, permission, holds: None }
    }

    #[must_use]
    pub const fn holding(self, holds: &'static str) -> Self {
        Self { holds: Some(holds), ..self }
    }
}

/// Something the search box found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    pub line: String,
    pub path: String,
}

/// Looks for a text in one domain's rows, within the scope of the context it is given.
#[derive(Clone, Copy)]
pub struct SearchProvider {
    pub name: &'static str,
    pub permission: Permission,
    pub search: fn(Cx, String) -> Doing<Vec<Hit>>,
}
