use crate::store;
use askama::Template;
use kernel::Cx;
use kernel::web::Reply;
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "staff.html")]
struct People {
    shell: Shell,
    people: Vec<Person>,
    may_open: bool,
}

struct Person {
    id: String,
    name: String,
    account: String,
    posts: Vec<String>,
}

/// Everybody's accounts and posts: who may see what is itself open to those who watch over it.
pub(crate) async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let people = store::list_staff(&mut cx).await?.into_iter().map(|staff| Person {
        posts: staff
            .posts
            .iter()
            .map(|post| format!("{} · {}", w.t(&format!("role-{}", post.role.code())), post.place_name))
            .collect(),
        id: staff.id.0,
        name: staff.name,
        account: staff.account,
    });
    let people = people.collect();
    let may_open = cx.can(crate::OPEN_ACCOUNTS);
    Ok(page(&People { shell: Shell::new(&cx, w.t("staff-title")), people, may_open }))
}
