//! The door: who comes in, in which language, inside which transaction, and what they read when it fails.

mod cookies;
mod fault;
mod headers;
mod identify;
mod transact;

pub use cookies::{LANGUAGE, SESSION, clear_cookie, cookie, set_cookie};
pub use fault::{Fault, Reply, kept};
pub(crate) use transact::Upload;
pub use transact::{BODY_LIMIT, UPLOAD_LIMIT, admit, encoded, transact};

use crate::audit::Sealer;
use crate::sessions::Session;
use crate::{
    Cx, Db, Doing, Domain, Language, MenuEntry, Message, Panel, Permission, Query, Result, SearchProvider, Staff,
    StaffId, Verb, World,
};
use axum::Router;
use axum::http::Request;
use axum::response::Response;
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

/// A session and, while the account may sign in, whose it is; `None` where no session has the token.
pub type FoundSession = Option<(Session, Option<Staff>)>;

/// What the kernel must be told by those above it: how people are found, and how words and pages look.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// The person an account belongs to, with the posts they hold.
    pub find_staff: fn(Cx, StaffId) -> Doing<Option<Staff>>,
    /// The living session that a token opens, and whose it is; no person for a family's. One statement: it stands
    /// before every page.
    pub find_session: fn(Cx, String) -> Doing<FoundSession>,
    /// Says a message in a language.
    pub say: fn(Language, &Message) -> String,
    /// The one error page.
    pub error_page: fn(&Cx, &Fault) -> Response,
    /// Where somebody goes who has not signed in.
    pub sign_in: &'static str,
}

/// The running program: one for each store it serves. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Running>);

struct Running {
    db: Db,
    world: World,
    hooks: Hooks,
    sealer: Sealer,
    menu: Vec<MenuEntry>,
    panels: Vec<Panel>,
    searches: Vec<SearchProvider>,
    inside: OnceLock<Router>,
    /// What the machine interface asks for: what a token can be for.
    interface: Vec<Permission>,
}

impl App {
    /// Takes the domains in, in the order their tables depend on each other. Must run inside a tokio runtime:
    /// the audit trail has a task of its own.
    pub fn new(db: Db, world: World, hooks: Hooks, domains: Vec<Domain>) -> (Self, Router) {
        let mut menu: Vec<_> = domains.iter().flat_map(|domain| domain.menu.clone()).collect();
        menu.sort_by_key(|entry| (entry.group, entry.rank, entry.path));
        let mut panels: Vec<_> = domains.iter().flat_map(|domain| domain.panels.clone()).collect();
        panels.sort_by_key(|panel| (panel.of, panel.rank, panel.path));
        let searches = domains.iter().flat_map(|domain| domain.searches.clone()).collect();
        let (mut pages, mut assets) = (Router::new(), Router::new());
        let routes = domains.iter().flat_map(|domain| domain.routes.list());
        let mut interface: Vec<Permission> = routes
            .filter(|route| matches!(route.verb, Verb::Read | Verb::Command))
            .map(|route| route.permission)
            .collect();
        interface.sort_by_key(|permission| permission.name);
        interface.dedup();
        for domain in domains {
            let (domain_pages, domain_assets) = domain.routes.into_routers();
            pages = pages.merge(domain_pages);
            assets = assets.merge(domain_assets);
        }
        let sealer = Sealer::start(db.clone(), world.clone());
        let inside = OnceLock::new();
        let app = Self(Arc::new(Running { db, world, hooks, sealer, menu, panels, searches, inside, interface }));
        let pages = pages.fallback(fault::nothing_here).method_not_allowed_fallback(fault::nothing_here);
        let _ = app.0.inside.set(pages.clone());
        let router = pages
            .layer(axum::middleware::from_fn_with_state(app.clone(), identify::identify))
            .merge(assets)
            .layer(axum::middleware::from_fn(headers::harden));
        (app, router)
    }

    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    #[must_use]
    pub fn world(&self) -> &World {
        &self.0.world
    }

    #[must_use]
    pub fn hooks(&self) -> &Hooks {
        &self.0.hooks
    }

    pub(crate) fn sealer(&self) -> &Sealer {
        &self.0.sealer
    }

    pub(crate) fn menu_of(&self, cx: &Cx) -> Arc<[MenuEntry]> {
        self.0.menu.iter().filter(|entry| cx.can(entry.permission)).copied().collect()
    }

    /// What other domains lend to the page of a noun: each permitted panel as HTML, in order; one that has nothing
    /// to say is left out.
    ///
    /// # Errors
    /// Those of the request machinery; a panel's own refusal only leaves it out.
    pub(crate) async fn panels(&self, cx: &Cx, of: &str, id: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let panels: Vec<&Panel> =
            self.0.panels.iter().filter(|panel| panel.of == of && cx.can(panel.permission)).collect();
        let bare = bare(cx, &panels, id).await?;
        for (panel, bare) in panels.into_iter().zip(bare) {
            let Some(inside) = self.0.inside.get() else { break };
            let inner = Cx { bare, ..cx.clone() };
            let request = Request::get(panel.path.replace("{id}", id)).extension(inner).body(String::new());
            let request = request.map_err(crate::Error::internal)?.map(axum::body::Body::from);
            let Ok(response) = inside.clone().oneshot(request).await;
            if response.status().is_success() {
                let bytes = axum::body::to_bytes(response.into_body(), BODY_LIMIT).await;
                found.push(String::from_utf8(bytes.map_err(crate::Error::internal)?.into()).unwrap_or_default());
            }
        }
        Ok(found)
    }

    pub(crate) fn interface(&self) -> &[Permission] {
        &self.0.interface
    }

    pub(crate) fn searches(&self) -> &[SearchProvider] {
        &self.0.searches
    }
}

/// Of each panel whether it has nothing to tell, in one statement. What isn't there needs no scope: nobody is shown it.
async fn bare(cx: &Cx, panels: &[&Panel], id: &str) -> Result<Vec<bool>> {
    let asked: Vec<String> = panels
        .iter()
        .filter_map(|panel| Some(format!("case when exists ({}) then 'y' else 'n' end", panel.holds?)))
        .collect();
    let told = match asked.is_empty() || cx.known_on().is_some() {
        true => String::new(),
        false => {
            Query::new(cx, format!("select {}", asked.join(" || ")), Vec::new()).bind(id).get::<(String,)>().await?.0
        }
    };
    let mut told = told.chars();
    Ok(panels.iter().map(|panel| panel.holds.is_some() && told.next() == Some('n')).collect())
}

/// A page in HTML.
#[must_use]
pub fn html(body: String) -> Response {
    axum::response::IntoResponse::into_response(axum::response::Html(body))
}

/// After a form: go there with GET, so that reloading sends nothing twice. What no address may hold as it is, such as
/// something that was typed, is spelled out.
#[must_use]
pub fn see_other(path: &str) -> Response {
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    let spelled = |byte: u8| if fits(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let path: String = path.bytes().map(spelled).collect();
    axum::response::IntoResponse::into_response(axum::response::Redirect::to(&path))
}
