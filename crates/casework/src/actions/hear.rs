//! A person decided that a finding is worth a visit: the case opens under their name.

use super::{Opening, carry_out, find, open};
use crate::model::{Actor, Ending, Level, Move};
use crate::policy;
use crate::store;
use kernel::events::{Happened, Subscriber};
use kernel::{Cx, Doing, Result, StaffId};
use serde::Deserialize;

/// Hears how findings were triaged.
pub const TRIAGED: Subscriber = Subscriber { name: "casework", kind: "finding_triaged", hear };

#[derive(Deserialize)]
struct Triaged {
    clue: String,
    household: String,
    rule_set: String,
    programme: String,
    decision: String,
}

fn hear(cx: Cx, happened: Happened) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        let triaged: Triaged = serde_json::from_str(&happened.body)?;
        let by = StaffId(happened.by_whom);
        let Some(staff) = staff::find_staff(cx.clone(), by.clone()).await? else { return Ok(()) };
        match triaged.decision.as_str() {
            "visit" => opened(&mut cx, &triaged, (&by.0, &staff.name)).await,
            "merge" => merged(&mut cx, &triaged, (&by.0, &staff.name)).await,
            "undo" | "dismiss" => undone(&mut cx, &triaged, (&by.0, &staff.name)).await,
            _ => Ok(()),
        }
    })
}

/// The procedures a finding may belong to: those that name it, else monitoring.
async fn procedure_for(cx: &mut Cx, triaged: &Triaged) -> Result<Option<&'static policy::Adopted>> {
    let filed = households::store::get_file(cx, &triaged.household).await?;
    let all = policy::in_force(&filed.place, cx.today());
    let named = all.iter().find(|one| one.procedure.opens_for(&triaged.rule_set, &triaged.programme));
    Ok(named.or_else(|| all.iter().find(|one| one.procedure.opens_for("risk", ""))).copied())
}

async fn opened(cx: &mut Cx, triaged: &Triaged, by: (&str, &str)) -> Result<()> {
    let Some(adopted) = procedure_for(cx, triaged).await? else { return Ok(()) };
    let opening = Opening { household: &triaged.household, source: "finding", clue: &triaged.clue, by };
    open(cx, adopted, opening).await.map(drop)
}

async fn merged(cx: &mut Cx, triaged: &Triaged, by: (&str, &str)) -> Result<()> {
    let Some(adopted) = procedure_for(cx, triaged).await? else { return Ok(()) };
    let running = store::find_open_case(cx, &triaged.household, &adopted.procedure.id).await?;
    let Some(running) = running else { return Ok(()) };
    let opened = find(cx, &running).await?;
    let made = Move::Merge { clue: triaged.clue.clone(), words: String::new() };
    carry_out(cx, &opened, made, &as_decided(by)).await
}

/// The decision was taken back: a case in which nothing has happened yet ends with it.
async fn undone(cx: &mut Cx, triaged: &Triaged, by: (&str, &str)) -> Result<()> {
    for case in store::list_opened_from(cx, &triaged.clue).await? {
        let opened = find(cx, &case.id).await?;
        if opened.entries.is_empty() {
            let words = ui::Speaker::new(cx.language).t("case-undone");
            carry_out(cx, &opened, Move::End { how: Ending::Undone, words }, &as_decided(by)).await?;
        }
    }
    Ok(())
}

/// What follows from a decision is entered under the name of whoever decided.
fn as_decided((id, name): (&str, &str)) -> Actor {
    Actor { id: id.to_owned(), name: name.to_owned(), levels: Level::ALL.to_vec() }
}
