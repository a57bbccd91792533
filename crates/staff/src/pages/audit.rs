use crate::store;
use askama::Template;
use kernel::Cx;
use kernel::audit::{self, Broken, Entry};
use kernel::web::Reply;
use std::collections::BTreeMap;
use ui::{Arg, Shell, Speaker, page};

#[derive(Template)]
#[template(path = "audit.html")]
struct Trail {
    shell: Shell,
    entries: i64,
    broken: Vec<String>,
    shown: Vec<Line>,
}

struct Line {
    when: String,
    actor: String,
    verb: String,
    kind: String,
    /// The id, or the name of somebody who works here.
    subject: String,
    detail: String,
    chain: String,
}

/// How far back the page looks; `fuzhi audit verify` checks everything.
const DAYS: i32 = 7;

/// The newest entries, and whether any was changed, removed or moved. Entries name ids, never families.
pub(crate) async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let since = Some(cx.today().plus_days(1 - DAYS));
    let all = audit::list_since(&mut cx, since).await?;
    let broken = audit::verify(&all, since, &[]).iter().map(|broken| say(w, broken)).collect();
    let mut newest: Vec<&Entry> = all.iter().collect();
    newest.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let names = store::list_names(&mut cx).await?;
    let shown = newest.into_iter().take(200).map(|entry| Line {
        when: format!("{} {}", entry.at.day(), entry.at.clock_face()),
        actor: who(w, &names, &entry.actor),
        verb: w.find(&format!("audit-did-{}", entry.verb)).unwrap_or_else(|| entry.verb.clone()),
        kind: w.find(&format!("audit-kind-{}", entry.subject_kind)).unwrap_or_else(|| entry.subject_kind.clone()),
        subject: names.get(&entry.subject).cloned().unwrap_or_else(|| entry.subject.clone()),
        detail: if entry.number == 0 { String::new() } else { entry.detail.clone() },
        chain: format!("{} {} {}", entry.writer, entry.day, entry.number),
    });
    let shown = shown.collect();
    cx.audit("audit_read", "audit", "trail", "").await?;
    Ok(page(&Trail { shell: Shell::new(&cx, w.t("audit-title")), entries: all.len() as i64, broken, shown }))
}

/// Whoever works here by name; a family never.
fn who(w: Speaker, names: &BTreeMap<String, String>, actor: &str) -> String {
    match actor.split_once(':') {
        Some(("machine", name)) => w.a("audit-machine", name),
        Some(("resident", _)) => w.t("audit-family"),
        _ if actor == "nobody" => w.t("audit-nobody"),
        _ => names.get(actor).cloned().unwrap_or_else(|| actor.to_owned()),
    }
}

fn say(w: Speaker, broken: &Broken) -> String {
    let (key, writer, day, number) = match broken {
        Broken::Changed { writer, day, number } => ("audit-changed", writer, day, number),
        Broken::Gap { writer, day, number } => ("audit-gap", writer, day, number),
        Broken::CutOff { writer, day, number } => ("audit-cut-off", writer, day, number),
    };
    w.with(key, &[("writer", Arg::Text(writer)), ("day", Arg::Text(day)), ("number", Arg::Count(*number))])
}
