//! A village's notice board: open to whoever was given its address, unknown to search engines, empty by itself.

use crate::store;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use households::documents::unpack;
use kernel::web::Reply;
use kernel::{Cx, Error};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Precision;

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    shell: Shell,
    w: Speaker,
    notices: Vec<Hanging>,
}

struct Hanging {
    words: String,
    /// Address and name.
    attachments: Vec<(String, String)>,
    days: String,
    over: bool,
}

/// `GET /notices/{board}`
pub async fn show(mut cx: Cx, Path(board): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let today = cx.today();
    let long = |day| numbers::long_date(w.language, day, Precision::Day);
    let mut notices = Vec::new();
    for hung in store::list_board(&mut cx, &board, today).await? {
        // A family that was erased hangs nowhere.
        let Some(wrapped) = &hung.wrapped else { continue };
        let key = cx.world().keys.unwrap(&hung.household, wrapped)?;
        let (from, to) = (long(hung.stands_from), long(hung.stands_to));
        let beside = attachments::list_hung(&mut cx, &hung.id).await?;
        notices.push(Hanging {
            attachments: beside.into_iter().map(|(id, name)| (format!("/notices/{board}/{id}"), name)).collect(),
            words: unpack(&key, "case_notices.words", &hung.words)?,
            days: w.with("notice-days", &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))]),
            over: hung.stands_to < today,
        });
    }
    Ok(unlisted(page(&NoticesPage { shell: Shell::new(&cx, w.t("notice-board")), w, notices })))
}

/// `GET /notices/{board}/{attachment}`: what hangs beside a notice, as long as the notice does.
pub async fn attachment(mut cx: Cx, Path((board, id)): Path<(String, String)>) -> Reply {
    let today = cx.today();
    for hung in store::list_board(&mut cx, &board, today).await? {
        match attachments::open_hung(&mut cx, &hung.id, &id).await {
            Err(Error::NotFound) => {}
            other => return Ok(unlisted(super::attachments::sent(other?)?)),
        }
    }
    Err(Error::NotFound)
}

/// No search engine keeps it.
fn unlisted(mut response: Response) -> Response {
    let hidden = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), hidden);
    response
}
