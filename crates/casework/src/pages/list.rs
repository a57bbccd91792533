//! Lists: cases by whose turn it is and how pressing they are; the procedures they go by.

use super::{WORK_CASES, say};
use crate::model::Level;
use crate::policy;
use crate::store::{self, Tab};
use askama::Template;
use axum::extract::Query;
use kernel::web::Reply;
use kernel::{Cx, Result, Role};
use serde::Deserialize;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Day;

/// How many cases a page holds.
const PAGE: i64 = 50;
/// Lines of an exported list.
const EXPORT: i64 = 5_000;
/// Its heads.
const HEAD: [&str; 7] = [
    "cases-col-family",
    "cases-col-number",
    "cases-col-place",
    "cases-col-programme",
    "cases-col-step",
    "case-waits-for",
    "case-deadlines",
];

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    place: String,
    after: String,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    shell: Shell,
    w: Speaker,
    tabs: Vec<TabRow>,
    rows: Vec<Row>,
    next: Option<String>,
    places: Vec<PlaceRow>,
    /// The address of this list as a file, for whoever works on cases.
    export: Option<String>,
}

struct TabRow {
    code: &'static str,
    label: String,
    count: String,
    current: bool,
}

pub struct Row {
    pub id: String,
    pub title: String,
    pub number: String,
    pub place: String,
    pub programme: String,
    pub step: String,
    pub waits: String,
    pub badge: &'static str,
    pub due: String,
}

struct PlaceRow {
    code: String,
    name: String,
    running: String,
    late: String,
}

/// The level this reader works at: the widest of their posts.
pub fn level(cx: &Cx) -> &'static str {
    let roles = [(Role::County, Level::County), (Role::Township, Level::Township), (Role::Village, Level::Village)];
    let held = |role| cx.who.staff().is_some_and(|staff| staff.posts.iter().any(|post| post.role == role));
    roles.into_iter().find(|(role, _)| held(*role)).map_or("none", |(_, level)| level.code())
}

/// `GET /cases`
pub async fn list(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let first = if cx.can(WORK_CASES) { Tab::Mine } else { Tab::Open };
    let tab = Tab::from_code(&asked.tab).unwrap_or(first);
    let place = asked.place();
    let cursor = asked.after.split_once('.').and_then(|(day, id)| Some((Day::parse_iso(day.trim()).ok()?, id)));
    let cursor = cursor.unwrap_or((Day(0), ""));
    let level = level(&cx);
    let found = store::list_cases(&mut cx, tab, level, &place, cursor, PAGE).await?;
    let counts = store::get_counts(&mut cx, level).await?;
    let more = found.last().filter(|_| found.len() as i64 == PAGE);
    let next = more.map(|last| format!("tab={}&place={place}&after={}.{}", tab.code(), last.due_on, last.id));
    let page_of = CasesPage {
        shell: Shell::new(&cx, w.t("menu-cases")),
        tabs: Tab::ALL
            .into_iter()
            .map(|one| TabRow {
                code: one.code(),
                label: w.t(&format!("cases-tab-{}", one.code())),
                count: numbers::count(counts.of(one)),
                current: one == tab,
            })
            .collect(),
        rows: rows(&mut cx, w, &found).await?,
        places: places(&mut cx).await?,
        export: Some(format!("tab={}&place={place}", tab.code())).filter(|_| !found.is_empty() && cx.can(WORK_CASES)),
        next,
        w,
    };
    Ok(page(&page_of))
}

impl Asked {
    fn place(&self) -> String {
        self.place.chars().filter(char::is_ascii_digit).take(15).collect()
    }
}

/// `GET /cases.xlsx`: the same list, the most pressing first.
pub async fn export(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let tab = Tab::from_code(&asked.tab).unwrap_or(Tab::Mine);
    let level = level(&cx);
    let found = store::list_cases(&mut cx, tab, level, &asked.place(), (Day(0), ""), EXPORT).await?;
    let line = |row: Row| {
        [row.title, row.number, row.place, row.programme, row.step, row.waits, row.due].map(Cell::Text).into()
    };
    let sheet = Sheet {
        name: w.t("menu-cases"),
        note: w.t("export-note"),
        head: HEAD.map(|key| w.t(key)).into(),
        rows: rows(&mut cx, w, &found).await?.into_iter().map(line).collect(),
    };
    cx.audit("export", "case", tab.code(), &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "cases"))
}

/// Cases as rows of a list.
pub async fn rows(cx: &mut Cx, w: Speaker, found: &[store::Listed]) -> Result<Vec<Row>> {
    let mut keys: Vec<String> = found.iter().map(|one| one.place.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    let names = places::names(cx, &keys).await?;
    let today = cx.today();
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        let text = store::find_procedure(cx, &one.digest).await?.unwrap_or_default();
        let procedure = policy::adopt(&text)?.procedure;
        let (badge, due) = match one.due_on < crate::actions::NEVER {
            true => say::due(w, one.due_on, today),
            false => ("closed", w.t("case-no-deadline")),
        };
        rows.push(Row {
            id: one.id.0.clone(),
            title: say::household(w, &one.head),
            number: one.number.clone(),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            programme: say::of(w, &procedure.title),
            step: say::standing(w, &procedure, &one.step),
            waits: say::levels(w, one.levels.split(',')),
            badge,
            due,
        });
    }
    Ok(rows)
}

async fn places(cx: &mut Cx) -> Result<Vec<PlaceRow>> {
    let counted = store::list_by_place(cx).await?;
    let keys: Vec<String> = counted.iter().map(|(place, ..)| place.clone()).collect();
    let names = places::names(cx, &keys).await?;
    let row = |(code, running, late): (String, i64, i64)| PlaceRow {
        name: names.get(&code).cloned().unwrap_or_else(|| code.clone()),
        running: numbers::count(running),
        late: numbers::count(late),
        code,
    };
    Ok(counted.into_iter().map(row).collect())
}

#[derive(Template)]
#[template(path = "procedures.html")]
struct ProceduresPage {
    shell: Shell,
    w: Speaker,
    all: Vec<ProcedureCard>,
}

struct ProcedureCard {
    id: String,
    title: String,
    basis: String,
    period: String,
    steps: Vec<StepRow>,
}

struct StepRow {
    title: String,
    asks: String,
    by: String,
    clock: String,
}

/// `GET /procedures`: how cases go here, step by step, for everybody who works here.
pub async fn procedures(cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let clock = |clock: &crate::model::Clock| match clock.days {
        crate::model::Days::Working => w.n("days-working", i64::from(clock.within)),
        crate::model::Days::Calendar => w.n("days-calendar", i64::from(clock.within)),
    };
    let long = |day| numbers::long_date(w.language, day, values::Precision::Day);
    let card = |adopted: &&policy::Adopted| {
        let procedure = &adopted.procedure;
        let step = |step: &crate::model::Step| StepRow {
            title: say::of(w, &step.title),
            asks: say::of(w, &step.asks),
            by: say::levels(w, step.by.iter().map(|level| level.code())),
            clock: step.clock.as_ref().map(clock).unwrap_or_default(),
        };
        let version = procedure.version.to_string();
        let from = long(procedure.valid_from);
        ProcedureCard {
            id: procedure.id.clone(),
            title: say::of(w, &procedure.title),
            basis: procedure.legal_basis.clone(),
            period: w.with("procedure-period", &[("version", Arg::Text(&version)), ("from", Arg::Text(&from))]),
            steps: procedure.steps.iter().map(step).collect(),
        }
    };
    let all = policy::in_force(cx.county(), cx.today()).iter().map(card).collect();
    Ok(page(&ProceduresPage { shell: Shell::new(&cx, w.t("menu-procedures")), w, all }))
}
