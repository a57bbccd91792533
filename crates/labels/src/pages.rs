//! The code on a door, a family's label on its page, sheets to print, and the keys that labels are signed by.

use crate::{SIGN_LABELS, actions, model, store};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, header};
use kernel::signature::{PublicHalf, Signer};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use ui::print::{self, Document};
use ui::{Shell, Speaker, numbers, page};
use values::Precision;

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
fn square(cx: &Cx, headers: &HeaderMap, signer: &Signer, token: &str) -> Result<Square> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if cx.world().behind_proxy { "https" } else { "http" };
    let address = format!("{scheme}://{host}/q/{}", model::on_door(signer, token));
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
    let token = if cx.holds_nothing() { None } else { store::find_token(&mut cx, &household).await? };
    let square = match token {
        Some(token) => match actions::find_signer(&mut cx).await? {
            Some(signer) => Some(square(&cx, &headers, &signer, &token)?),
            None => None,
        },
        None => None,
    };
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
    after: String,
    next_page: Option<String>,
    at_a_time: i64,
    /// Why there is no PDF, when one was asked for.
    unprinted: Option<String>,
}

struct Printed {
    household: String,
    who: String,
    place: String,
    square: Square,
}

/// `GET /labels`: a sheet of labels, to look at and to print from the browser.
pub async fn sheet(mut cx: Cx, Query(asked): Query<Asked>, headers: HeaderMap) -> Reply {
    let (labels, next_page) = printed(&mut cx, &asked, &headers).await?;
    Ok(shown(&cx, labels, asked.after, next_page, None))
}

/// `GET /labels/pdf`: the same sheet as a PDF; where none can be made, the page and why.
pub async fn pdf(mut cx: Cx, Query(asked): Query<Asked>, headers: HeaderMap) -> Reply {
    let w = Speaker::new(cx.language);
    let (labels, next_page) = printed(&mut cx, &asked, &headers).await?;
    let on_paper = |one: &Printed| print::Label {
        who: one.who.clone(),
        place: one.place.clone(),
        side: one.square.side,
        path: one.square.path.clone(),
    };
    let document = Document::Labels(print::Labels {
        language: w.language.code(),
        title: w.t("menu-labels"),
        hint: w.t("label-hint"),
        foot: print::foot(&cx),
        labels: labels.iter().map(on_paper).collect(),
    });
    match print::pdf(&cx, &document, "labels") {
        Ok(response) => Ok(response),
        Err(why) => Ok(shown(&cx, labels, asked.after, next_page, Some(print::sentence(cx.language, &why)))),
    }
}

/// The labels of a sheet, and where the next one begins.
async fn printed(cx: &mut Cx, asked: &Asked, headers: &HeaderMap) -> Result<(Vec<Printed>, Option<String>)> {
    let w = Speaker::new(cx.language);
    let after = asked.after.split_once('.').map(|(place, household)| (place.to_owned(), household.to_owned()));
    let Some(signer) = actions::find_signer(cx).await? else { return Ok((Vec::new(), None)) };
    let mut found = store::list(cx, after, SHEET + 1).await?;
    let more = found.len() > SHEET;
    found.truncate(SHEET);
    let next_page = found.last().filter(|_| more).map(|last| format!("{}.{}", last.place, last.household));
    let keys: Vec<String> = found.iter().map(|one| one.place.clone()).collect();
    let names = places::names(cx, &keys).await?;
    let mut labels = Vec::with_capacity(found.len());
    for one in found {
        labels.push(Printed {
            who: households::show::household(w, &one.head),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            square: square(cx, headers, &signer, &one.token)?,
            household: one.household,
        });
    }
    cx.audit("labels_printed", "labels", "", &labels.len().to_string()).await?;
    Ok((labels, next_page))
}

fn shown(
    cx: &Cx,
    labels: Vec<Printed>,
    after: String,
    next_page: Option<String>,
    unprinted: Option<String>,
) -> axum::response::Response {
    let w = Speaker::new(cx.language);
    let (shell, at_a_time) = (Shell::new(cx, w.t("menu-labels")), actions::AT_A_TIME as i64);
    page(&SheetPage { shell, w, labels, after, next_page, at_a_time, unprinted })
}

/// `POST /labels`: makes those that are missing.
pub async fn make_many(mut cx: Cx) -> Reply {
    actions::make_missing(&mut cx).await?;
    Ok(see_other("/labels"))
}

#[derive(Template)]
#[template(path = "label-keys.html")]
struct KeysPage {
    shell: Shell,
    w: Speaker,
    keys: Vec<KeyRow>,
    may_change: bool,
}

struct KeyRow {
    id: String,
    pem: String,
    since: String,
    state: (&'static str, String),
    withdrawable: bool,
}

/// `GET /labels/keys`: for everybody, so that any program can tell a genuine label without asking this one.
pub async fn keys(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let row = |key: store::Key| {
        let (state, class) = match (&key.withdrawn_at, &key.superseded_at) {
            (Some(_), _) => ("withdrawn", "stop"),
            (None, Some(_)) => ("earlier", "closed"),
            (None, None) => ("signs", "ok"),
        };
        // A key that was withdrawn proves nothing, so nobody is handed it.
        let public = PublicHalf::read(&key.public_half).filter(|_| key.withdrawn_at.is_none());
        let pem = public.map(|public| public.pem()).unwrap_or_default();
        let since = numbers::long_date(w.language, key.recorded_at.day(), Precision::Day);
        let withdrawable = state == "earlier";
        KeyRow { id: key.id, pem, since, state: (class, w.t(&format!("label-key-{state}"))), withdrawable }
    };
    let keys = store::list_keys(&mut cx).await?.into_iter().map(row).collect();
    let may_change = cx.can(SIGN_LABELS);
    Ok(page(&KeysPage { shell: Shell::new(&cx, w.t("menu-label-keys")), w, keys, may_change }))
}

/// `POST /labels/keys`
pub async fn rotate(mut cx: Cx) -> Reply {
    actions::rotate(&mut cx).await?;
    Ok(see_other("/labels/keys"))
}

/// `POST /labels/keys/{id}/withdrawal`
pub async fn withdraw(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::withdraw(&mut cx, &id).await?;
    Ok(see_other("/labels/keys"))
}
