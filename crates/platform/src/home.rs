use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Domain, MenuGroup, PUBLIC, RESIDENT, Routes, Who};

/// The front door, and a word for whoever watches over the machine.
pub(crate) fn domain() -> Domain {
    let routes =
        Routes::new().page("/", front, PUBLIC).page("/health", health, PUBLIC).asset("/api/openapi.json", openapi);
    Domain { routes, ..Domain::named("platform") }
}

/// Leads everybody to the first page of their own work, a family to its own page, others to where they sign in.
async fn front(cx: Cx) -> Reply {
    if cx.can(RESIDENT) {
        return Ok(see_other(residents::OWN_PAGE));
    }
    if cx.who == Who::Nobody {
        return Ok(see_other(staff::SIGN_IN));
    }
    let first = |group| cx.visit.menu.iter().find(move |entry| entry.group == group);
    let groups = [MenuGroup::Work, MenuGroup::Administration, MenuGroup::Records, MenuGroup::Own];
    Ok(see_other(groups.into_iter().find_map(first).map_or("/account", |entry| entry.path)))
}

/// The machine interface, as OpenAPI 3.1.
async fn openapi() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, include_str!("../../../docs/openapi.json")).into_response()
}

/// Says that the program runs and its store answers.
async fn health(mut cx: Cx) -> Reply {
    let (_,): (i64,) = cx.sql("select count(*) from migrations").get().await?;
    Ok(axum::response::IntoResponse::into_response("ok\n"))
}
