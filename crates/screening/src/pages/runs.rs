//! Runs of the chain: what went in, what came out, how long it took.

use super::shell;
use crate::model::RunId;
use crate::store::{self, Run, Stage};
use askama::Template;
use axum::extract::Path;
use kernel::Cx;
use kernel::web::Reply;
use ui::figure::{self, Figure};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Precision;

#[derive(Template)]
#[template(path = "runs.html")]
struct RunsPage {
    shell: Shell,
    w: Speaker,
    runs: Vec<RunLine>,
}

struct RunLine {
    id: String,
    as_of: String,
    loaded: String,
    households: String,
    found: String,
    undetermined: String,
    took: String,
}

/// `GET /runs`
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let runs = store::list_runs(&mut cx).await?;
    let line = |run: &Run| RunLine {
        id: run.id.0.clone(),
        as_of: numbers::long_date(w.language, run.as_of, Precision::Day),
        loaded: numbers::date(w.language, run.recorded_at.day(), cx.today()),
        households: numbers::count(run.households),
        found: numbers::count(run.found),
        undetermined: numbers::count(run.undetermined),
        took: numbers::seconds(w.language, run.millis),
    };
    let lines = runs.iter().map(line).collect();
    Ok(page(&RunsPage { shell: shell(&cx, w.t("menu-runs"), runs.first()), w, runs: lines }))
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    shell: Shell,
    w: Speaker,
    as_of: String,
    line: String,
    tiles: Vec<Tile>,
    funnel: Figure,
    stages: Vec<StageLine>,
    took: String,
    memory: String,
    /// The title before and after its day, which stays on one line.
    title: (String, String),
}

/// A number, and the list it opens; without an address a plain fact.
struct Tile {
    href: &'static str,
    label: String,
    count: String,
    line: String,
}

struct StageLine {
    name: String,
    count: String,
    took: String,
    note: String,
}

/// `GET /runs/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let run = store::get_run(&mut cx, &RunId(id)).await?;
    let stages = store::list_stages(&mut cx, &run.id).await?;
    let as_of = numbers::long_date(w.language, run.as_of, Precision::Day);
    let (took, memory) = (numbers::seconds(w.language, run.millis), numbers::size(run.peak_memory));
    let loaded = numbers::date(w.language, run.recorded_at.day(), cx.today());
    let values = [("loaded", Arg::Text(&loaded)), ("took", Arg::Text(&took)), ("memory", Arg::Text(&memory))];
    let title = w.a("run-title", &as_of);
    let page_of = RunPage {
        shell: shell(&cx, title.clone(), Some(&run)),
        title: title
            .split_once(&as_of)
            .map(|(before, after)| (before.to_owned(), after.to_owned()))
            .unwrap_or_default(),
        line: w.with("run-line", &values),
        tiles: tiles(&cx, w, &run),
        funnel: funnel(w, &run),
        stages: stages.iter().map(|stage| stage_line(w, stage)).collect(),
        memory: w.a("run-memory", &memory),
        as_of,
        took,
        w,
    };
    Ok(page(&page_of))
}

fn tiles(cx: &Cx, w: Speaker, run: &Run) -> Vec<Tile> {
    // Whoever may not see families gets the numbers without the lists behind them.
    let opens = |href| if cx.can(super::READ_FINDINGS) { href } else { "" };
    let tile = |href, key: &str, count: i64, line: String| Tile {
        href,
        label: w.t(&format!("tile-{key}")),
        count: numbers::count(count),
        line,
    };
    let rejected = numbers::share(run.rows_rejected, run.rows_read).unwrap_or_default();
    vec![
        tile(opens("/findings"), "found", run.found, w.t("tile-found-line")),
        tile(opens("/findings?state=undetermined"), "undetermined", run.undetermined, w.t("tile-undetermined-line")),
        tile(opens("/pairs"), "review", run.to_review, w.t("tile-review-line")),
        tile(opens("/sources"), "rejected", run.rows_rejected, w.a("tile-rejected-line", rejected)),
    ]
}

fn stage_line(w: Speaker, stage: &Stage) -> StageLine {
    let what = match stage.name.as_str() {
        "intake" => "left-rejected",
        "link" => "left-review",
        "assemble" => "left-unattached",
        "answers" => "left-aside",
        "screen" => "left-undetermined",
        _ => "run-left-behind",
    };
    let left = if stage.left_behind == 0 { String::new() } else { w.n(what, stage.left_behind) };
    StageLine {
        name: w.find(&format!("stage-{}", stage.name)).unwrap_or_else(|| stage.name.clone()),
        // A stage that counts nothing says nothing.
        count: if stage.counted == 0 { String::new() } else { w.n(&format!("unit-{}", stage.unit), stage.counted) },
        took: numbers::seconds(w.language, stage.millis),
        note: left,
    }
}

/// How rows become people, people families, and families findings.
fn funnel(w: Speaker, run: &Run) -> Figure {
    let step = |key: &str, count: i64, unit: &str, lost: Option<(&str, i64)>| {
        let lost = lost.filter(|(_, n)| *n > 0).map(|(key, n)| w.n(key, n));
        (w.t(key), count, w.n(unit, count), lost)
    };
    let steps = [
        step("stage-intake", run.rows_read, "unit-rows", Some(("left-rejected", run.rows_rejected))),
        step("stage-link", run.persons, "unit-persons", Some(("left-review", run.to_review))),
        step("stage-assemble", run.households, "unit-households", Some(("left-undetermined", run.undetermined))),
        step("stage-screen", run.found, "unit-findings", None),
    ];
    let drawn: Vec<figure::Stage<'_>> = steps
        .iter()
        .map(|(label, count, text, lost)| figure::Stage { label, count: *count, text, lost: lost.as_deref() })
        .collect();
    figure::funnel(&drawn, &w.t("run-how"))
}
