//! `/my/file`: what a family reads about itself, in plain words and large type.

use crate::actions;
use askama::Template;
use axum::extract::{Form, Query};
use households::looks::{self, Look};
use households::model::{File, Listed, Value};
use households::show;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error};
use serde::Deserialize;
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "own.html")]
struct OwnPage {
    shell: Shell,
    w: Speaker,
    hello: String,
    line: String,
    lead: String,
    since: String,
    /// What others lend: cases, help.
    panels: Vec<String>,
    people: Vec<Person>,
    facts: Vec<(String, String)>,
    unknown: Vec<String>,
    disputed: Vec<String>,
    looked: Vec<Look>,
    said: bool,
}

struct Person {
    name: String,
    line: String,
    id_number: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    said: String,
}

/// What the page tells of the household, in its order; those nobody knows are named below.
const TOLD: [&str; 5] = ["members", "income_per_head", "net_income", "own_cost_window", "house_grade"];

/// `GET /my/file`
pub async fn show(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let household = actions::own(&cx)?;
    let filed = households::store::get_file(&mut cx, &household).await?;
    let file = households::actions::open(&cx, &filed)?.ok_or(Error::NotFound)?;
    let names = places::names(&mut cx, std::slice::from_ref(&filed.place)).await?;
    let place = names.get(&filed.place).cloned().unwrap_or_default();
    let as_of = numbers::long_date(w.language, filed.as_of, Precision::Day);
    let (lead, since) = standing(w, &file, cx.today());
    let (facts, unknown) = told(w, &file);
    let page_of = OwnPage {
        shell: Shell::new(&cx, w.t("own-title")),
        hello: w.a("own-hello", &filed.head),
        line: w.with("own-line", &[("place", Arg::Text(&place)), ("day", Arg::Text(&as_of))]),
        lead,
        since,
        panels: cx.panels("resident", &household).await?,
        people: file.members.iter().filter(|member| member.co_living).map(|member| person(w, member)).collect(),
        facts,
        unknown,
        disputed: file.conflicts.iter().map(|one| show::label(w, &one.fact, one.member.is_some())).collect(),
        looked: looks::list(&mut cx, w, &household, true, true).await?.lines,
        said: !asked.said.is_empty(),
        w,
    };
    cx.audit("read", "household", &household, "own").await?;
    Ok(page(&page_of))
}

/// Where the household stands, as one sentence, and since when.
fn standing(w: Speaker, file: &File, today: Day) -> (String, String) {
    let code = |one: &Listed| show::plain(w, &Value::Text(one.code.clone()));
    let since = |one: &Listed| {
        one.since.map(|day| w.a("listed-since", numbers::date(w.language, day, today))).unwrap_or_default()
    };
    match (&file.axes.monitoring, file.axes.assistance.first()) {
        (Some(one), _) => (w.a("own-lead-monitored", code(one)), since(one)),
        (None, Some(one)) => (w.a("own-lead-assisted", code(one)), since(one)),
        (None, None) => (w.t("own-lead-none"), String::new()),
    }
}

/// What is known, each with its value, and the names of what isn't.
fn told(w: Speaker, file: &File) -> (Vec<(String, String)>, Vec<String>) {
    let of = |name: &str| file.facts.iter().find(|fact| fact.member.is_none() && fact.fact == name);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for fact in TOLD.iter().filter_map(|name| of(name)) {
        match is_unknown(&fact.value) {
            true => unknown.push(show::label(w, &fact.fact, false)),
            false => known.push((show::label(w, &fact.fact, false), show::value(w, fact))),
        }
    }
    for (name, key) in show::GUARANTEES {
        match show::guarantee(of(name)) {
            "unknown" => unknown.push(w.t(key)),
            state => known.push((w.t(key), w.t(&format!("{key}-{state}")))),
        }
    }
    (known, unknown)
}

const fn is_unknown(value: &Value) -> bool {
    matches!(value, Value::Unknown | Value::MoneyBetween(None, None) | Value::NumberBetween(None, None))
}

fn person(w: Speaker, member: &households::model::Member) -> Person {
    let relation = w.find(&format!("relation-{}", member.relation)).unwrap_or_else(|| w.t("relation-other"));
    Person {
        name: member.name.clone(),
        line: relation,
        id_number: member.masked_id().map_or_else(|| w.t("unknown"), |id| id.to_string()),
    }
}

#[derive(Deserialize)]
pub struct WordsForm {
    #[serde(default)]
    words: String,
}

/// `POST /my/corrections`
pub async fn correct(mut cx: Cx, Form(form): Form<WordsForm>) -> Reply {
    actions::correct(&mut cx, &form.words).await?;
    Ok(see_other(&format!("{}?said=1", crate::OWN_PAGE)))
}
