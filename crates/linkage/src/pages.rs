//! Links the program isn't sure of: a list, and each pair side by side with the evidence level by level.

use crate::model::{self, Marked, Pair, RecordKeys};
use crate::store::{self, Waiting};
use askama::Template;
use axum::extract::{Path, Query};
use kernel::web::Reply;
use kernel::{Cx, Error, MenuEntry, MenuGroup, Permission, Result, Role, Routes};
use serde::Deserialize;
use ui::figure::{self, Figure, escape, weight};
use ui::{Arg, Shell, Speaker, numbers, page};

/// Sees pairs of records of people within the post's places.
pub const READ_LINKS: Permission = Permission::of("links.read", &[Role::Village, Role::Township, Role::County]);

const PAGE: usize = 50;

pub fn routes() -> Routes {
    Routes::new().page("/pairs", list, READ_LINKS).page("/pairs/{id}", show, READ_LINKS)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry { group: MenuGroup::Records, rank: 10, text: "menu-pairs", path: "/pairs", permission: READ_LINKS }]
}

#[derive(Template)]
#[template(path = "pairs.html")]
struct PairsPage {
    shell: Shell,
    w: Speaker,
    intro: String,
    rows: Vec<Row>,
    next_page: Option<String>,
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
struct Asked {
    after: String,
}

fn open(cx: &Cx, waiting: &Waiting) -> Result<Option<Pair>> {
    let Some(wrapped) = waiting.wrapped.as_deref() else { return Ok(None) };
    let key = cx.world().keys.unwrap(&waiting.household, wrapped)?;
    households::documents::unpack(&key, "link_reviews.document", &waiting.document).map(Some)
}

fn department(w: Speaker, code: &str) -> String {
    w.find(&format!("department-{code}")).unwrap_or_else(|| code.to_owned())
}

fn chance(pair: &Pair) -> String {
    format!("{:.1}%", pair.probability * 100.0)
}

/// `GET /pairs`
async fn list(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let after = asked.after.split_once('.').map(|(place, id)| (place.to_owned(), id.to_owned()));
    let mut waiting = store::list_waiting(&mut cx, after, PAGE + 1).await?;
    let more = waiting.len() > PAGE;
    waiting.truncate(PAGE);
    let next_page = waiting.last().filter(|_| more).map(|last| format!("{}.{}", last.place, last.id));
    let mut keys: Vec<String> = waiting.iter().map(|one| one.place.clone()).collect();
    keys.dedup();
    let names = places::names(&mut cx, &keys).await?;
    let mut rows = Vec::with_capacity(waiting.len());
    for one in &waiting {
        let Some(pair) = open(&cx, one)? else { continue };
        rows.push(Row {
            id: one.id.clone(),
            names: w.with("pair-names", &[("a", Arg::Text(&pair.a.name)), ("b", Arg::Text(&pair.b.name))]),
            why: w.t(&format!("why-{}", one.kind)),
            sources: format!("{} · {}", department(w, &one.department_a), department(w, &one.department_b)),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            chance: chance(&pair),
        });
    }
    let count = store::count_waiting(&mut cx).await?;
    let page_of =
        PairsPage { shell: Shell::new(&cx, w.t("menu-pairs")), intro: w.n("pairs-intro", count), rows, next_page, w };
    Ok(page(&page_of))
}

#[derive(Template)]
#[template(path = "pair.html")]
struct PairPage {
    shell: Shell,
    w: Speaker,
    line: String,
    head_a: String,
    head_b: String,
    rows: Vec<Compared>,
    weighed: bool,
    sum_words: String,
    chart: Figure,
    steps: Vec<StepLine>,
}

struct Compared {
    field: String,
    same: bool,
    a: String,
    b: String,
}

struct StepLine {
    field: String,
    level: String,
    weight: String,
}

/// `GET /pairs/{id}`
async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let waiting = store::get_waiting(&mut cx, &id).await?;
    let pair = open(&cx, &waiting)?.ok_or(Error::NotFound)?;
    cx.audit("read", "pair", &id, "").await?;
    let head = |keys: &RecordKeys| {
        let day = keys.as_of.map(|day| numbers::date(w.language, day, cx.today())).unwrap_or_default();
        format!("{} · {day}", department(w, &keys.department))
    };
    let (total, certain) = (weight(f64::from(pair.weight)), chance(&pair));
    let page_of = PairPage {
        shell: Shell::new(&cx, w.t("pair-title")),
        line: w.t(&format!("why-{}-long", waiting.kind)),
        head_a: head(&pair.a),
        head_b: head(&pair.b),
        rows: compared(w, &pair),
        weighed: pair.prior.is_some(),
        sum_words: w.with("pair-sum", &[("weight", Arg::Text(&total)), ("chance", Arg::Text(&certain))]),
        chart: chart(w, &pair),
        steps: steps(w, &pair),
        w,
    };
    Ok(page(&page_of))
}

fn compared(w: Speaker, pair: &Pair) -> Vec<Compared> {
    let (a, b) = (&pair.a, &pair.b);
    let text = |keys: &RecordKeys| Some(keys.name.clone()).filter(|name| !name.is_empty());
    let sex = |keys: &RecordKeys| match keys.sex {
        1 => Some(w.t("sex-male")),
        2 => Some(w.t("sex-female")),
        _ => None,
    };
    let birth = |keys: &RecordKeys| keys.birth.map(|(day, known)| numbers::long_date(w.language, day, known));
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    vec![
        pieces(w, "name", text(a), text(b), false),
        with_check(w, pieces(w, "id_number", a.id_text(), b.id_text(), true), pair),
        pieces(w, "birth", birth(a), birth(b), false),
        pieces(w, "sex", sex(a), sex(b), false),
        pieces(w, "place", some(&a.place), some(&b.place), false),
        pieces(w, "address", some(&a.address), some(&b.address), false),
        pieces(w, "phone", a.phone_text(), b.phone_text(), true),
    ]
}

fn pieces(w: Speaker, field: &str, a: Option<String>, b: Option<String>, hidden: bool) -> Compared {
    let unknown = || format!(r#"<span class="unknown">{}</span>"#, escape(&w.t("pair-absent")));
    let alone = |text: String| {
        let whole = vec![(false, text)];
        marks(&if hidden { model::hide_shared(&whole) } else { whole })
    };
    let same = a.is_some() && a == b;
    let (shown_a, shown_b) = match (a, b) {
        (Some(a), Some(b)) => {
            let (a, b) = model::differences(&a, &b);
            if hidden {
                (marks(&model::hide_shared(&a)), marks(&model::hide_shared(&b)))
            } else {
                (marks(&a), marks(&b))
            }
        }
        (Some(a), None) => (alone(a), unknown()),
        (None, Some(b)) => (unknown(), alone(b)),
        (None, None) => (unknown(), unknown()),
    };
    let wrap = |html: String| if hidden { format!(r#"<span class="masked">{html}</span>"#) } else { html };
    Compared { field: w.t(&format!("field-of-{field}")), same, a: wrap(shown_a), b: wrap(shown_b) }
}

fn with_check(w: Speaker, mut row: Compared, pair: &Pair) -> Compared {
    for (cell, keys) in [(&mut row.a, &pair.a), (&mut row.b, &pair.b)] {
        if !keys.has_valid_id() {
            cell.push_str(&format!(r#"<br><span class="badge doubt">{}</span>"#, escape(&w.t("pair-bad-check"))));
        }
    }
    row
}

fn marks(pieces: &Marked) -> String {
    let piece = |(mark, text): &(bool, String)| match mark {
        true => format!("<mark>{}</mark>", escape(text)),
        false => escape(text),
    };
    pieces.iter().map(piece).collect()
}

fn field(w: Speaker, name: &str) -> String {
    w.find(&format!("field-of-{name}")).unwrap_or_else(|| name.to_owned())
}

fn steps(w: Speaker, pair: &Pair) -> Vec<StepLine> {
    let line = |step: &model::StepShown| StepLine {
        field: field(w, &step.field),
        level: w.find(&format!("level-{}", step.level)).unwrap_or_else(|| step.level.clone()),
        weight: step.weight.map_or_else(|| "0".to_owned(), |bits| weight(f64::from(bits))),
    };
    let prior = pair.prior.map(|bits| StepLine {
        field: w.t("pair-start"),
        level: w.t("pair-start-line"),
        weight: weight(f64::from(bits)),
    });
    prior.into_iter().chain(pair.steps.iter().map(line)).collect()
}

fn chart(w: Speaker, pair: &Pair) -> Figure {
    let labels: Vec<String> = pair.steps.iter().map(|step| field(w, &step.field)).collect();
    let drawn: Vec<figure::Step<'_>> = pair
        .steps
        .iter()
        .zip(&labels)
        .map(|(step, label)| figure::Step { label, by: step.weight.map(f64::from) })
        .collect();
    let says = w.with("pair-chart-says", &[("weight", Arg::Text(&weight(f64::from(pair.weight))))]);
    let prior = f64::from(pair.prior.unwrap_or_default());
    figure::waterfall(prior, &w.t("pair-start"), &drawn, &w.t("pair-total"), &says)
}
