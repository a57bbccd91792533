//! Passkeys: made on one's own page, used as the second step.

use super::step::Recovery;
use crate::passkey::{self, Passkey};
use crate::{factors, store};
use axum::extract::Form;
use kernel::web::Reply;
use kernel::{Cx, Result};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

/// What the page asks the browser's authenticator, as the script reads it, and the challenge in it.
pub(crate) struct Asked {
    pub options: String,
    pub challenge: String,
}

/// What a visit is called, for what it is asked.
fn visit(cx: &Cx) -> String {
    cx.visit.session.clone().unwrap_or_default()
}

/// What is asked to make one; nothing where this installation has no passkeys.
pub(crate) async fn creation(cx: &mut Cx) -> Result<Option<Asked>> {
    if !passkey::is_offered(cx.world()) {
        return Ok(None);
    }
    let (staff, account) = (cx.staff_id()?.0, cx.staff()?.account.clone());
    let have = have(cx, &staff).await?;
    let challenge = factors::challenge(cx, &visit(cx));
    let options = passkey::creation(cx.world(), &challenge, (&staff, &account), &have);
    Ok(options.map(|options| Asked { options: options.to_string(), challenge }))
}

async fn have(cx: &mut Cx, staff: &str) -> Result<Vec<Passkey>> {
    Ok(factors::passkeys(cx, staff).await?.into_iter().map(|(_, passkey, _)| passkey).collect())
}

/// What is asked to prove one in the second step; nothing where the account has none.
pub(crate) async fn request(cx: &mut Cx, staff: &str) -> Result<Option<Asked>> {
    let have = have(cx, staff).await?;
    if have.is_empty() {
        return Ok(None);
    }
    let challenge = factors::challenge(cx, staff);
    let options = passkey::request(cx.world(), &challenge, &have);
    Ok(options.map(|options| Asked { options: options.to_string(), challenge }))
}

#[derive(Deserialize)]
pub(crate) struct MadeForm {
    challenge: String,
    answer: String,
    #[serde(default)]
    label: String,
}

/// `POST /account/passkeys`
pub(crate) async fn add(mut cx: Cx, Form(form): Form<MadeForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let (staff, visit) = (cx.staff_id()?.0, visit(&cx));
    let asked = (visit.as_str(), form.challenge.as_str());
    let first = store::list_factors(&mut cx, &staff).await?.is_empty();
    let codes = factors::add_passkey(&mut cx, &staff, asked, &form.answer, &form.label).await?;
    if !first && codes.is_empty() {
        return Ok(kernel::web::see_other("/account"));
    }
    Ok(page(&Recovery { shell: Shell::new(&cx, w.t("recovery-title")), codes, then: "/account".to_owned() }))
}
