use super::device;
use crate::actions;
use askama::Template;
use axum::extract::Path;
use kernel::web::{Reply, see_other};
use kernel::{Cx, sessions};
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    shell: Shell,
    name: String,
    account: String,
    posts: Vec<(String, String)>,
    sessions: Vec<Open>,
}

/// One of the reader's sessions.
struct Open {
    hash: String,
    device: String,
    address: String,
    since: String,
    seen: String,
    this_one: bool,
}

pub(crate) async fn show(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let staff = cx.staff()?.clone();
    let open = sessions::list(&mut cx, &staff.id).await?.into_iter().map(|session| Open {
        this_one: cx.visit.session.as_deref() == Some(session.token_hash.as_str()),
        device: device(&session.device),
        address: session.address,
        since: format!("{} {}", session.made_at.day(), session.made_at.clock_face()),
        seen: format!("{} {}", session.seen_at.day(), session.seen_at.clock_face()),
        hash: session.token_hash,
    });
    let sessions = open.collect();
    let posts = staff.posts.iter().map(|post| (w.t(&format!("role-{}", post.role.code())), post.place_name.clone()));
    let (posts, shell) = (posts.collect(), Shell::new(&cx, w.t("account-title")));
    Ok(page(&Account { shell, posts, sessions, name: staff.name, account: staff.account }))
}

pub(crate) async fn end_session(mut cx: Cx, Path(hash): Path<String>) -> Reply {
    let staff = cx.staff_id()?;
    actions::end_session(&mut cx, &staff, &hash).await?;
    Ok(see_other("/account"))
}
