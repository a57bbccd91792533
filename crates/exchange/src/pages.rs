//! What each department delivered, how good it is, and what it should put right.

use crate::dictionary::dictionary;
use crate::load::ColumnShown;
use crate::store::{self, Covered, Delivered, Faulty};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error, MenuEntry, MenuGroup, Permission, Result, Role, Routes};
use ui::figure::{self, Figure};
use ui::{Arg, Shell, Speaker, numbers, page};

/// Sees deliveries with their quality and faults; examples are masked. Whoever answers for a department sees its own.
pub const READ_SOURCES: Permission = Permission::of(
    "sources.read",
    &[Role::Village, Role::Township, Role::County, Role::LeadingGroup, Role::Department],
);

/// Data older than this many days is said to be so.
const OLD: i32 = 45;

pub fn routes() -> Routes {
    Routes::new().page("/sources", list, READ_SOURCES).page("/sources/{department}", show, READ_SOURCES)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        group: MenuGroup::Records,
        rank: 20,
        text: "menu-sources",
        path: "/sources",
        permission: READ_SOURCES,
    }]
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    shell: Shell,
    w: Speaker,
    rows: Vec<Row>,
    intro: &'static str,
    empty: (&'static str, &'static str),
}

struct Row {
    department: String,
    name: String,
    title: String,
    nature: String,
    rows: String,
    rejected: String,
    as_of: String,
    badge: &'static str,
    state: String,
}

/// `GET /sources`
async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let delivered = store::list_deliveries(&mut cx).await?;
    let rows = delivered.iter().map(|one| row(&cx, w, one)).collect();
    let (intro, empty) = match cx.scope().reads_every_department() {
        true => ("sources-intro", ("sources-empty", "sources-empty-why")),
        false => ("sources-own-intro", ("sources-own-empty", "sources-own-empty-why")),
    };
    Ok(page(&SourcesPage { shell: Shell::new(&cx, w.t("menu-sources")), w, rows, intro, empty }))
}

fn name(w: Speaker, department: &str) -> String {
    w.find(&format!("department-{department}")).unwrap_or_else(|| department.to_owned())
}

/// What the department calls it; where it gave no name, what kind of records they are.
fn title(w: Speaker, one: &Delivered) -> String {
    if !one.title.is_empty() {
        return one.title.clone();
    }
    dictionary()
        .record(&one.record)
        .map_or_else(|| one.resource.clone(), |record| if w.is_zh() { &record.zh } else { &record.en }.clone())
}

fn row(cx: &Cx, w: Speaker, one: &Delivered) -> Row {
    let age = cx.today().0 - one.as_of.0;
    let (badge, state) = match (one.coverage.as_str(), age) {
        (coverage, _) if coverage != "null" => ("doubt", w.t("source-part")),
        (_, age) if age > OLD => ("soon", w.n("source-old", i64::from(age))),
        _ => ("ok", w.t("source-whole")),
    };
    Row {
        department: one.department.clone(),
        name: name(w, &one.department),
        title: title(w, one),
        nature: w.t(&format!("nature-{}", one.nature)),
        rows: numbers::count(one.rows_read),
        rejected: numbers::count(one.rows_rejected),
        as_of: numbers::date(w.language, one.as_of, cx.today()),
        badge,
        state,
    }
}

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage {
    shell: Shell,
    w: Speaker,
    resources: Vec<Resource>,
}

struct Resource {
    id: String,
    title: String,
    line: String,
    basis: String,
    tiles: Vec<Tile>,
    partial: Option<String>,
    faults: Vec<FaultLine>,
    chart: Figure,
    columns: Vec<ColumnLine>,
    map: Option<Figure>,
    places: Vec<PlaceLine>,
    places_about: String,
}

struct PlaceLine {
    name: String,
    households: String,
    /// `None` where the department said nothing.
    told: Option<String>,
    share: String,
}

struct Tile {
    label: String,
    count: String,
    line: String,
    soon: bool,
}

struct FaultLine {
    reason: String,
    field: String,
    example: String,
    count: String,
    remedy: String,
}

struct ColumnLine {
    name: String,
    means: String,
    missing: String,
    invalid: String,
    doubtful: String,
}

/// `GET /sources/{department}`
async fn show(mut cx: Cx, Path(department): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let delivered = store::list_of_department(&mut cx, &department).await?;
    if delivered.is_empty() {
        return Err(Error::NotFound);
    }
    let mut resources = Vec::with_capacity(delivered.len());
    for one in &delivered {
        let faults = store::list_faults(&mut cx, &one.id).await?;
        resources.push(resource(&mut cx, w, one, &faults).await?);
    }
    Ok(page(&SourcePage { shell: Shell::new(&cx, w.a("source-of", name(w, &department))), w, resources }))
}

async fn resource(cx: &mut Cx, w: Speaker, one: &Delivered, faults: &[Faulty]) -> Result<Resource> {
    let columns: Vec<ColumnShown> = serde_json::from_str(&one.columns)?;
    let coverage: Option<Vec<String>> = serde_json::from_str(&one.coverage)?;
    let partial = match coverage {
        None => None,
        Some(prefixes) => {
            let names = places::names(cx, &prefixes).await?;
            let places: Vec<String> =
                prefixes.iter().map(|prefix| names.get(prefix).unwrap_or(prefix).clone()).collect();
            Some(w.a("source-partial", places.join(if w.is_zh() { "、" } else { ", " })))
        }
    };
    let places = store::list_places(cx, &one.id).await?;
    let codes: Vec<String> = places.iter().map(|place| place.place.clone()).collect();
    let names = places::names(cx, &codes).await?;
    let covered: Vec<(String, Covered)> =
        places.into_iter().map(|place| (names.get(&place.place).cloned().unwrap_or_default(), place)).collect();
    let nature = w.t(&format!("nature-{}", one.nature));
    let day = numbers::date(w.language, one.as_of, cx.today());
    Ok(Resource {
        id: one.id.clone(),
        title: title(w, one),
        line: w.with(
            "source-line",
            &[("nature", Arg::Text(&nature)), ("day", Arg::Text(&day)), ("file", Arg::Text(&one.file))],
        ),
        basis: format!("{} · {}", one.purpose, one.legal_basis),
        tiles: tiles(cx, w, one),
        partial,
        faults: faults.iter().map(|fault| fault_line(w, fault)).collect(),
        chart: chart(w, &columns),
        columns: columns.iter().map(column_line).collect(),
        map: map(w, &covered),
        places: covered.iter().map(|(name, one)| place_line(name, one)).collect(),
        places_about: w.t(&format!("source-places-{}", one.nature)),
    })
}

fn place_line(name: &str, one: &Covered) -> PlaceLine {
    let answered = one.answered != 0;
    PlaceLine {
        name: name.to_owned(),
        households: numbers::count(one.households),
        told: answered.then(|| numbers::count(one.told)),
        share: if answered { numbers::share(one.told, one.households).unwrap_or_default() } else { String::new() },
    }
}

/// How many of a township's households the resource speaks of; a silent township is drawn as such.
fn map(w: Speaker, covered: &[(String, Covered)]) -> Option<Figure> {
    let shares: Vec<(Option<f64>, String)> = covered
        .iter()
        .map(|(_, one)| match numbers::share(one.told, one.households).filter(|_| one.answered != 0) {
            Some(text) => (Some(one.told as f64 / one.households as f64), text),
            None => (None, w.t("source-silent")),
        })
        .collect();
    let bars: Vec<figure::Bar<'_>> = covered
        .iter()
        .zip(&shares)
        .map(|((name, _), (share, text))| figure::Bar { label: name, share: *share, text })
        .collect();
    (!bars.is_empty()).then(|| figure::bars(&bars, &w.t("source-places-says")))
}

fn tiles(cx: &Cx, w: Speaker, one: &Delivered) -> Vec<Tile> {
    let share = numbers::share(one.rows_rejected, one.rows_read).unwrap_or_default();
    let rejected = match one.rows_rejected {
        0 => w.t("source-tile-rejected-none"),
        _ => w.a("source-tile-rejected-line", share),
    };
    let tile = |key: &str, count: String, line: String| Tile { label: w.t(key), count, line, soon: false };
    let mut tiles = vec![
        tile("source-tile-read", numbers::count(one.rows_read), w.t("source-tile-read-line")),
        Tile {
            soon: one.rows_rejected > 0,
            ..tile("source-tile-rejected", numbers::count(one.rows_rejected), rejected)
        },
        tile("source-tile-duplicates", numbers::count(one.duplicates), w.t("source-tile-duplicates-line")),
        tile("source-tile-age", w.n("source-days", i64::from(cx.today().0 - one.as_of.0)), w.t("source-tile-age-line")),
    ];
    if one.rows_set_aside > 0 {
        let count = numbers::count(one.rows_set_aside);
        tiles.insert(2, tile("source-tile-aside", count, w.t("source-tile-aside-line")));
    }
    tiles
}

fn fault_line(w: Speaker, fault: &Faulty) -> FaultLine {
    let (reason, remedy) =
        if w.is_zh() { (&fault.reason_zh, &fault.remedy_zh) } else { (&fault.reason_en, &fault.remedy_en) };
    FaultLine {
        reason: reason.clone(),
        field: fault.field.clone(),
        example: format!("{} · {}", fault.example, w.n("source-row", fault.example_row)),
        count: numbers::count(fault.counted),
        remedy: remedy.clone(),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn column_line(column: &ColumnShown) -> ColumnLine {
    ColumnLine {
        name: column.name.clone(),
        means: column.means.clone().unwrap_or_default(),
        missing: percent(column.missing_share),
        invalid: percent(column.invalid_share),
        doubtful: numbers::count(column.doubtful as i64),
    }
}

/// How full each mapped column is.
fn chart(w: Speaker, columns: &[ColumnShown]) -> Figure {
    let shown: Vec<(&ColumnShown, String)> = columns
        .iter()
        .filter(|column| column.means.is_some())
        .map(|column| (column, percent(1.0 - column.missing_share)))
        .collect();
    let bars: Vec<figure::Bar<'_>> = shown
        .iter()
        .map(|(column, text)| figure::Bar { label: &column.name, share: Some(1.0 - column.missing_share), text })
        .collect();
    figure::bars(&bars, &w.t("source-chart-says"))
}
