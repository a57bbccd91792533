//! What an administrator does about receivers, and how an event becomes something to tell.

use crate::model::{KINDS, OVERLAP, Receiver, TRIAL, Telling, secret_text};
use crate::{send, store};
use kernel::crypto::key_of;
use kernel::events::Happened;
use kernel::outbound::{Missed, Trust};
use kernel::{Cx, Doing, Error, FieldErrors, Result, content_id, jobs, message};

/// A receiver as somebody asks for it.
pub struct Asked<'a> {
    pub name: &'a str,
    pub url: &'a str,
    pub kinds: Vec<&'static str>,
}

/// Adds a receiver; gives back its id and the secret, to be shown once.
pub async fn add(cx: &mut Cx, asked: &Asked<'_>) -> Result<(String, String)> {
    let mut wrong = FieldErrors::default();
    if asked.name.is_empty() || asked.name.chars().count() > 60 {
        wrong.add("name", message("webhook-name-missing"));
    }
    match cx.world().outbound.check(asked.url, Trust::Page) {
        Ok(()) if asked.url.len() <= 500 => {}
        Err(Missed::NotAllowed) => wrong.add("url", message("webhook-missed-not_allowed")),
        _ => wrong.add("url", message("webhook-missed-malformed")),
    }
    if asked.kinds.is_empty() {
        wrong.add("kind", message("webhook-kinds-missing"));
    }
    wrong.into_result()?;
    let id = cx.new_id().to_string();
    let (secret, shown) = new_secret(cx, &id).await?;
    let receiver = Receiver {
        id: id.clone(),
        name: asked.name.to_owned(),
        url: asked.url.to_owned(),
        kinds: asked.kinds.join(" "),
        secret,
        former_secret: None,
        former_until: None,
        failures: 0,
        paused_until: None,
        made_at: cx.now,
    };
    store::insert_receiver(cx, &receiver).await?;
    cx.audit("webhook_added", "webhook", &id, &format!("kinds={}", asked.kinds.join(","))).await?;
    Ok((id, shown))
}

/// A secret, sealed and as it is shown.
async fn new_secret(cx: &mut Cx, receiver: &str) -> Result<(String, String)> {
    let secret: [u8; 32] = cx.world().dice.bytes();
    let key = key_of(cx, &send::subject(receiver)).await?;
    Ok((key.seal(cx.world(), send::SECRET, &secret)?, secret_text(&secret)))
}

pub async fn get(cx: &mut Cx, id: &str) -> Result<Receiver> {
    store::find_receiver(cx, id).await?.ok_or(Error::NotFound)
}

/// Changes the secret; the former one signs beside it for a day.
pub async fn rotate(cx: &mut Cx, id: &str) -> Result<String> {
    get(cx, id).await?;
    let (secret, shown) = new_secret(cx, id).await?;
    let until = cx.now.plus(OVERLAP);
    store::put_secret(cx, id, &secret, until).await?;
    cx.audit("webhook_secret_changed", "webhook", id, "").await?;
    Ok(shown)
}

/// Nothing more is told to it.
pub async fn end(cx: &mut Cx, id: &str) -> Result<()> {
    get(cx, id).await?;
    store::end_receiver(cx, id).await?;
    cx.audit("webhook_ended", "webhook", id, "").await
}

/// Tells a receiver something that means nothing, to see whether it listens.
pub async fn try_out(cx: &mut Cx, id: &str) -> Result<()> {
    get(cx, id).await?;
    let event = cx.new_id().to_string();
    let happened = Happened {
        subject: id.to_owned(),
        kind: TRIAL.to_owned(),
        county_id: cx.county().to_owned(),
        body: String::new(),
        at: cx.now,
        by_whom: String::new(),
        id: event,
    };
    // Whoever asks for a trial has mended the receiver: it isn't left alone any longer.
    store::put_failures(cx, id, 0, None).await?;
    tell(cx, id, &happened).await
}

/// Sends again what was given up.
pub async fn again(cx: &mut Cx, telling: &str) -> Result<String> {
    let found = store::find_telling(cx, telling).await?.ok_or(Error::NotFound)?;
    get(cx, &found.receiver).await?;
    store::begin_again(cx, telling).await?;
    store::put_failures(cx, &found.receiver, 0, None).await?;
    let now = cx.now;
    jobs::put_down(cx, send::TELL, telling, now).await?;
    cx.audit("webhook_sent_again", "webhook", &found.receiver, &format!("event={}", found.event)).await?;
    Ok(found.receiver)
}

/// An event is put down for every receiver that wants it and was there when it happened.
pub fn hear(cx: Cx, happened: Happened) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        for receiver in store::list_receivers(&mut cx).await? {
            if receiver.wants(&happened.kind) && receiver.made_at <= happened.at {
                tell(&mut cx, &receiver.id, &happened).await?;
            }
        }
        Ok(())
    })
}

async fn tell(cx: &mut Cx, receiver: &str, happened: &Happened) -> Result<()> {
    let telling = Telling {
        id: content_id("telling", &[receiver, &happened.id]).to_string(),
        receiver: receiver.to_owned(),
        event: happened.id.clone(),
        kind: happened.kind.clone(),
        subject: happened.subject.clone(),
        happened_at: happened.at,
        begun_at: cx.now,
        attempts: 0,
        status: None,
        trouble: None,
        told_at: None,
        given_up_at: None,
    };
    if store::insert_telling(cx, &telling).await? {
        let now = cx.now;
        jobs::put_down(cx, send::TELL, &telling.id, now).await?;
    }
    Ok(())
}

/// The kinds among these fields of a form.
pub fn kinds(fields: &[(String, String)]) -> Vec<&'static str> {
    let asked = |kind: &str| fields.iter().any(|(field, value)| field == "kind" && value == kind);
    KINDS.iter().copied().filter(|kind| asked(kind)).collect()
}
