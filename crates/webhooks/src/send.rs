//! One telling on its way: signed, sent, and put down again where nobody answered.

use crate::model::{Receiver, Telling, signature};
use crate::store;
use axum::http::Method;
use kernel::crypto::key_of;
use kernel::jobs::{self, Errand};
use kernel::outbound::{Answer, Missed, Trust};
use kernel::{Cx, Doing, Moment, Result};

/// The job; its subject is a telling.
pub const TELL: &str = "webhooks.tell";
/// Where a secret is kept, for its seal.
pub const SECRET: &str = "webhook_receivers.secret";

/// The subject of the key that seals a receiver's secret.
pub fn subject(receiver: &str) -> String {
    format!("webhook:{receiver}")
}

pub fn run(errand: Errand) -> Doing<()> {
    Box::pin(async move { tell(&errand).await })
}

async fn tell(errand: &Errand) -> Result<()> {
    let mut cx = errand.read();
    let Some(telling) = store::find_telling(&mut cx, &errand.subject).await? else { return Ok(()) };
    // Ended receivers are told nothing more; what was told or given up stays so.
    let Some(receiver) = store::find_receiver(&mut cx, &telling.receiver).await? else { return Ok(()) };
    if telling.told_at.is_some() || telling.given_up_at.is_some() {
        return Ok(());
    }
    if let Some(until) = receiver.paused_until.filter(|until| *until > cx.now) {
        return put_down(errand, &telling.id, until).await;
    }
    let answered = send(&mut cx, &receiver, &telling).await?;
    note(errand, &receiver, telling, answered).await
}

async fn put_down(errand: &Errand, telling: &str, due: Moment) -> Result<()> {
    errand.write(|mut cx| async move { jobs::put_down(&mut cx, TELL, telling, due).await }).await
}

async fn send(cx: &mut Cx, receiver: &Receiver, telling: &Telling) -> Result<Result<Answer, Missed>> {
    let (body, seconds) = (telling.body(cx.county()), cx.now.0 / Moment::SECOND);
    let former =
        receiver.former_secret.as_deref().filter(|_| receiver.former_until.is_some_and(|until| until > cx.now));
    let key = key_of(cx, &subject(&receiver.id)).await?;
    let mut signed = Vec::new();
    for sealed in [Some(receiver.secret.as_str()), former].into_iter().flatten() {
        signed.push(signature(&key.open(SECRET, sealed)?, &telling.event, seconds, &body));
    }
    let (signed, seconds) = (signed.join(" "), seconds.to_string());
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", telling.event.as_str()),
        ("webhook-timestamp", seconds.as_str()),
        ("webhook-signature", signed.as_str()),
    ];
    let outbound = cx.world().outbound.clone();
    Ok(outbound.call((Method::POST, &receiver.url), &headers, body.into_bytes(), Trust::Page).await)
}

/// What came of it; where it failed, the receiver is left alone for a while and the telling put down again, until its
/// time is over.
async fn note(errand: &Errand, receiver: &Receiver, telling: Telling, answered: Result<Answer, Missed>) -> Result<()> {
    let status = answered.as_ref().ok().map(|answer| i64::from(answer.status));
    let good = status.is_some_and(|status| (200..300).contains(&status));
    let trouble = match &answered {
        Ok(_) if good => None,
        Ok(_) => Some("refused".to_owned()),
        Err(missed) => Some(missed.code().to_owned()),
    };
    errand
        .write(|mut cx| {
            let mut telling =
                Telling { attempts: telling.attempts + 1, status, trouble: trouble.clone(), ..telling.clone() };
            async move {
                let retries = cx.world().terms.webhook;
                if good {
                    telling.told_at = Some(cx.now);
                    if receiver.failures > 0 {
                        store::put_failures(&mut cx, &receiver.id, 0, None).await?;
                    }
                    return store::put_attempt(&mut cx, &telling).await;
                }
                let again = cx.now.plus(retries.wait(telling.attempts));
                // One that answers is there, and refuses this event alone; one that doesn't is left alone with all.
                if telling.status.is_none() {
                    let failures = receiver.failures + 1;
                    let until = cx.now.plus(retries.wait(failures));
                    store::put_failures(&mut cx, &receiver.id, failures, Some(until)).await?;
                }
                if telling.begun_at.plus(retries.give_up) <= again {
                    telling.given_up_at = Some(cx.now);
                } else {
                    jobs::put_down(&mut cx, TELL, &telling.id, again).await?;
                }
                store::put_attempt(&mut cx, &telling).await
            }
        })
        .await
}
