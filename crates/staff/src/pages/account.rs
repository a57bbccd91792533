use super::passkeys::{self, Asked};
use super::step::{self, Recovery};
use super::{device, post_line};
use crate::factors;
use crate::model::PostRow;
use crate::{actions, password, store};
use askama::Template;
use axum::extract::{Form, Path};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Moment, Result, message, sessions, totp};
use serde::Deserialize;
use ui::{Shell, Speaker, page};
use values::Day;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    shell: Shell,
    name: String,
    account: String,
    posts: Vec<(String, String)>,
    sessions: Vec<Open>,
    factors: Vec<Held>,
    recovery: i64,
    /// Posts that can be lent, and those that are.
    own: Vec<Lendable>,
    lent: Vec<Lendable>,
    today: String,
    /// What the browser is asked to make a passkey.
    passkey: Option<Asked>,
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

struct Held {
    id: String,
    kind: String,
    label: String,
    since: String,
}

struct Lendable {
    id: String,
    line: String,
}

pub(crate) async fn show(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let staff = cx.staff()?.clone();
    let open = sessions::list(&mut cx, &staff.id).await?.into_iter().map(|session| Open {
        this_one: cx.visit.session.as_deref() == Some(session.token_hash.as_str()),
        device: device(&session.device),
        address: session.address,
        since: when(session.made_at),
        seen: when(session.seen_at),
        hash: session.token_hash,
    });
    let sessions = open.collect();
    let held = store::list_factors(&mut cx, &staff.id.0).await?;
    let factors = held.into_iter().map(|factor| Held {
        kind: w.t(&format!("factor-{}", factor.kind)),
        since: when(factor.made_at),
        id: factor.id,
        label: factor.label,
    });
    let of_posts = store::list_posts(&mut cx, &staff.id.0).await?;
    let today = cx.today();
    let lendable = |post: &&PostRow| {
        let role = post.role().is_some_and(|role| !role.is_administrator());
        role && post.staff == staff.id.0 && post.delegated_from.is_none() && post.valid_to.is_none_or(|to| today <= to)
    };
    let line = |post: &PostRow| Lendable { id: post.id.clone(), line: post_line(w, post) };
    let lent = |post: &&PostRow| post.staff != staff.id.0 && post.valid_to.is_none_or(|to| today <= to);
    let posts = staff.posts.iter().map(|post| (w.t(&format!("role-{}", post.role.code())), post.place_name.clone()));
    let shown = Account {
        posts: posts.collect(),
        sessions,
        factors: factors.collect(),
        recovery: store::count_recovery_codes(&mut cx, &staff.id.0).await?,
        own: of_posts.iter().filter(lendable).map(line).collect(),
        lent: of_posts.iter().filter(lent).map(|post| Lendable { line: lent_line(w, post), ..line(post) }).collect(),
        today: today.to_string(),
        passkey: passkeys::creation(&mut cx).await?,
        shell: Shell::new(&cx, w.t("account-title")),
        name: staff.name.clone(),
        account: staff.account.clone(),
    };
    Ok(page(&shown))
}

fn lent_line(w: Speaker, post: &PostRow) -> String {
    format!("{} → {}", post_line(w, post), post.name)
}

fn when(at: Moment) -> String {
    format!("{} {}", at.day(), at.clock_face())
}

pub(crate) async fn end_session(mut cx: Cx, Path(hash): Path<String>) -> Reply {
    let staff = cx.staff_id()?;
    actions::end_session(&mut cx, &staff, &hash).await?;
    Ok(see_other("/account"))
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    old: String,
    password: String,
    again: String,
}

/// `POST /account/password`
pub(crate) async fn change_password(mut cx: Cx, Form(form): Form<NewPassword>) -> Reply {
    let id = own_by_password(&mut cx, "old", &form.old).await?;
    actions::change_password(&mut cx, &id, &form.password, &form.again).await?;
    Ok(see_other("/account"))
}

/// The reader's id, once they have proven again that it is they who sit there.
async fn own_by_password(cx: &mut Cx, field: &'static str, typed: &str) -> Result<String> {
    let id = cx.staff_id()?.0;
    let found = store::find_credentials_of(&mut cx.outside(), &id).await?.ok_or(Error::NotFound)?;
    if password::is(typed, Some(&found.password_hash)).await? {
        Ok(id)
    } else {
        Err(Error::invalid(field, message("password-wrong")))
    }
}

#[derive(Template)]
#[template(path = "factor.html")]
struct NewFactor {
    shell: Shell,
    secret: String,
    picture: String,
}

/// The secret of an app that is being added by this session.
fn secret(cx: &Cx) -> Result<Vec<u8>> {
    let (staff, session) = (cx.staff_id()?, cx.visit.session.as_deref().unwrap_or_default());
    Ok(factors::secret_for(cx.world(), &format!("{}.{session}", staff.0)))
}

/// `GET /account/factors`: one more app.
pub(crate) async fn new_factor(cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let secret = totp::base32(&secret(&cx)?);
    let picture = step::picture(&cx.staff()?.account, &secret);
    Ok(page(&NewFactor { shell: Shell::new(&cx, w.t("factor-title")), secret: step::in_fours(&secret), picture }))
}

#[derive(Deserialize)]
pub(crate) struct FactorForm {
    code: String,
    #[serde(default)]
    label: String,
}

/// `POST /account/factors`
pub(crate) async fn add_factor(mut cx: Cx, Form(form): Form<FactorForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let (id, secret) = (cx.staff_id()?.0, secret(&cx)?);
    let codes = factors::enrol(&mut cx, &id, &secret, &form.code, &form.label).await?;
    Ok(page(&Recovery { shell: Shell::new(&cx, w.t("recovery-title")), codes, then: "/account".to_owned() }))
}

#[derive(Deserialize)]
pub(crate) struct EndForm {
    password: String,
}

/// `POST /factors/{id}/end`: one of one's own; the last one stays where a post asks for one.
pub(crate) async fn end_factor(mut cx: Cx, Path(factor): Path<String>, Form(form): Form<EndForm>) -> Reply {
    let id = own_by_password(&mut cx, "password", &form.password).await?;
    let held = store::list_factors(&mut cx, &id).await?;
    if held.iter().all(|one| one.id != factor) {
        return Err(Error::NotFound);
    }
    let asked = cx.staff()?.posts.iter().any(|post| post.role.needs_second_factor());
    if asked && held.len() == 1 {
        return Err(Error::Refused(message("factor-last")));
    }
    store::end_factor(&mut cx, &id, &factor).await?;
    cx.audit("factor_ended", "staff", &id, "").await?;
    Ok(see_other("/account"))
}

/// `POST /account/recovery`: new codes to write down.
pub(crate) async fn new_recovery(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let id = cx.staff_id()?.0;
    if store::list_factors(&mut cx, &id).await?.is_empty() {
        return Err(Error::NotFound);
    }
    let codes = factors::new_recovery_codes(&mut cx, &id).await?;
    Ok(page(&Recovery { shell: Shell::new(&cx, w.t("recovery-title")), codes, then: "/account".to_owned() }))
}

#[derive(Deserialize)]
pub(crate) struct DelegationForm {
    account: String,
    from: String,
    to: String,
    reason: String,
}

/// `POST /posts/{id}/delegation`: one's own post, lent during leave.
pub(crate) async fn delegate(mut cx: Cx, Path(post): Path<String>, Form(form): Form<DelegationForm>) -> Reply {
    let day = |field, text: &str| Day::parse_iso(text).map_err(|_| Error::invalid(field, message("staff-day-wrong")));
    let days = (day("from", &form.from)?, day("to", &form.to)?);
    actions::delegate(&mut cx, &post, &form.account, days, &form.reason).await?;
    Ok(see_other("/account"))
}

/// `POST /posts/{id}/return`
pub(crate) async fn take_back(mut cx: Cx, Path(post): Path<String>) -> Reply {
    actions::take_back(&mut cx, &post).await?;
    Ok(see_other("/account"))
}
