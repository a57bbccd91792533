pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod machines;
pub(crate) mod passkeys;
pub(crate) mod person;
pub(crate) mod provider;
pub(crate) mod sign_in;
pub(crate) mod staff;
pub(crate) mod step;

use crate::model::PostRow;
use axum::http::HeaderMap;
use ui::Speaker;

/// A post in a line: role, place, period.
pub(crate) fn post_line(w: Speaker, post: &PostRow) -> String {
    let day = |day: Option<values::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let period = match (post.valid_from, post.valid_to) {
        (None, None) => String::new(),
        (from, to) => format!(" · {}–{}", day(from), day(to)),
    };
    let place = post.place_name.as_deref().unwrap_or(&post.place);
    let department = post.department.as_deref().map(|code| format!(" · {}", department(w, code))).unwrap_or_default();
    format!("{}{department} · {place}{period}", w.t(&format!("role-{}", post.role)))
}

/// A department by its name, and as its deliveries name it.
fn department(w: Speaker, code: &str) -> String {
    w.find(&format!("department-{code}")).map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"))
}

/// A few words for a browser's long name: what a person recognises in a list of sessions.
pub(crate) fn device(agent: &str) -> String {
    let first = |names: &[&str]| names.iter().find(|name| agent.contains(**name)).map(ToString::to_string);
    let browser = first(&["MicroMessenger", "Edg", "Firefox", "Chrome", "Safari"]);
    let system = first(&["Android", "iPhone", "Windows", "Mac OS", "Linux"]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The session's cookie ends with the session at the latest.
pub(crate) fn give_session(headers: &mut HeaderMap, cx: &kernel::Cx, token: &str) {
    let seconds = cx.world().terms.session.absolute / kernel::Moment::SECOND;
    kernel::web::set_cookie(headers, cx.world(), kernel::web::SESSION, token, seconds);
}
