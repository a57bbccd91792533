//! The rules of the latest run: each in words, with its lines by region and period, and how often it was right.

use super::finding::precision_words;
use super::shell_of_latest;
use crate::model::{self, Decision, ParameterShown, Reason, RuleCard};
use crate::show::{self, Precise};
use crate::store::{self, Bucket, RuleRow, Run};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;
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
pub async fn cards(cx: &mut Cx, run: Option<&Run>) -> Result<Arc<BTreeMap<String, RuleCard>>> {
    let Some(run) = run else { return Ok(Arc::default()) };
    let name = format!("{} {}", cx.county(), run.id.0);
    if let Some(known) = cx.world().remembered.find(&name) {
        return Ok(known);
    }
    let rules = store::list_rules(cx, &run.id.0).await?;
    let bytes = rules.iter().map(|row| 2 * row.card.len()).sum();
    let cards: BTreeMap<String, RuleCard> =
        rules.into_iter().map(|row| Ok((row.rule.clone(), row.card()?))).collect::<Result<_>>()?;
    Ok(cx.world().remembered.put(name, bytes, cards))
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
    trend: Option<Figure>,
    months: Vec<(String, String, String)>,
    spread: Option<Figure>,
    places: Vec<PlaceLine>,
    not_meant: Vec<String>,
    condition: String,
    found: String,
    undetermined: String,
    basis: String,
    reads: Vec<String>,
}

/// How many findings of the rule a place has.
struct PlaceLine {
    code: String,
    name: String,
    found: i64,
    undetermined: i64,
}

/// How many places the page shows.
const PLACES: usize = 10;

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
    let months = store::list_months(&mut cx, &id).await?;
    let places = places_of(&mut cx, Some(&run), &id).await?;
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
        trend: trend(w, &months),
        months: months.iter().map(|one| month_line(w, one)).collect(),
        spread: spread(w, &places),
        places,
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

/// Where the rule's findings are, within scope, the places with most of them first.
async fn places_of(cx: &mut Cx, run: Option<&Run>, rule: &str) -> Result<Vec<PlaceLine>> {
    let finest = show::finest(cx);
    let counts = store::list_counts(cx, run, (finest as usize, finest)).await?;
    let mut by_place: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for one in counts.iter().filter(|one| one.rule == rule) {
        let (found, undetermined) = by_place.entry(&one.place).or_default();
        *(if one.bucket == Bucket::Undetermined { undetermined } else { found }) += one.counted;
    }
    let mut most: Vec<(&str, (i64, i64))> = by_place.into_iter().filter(|(_, n)| *n != (0, 0)).collect();
    most.sort_by_key(|(place, (found, undetermined))| (-found, -undetermined, *place));
    most.truncate(PLACES);
    let names = show::place_names(cx, most.iter().map(|(place, _)| *place)).await?;
    let line = |(code, (found, undetermined)): (&str, (i64, i64))| PlaceLine {
        name: names.get(code).cloned().unwrap_or_else(|| code.to_owned()),
        code: code.to_owned(),
        found,
        undetermined,
    };
    Ok(most.into_iter().map(line).collect())
}

fn spread(w: Speaker, places: &[PlaceLine]) -> Option<Figure> {
    let by_found = places.iter().any(|place| place.found > 0);
    let n = |place: &PlaceLine| if by_found { place.found } else { place.undetermined };
    let rows: Vec<(&str, i64, String)> =
        places.iter().map(|place| (place.name.as_str(), n(place), numbers::count(n(place)))).collect();
    let says = w.t(if by_found { "rule-spread-says" } else { "rule-spread-says-undetermined" });
    (!rows.is_empty()).then(|| figure::counts(&rows, &says))
}

fn month_name(w: Speaker, month: &str) -> String {
    let day = Day::parse_iso(&format!("{month}-01")).ok();
    day.map_or_else(|| month.to_owned(), |day| numbers::long_date(w.language, day, Precision::Month))
}

fn trend(w: Speaker, months: &[store::Month]) -> Option<Figure> {
    let point = |one: &store::Month| {
        let share = one.taken as f64 / one.looked.max(1) as f64;
        (month_name(w, &one.month), share, numbers::percent(one.taken, one.looked).unwrap_or_default())
    };
    let points: Vec<(String, f64, String)> = months.iter().map(point).collect();
    (!points.is_empty()).then(|| figure::trend(&points, &w.t("rule-trend-says")))
}

fn month_line(w: Speaker, one: &store::Month) -> (String, String, String) {
    let share = numbers::percent(one.taken, one.looked).unwrap_or_default();
    (month_name(w, &one.month), numbers::count(one.looked), share)
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
