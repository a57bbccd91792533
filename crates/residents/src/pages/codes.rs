//! The clerk's side: a family's code, printed as a letter and taken back.

use crate::actions;
use crate::store::{self, Given};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Moment};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "codes-of-household.html")]
struct HouseholdPanel {
    w: Speaker,
    csrf: String,
    household: String,
    codes: Vec<(String, String)>,
    open: bool,
}

/// `GET /residents/of-household/{id}`
pub async fn of_household(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    households::store::check(&mut cx, &household).await?;
    let (now, today) = (cx.now, cx.today());
    let given = if cx.holds_nothing() { Vec::new() } else { store::list_of_household(&mut cx, &household).await? };
    Ok(page(&HouseholdPanel {
        csrf: cx.visit.csrf.clone(),
        open: given.iter().any(|one| state(one, now).0 == "onetime-open"),
        codes: given.iter().map(|one| line(w, one, now, today)).collect(),
        household,
        w,
    }))
}

/// What has become of a code, and the moment of it.
fn state(code: &Given, now: Moment) -> (&'static str, Moment) {
    match (code.used_at, code.superseded_at) {
        (Some(used), _) => ("onetime-used", used),
        (None, Some(back)) => ("onetime-back", back),
        (None, None) if code.expires_at <= now => ("onetime-over", code.expires_at),
        (None, None) => ("onetime-open", code.expires_at),
    }
}

fn line(w: Speaker, code: &Given, now: Moment, today: Day) -> (String, String) {
    let day = numbers::date(w.language, code.recorded_at.day(), today);
    let (key, at) = state(code, now);
    let given = w.with("onetime-given", &[("who", Arg::Text(&code.recorded_name)), ("day", Arg::Text(&day))]);
    (given, w.a(key, numbers::date(w.language, at.day(), today)))
}

#[derive(Template)]
#[template(path = "code-letter.html")]
struct LetterPage {
    shell: Shell,
    w: Speaker,
    home: String,
    who: String,
    place: String,
    code: String,
    address: String,
    until: String,
}

/// `POST /households/{id}/code`: the only page that ever shows the code.
pub async fn give(mut cx: Cx, Path(household): Path<String>, headers: HeaderMap) -> Reply {
    let w = Speaker::new(cx.language);
    let fresh = actions::give(&mut cx, &household).await?;
    let filed = households::store::get_file(&mut cx, &household).await?;
    let names = places::names(&mut cx, std::slice::from_ref(&filed.place)).await?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Ok(page(&LetterPage {
        shell: Shell::new(&cx, w.t("onetime-letter")),
        home: format!("/households/{household}"),
        who: households::show::household(w, &filed.head),
        place: names.get(&filed.place).cloned().unwrap_or_default(),
        code: crate::model::grouped(&fresh.code),
        address: format!("{host}/signin/family"),
        until: numbers::long_date(w.language, fresh.expires_at.day(), Precision::Day),
        w,
    }))
}

/// `POST /households/{id}/code/end`
pub async fn take_back(mut cx: Cx, Path(household): Path<String>) -> Reply {
    actions::take_back(&mut cx, &household).await?;
    Ok(see_other(&format!("/households/{household}")))
}
