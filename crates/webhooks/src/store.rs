//! The only SQL of webhooks.

use crate::model::{Receiver, Telling};
use kernel::retention::{About, Keep};
use kernel::{Cx, Moment, Result};

pub async fn insert_receiver(cx: &mut Cx, receiver: &Receiver) -> Result<()> {
    let (county, by) = (cx.county().to_owned(), cx.who.label());
    cx.sql(
        "insert into webhook_receivers (id, county_id, name, url, kinds, secret, failures, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
    )
    .bind(receiver.id.as_str())
    .bind(county)
    .bind(receiver.name.as_str())
    .bind(receiver.url.as_str())
    .bind(receiver.kinds.as_str())
    .bind(receiver.secret.as_str())
    .bind(receiver.made_at)
    .bind(by)
    .run_one()
    .await
}

/// The receivers of the county at hand.
pub async fn list_receivers(cx: &mut Cx) -> Result<Vec<Receiver>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, name, url, kinds, secret, former_secret, former_until, failures, paused_until, made_at
         from webhook_receivers where county_id = $1 and ended_at is null order by made_at, id limit 100",
    )
    .bind(county)
    .list()
    .await
}

pub async fn find_receiver(cx: &mut Cx, id: &str) -> Result<Option<Receiver>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, name, url, kinds, secret, former_secret, former_until, failures, paused_until, made_at
         from webhook_receivers where id = $1 and county_id = $2 and ended_at is null",
    )
    .bind(id)
    .bind(county)
    .find()
    .await
}

pub async fn put_secret(cx: &mut Cx, id: &str, secret: &str, former_until: Moment) -> Result<()> {
    cx.sql(
        "update webhook_receivers set former_secret = secret, former_until = $3, secret = $2
         where id = $1 and ended_at is null",
    )
    .bind(id)
    .bind(secret)
    .bind(former_until)
    .run_one()
    .await
}

pub async fn end_receiver(cx: &mut Cx, id: &str) -> Result<()> {
    let (county, now, by) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql("update webhook_receivers set ended_at = $3, ended_by = $4 where id = $1 and county_id = $2 and ended_at is null")
        .bind(id)
        .bind(county)
        .bind(now)
        .bind(by)
        .run_one()
        .await
}

/// How often in a row a receiver didn't answer, and until when it is left alone.
pub async fn put_failures(cx: &mut Cx, id: &str, failures: i64, paused_until: Option<Moment>) -> Result<()> {
    cx.sql("update webhook_receivers set failures = $2, paused_until = $3 where id = $1")
        .bind(id)
        .bind(failures)
        .bind(paused_until)
        .run_one()
        .await
}

/// Whether it wasn't there yet.
pub async fn insert_telling(cx: &mut Cx, telling: &Telling) -> Result<bool> {
    let county = cx.county().to_owned();
    let inserted = cx.sql(
        "insert into webhook_tellings
           (id, receiver, county_id, event, kind, subject, happened_at, made_at, begun_at, attempts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0)
         on conflict (receiver, event) do nothing",
    );
    let inserted = inserted
        .bind(telling.id.as_str())
        .bind(telling.receiver.as_str())
        .bind(county)
        .bind(telling.event.as_str())
        .bind(telling.kind.as_str())
        .bind(telling.subject.as_str())
        .bind(telling.happened_at)
        .bind(telling.begun_at);
    Ok(inserted.run().await? == 1)
}

pub async fn find_telling(cx: &mut Cx, id: &str) -> Result<Option<Telling>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select id, receiver, event, kind, subject, happened_at, begun_at, attempts, status, trouble, told_at, given_up_at
         from webhook_tellings where id = $1 and county_id = $2",
    )
    .bind(id)
    .bind(county)
    .find()
    .await
}

/// What a receiver was told, the newest first; what was given up before all.
pub async fn list_tellings(cx: &mut Cx, receiver: &str) -> Result<Vec<Telling>> {
    cx.sql(
        "select id, receiver, event, kind, subject, happened_at, begun_at, attempts, status, trouble, told_at, given_up_at
         from webhook_tellings where receiver = $1
         order by case when given_up_at is null then 1 else 0 end, made_at desc, id limit 100",
    )
    .bind(receiver)
    .list()
    .await
}

/// How many of a receiver's tellings wait, and how many were given up.
pub async fn count_open(cx: &mut Cx, receiver: &str) -> Result<(i64, i64)> {
    cx.sql(
        "select cast(count(*) - count(given_up_at) as bigint), cast(count(given_up_at) as bigint)
         from webhook_tellings where receiver = $1 and told_at is null",
    )
    .bind(receiver)
    .get()
    .await
}

/// What came of an attempt.
pub async fn put_attempt(cx: &mut Cx, telling: &Telling) -> Result<()> {
    cx.sql(
        "update webhook_tellings set attempts = $2, status = $3, trouble = $4, told_at = $5, given_up_at = $6
         where id = $1",
    )
    .bind(telling.id.as_str())
    .bind(telling.attempts)
    .bind(telling.status)
    .bind(telling.trouble.as_deref())
    .bind(telling.told_at)
    .bind(telling.given_up_at)
    .run_one()
    .await
}

/// A telling that was given up begins anew.
pub async fn begin_again(cx: &mut Cx, id: &str) -> Result<()> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "update webhook_tellings set begun_at = $3, attempts = 0, given_up_at = null
         where id = $1 and county_id = $2 and given_up_at is not null",
    )
    .bind(id)
    .bind(county)
    .bind(now)
    .run_one()
    .await
}

/// What is kept for a while: what was told, and what was given up.
pub const KEEPS: &[Keep] = &[Keep {
    what: "webhook_tellings",
    about: About::Program,
    count: "select count(*) from webhook_tellings where county_id = $1 and (told_at < $2 or given_up_at < $2)",
    remove: &["delete from webhook_tellings where id in
               (select id from webhook_tellings where county_id = $1 and (told_at < $2 or given_up_at < $2) limit 1000)"],
}];
