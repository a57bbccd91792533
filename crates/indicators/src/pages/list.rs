//! Every indicator in one line, with its value in the reader's place.

use super::{READ_INDICATORS, Sight, looked, of, sum, value};
use crate::model::Standing;
use crate::policy;
use crate::store::{self, Question};
use askama::Template;
use kernel::Cx;
use kernel::web::Reply;
use screening::shell_of_latest;
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
    let sight = Sight::of(&cx);
    let mut counting = cx.counting(READ_INDICATORS);
    let mut lines = Vec::new();
    for one in policy::built_in().in_force(cx.today()).filter(|_| run.is_some()) {
        let question = Question::of(one, "", &cx);
        let tally = sum(store::list_tallies(&mut counting, run.as_ref(), &question, 0).await?.into_values());
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
    Ok(page(&IndicatorsPage { shell, w, lines }))
}
