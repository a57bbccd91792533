//! What linkage has learned: how often each level of agreement is reached by one person's records and by two
//! people's, and how the weights of all links lie.

use super::READ_LINKS;
use super::show::{field, level, one_in};
use crate::model::ModelShown;
use crate::store;
use askama::Template;
use kernel::Cx;
use kernel::web::Reply;
use std::collections::BTreeMap;
use ui::figure::{self, Figure, weight};
use ui::{Shell, Speaker, numbers, page};

#[derive(Template)]
#[template(path = "model.html")]
struct ModelPage {
    shell: Shell,
    w: Speaker,
    prior: String,
    empty: bool,
    histogram: Figure,
    weights: Vec<(String, String)>,
    fields: Vec<FieldLines>,
}

struct FieldLines {
    name: String,
    chart: Figure,
    levels: Vec<LevelLine>,
}

struct LevelLine {
    level: String,
    m: String,
    u: String,
    weight: String,
}

/// `GET /pairs/model`
pub async fn show(cx: Cx) -> Reply {
    let mut cx = cx.under(READ_LINKS);
    let w = Speaker::new(cx.language);
    let told = store::find_model(&mut cx).await?;
    let model: ModelShown = told.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let page_of = ModelPage {
        shell: Shell::new(&cx, w.t("model-title")),
        prior: w.a("model-prior", one_in(model.prior)),
        empty: told.is_none(),
        histogram: histogram(w, &model),
        weights: spans(&model.weights),
        fields: model.fields.iter().map(|one| lines(w, one)).collect(),
        w,
    };
    Ok(page(&page_of))
}

/// The table holds wider spans than the drawing, so that it can be read.
const SPAN: i32 = 5;

fn spans(weights: &[(i32, i64)]) -> Vec<(String, String)> {
    let mut sums: BTreeMap<i32, i64> = BTreeMap::new();
    for (from, n) in weights {
        *sums.entry(from.div_euclid(SPAN) * SPAN).or_default() += n;
    }
    let words = |from: i32| format!("{} … {}", weight(f64::from(from)), weight(f64::from(from + SPAN)));
    sums.into_iter().map(|(from, n)| (words(from), numbers::count(n))).collect()
}

fn histogram(w: Speaker, model: &ModelShown) -> Figure {
    let marks =
        [(model.ask_from, w.t("model-ask-from")), (model.link_from, w.t("model-link-from"))].map(|(at, words)| {
            let words = format!("{words} {}", weight(at));
            (at, words)
        });
    figure::histogram(&model.weights, &marks, &w.t("model-histogram-says"))
}

fn lines(w: Speaker, one: &crate::model::FieldShown) -> FieldLines {
    let name = field(w, &one.field);
    let levels: Vec<String> = one.levels.iter().map(|(code, ..)| level(w, code)).collect();
    let drawn: Vec<figure::Twin<'_>> =
        one.levels.iter().zip(&levels).map(|((_, m, u), label)| figure::Twin { label, one: *m, other: *u }).collect();
    let says = w.a("model-field-says", &name);
    let line = |((_, m, u), level): (&(String, f64, f64), &String)| LevelLine {
        level: level.clone(),
        m: share(*m),
        u: share(*u),
        weight: if *u > 0.0 && *m > 0.0 { weight((m / u).log2()) } else { "—".to_owned() },
    };
    FieldLines {
        name,
        chart: figure::twins(&drawn, (&w.t("model-m"), &w.t("model-u")), &says),
        levels: one.levels.iter().zip(&levels).map(line).collect(),
    }
}

/// A share with as many decimals as it needs to be told from nothing.
fn share(of: f64) -> String {
    let percent = of * 100.0;
    match percent {
        p if p >= 1.0 => format!("{p:.1}%"),
        p if p >= 0.001 => format!("{p:.3}%"),
        p if p > 0.0 => "< 0.001%".to_owned(),
        _ => "0%".to_owned(),
    }
}
