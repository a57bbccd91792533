//! The queue: pairs that wait for a person, and those that people have judged.

use super::show::{chance, department};
use super::{JUDGE_LINKS, READ_LINKS};
use crate::actions;
use crate::model::Verdict;
use crate::store;
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use kernel::web::Reply;
use kernel::{Cx, Result};
use serde::Deserialize;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};

const PAGE: usize = 50;
/// Lines of an exported list.
const EXPORT: usize = 5_000;

#[derive(Template)]
#[template(path = "pairs.html")]
struct PairsPage {
    shell: Shell,
    w: Speaker,
    intro: String,
    tabs: Vec<Tab>,
    said: &'static str,
    first: Option<String>,
    rows: Vec<Row>,
    empty_why: String,
    has_labels: bool,
    may_train: bool,
    next_page: Option<String>,
    flash: Option<super::pair::Flash>,
}

struct Tab {
    label: String,
    count: String,
    code: &'static str,
    current: bool,
}

struct Row {
    id: String,
    names: String,
    why: String,
    sources: String,
    place: String,
    chance: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    said: String,
    after: String,
    done: String,
}

/// `GET /pairs`
pub async fn list(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let said = Verdict::from_code(&asked.said).unwrap_or(Verdict::Undo);
    let after = asked.after.split_once('.').map(|(place, id)| (place.to_owned(), id.to_owned()));
    let mut waiting = store::list_pairs(&mut cx, said, after, PAGE + 1).await?;
    let more = waiting.len() > PAGE;
    waiting.truncate(PAGE);
    let next_page =
        waiting.last().filter(|_| more).map(|last| format!("said={}&after={}.{}", said.code(), last.place, last.id));
    let rows = rows(&mut cx, w, &waiting).await?;
    let counts = counts(&mut cx).await?;
    let page_of = PairsPage {
        shell: Shell::new(&cx, w.t("menu-pairs")),
        intro: w.n("pairs-intro", counts[0]),
        first: rows.first().filter(|_| said == Verdict::Undo && cx.can(JUDGE_LINKS)).map(|row| row.id.clone()),
        tabs: tabs(w, said, &counts),
        said: said.code(),
        empty_why: w.t(if said == Verdict::Undo { "pairs-empty-why" } else { "pairs-none-judged" }),
        may_train: cx.can(super::TRAIN_LINKS),
        has_labels: counts[1] + counts[2] > 0,
        flash: super::pair::flash(&mut cx, w, &asked.done).await?,
        rows,
        next_page,
        w,
    };
    Ok(page(&page_of))
}

async fn rows(cx: &mut Cx, w: Speaker, found: &[store::Waiting]) -> Result<Vec<Row>> {
    let mut keys: Vec<String> = found.iter().map(|one| one.place.clone()).collect();
    keys.dedup();
    let names = places::names(cx, &keys).await?;
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        let Some(pair) = actions::open(cx, one)? else { continue };
        rows.push(Row {
            id: one.id.clone(),
            names: w.with("pair-names", &[("a", Arg::Text(&pair.a.name)), ("b", Arg::Text(&pair.b.name))]),
            why: w.t(&format!("why-{}", one.kind)),
            sources: format!("{} · {}", department(w, &one.department_a), department(w, &one.department_b)),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            chance: chance(w, &pair),
        });
    }
    Ok(rows)
}

/// `GET /pairs.xlsx`: the same list.
pub async fn export(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let said = Verdict::from_code(&asked.said).unwrap_or(Verdict::Undo);
    let found = store::list_pairs(&mut cx, said, None, EXPORT).await?;
    let shown = rows(&mut cx, w, &found).await?;
    let row = |row: Row| [row.names, row.why, row.place, row.sources, row.chance].map(Cell::Text).into();
    let sheet = Sheet {
        name: w.t("menu-pairs"),
        note: w.t("export-note"),
        head: ["col-pair", "col-why", "col-place", "col-sources", "col-chance"].map(|key| w.t(key)).into(),
        rows: shown.into_iter().map(row).collect(),
    };
    cx.audit("export", "pairs", said.code(), &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "pairs"))
}

/// In the order of [`Verdict::ALL`]; the first is how many wait.
pub async fn counts(cx: &mut Cx) -> Result<[i64; 4]> {
    let counted = store::list_counts(cx).await?;
    let of = |verdict: Verdict| counted.iter().find(|(code, _)| code == verdict.code()).map_or(0, |(_, n)| *n);
    Ok(Verdict::ALL.map(of))
}

fn tabs(w: Speaker, said: Verdict, counts: &[i64; 4]) -> Vec<Tab> {
    let tab = |(verdict, count): (Verdict, &i64)| Tab {
        label: w.t(&format!("pairs-{}", verdict.code())),
        count: numbers::count(*count),
        code: verdict.code(),
        current: verdict == said,
    };
    Verdict::ALL.into_iter().zip(counts).map(tab).collect()
}

/// `GET /pairs/labels.csv`: what people have said, for linkage to learn from. It names records by their place in the
/// files, and nobody by name.
pub async fn labels(cx: Cx) -> Reply {
    let mut cx = cx.under(READ_LINKS);
    let labels = store::list_labels(&mut cx).await?;
    let mut text = String::from("left_source,left_id,right_source,right_id,decision\n");
    for label in &labels {
        let fields = [&label.left_source, &label.left_id, &label.right_source, &label.right_id, &label.decision];
        text.push_str(&fields.map(|field| quoted(field)).join(","));
        text.push('\n');
    }
    cx.audit("export", "pairs", "labels", &labels.len().to_string()).await?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"labels.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}
