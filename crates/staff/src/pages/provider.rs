//! To the identity provider and back.

use super::{sign_in, step};
use crate::actions;
use crate::provider::{self, Attempt, Trouble};
use axum::extract::{Form, Path, Query};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use kernel::limits::{Limit, Per};
use kernel::provider::Provider;
use kernel::web::{Reply, clear_cookie, cookie, encoded, see_other, set_cookie};
use kernel::{Cx, Moment};
use serde::Deserialize;
use std::sync::Arc;
use ui::Speaker;

/// The cookie that remembers an attempt: a random text, and where to go afterwards.
const ATTEMPT: &str = "provider";
/// How long somebody may take at the provider.
const LASTS: i64 = 10 * Moment::MINUTE;
/// How often one address may be sent there and back.
const SIGN_IN: Limit = Limit { name: "sign_in", per: Per::Address };

/// The provider, where this installation has one; without, these addresses lead to the sign-in page.
fn provider_of(cx: &Cx) -> Option<Arc<Provider>> {
    cx.world().provider.clone()
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    then: String,
}

/// `GET /signin/provider`: off to the provider.
pub(crate) async fn go(mut cx: Cx, Query(Asked { then }): Query<Asked>) -> Reply {
    cx.spend(SIGN_IN)?;
    let Some(provider) = provider_of(&cx) else { return Ok(see_other(crate::SIGN_IN)) };
    let described = match provider::describe(cx.world(), &provider).await {
        Ok(described) => described,
        Err(trouble) => return sorry(&mut cx, trouble).await,
    };
    let seed = cx.world().dice.token();
    let address = provider::asking_address(cx.world(), &provider, &described, &Attempt { seed: &seed });
    let mut response = Redirect::to(&address).into_response();
    let remembered = format!("{seed}.{}", encoded(ui::own_path(Some(&then))));
    set_cookie(response.headers_mut(), cx.world(), ATTEMPT, &remembered, LASTS / Moment::SECOND);
    Ok(response)
}

async fn sorry(cx: &mut Cx, trouble: Trouble) -> Reply {
    let w = Speaker::new(cx.language);
    tracing::warn!(?trouble, "signing in by the provider failed");
    sign_in::sorry(cx, w.t(trouble.key())).await
}

#[derive(Deserialize)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
}

/// `GET /signin/provider/return`: who is it, and whose account is that.
pub(crate) async fn back(mut cx: Cx, headers: HeaderMap, Query(back): Query<Back>) -> Reply {
    cx.spend(SIGN_IN)?;
    let Some(provider) = provider_of(&cx) else { return Ok(see_other(crate::SIGN_IN)) };
    let remembered = cookie(&headers, ATTEMPT).and_then(|text| text.split_once('.')).unwrap_or_default();
    let (attempt, then) = (Attempt { seed: remembered.0 }, decoded(remembered.1));
    let begun = !attempt.seed.is_empty() && back.state.as_deref() == Some(attempt.state(cx.world()).as_str());
    let known = match back.code {
        _ if !begun => Err(Trouble::TooLate),
        None => Err(Trouble::Denied),
        Some(code) => provider::ask(cx.world(), &provider, &attempt, &code).await,
    };
    let mut response = match known {
        Err(trouble) => sorry(&mut cx, trouble).await?,
        Ok(known) => match actions::come_by_provider(&mut cx, &known).await? {
            Some(token) => step::next(&cx, &token, ui::own_path(Some(&then))),
            None => {
                let w = Speaker::new(cx.language);
                sign_in::sorry(&mut cx, w.a("provider-unknown", &known.subject)).await?
            }
        },
    };
    clear_cookie(response.headers_mut(), cx.world(), ATTEMPT);
    Ok(response)
}

/// What [`encoded`] made of a path.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(digits, 16).ok());
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// `GET /signin/provider/end`: signed out there too.
pub(crate) async fn leave(mut cx: Cx) -> Reply {
    let Some(provider) = provider_of(&cx) else { return Ok(see_other(crate::SIGN_IN)) };
    match provider::describe(cx.world(), &provider).await {
        Ok(described) => {
            let address = provider::leaving_address(cx.world(), &provider, &described);
            Ok(Redirect::to(address.as_deref().unwrap_or(crate::SIGN_IN)).into_response())
        }
        Err(trouble) => sorry(&mut cx, trouble).await,
    }
}

#[derive(Deserialize)]
pub(crate) struct LinkForm {
    subject: String,
}

/// `POST /staff/{id}/provider`
pub(crate) async fn link(mut cx: Cx, Path(id): Path<String>, Form(form): Form<LinkForm>) -> Reply {
    actions::link(&mut cx, &id, &form.subject).await?;
    Ok(see_other(&format!("/staff/{id}")))
}

/// `POST /provider-links/{id}/end`
pub(crate) async fn unlink(mut cx: Cx, Path(link): Path<String>) -> Reply {
    let staff = actions::unlink(&mut cx, &link).await?;
    Ok(see_other(&format!("/staff/{staff}")))
}
