use crate::World;
use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub const SESSION: &str = "fuzhi";
/// `zh` or `en`.
pub const LANGUAGE: &str = "language";
/// Names a visit before anybody has signed in, so that the sign-in form has a token too.
pub(crate) const VISIT: &str = "visit";

/// The value of a cookie the browser sent.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A cookie that scripts can't read and other sites can't send along with a form.
pub fn set_cookie(headers: &mut HeaderMap, world: &World, name: &str, value: &str, seconds: i64) {
    let secure = if world.behind_proxy { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(header::SET_COOKIE, line);
    }
}

pub fn clear_cookie(headers: &mut HeaderMap, world: &World, name: &str) {
    set_cookie(headers, world, name, "", 0);
}
