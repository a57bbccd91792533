//! Families for machines: what the pages show, masked as there, in the scope of whoever asks. The shapes stand in
//! `docs/openapi.json`.

use crate::model::{Axes, Fact, File, Listed, Member, Value};
use crate::pages::show::masked_number;
use crate::store::{self, Filed};
use crate::{READ_HOUSEHOLDS, actions};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use kernel::web::Reply;
use kernel::{Cx, Routes};
use serde::Deserialize;
use serde_json::{Value as Told, json};

pub fn routes() -> Routes {
    Routes::new()
        .read("/api/households", list, READ_HOUSEHOLDS)
        .read("/api/households/{id}", show, READ_HOUSEHOLDS)
        .read("/api/households/{id}/facts", facts, READ_HOUSEHOLDS)
}

/// Where a list goes on, and how long it may be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    after: String,
    limit: Option<usize>,
}

impl Page {
    /// At most this many rows.
    #[must_use]
    pub fn size(&self) -> usize {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    /// Place and id of the last row seen.
    #[must_use]
    pub fn cursor(&self) -> Option<(String, String)> {
        self.after.split_once('.').map(|(place, id)| (place.to_owned(), id.to_owned()))
    }

    /// The answer: these rows, of which there is one more than asked for when it goes on.
    pub fn answer<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> (&str, &str), show: impl Fn(&T) -> Told) -> Reply {
        let more = rows.len() > self.size();
        rows.truncate(self.size());
        let next = rows.last().filter(|_| more).map(|row| {
            let (place, id) = key(row);
            format!("{place}.{id}")
        });
        let items: Vec<Told> = rows.iter().map(show).collect();
        Ok(Json(json!({"items": items, "next": next})).into_response())
    }
}

/// `GET /api/households`
async fn list(mut cx: Cx, Query(page): Query<Page>) -> Reply {
    let rows = store::list_households(&mut cx, page.cursor(), page.size() + 1).await?;
    cx.audit("list", "households", "", &rows.len().min(page.size()).to_string()).await?;
    page.answer(
        rows,
        |row| (&row.place, &row.household),
        |row| {
            json!({"id": row.household, "place": row.place, "number": masked_number(&row.number), "head": row.head,
                   "people": row.people})
        },
    )
}

async fn file_of(cx: &mut Cx, id: &str) -> kernel::Result<(Filed, Option<File>)> {
    let filed = store::get_file(cx, id).await?;
    let file = actions::open(cx, &filed)?;
    cx.audit("read", "household", id, "").await?;
    Ok((filed, file))
}

/// `GET /api/households/{id}`
async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let (filed, file) = file_of(&mut cx, &id).await?;
    let erased = file.is_none();
    let file = file.unwrap_or_default();
    let members: Vec<Told> = file.members.iter().map(member).collect();
    let told = json!({
        "id": filed.household, "place": filed.place, "number": masked_number(&filed.number), "head": filed.head,
        "people": filed.people, "as_of": filed.as_of.to_string(), "erased": erased, "standing": standing(&file.axes),
        "members": members,
    });
    Ok(Json(told).into_response())
}

fn member(member: &Member) -> Told {
    json!({
        "person": member.person, "name": member.name, "sex": member.sex, "relation": member.relation,
        "birth": member.birth.map(|(day, _)| day.to_string()), "registered": member.registered,
        "co_living": member.co_living,
        // Their text is masked; the machine interface reveals nothing.
        "id_number": member.masked_id().map(|id| id.to_string()),
        "phone": member.masked_phone().map(|phone| phone.to_string()),
    })
}

fn standing(axes: &Axes) -> Told {
    let listed = |one: &Listed| json!({"code": one.code, "since": one.since.map(|day| day.to_string())});
    let assistance: Vec<Told> = axes.assistance.iter().map(listed).collect();
    json!({"alleviated": axes.alleviated, "monitoring": axes.monitoring.as_ref().map(listed), "assistance": assistance})
}

/// `GET /api/households/{id}/facts`
async fn facts(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let (filed, file) = file_of(&mut cx, &id).await?;
    let file = file.unwrap_or_default();
    let items: Vec<Told> = file.facts.iter().map(|one| fact(&file, one)).collect();
    Ok(Json(json!({"household": filed.household, "as_of": filed.as_of.to_string(), "items": items})).into_response())
}

fn fact(file: &File, fact: &Fact) -> Told {
    let person = fact.member.and_then(|at| file.members.get(at as usize)).map(|member| member.person.as_str());
    let source = fact
        .source
        .as_ref()
        .map(|source| json!({"department": source.department, "resource": source.resource, "row": source.row}));
    json!({
        "fact": fact.fact, "person": person, "value": value(&fact.value), "source": source,
        "departments": fact.departments, "as_of": fact.as_of.map(|day| day.to_string()), "method": fact.method,
    })
}

/// A quantity lies between two limits, of which an absent one is open: unknown is never 0.
fn value(value: &Value) -> Told {
    let between = |kind: &str, low: Option<i64>, high: Option<i64>| json!({"kind": kind, "low": low, "high": high});
    match value {
        Value::Money(fen) => between("money", Some(fen.0), Some(fen.0)),
        Value::MoneyBetween(low, high) => between("money", low.map(|fen| fen.0), high.map(|fen| fen.0)),
        Value::Number(n) => between("number", Some(*n), Some(*n)),
        Value::NumberBetween(low, high) => between("number", *low, *high),
        Value::Flag(flag) => json!({"kind": "flag", "flag": flag}),
        Value::Day(day) => json!({"kind": "day", "day": day.to_string()}),
        Value::Text(text) => json!({"kind": "text", "text": text}),
        Value::Unknown => json!({"kind": "unknown"}),
    }
}
