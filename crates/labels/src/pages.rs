//! The code on a door, a family's label on its page, and sheets to print.

use crate::{actions, model, store};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, header};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

/// Labels on a sheet: three columns, eight rows.
const SHEET: usize = 24;

/// `GET /q/{token}`: leads to the family's file, for whoever may see it.
pub async fn scan(mut cx: Cx, Path(token): Path<String>) -> Reply {
    let household = actions::scan(&mut cx, &token).await?;
    Ok(see_other(&format!("/households/{household}")))
}

struct Square {
    side: usize,
    path: String,
}

/// The code as it is drawn, with the address by which this program was reached.
fn square(cx: &Cx, headers: &HeaderMap, token: &str) -> Result<Square, Error> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if cx.world().behind_proxy { "https" } else { "http" };
    let address = format!("{scheme}://{host}/q/{}", actions::on_door(cx, token));
    let drawn = model::drawn(&address).ok_or_else(|| Error::internal("this address fits in no code"))?;
    Ok(Square { side: drawn.0, path: drawn.1 })
}

#[derive(Template)]
#[template(path = "label-of-household.html")]
struct HouseholdPanel {
    w: Speaker,
    csrf: String,
    household: String,
    square: Option<Square>,
}

/// `GET /labels/of-household/{id}`
pub async fn of_household(mut cx: Cx, Path(household): Path<String>, headers: HeaderMap) -> Reply {
    let w = Speaker::new(cx.language);
    households::store::check(&mut cx, &household).await?;
    let token = store::find_token(&mut cx, &household).await?;
    let square = token.map(|token| square(&cx, &headers, &token)).transpose()?;
    Ok(page(&HouseholdPanel { csrf: cx.visit.csrf.clone(), w, household, square }))
}

/// `POST /households/{id}/label`
pub async fn replace(mut cx: Cx, Path(household): Path<String>) -> Reply {
    actions::replace(&mut cx, &household).await?;
    Ok(see_other(&format!("/households/{household}#label")))
}

/// `POST /households/{id}/label/end`
pub async fn take_down(mut cx: Cx, Path(household): Path<String>) -> Reply {
    actions::take_down(&mut cx, &household).await?;
    Ok(see_other(&format!("/households/{household}#label")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
}

#[derive(Template)]
#[template(path = "labels.html")]
struct SheetPage {
    shell: Shell,
    w: Speaker,
    labels: Vec<Printed>,
    next_page: Option<String>,
    at_a_time: i64,
}

struct Printed {
    household: String,
    who: String,
    place: String,
    square: Square,
}

/// `GET /labels`: a sheet of labels, printed from the browser.
pub async fn sheet(mut cx: Cx, Query(asked): Query<Asked>, headers: HeaderMap) -> Reply {
    let w = Speaker::new(cx.language);
    let after = asked.after.split_once('.').map(|(place, household)| (place.to_owned(), household.to_owned()));
    let mut found = store::list(&mut cx, after, SHEET + 1).await?;
    let more = found.len() > SHEET;
    found.truncate(SHEET);
    let next_page = found.last().filter(|_| more).map(|last| format!("{}.{}", last.place, last.household));
    let keys: Vec<String> = found.iter().map(|one| one.place.clone()).collect();
    let names = places::names(&mut cx, &keys).await?;
    let mut labels = Vec::with_capacity(found.len());
    for one in found {
        labels.push(Printed {
            who: households::show::household(w, &one.head),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            square: square(&cx, &headers, &one.token)?,
            household: one.household,
        });
    }
    cx.audit("labels_printed", "labels", "", &labels.len().to_string()).await?;
    let at_a_time = actions::AT_A_TIME as i64;
    Ok(page(&SheetPage { shell: Shell::new(&cx, w.t("menu-labels")), w, labels, next_page, at_a_time }))
}

/// `POST /labels`: makes those that are missing.
pub async fn make_many(mut cx: Cx) -> Reply {
    actions::make_missing(&mut cx).await?;
    Ok(see_other("/labels"))
}
