//! Files that hang beside a case's notice: handed in and taken away while it waits, opened by who works on the case.

use super::case;
use super::forms::Tried;
use crate::actions::{self, Opened};
use crate::model::{CaseId, Kind};
use ::attachments::{Of, Sent};
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Result, message};
use std::collections::BTreeMap;
use ui::{Speaker, numbers};

/// One on the card of the notice's step.
pub struct Row {
    pub id: String,
    pub name: String,
    pub line: String,
    pub looked: String,
    pub waits: bool,
}

fn of(opened: &Opened) -> Of<'_> {
    let case = &opened.case;
    Of { case: case.id.as_str(), household: &case.household, place: &case.place }
}

/// What waits for the notice, or hangs with it.
pub async fn rows(cx: &mut Cx, opened: &Opened, standing: Option<&str>) -> Result<Vec<Row>> {
    let w = Speaker::new(cx.language);
    let today = cx.today();
    let all = ::attachments::list(cx, of(opened)).await?;
    let shown = all.into_iter().filter(|one| one.notice.as_deref() == standing);
    let row = |one: ::attachments::Attachment| {
        let (size, day) =
            (numbers::count((one.size + 1023) / 1024), numbers::date(w.language, one.recorded_at.day(), today));
        let line = format!("{size} kB · {} · {day}", one.recorded_name);
        Row { id: one.id, name: one.name, line, looked: one.looked, waits: one.notice.is_none() }
    };
    Ok(shown.map(row).collect())
}

/// `POST /cases/{id}/attachments`
pub async fn add(mut cx: Cx, Path(id): Path<String>, mut sent: Multipart) -> Reply {
    let malformed = |_| Error::Refused(message("error-malformed"));
    let (mut looked, mut name, mut bytes) = (String::new(), String::new(), None);
    while let Some(field) = sent.next_field().await.map_err(malformed)? {
        match field.name() {
            Some("looked") => looked = field.text().await.map_err(malformed)?.chars().take(400).collect(),
            Some("attachment") => {
                name = field.file_name().unwrap_or_default().to_owned();
                bytes = Some(field.bytes().await.map_err(malformed)?);
            }
            _ => {}
        }
    }
    let opened = actions::find(&mut cx, &CaseId(id)).await?;
    let step = waiting(&cx, &opened)?;
    let sent = Sent { name: &name, bytes: &bytes.unwrap_or_default(), looked: &looked };
    match ::attachments::add(&mut cx, of(&opened), sent).await {
        Ok(()) => Ok(see_other(&format!("/cases/{}#now", opened.case.id))),
        Err(Error::Refused(refusal)) => {
            let wrong = cx.say(&refusal);
            let tried = Tried { step, values: BTreeMap::new(), with: Vec::new(), words: String::new(), wrong };
            case::compose(&mut cx, &opened, Some(&tried)).await
        }
        Err(error) => Err(error),
    }
}

/// The step whose notice isn't up yet, when this person may put it up.
fn waiting(cx: &Cx, opened: &Opened) -> Result<String> {
    let course = opened.course();
    let refused = |refusal| actions::refused(cx.language, &refusal);
    let step = course.step().filter(|step| step.kind == Kind::Notice && course.standing_notice().is_none());
    let step = step.ok_or_else(|| refused(crate::model::Refusal::NotNow))?;
    course.may(step, &actions::actor(cx, &opened.case.place)?).map_err(refused)?;
    Ok(step.id.clone())
}

/// `POST /cases/{id}/attachments/{attachment}/withdrawal`
pub async fn withdraw(mut cx: Cx, Path((id, attachment)): Path<(String, String)>) -> Reply {
    let opened = actions::find(&mut cx, &CaseId(id)).await?;
    waiting(&cx, &opened)?;
    ::attachments::withdraw(&mut cx, of(&opened), &attachment).await?;
    Ok(see_other(&format!("/cases/{}#now", opened.case.id)))
}

/// `GET /cases/{id}/attachments/{attachment}`: the file itself.
pub async fn open(mut cx: Cx, Path((id, attachment)): Path<(String, String)>) -> Reply {
    let opened = actions::find(&mut cx, &CaseId(id)).await?;
    sent(::attachments::open(&mut cx, of(&opened), &attachment).await?)
}

/// A file on its way to a browser: saved under its name, never run.
pub fn sent(file: ::attachments::Opened) -> Reply {
    let encoded = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let name: String = file.name.bytes().map(encoded).collect();
    let disposition = format!("attachment; filename=\"attachment.{}\"; filename*=UTF-8''{name}", file.media.code());
    let mut response: Response = file.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media.content_type()));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?);
    Ok(response)
}
