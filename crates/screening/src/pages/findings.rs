//! The list of findings: filtered, counted, paged, exported; as it is known now or was on an earlier day.

use super::bulk::Flash;
use super::shell_of_latest;
use crate::model::{self, RuleCard};
use crate::show::{self, Beside, Row};
use crate::store::{self, Bucket, Counts, Filter, Listed, Run, Sums};
use askama::Template;
use axum::extract::Query;
use kernel::web::{Reply, html};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

/// How many findings a page holds: each is a sealed letter to open, and bytes on a phone.
const PAGE: i64 = 25;
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
    /// The beginning of a name, its sound or a household number; or a village.
    q: String,
    /// `now`, or `deferred` to a later month.
    when: String,
    /// `late`, `week`, `later`.
    due: String,
    after: String,
    /// When a list was decided together, in milliseconds, and how many of it somebody else had decided before.
    done: String,
    stale: i64,
}

impl Asked {
    async fn filter(&self, cx: &mut Cx, due: &Due) -> Result<Filter> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).take(15).collect();
        Ok(Filter {
            bucket: Bucket::from_code(&self.state).unwrap_or_default(),
            set: self.set.clone(),
            rule: self.rule.clone(),
            place: digits(&self.place),
            deferred: match self.when.as_str() {
                "now" => Some(false),
                "deferred" => Some(true),
                _ => None,
            },
            rules: due.rules(cx.today(), &self.due),
            word: households::search::normal(&self.q),
            named: places::villages_named(cx, &self.q).await?,
        })
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

    fn word(&self) -> &str {
        &self.q
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
            ("q", &self.q),
            ("when", &self.when),
            ("due", &self.due),
        ];
        let asked = fields.iter().filter(|(_, value)| !value.is_empty());
        asked.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }
}

/// By when each rule's findings are to be looked at: so many days after its run arrived.
struct Due {
    arrived: Option<Day>,
    days: BTreeMap<String, i32>,
}

/// The spans of deadlines to choose from.
const DUE: [&str; 3] = ["late", "week", "later"];

impl Due {
    fn of(run: Option<&Run>, cards: &BTreeMap<String, RuleCard>) -> Self {
        let days = cards.iter().filter_map(|(rule, card)| {
            let days = card.decides.first()?.within_days?;
            Some((rule.clone(), days))
        });
        Self { arrived: run.map(|run| run.recorded_at.day()), days: days.collect() }
    }

    /// The rules whose findings are due in that span; `None` where none is asked for.
    fn rules(&self, today: Day, span: &str) -> Option<Vec<String>> {
        let arrived = self.arrived.filter(|_| DUE.contains(&span))?;
        let is_in = |days: i32| match arrived.plus_days(days).0 - today.0 {
            left if left < 0 => span == "late",
            left if left <= 7 => span == "week",
            _ => span == "later",
        };
        Some(self.days.iter().filter(|(_, days)| is_in(**days)).map(|(rule, _)| rule.clone()).collect())
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
    shown: i64,
    may_export: bool,
    tabs: Vec<Tab>,
    selects: Vec<Select>,
    chips: Vec<Chip>,
    known_note: Option<String>,
    rows: Vec<Row>,
    may_triage: bool,
    command: String,
    reasons: Vec<(&'static str, String)>,
    flash: Option<Flash>,
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
    let (shell, run) = shell_of_latest(&mut cx, w.t("menu-findings")).await?;
    let cards = super::rules::cards(&mut cx, run.as_ref()).await?;
    let due = Due::of(run.as_ref(), &cards);
    let filter = asked.filter(&mut cx, &due).await?;
    let finest = show::finest(&cx);
    let digits = finest.max(filter.place.len() as i64);
    let fine = (finest as usize, digits);
    let counts = match filter.word.as_str() {
        "" => store::list_counts(&mut cx, run.as_ref(), fine).await?,
        _ => store::list_counts_of_word(&mut cx, &filter, fine).await?,
    };
    let total = counts.total(filter.bucket, &filter);
    let mut found = store::list_findings(&mut cx, &filter, asked.cursor(), PAGE + 1).await?;
    let next_page = next(&mut found, &asked);
    let sums = counts.sums(filter.bucket);
    let named = found.iter().map(|one| &one.place).chain(sums.places.keys()).map(String::as_str);
    let places = show::place_names(&mut cx, named).await?;
    let selects = selects(w, (&asked, &filter), sums, &cards, &places);
    let beside = Beside { places, precision: show::precision(&mut cx).await?, days: due.days };
    let rows: Vec<Row> = found.iter().map(|one| show::row(&cx, w, &beside, one)).collect::<Result<_>>()?;
    let tabs = tabs(w, &asked, &filter, &counts);
    let shown = rows.len() as i64;
    let with = |key| w.with(key, &[("n", Arg::Count(shown)), ("total", Arg::Count(total))]);
    let page_of = FindingsPage {
        tabs,
        chips: chips(&selects, &asked),
        known_note: asked
            .known(cx.today())
            .map(|day| w.a("findings-known-note", numbers::long_date(w.language, day, Precision::Day))),
        empty_why: if counts.is_empty() { w.t("no-run-why") } else { w.t("findings-empty-why") },
        caption: with("findings-caption"),
        range: with("findings-range"),
        first_page: Some(asked.query()).filter(|_| !asked.after.is_empty()),
        next_page,
        may_triage: cx.can(super::TRIAGE_FINDINGS) && cx.known_on().is_none(),
        command: cx.new_id().to_string(),
        reasons: super::finding::reasons(w),
        flash: super::bulk::flash(&mut cx, w, &asked.done, asked.stale).await?,
        may_export: total > 0 && cx.can(super::EXPORT_FINDINGS),
        filter: asked,
        total,
        shown,
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

fn tabs(w: Speaker, asked: &Asked, filter: &Filter, counts: &Counts) -> Vec<Tab> {
    let tab = |bucket: Bucket| Tab {
        label: w.t(&format!("tab-{}", bucket.code())),
        count: numbers::count(counts.total(bucket, filter)),
        query: Asked { state: bucket.code().to_owned(), ..asked.clone() }.query(),
        current: bucket == filter.bucket,
    };
    Bucket::ALL.into_iter().map(tab).collect()
}

/// Cuts the row that only says there are more, and gives the address behind it.
fn next(found: &mut Vec<Listed>, asked: &Asked) -> Option<String> {
    if (found.len() as i64) <= PAGE {
        return None;
    }
    found.truncate(PAGE as usize);
    found.last().map(|last| format!("{}&after={}.{}", asked.query(), last.position, last.id.0))
}

fn selects(
    w: Speaker,
    (asked, filter): (&Asked, &Filter),
    sums: Sums,
    cards: &BTreeMap<String, RuleCard>,
    names: &BTreeMap<String, String>,
) -> Vec<Select> {
    let counted = |label: String, n: i64| w.with("option-counted", &[("a", Arg::Text(&label)), ("n", Arg::Count(n))]);
    let place = sums.places.into_iter().map(|(place, n)| Choice {
        label: counted(names.get(&place).cloned().unwrap_or_else(|| place.clone()), n),
        chosen: place == filter.place,
        value: place,
    });
    let place = place.collect();
    let set = model::SETS.into_iter().map(model::set_code).map(|code| Choice {
        label: counted(w.t(&format!("set-{code}")), sums.sets.get(code).copied().unwrap_or_default()),
        chosen: code == filter.set,
        value: code.to_owned(),
    });
    let set = set.collect();
    let rule = sums.rules.into_iter().map(|(rule, n)| Choice {
        label: counted(cards.get(&rule).map_or_else(|| rule.clone(), |card| show::of(w, &card.name)), n),
        chosen: rule == filter.rule,
        value: rule,
    });
    let when = ["now", "deferred"].map(|code| {
        let n = if code == "deferred" { sums.deferred } else { sums.all - sums.deferred };
        let label = counted(w.t(&format!("state-{code}")), n);
        Choice { label, chosen: code == asked.when, value: code.to_owned() }
    });
    let due = DUE.map(|code| Choice {
        label: w.t(&format!("span-{code}")),
        chosen: code == asked.due,
        value: code.to_owned(),
    });
    let select = |name, label, options| Select { name, label: w.t(label), all: w.t("all"), options };
    vec![
        select("place", "col-place", place),
        select("set", "col-set", set),
        select("rule", "col-rule", rule.collect()),
        select("when", "col-when", when.into()),
        select("due", "col-due", due.into()),
    ]
}

fn chips(selects: &[Select], asked: &Asked) -> Vec<Chip> {
    let chosen = selects.iter().filter_map(|select| Some((select.name, select.options.iter().find(|o| o.chosen)?)));
    chosen
        .map(|(name, choice)| {
            let mut without = asked.clone();
            match name {
                "place" => without.place.clear(),
                "set" => without.set.clear(),
                "when" => without.when.clear(),
                "due" => without.due.clear(),
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
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let run = store::find_latest_run(&mut cx).await?;
    let cards = super::rules::cards(&mut cx, run.as_ref()).await?;
    let due = Due::of(run.as_ref(), &cards);
    let filter = asked.filter(&mut cx, &due).await?;
    let found = store::list_findings(&mut cx, &filter, (i64::MIN, ""), EXPORT).await?;
    let places = show::place_names(&mut cx, found.iter().map(|one| one.place.as_str())).await?;
    let beside = Beside { places, precision: show::precision(&mut cx).await?, days: due.days };
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
    Ok(sheet::download(&cx, sheet, "findings"))
}
