//! How pages look and speak: the layout, its parts, figures, numbers, both languages, the error page.
//!
//! A domain's page is a struct with an askama template that extends `layout.html` and holds a [`Shell`]
//! (the frame: who, where, menu) and, where it says things, a [`Speaker`]. [`page`] renders it.
//! Parts are named as in the reference and live in `templates/parts.html`; [`figure`] draws charts.
//! Everything works without script; `assets/fuzhi.js` only saves round trips.

pub mod assets;
pub mod figure;
pub mod numbers;
pub mod print;
mod problem;
pub mod sheet;
mod shell;
mod speaker;

pub use problem::{error_page, page, say};
pub use shell::{Group, Item, Reader, Shell};
pub use speaker::{Arg, Locales, SHELL, Speaker, learn};

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::web::{LANGUAGE, Reply, see_other, set_cookie};
use kernel::{Cx, Domain, Language, PUBLIC, Routes};
use serde::Deserialize;

/// What the interface itself serves: its two files and the switch of languages.
#[must_use]
pub fn domain() -> Domain {
    let routes = Routes::new().asset("/assets/{name}", asset).page("/language", language, PUBLIC);
    Domain { routes, locales: learn(SHELL), ..Domain::named("ui") }
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&format!("/assets/{name}")) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let gzip = accepts.contains("gzip") && !asset.gzip.is_empty();
    let mut response = if gzip { asset.gzip.clone() } else { asset.plain.clone() }.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

#[derive(Deserialize)]
struct Switch {
    to: String,
    back: Option<String>,
}

const A_YEAR: i64 = 365 * 24 * 60 * 60;

/// A path of this program, or its front door: nobody is led elsewhere by an address in a link.
#[must_use]
pub fn own_path(path: Option<&str>) -> &str {
    let ours = |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    path.filter(ours).unwrap_or("/")
}

#[cfg(test)]
#[test]
fn nobody_is_led_elsewhere() {
    for elsewhere in ["//host", "/\\host", "https://host", "/a\r\nb"] {
        assert_eq!(own_path(Some(elsewhere)), "/");
    }
    assert_eq!(own_path(Some("/findings?state=visit")), "/findings?state=visit");
}

/// Remembers the reader's language and goes back to where they were.
async fn language(cx: Cx, Query(switch): Query<Switch>) -> Reply {
    let mut response = see_other(own_path(switch.back.as_deref()));
    if let Some(language) = Language::from_code(&switch.to) {
        set_cookie(response.headers_mut(), cx.world(), LANGUAGE, language.code(), A_YEAR);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_said_in_both_languages() {
        let (zh, en) = (Speaker::new(Language::Zh), Speaker::new(Language::En));
        assert_eq!(zh.t("undo"), "撤销");
        assert_eq!(en.a("problem-number", "4F7A-21"), "When you call for help, quote this number: 4F7A-21");
        assert_eq!(zh.t("no-such-message"), "no-such-message");
    }
}
