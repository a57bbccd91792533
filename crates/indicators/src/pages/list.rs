//! Every indicator in one line, with its value in the reader's place.

use super::{READ_INDICATORS, Sight, looked, of, sum, value};
use crate::model::Standing;
use crate::policy;
use crate::store::{self, Question};
use askama::Template;
use kernel::web::Reply;
use kernel::{Cx, Result};
use screening::shell_of_latest;
use screening::store::{Run, find_latest_run};
use ui::sheet::{self, Cell, Sheet};
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "list.html")]
struct IndicatorsPage {
    shell: Shell,
    w: Speaker,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    title: String,
    measures: String,
    value: String,
    interval: String,
    looked: String,
    waiting: String,
}

/// `GET /indicators`
pub async fn show(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let (shell, run) = shell_of_latest(&mut cx, w.t("menu-indicators")).await?;
    let lines = lines(&mut cx, w, run.as_ref()).await?;
    Ok(page(&IndicatorsPage { shell, w, lines }))
}

/// `GET /indicators.xlsx`: the same numbers, each with its interval.
pub async fn export(mut cx: Cx) -> Reply {
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let run = find_latest_run(&mut cx).await?;
    let lines = lines(&mut cx, w, run.as_ref()).await?;
    let row =
        |one: Line| [one.title, one.measures, one.value, one.interval, one.looked, one.waiting].map(Cell::Text).into();
    let keys =
        ["col-indicator", "col-measures", "col-value", "indicator-limits", "indicator-looked", "indicator-waiting"];
    let sheet = Sheet {
        name: w.t("menu-indicators"),
        note: w.t("indicators-export-note"),
        head: keys.map(|key| w.t(key)).into(),
        rows: lines.into_iter().map(row).collect(),
    };
    cx.audit("export", "indicator", "", &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "indicators"))
}

async fn lines(cx: &mut Cx, w: Speaker, run: Option<&Run>) -> Result<Vec<Line>> {
    let sight = Sight::of(cx);
    let mut counting = cx.counting(READ_INDICATORS);
    let mut lines = Vec::new();
    for one in policy::built_in().in_force(cx.today()).filter(|_| run.is_some()) {
        let question = Question::of(one, "", cx);
        let tally = sum(store::list_tallies(&mut counting, run, &question, 0).await?.into_values());
        let (value, interval) = value(w, &sight, tally);
        lines.push(Line {
            id: one.id.clone(),
            title: of(w, &one.title),
            measures: of(w, &one.measures),
            looked: looked(w, &sight, tally),
            waiting: sight.count(w, tally.shown(Standing::Waiting, sight.hides)),
            value,
            interval,
        });
    }
    Ok(lines)
}
