use super::changes::{self, Told};
use super::earlier::{Before, Earlier};
use super::show;
use crate::actions::{self, ERASURE_REASONS, PURPOSES};
use crate::looks::{self, Looked};
use crate::model::{Axes, Conflict, Fact, File, Hidden, Listed, Member, Value};
use crate::store::{self, Opened, Reveal};
use askama::Template;
use axum::extract::{Form, Path, Query};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Result};
use serde::Deserialize;
use ui::figure::escape;
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Day;

#[derive(Template)]
#[template(path = "household.html")]
struct HouseholdPage {
    shell: Shell,
    w: Speaker,
    id: String,
    line: String,
    known: String,
    erased: bool,
    axes: Vec<Axis>,
    people: Vec<Group>,
    conflicts: Vec<Disputed>,
    income: Vec<FactLine>,
    gates: Vec<Gate>,
    /// What else is known, where it was asked for: it is most of a file, and seldom looked at.
    facts: Vec<FactLine>,
    facts_count: i64,
    panels: Vec<String>,
    /// What people changed since the run; none of it on a look back.
    changes: Vec<Told>,
    may_change: bool,
    /// Nothing for whoever may not know.
    looked: Option<Looked>,
    sheets: Vec<Sheet>,
    purposes: Vec<(&'static str, String)>,
    /// Why it may be erased; empty for whoever may not.
    erasures: Vec<(&'static str, String)>,
}

struct Axis {
    title: String,
    state: String,
    line: String,
}

struct Group {
    title: String,
    members: Vec<Person>,
}

struct Person {
    name: String,
    line: String,
    birth: String,
    id_number: String,
    phone: String,
    register: String,
}

struct Disputed {
    title: String,
    said: Vec<SaidLine>,
}

/// One value, and all who say so.
struct SaidLine {
    value: String,
    used: bool,
    by: Vec<String>,
}

struct FactLine {
    label: String,
    of: String,
    value: String,
    source: String,
    method: String,
    before: Vec<Before>,
}

struct Gate {
    met: bool,
    label: String,
    as_of: String,
    line: String,
}

struct Sheet {
    id: String,
    person: String,
    field: &'static str,
    title: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    known: String,
    see: String,
    /// `all`, or those that belong to every file.
    facts: String,
    /// `all`, or the latest.
    looks: String,
}

/// `GET /households/{id}`: as it is known now, or was on an earlier day.
pub async fn show(cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Reply {
    let day = Day::parse_iso(&asked.known).ok().filter(|day| *day < cx.today());
    let mut cx = day.map_or(cx.clone(), |day| cx.as_known_on(day));
    let opened = store::open_file(&mut cx, &id).await?;
    let seen = match asked.see.as_str() {
        "" => None,
        see => store::find_reveal(&mut cx, see).await?.filter(|seen| seen.household == id),
    };
    let page_of = compose(&mut cx, &opened, asked, seen).await?;
    cx.audit("read", "household", &id, "").await?;
    Ok(page(&page_of))
}

async fn compose(cx: &mut Cx, opened: &Opened, asked: Asked, seen: Option<Reveal>) -> Result<HouseholdPage> {
    let (w, filed) = (Speaker::new(cx.language), &opened.filed);
    let Asked { known, facts, looks, .. } = asked;
    let file = actions::open(cx, filed)?;
    let erased = file.is_none();
    let may_reveal = cx.can(super::REVEAL_VALUES);
    let file = file.unwrap_or_default();
    let number = show::masked_number(&filed.number);
    let line = w.with(
        "household-line",
        &[("place", Arg::Text(&opened.place_name)), ("n", Arg::Count(filed.people)), ("number", Arg::Text(&number))],
    );
    let (today, earlier) = (cx.today(), Earlier::of(cx, &opened.earlier)?);
    Ok(HouseholdPage {
        shell: Shell::new(cx, show::household(w, &filed.head)),
        axes: axes(w, &file.axes, today),
        people: people(w, &file, seen.as_ref(), may_reveal, today),
        changes: match opened.changed && known.is_empty() && cx.can(super::ASK_CHANGES) {
            true => changes::of_household(cx, w, &filed.household).await?,
            false => Vec::new(),
        },
        may_change: known.is_empty() && cx.can(super::ASK_CHANGES) && !erased,
        conflicts: file.conflicts.iter().map(|conflict| disputed(w, &file, conflict, today)).collect(),
        income: INCOME
            .iter()
            .filter_map(|name| fact_of(&file, name))
            .map(|fact| line_of(w, &file, &earlier, fact, today))
            .collect(),
        gates: gates(w, &file, today),
        facts: file
            .facts
            .iter()
            .filter(|fact| facts == "all" && is_other(fact))
            .map(|fact| line_of(w, &file, &earlier, fact, today))
            .collect(),
        facts_count: file.facts.iter().filter(|fact| is_other(fact)).count() as i64,
        panels: cx.panels("household", &filed.household).await?,
        looked: match cx.can(super::SEE_LOOKS) {
            true => Some(looks::list(cx, w, &filed.household, opened.revealed, looks == "all").await?),
            false => None,
        },
        sheets: if may_reveal { sheets(w, &file) } else { Vec::new() },
        erasures: if cx.can(super::ERASE_HOUSEHOLDS) && !erased {
            ERASURE_REASONS.map(|code| (code, w.t(&format!("erasure-{code}")))).into()
        } else {
            Vec::new()
        },
        purposes: PURPOSES.map(|code| (code, w.t(&format!("purpose-{code}")))).into(),
        id: filed.household.clone(),
        line,
        known,
        erased,
        w,
    })
}

/// The facts of the table of income and cost, in its order.
const INCOME: [&str; 13] = [
    "wage_income",
    "operating_income",
    "operating_cost",
    "property_income",
    "transfer_income",
    "pension_income",
    "subsidy_income",
    "net_income",
    "assistance_income",
    "insurance_claims",
    "own_cost_window",
    "monitoring_income",
    "income_per_head",
];
fn fact_of<'f>(file: &'f File, name: &str) -> Option<&'f Fact> {
    file.facts.iter().find(|fact| fact.member.is_none() && fact.fact == name)
}

fn is_other(fact: &Fact) -> bool {
    let shown = INCOME.contains(&fact.fact.as_str()) || show::GUARANTEES.iter().any(|(name, _)| *name == fact.fact);
    fact.member.is_some() || !shown
}

fn line_of(w: Speaker, file: &File, earlier: &Earlier, fact: &Fact, today: Day) -> FactLine {
    let member = fact.member.and_then(|member| file.members.get(member as usize));
    FactLine {
        label: show::label(w, &fact.fact, fact.member.is_some()),
        of: member.map(|member| member.name.clone()).unwrap_or_default(),
        value: show::value(w, fact),
        source: show::provided(w, fact, today),
        method: show::method(w, &fact.method),
        before: earlier.values(w, file, fact, today),
    }
}

fn axes(w: Speaker, axes: &Axes, today: Day) -> Vec<Axis> {
    let listed = |listed: &Listed| {
        let since = listed.since.map(|day| w.a("listed-since", numbers::date(w.language, day, today)));
        let source = listed.source.as_ref().map(|source| show::department(w, &source.department));
        [source, since].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let code = |listed: &Listed| show::plain(w, &Value::Text(listed.code.clone()));
    let alleviated = match axes.alleviated {
        Some(year) => (w.t("axis-alleviated-yes"), w.a("axis-alleviated-year", year.to_string())),
        None => (w.t("axis-alleviated-no"), w.t("axis-alleviated-no-line")),
    };
    let monitoring = match &axes.monitoring {
        Some(one) => (code(one), listed(one)),
        None => (w.t("axis-monitoring-no"), w.t("axis-monitoring-no-line")),
    };
    let assistance = match axes.assistance.as_slice() {
        [] => (w.t("axis-assistance-no"), w.t("axis-assistance-no-line")),
        all => {
            (all.iter().map(code).collect::<Vec<_>>().join("、"), all.iter().map(listed).collect::<Vec<_>>().join("；"))
        }
    };
    let axis = |title: &str, (state, line)| Axis { title: w.t(title), state, line };
    vec![axis("axis-alleviated", alleviated), axis("axis-monitoring", monitoring), axis("axis-assistance", assistance)]
}

/// Those who live together, those who are only registered here, and those who left: apart.
fn people(w: Speaker, file: &File, seen: Option<&Reveal>, may_reveal: bool, today: Day) -> Vec<Group> {
    let group = |title: &str, belongs: fn(&Member) -> bool| Group {
        title: w.t(title),
        members: file
            .members
            .iter()
            .enumerate()
            .filter(|(_, member)| belongs(member))
            .map(|(at, member)| person(w, at, member, seen, may_reveal, today))
            .collect(),
    };
    let groups = [
        group("people-together", |member| member.co_living),
        group("people-registered-only", |member| !member.co_living && member.to.is_none()),
        group("people-gone", |member| !member.co_living && member.to.is_some()),
    ];
    groups.into_iter().filter(|group| !group.members.is_empty()).collect()
}

fn person(w: Speaker, at: usize, member: &Member, seen: Option<&Reveal>, may_reveal: bool, today: Day) -> Person {
    let sex = match member.sex {
        1 => w.t("sex-male"),
        2 => w.t("sex-female"),
        _ => w.t("sex-unknown"),
    };
    let relation = w.find(&format!("relation-{}", member.relation)).unwrap_or_else(|| w.t("relation-other"));
    let unknown = || format!(r#"<span class="unknown">{}</span>"#, escape(&w.t("unknown")));
    let birth = member.birth.map(|(day, precision)| {
        format!(r#"<time datetime="{day}">{}</time>"#, numbers::long_date(w.language, day, precision))
    });
    let hidden = |field: Hidden, masked: Option<String>| match masked {
        Some(masked) if may_reveal => see(w, at, member, field, &masked, seen),
        Some(masked) => format!(r#"<span class="masked">{}</span>"#, escape(&masked)),
        None => unknown(),
    };
    Person {
        name: member.name.clone(),
        line: match member.to.filter(|_| !member.co_living) {
            Some(to) => format!("{relation} · {sex} · {}", w.a("member-until", numbers::date(w.language, to, today))),
            None => format!("{relation} · {sex}"),
        },
        birth: birth.unwrap_or_else(unknown),
        id_number: hidden(Hidden::IdNumber, member.masked_id().map(|id| id.to_string())),
        phone: hidden(Hidden::Phone, member.masked_phone().map(|phone| phone.to_string())),
        register: w.t(if member.registered { "register-yes" } else { "register-no" }),
    }
}

fn see_id(at: usize, field: Hidden) -> String {
    format!("p{at}-{}", field.code())
}

/// A hidden value with the button that opens its sheet; or, just revealed, in clear.
fn see(w: Speaker, at: usize, member: &Member, field: Hidden, masked: &str, seen: Option<&Reveal>) -> String {
    let id = see_id(at, field);
    let shown = seen.filter(|seen| seen.person == member.person && seen.field == field.code());
    if let Some(clear) = shown.and_then(|_| field.of(member)) {
        let note = escape(&w.t("reveal-shown"));
        return format!(
            r#"<span data-see="{id}" role="status"><b class="masked">{}</b> <span class="small">{note}</span></span>"#,
            escape(&clear)
        );
    }
    let label = w.a(&format!("reveal-label-{}", field.code()), &member.name);
    format!(
        r#"<span data-see="{id}"><span class="masked">{}</span> <button class="link" type="button" popovertarget="see-{id}" aria-label="{}">{}</button></span>"#,
        escape(masked),
        escape(&label),
        escape(&w.t("reveal"))
    )
}

fn sheets(w: Speaker, file: &File) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (at, member) in file.members.iter().enumerate() {
        for field in [Hidden::IdNumber, Hidden::Phone] {
            if field.of(member).is_some() {
                let title = w.a(&format!("reveal-label-{}", field.code()), &member.name);
                sheets.push(Sheet { id: see_id(at, field), person: member.person.clone(), field: field.code(), title });
            }
        }
    }
    sheets
}

fn disputed(w: Speaker, file: &File, conflict: &Conflict, today: Day) -> Disputed {
    let member = conflict.member.and_then(|member| file.members.get(member as usize));
    let label = show::label(w, &conflict.fact, member.is_some());
    let title = match member {
        Some(member) => w.with("conflict-of", &[("who", Arg::Text(&member.name)), ("what", Arg::Text(&label))]),
        None => label,
    };
    let mut lines: Vec<SaidLine> = Vec::new();
    for said in &conflict.said {
        let value = show::plain(w, &said.value);
        let as_of = said.as_of.map(|day| numbers::date(w.language, day, today)).unwrap_or_else(|| w.t("unknown"));
        let by = format!("{} · {as_of}", show::department(w, &said.source.department));
        match lines.iter_mut().find(|line| line.value == value) {
            Some(line) if line.by.contains(&by) => {}
            Some(line) => line.by.push(by),
            None => lines.push(SaidLine { value, used: said.used, by: vec![by] }),
        }
    }
    lines.sort_by_key(|line| (!line.used, std::cmp::Reverse(line.by.len())));
    Disputed { title, said: lines }
}

fn gates(w: Speaker, file: &File, today: Day) -> Vec<Gate> {
    let gate = |(name, key): &(&str, &str)| {
        let fact = fact_of(file, name);
        let state = show::guarantee(fact);
        let words = escape(&w.t(&format!("{key}-{state}")));
        Gate {
            met: state == "met",
            label: w.t(key),
            as_of: fact
                .filter(|_| state != "unknown")
                .map(|fact| show::since(w, fact.as_of, today))
                .unwrap_or_default(),
            line: match fact.and_then(|fact| fact.source.as_ref()) {
                _ if state == "unknown" => format!(r#"<span class="unknown">{words}</span>"#),
                Some(source) => format!("{words} · {}", escape(&show::department(w, &source.department))),
                None => words,
            },
        }
    };
    show::GUARANTEES.iter().map(gate).collect()
}

#[derive(Deserialize)]
pub struct RevealForm {
    person: String,
    field: String,
    purpose: String,
}

/// `POST /households/{id}/reveals`: shows one hidden value for five minutes, and notes who asked and what for.
pub async fn reveal(mut cx: Cx, Path(id): Path<String>, Form(form): Form<RevealForm>) -> Reply {
    let field = Hidden::from_code(&form.field).ok_or(kernel::Error::NotFound)?;
    let see = actions::reveal(&mut cx, &id, &form.person, field, &form.purpose).await?;
    Ok(see_other(&format!("/households/{id}?see={see}#people")))
}

#[derive(Deserialize)]
pub struct ErasureForm {
    #[serde(default)]
    reason: String,
}

/// `POST /households/{id}/erasure`
pub async fn erase(mut cx: Cx, Path(id): Path<String>, Form(form): Form<ErasureForm>) -> Reply {
    actions::erase(&mut cx, &id, &form.reason).await?;
    Ok(see_other(&format!("/households/{id}")))
}
