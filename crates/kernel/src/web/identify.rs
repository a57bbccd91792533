use super::cookies::VISIT;
use super::fault::{asks_for_json, tell};
use super::{App, LANGUAGE, SESSION, cookie, set_cookie};
use crate::audit::Pass;
use crate::tokens::{self, Token};
use crate::{Cx, Language, Moment, Result, Visit, Who, World};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header, request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Finds out who comes, and gives the request its context; on the way out, turns errors into pages.
pub(crate) async fn identify(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let request = &parts;
    let json_wanted = asks_for_json(request.uri.path(), &request.headers);
    let anonymous = cookie(&request.headers, VISIT).filter(|token| is_token(token)).map(str::to_owned);
    let visit_token = anonymous.clone().unwrap_or_else(|| app.world().dice.token());
    let (cx, failed) = match context(&app, request, &visit_token).await {
        Ok(cx) => (cx, None),
        Err(error) => (Cx::new(app.db(), app.world(), Who::Nobody), Some(error)),
    };
    let signed_in = cx.who != Who::Nobody;
    let mut response = match failed {
        Some(error) => error.into_response(),
        None => {
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(cx.clone());
            next.run(request).await
        }
    };
    if anonymous.is_none() && !signed_in {
        set_cookie(response.headers_mut(), app.world(), VISIT, &visit_token, 24 * 60 * 60);
    }
    tell(&app, &cx, json_wanted, response)
}

async fn context(app: &App, request: &request::Parts, visit_token: &str) -> Result<Cx> {
    let headers = &request.headers;
    let mut cx = Cx::new(app.db(), app.world(), Who::Nobody);
    if let Some(token) = bearer(request) {
        let found = tokens::find(&mut cx, token).await?;
        if let Some(token) = found {
            come_by_token(app, &mut cx, token).await?;
        }
    }
    let session = match cookie(headers, SESSION) {
        Some(_) if bearer(request).is_some() => None,
        Some(token) if is_token(token) => (app.hooks().find_session)(cx.clone(), token.to_owned()).await?,
        _ => None,
    };
    let (session, who) = session.map_or((None, None), |(session, staff)| {
        let who = Who::resident(&session.staff).or_else(|| staff.map(|staff| Who::Staff(Box::new(staff))));
        (Some(session), who)
    });
    if let (Some(session), Some(who)) = (&session, who) {
        if session.seen_at.plus(Moment::MINUTE) < cx.now {
            app.sealer().used(Pass::Session(session.token_hash.clone()));
        }
        cx.who = who;
    }
    cx.language = language(headers, &cx.who);
    let keys = &app.world().keys;
    let known = session.filter(|_| cx.who != Who::Nobody);
    let csrf = keys.blind("csrf", known.as_ref().map_or(visit_token, |session| &session.token_hash));
    let path = request.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let number: [u8; 3] = app.world().dice.bytes();
    cx.app = Some(app.clone());
    cx.visit = Arc::new(Visit {
        path,
        csrf,
        number: format!("{:02X}{:02X}-{:02X}", number[0], number[1], number[2]),
        session: known.map(|session| session.token_hash),
        device: text(header::USER_AGENT).chars().take(200).collect(),
        address: peer(app.world(), request),
        fragment: !text(header::HeaderName::from_static("x-into")).is_empty(),
        menu: app.menu_of(&cx),
    });
    Ok(cx)
}

fn language(headers: &HeaderMap, who: &Who) -> Language {
    let chosen = cookie(headers, LANGUAGE).and_then(Language::from_code);
    let own = || who.staff().and_then(|staff| staff.language);
    let accepts = || {
        let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        text.split(',').find_map(|tag| Language::from_code(tag.trim().get(..2)?))
    };
    chosen.or_else(own).or_else(accepts).unwrap_or_default()
}

/// The token a machine shows; on the machine interface only.
fn bearer(request: &request::Parts) -> Option<&str> {
    let shown = request.headers.get(header::AUTHORIZATION).filter(|_| request.uri.path().starts_with("/api/"))?;
    shown.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

async fn come_by_token(app: &App, cx: &mut Cx, token: Token) -> Result<()> {
    let Some(staff) = (app.hooks().find_staff)(cx.clone(), token.staff.clone()).await? else { return Ok(()) };
    if token.seen_at.is_none_or(|seen| seen.plus(Moment::HOUR) < cx.now) {
        app.sealer().used(Pass::Token(token.id.clone()));
    }
    cx.who = Who::Staff(Box::new(staff));
    cx.token = Some(Arc::new(token));
    Ok(())
}

/// Where a request comes from: as the proxy says, where one stands before the program; else who is connected.
fn peer(world: &World, request: &request::Parts) -> String {
    if world.behind_proxy {
        let last = request.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let address = last.and_then(|value| value.rsplit(',').next()).map(str::trim).unwrap_or_default();
        return address.chars().take(64).collect();
    }
    let address = request.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
    address.map(|info| info.0.ip().to_string()).unwrap_or_default()
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Handlers take the context by value: `async fn list(mut cx: Cx) -> Reply`.
impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Cx {
    type Rejection = crate::Error;

    async fn from_request_parts(parts: &mut request::Parts, _: &S) -> Result<Self> {
        let cx = parts.extensions.get::<Self>().cloned();
        cx.ok_or_else(|| crate::Error::internal("a route outside of the platform's router asked for its context"))
    }
}
