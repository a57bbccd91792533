//! A finding on paper: what the page says of it, to take along to the family or to a file.

use super::finding;
use crate::model::{FactUsed, FindingId};
use crate::show;
use crate::store;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Result};
use ui::print::{self, Document, Paper, Row, Style};
use ui::{Speaker, numbers, page};
use values::Precision;

/// `GET /findings/{id}/pdf`: where none can be made, the finding's page and why.
pub async fn pdf(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let id = FindingId(id);
    let (household, paper) = written(&mut cx, &id).await?;
    cx.audit("print", "household", &household, &format!("finding {id}")).await?;
    match print::pdf(&cx, &Document::Paper(Box::new(paper)), &format!("finding-{id}")) {
        Ok(response) => Ok(response),
        Err(why) => {
            let mut shown = finding::compose(&mut cx, &id, None).await?;
            shown.unprinted = Some(print::sentence(cx.language, &why));
            Ok(page(&shown))
        }
    }
}

/// The finding as a table: the facts each with its source and day, then what isn't known, isn't meant, can be done.
async fn written(cx: &mut Cx, id: &FindingId) -> Result<(String, Paper)> {
    let w = Speaker::new(cx.language);
    let found = store::get_finding(cx, id).await?;
    let card = store::get_rule(cx, &found.run, &found.rule).await?.card()?;
    let letter = show::open_letter(cx, &found.household, found.wrapped.as_deref(), &found.letter)?;
    let lead = letter.as_ref().map_or_else(|| w.t("letter-erased"), |letter| show::of(w, &letter.lead));
    let letter = letter.unwrap_or_default();
    let names = show::place_names(cx, std::iter::once(found.place.as_str())).await?;
    let who = show::household(w, &found.head);
    let place = names.get(&found.place).cloned().unwrap_or_default();
    let lines = |all: Vec<String>| all.join("\n");
    let each = |all: &[rulebook::Words]| lines(all.iter().map(|words| show::of(w, words)).collect());
    let row = |key: &str, text: String| (!text.is_empty()).then(|| Row(w.t(key), text, false));
    let mut rows =
        vec![Row(w.t("finding-basis"), format!("{}\n{}", show::of(w, &card.plain), finding::basis(w, &card)), false)];
    rows.extend(letter.facts.iter().map(|fact| fact_row(w, fact)));
    let unknown = letter.unknown.iter().map(|open| format!("{} {}", show::of(w, &open.what), show::of(w, &open.why)));
    rows.extend(row("finding-unknown", lines(unknown.collect())));
    rows.extend(row("finding-not-meant", each(&card.not_meant)));
    rows.extend(row("finding-family-can", each(&card.family_can)));
    let colon = if w.is_zh() { "：" } else { ": " };
    let decides = finding::decides(w, &card, found.recorded_at.day(), cx.today());
    rows.extend(row(
        "finding-who-decides",
        lines(decides.into_iter().map(|(what, who)| format!("{what}{colon}{who}")).collect()),
    ));
    let paper = Paper {
        style: Style::Form,
        language: w.language.code(),
        title: w.a("finding-of", &who),
        number: String::new(),
        about: if place.is_empty() { who } else { format!("{place} · {who}") },
        to: String::new(),
        opening: lead,
        rows,
        paragraphs: vec![w.t(&format!("advice-{}", found.rule_set))],
        attachments_word: String::new(),
        attachments: Vec::new(),
        signatures: Vec::new(),
        receipt: String::new(),
        receipt_day: String::new(),
        day: numbers::long_date(w.language, found.as_of, Precision::Day),
        foot: print::foot(cx),
    };
    Ok((found.household, paper))
}

fn fact_row(w: Speaker, fact: &FactUsed) -> Row {
    let words = |words: &Option<_>| words.as_ref().map(|words| show::of(w, words)).unwrap_or_default();
    let day = fact.as_of.map_or_else(|| w.t("unknown"), |day| numbers::long_date(w.language, day, Precision::Day));
    let value = show::amount_text(w, &fact.value);
    let all = [value, words(&fact.detail), format!("{} · {day}", show::of(w, &fact.source)), words(&fact.disputed)];
    let said: Vec<String> = all.into_iter().filter(|text| !text.is_empty()).collect();
    Row(show::of(w, &fact.label), said.join("\n"), false)
}
