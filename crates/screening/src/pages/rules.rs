//! The rules of the latest run: each in words, with its lines by region and period, and how often it was right.

use super::finding::precision_words;
use super::shell_of_latest;
use crate::model::{self, Decision, ParameterShown, Reason, RuleCard};
use crate::show::{self, Precise};
use crate::store::{self, RuleRow, Run};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error, Result};
use std::collections::BTreeMap;
use ui::figure::{self, Figure};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    shell: Shell,
    w: Speaker,
    intro: String,
    sets: Vec<Set>,
}

struct Set {
    code: &'static str,
    title: String,
    about: String,
    rules: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    plain: String,
    found: String,
    undetermined: String,
    precision: String,
}

/// The rules of a run with their cards.
pub async fn cards(cx: &mut Cx, run: Option<&Run>) -> Result<BTreeMap<String, RuleCard>> {
    let Some(run) = run else { return Ok(BTreeMap::new()) };
    let rules = store::list_rules(cx, &run.id.0).await?;
    rules.into_iter().map(|row| Ok((row.rule.clone(), row.card()?))).collect()
}

/// `GET /rules`
pub async fn list(cx: Cx) -> Reply {
    let mut cx = cx.under(super::READ_FINDINGS);
    let w = Speaker::new(cx.language);
    let (shell, run) = shell_of_latest(&mut cx, w.t("menu-rules")).await?;
    let rows = match &run {
        Some(run) => store::list_rules(&mut cx, &run.id.0).await?,
        None => Vec::new(),
    };
    let precision = show::precision(&mut cx).await?;
    let intro = w.n("rules-intro", rows.len() as i64);
    let mut sets = Vec::new();
    for code in model::SETS.map(model::set_code) {
        let rules: Vec<Line> = rows
            .iter()
            .filter(|row| row.rule_set == code)
            .map(|row| line(w, row, &precision))
            .collect::<Result<_>>()?;
        if !rules.is_empty() {
            let title = w.t(&format!("set-{code}"));
            sets.push(Set { code, title, about: w.t(&format!("set-{code}-about")), rules });
        }
    }
    Ok(page(&RulesPage { shell, w, intro, sets }))
}

fn line(w: Speaker, row: &RuleRow, precision: &BTreeMap<String, Precise>) -> Result<Line> {
    let card = row.card()?;
    let precise = precision.get(&row.rule).copied().unwrap_or_default();
    Ok(Line {
        id: row.rule.clone(),
        name: show::of(w, &card.name),
        plain: show::of(w, &card.plain),
        found: numbers::count(row.found),
        undetermined: numbers::count(row.undetermined),
        precision: numbers::percent(precise.taken, precise.looked).unwrap_or_else(|| w.t("not-yet")),
    })
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RulePage {
    shell: Shell,
    w: Speaker,
    id: String,
    line: String,
    set: String,
    set_badge: &'static str,
    plain: String,
    parameters: Vec<ParameterLine>,
    precision: String,
    precision_words: String,
    precision_meter: Option<Figure>,
    looked: Vec<(String, String)>,
    not_meant: Vec<String>,
    condition: String,
    found: String,
    undetermined: String,
    basis: String,
    reads: Vec<String>,
}

struct ParameterLine {
    label: String,
    region: String,
    value: String,
    from: String,
    to: String,
    basis: String,
}

/// `GET /rules/{id}`
pub async fn show(cx: Cx, Path(id): Path<String>) -> Reply {
    let mut cx = cx.under(super::READ_FINDINGS);
    let w = Speaker::new(cx.language);
    let run = store::find_latest_run(&mut cx).await?.ok_or(Error::NotFound)?;
    let row = store::get_rule(&mut cx, &run.id.0, &id).await?;
    let card = row.card()?;
    let looked = store::list_looked(&mut cx, &id).await?;
    let precise = show::precision(&mut cx).await?.get(&id).copied().unwrap_or_default();
    let name = show::of(w, &card.name);
    let values = [("id", Arg::Text(&id)), ("version", Arg::Text(&row.version))];
    let codes: Vec<String> = card.parameters.iter().map(|one| one.region.clone()).filter(|code| code != "*").collect();
    let regions = places::names(&mut cx, &codes).await?;
    let words = |list: &[rulebook::Words]| list.iter().map(|words| show::of(w, words)).collect();
    let page_of = RulePage {
        shell: super::shell(&cx, name, Some(&run)),
        line: w.with("rule-line", &values),
        set: w.t(&format!("set-{}", row.rule_set)),
        set_badge: show::set_badge(&row.rule_set),
        plain: show::of(w, &card.plain),
        parameters: card.parameters.iter().map(|one| parameter(w, &regions, one)).collect(),
        precision: numbers::percent(precise.taken, precise.looked).unwrap_or_default(),
        precision_words: precision_words(w, precise),
        precision_meter: (precise.looked > 0).then(|| figure::meter(precise.taken, precise.looked)),
        looked: looked.iter().map(|one| (judged(w, one), numbers::count(one.counted))).collect(),
        not_meant: words(&card.not_meant),
        reads: words(&card.reads),
        basis: show::of(w, &card.basis),
        condition: card.condition.clone(),
        found: numbers::count(row.found),
        undetermined: numbers::count(row.undetermined),
        id,
        w,
    };
    Ok(page(&page_of))
}

fn parameter(w: Speaker, regions: &BTreeMap<String, String>, one: &ParameterShown) -> ParameterLine {
    let long = |day: Option<Day>| match day {
        Some(day) => {
            format!(r#"<time datetime="{day}">{}</time>"#, numbers::long_date(w.language, day, Precision::Day))
        }
        None => String::from("—"),
    };
    ParameterLine {
        label: show::of(w, &one.label),
        region: match one.region.as_str() {
            "*" => w.t("everywhere"),
            code => regions.get(code).map_or_else(|| code.to_owned(), |name| format!("{name} {code}")),
        },
        value: show::amount(w, &one.value, false),
        from: long(one.from),
        to: long(one.to),
        basis: show::of(w, &one.basis),
    }
}

/// What people made of a finding: visited, merged, or dismissed for a reason.
fn judged(w: Speaker, looked: &store::Looked) -> String {
    match (Decision::from_code(&looked.decision), looked.reason.as_deref().and_then(Reason::from_code)) {
        (Some(Decision::Dismiss), Some(reason)) => w.t(&format!("reason-{}", reason.code())),
        (Some(decision), _) => w.t(&format!("decision-{}", decision.code())),
        (None, _) => looked.decision.clone(),
    }
}
