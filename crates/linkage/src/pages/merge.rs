//! Two people side by side, every record that would move, and the word that makes them one.

use super::person::{RecordLine, clashes, lines, shown_name, whole_model};
use super::show::{self, Compared, StepLine};
use crate::evidence;
use crate::rulings::actions::{self, Ruling};
use crate::store;
use askama::Template;
use axum::extract::{Form, Path, Query};
use households::search::{as_id_number, normal};
use kernel::commands::Command;
use kernel::web::{Reply, see_other};
use kernel::{Cx, Result};
use serde::Deserialize;
use ui::figure::{Figure, weight};
use ui::{Arg, Shell, Speaker, page};

#[derive(Template)]
#[template(path = "merge.html")]
struct MergePage {
    shell: Shell,
    w: Speaker,
    home: String,
    household: String,
    person: String,
    name: String,
    q: String,
    /// Who it might be: family and person, name, how many records, where.
    found: Vec<Candidate>,
    asked: bool,
    both: Option<Both>,
    clashes: Vec<String>,
}

struct Candidate {
    with: String,
    name: String,
    records: String,
    family: String,
}

struct Both {
    other: String,
    other_household: String,
    other_name: String,
    question: String,
    rows: Vec<Compared>,
    chart: Figure,
    weighed: bool,
    sum_words: String,
    steps: Vec<StepLine>,
    total: (String, String),
    stay: Vec<RecordLine>,
    go: Vec<RecordLine>,
    moves: String,
    elsewhere: bool,
    command: String,
    version: i64,
    seen: (String, String),
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Family and person, with a dot between.
    with: String,
}

/// `GET /people/{id}/{person}/merge`: first who, then both beside each other.
pub async fn show(mut cx: Cx, Path((household, id)): Path<(String, String)>, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let person = actions::get_person(&mut cx, &household, &id).await?;
    let name = shown_name(w, &person);
    let both = match asked.with.split_once('.') {
        Some((other_household, other)) => Some(both(&mut cx, w, (&household, &id), (other_household, other)).await?),
        None => None,
    };
    let found = if both.is_some() { Vec::new() } else { candidates(&mut cx, w, (&household, &id), &asked.q).await? };
    let page_of = MergePage {
        shell: Shell::new(&cx, w.a("merge-title", &name)),
        clashes: clashes(&mut cx, w, &id).await?,
        asked: !asked.q.trim().is_empty(),
        q: asked.q,
        found,
        both,
        name,
        home: format!("/people/{household}/{id}"),
        household,
        person: id,
        w,
    };
    Ok(page(&page_of))
}

/// Families an exact or a beginning word leads to: few, because each is opened.
const FAMILIES: i64 = 5;

/// The others of the family; with a word, the people of the families it leads to.
async fn candidates(cx: &mut Cx, w: Speaker, (household, person): (&str, &str), q: &str) -> Result<Vec<Candidate>> {
    let word = match as_id_number(q) {
        Some(id) => cx.world().keys.blind("id_number", &id.reveal()),
        None => normal(q),
    };
    let families: Vec<(String, String)> = if word.is_empty() {
        vec![(household.to_owned(), w.t("merge-same-family"))]
    } else {
        let listed = households::store::search(cx, &word, FAMILIES).await?;
        listed.into_iter().map(|one| (one.household, w.a("merge-family-of", &one.head))).collect()
    };
    let mut found = Vec::new();
    for (of, family) in families {
        for one in actions::people_of(cx, &of).await?.iter().filter(|one| one.id != person) {
            found.push(Candidate {
                with: format!("{of}.{}", one.id),
                name: shown_name(w, one),
                records: w.n("person-records", one.records.len() as i64),
                family: family.clone(),
            });
        }
    }
    Ok(found)
}

async fn both(cx: &mut Cx, w: Speaker, (household, person): (&str, &str), (of, other): (&str, &str)) -> Result<Both> {
    let stays = actions::get_person(cx, household, person).await?;
    let goes = actions::get_person(cx, of, other).await?;
    cx.audit("read", "household", household, &format!("records of {person}")).await?;
    cx.audit("read", "household", of, &format!("records of {other}")).await?;
    let model = whole_model(cx).await?;
    let pair = evidence::closest(&stays.records, &goes.records, model.as_ref()).ok_or(kernel::Error::NotFound)?;
    let (total, certain) = (weight(f64::from(pair.weight)), show::chance(w, &pair));
    let (stays_name, goes_name) = (shown_name(w, &stays), shown_name(w, &goes));
    let named = [("a", Arg::Text(&goes_name)), ("b", Arg::Text(&stays_name))];
    Ok(Both {
        question: w.with("merge-question", &named),
        rows: show::compared(w, &pair),
        chart: show::waterfall(w, &pair),
        weighed: pair.prior.is_some(),
        sum_words: w.with("pair-sum", &[("weight", Arg::Text(&total)), ("chance", Arg::Text(&certain))]),
        steps: show::steps(w, &pair),
        total: (w.a("pair-certain", certain), total),
        stay: lines(cx, w, &stays.records),
        go: lines(cx, w, &goes.records),
        moves: w.n("merge-moves", goes.records.len() as i64),
        elsewhere: of != household,
        command: cx.new_id().to_string(),
        version: store::list_rulings_about(cx, person).await?.len() as i64,
        seen: (stays.seen(), goes.seen()),
        other: other.to_owned(),
        other_household: of.to_owned(),
        other_name: goes_name,
    })
}

#[derive(Deserialize)]
pub struct MergeForm {
    command: String,
    base: i64,
    other: String,
    other_household: String,
    seen: String,
    other_seen: String,
    reason: String,
}

/// `POST /people/{id}/{person}/merge`
pub async fn merge(
    mut cx: Cx,
    Path((household, person)): Path<(String, String)>,
    Form(form): Form<MergeForm>,
) -> Reply {
    let MergeForm { command, base, other, other_household, seen, other_seen, reason } = form;
    let body = Ruling::Merge { other_household, other, seen: (seen, other_seen), reason };
    let command = Command { id: command, device_at: None, base: Some(base), body };
    let id = actions::rule(&mut cx, &household, &person, &command).await?;
    Ok(see_other(&format!("/people/rulings/{id}")))
}
