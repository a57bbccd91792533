//! Openings, broken glass and its review, on pages.

use crate::actions::{self, Giving};
use crate::model::{VERDICTS, given_by};
use crate::store::{self, Given};
use askama::Template;
use axum::extract::{Form, Path};
use kernel::web::{Reply, kept, see_other};
use kernel::{Cx, Error, OpeningKind, Result, crypto, message};
use serde::Deserialize;
use ui::{Shell, Speaker, page};
use values::Day;

#[derive(Template)]
#[template(path = "openings.html")]
struct OpeningsPage {
    shell: Shell,
    given: Vec<Line>,
    kinds: Vec<(&'static str, String)>,
    warrants: bool,
}

struct Line {
    id: String,
    holder: String,
    kind: String,
    what: String,
    why: String,
    until: String,
}

/// The kinds the reader may give.
fn kinds(cx: &Cx) -> Result<Vec<OpeningKind>> {
    let posts = cx.staff()?.posts_with(crate::GIVE_OPENINGS, cx.today());
    Ok(posts.flat_map(|post| given_by(post.role)).copied().collect())
}

/// `GET /openings`: what is open now, of the kinds the reader may give.
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let own = kinds(&cx)?;
    let mut given = Vec::new();
    for one in store::list(&mut cx, "").await? {
        if own.iter().any(|kind| kind.code() == one.kind) {
            given.push(Line {
                what: match &one.place {
                    Some(key) => {
                        places::names(&mut cx, std::slice::from_ref(key)).await?.remove(key).unwrap_or_default()
                    }
                    None => w.n("opening-members", one.members),
                },
                why: format!("{} · {}", one.purpose, one.basis),
                ..line(w, one)
            });
        }
    }
    let kinds: Vec<_> = own.iter().map(|kind| (kind.code(), w.t(&format!("opening-{}", kind.code())))).collect();
    let warrants = own.contains(&OpeningKind::Warrant);
    Ok(page(&OpeningsPage { shell: Shell::new(&cx, w.t("openings-title")), given, kinds, warrants }))
}

fn line(w: Speaker, one: Given) -> Line {
    Line {
        id: one.id,
        holder: one.name,
        kind: w.t(&format!("opening-{}", one.kind)),
        what: String::new(),
        why: String::new(),
        until: format!("{} {}", one.closes_at.day(), one.closes_at.clock_face()),
    }
}

#[derive(Deserialize)]
pub struct GivingForm {
    account: String,
    kind: String,
    #[serde(default)]
    numbers: String,
    #[serde(default)]
    place: String,
    purpose: String,
    basis: String,
    until: String,
}

/// `POST /openings`
pub async fn give(mut cx: Cx, Form(form): Form<GivingForm>) -> Reply {
    let until = Day::parse_iso(form.until.trim());
    let giving = Giving {
        account: form.account,
        kind: OpeningKind::from_code(&form.kind).ok_or(Error::NotFound)?,
        numbers: form.numbers,
        place: form.place,
        purpose: form.purpose,
        basis: form.basis,
        until: until.map_err(|_| Error::invalid("until", message("opening-day-wrong")))?,
    };
    actions::give(&mut cx, &giving).await?;
    Ok(see_other("/openings"))
}

/// `POST /openings/{id}/revocation`
pub async fn revoke(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::revoke(&mut cx, &id).await?;
    Ok(see_other("/openings"))
}

#[derive(Template)]
#[template(path = "glass.html")]
struct GlassPage {
    shell: Shell,
    wrong: Option<String>,
}

/// `GET /break-glass`
pub async fn glass(cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    Ok(page(&GlassPage { shell: Shell::new(&cx, w.t("glass-title")), wrong: None }))
}

#[derive(Deserialize)]
pub struct GlassForm {
    number: String,
    reason: String,
}

/// `POST /break-glass`
pub async fn break_glass(mut cx: Cx, Form(form): Form<GlassForm>) -> Reply {
    let w = Speaker::new(cx.language);
    if let Some(household) = actions::break_glass(&mut cx, &form.number, &form.reason).await? {
        return Ok(see_other(&format!("/households/{household}")));
    }
    let shell = Shell::new(&cx, w.t("glass-title"));
    let mut response = page(&GlassPage { shell, wrong: Some(w.t("glass-nobody")) });
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    // The attempt stands in the trail although the answer is no.
    Ok(kept(response))
}

#[derive(Template)]
#[template(path = "reviews.html")]
struct ReviewsPage {
    shell: Shell,
    broken: Vec<Broken>,
    verdicts: Vec<(&'static str, String)>,
}

struct Broken {
    line: Line,
    when: String,
    verdict: Option<String>,
    own: bool,
}

/// `GET /openings/reviews`: broken glass, the newest first. The reason is read by those who decide about families.
pub async fn reviews(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let own = cx.staff_id()?.0;
    let mut broken = Vec::new();
    for one in store::list(&mut cx, "glass").await? {
        let why = crypto::open_text(&mut cx, &one.basis, "openings.purpose", &one.purpose).await?;
        broken.push(Broken {
            when: format!("{} {}", one.opens_at.day(), one.opens_at.clock_face()),
            verdict: one.review.as_ref().map(|verdict| w.t(&format!("verdict-{verdict}"))),
            own: one.staff == own,
            line: Line { why: why.unwrap_or_default(), ..line(w, one) },
        });
    }
    let verdicts = VERDICTS.map(|code| (code, w.t(&format!("verdict-{code}")))).into();
    cx.audit("reviews_read", "audit", "glass", "").await?;
    Ok(page(&ReviewsPage { shell: Shell::new(&cx, w.t("reviews-title")), broken, verdicts }))
}

#[derive(Deserialize)]
pub struct ReviewForm {
    verdict: String,
}

/// `POST /openings/{id}/review`
pub async fn review(mut cx: Cx, Path(id): Path<String>, Form(form): Form<ReviewForm>) -> Reply {
    actions::review(&mut cx, &id, &form.verdict).await?;
    Ok(see_other("/openings/reviews"))
}
