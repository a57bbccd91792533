//! The list of findings: filtered, counted, paged, exported; as it is known now or was on an earlier day.

use super::shell_of_latest;
use crate::model;
use crate::show::{self, Beside, Row};
use crate::store::{self, Bucket, Counted, Filter, Listed};
use askama::Template;
use axum::extract::Query;
use kernel::web::{Reply, html};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

/// How many findings a page holds.
const PAGE: i64 = 50;
/// The most an export holds: a list for people, not a copy of the store.
const EXPORT: i64 = 20_000;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    set: String,
    rule: String,
    place: String,
    known: String,
    after: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).take(15).collect();
        Filter {
            bucket: Bucket::from_code(&self.state).unwrap_or_default(),
            set: self.set.clone(),
            rule: self.rule.clone(),
            place: digits(&self.place),
        }
    }

    fn known(&self, today: Day) -> Option<Day> {
        Day::parse_iso(&self.known).ok().filter(|day| *day < today)
    }

    /// Position and id of the last row seen.
    fn cursor(&self) -> (i64, &str) {
        let cursor = self.after.split_once('.').and_then(|(position, id)| Some((position.parse().ok()?, id)));
        cursor.unwrap_or((i64::MIN, ""))
    }

    fn state_code(&self) -> &'static str {
        Bucket::from_code(&self.state).unwrap_or_default().code()
    }

    fn known_text(&self) -> &str {
        &self.known
    }

    /// The same question as an address; without the cursor.
    fn query(&self) -> String {
        let fields = [
            ("state", self.state_code()),
            ("set", &self.set),
            ("rule", &self.rule),
            ("place", &self.place),
            ("known", &self.known),
        ];
        let asked = fields.iter().filter(|(_, value)| !value.is_empty());
        asked.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }
}

fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[derive(Template)]
#[template(path = "findings.html", blocks = ["list"])]
struct FindingsPage {
    shell: Shell,
    w: Speaker,
    filter: Asked,
    total: i64,
    may_export: bool,
    tabs: Vec<Tab>,
    selects: Vec<Select>,
    chips: Vec<Chip>,
    known_note: Option<String>,
    rows: Vec<Row>,
    empty_why: String,
    caption: String,
    range: String,
    first_page: Option<String>,
    next_page: Option<String>,
}

struct Tab {
    label: String,
    count: String,
    query: String,
    current: bool,
}

struct Select {
    name: &'static str,
    label: String,
    all: String,
    options: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Chip {
    label: String,
    query: String,
}

/// `GET /findings`
pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let mut cx = match asked.known(cx.today()) {
        Some(day) => cx.as_known_on(day),
        None => cx,
    };
    let w = Speaker::new(cx.language);
    let (shell, _) = shell_of_latest(&mut cx, w.t("menu-findings")).await?;
    let filter = asked.filter();
    let finest = show::finest(&cx);
    let counts = store::list_counts(&mut cx, finest.max(filter.place.len() as i64)).await?;
    let count = |bucket| show::sum(&counts, |one| one.bucket == bucket && filter.takes(one));
    let total = count(filter.bucket);
    let mut found = store::list_findings(&mut cx, &filter, asked.cursor(), PAGE + 1).await?;
    let next_page = next(&mut found, &asked);
    let selects = selects(&mut cx, w, &filter, &counts, finest as usize).await?;
    let beside = beside(&mut cx, &found).await?;
    let rows: Vec<Row> = found.iter().map(|one| show::row(&cx, w, &beside, one)).collect::<Result<_>>()?;
    let other = |bucket: Bucket| Asked { state: bucket.code().to_owned(), after: String::new(), ..asked.clone() };
    let tabs = Bucket::ALL.into_iter().map(|bucket| Tab {
        label: w.t(&format!("tab-{}", bucket.code())),
        count: numbers::count(count(bucket)),
        query: other(bucket).query(),
        current: bucket == filter.bucket,
    });
    let shown = rows.len() as i64;
    let with = |key| w.with(key, &[("n", Arg::Count(shown)), ("total", Arg::Count(total))]);
    let page_of = FindingsPage {
        tabs: tabs.collect(),
        chips: chips(&selects, &asked),
        known_note: asked
            .known(cx.today())
            .map(|day| w.a("findings-known-note", numbers::long_date(w.language, day, Precision::Day))),
        empty_why: if counts.is_empty() { w.t("no-run-why") } else { w.t("findings-empty-why") },
        caption: with("findings-caption"),
        range: with("findings-range"),
        first_page: Some(asked.query()).filter(|_| !asked.after.is_empty()),
        next_page,
        may_export: total > 0 && cx.can(super::EXPORT_FINDINGS),
        filter: asked,
        total,
        selects,
        rows,
        shell,
        w,
    };
    if cx.visit.fragment {
        return page_of.as_list().render().map(html).map_err(Error::internal);
    }
    Ok(page(&page_of))
}

/// Cuts the row that only says there are more, and gives the address behind it.
fn next(found: &mut Vec<Listed>, asked: &Asked) -> Option<String> {
    if (found.len() as i64) <= PAGE {
        return None;
    }
    found.truncate(PAGE as usize);
    found.last().map(|last| format!("{}&after={}.{}", asked.query(), last.position, last.id.0))
}

async fn beside(cx: &mut Cx, found: &[Listed]) -> Result<Beside> {
    let places = show::place_names(cx, found.iter().map(|one| one.place.as_str())).await?;
    Ok(Beside { places, precision: show::precision(cx).await? })
}

async fn selects(cx: &mut Cx, w: Speaker, filter: &Filter, counts: &[Counted], finest: usize) -> Result<Vec<Select>> {
    let counted = |label: String, n: i64| w.with("option-counted", &[("a", Arg::Text(&label)), ("n", Arg::Count(n))]);
    let here: Vec<&Counted> = counts.iter().filter(|one| one.bucket == filter.bucket).collect();
    let part = |of: &dyn Fn(&Counted) -> String| -> BTreeMap<String, i64> {
        here.iter().fold(BTreeMap::new(), |mut sums, one| {
            *sums.entry(of(one)).or_default() += one.counted;
            sums
        })
    };
    let by_place = part(&|one| one.place.chars().take(finest).collect());
    let (by_set, by_rule) = (part(&|one| one.set.clone()), part(&|one| one.rule.clone()));
    let names = show::place_names(cx, by_place.keys().map(String::as_str)).await?;
    let place = by_place.into_iter().map(|(place, n)| Choice {
        label: counted(names.get(&place).cloned().unwrap_or_else(|| place.clone()), n),
        chosen: place == filter.place,
        value: place,
    });
    let place = place.collect();
    let set = model::SETS.into_iter().map(model::set_code).map(|code| Choice {
        label: counted(w.t(&format!("set-{code}")), by_set.get(code).copied().unwrap_or_default()),
        chosen: code == filter.set,
        value: code.to_owned(),
    });
    let set = set.collect();
    let names = super::rules::names(cx).await?;
    let rule = by_rule.into_iter().map(|(rule, n)| Choice {
        label: counted(names.get(&rule).cloned().unwrap_or_else(|| rule.clone()), n),
        chosen: rule == filter.rule,
        value: rule,
    });
    let select = |name, label, options| Select { name, label: w.t(label), all: w.t("all"), options };
    Ok(vec![
        select("place", "col-place", place),
        select("set", "col-set", set),
        select("rule", "col-rule", rule.collect()),
    ])
}

fn chips(selects: &[Select], asked: &Asked) -> Vec<Chip> {
    let chosen = selects.iter().filter_map(|select| Some((select.name, select.options.iter().find(|o| o.chosen)?)));
    chosen
        .map(|(name, choice)| {
            let mut without = asked.clone();
            match name {
                "place" => without.place.clear(),
                "set" => without.set.clear(),
                _ => without.rule.clear(),
            }
            Chip { label: choice.label.clone(), query: without.query() }
        })
        .collect()
}

/// `GET /findings.xlsx`: the same rows as the list, without numbers or names of others.
pub async fn export(cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let mut cx = match asked.known(cx.today()) {
        Some(day) => cx.as_known_on(day),
        None => cx,
    };
    let w = Speaker::new(cx.language);
    let found = store::list_findings(&mut cx, &asked.filter(), (i64::MIN, ""), EXPORT).await?;
    let beside = beside(&mut cx, &found).await?;
    let rows: Vec<Row> = found.iter().map(|one| show::row(&cx, w, &beside, one)).collect::<Result<_>>()?;
    let text = |text: &str| Cell::Text(text.to_owned());
    let sheet = Sheet {
        name: w.t("menu-findings"),
        note: w.t("findings-export-note"),
        head: ["col-household", "col-place", "col-found", "col-set", "col-source", "col-state"]
            .map(|key| w.t(key))
            .into(),
        rows: rows
            .iter()
            .map(|row| {
                [&row.household, &row.place, &row.headline, &row.set, &row.source, &row.state].map(|t| text(t)).into()
            })
            .collect(),
    };
    cx.audit("export", "findings", &asked.query(), &rows.len().to_string()).await?;
    Ok(sheet::download(&sheet, "findings"))
}
