//! What happened, told in the transaction in which it happened, heard afterwards: exactly once by each subscriber.

use crate::{Cx, Db, Doing, Moment, Result, Who, World};
use serde::Serialize;

/// A typed event of a domain: `FindingDismissed { … }`.
pub trait Event: Serialize {
    const KIND: &'static str;
    /// The id of what it happened to.
    fn subject(&self) -> &str;
}

record! {
    /// An event as a subscriber hears it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Happened {
        pub id: String,
        pub county_id: String,
        pub kind: String,
        pub subject: String,
        pub body: String,
        pub at: Moment,
        pub by_whom: String,
    }
}

/// Who wants to hear of a kind of event; `hear` runs in the transaction that marks it heard.
#[derive(Clone, Copy)]
pub struct Subscriber {
    pub name: &'static str,
    pub kind: &'static str,
    pub hear: fn(Cx, Happened) -> Doing<()>,
}

/// Tells of an event, in the transaction of the action.
///
/// # Errors
/// The database's.
pub async fn emit<E: Event>(cx: &mut Cx, event: &E) -> Result<()> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql("insert into events (id, county_id, kind, subject, body, at, by_whom) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(county)
        .bind(E::KIND)
        .bind(event.subject())
        .bind(serde_json::to_string(event)?)
        .bind(now)
        .bind(who)
        .run_one()
        .await
}

/// Lets the subscribers hear what they haven't heard; gives how many deliveries went well. A subscriber that fails
/// hears again later, and holds up no other. What all of them have heard is settled.
///
/// # Errors
/// The database's.
pub async fn deliver(db: &Db, world: &World, subscribers: &[Subscriber]) -> Result<usize> {
    let waiting: Vec<Happened> = db
        .read(world, &Who::machine("events", ""))
        .sql(
            "select e.id, e.county_id, e.kind, e.subject, e.body, e.at, e.by_whom from events e
             where e.settled_at is null and not exists
               (select 1 from event_deliveries d where d.event = e.id and d.heard_at is null and d.not_before > $1)
             order by e.at, e.id limit 500",
        )
        .bind(world.clock.now())
        .list()
        .await?;
    let (mut delivered, mut settled) = (0, Vec::new());
    for happened in waiting {
        let mut heard_by_all = true;
        for subscriber in subscribers.iter().filter(|one| one.kind == happened.kind) {
            match deliver_one(db, world, *subscriber, &happened).await? {
                Heard::Now => delivered += 1,
                Heard::Before => {}
                Heard::Failed => heard_by_all = false,
            }
        }
        if heard_by_all {
            settled.push(happened.id);
        }
    }
    settle(db, world, &settled).await?;
    Ok(delivered)
}

async fn settle(db: &Db, world: &World, events: &[String]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    db.write(world, &Who::machine("events", ""), |mut cx| async move {
        let now = cx.now;
        for event in events {
            cx.sql("update events set settled_at = $2 where id = $1").bind(event.as_str()).bind(now).run().await?;
        }
        Ok(())
    })
    .await
}

enum Heard {
    Now,
    Before,
    Failed,
}

async fn deliver_one(db: &Db, world: &World, subscriber: Subscriber, happened: &Happened) -> Result<Heard> {
    let who = Who::machine(subscriber.name, &happened.county_id);
    let heard = db
        .write(world, &who, |mut cx| {
            let happened = happened.clone();
            async move {
                if was_heard(&mut cx, subscriber.name, &happened.id).await? {
                    return Ok(Heard::Before);
                }
                mark(&mut cx, subscriber.name, &happened.id, None).await?;
                (subscriber.hear)(cx, happened).await?;
                Ok(Heard::Now)
            }
        })
        .await;
    let error = match heard {
        Ok(heard) => return Ok(heard),
        Err(error) => error,
    };
    tracing::warn!(subscriber = subscriber.name, event = happened.id, %error, "a subscriber failed; it hears again later");
    let error = error.to_string();
    db.write(world, &who, |mut cx| {
        let (id, error) = (happened.id.clone(), error.clone());
        async move { mark(&mut cx, subscriber.name, &id, Some(error)).await }
    })
    .await?;
    Ok(Heard::Failed)
}

async fn was_heard(cx: &mut Cx, subscriber: &str, event: &str) -> Result<bool> {
    let heard =
        cx.sql("select count(*) from event_deliveries where event = $1 and subscriber = $2 and heard_at is not null");
    let (count,): (i64,) = heard.bind(event).bind(subscriber).get().await?;
    Ok(count > 0)
}

/// Heard, or to be heard again in ten minutes.
async fn mark(cx: &mut Cx, subscriber: &str, event: &str, failed: Option<String>) -> Result<()> {
    let heard = failed.is_none().then_some(cx.now);
    let again = cx.now.plus(10 * Moment::MINUTE);
    cx.sql(
        "insert into event_deliveries (event, subscriber, attempts, not_before, heard_at, last_error)
         values ($1, $2, 1, $3, $4, $5)
         on conflict (event, subscriber) do update set attempts = event_deliveries.attempts + 1,
           not_before = excluded.not_before, heard_at = excluded.heard_at, last_error = excluded.last_error",
    )
    .bind(event)
    .bind(subscriber)
    .bind(again)
    .bind(heard)
    .bind(failed)
    .run_one()
    .await
}
