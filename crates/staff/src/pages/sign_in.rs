use super::{give_session, step};
use crate::actions::{self, SignedIn};
use crate::{demo, store};
use askama::Template;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use kernel::limits::{Limit, Per};
use kernel::web::{Reply, SESSION, clear_cookie, kept, see_other};
use kernel::{Cx, Who};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    shell: Shell,
    then: String,
    account: String,
    wrong: Option<String>,
    demo: Vec<DemoAccount>,
    /// What people call the identity provider, where there is one.
    provider: Option<String>,
    /// Somebody has just signed out.
    left: bool,
}

struct DemoAccount {
    account: String,
    password: &'static str,
    name: String,
    role: String,
    place: String,
}

#[derive(Deserialize)]
pub(crate) struct Then {
    then: Option<String>,
    #[serde(default)]
    left: String,
}

#[derive(Deserialize)]
pub(crate) struct Entry {
    account: String,
    password: String,
    then: Option<String>,
}

pub(crate) async fn show(mut cx: Cx, Query(Then { then, left }): Query<Then>) -> Reply {
    if cx.who != Who::Nobody {
        return Ok(see_other(ui::own_path(then.as_deref())));
    }
    let view = view(&mut cx, then, String::new(), None).await?;
    Ok(page(&SignIn { left: left == "yes", ..view }))
}

async fn view(cx: &mut Cx, then: Option<String>, account: String, wrong: Option<String>) -> kernel::Result<SignIn> {
    let w = Speaker::new(cx.language);
    let accounts = if cx.world().demo { store::list_demo(cx).await? } else { Vec::new() };
    let demo = accounts.into_iter().map(|(account, name, role, place)| DemoAccount {
        account,
        password: demo::DEMO_PASSWORD,
        name,
        role: w.t(&format!("role-{role}")),
        place: place.unwrap_or_default(),
    });
    let shell = Shell::new(cx, w.t("sign-in-title"));
    let provider = cx.world().provider.as_ref().map(|provider| provider.name.clone());
    let then = ui::own_path(then.as_deref()).to_owned();
    Ok(SignIn { shell, then, account, wrong, demo: demo.collect(), provider, left: false })
}

/// The page, saying why somebody isn't in.
pub(crate) async fn sorry(cx: &mut Cx, why: String) -> Reply {
    let view = view(cx, None, String::new(), Some(why)).await?;
    let mut response = page(&view);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// How often anybody at one address may try to sign in: guessing one password for many accounts is slow too.
const SIGN_IN: Limit = Limit { name: "sign_in", per: Per::Address };

pub(crate) async fn enter(mut cx: Cx, Form(entry): Form<Entry>) -> Reply {
    cx.spend(SIGN_IN)?;
    let w = Speaker::new(cx.language);
    let wrong = match actions::sign_in(&mut cx, entry.account.trim(), &entry.password).await? {
        SignedIn::Yes(token) => {
            let mut response = see_other(ui::own_path(entry.then.as_deref()));
            give_session(response.headers_mut(), &cx, &token);
            return Ok(response);
        }
        SignedIn::Then(token) => return Ok(step::next(&cx, &token, ui::own_path(entry.then.as_deref()))),
        SignedIn::No { left } => w.n("sign-in-wrong", left),
        SignedIn::Blocked { minutes } => w.n("sign-in-blocked", minutes),
    };
    let view = view(&mut cx, entry.then, entry.account, Some(wrong)).await?;
    let mut response = page(&view);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    // The attempt is counted although the answer is no.
    Ok(kept(response))
}

pub(crate) async fn leave(mut cx: Cx) -> Reply {
    actions::sign_out(&mut cx).await?;
    let by_provider = cx.world().provider.is_some();
    let mut response = see_other(if by_provider { "/signin?left=yes" } else { crate::SIGN_IN });
    clear_cookie(response.headers_mut(), cx.world(), SESSION);
    Ok(response)
}
