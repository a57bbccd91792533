//! Clues that people raise: written down in a minute, answered in one tap.

use super::{DISPATCH_CLUES, WORK_CASES, say};
use crate::actions;
use crate::policy;
use askama::Template;
use axum::extract::{Form, Path};
use households::clues::{self, Clue, ClueId, Source};
use households::store;
use kernel::commands::{Command, Received};
use kernel::web::{Reply, see_other};
use kernel::{Cx, Error, Result, message};
use serde::{Deserialize, Serialize};
use ui::{Arg, Shell, Speaker, numbers, page};
use values::Day;

/// How many clues a page shows.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "clues.html")]
struct CluesPage {
    shell: Shell,
    w: Speaker,
    csrf: String,
    rows: Vec<Row>,
    /// Whom the reader may give clues to: id and name with place; nobody where that isn't theirs to do.
    owners: Vec<(String, String)>,
    today: String,
}

pub struct Row {
    pub id: String,
    pub household: String,
    pub title: String,
    pub place: String,
    pub words: String,
    pub line: String,
    /// Who looks into it, and by when.
    pub given: String,
    pub procedures: Vec<(String, String)>,
}

/// Clues that wait for an answer, as rows.
pub async fn rows(cx: &mut Cx, w: Speaker, size: i64) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for heard in store::list_clues(cx, size).await? {
        let words = clues::words_of(cx, &heard).await?;
        let day = numbers::date(w.language, heard.recorded_at.day(), cx.today());
        let source = w.t(&format!("case-source-{}", heard.source));
        let force = policy::in_force(&heard.place, cx.today());
        let given = match (&heard.owner_name, heard.due_on) {
            (Some(name), Some(due)) => {
                let day = numbers::date(w.language, due, cx.today());
                w.with("clue-given", &[("who", Arg::Text(name)), ("day", Arg::Text(&day))])
            }
            _ => String::new(),
        };
        rows.push(Row {
            given,
            place: say::place(cx, &heard.place).await?,
            title: say::household(w, &heard.head),
            words: words.unwrap_or_default(),
            line: format!("{source} · {day} · {}", heard.recorded_name),
            procedures: force.iter().map(|one| (one.procedure.id.clone(), say::of(w, &one.procedure.title))).collect(),
            id: heard.id.0,
            household: heard.household,
        });
    }
    Ok(rows)
}

/// `GET /clues`
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let rows = rows(&mut cx, w, PAGE).await?;
    let mut owners = Vec::new();
    if cx.can(DISPATCH_CLUES) && !rows.is_empty() {
        for one in actions::owners(&mut cx).await? {
            let place = one.posts.first().map(|post| post.place_name.clone()).unwrap_or_default();
            owners.push((one.id.0, format!("{} · {place}", one.name)));
        }
    }
    let (csrf, today) = (cx.visit.csrf.clone(), cx.today().to_string());
    Ok(page(&CluesPage { shell: Shell::new(&cx, w.t("menu-clues")), w, csrf, rows, owners, today }))
}

/// `POST /clues/dispatch`: fields `pick` (clues), `owner`, `due`.
pub async fn dispatch(mut cx: Cx, Form(fields): Form<Vec<(String, String)>>) -> Reply {
    let of = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let picked = fields.iter().filter(|(name, _)| name == "pick").map(|(_, id)| ClueId(id.clone()));
    let picked: Vec<ClueId> = picked.take(PAGE as usize).collect();
    actions::dispatch(&mut cx, &picked, of("owner"), Day::parse_iso(of("due")).ok()).await?;
    Ok(see_other("/clues"))
}

#[derive(Template)]
#[template(path = "clue-new.html")]
struct NewPage {
    shell: Shell,
    w: Speaker,
    csrf: String,
    command: String,
    household: String,
    home: String,
    who: String,
    place: String,
    sources: Vec<(&'static str, String)>,
    procedures: Vec<(String, String)>,
}

/// `GET /clues/new/{id}`, of a household
pub async fn new(mut cx: Cx, Path(household): Path<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let filed = store::get_file(&mut cx, &household).await?;
    // Opening a case is the village's, the township's and the county's; others say what they saw.
    let force = if cx.can(WORK_CASES) { policy::in_force(&filed.place, cx.today()) } else { Vec::new() };
    Ok(page(&NewPage {
        shell: Shell::new(&cx, w.t("clue-new")),
        home: format!("/households/{household}"),
        csrf: cx.visit.csrf.clone(),
        command: cx.new_id().to_string(),
        who: say::household(w, &filed.head),
        place: say::place(&mut cx, &filed.place).await?,
        sources: Source::ALL.iter().map(|one| (one.code(), w.t(&format!("case-source-{}", one.code())))).collect(),
        procedures: force.iter().map(|one| (one.procedure.id.clone(), say::of(w, &one.procedure.title))).collect(),
        household,
        w,
    }))
}

/// What somebody says about a family, with the procedure to open at once where there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewClue {
    household: String,
    source: String,
    words: String,
    #[serde(default)]
    open: String,
}

#[derive(Deserialize)]
pub struct NewForm {
    command: String,
    #[serde(flatten)]
    clue: NewClue,
}

/// `POST /clues`: raises a clue; a family's own request opens its case at once.
pub async fn raise(mut cx: Cx, Form(form): Form<NewForm>) -> Reply {
    let command = Command { id: form.command, device_at: None, base: None, body: form.clue };
    if let Received::Before(path) = command.receive::<String>(&mut cx, "casework.clue").await? {
        return Ok(see_other(&path));
    }
    let NewClue { household, source, words, open } = &command.body;
    let source = Source::from_code(source).ok_or_else(|| Error::invalid("source", message("clue-source-missing")))?;
    if words.trim().is_empty() {
        return Err(Error::invalid("words", message("clue-words-missing")));
    }
    let clue = clues::raise_clue(&mut cx, Clue { household, source, words }).await?;
    let path = match open.as_str() {
        "" => format!("/households/{household}"),
        _ if !cx.can(WORK_CASES) => return Err(Error::Forbidden),
        procedure => format!("/cases/{}", actions::open_for_clue(&mut cx, &clue, procedure).await?),
    };
    command.carried_out(&mut cx, "casework.clue", &path).await?;
    Ok(see_other(&path))
}

/// One tap: open under a procedure, merge into its running case, or a reason why not.
#[derive(Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    open: String,
    #[serde(default)]
    merge: String,
    #[serde(default)]
    reason: String,
}

/// `POST /clues/{id}/answer`
pub async fn answer(mut cx: Cx, Path(id): Path<String>, Form(form): Form<AnswerForm>) -> Reply {
    let id = ClueId(id);
    let path = match (form.open.as_str(), form.merge.as_str()) {
        ("", "") => {
            actions::dismiss_clue(&mut cx, &id, &form.reason).await?;
            "/clues".to_owned()
        }
        ("", procedure) => format!("/cases/{}", actions::merge_clue(&mut cx, &id, procedure).await?),
        (procedure, _) => format!("/cases/{}", actions::open_for_clue(&mut cx, &id, procedure).await?),
    };
    Ok(see_other(&path))
}
