//! `POST /cases/{id}/entries`: every form of a case comes in here, and leaves as a move.

use super::case;
use super::forms::Tried;
use crate::actions::{self, MISSING, Opened};
use crate::model::{About, CaseId, Ending, FieldKind, Level, Move, Refusal};
use axum::extract::{Form, Path};
use kernel::commands::Command;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Result};
use std::collections::BTreeMap;
use values::Day;

/// The fields of a form, as they came; a name may come several times.
pub struct Sent(Vec<(String, String)>);

impl Sent {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim())
    }

    fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.trim())
    }

    fn number(&self, name: &str) -> i64 {
        self.get(name).parse().unwrap_or(-1)
    }

    fn day(&self, name: &str) -> Option<Day> {
        Day::parse_iso(self.get(name)).ok()
    }
}

/// `POST /cases/{id}/entries`
pub async fn enter(mut cx: Cx, Path(id): Path<String>, Form(sent): Form<Vec<(String, String)>>) -> Reply {
    let (id, sent) = (CaseId(id), Sent(sent));
    let opened = actions::find(&mut cx, &id).await?;
    let made = read(&cx, &opened, &sent)?;
    let command = |body| Command {
        id: sent.get("command").to_owned(),
        device_at: None,
        base: sent.get("base").parse().ok(),
        body,
    };
    let home = format!("/cases/{id}");
    match actions::make(&mut cx, &id, &command(made.clone())).await {
        Ok(()) => Ok(see_other(&home)),
        Err(Error::Refused(message)) => match without_outcome(made.clone()) {
            // What was filled in is kept; the page says what is still missing.
            Some(part) if message.key == MISSING => {
                actions::make(&mut cx, &id, &command(part)).await?;
                Ok(see_other(&format!("{home}#now")))
            }
            _ => match tried(made, cx.say(&message)) {
                Some(tried) => case::compose(&mut cx, &opened, Some(&tried)).await,
                None => Err(Error::Refused(message)),
            },
        },
        Err(error) => Err(error),
    }
}

fn without_outcome(made: Move) -> Option<Move> {
    match made {
        Move::Record { step, values, with, outcome: Some(_) } => {
            Some(Move::Record { step, values, with, outcome: None })
        }
        _ => None,
    }
}

/// What is shown again when it couldn't be taken.
fn tried(made: Move, wrong: String) -> Option<Tried> {
    match made {
        Move::Record { step, values, with, .. } => Some(Tried { step, values, with, words: String::new(), wrong }),
        Move::Publish { step, words } => Some(Tried { step, values: BTreeMap::new(), with: Vec::new(), words, wrong }),
        _ => None,
    }
}

fn read(cx: &Cx, opened: &Opened, sent: &Sent) -> Result<Move> {
    let no_such = || actions::refused(cx.language, &Refusal::NoSuch);
    let text = |name| sent.get(name).to_owned();
    Ok(match sent.get("verb") {
        "record" => record(opened, sent).ok_or_else(no_such)?,
        "publish" => Move::Publish { step: text("step"), words: text("words") },
        "dispute" => Move::Dispute {
            about: About::from_code(sent.get("about")).ok_or_else(no_such)?,
            by: text("by"),
            words: text("words"),
        },
        "answer" => Move::Answer {
            dispute: sent.number("dispute"),
            granted: sent.get("granted") == "yes",
            words: text("words"),
        },
        "kinship" => Move::Kinship {
            name: text("name"),
            level: Level::from_code(sent.get("level")).ok_or_else(no_such)?,
            relation: text("relation"),
        },
        "help" => Move::Help {
            cause: Some(text("cause")).filter(|cause| !cause.is_empty()),
            measure: text("measure"),
            owner: text("owner"),
            due: sent.day("due").unwrap_or(cx.today()),
            words: text("words"),
        },
        "given" => Move::Given {
            measure: sent.number("measure"),
            on: sent.day("on").unwrap_or(cx.today()),
            words: text("words"),
        },
        "stop" => Move::Stop { measure: sent.number("measure"), reason: text("words") },
        "end" => Move::End { how: Ending::from_code(sent.get("how")).ok_or_else(no_such)?, words: text("words") },
        "extend" => Move::Extend {
            step: text("step"),
            until: sent.day("until").ok_or_else(|| actions::refused(cx.language, &Refusal::Blank))?,
            reason: text("words"),
        },
        "reopen" => Move::Reopen { words: text("words") },
        _ => return Err(no_such()),
    })
}

/// The fields of a step, by its procedure: `f.NAME`, of evidence also `on.NAME`; `with` for who came along.
fn record(opened: &Opened, sent: &Sent) -> Option<Move> {
    let step = opened.adopted.procedure.find_step(sent.get("step"))?;
    let mut values = BTreeMap::new();
    for field in &step.fields {
        let name = format!("f.{}", field.id);
        let value = match field.kind {
            FieldKind::Causes => sent.all(&name).collect::<Vec<_>>().join(","),
            FieldKind::Evidence => {
                let (what, on) = (sent.get(&name), sent.day(&format!("on.{}", field.id)));
                on.filter(|_| !what.is_empty()).map(|on| format!("{on} {what}")).unwrap_or_default()
            }
            _ => sent.get(&name).to_owned(),
        };
        values.insert(field.id.clone(), value);
    }
    let with = sent.all("with").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let outcome = Some(sent.get("outcome").to_owned()).filter(|outcome| !outcome.is_empty());
    Some(Move::Record { step: step.id.clone(), values, with, outcome })
}
