//! What casework lends to other pages: a household's cases, and the day's work on the home page.

use super::{RAISE_CLUES, clues, list, say};
use crate::policy;
use crate::store::{self, Counts, Tab};
use askama::Template;
use axum::extract::Path;
use kernel::Cx;
use kernel::web::Reply;
use ui::{Speaker, numbers, page};
use values::Day;

/// How many tasks and clues the home page shows.
const SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "cases-of-household.html")]
struct HouseholdPanel {
    w: Speaker,
    household: String,
    may_raise: bool,
    rows: Vec<(String, String, String)>,
}

/// `GET /cases/of-household/{id}`
pub async fn of_household(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    households::store::check(&mut cx, &household).await?;
    let mut rows = Vec::new();
    let cases = if cx.holds_nothing() { Vec::new() } else { store::list_of_household(&mut cx, &household).await? };
    for case in cases {
        let text = store::find_procedure(&mut cx, &case.digest).await?.unwrap_or_default();
        let procedure = policy::adopt(&text)?.procedure;
        let state = store::find_state(&mut cx, &case.id).await?;
        let standing = state.map(|state| say::standing(w, &procedure, &state.step)).unwrap_or_default();
        let title = format!("{} · {}", say::of(w, &procedure.title), case.number);
        rows.push((case.id.0, title, standing));
    }
    let may_raise = cx.can(RAISE_CLUES);
    Ok(page(&HouseholdPanel { w, household, may_raise, rows }))
}

#[derive(Template)]
#[template(path = "cases-of-home.html")]
struct HomePanel {
    w: Speaker,
    tiles: Vec<(&'static str, &'static str, String, String)>,
    all: String,
    rows: Vec<list::Row>,
    clues: Vec<clues::Row>,
}

/// `GET /cases/of-home`: my tasks, what is late, new clues.
pub async fn of_home(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let level = list::level(&cx);
    let found = store::list_cases(&mut cx, Tab::Mine, level, "", (Day(0), ""), SHOWN).await?;
    let counts: Counts = store::get_counts(&mut cx, level).await?;
    let tile = |tab: Tab, class| {
        let label = w.t(&format!("cases-tab-{}", tab.code()));
        (tab.code(), class, label, numbers::count(counts.of(tab)))
    };
    let late = if counts.late > 0 { "late" } else { "" };
    Ok(page(&HomePanel {
        tiles: vec![tile(Tab::Late, late), tile(Tab::Soon, "soon"), tile(Tab::Mine, ""), tile(Tab::Open, "")],
        all: w.n("cases-all-mine", counts.mine),
        rows: list::rows(&mut cx, w, &found).await?,
        clues: clues::rows(&mut cx, w, SHOWN).await?,
        w,
    }))
}
