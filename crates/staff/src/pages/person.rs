//! One account: its posts and factors, and what each administrator may do about them.

use super::machines::{self, Machine};
use super::post_line;
use crate::model::{NewPost, PostRow, department_of};
use crate::{actions, store};
use askama::Template;
use axum::extract::{Form, Path};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, PlaceKey, Role, message};
use serde::Deserialize;
use ui::{Shell, Speaker, page};
use values::{Day, Validity};

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    id: String,
    account: String,
    posts: Vec<Held>,
    factors: i64,
    roles: Vec<(&'static str, String)>,
    today: String,
    may_open: bool,
    may_give: bool,
    may_revoke: bool,
    machines: Vec<Machine>,
    /// What a token can be for: the names of permissions.
    scopes: Vec<&'static str>,
    /// What people call the identity provider, and who this account is there.
    provider: Option<String>,
    links: Vec<(String, String)>,
}

struct Held {
    id: String,
    line: String,
    lent: bool,
}

/// `GET /staff/{id}`
pub(crate) async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let found = actions::of_county(&mut cx, &id).await?;
    let staff = store::find_staff(&mut cx, &kernel::StaffId(id.clone())).await?.ok_or(Error::NotFound)?;
    let held = |post: &PostRow| Held {
        id: post.id.clone(),
        line: if post.staff == id { post_line(w, post) } else { format!("{} → {}", post_line(w, post), post.name) },
        lent: post.delegated_from.is_some(),
    };
    let shown = PersonPage {
        posts: store::list_posts(&mut cx, &id).await?.iter().map(held).collect(),
        factors: store::list_factors(&mut cx, &id).await?.len() as i64,
        roles: Role::ALL.map(|role| (role.code(), w.t(&format!("role-{}", role.code())))).into(),
        today: cx.today().to_string(),
        may_open: cx.can(crate::OPEN_ACCOUNTS),
        may_give: cx.can(crate::GIVE_POSTS),
        may_revoke: cx.can(crate::REVOKE_TOKENS),
        machines: machines::of_account(&mut cx, &staff.id).await?,
        provider: cx.world().provider.as_ref().map(|provider| provider.name.clone()),
        links: store::list_links(&mut cx, &id).await?.into_iter().map(|link| (link.id, link.subject)).collect(),
        scopes: cx.interface().iter().map(|permission| permission.name).collect(),
        shell: Shell::new(&cx, staff.name),
        account: found.account,
        id,
    };
    Ok(page(&shown))
}

#[derive(Template)]
#[template(path = "first.html")]
struct First {
    shell: Shell,
    id: String,
    account: String,
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct AccountForm {
    name: String,
    account: String,
}

/// `POST /staff`: opens an account; its first password is shown here and nowhere else.
pub(crate) async fn open(mut cx: Cx, Form(form): Form<AccountForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let (id, password) = actions::open_account_for(&mut cx, form.account.trim(), form.name.trim()).await?;
    let shell = Shell::new(&cx, w.t("first-title"));
    Ok(page(&First { shell, id: id.0, account: form.account.trim().to_owned(), password }))
}

/// `POST /staff/{id}/password`
pub(crate) async fn reset_password(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let account = actions::of_county(&mut cx, &id).await?.account;
    let password = actions::reset_password(&mut cx, &id).await?;
    Ok(page(&First { shell: Shell::new(&cx, w.t("first-title")), id, account, password }))
}

/// `POST /staff/{id}/closure`
pub(crate) async fn close(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::close_account(&mut cx, &id).await?;
    Ok(see_other("/staff"))
}

#[derive(Deserialize)]
pub(crate) struct PostForm {
    role: String,
    place: String,
    from: String,
    to: String,
    #[serde(default)]
    department: String,
    reason: String,
}

/// `POST /staff/{id}/posts`
pub(crate) async fn appoint(mut cx: Cx, Path(id): Path<String>, Form(form): Form<PostForm>) -> Reply {
    let role = Role::from_code(&form.role).ok_or_else(|| Error::invalid("role", message("staff-role-unknown")))?;
    let unknown = || Error::invalid("place", message("staff-place-unknown"));
    let code = form.place.trim();
    let place = PlaceKey::from_code(code).map_err(|_| unknown())?;
    // City and province lie above the county's own tree.
    if !matches!(role, Role::City | Role::Province) && places::find(&mut cx, place).await?.is_none() {
        return Err(unknown());
    }
    let period = Validity { from: day("from", &form.from)?, to: day("to", &form.to)? };
    let department = department_of(role, &form.department).map_err(|why| Error::invalid("department", why))?;
    actions::appoint(&mut cx, &id, NewPost { role, place, period, department }, &form.reason).await?;
    Ok(see_other(&format!("/staff/{id}")))
}

fn day(field: &'static str, text: &str) -> kernel::Result<Option<Day>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Day::parse_iso(text.trim()).map(Some).map_err(|_| Error::invalid(field, message("staff-day-wrong")))
}

#[derive(Deserialize)]
pub(crate) struct ReasonForm {
    reason: String,
}

/// `POST /posts/{id}/end`
pub(crate) async fn end_post(mut cx: Cx, Path(post): Path<String>, Form(form): Form<ReasonForm>) -> Reply {
    let held = store::get_post(&mut cx, &post).await?.staff;
    actions::end_post(&mut cx, &post, &form.reason).await?;
    Ok(see_other(&format!("/staff/{held}")))
}

/// `POST /staff/{id}/factors/end`: after a lost phone; the person enrols anew when they sign in.
pub(crate) async fn end_factors(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::end_factors(&mut cx, &id).await?;
    Ok(see_other(&format!("/staff/{id}")))
}
