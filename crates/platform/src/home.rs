use kernel::web::{Reply, see_other};
use kernel::{Cx, Domain, MenuGroup, PUBLIC, Routes, SIGNED_IN};

/// The front door, and a word for whoever watches over the machine.
pub(crate) fn domain() -> Domain {
    let routes = Routes::new().page("/", front, SIGNED_IN).page("/health", health, PUBLIC);
    Domain { routes, ..Domain::named("platform") }
}

/// Leads everybody to the first page of their own work.
async fn front(cx: Cx) -> Reply {
    let first = |group| cx.visit.menu.iter().find(move |entry| entry.group == group);
    let groups = [MenuGroup::Work, MenuGroup::Administration, MenuGroup::Records, MenuGroup::Own];
    Ok(see_other(groups.into_iter().find_map(first).map_or("/account", |entry| entry.path)))
}

/// Says that the program runs and its store answers.
async fn health(mut cx: Cx) -> Reply {
    let (_,): (i64,) = cx.sql("select count(*) from migrations").get().await?;
    Ok(axum::response::IntoResponse::into_response("ok\n"))
}
