//! What changed in a family: written down on one page, agreed to on another, read on the family's own.

use super::{DECIDE_CHANGES, show};
use crate::changes::actions::{self, Asking, Newcomer};
use crate::changes::policy;
use crate::changes::{Approval, Details, Kin, Kind, Reason, Waiting, Works, can_decide};
use crate::model::Member;
use crate::store::{self, Asked};
use askama::Template;
use axum::extract::{Form, Path, Query};
use kernel::commands::{Command, Received};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, PlaceKey, Result, message};
use serde::Deserialize;
use ui::sheet::{self, Cell, Sheet};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Day;

/// How many changes a list shows.
const PAGE: i64 = 50;
/// How many of each an exported list holds.
const EXPORT: i64 = 1_000;
/// The relations of contract §3 that somebody can come with; the head is there already.
const RELATIONS: [&str; 9] =
    ["spouse", "child", "child_in_law", "grandchild", "parent", "parent_in_law", "grandparent", "sibling", "other"];

/// A change as a reader sees it.
pub struct Told {
    pub id: String,
    pub household: String,
    pub family: String,
    pub place: String,
    /// Who, what and when.
    pub sentence: String,
    pub words: String,
    /// Who asked, and when.
    pub asked: String,
    /// A relative in office.
    pub kin: String,
    /// How it stands: what it waits for, or who decided and why.
    pub state: String,
    pub waits: bool,
    pub refused: bool,
    /// The other household of a split or a merge that stands, with the words of its link.
    pub other: Option<(String, String)>,
    /// Empty where the reader may decide it.
    pub why_not: String,
}

/// The changes of a household as its page shows them.
pub async fn of_household(cx: &mut Cx, w: Speaker, household: &str) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for asked in store::list_changes_of(cx, household).await? {
        told.push(tell(cx, w, asked, household).await?);
    }
    Ok(told)
}

async fn tell(cx: &mut Cx, w: Speaker, asked: Asked, here: &str) -> Result<Told> {
    let today = cx.today();
    let details = actions::details(cx, &asked).await?.unwrap_or_default();
    let asked_on = numbers::date(w.language, asked.recorded_at.day(), today);
    Ok(Told {
        sentence: sentence(w, &asked, &details, today),
        kin: details.kin.as_ref().map(|kin| kin_said(w, kin)).unwrap_or_default(),
        state: state(cx, w, &asked).await?,
        why_not: why_not(cx, w, &asked, &details)?,
        other: other(w, &asked, here),
        family: show::household(w, &asked.head),
        place: places::names(cx, std::slice::from_ref(&asked.place)).await?.remove(&asked.place).unwrap_or_default(),
        words: details.words,
        asked: w.with("change-asked-by", &[("who", Arg::Text(&asked.recorded_name)), ("day", Arg::Text(&asked_on))]),
        waits: asked.decision.is_none(),
        refused: asked.decision.as_deref() == Some("refused"),
        household: asked.household,
        id: asked.id,
    })
}

/// Who, what and when.
fn sentence(w: Speaker, asked: &Asked, details: &Details, today: Day) -> String {
    let names: Vec<&str> = details.members.iter().map(|member| member.name.as_str()).collect();
    let (names, kind) = (names.join(&w.t("list-comma")), w.t(&format!("change-{}", asked.kind)));
    let what = match asked.reason.as_str() {
        "" => kind,
        reason => {
            let why = w.t(&format!("change-why-{reason}"));
            w.with("change-because", &[("what", Arg::Text(&kind)), ("why", Arg::Text(&why))])
        }
    };
    let day = numbers::date(w.language, asked.valid_from, today);
    w.with("change-line", &[("who", Arg::Text(&names)), ("what", Arg::Text(&what)), ("day", Arg::Text(&day))])
}

fn kin_said(w: Speaker, kin: &Kin) -> String {
    let level = w.t(&format!("change-works-{}", kin.level.code()));
    let said = [("who", Arg::Text(&kin.name)), ("relation", Arg::Text(&kin.relation)), ("level", Arg::Text(&level))];
    w.with("change-kin-said", &said)
}

/// What it waits for, or who decided and why; and until when help is decided one level up.
async fn state(cx: &mut Cx, w: Speaker, asked: &Asked) -> Result<String> {
    let today = cx.today();
    let day = |day: Day| numbers::date(w.language, day, today);
    let told = match (&asked.decision, &asked.decided_name, asked.decided_at) {
        (Some(decision), Some(who), Some(at)) => {
            let (words, on) = (actions::decided_words(cx, asked).await?, day(at.day()));
            // What stands as soon as it is written down, nobody agreed to.
            let decision = if asked.approval == "none" { "noted" } else { decision };
            let said = w.with(&format!("change-{decision}"), &[("who", Arg::Text(who)), ("day", Arg::Text(&on))]);
            match words.as_str() {
                "" => said,
                why => w.with("change-said-why", &[("said", Arg::Text(&said)), ("why", Arg::Text(why))]),
            }
        }
        _ => w.t(&format!("change-needs-{}", asked.approval)),
    };
    let refused = asked.decision.as_deref() == Some("refused");
    Ok(match asked.waits_until.filter(|until| *until >= today && !refused) {
        Some(until) => both(w, &told, &w.a("change-looked-at", day(until))),
        None => told,
    })
}

/// Two sentences, one behind the other.
fn both(w: Speaker, first: &str, second: &str) -> String {
    format!("{first}{}{second}", if w.is_zh() { "" } else { " " })
}

/// Why the reader can't decide it; empty where they can.
fn why_not(cx: &Cx, w: Speaker, asked: &Asked, details: &Details) -> Result<String> {
    let waiting = Waiting {
        place: PlaceKey::from_code(&asked.place)?,
        approval: Approval::from_code(&asked.approval),
        asked_by: &asked.recorded_by,
        kin: details.kin.as_ref(),
    };
    let can = can_decide(waiting, cx.staff()?, cx.today());
    Ok(can.map_or_else(|why| w.message(&why), |()| String::new()))
}

/// The other household of a split or a merge that stands.
fn other(w: Speaker, asked: &Asked, here: &str) -> Option<(String, String)> {
    let other = asked.other.clone().filter(|_| asked.decision.as_deref() == Some("agreed"))?;
    Some(match asked.kind.as_str() {
        "split" if other == here => (asked.household.clone(), w.a("change-other-left", &asked.head)),
        kind => (other, w.t(&format!("change-other-{kind}"))),
    })
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    shell: Shell,
    w: Speaker,
    csrf: String,
    waiting: Vec<Told>,
    decided: Vec<Told>,
    may_decide: bool,
}

/// `GET /changes`: what waits for somebody's yes, and what was decided.
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let (mut waiting, decided) = (told(&mut cx, w, true, PAGE).await?, told(&mut cx, w, false, PAGE).await?);
    // What can be done stands before what waits for others.
    waiting.sort_by_key(|told| !told.why_not.is_empty());
    cx.audit("changes_read", "county", cx.county().to_owned().as_str(), "").await?;
    let (csrf, may_decide) = (cx.visit.csrf.clone(), cx.can(DECIDE_CHANGES));
    Ok(page(&ChangesPage { shell: Shell::new(&cx, w.t("menu-changes")), w, csrf, waiting, decided, may_decide }))
}

/// What waits, or what was decided.
async fn told(cx: &mut Cx, w: Speaker, waiting: bool, size: i64) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for asked in store::list_changes(cx, waiting, size).await? {
        told.push(tell(cx, w, asked, "").await?);
    }
    Ok(told)
}

/// `GET /changes.xlsx`: both lists, without what people wrote about a family.
pub async fn export(mut cx: Cx) -> Reply {
    cx.spend(sheet::EXPORTS)?;
    let w = Speaker::new(cx.language);
    let mut all = told(&mut cx, w, true, EXPORT).await?;
    all.extend(told(&mut cx, w, false, EXPORT).await?);
    let row = |one: Told| [one.family, one.place, one.sentence, one.asked, one.state].map(Cell::Text).into();
    let sheet = Sheet {
        name: w.t("menu-changes"),
        note: w.t("export-note"),
        head: ["col-household", "col-place", "col-change", "col-asked", "col-state"].map(|key| w.t(key)).into(),
        rows: all.into_iter().map(row).collect(),
    };
    cx.audit("export", "changes", "", &sheet.rows.len().to_string()).await?;
    Ok(sheet::download(&cx, sheet, "changes"))
}

#[derive(Deserialize)]
pub struct DecisionForm {
    #[serde(rename = "do")]
    decision: String,
    #[serde(default)]
    words: String,
}

/// `POST /changes/{id}/decision`
pub async fn decide(mut cx: Cx, Path(id): Path<String>, Form(form): Form<DecisionForm>) -> Reply {
    let agreed = match form.decision.as_str() {
        "agree" => true,
        "refuse" => false,
        _ => return Err(Error::NotFound),
    };
    actions::decide(&mut cx, &id, agreed, &form.words).await?;
    Ok(see_other("/changes"))
}

#[derive(Template)]
#[template(path = "change-new.html")]
struct NewPage {
    shell: Shell,
    w: Speaker,
    csrf: String,
    command: String,
    household: String,
    home: String,
    who: String,
    /// What can be asked, where nothing is chosen yet: code, name and what it means.
    kinds: Vec<(&'static str, String, String)>,
    kind: &'static str,
    brings: bool,
    /// What follows, where it doesn't hang on the reason.
    follows: String,
    /// Why, with what follows.
    reasons: Vec<(&'static str, String, String)>,
    /// Who goes, or comes back: id, name and relation.
    members: Vec<(String, String)>,
    relations: Vec<(&'static str, String)>,
    works: Vec<(&'static str, String)>,
    today: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    kind: String,
}

/// `GET /households/{id}/changes/new`: first what happened, then its form.
pub async fn new(mut cx: Cx, Path(id): Path<String>, Query(chosen): Query<Chosen>) -> Reply {
    let w = Speaker::new(cx.language);
    let filed = store::get_file(&mut cx, &id).await?;
    let file = crate::actions::open(&cx, &filed)?.ok_or(Error::NotFound)?;
    let kind = Kind::ASKED.into_iter().find(|kind| kind.code() == chosen.kind);
    let today = cx.today();
    let follows = |kind: Kind, reason: Option<Reason>| {
        let held = policy::built_in().of(kind, reason, &filed.place, today);
        let first = w.t(&format!("change-needs-{}", held.approval.code()));
        if held.waits > 0 { both(w, &first, &w.n("change-looked-for", i64::from(held.waits))) } else { first }
    };
    let relation = |code: &str| w.find(&format!("relation-{code}")).unwrap_or_else(|| w.t("relation-other"));
    let named = |member: &Member| (member.person.clone(), format!("{} · {}", member.name, relation(&member.relation)));
    let away = kind == Some(Kind::Return);
    let title = kind.map_or_else(|| w.t("change-new"), |kind| w.t(&format!("change-{}", kind.code())));
    let reasons = kind.map_or(&[][..], Kind::reasons);
    Ok(page(&NewPage {
        shell: Shell::new(&cx, title),
        csrf: cx.visit.csrf.clone(),
        command: cx.new_id().to_string(),
        home: format!("/households/{id}"),
        who: show::household(w, &filed.head),
        kinds: if kind.is_some() {
            Vec::new()
        } else {
            let said = |what: &str, kind: &Kind| w.t(&format!("{what}-{}", kind.code()));
            Kind::ASKED.iter().map(|kind| (kind.code(), said("change", kind), said("change-hint", kind))).collect()
        },
        brings: kind.is_some_and(Kind::brings),
        follows: kind.filter(|_| reasons.is_empty()).map(|kind| follows(kind, None)).unwrap_or_default(),
        reasons: kind
            .into_iter()
            .flat_map(|kind| reasons.iter().map(move |reason| (kind, *reason)))
            .map(|(kind, reason)| {
                (reason.code(), w.t(&format!("change-why-{}", reason.code())), follows(kind, Some(reason)))
            })
            .collect(),
        members: file.members.iter().filter(|member| member.co_living != away).map(named).collect(),
        relations: RELATIONS.iter().map(|code| (*code, relation(code))).collect(),
        works: Works::ALL.iter().map(|one| (one.code(), w.t(&format!("change-works-{}", one.code())))).collect(),
        kind: kind.map_or("", Kind::code),
        today: today.to_string(),
        household: id,
        w,
    }))
}

/// `POST /households/{id}/changes`: fields `command`, `kind`, `on`, `reason`, `member` (any number), `head`, `other`,
/// `name`, `sex`, `birth`, `id_number`, `relation`, `words`, `kin_name`, `kin_relation`, `kin_level`.
pub async fn ask(mut cx: Cx, Path(id): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Reply {
    let of = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let (command, home) = (of("command").to_owned(), format!("/households/{id}#changes"));
    let kind = Kind::ASKED.into_iter().find(|kind| kind.code() == of("kind"));
    let level = Works::from_code(of("kin_level")).unwrap_or(Works::Village);
    let asking = Asking {
        kind: kind.ok_or_else(|| Error::invalid("kind", message("change-kind-missing")))?,
        on: Day::parse_iso(of("on")).ok(),
        reason: Reason::from_code(of("reason")),
        newcomer: Newcomer {
            name: of("name").to_owned(),
            sex: of("sex").parse().ok().filter(|sex| *sex <= 2).unwrap_or(0),
            birth: Day::parse_iso(of("birth")).ok(),
            id_number: of("id_number").to_owned(),
            relation: RELATIONS.into_iter().find(|code| *code == of("relation")).unwrap_or_default().to_owned(),
        },
        members: fields.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect(),
        head: of("head").to_owned(),
        other: of("other").to_owned(),
        words: of("words").to_owned(),
        kin: Some(of("kin_name").trim()).filter(|name| !name.is_empty()).map(|name| Kin {
            name: name.to_owned(),
            relation: of("kin_relation").trim().to_owned(),
            level,
        }),
    };
    let told: Vec<_> = fields.iter().filter(|(name, _)| name != "csrf" && name != "command").cloned().collect();
    let command = Command { id: command, device_at: None, base: None, body: told };
    if let Received::Before(()) = command.receive::<()>(&mut cx, CHANGE).await? {
        return Ok(see_other(&home));
    }
    actions::ask(&mut cx, &id, &asking).await?;
    command.carried_out(&mut cx, CHANGE, &()).await?;
    Ok(see_other(&home))
}

/// The kind of command.
const CHANGE: &str = "households.change";
