use crate::{Permission, web};
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

/// The routes of a domain. Each names the permission it asks for; there is no way to leave it out:
///
/// ```compile_fail
/// # async fn list() {}
/// kernel::Routes::new().page("/findings", list);
/// ```
#[derive(Default)]
pub struct Routes {
    router: Router,
    assets: Router,
    routes: Vec<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET: reads, in no transaction.
    Page,
    /// POST from a form: one transaction, a CSRF token.
    Form,
    /// GET on a machine interface: errors are problem details.
    Read,
    /// POST on a machine interface.
    Command,
    /// GET of something without a database: style sheets, health.
    Asset,
}

/// A route as the tests see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub verb: Verb,
    pub path: &'static str,
    pub permission: Permission,
}

impl Routes {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or fragment: `page("/findings/{id}", show, READ_FINDINGS)`.
    #[must_use]
    pub fn page<H, T>(self, path: &'static str, handler: H, permission: Permission) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Verb::Page, path, get(handler), permission)
    }

    /// A change, sent by a form: state changes are nouns, `form("/findings/{id}/triage", triage, TRIAGE_FINDINGS)`.
    #[must_use]
    pub fn form<H, T>(self, path: &'static str, handler: H, permission: Permission) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Verb::Form, path, post(handler), permission)
    }

    /// A change that brings a file along, in a form of several parts of at most [`web::UPLOAD_LIMIT`] bytes:
    /// `upload("/households/{id}/papers", add, ADD_PAPERS)`.
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, handler: H, permission: Permission) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        let limit = axum::extract::DefaultBodyLimit::max(web::UPLOAD_LIMIT);
        self.add_with(Verb::Form, path, post(handler), permission, |guarded| {
            let limited: MethodRouter = guarded.layer(limit);
            limited.layer(axum::Extension(web::Upload))
        })
    }

    /// A read on the machine interface.
    #[must_use]
    pub fn read<H, T>(self, path: &'static str, handler: H, permission: Permission) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Verb::Read, path, get(handler), permission)
    }

    /// A change on the machine interface.
    #[must_use]
    pub fn command<H, T>(self, path: &'static str, handler: H, permission: Permission) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Verb::Command, path, post(handler), permission)
    }

    /// A public file of the program itself: no context, no database, its own caching headers.
    #[must_use]
    pub fn asset<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.routes.push(Route { verb: Verb::Asset, path, permission: crate::PUBLIC });
        self.assets = self.assets.route(path, get(handler));
        self
    }

    fn add(self, verb: Verb, path: &'static str, method: MethodRouter, permission: Permission) -> Self {
        self.add_with(verb, path, method, permission, |guarded| guarded)
    }

    fn add_with(
        mut self,
        verb: Verb,
        path: &'static str,
        method: MethodRouter,
        permission: Permission,
        outside: impl FnOnce(MethodRouter) -> MethodRouter,
    ) -> Self {
        let guarded = method
            .layer(axum::middleware::from_fn(web::transact))
            .layer(axum::middleware::from_fn(move |request, next| web::admit(permission, request, next)));
        self.routes.push(Route { verb, path, permission });
        self.router = self.router.route(path, outside(guarded));
        self
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.assets = self.assets.merge(other.assets);
        self.routes.extend(other.routes);
        self
    }

    #[must_use]
    pub fn list(&self) -> &[Route] {
        &self.routes
    }

    /// The pages, and the public files beside them.
    pub(crate) fn into_routers(self) -> (Router, Router) {
        (self.router, self.assets)
    }
}
