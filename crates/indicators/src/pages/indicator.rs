//! One number with what it means, what it is made of, and the families behind it that the reader may see.

use super::{READ_INDICATORS, Sight, looked, of, percent, reading, sum, value};
use crate::model::{Indicator, Reading, Standing, Tally, gather};
use crate::policy;
use crate::store::{self, Question, Sampled};
use askama::Template;
use axum::extract::{Path, Query};
use kernel::web::Reply;
use kernel::{Cx, Error, Interval, Result};
use screening::shell_of_latest;
use screening::store::{Run, find_latest_run, list_rules};
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Precision;

/// How many families a page of the sample holds.
const PAGE: usize = 50;

/// What the address asks for: a place, some of the families, and the place and household of the last one seen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    place: String,
    of: String,
    after: String,
}

impl Asked {
    /// The same place, other families.
    fn query(&self, of: &str) -> String {
        let fields = [("place", self.place.as_str()), ("of", of)];
        let asked = fields.iter().filter(|(_, value)| !value.is_empty());
        asked.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// The denominator, where nothing else is asked for.
    fn standings(&self) -> Vec<Standing> {
        match Standing::from_code(&self.of) {
            Some(one) => vec![one],
            None => vec![Standing::Taken, Standing::Cleared],
        }
    }
}

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage {
    shell: Shell,
    w: Speaker,
    id: String,
    place: String,
    measures: String,
    at: String,
    whole: bool,
    value: String,
    interval: String,
    why: String,
    formula: String,
    tiles: Vec<Tile>,
    places: Vec<PlaceLine>,
    gathered: bool,
    caveats: Vec<String>,
    facts: Vec<(String, String)>,
    run: Option<(String, String)>,
    lists: bool,
    sample_note: String,
    sample_of: String,
    rows: Vec<Row>,
    next_page: Option<String>,
}

/// A number, and the families it opens; without an address a plain number.
struct Tile {
    href: String,
    label: String,
    count: String,
    line: String,
}

struct PlaceLine {
    /// Empty where several places are put together, or none may be opened.
    code: String,
    name: String,
    looked: String,
    taken: String,
    value: String,
    waiting: String,
}

struct Row {
    finding: String,
    household: String,
    place: String,
    rule: String,
    badge: &'static str,
    standing: String,
    decided: String,
    day: String,
}

/// `GET /indicators/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let indicator = policy::built_in().find(&id, cx.today()).ok_or(Error::NotFound)?;
    let sight = Sight::of(&cx);
    let asked = Asked { place: sight.place(&asked.place), ..asked };
    let (shell, run) = shell_of_latest(&mut cx, of(w, &indicator.title)).await?;
    let question = Question::of(indicator, &asked.place, &cx);
    let digits = digits_below(&cx, &asked.place);
    let mut counting = cx.counting(READ_INDICATORS);
    let by_place = store::list_tallies(&mut counting, run.as_ref(), &question, digits).await?;
    let tally = sum(by_place.values().copied());
    let mut found = Vec::new();
    if sight.lists {
        let after = asked.after.split_once('.').unwrap_or_default();
        found = store::list_sample(&mut cx, &question, &asked.standings(), after, PAGE as i64 + 1).await?;
    }
    let next_page = next(&mut found, &asked);
    let rules = rules(&mut cx, w, run.as_ref()).await?;
    let rows = rows(&mut cx, w, &rules, &found).await?;
    let (places, gathered) = places_below(&mut cx, w, &sight, by_place).await?;
    let (value, interval) = value(w, &sight, tally);
    cx.audit("read", "indicator", &id, &format!("families={}", rows.len())).await?;
    let page_of = IndicatorPage {
        at: place_name(&mut cx, &asked.place).await?,
        whole: asked.place.is_empty(),
        place: asked.place.clone(),
        measures: of(w, &indicator.measures),
        why: why(w, &sight, tally),
        formula: formula(w, &sight, indicator, tally),
        tiles: tiles(w, &sight, &asked, tally),
        caveats: indicator.caveats.iter().map(|one| of(w, one)).collect(),
        facts: facts(w, &cx, indicator),
        run: run.map(|run: Run| (run.id.0, numbers::long_date(w.language, run.as_of, Precision::Day))),
        lists: sight.lists,
        sample_note: sample_note(w, &sight),
        sample_of: sample_of(w, &asked),
        shell,
        id,
        value,
        interval,
        places,
        gathered,
        rows,
        next_page,
        w,
    };
    Ok(page(&page_of))
}

/// `GET /indicators/{id}/places.xlsx`: the number of each place below, and of them all; no family.
pub async fn export(mut cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let indicator = policy::built_in().find(&id, cx.today()).ok_or(Error::NotFound)?;
    cx.spend(sheet::EXPORTS)?;
    let sight = Sight::of(&cx);
    let place = sight.place(&asked.place);
    let run = find_latest_run(&mut cx).await?;
    let question = Question::of(indicator, &place, &cx);
    let digits = digits_below(&cx, &place);
    let mut counting = cx.counting(READ_INDICATORS);
    let by_place = store::list_tallies(&mut counting, run.as_ref(), &question, digits).await?;
    let whole = line(w, &sight, String::new(), w.t("indicator-whole"), sum(by_place.values().copied()));
    let (mut lines, _) = places_below(&mut cx, w, &sight, by_place).await?;
    lines.push(whole);
    let row = |one: PlaceLine| [one.name, one.looked, one.taken, one.value, one.waiting].map(Cell::Text).into();
    let keys = ["col-place", "indicator-looked", "indicator-taken", "col-value", "indicator-waiting"];
    let sheet = Sheet {
        name: of(w, &indicator.title),
        note: format!("{} {}", of(w, &indicator.measures), w.t("indicators-export-note")),
        head: keys.map(|key| w.t(key)).into(),
        rows: lines.into_iter().map(row).collect(),
    };
    cx.audit("export", "indicator", &id, &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "indicator"))
}

/// What stands beside the number: why there is none, or what the interval means.
fn why(w: Speaker, sight: &Sight, tally: Tally) -> String {
    match reading(sight, tally) {
        Reading::TooFew => w.n("indicator-too-few-why", policy::built_in().least_looked),
        Reading::Hidden => w.n("indicator-hidden-why", sight.hides),
        Reading::Rate(_) => w.t("indicator-interval-why"),
    }
}

/// The formula in words, its numbers filled in.
fn formula(w: Speaker, sight: &Sight, indicator: &Indicator, tally: Tally) -> String {
    let taken = sight.count(w, tally.shown(Standing::Taken, sight.hides));
    let text = of(w, &indicator.formula);
    let text = text.replace("{numerator}", &taken).replace("{denominator}", &looked(w, sight, tally));
    match reading(sight, tally) {
        Reading::Rate(rate) => format!("{text} = {}", percent(rate.value)),
        Reading::TooFew | Reading::Hidden => text,
    }
}

fn tiles(w: Speaker, sight: &Sight, asked: &Asked, tally: Tally) -> Vec<Tile> {
    let tile = |of: &str, label: &str, count: String| Tile {
        href: if sight.lists { format!("?{}#sample", asked.query(of)) } else { String::new() },
        label: w.t(&format!("indicator-{label}")),
        count,
        line: w.t(&format!("indicator-{label}-line")),
    };
    let standing = |one: Standing| tile(one.code(), one.code(), sight.count(w, tally.shown(one, sight.hides)));
    let looked_at = tile("", "looked", looked(w, sight, tally));
    std::iter::once(looked_at).chain(Standing::ALL.map(standing)).collect()
}

/// What the number rests on: definition, period, who answers for it.
fn facts(w: Speaker, cx: &Cx, indicator: &Indicator) -> Vec<(String, String)> {
    let day = |day| numbers::long_date(w.language, day, Precision::Day);
    let since = day(cx.today().plus_days(-indicator.looks_back));
    let sets: Vec<String> = indicator.sets.iter().map(|set| w.t(&format!("set-{set}"))).collect();
    let (sets, tab) = (sets.join(&w.t("list-comma")), w.t(&format!("tab-{}", indicator.tab)));
    let from = day(indicator.valid_from);
    let held = match indicator.valid_to {
        Some(to) => w.with("indicator-period", &[("from", Arg::Text(&from)), ("to", Arg::Text(&day(to)))]),
        None => w.a("valid-from", &from),
    };
    let asks = w.with("indicator-asks", &[("sets", Arg::Text(&sets)), ("tab", Arg::Text(&tab))]);
    let version =
        w.with("indicator-version", &[("n", Arg::Count(i64::from(indicator.version))), ("held", Arg::Text(&held))]);
    vec![
        (w.t("indicator-of-whom"), asks),
        (w.t("indicator-decisions"), w.a("indicator-since", since)),
        (w.t("indicator-office"), of(w, &indicator.office)),
        (w.t("indicator-definition"), version),
        (w.t("rule-basis"), of(w, &indicator.basis)),
    ]
}

fn sample_note(w: Speaker, sight: &Sight) -> String {
    match (sight.lists, sight.all) {
        (true, true) => String::new(),
        (true, false) => w.t("indicator-sample-some"),
        (false, _) => w.t("indicator-sample-none"),
    }
}

/// Which families the list holds.
fn sample_of(w: Speaker, asked: &Asked) -> String {
    let of = Standing::from_code(&asked.of).map_or("looked", Standing::code);
    w.a("indicator-sample-of", w.t(&format!("indicator-{of}")))
}

/// How many digits tell the places apart that lie directly below.
fn digits_below(cx: &Cx, place: &str) -> usize {
    let fixed = |places: &Interval| {
        let (first, last) = (places.first.as_str().bytes(), places.last.as_str().bytes());
        first.zip(last).take_while(|(a, b)| a == b).count()
    };
    let scope = cx.counting(READ_INDICATORS);
    let widest = scope.scope().intervals().iter().map(fixed).min().unwrap_or(9);
    let fixed = widest.max(place.len());
    [4, 6, 9, 12].into_iter().find(|digits| *digits > fixed).unwrap_or(12)
}

async fn place_name(cx: &mut Cx, place: &str) -> Result<String> {
    let names = names_of(cx, Some(place).filter(|place| !place.is_empty()).into_iter()).await?;
    Ok(names.into_values().next().unwrap_or_default())
}

/// The names of the places of these rows.
async fn names_of(cx: &mut Cx, keys: impl Iterator<Item = &str>) -> Result<BTreeMap<String, String>> {
    places::names(cx, &keys.map(str::to_owned).collect::<Vec<_>>()).await
}

/// The names of a run's rules.
async fn rules(cx: &mut Cx, w: Speaker, run: Option<&Run>) -> Result<BTreeMap<String, String>> {
    let Some(run) = run else { return Ok(BTreeMap::new()) };
    let rules = list_rules(cx, &run.id.0).await?;
    rules.into_iter().map(|row| Ok((row.rule.clone(), of(w, &row.card()?.name)))).collect()
}

/// 周德全家: a household by its head's name.
fn household(w: Speaker, head: &str) -> String {
    if head.is_empty() { w.t("household-unnamed") } else { w.a("household-of", head) }
}

fn line(w: Speaker, sight: &Sight, code: String, name: String, tally: Tally) -> PlaceLine {
    PlaceLine {
        looked: looked(w, sight, tally),
        taken: sight.count(w, tally.shown(Standing::Taken, sight.hides)),
        value: value(w, sight, tally).0,
        waiting: sight.count(w, tally.shown(Standing::Waiting, sight.hides)),
        code,
        name,
    }
}

/// The places below in the order of their codes, and whether the smallest were put together. One place alone would say
/// the whole again.
async fn places_below(
    cx: &mut Cx,
    w: Speaker,
    sight: &Sight,
    by_place: BTreeMap<String, Tally>,
) -> Result<(Vec<PlaceLine>, bool)> {
    let (told, rest) = gather(by_place.into_iter().collect(), sight.hides);
    let names = names_of(cx, told.iter().map(|(place, _)| place.as_str())).await?;
    let named = |(code, tally): (String, Tally)| {
        let name = names.get(&code).cloned().unwrap_or_else(|| code.clone());
        line(w, sight, sight.place(&code), name, tally)
    };
    let mut lines: Vec<PlaceLine> = told.into_iter().map(named).collect();
    lines.extend(rest.map(|tally| line(w, sight, String::new(), w.t("indicator-others"), tally)));
    if lines.len() < 2 {
        lines.clear();
    }
    Ok((lines, rest.is_some()))
}

/// Cuts the row that only says there are more, and gives the address behind it.
fn next(found: &mut Vec<Sampled>, asked: &Asked) -> Option<String> {
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more)?;
    Some(format!("?{}&after={}.{}#sample", asked.query(&asked.of), last.place, last.household))
}

async fn rows(cx: &mut Cx, w: Speaker, rules: &BTreeMap<String, String>, found: &[Sampled]) -> Result<Vec<Row>> {
    let names = names_of(cx, found.iter().map(|one| one.place.as_str())).await?;
    let row = |one: &Sampled| {
        let standing = one.standing();
        let key = one.decided.as_deref().map(|code| match code {
            "visit" | "merge" => format!("decision-{code}"),
            reason => format!("reason-{reason}"),
        });
        Row {
            finding: one.finding.clone(),
            household: household(w, &one.head),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            rule: rules.get(&one.rule).cloned().unwrap_or_else(|| one.rule.clone()),
            badge: standing_badge(standing),
            standing: w.t(&format!("indicator-{}", standing.code())),
            decided: key.map(|key| w.t(&key)).unwrap_or_default(),
            day: one.decided_at.map(|at| numbers::date(w.language, at.day(), cx.today())).unwrap_or_default(),
        }
    };
    Ok(found.iter().map(row).collect())
}

const fn standing_badge(standing: Standing) -> &'static str {
    match standing {
        Standing::Taken => "doing",
        Standing::Waiting => "todo",
        Standing::Cleared => "closed",
        Standing::Aside => "what",
    }
}
