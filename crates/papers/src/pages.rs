//! A family's papers on its page: the list, handing in, opening, withdrawing.

use crate::actions;
use crate::model::LARGEST;
use askama::Template;
use axum::extract::{Form, Multipart, Path};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, message};
use serde::Deserialize;
use ui::{Speaker, numbers, page};

#[derive(Template)]
#[template(path = "papers-of-household.html")]
struct HouseholdPanel {
    w: Speaker,
    csrf: String,
    household: String,
    may_add: bool,
    largest: i64,
    papers: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    line: String,
}

/// `GET /papers/of-household/{id}`
pub async fn of_household(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    households::store::check(&mut cx, &household).await?;
    let today = cx.today();
    let row = |(one, title): (crate::store::Listed, String)| {
        let kind = w.t(&format!("paper-{}", one.media));
        let day = numbers::date(w.language, one.recorded_at.day(), today);
        let size = numbers::count((one.size + 1023) / 1024);
        let line = format!("{kind} · {size} kB · {} · {day}", one.recorded_name);
        Row { id: one.id, title: if title.is_empty() { kind } else { title }, line }
    };
    let papers = if cx.holds_nothing() { Vec::new() } else { actions::list(&mut cx, &household).await? };
    Ok(page(&HouseholdPanel {
        csrf: cx.visit.csrf.clone(),
        may_add: cx.can(crate::ADD_PAPERS),
        largest: (LARGEST >> 20) as i64,
        papers: papers.into_iter().map(row).collect(),
        household,
        w,
    }))
}

/// `POST /households/{id}/papers`
pub async fn add(mut cx: Cx, Path(household): Path<String>, mut sent: Multipart) -> Reply {
    let (mut title, mut bytes) = (String::new(), None);
    let malformed = |_| Error::Refused(message("error-malformed"));
    while let Some(field) = sent.next_field().await.map_err(malformed)? {
        match field.name() {
            Some("title") => title = field.text().await.map_err(malformed)?.chars().take(80).collect(),
            Some("paper") => bytes = Some(field.bytes().await.map_err(malformed)?),
            _ => {}
        }
    }
    actions::add(&mut cx, &household, &title, &bytes.unwrap_or_default()).await?;
    Ok(see_other(&format!("/households/{household}#papers")))
}

/// `GET /papers/{id}`: the paper itself.
pub async fn open(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let opened = actions::open(&mut cx, &id).await?;
    let mut response = opened.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(opened.media.content_type()));
    let name = format!("inline; filename=\"{id}.{}\"", opened.media.code());
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Error::internal)?);
    Ok(response)
}

#[derive(Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// `POST /papers/{id}/withdrawal`
pub async fn withdraw(mut cx: Cx, Path(id): Path<String>, Form(form): Form<ReasonForm>) -> Reply {
    let household = actions::withdraw(&mut cx, &id, &form.reason).await?;
    Ok(see_other(&format!("/households/{household}#papers")))
}
