//! The page everybody starts from: what waits, the most pressing first, and how right the reminders were.

use super::{READ_FINDINGS, shell};
use crate::model;
use crate::show::{self, Beside, Row};
use crate::store::{self, Bucket, Filter};
use askama::Template;
use kernel::web::Reply;
use kernel::{Cx, Result};
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

/// `GET /home`
pub async fn show(cx: Cx) -> Reply {
    let mut cx = cx.under(READ_FINDINGS);
    let w = Speaker::new(cx.language);
    let run = store::find_latest_run(&mut cx).await?;
    let name = cx.who.staff().map(|staff| staff.name.clone()).unwrap_or_default();
    let counts = store::count_buckets(&mut cx, &Filter::default()).await?;
    let count = |bucket| counts.iter().find(|(b, _)| *b == bucket).map_or(0, |(_, n)| *n);
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
    let precise = show::precision(&mut cx).await?;
    let total = precise.values().fold(show::Precise::default(), |sum, one| show::Precise {
        looked: sum.looked + one.looked,
        taken: sum.taken + one.taken,
    });
    let page_of = HomePage {
        shell: shell(&cx, w.t("home"), run.as_ref()),
        greeting: w.a(greeting(&cx), &name),
        empty: run.is_none(),
        groups: groups(&mut cx, w).await?,
        places: places(&mut cx).await?,
        right: if total.looked == 0 { w.t("precision-none-all") } else { super::finding::precision_words(w, total) },
        line,
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

async fn groups(cx: &mut Cx, w: Speaker) -> Result<Vec<Group>> {
    let by_rule = store::count_by_rule(cx, Bucket::Open).await?;
    let mut groups = Vec::new();
    for code in model::SETS.map(model::set_code) {
        let filter = Filter { set: code.to_owned(), ..Filter::default() };
        let found = store::list_findings(cx, &filter, (i64::MIN, ""), SHOWN).await?;
        if found.is_empty() {
            continue;
        }
        let places = show::place_names(cx, found.iter().map(|one| one.place.as_str())).await?;
        let beside = Beside { places, precision: show::precision(cx).await? };
        let rows = found.iter().map(|one| Ok(task(w, show::row(cx, w, &beside, one)?))).collect::<Result<_>>()?;
        let all = by_rule.iter().filter(|row| row.0 == code).map(|row| row.2).sum::<i64>();
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

async fn places(cx: &mut Cx) -> Result<Vec<Place>> {
    let digits = show::finest(cx);
    let mut counts = store::count_by_place(cx, digits).await?;
    counts.sort_by_key(|one| (-one.open, one.place.clone()));
    counts.truncate(12);
    let names = show::place_names(cx, counts.iter().map(|one| one.place.as_str())).await?;
    let place = |one: store::PlaceCount| Place {
        name: names.get(&one.place).cloned().unwrap_or_else(|| one.place.clone()),
        open: numbers::count(one.open),
        visit: numbers::count(one.visit),
        code: one.place,
    };
    Ok(counts.into_iter().map(place).collect())
}
