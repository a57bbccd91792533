//! `/signin/family`: where somebody types the code from the paper.

use crate::actions::{self, Entered};
use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use kernel::web::{Reply, SESSION, clear_cookie, kept, see_other, set_cookie};
use kernel::{Cx, Moment};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "door.html")]
struct DoorPage {
    shell: Shell,
    w: Speaker,
    wrong: Option<String>,
}

/// `GET /signin/family`
pub async fn show(cx: Cx) -> Reply {
    if cx.who.household().is_some() {
        return Ok(see_other(crate::OWN_PAGE));
    }
    Ok(page(&door(&cx, None)))
}

fn door(cx: &Cx, wrong: Option<String>) -> DoorPage {
    let w = Speaker::new(cx.language);
    DoorPage { shell: Shell::new(cx, w.t("door-title")), w, wrong }
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /signin/family`
pub async fn enter(mut cx: Cx, Form(form): Form<CodeForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let wrong = match actions::enter(&mut cx, &form.code).await? {
        Entered::Yes(token) => {
            let mut response = see_other(crate::OWN_PAGE);
            let lasts = cx.world().terms.session.absolute / Moment::SECOND;
            set_cookie(response.headers_mut(), cx.world(), SESSION, &token, lasts);
            return Ok(response);
        }
        Entered::Wrong => w.t("door-wrong"),
        Entered::Later(minutes) => w.n("door-later", minutes),
    };
    let mut response = page(&door(&cx, Some(wrong)));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    // The attempt is counted although the answer is no.
    Ok(kept(response))
}

/// `POST /my/end`
pub async fn leave(mut cx: Cx) -> Reply {
    actions::leave(&mut cx).await?;
    let mut response = see_other("/signin/family");
    clear_cookie(response.headers_mut(), cx.world(), SESSION);
    Ok(response)
}
