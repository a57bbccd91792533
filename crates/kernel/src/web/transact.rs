use super::fault::{Failed, Keep};
use crate::db::{ATTEMPTS, back_off};
use crate::limits::{Limit, Per};
use crate::{Cx, Error, Permission, Result, Scope, Who, commands, message};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::{Method, header, request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// The longest body of a form; files have a door of their own.
pub const BODY_LIMIT: usize = 1 << 20;
/// The longest body of a form that brings a file along.
pub const UPLOAD_LIMIT: usize = 8 << 20;

/// Marks a route that takes a file.
#[derive(Clone, Copy)]
pub(crate) struct Upload;

/// How often a machine, or a person's script, may ask.
const INTERFACE: Limit = Limit { name: "interface", per: Per::Account };

/// Lets in who holds the permission, and opens to them what their posts under that permission let them see.
pub async fn admit(permission: Permission, mut request: Request, next: Next) -> Response {
    let Some(cx) = request.extensions_mut().get_mut::<Cx>() else {
        return Error::internal("no context: the route isn't under the platform's router").into_response();
    };
    if !cx.can(permission) {
        let sign_in = cx.app.as_ref().map(|app| permission.door().unwrap_or(app.hooks().sign_in));
        // A machine is told, not led elsewhere.
        let led = cx.who == Who::Nobody && !cx.visit.path.starts_with("/api/");
        let to_sign_in = sign_in.filter(|_| led);
        return match to_sign_in {
            Some(page) if *request.method() == Method::GET => {
                let then = request.uri().path_and_query().map_or("/", |path| path.as_str());
                Redirect::to(&format!("{page}?then={}", encoded(then))).into_response()
            }
            _ => Error::Forbidden.into_response(),
        };
    }
    if cx.visit.path.starts_with("/api/")
        && let Err(error) = cx.spend(INTERFACE)
    {
        return error.into_response();
    }
    cx.scope = Arc::new(Scope::of(&cx.who, permission, cx.today()));
    next.run(request).await
}

/// A page reads. A form runs in one transaction: committed when the answer is good, rolled back when it isn't,
/// run again (up to eight times) when the database could not serialise it with another.
pub async fn transact(request: Request, next: Next) -> Response {
    let Some(cx) = request.extensions().get::<Cx>().cloned() else {
        return Error::internal("no context: the route isn't under the platform's router").into_response();
    };
    if holds_nul(request.uri().query().unwrap_or_default().as_bytes()) || holds_nul(request.uri().path().as_bytes()) {
        return Error::Refused(message("error-malformed")).into_response();
    }
    if *request.method() == Method::GET || *request.method() == Method::HEAD {
        let response = next.run(request).await;
        return match note_reads(&cx).await {
            Ok(()) => response,
            // What can't be noted isn't shown.
            Err(error) => error.into_response(),
        };
    }
    let (parts, body) = request.into_parts();
    let limit = if parts.extensions.get::<Upload>().is_some() { UPLOAD_LIMIT } else { BODY_LIMIT };
    let Ok(body) = to_bytes(body, limit).await else {
        return Error::TooLarge { megabytes: limit >> 20 }.into_response();
    };
    // Texts hold no NUL: PostgreSQL knows none, and nobody types one. Files may.
    let multipart =
        parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    if !multipart && holds_nul(&body) {
        return Error::Refused(message("error-malformed")).into_response();
    }
    if let Err(error) = check_token(&cx, &parts, &body).await {
        return error.into_response();
    }
    for attempt in 0..ATTEMPTS {
        match once(&cx, &parts, &body, next.clone()).await {
            Ok(response) => return response,
            Err(error) if error.is_transient() && attempt + 1 < ATTEMPTS => back_off(attempt).await,
            Err(error) => return error.into_response(),
        }
    }
    Error::internal("unreachable: the last attempt returns").into_response()
}

async fn once(cx: &Cx, parts: &request::Parts, body: &Bytes, next: Next) -> Result<Response> {
    let inside = Cx { now: cx.world.clock.now(), ..cx.clone() }.begin();
    let mut request = Request::from_parts(parts.clone(), Body::from(body.clone()));
    request.extensions_mut().insert(inside.clone());
    let response = next.run(request).await;
    let good = response.status().as_u16() < 400 || response.extensions().get::<Keep>().is_some();
    if good {
        inside.finish(Ok(())).await?;
        if let Some(app) = &cx.app {
            app.sealer().poke();
        }
        return Ok(response);
    }
    inside.roll_back().await?;
    match response.extensions().get::<Failed>().map(|failed| &*failed.0) {
        Some(error) if error.is_transient() => Err(taken(response)),
        Some(Error::Conflict(Some(kept))) => {
            commands::keep(cx, kept).await?;
            Ok(response)
        }
        _ => Ok(response),
    }
}

/// The error a response carries; the response was its only holder.
fn taken(mut response: Response) -> Error {
    let failed = response.extensions_mut().remove::<Failed>();
    failed.and_then(|failed| Arc::try_unwrap(failed.0).ok()).unwrap_or_else(|| Error::internal("an error was shared"))
}

/// Reads that the audit trail must know of are in it before the page leaves the house.
async fn note_reads(cx: &Cx) -> Result<()> {
    let notes = cx.take_reads();
    match (&cx.app, notes.is_empty()) {
        (Some(app), false) => app.sealer().record(notes).await,
        _ => Ok(()),
    }
}

/// A NUL, as it is, as an address or a form spells it, or as JSON does.
fn holds_nul(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|three| three == b"%00") || text.windows(6).any(|six| six == br"\u0000")
}

/// A form carries the token of the page it came from, so that no other site can send it.
async fn check_token(cx: &Cx, parts: &request::Parts, body: &Bytes) -> Result<()> {
    // A machine's token is nothing a browser sends by itself.
    if cx.token.is_some() {
        return Ok(());
    }
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let wrong = || Error::Refused(message("error-form-too-old"));
    if header("sec-fetch-site") == Some("cross-site") {
        return Err(wrong());
    }
    if let Some(token) = header("x-csrf-token") {
        return if same(token, &cx.visit.csrf) { Ok(()) } else { Err(wrong()) };
    }
    let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let token = match header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        true => token_of_parts(request).await,
        false => token_of_fields(request).await,
    };
    if same(&token.unwrap_or_default(), &cx.visit.csrf) { Ok(()) } else { Err(wrong()) }
}

async fn token_of_fields(request: Request) -> Option<String> {
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, &()).await.ok()?;
    fields.into_iter().find(|(name, _)| name == "csrf").map(|(_, value)| value)
}

async fn token_of_parts(request: Request) -> Option<String> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("csrf") {
            return part.text().await.ok();
        }
    }
    None
}

/// Compares without telling by its time where the difference is.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// A path as the value of a query.
#[must_use]
pub fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
