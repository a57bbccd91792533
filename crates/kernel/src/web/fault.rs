use super::{App, BODY_LIMIT};
use crate::{Cx, Error, Message, Who, message};
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// What an error page or a problem document says.
#[derive(Clone, Debug)]
pub struct Fault {
    pub status: StatusCode,
    /// `not_found`, `forbidden`, `refused`, `invalid`, `conflict`, `too_many`, `too_large`, `unauthorized`, `internal`.
    pub kind: &'static str,
    pub message: Message,
    pub fields: Vec<(&'static str, Message)>,
    /// Both versions are kept and can be looked at.
    pub kept: bool,
}

/// What a handler gives: a page, or an error that becomes one.
pub type Reply = crate::Result<Response>;

/// Rides on a response from a handler to the edge.
#[derive(Clone)]
pub(crate) struct Failed(pub Arc<Error>);

/// Marks a response whose transaction is committed although the answer is a refusal: a failed sign-in is counted.
#[derive(Clone, Copy)]
pub(crate) struct Keep;

/// Commits what was written although the answer says no.
#[must_use]
pub fn kept(mut response: Response) -> Response {
    response.extensions_mut().insert(Keep);
    response
}

impl Fault {
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let plain = |status, kind, key| Self { status, kind, message: message(key), fields: Vec::new(), kept: false };
        match error {
            Error::NotFound => plain(StatusCode::NOT_FOUND, "not_found", "error-not-found"),
            Error::Forbidden => plain(StatusCode::FORBIDDEN, "forbidden", "error-forbidden"),
            Error::Refused(said) => {
                Self { message: said.clone(), ..plain(StatusCode::UNPROCESSABLE_ENTITY, "refused", "") }
            }
            Error::Invalid(fields) => {
                Self { fields: fields.0.clone(), ..plain(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "error-invalid") }
            }
            Error::Conflict(kept) => {
                Self { kept: kept.is_some(), ..plain(StatusCode::CONFLICT, "conflict", "error-conflict") }
            }
            Error::TooMany { seconds } => Self {
                message: message("error-too-many").with("n", seconds),
                ..plain(StatusCode::TOO_MANY_REQUESTS, "too_many", "")
            },
            Error::TooLarge { megabytes } => Self {
                message: message("error-body-too-large").with("n", megabytes),
                ..plain(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "")
            },
            Error::Internal(_) if error.is_transient() => {
                plain(StatusCode::SERVICE_UNAVAILABLE, "internal", "error-busy")
            }
            Error::Internal(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "internal", "error-internal"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = Fault::of(&self).status.into_response();
        response.extensions_mut().insert(Failed(Arc::new(self)));
        response
    }
}

pub(crate) async fn nothing_here() -> Error {
    Error::NotFound
}

/// Whether the asker is a program: by what it accepts, or by the path.
pub(crate) fn asks_for_json(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    path.starts_with("/api/")
        || accept.starts_with("application/json")
        || accept.starts_with("application/problem+json")
}

/// Turns what went wrong into what is read, and logs it once.
pub(crate) fn tell(app: &App, cx: &Cx, json_wanted: bool, response: Response) -> Response {
    let failed = response.extensions().get::<Failed>().cloned();
    let bare = response.headers().get(header::CONTENT_TYPE).is_none() && response.status().is_client_error();
    let error = match failed {
        Some(Failed(error)) => error,
        // axum's own refusals (a malformed path or form) come as plain text; ours read better.
        None if is_plain_refusal(&response) || bare => Arc::new(refusal_of(response.status())),
        None => return response,
    };
    let number = cx.visit.number.as_str();
    // A query may hold a family's name, typed to find it.
    let path = cx.visit.path.split('?').next().unwrap_or_default();
    if let Error::Internal(cause) = &*error {
        tracing::error!(number, path, %cause, "request failed");
    } else {
        tracing::debug!(number, path, error = %error, "request refused");
    }
    let mut fault = Fault::of(&error);
    let stranger = json_wanted && cx.who == Who::Nobody && matches!(*error, Error::Forbidden);
    if stranger {
        (fault.status, fault.kind) = (StatusCode::UNAUTHORIZED, "unauthorized");
        fault.message = message("error-no-token");
    }
    let mut told = if json_wanted { problem(app, cx, &fault) } else { (app.hooks().error_page)(cx, &fault) };
    *told.status_mut() = fault.status;
    if stranger {
        told.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Error::TooMany { seconds } = *error {
        told.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let cookies: Vec<HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    for line in cookies {
        told.headers_mut().append(header::SET_COOKIE, line);
    }
    told
}

fn is_plain_refusal(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    response.status().is_client_error() && kind.starts_with("text/plain")
}

fn refusal_of(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::NotFound,
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Error::Forbidden,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge { megabytes: BODY_LIMIT >> 20 },
        _ => Error::Refused(message("error-malformed")),
    }
}

fn problem(app: &App, cx: &Cx, fault: &Fault) -> Response {
    let say = |message: &Message| (app.hooks().say)(cx.language, message);
    let fields: Vec<_> =
        fault.fields.iter().map(|(field, message)| json!({"field": field, "detail": say(message)})).collect();
    let mut body = json!({
        "type": format!("/problems/{}", fault.kind), "title": fault.kind, "status": fault.status.as_u16(),
        "detail": say(&fault.message), "instance": cx.visit.number,
    });
    if !fields.is_empty() {
        body["errors"] = fields.into();
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
    (fault.status, kind, Json(body)).into_response()
}
