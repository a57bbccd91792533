//! The one error page: what happened, what to do now, a number to quote.

use crate::{Shell, Speaker};
use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::web::{Fault, html};
use kernel::{Cx, Language, Message};

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    shell: Shell,
    what: String,
    faults: Vec<String>,
    ways: Vec<(String, String)>,
    number: String,
}

/// Says a refusal or a fault in a language: `kernel::web::Hooks::say`.
#[must_use]
pub fn say(language: Language, message: &Message) -> String {
    Speaker::new(language).message(message)
}

/// `kernel::web::Hooks::error_page`.
#[must_use]
pub fn error_page(cx: &Cx, fault: &Fault) -> Response {
    let w = Speaker::new(cx.language);
    let shell = Shell::new(cx, w.t(&format!("problem-{}-title", fault.kind.replace('_', "-"))));
    let here = cx.visit.path.split('?').next().unwrap_or("/").to_owned();
    let mut ways = vec![("/".to_owned(), w.t("problem-back"))];
    if matches!(fault.kind, "conflict" | "internal" | "refused") && here != "/" {
        // A form's address is often that of the page it stood on, with a noun behind it.
        let page = here.rsplit_once('/').map_or("/", |(page, _)| page).to_owned();
        ways.insert(0, (if page.is_empty() { "/".to_owned() } else { page }, w.t("problem-retry")));
    }
    let problem = Problem {
        what: w.message(&fault.message),
        faults: fault.fields.iter().map(|(_, message)| w.message(message)).collect(),
        ways,
        number: cx.visit.number.clone(),
        shell,
    };
    page(&problem)
}

/// A rendered page. A template that can't be rendered is our fault and says so.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => html(body),
        Err(cause) => kernel::Error::internal(cause).into_response(),
    }
}
