//! A table on its way out of a page, and the port that writes it as a spreadsheet.

use crate::{Arg, Speaker};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use kernel::Cx;
use kernel::limits::{Limit, Per};
use std::sync::OnceLock;

/// A table of texts and whole numbers, with one line above it that says what it is and what it may be used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub note: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Count(i64),
}

/// Writes a sheet as a file: the program gives one that knows XLSX.
pub type Writer = fn(&Sheet) -> Result<Vec<u8>, String>;

/// How often somebody takes a list away; spent before the list is read.
pub const EXPORTS: Limit = Limit { name: "export", per: Per::Account };

static WRITER: OnceLock<Writer> = OnceLock::new();

/// Gives the writer of XLSX, once, at the start of the program. Without one, exports are CSV.
pub fn write_sheets_with(writer: Writer) {
    // A second writer would be a mistake of the program; the first one stays.
    let _ = WRITER.set(writer);
}

/// The sheet as a download; `file` is its name without an ending. Who took it away, when and how many rows stands in it.
#[must_use]
pub fn download(cx: &Cx, sheet: Sheet, file: &str) -> Response {
    let sheet = &marked(cx, sheet);
    let (body, ending, kind) = match WRITER.get().map(|write| write(sheet)) {
        Some(Ok(body)) => (body, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Some(Err(cause)) => return kernel::Error::internal(cause).into_response(),
        None => (csv(sheet).into_bytes(), "csv", "text/csv; charset=utf-8"),
    };
    let disposition = format!("attachment; filename=\"{file}.{ending}\"");
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}

/// The sheet with its watermark: whoever finds a copy knows whose it was.
fn marked(cx: &Cx, sheet: Sheet) -> Sheet {
    let who = cx.who.staff().map(|staff| staff.name.clone()).unwrap_or_default();
    let when = format!("{} {}", cx.now.day(), cx.now.clock_face());
    let values = [("who", Arg::Text(&who)), ("when", Arg::Text(&when)), ("n", Arg::Count(sheet.rows.len() as i64))];
    let mark = Speaker::new(cx.language).with("export-mark", &values);
    Sheet { note: format!("{} {mark}", sheet.note), ..sheet }
}

/// Comma-separated, with the mark by which spreadsheets know UTF-8. A text that a spreadsheet would take for a
/// formula gets an apostrophe before it.
fn csv(sheet: &Sheet) -> String {
    let field = |text: &str| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t']);
        format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
    };
    let mut lines = vec![field(&sheet.note), sheet.head.iter().map(|head| field(head)).collect::<Vec<_>>().join(",")];
    lines.extend(sheet.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => field(text),
            Cell::Count(n) => n.to_string(),
        });
        cells.collect::<Vec<_>>().join(",")
    }));
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_person_typed_becomes_a_formula() {
        let rows = vec![vec![Cell::Text("=1+1".into()), Cell::Count(-3)], vec![Cell::Text("say \"no\"".into())]];
        let sheet = Sheet { name: "a".into(), note: "n".into(), head: vec!["h".into()], rows };
        assert_eq!(csv(&sheet), "\u{feff}\"n\"\r\n\"h\"\r\n\"'=1+1\",-3\r\n\"say \"\"no\"\"\"\r\n");
    }
}
