//! The page everybody starts from: what waits, the most pressing first, and how right the reminders were.

use super::{READ_FINDINGS, shell};
use crate::model;
use crate::show::{self, Beside, Precise, Row};
use crate::store::{self, Bucket, Filter, Sums};
use askama::Template;
use kernel::web::Reply;
use kernel::{Cx, Result};
use std::collections::BTreeMap;
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Precision;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    w: Speaker,
    greeting: String,
    line: String,
    empty: bool,
    tiles: Vec<Tile>,
    /// Where somebody goes on who is shown no family: the pages of their own duty.
    duties: Vec<(&'static str, String)>,
    panels: Vec<String>,
    groups: Vec<Group>,
    places: Vec<Place>,
    right: String,
}

struct Tile {
    href: String,
    class: &'static str,
    label: String,
    count: String,
    line: String,
}

struct Group {
    code: &'static str,
    title: String,
    all: String,
    rows: Vec<Task>,
}

struct Task {
    id: String,
    title: String,
    badge: &'static str,
    set: String,
    line: String,
}

struct Place {
    code: String,
    name: String,
    open: String,
    visit: String,
}

/// How many findings of a set the page shows.
const SHOWN: i64 = 4;
/// And how many places.
const PLACES: usize = 12;

/// `GET /home`
pub async fn show(cx: Cx) -> Reply {
    let mut cx = cx.under(READ_FINDINGS);
    let w = Speaker::new(cx.language);
    let run = store::find_latest_run(&mut cx).await?;
    let name = cx.who.staff().map(|staff| staff.name.clone()).unwrap_or_default();
    let finest = show::finest(&cx);
    let counts = store::list_counts(&mut cx, run.as_ref(), (finest as usize, finest)).await?;
    let count = |bucket| counts.total(bucket, &Filter::default());
    let line = match &run {
        Some(run) => {
            let day = numbers::long_date(w.language, run.as_of, Precision::Day);
            let values = [("day", Arg::Text(&day)), ("open", Arg::Count(count(Bucket::Open)))];
            w.with(if cx.can(READ_FINDINGS) { "home-line" } else { "home-line-no-families" }, &values)
        }
        None => String::new(),
    };
    let tiles = [Bucket::Open, Bucket::Visit, Bucket::Listed, Bucket::Undetermined].into_iter().map(|bucket| Tile {
        href: format!("/findings?state={}", bucket.code()),
        class: if bucket == Bucket::Open { "soon" } else { "" },
        label: w.t(&format!("tab-{}", bucket.code())),
        count: numbers::count(count(bucket)),
        line: w.t(&format!("tab-{}-line", bucket.code())),
    });
    let tiles = if cx.can(READ_FINDINGS) { tiles.collect() } else { Vec::new() };
    let duties = cx.visit.menu.iter().filter(|entry| entry.path != "/home" && cx.can(entry.permission));
    let duties = duties.map(|entry| (entry.path, w.t(entry.text))).collect();
    let precise = show::precision(&mut cx).await?;
    let total = precise
        .values()
        .fold(Precise::default(), |sum, one| Precise { looked: sum.looked + one.looked, taken: sum.taken + one.taken });
    let open = counts.sums(Bucket::Open);
    let page_of = HomePage {
        shell: shell(&cx, w.t("home"), run.as_ref()),
        greeting: w.a(greeting(&cx), &name),
        empty: run.is_none(),
        panels: cx.panels("home", "").await?,
        groups: groups(&mut cx, w, &open, precise).await?,
        places: places(&mut cx, &open, &counts.sums(Bucket::Visit)).await?,
        right: if total.looked == 0 { w.t("precision-none-all") } else { super::finding::precision_words(w, total) },
        line,
        duties,
        tiles,
        w,
    };
    Ok(page(&page_of))
}

fn greeting(cx: &Cx) -> &'static str {
    match cx.now.clock_face().as_str() {
        face if face < "12:00" => "greeting-morning",
        face if face < "18:00" => "greeting-afternoon",
        _ => "greeting-evening",
    }
}

async fn groups(cx: &mut Cx, w: Speaker, open: &Sums, precision: BTreeMap<String, Precise>) -> Result<Vec<Group>> {
    let mut found = Vec::new();
    for code in model::SETS.map(model::set_code) {
        let filter = Filter { set: code.to_owned(), ..Filter::default() };
        let pressing = store::list_findings(cx, &filter, (i64::MIN, ""), SHOWN).await?;
        found.push((code, pressing));
    }
    let named = found.iter().flat_map(|(_, pressing)| pressing).map(|one| one.place.as_str());
    let beside = Beside { places: show::place_names(cx, named).await?, precision, ..Beside::default() };
    let mut groups = Vec::new();
    for (code, found) in found.into_iter().filter(|(_, pressing)| !pressing.is_empty()) {
        let rows = found.iter().map(|one| Ok(task(w, show::row(cx, w, &beside, one)?))).collect::<Result<_>>()?;
        let all = open.sets.get(code).copied().unwrap_or_default();
        groups.push(Group { code, title: w.t(&format!("set-{code}")), all: w.n("home-all", all), rows });
    }
    Ok(groups)
}

fn task(w: Speaker, row: Row) -> Task {
    let line = [row.place, row.source].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    Task {
        id: row.id,
        title: w.with("home-task", &[("who", Arg::Text(&row.household)), ("what", Arg::Text(&row.headline))]),
        badge: row.badge,
        set: row.set,
        line,
    }
}

/// The places with the most open findings.
async fn places(cx: &mut Cx, open: &Sums, visit: &Sums) -> Result<Vec<Place>> {
    let visits = |place: &str| visit.places.get(place).copied().unwrap_or_default();
    let only_visits = visit.places.keys().filter(|place| !open.places.contains_key(*place));
    let open = open.places.iter().map(|(place, n)| (place.as_str(), *n));
    let mut most: Vec<(&str, i64)> = open.chain(only_visits.map(|place| (place.as_str(), 0))).collect();
    most.sort_by_key(|(place, open)| (-open, *place));
    most.truncate(PLACES);
    let names = show::place_names(cx, most.iter().map(|(place, _)| *place)).await?;
    let place = |(code, open): (&str, i64)| Place {
        name: names.get(code).cloned().unwrap_or_else(|| code.to_owned()),
        open: numbers::count(open),
        visit: numbers::count(visits(code)),
        code: code.to_owned(),
    };
    Ok(most.into_iter().map(place).collect())
}
