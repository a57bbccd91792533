//! One finding: a letter that explains itself, and the decision beside it.

use super::{TRIAGE_FINDINGS, shell};
use crate::actions::{self, TRIAGE, Triaging};
use crate::model::{Amount, Compared, Decision, FactUsed, FindingId, Letter, Reason, RuleCard, RunId};
use crate::show;
use crate::store::{self, Bucket, Found, Triage};
use askama::Template;
use axum::extract::{Form, Path};
use kernel::commands::{self, Command};
use kernel::web::{Reply, html, see_other};
use kernel::{Cx, Error, Result};
use serde::Deserialize;
use ui::figure::{self, Figure};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::{Day, Precision};

#[derive(Template)]
#[template(path = "finding.html", blocks = ["triage"])]
pub struct FindingPage {
    shell: Shell,
    w: Speaker,
    id: String,
    who: String,
    household: String,
    place: String,
    state: String,
    state_badge: &'static str,
    superseded: Option<String>,
    latest: String,
    lead: String,
    advice: String,
    chart: Option<Figure>,
    plain: String,
    basis: String,
    rule: String,
    facts: Vec<FactRow>,
    working: String,
    unknown: Vec<(String, String)>,
    not_meant: Vec<String>,
    family_can: Vec<String>,
    decides: Vec<(String, String)>,
    formal: String,
    clashes: Vec<String>,
    done: Option<String>,
    undoable: bool,
    may_triage: bool,
    wrong: Option<String>,
    /// Why there is no PDF, when one was asked for.
    pub unprinted: Option<String>,
    command: String,
    version: i64,
    due: String,
    reasons: Vec<(&'static str, String)>,
    precision: String,
    precision_words: String,
    precision_meter: Option<Figure>,
    history: Vec<Step>,
    others: Vec<Other>,
}

struct FactRow {
    label: String,
    detail: String,
    value: String,
    source: String,
    disputed: String,
    as_of: String,
}

struct Step {
    machine: bool,
    when: String,
    what: String,
}

struct Other {
    id: String,
    headline: String,
    badge: &'static str,
    set: String,
}

/// `GET /findings/{id}`
pub async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let id = FindingId(id);
    let page_of = compose(&mut cx, &id, None).await?;
    cx.audit("read", "household", &page_of.household, &format!("finding {id}")).await?;
    if cx.visit.fragment {
        return page_of.as_triage().render().map(html).map_err(Error::internal);
    }
    Ok(page(&page_of))
}

pub async fn compose(cx: &mut Cx, id: &FindingId, wrong: Option<String>) -> Result<FindingPage> {
    let w = Speaker::new(cx.language);
    let found = store::get_finding(cx, id).await?;
    let run = store::get_run(cx, &RunId(found.run.clone())).await?;
    let rule = store::get_rule(cx, &found.run, &found.rule).await?;
    let card = rule.card()?;
    let letter = show::open_letter(cx, &found.household, found.wrapped.as_deref(), &found.letter)?;
    let erased = letter.is_none();
    let letter = letter.unwrap_or_default();
    let triages = store::list_triages(cx, &found.clue).await?;
    let standing = triages.first().filter(|last| last.decision() != Some(Decision::Undo));
    let bucket = Bucket::from_code(standing.map_or(&found.tab, |triage| &triage.decision)).unwrap_or_default();
    let who = show::household(w, &found.head);
    let names = show::place_names(cx, std::iter::once(found.place.as_str())).await?;
    let precise = show::precision(cx).await?.get(&found.rule).copied().unwrap_or_default();
    let (superseded, latest) = latest(cx, w, &found).await?;
    let may_triage = !erased && superseded.is_none() && cx.can(TRIAGE_FINDINGS);
    let today = cx.today();
    Ok(FindingPage {
        shell: shell(cx, w.a("finding-of", &who), Some(&run)),
        state: w.t(&format!("tab-{}", bucket.code())),
        state_badge: show::bucket_badge(bucket),
        place: names.get(&found.place).cloned().unwrap_or_default(),
        lead: if erased { w.t("letter-erased") } else { show::with_sum_stressed(&show::of(w, &letter.lead)) },
        advice: w.t(&format!("advice-{}", found.rule_set)),
        chart: letter.compared.as_ref().and_then(|compared| chart(w, compared)),
        plain: show::of(w, &card.plain),
        basis: basis(w, &card),
        facts: letter.facts.iter().map(|fact| fact_row(w, fact, today)).collect(),
        working: letter.working.as_ref().map(|words| show::of(w, words)).unwrap_or_default(),
        unknown: letter.unknown.iter().map(|open| (show::of(w, &open.what), show::of(w, &open.why))).collect(),
        not_meant: card.not_meant.iter().map(|words| show::of(w, words)).collect(),
        family_can: card.family_can.iter().map(|words| show::of(w, words)).collect(),
        decides: decides(w, &card, found.recorded_at.day(), today),
        formal: formal(&found, &rule.version, &letter, &card),
        clashes: clashes(cx, w, &found).await?,
        done: standing.map(|triage| said(w, triage)),
        undoable: may_triage && standing.is_some_and(|triage| undoable(cx, triage)),
        due: due(w, &card, found.recorded_at.day(), today),
        reasons: reasons(w),
        precision: numbers::percent(precise.taken, precise.looked).unwrap_or_default(),
        precision_words: precision_words(w, precise),
        precision_meter: (precise.looked > 0).then(|| figure::meter(precise.taken, precise.looked)),
        history: history(w, &found, &triages, today),
        others: others(cx, w, &found).await?,
        command: cx.new_id().to_string(),
        version: triages.first().map_or(0, |last| last.version),
        id: found.id.0,
        household: found.household,
        rule: found.rule,
        who,
        superseded,
        latest,
        may_triage,
        wrong,
        unprinted: None,
        w,
    })
}

/// What a newer run says of the same clue, when this finding is an older one's.
async fn latest(cx: &mut Cx, w: Speaker, found: &Found) -> Result<(Option<String>, String)> {
    if found.superseded_at.is_none() {
        return Ok((None, String::new()));
    }
    Ok(match store::find_latest(cx, &found.clue).await? {
        Some(id) => (Some(w.t("finding-older")), id.0),
        None => (Some(w.t("finding-gone")), found.id.0.clone()),
    })
}

fn chart(w: Speaker, compared: &Compared) -> Option<Figure> {
    let value = |amount: &Amount| match amount {
        Amount::Money(fen) => Some(fen.0),
        Amount::Count(n) => Some(*n),
        // What is known for certain: at most so much, else at least so much.
        Amount::Between(_, Some(fen)) | Amount::Between(Some(fen), None) => Some(fen.0),
        _ => None,
    };
    let (label, line_label) = (show::of(w, &compared.label), show::of(w, &compared.line_label));
    let (value_text, line) = (show::amount_text(w, &compared.value), show::amount_text(w, &compared.line));
    let line_text = format!("{line_label} {line}");
    let says = w.with(
        "chart-says",
        &[("label", Arg::Text(&label)), ("value", Arg::Text(&value_text)), ("line", Arg::Text(&line_text))],
    );
    Some(figure::against_line(&figure::Against {
        label: &label,
        value: value(&compared.value)?,
        value_text: &value_text,
        line: value(&compared.line)?,
        line_text: &line_text,
        says: &says,
    }))
}

pub fn basis(w: Speaker, card: &RuleCard) -> String {
    let long = |day: Day| numbers::long_date(w.language, day, Precision::Day);
    let basis = show::of(w, &card.basis);
    match (card.valid_from, card.valid_to) {
        (Some(from), Some(to)) => {
            format!(
                "{basis} · {}",
                w.with("between", &[("low", Arg::Text(&long(from))), ("high", Arg::Text(&long(to)))])
            )
        }
        (Some(from), None) => format!("{basis} · {}", w.a("valid-from", long(from))),
        _ => basis,
    }
}

fn fact_row(w: Speaker, fact: &FactUsed, today: Day) -> FactRow {
    let words = |words: &Option<_>| words.as_ref().map(|words| show::of(w, words)).unwrap_or_default();
    FactRow {
        label: show::of(w, &fact.label),
        detail: words(&fact.detail),
        value: show::amount(w, &fact.value, fact.disputed.is_some()),
        source: show::of(w, &fact.source),
        disputed: words(&fact.disputed),
        as_of: show::day(w, fact.as_of, today),
    }
}

pub fn decides(w: Speaker, card: &RuleCard, arrived: Day, today: Day) -> Vec<(String, String)> {
    let one = |decides: &crate::model::Decides| {
        let by = decides.within_days.map(|days| numbers::date(w.language, arrived.plus_days(days), today));
        let who = show::of(w, &decides.who).trim_end_matches(['。', '.']).to_owned();
        let text = match by {
            Some(by) => {
                let who = who.trim_end_matches(['。', '.']);
                w.with("decides-by", &[("who", Arg::Text(who)), ("by", Arg::Text(&by))])
            }
            None => who,
        };
        (show::of(w, &decides.what), text)
    };
    card.decides.iter().map(one).collect()
}

fn due(w: Speaker, card: &RuleCard, arrived: Day, today: Day) -> String {
    let days = card.decides.first().and_then(|decides| decides.within_days);
    days.map(|days| show::due(w, arrived.plus_days(days), today).1).unwrap_or_default()
}

fn formal(found: &Found, version: &str, letter: &Letter, card: &RuleCard) -> String {
    let condition = if letter.formal.is_empty() { &card.condition } else { &letter.formal };
    format!("{} · {version} · {}\n{condition}\n\nrun {}", found.rule, found.as_of, found.run)
}

pub fn reasons(w: Speaker) -> Vec<(&'static str, String)> {
    let tapped = Reason::ALL.iter().filter(|reason| **reason != Reason::Other);
    tapped.map(|reason| (reason.code(), w.t(&format!("reason-{}", reason.code())))).collect()
}

/// A decision in words: who, what, why.
fn said(w: Speaker, triage: &Triage) -> String {
    let reason = triage.reason().filter(|reason| *reason != Reason::Other);
    let reason = reason.map(|reason| w.t(&format!("reason-{}", reason.code())));
    let why = reason.or_else(|| triage.note.clone()).unwrap_or_default();
    let key = format!("said-{}", triage.decision);
    w.with(&key, &[("who", Arg::Text(&triage.recorded_name)), ("why", Arg::Text(&why))])
}

fn undoable(cx: &Cx, triage: &Triage) -> bool {
    let who = cx.who.label();
    crate::model::can_undo(triage.recorded_at, &triage.recorded_by, &who, cx.now).is_ok()
}

/// Decisions that met a newer one: both are shown until somebody decides anew.
async fn clashes(cx: &mut Cx, w: Speaker, found: &Found) -> Result<Vec<String>> {
    let open = commands::list_open(cx, TRIAGE, &found.clue).await?;
    let mut words = Vec::with_capacity(open.len());
    for conflict in open {
        let theirs: Triaging = serde_json::from_str(&conflict.theirs)?;
        let what = w.t(&format!("decision-{}", theirs.decision.code()));
        let at = numbers::date(w.language, conflict.made_at.day(), cx.today());
        let at = format!("{at} {}", conflict.made_at.clock_face());
        words.push(w.with("triage-conflict-line", &[("what", Arg::Text(&what)), ("at", Arg::Text(&at))]));
    }
    Ok(words)
}

pub fn precision_words(w: Speaker, precise: show::Precise) -> String {
    if precise.looked == 0 {
        return w.t("precision-none");
    }
    w.with("precision-some", &[("looked", Arg::Count(precise.looked)), ("taken", Arg::Count(precise.taken))])
}

fn history(w: Speaker, found: &Found, triages: &[Triage], today: Day) -> Vec<Step> {
    let date = |day| numbers::date(w.language, day, today);
    let mut steps: Vec<Step> = triages
        .iter()
        .map(|triage| Step {
            machine: false,
            when: format!("{} {}", date(triage.recorded_at.day()), triage.recorded_at.clock_face()),
            what: said(w, triage),
        })
        .collect();
    steps.push(Step { machine: true, when: date(found.recorded_at.day()), what: w.t("history-found") });
    steps
}

async fn others(cx: &mut Cx, w: Speaker, found: &Found) -> Result<Vec<Other>> {
    let mut others = Vec::new();
    for listed in store::list_of_household(cx, &found.household).await?.iter().filter(|one| one.id != found.id).take(8)
    {
        let letter = show::open_line(cx, listed)?;
        others.push(Other {
            id: listed.id.0.clone(),
            headline: letter.map(|letter| show::of(w, &letter.headline)).unwrap_or_default(),
            badge: show::set_badge(&listed.rule_set),
            set: w.t(&format!("set-{}", listed.rule_set)),
        });
    }
    Ok(others)
}

/// The form beside the letter: one button decides, or one reason dismisses.
#[derive(Deserialize)]
pub struct TriageForm {
    command: String,
    base: i64,
    decision: Option<Decision>,
    dismiss: Option<Reason>,
    note: Option<String>,
}

/// `POST /findings/{id}/triage`
pub async fn triage(mut cx: Cx, Path(id): Path<String>, Form(form): Form<TriageForm>) -> Reply {
    let id = FindingId(id);
    let decision = if form.dismiss.is_some() { Decision::Dismiss } else { form.decision.unwrap_or(Decision::Dismiss) };
    let body = Triaging { decision, reason: form.dismiss, note: form.note };
    let command = Command { id: form.command, device_at: None, base: Some(form.base), body };
    match actions::triage(&mut cx, &id, &command).await {
        Ok(()) => Ok(see_other(&format!("/findings/{}", id.0))),
        Err(Error::Invalid(fields)) => {
            let wrong = fields.of("note").or_else(|| fields.of("dismiss")).map(|message| cx.say(message));
            let mut response = page(&compose(&mut cx, &id, wrong).await?);
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "findings-of-household.html")]
struct PanelPage {
    w: Speaker,
    rows: Vec<Other>,
}

/// `GET /findings/of-household/{id}`: the panel on the household's page.
pub async fn of_household(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let mut rows = Vec::new();
    let found = if cx.holds_nothing() { Vec::new() } else { store::list_of_household(&mut cx, &id).await? };
    for listed in found {
        let letter = show::open_line(&cx, &listed)?;
        let headline = letter.map_or_else(|| w.t("letter-erased"), |letter| show::of(w, &letter.headline));
        let set = format!("{} · {}", w.t(&format!("set-{}", listed.rule_set)), w.t(&format!("tab-{}", listed.bucket)));
        rows.push(Other { id: listed.id.0.clone(), headline, badge: show::set_badge(&listed.rule_set), set });
    }
    Ok(page(&PanelPage { w, rows }))
}
