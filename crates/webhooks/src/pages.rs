//! Receivers and what they were told, on pages.

use crate::actions::{self, Asked};
use crate::model::{KINDS, Receiver, Telling};
use crate::store;
use askama::Template;
use axum::extract::{Form, Path};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Moment};
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "webhooks.html")]
struct ListPage {
    shell: Shell,
    receivers: Vec<Line>,
    kinds: Vec<(&'static str, String)>,
}

struct Line {
    id: String,
    name: String,
    url: String,
    kinds: String,
    waiting: i64,
    given_up: i64,
    paused: Option<String>,
}

fn when(at: Moment) -> String {
    format!("{} {}", at.day(), at.clock_face())
}

fn kind(w: Speaker, kind: &str) -> String {
    w.t(&format!("webhook-kind-{kind}"))
}

async fn line(cx: &mut Cx, receiver: Receiver) -> kernel::Result<Line> {
    let w = Speaker::new(cx.language);
    let (waiting, given_up) = store::count_open(cx, &receiver.id).await?;
    let kinds: Vec<String> = receiver.kinds.split(' ').map(|one| kind(w, one)).collect();
    Ok(Line {
        kinds: kinds.join(" · "),
        paused: receiver.paused_until.filter(|until| *until > cx.now).map(when),
        id: receiver.id,
        name: receiver.name,
        url: receiver.url,
        waiting,
        given_up,
    })
}

/// `GET /webhooks`
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let mut receivers = Vec::new();
    for receiver in store::list_receivers(&mut cx).await? {
        receivers.push(line(&mut cx, receiver).await?);
    }
    let kinds = KINDS.iter().map(|one| (*one, kind(w, one))).collect();
    Ok(page(&ListPage { shell: Shell::new(&cx, w.t("webhooks-title")), receivers, kinds }))
}

#[derive(Template)]
#[template(path = "secret.html")]
struct SecretPage {
    shell: Shell,
    id: String,
    secret: String,
}

fn secret_page(cx: &Cx, id: String, secret: String) -> Reply {
    let w = Speaker::new(cx.language);
    Ok(page(&SecretPage { shell: Shell::new(cx, w.t("webhook-secret-title")), id, secret }))
}

/// `POST /webhooks`: the secret is shown here and nowhere else. The kinds come as one field each.
pub async fn add(mut cx: Cx, Form(fields): Form<Vec<(String, String)>>) -> Reply {
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim());
    let asked = Asked { name: value("name"), url: value("url"), kinds: actions::kinds(&fields) };
    let (id, secret) = actions::add(&mut cx, &asked).await?;
    secret_page(&cx, id, secret)
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct ShowPage {
    shell: Shell,
    line: Line,
    tellings: Vec<Told>,
}

struct Told {
    id: String,
    event: String,
    kind: String,
    when: String,
    attempts: i64,
    /// Arrived, waits, or given up, and why.
    state: String,
    trouble: String,
    given_up: bool,
}

fn told(w: Speaker, telling: Telling) -> Told {
    let state = match (telling.told_at, telling.given_up_at) {
        (Some(at), _) => w.a("webhook-told", when(at)),
        (None, Some(at)) => w.a("webhook-given-up", when(at)),
        (None, None) => w.t("webhook-waits"),
    };
    let trouble = match (telling.trouble.as_deref(), telling.status) {
        (Some("refused"), Some(status)) => w.a("webhook-refused", status.to_string()),
        (Some(code), _) => w.t(&format!("webhook-missed-{code}")),
        (None, _) => String::new(),
    };
    Told {
        kind: kind(w, &telling.kind),
        when: when(telling.happened_at),
        given_up: telling.given_up_at.is_some(),
        id: telling.id,
        event: telling.event,
        attempts: telling.attempts,
        state,
        trouble,
    }
}

/// `GET /webhooks/{id}`: what was told, and what was given up.
pub async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let receiver = actions::get(&mut cx, &id).await?;
    let tellings = store::list_tellings(&mut cx, &id).await?.into_iter().map(|telling| told(w, telling)).collect();
    let shell = Shell::new(&cx, receiver.name.clone());
    let line = line(&mut cx, receiver).await?;
    Ok(page(&ShowPage { shell, line, tellings }))
}

/// `POST /webhooks/{id}/secret`
pub async fn new_secret(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let secret = actions::rotate(&mut cx, &id).await?;
    secret_page(&cx, id, secret)
}

/// `POST /webhooks/{id}/trial`
pub async fn trial(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::try_out(&mut cx, &id).await?;
    Ok(see_other(&format!("/webhooks/{id}")))
}

/// `POST /webhooks/{id}/end`
pub async fn end(mut cx: Cx, Path(id): Path<String>) -> Reply {
    actions::end(&mut cx, &id).await?;
    Ok(see_other("/webhooks"))
}

/// `POST /webhooks/tellings/{id}/again`
pub async fn again(mut cx: Cx, Path(telling): Path<String>) -> Reply {
    let receiver = actions::again(&mut cx, &telling).await?;
    Ok(see_other(&format!("/webhooks/{receiver}")))
}
