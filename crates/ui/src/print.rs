//! A document on its way out of a page: as PDF where the companion `fuzhi-print` is at hand, else to be printed from
//! the browser, with a sentence that says what is missing.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Cx, Language, Message, Unprinted, message};
use serde::Serialize;

/// What `crates/fuzhi-print/src/paper.typ` lays out: texts alone, as their reader may see them.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Document {
    Paper(Box<Paper>),
    Labels(Labels),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// A table to fill or filled, signed below by everybody beside each other.
    Form,
    /// To a family: prose, who decides and the day on the right, its receipt to tear off.
    Letter,
    /// To be hung up.
    Notice,
}

/// One document of running text and a table.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    pub style: Style,
    pub language: &'static str,
    pub title: String,
    /// The case's number.
    pub number: String,
    /// Whom it is about, and where they live.
    pub about: String,
    /// How it addresses its reader.
    pub to: String,
    pub opening: String,
    pub rows: Vec<Row>,
    pub paragraphs: Vec<String>,
    pub attachments_word: String,
    pub attachments: Vec<String>,
    pub signatures: Vec<String>,
    /// What the family signs when it is handed over; empty: nothing is.
    pub receipt: String,
    pub receipt_day: String,
    pub day: String,
    /// Small, below every page: who printed it, when.
    pub foot: String,
}

/// What is asked, what was written (empty: room to write), and whether much room is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row(pub String, pub String, pub bool);

/// A sheet of labels for doors.
#[derive(Clone, Debug, Serialize)]
pub struct Labels {
    pub language: &'static str,
    pub title: String,
    pub hint: String,
    pub foot: String,
    pub labels: Vec<Label>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Label {
    pub who: String,
    pub place: String,
    /// The code as one SVG path over a square of this side.
    pub side: usize,
    pub path: String,
}

/// The document as a PDF to open or keep; `file` is its name without an ending.
///
/// # Errors
/// Why there is none: then the page shows its print view with [`sentence`].
pub fn pdf(cx: &Cx, document: &Document, file: &str) -> Result<Response, Unprinted> {
    let failed = |cause: &dyn std::fmt::Display| Unprinted::Failed(cause.to_string());
    let press = cx.world().press.clone().ok_or(Unprinted::NoCompanion)?;
    let json = serde_json::to_vec(document).map_err(|cause| failed(&cause))?;
    let bytes = press(&json).inspect_err(|why| tracing::warn!(?why, file, "a document was not printed"))?;
    let name = format!("inline; filename=\"{file}.pdf\"");
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|cause| failed(&cause))?),
    ];
    Ok((headers, bytes).into_response())
}

/// Why there is no PDF and what to do, in words.
#[must_use]
pub fn sentence(language: Language, why: &Unprinted) -> String {
    let told: Message = match why {
        Unprinted::NoCompanion => message("print-no-companion"),
        Unprinted::NoFont => message("print-no-font"),
        Unprinted::Characters(which) => message("print-characters").with("which", which),
        Unprinted::Failed(_) => message("print-failed"),
    };
    crate::say(language, &told)
}

/// What stands below every page of a printed document: who printed it, and on which day.
#[must_use]
pub fn foot(cx: &Cx) -> String {
    let w = crate::Speaker::new(cx.language);
    let name = cx.staff().map(|staff| staff.name.clone()).unwrap_or_default();
    let day = crate::numbers::long_date(w.language, cx.today(), values::Precision::Day);
    w.with("print-foot", &[("who", crate::Arg::Text(&name)), ("day", crate::Arg::Text(&day))])
}
