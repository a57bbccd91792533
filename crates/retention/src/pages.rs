//! By which rules things go, what is over its time, and what went.

use crate::policy::{Policy, Rule};
use crate::run::{self, Line};
use askama::Template;
use axum::extract::Query;
use kernel::Cx;
use kernel::retention::{self, Removed};
use kernel::web::Reply;
use serde::Deserialize;
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionPage {
    shell: Shell,
    rules: Vec<Row>,
    counted: bool,
    /// The policy is an example: nothing of families goes.
    example: bool,
    removed: Vec<Gone>,
}

struct Row {
    title: String,
    source: String,
    keep_days: i64,
    legal_basis: String,
    over: Option<String>,
    counted_only: bool,
}

struct Gone {
    when: String,
    title: String,
    source: String,
    removed: i64,
    legal_basis: String,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    count: String,
}

/// `GET /retention`; with `?count=yes` it says what is over its time now, which takes a while in a large county.
pub async fn show(mut cx: Cx, Query(asked): Query<Asked>) -> Reply {
    let w = Speaker::new(cx.language);
    let policy = Policy::of(cx.world())?;
    let counted = asked.count == "yes";
    let rules = if counted { counted_rows(&mut cx, &policy).await? } else { rows(w, &cx, &policy) };
    let removed = retention::list_removed(&mut cx).await?.into_iter().map(|one| gone(w, &policy, one)).collect();
    let example = !policy.removes(retention::About::Families);
    Ok(page(&RetentionPage { shell: Shell::new(&cx, w.t("retention-title")), rules, counted, example, removed }))
}

fn title(w: Speaker, rule: &Rule) -> String {
    if w.is_zh() { rule.title.zh.clone() } else { rule.title.en.clone() }
}

fn source(w: Speaker, department: &str) -> String {
    if department.is_empty() {
        String::new()
    } else {
        w.find(&format!("department-{department}")).unwrap_or_else(|| department.to_owned())
    }
}

/// The rules in force for this county today.
fn rows(w: Speaker, cx: &Cx, policy: &Policy) -> Vec<Row> {
    let mut rows = Vec::new();
    for keep in crate::keeps() {
        let departments = policy.rules.iter().filter(|rule| rule.what == keep.what).map(|rule| rule.department.clone());
        for department in departments {
            let department = department.unwrap_or_default();
            let found = policy.rule((keep.what, &department), cx.county(), cx.today());
            let Some(rule) = found.filter(|rule| rule.department.as_deref().unwrap_or_default() == department) else {
                continue;
            };
            rows.push(row(w, rule, &department, None, policy.removes(keep.about)));
        }
    }
    rows
}

fn row(w: Speaker, rule: &Rule, department: &str, over: Option<i64>, enforced: bool) -> Row {
    Row {
        title: title(w, rule),
        source: source(w, department),
        keep_days: rule.keep_days,
        legal_basis: rule.legal_basis.clone(),
        over: over.map(|over| w.n("retention-count-over", over)),
        counted_only: !enforced && over.is_some_and(|over| over > 0),
    }
}

async fn counted_rows(cx: &mut Cx, policy: &Policy) -> kernel::Result<Vec<Row>> {
    let w = Speaker::new(cx.language);
    let lines = run::look(cx, policy).await?;
    let of = |line: &Line| policy.rules.iter().find(|rule| rule.id == line.rule);
    let row_of = |line: &Line| Some(row(w, of(line)?, &line.department, Some(line.over), line.enforced));
    Ok(lines.iter().filter_map(row_of).collect())
}

fn gone(w: Speaker, policy: &Policy, one: Removed) -> Gone {
    let rule = policy.rules.iter().find(|rule| rule.id == one.rule);
    Gone {
        when: format!("{} {}", one.recorded_at.day(), one.recorded_at.clock_face()),
        title: rule.map_or_else(|| one.rule.clone(), |rule| title(w, rule)),
        source: source(w, &one.department),
        removed: one.removed,
        legal_basis: w
            .with("retention-by", &[("a", ui::Arg::Text(&one.legal_basis)), ("n", ui::Arg::Count(one.keep_days))]),
    }
}
