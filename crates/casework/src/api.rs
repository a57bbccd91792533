//! Clues and cases for machines, in the scope of whoever asks. The shapes stand in `docs/openapi.json`.

use crate::model::CaseId;
use crate::store::{self, Summary};
use crate::{RAISE_CLUES, READ_CASES, WORK_CASES};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use households::api::Page;
use households::clues::{self, Clue, Source};
use kernel::commands::{Command, Received};
use kernel::web::Reply;
use kernel::{Cx, Error, FieldErrors, Result, Routes, content_id, message};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Routes {
    Routes::new()
        .read("/api/clues", list_clues, WORK_CASES)
        .command("/api/clues", raise, RAISE_CLUES)
        .read("/api/cases", list_cases, READ_CASES)
        .read("/api/cases/{id}", show_case, READ_CASES)
}

/// `GET /api/clues`: those that nobody has answered yet.
async fn list_clues(mut cx: Cx, Query(page): Query<Page>) -> Reply {
    let mut rows = Vec::new();
    for heard in households::store::page_of_clues(&mut cx, page.cursor(), page.size() + 1).await? {
        let words = clues::words_of(&mut cx, &heard).await?;
        rows.push((heard, words));
    }
    page.answer(
        rows,
        |(heard, _)| (&heard.place, heard.id.as_str()),
        |(heard, words)| {
            json!({"id": heard.id, "household": heard.household, "place": heard.place, "source": heard.source,
                   "words": words, "recorded_at": heard.recorded_at})
        },
    )
}

/// What a machine says about a family.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewClue {
    household: String,
    source: String,
    words: String,
}

/// The longest text of a clue, in characters.
const LONGEST: usize = 4_000;

/// `POST /api/clues`: raised once for each `Idempotency-Key`, however often it is sent.
async fn raise(mut cx: Cx, headers: HeaderMap, Json(clue): Json<NewClue>) -> Reply {
    let command = Command { id: command_id(&cx, &headers)?, device_at: None, base: None, body: clue };
    let id = match command.receive::<String>(&mut cx, "casework.clue").await? {
        Received::Before(id) => id,
        Received::Fresh => {
            let NewClue { household, source, words } = &command.body;
            let source = checked(source, words)?;
            let id = clues::raise_clue(&mut cx, Clue { household, source, words }).await?.0;
            command.carried_out(&mut cx, "casework.clue", &id).await?;
            id
        }
    };
    Ok((StatusCode::CREATED, Json(json!({"id": id}))).into_response())
}

fn checked(source: &str, words: &str) -> Result<Source> {
    let mut wrong = FieldErrors::default();
    let known = Source::from_code(source);
    if known.is_none() {
        wrong.add("source", message("clue-source-missing"));
    }
    if words.trim().is_empty() {
        wrong.add("words", message("clue-words-missing"));
    }
    if words.chars().count() > LONGEST {
        wrong.add("words", message("error-too-large"));
    }
    wrong.into_result()?;
    known.ok_or(Error::NotFound)
}

/// The key is the sender's own: another's with the same text is another.
fn command_id(cx: &Cx, headers: &HeaderMap) -> Result<String> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if key.is_empty() || key.len() > 200 {
        return Err(Error::invalid("Idempotency-Key", message("clue-key-missing")));
    }
    Ok(content_id("idempotency", &[&cx.who.label(), key]).to_string())
}

/// `GET /api/cases`
async fn list_cases(mut cx: Cx, Query(page): Query<Page>) -> Reply {
    let rows = store::page_of_summaries(&mut cx, page.cursor(), page.size() + 1).await?;
    page.answer(rows, |row| (&row.place, row.id.as_str()), summary)
}

/// `GET /api/cases/{id}`
async fn show_case(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let found = store::get_summary(&mut cx, &CaseId(id.clone())).await?;
    cx.audit("read", "case", &id, "").await?;
    Ok(Json(summary(&found)).into_response())
}

fn summary(case: &Summary) -> Value {
    json!({
        "id": case.id, "number": case.number, "household": case.household, "place": case.place,
        "programme": case.programme, "procedure": case.procedure, "source": case.source,
        "opened_on": case.opened_on.to_string(), "version": case.version, "step": case.step, "ended": case.ended != 0,
        "due_on": (case.due_on != "9999-12-31").then_some(&case.due_on), "helping": case.helping,
    })
}
