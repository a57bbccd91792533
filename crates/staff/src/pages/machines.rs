//! Tokens by which machines come in by an account: issued by the system administrator, ended by either administrator.

use crate::actions;
use askama::Template;
use axum::extract::{Form, Path};
use kernel::tokens::{self, Token};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, FieldErrors, Moment, StaffId, message};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

/// A living token on the page of its account.
pub(crate) struct Machine {
    pub id: String,
    pub name: String,
    pub scopes: String,
    pub until: String,
    pub seen: String,
}

/// The machines of an account.
pub(crate) async fn of_account(cx: &mut Cx, staff: &StaffId) -> kernel::Result<Vec<Machine>> {
    let day = |at: Moment| at.day().to_string();
    let machine = |token: Token| Machine {
        until: day(token.ends_at),
        seen: token.seen_at.map(day).unwrap_or_default(),
        id: token.id,
        name: token.name,
        scopes: token.scopes,
    };
    Ok(tokens::list(cx, staff).await?.into_iter().map(machine).collect())
}

#[derive(Template)]
#[template(path = "token.html")]
struct Issued {
    shell: Shell,
    id: String,
    secret: String,
}

/// The longest that a form may give, in days.
const LONGEST: i64 = tokens::LONGEST / Moment::DAY;

/// `POST /staff/{id}/tokens`: the token is shown here and nowhere else. Its scopes come as one field each.
pub(crate) async fn issue(mut cx: Cx, Path(id): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Reply {
    let w = Speaker::new(cx.language);
    let found = actions::of_county(&mut cx, &id).await?;
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim());
    let asked = |name: &str| fields.iter().any(|(field, value)| field == "scope" && value == name);
    let scopes: Vec<&str> = cx.interface().iter().map(|one| one.name).filter(|name| asked(name)).collect();
    let (name, days) = (value("name").to_owned(), value("days").parse::<i64>().unwrap_or(0));
    let mut wrong = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 60 {
        wrong.add("name", message("token-name-missing"));
    }
    if scopes.is_empty() {
        wrong.add("scope", message("token-scope-missing"));
    }
    if !(1..=LONGEST).contains(&days) {
        wrong.add("days", message("token-days-wrong").with("n", LONGEST));
    }
    wrong.into_result()?;
    let scopes = scopes.join(" ");
    let secret = tokens::issue(&mut cx, &StaffId(found.id), &name, &scopes, days).await?;
    Ok(page(&Issued { shell: Shell::new(&cx, w.t("token-title")), id, secret }))
}

#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    account: String,
}

/// `POST /tokens/{id}/revocation`
pub(crate) async fn revoke(mut cx: Cx, Path(id): Path<String>, Form(back): Form<Back>) -> Reply {
    match tokens::revoke(&mut cx, &id).await {
        Ok(()) => Ok(see_other(ui::own_path(Some(&format!("/staff/{}", back.account))))),
        // It has ended already, or isn't this county's: the same words for both.
        Err(Error::Conflict(None)) => Err(Error::NotFound),
        Err(error) => Err(error),
    }
}
