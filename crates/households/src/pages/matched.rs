use crate::actions;
use crate::store;
use askama::Template;
use kernel::Cx;
use kernel::web::Reply;
use ui::{Shell, Speaker, page};

#[derive(Template)]
#[template(path = "matched.html")]
struct MatchedPage {
    shell: Shell,
    w: Speaker,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    id_number: String,
    place: String,
    purpose: String,
    basis: String,
    until: String,
}

/// `GET /matched`: whom a department was asked about, for what, until when; that person alone, masked, and nothing of the
/// family. Each look stands in the family's file.
pub async fn list(mut cx: Cx) -> Reply {
    let w = Speaker::new(cx.language);
    let found = store::list_matched(&mut cx).await?;
    let keys: Vec<String> = found.iter().map(|one| one.place.clone()).collect();
    let names = places::names(&mut cx, &keys).await?;
    let mut rows = Vec::with_capacity(found.len());
    for one in &found {
        let file = actions::open(&cx, &one.filed())?.unwrap_or_default();
        let Some(member) = file.members.iter().find(|member| member.person == one.person) else { continue };
        cx.audit("read", "household", &one.household, "").await?;
        rows.push(Row {
            name: member.name.clone(),
            id_number: member.masked_id().map_or_else(|| w.t("matched-no-number"), |id| id.to_string()),
            place: names.get(&one.place).cloned().unwrap_or_default(),
            purpose: one.purpose.clone(),
            basis: one.basis.clone(),
            until: one.closes_at.day().to_string(),
        });
    }
    Ok(page(&MatchedPage { shell: Shell::new(&cx, w.t("menu-matched")), w, rows }))
}
