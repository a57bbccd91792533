use super::show;
use crate::SEARCH;
use crate::search::{as_id_number, normal};
use crate::store::{self, Listed};
use askama::Template;
use axum::extract::Query;
use kernel::web::{Reply, html};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use ui::sheet::{self, Cell, Sheet};
use ui::{Shell, Speaker, numbers, page};

const PAGE: usize = 50;
/// Lines of an exported list.
const EXPORT: usize = 5_000;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Asked {
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "households.html", blocks = ["list"])]
struct HouseholdsPage {
    shell: Shell,
    w: Speaker,
    q: String,
    rows: Vec<Row>,
    caption: String,
    next_page: Option<String>,
    may_export: bool,
}

struct Row {
    id: String,
    name: String,
    place: String,
    number: String,
    people: String,
}

/// `GET /households`: all within scope, or those a word finds.
pub async fn list(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let typed = asked.q.trim();
    let (mut found, searched) = find(&mut cx, &asked, PAGE).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next_page = found.last().filter(|_| more && !searched).map(|row| format!("{}.{}", row.place, row.household));
    let rows = rows(&mut cx, w, &found).await?;
    let page_of = HouseholdsPage {
        shell: Shell::new(&cx, w.t("menu-households")),
        caption: w.n(if searched { "households-found" } else { "households-shown" }, rows.len() as i64),
        q: typed.to_owned(),
        may_export: !rows.is_empty() && cx.can(super::EXPORT_HOUSEHOLDS),
        rows,
        next_page,
        w,
    };
    if cx.visit.fragment {
        return page_of.as_list().render().map(html).map_err(Error::internal);
    }
    Ok(page(&page_of))
}

/// All within scope, one more than `size` where there are more, or those a word finds; and whether a word was asked for.
async fn find(cx: &mut Cx, asked: &Asked, size: usize) -> Result<(Vec<Listed>, bool)> {
    let typed = asked.q.trim();
    if typed.is_empty() {
        let after = asked.after.split_once('.').map(|(place, id)| (place.to_owned(), id.to_owned()));
        return Ok((store::list_households(cx, after, size + 1).await?, false));
    }
    let word = match as_id_number(typed) {
        Some(id) => cx.world().keys.blind("id_number", &id.reveal()),
        None => normal(typed),
    };
    cx.spend(SEARCH)?;
    cx.audit("search", "households", "", &typed.chars().count().to_string()).await?;
    Ok((store::search(cx, &word, size as i64).await?, true))
}

/// `GET /households.xlsx`: the same list, masked as it is on the page.
pub async fn export(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let (mut found, _) = find(&mut cx, &asked, EXPORT).await?;
    found.truncate(EXPORT);
    let shown = rows(&mut cx, w, &found).await?;
    let sheet = Sheet {
        name: w.t("menu-households"),
        note: w.t("export-note"),
        head: ["col-household", "col-place", "col-number", "col-people"].map(|key| w.t(key)).into(),
        rows: shown
            .into_iter()
            .map(|row| [row.name, row.place, row.number, row.people].map(Cell::Text).into())
            .collect(),
    };
    cx.audit("export", "households", "", &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "households"))
}

async fn rows(cx: &mut Cx, w: Speaker, found: &[Listed]) -> Result<Vec<Row>> {
    let mut keys: Vec<String> = found.iter().map(|row| row.place.clone()).collect();
    keys.dedup();
    let names = places::names(cx, &keys).await?;
    let row = |row: &Listed| Row {
        id: row.household.clone(),
        name: show::household(w, &row.head),
        place: names.get(&row.place).cloned().unwrap_or_default(),
        number: show::masked_number(&row.number),
        people: numbers::count(row.people),
    };
    Ok(found.iter().map(row).collect())
}
