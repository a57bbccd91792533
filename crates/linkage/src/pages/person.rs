//! A person: the records that are about them, and why; somebody else's records are taken out here.

use super::show::{self, department};
use super::{MERGE_PEOPLE, rulings};
use crate::evidence::{self, MOST};
use crate::model::RecordKeys;
use crate::rulings::Person;
use crate::rulings::actions::{self, RULE, Ruling};
use crate::store;
use askama::Template;
use axum::extract::{Form, Path};
use kernel::commands::{self, Command};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Result};
use ui::figure::{self, Figure, weight};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{IdNumber, Phone};

/// One record, its numbers masked.
pub struct RecordLine {
    pub number: usize,
    /// The digest by which a ruling names it.
    pub key: String,
    pub name: String,
    pub source: String,
    pub place: String,
    pub born: String,
    pub id_number: String,
    pub phone: String,
    /// How many more say the very same.
    pub alike: String,
}

/// Records as tables show them.
pub fn lines(cx: &Cx, w: Speaker, records: &[RecordKeys]) -> Vec<RecordLine> {
    let none = || w.t("pair-absent");
    let line = |(at, (one, times)): (usize, (RecordKeys, usize))| RecordLine {
        number: at + 1,
        key: format!("{:016x}", one.key),
        source: with_day(cx, w, &one),
        place: if one.place.is_empty() { none() } else { one.place.clone() },
        born: one.birth.map_or_else(none, |(day, known)| numbers::long_date(w.language, day, known)),
        id_number: one.id_number.map_or_else(none, |key| IdNumber::from_key(key).to_string()),
        phone: one.phone.map_or_else(none, |key| Phone::from_key(key).to_string()),
        alike: if times > 1 { w.n("person-alike", times as i64 - 1) } else { String::new() },
        name: if one.name.is_empty() { none() } else { one.name },
    };
    evidence::distinct(records).into_iter().enumerate().map(line).collect()
}

fn with_day(cx: &Cx, w: Speaker, one: &RecordKeys) -> String {
    let day = one.as_of.map(|day| numbers::date(w.language, day, cx.today())).unwrap_or_default();
    let row = w.n("person-row", i64::from(one.row));
    format!("{} · {} · {row} · {day}", department(w, &one.department), one.resource)
}

/// What ties two records.
struct TieLine {
    from: usize,
    to: usize,
    weight: String,
    why: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    w: Speaker,
    household: String,
    person: String,
    name: String,
    intro: String,
    records: Vec<RecordLine>,
    more: String,
    weighed: bool,
    chart: Figure,
    ties: Vec<TieLine>,
    clashes: Vec<String>,
    ruled: Vec<rulings::RuledLine>,
    others: Vec<(String, String)>,
    may_rule: bool,
    command: String,
    version: i64,
    seen: String,
}

/// `GET /people/{id}/{person}`
pub async fn show(mut cx: Cx, Path((household, id)): Path<(String, String)>) -> Reply {
    let w = Speaker::new(cx.language);
    let people = actions::people_of(&mut cx, &household).await?;
    let person = actions::get_person(&mut cx, &household, &id).await?;
    cx.audit("read", "household", &household, &format!("records of {id}")).await?;
    let model = whole_model(&mut cx).await?;
    let distinct: Vec<RecordKeys> = evidence::distinct(&person.records).into_iter().map(|(one, _)| one).collect();
    let tied = evidence::ties(&distinct, model.as_ref());
    let weighed = tied.iter().all(|tie| tie.pair.prior.is_some()) && !tied.is_empty();
    let ruled = store::list_rulings_about(&mut cx, &id).await?;
    let name = shown_name(w, &person);
    let page_of = PersonPage {
        shell: Shell::new(&cx, w.a("person-title", &name)),
        intro: intro(w, &person),
        records: lines(&cx, w, &person.records),
        more: if distinct.len() > MOST { w.n("person-more", (distinct.len() - MOST) as i64) } else { String::new() },
        chart: drawn(w, distinct.len().min(MOST), &tied),
        ties: tied.iter().map(|tie| tie_line(w, tie)).collect(),
        weighed,
        clashes: clashes(&mut cx, w, &id).await?,
        version: ruled.len() as i64,
        ruled: rulings::lines(&cx, w, &ruled),
        others: people.iter().filter(|one| one.id != id).map(|one| (one.id.clone(), shown_name(w, one))).collect(),
        may_rule: cx.can(MERGE_PEOPLE),
        command: cx.new_id().to_string(),
        seen: person.seen(),
        name,
        person: id,
        household,
        w,
    };
    Ok(page(&page_of))
}

/// The model of the newest run, whole.
pub async fn whole_model(cx: &mut Cx) -> Result<Option<fellegi::Model>> {
    let told = store::find_model(cx).await?.and_then(|(_, learned)| learned);
    Ok(told.and_then(|text| fellegi::Model::from_json(&text).ok()))
}

pub fn shown_name(w: Speaker, person: &Person) -> String {
    let name = person.name();
    if name.is_empty() { w.t("person-nameless") } else { name.to_owned() }
}

fn intro(w: Speaker, person: &Person) -> String {
    let mut departments: Vec<&str> = person.records.iter().map(|one| one.department.as_str()).collect();
    departments.sort_unstable();
    departments.dedup();
    let count = |n: usize| numbers::count(n as i64);
    let (records, of) = (count(person.records.len()), count(departments.len()));
    w.with("person-intro", &[("records", Arg::Text(&records)), ("departments", Arg::Text(&of))])
}

/// From this weight on a tie holds by itself: the odds are even.
const HOLDS: f32 = 0.0;

fn drawn(w: Speaker, count: usize, tied: &[evidence::Tied]) -> Figure {
    let texts: Vec<String> = tied.iter().map(|tie| weight(f64::from(tie.pair.weight))).collect();
    let ties: Vec<figure::Tie<'_>> = tied
        .iter()
        .zip(&texts)
        .map(|(tie, text)| figure::Tie { from: tie.from, to: tie.to, text, weak: tie.pair.weight < HOLDS })
        .collect();
    figure::graph(count, &ties, &w.n("person-graph-says", count as i64))
}

/// The comparisons that say most, for it or against it.
fn tie_line(w: Speaker, tie: &evidence::Tied) -> TieLine {
    const SHOWN: usize = 4;
    let mut steps: Vec<_> = tie.pair.steps.iter().filter_map(|step| Some((step, step.weight?))).collect();
    steps.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let said = |(step, by): &(&crate::model::StepShown, f32)| {
        let (field, level) = (show::field(w, &step.field), show::level(w, &step.level));
        w.with(
            "person-tie",
            &[
                ("field", Arg::Text(&field)),
                ("level", Arg::Text(&level)),
                ("weight", Arg::Text(&weight(f64::from(*by)))),
            ],
        )
    };
    let why: Vec<String> = steps.iter().take(SHOWN).map(said).collect();
    TieLine {
        from: tie.from + 1,
        to: tie.to + 1,
        weight: weight(f64::from(tie.pair.weight)),
        why: why.join(&w.t("list-and")),
    }
}

/// Rulings that met a newer one: both sides are shown until somebody rules anew.
pub async fn clashes(cx: &mut Cx, w: Speaker, person: &str) -> Result<Vec<String>> {
    let open = commands::list_open(cx, RULE, person).await?;
    let words = open.iter().map(|conflict| {
        let theirs: Ruling = serde_json::from_str(&conflict.theirs)?;
        let (kind, reason) = match &theirs {
            Ruling::Merge { reason, .. } => ("merge", reason),
            Ruling::Unmerge { reason, .. } => ("unmerge", reason),
            Ruling::Undo { reason, .. } => ("undo", reason),
        };
        let ours: Option<Standing> = serde_json::from_str(&conflict.ours)?;
        let stands = ours.map_or_else(
            || w.t("ruling-clash-nothing"),
            |ours| {
                w.with(
                    "ruling-clash-stands",
                    &[("what", Arg::Text(&w.t(&format!("ruling-{}", ours.rule)))), ("by", Arg::Text(&ours.by))],
                )
            },
        );
        Ok(w.with(
            "ruling-clash",
            &[
                ("what", Arg::Text(&w.t(&format!("ruling-{kind}")))),
                ("why", Arg::Text(reason)),
                ("at", Arg::Text(&conflict.made_at.clock_face())),
                ("stands", Arg::Text(&stands)),
            ],
        ))
    });
    words.collect()
}

#[derive(serde::Deserialize)]
struct Standing {
    rule: String,
    by: String,
}

/// `POST /people/{id}/{person}/unmerge`: fields `command`, `base`, `seen`, `record` (any number), `reason`.
pub async fn unmerge(
    mut cx: Cx,
    Path((household, person)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Reply {
    let of = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let records = fields.iter().filter(|(name, _)| name == "record");
    let records = records.filter_map(|(_, key)| u64::from_str_radix(key, 16).ok()).collect();
    let body = Ruling::Unmerge { records, seen: of("seen").to_owned(), reason: of("reason").to_owned() };
    let command =
        Command { id: of("command").to_owned(), device_at: None, base: of("base").parse().ok().or(Some(-1)), body };
    let id = actions::rule(&mut cx, &household, &person, &command).await?;
    Ok(see_other(&format!("/people/rulings/{id}")))
}

#[derive(Template)]
#[template(path = "people-of-household.html")]
struct PanelPage {
    w: Speaker,
    household: String,
}

/// `GET /people/of-household/{id}`: the panel on the household's page; it leads there and opens nothing itself.
pub async fn of_household(mut cx: Cx, Path(household): Path<String>) -> Reply {
    households::store::check(&mut cx, &household).await?;
    Ok(page(&PanelPage { w: Speaker::new(cx.language), household }))
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    w: Speaker,
    household: String,
    /// Id, name, how many records.
    people: Vec<(String, String, String)>,
}

/// `GET /people/{id}`: the people of a family.
pub async fn list(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let people = actions::people_of(&mut cx, &household).await?;
    let line = |one: &Person| (one.id.clone(), shown_name(w, one), w.n("person-records", one.records.len() as i64));
    let people = people.iter().map(line).collect();
    cx.audit("read", "household", &household, "records").await?;
    Ok(page(&PeoplePage { shell: Shell::new(&cx, w.t("people-title")), w, household, people }))
}
