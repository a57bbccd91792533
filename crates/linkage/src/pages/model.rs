//! What linkage has learned: how often each level of agreement is reached by one person's records and by two
//! people's, and how the weights of all links lie.

use super::READ_LINKS;
use super::show::{field, level, one_in};
use crate::model::{ModelShown, TermsShown};
use crate::training::{self, At, Label};
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
    may_train: bool,
    histogram: Figure,
    weights: Vec<(String, String)>,
    fields: Vec<FieldLines>,
    accuracy: Option<Accuracy>,
    parts: Vec<Part>,
}

/// A drawing, its words and the table beside it.
struct Part {
    name: String,
    words: String,
    chart: Figure,
    rows: Vec<(String, String)>,
}

/// How well weights foretold what people said of pairs.
pub struct Accuracy {
    pub words: String,
    pub chart: Figure,
    /// From which weight on; pairs linked; precision; recall; the two once m comes from labels.
    pub rows: Vec<(String, String, String, String, String)>,
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
    let told = training::shown(&mut cx).await?;
    let (empty, model) = (told.is_none(), told.unwrap_or_default());
    let labels = training::labels(&mut cx).await?;
    let page_of = ModelPage {
        shell: Shell::new(&cx, w.t("model-title")),
        prior: w.a("model-prior", one_in(model.prior)),
        empty,
        may_train: cx.can(super::TRAIN_LINKS),
        histogram: histogram(w, &model),
        weights: spans(&model.weights),
        fields: model.fields.iter().map(|one| lines(w, one)).collect(),
        accuracy: accuracy(w, &model, &labels),
        parts: rules(w, &model)
            .into_iter()
            .chain(best(w, &model))
            .chain(model.terms.iter().map(|one| terms(w, one)))
            .collect(),
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
pub fn share(of: f64) -> String {
    let percent = of * 100.0;
    match percent {
        p if p >= 1.0 => format!("{p:.1}%"),
        p if p >= 0.001 => format!("{p:.3}%"),
        p if p > 0.0 => "< 0.001%".to_owned(),
        _ => "0%".to_owned(),
    }
}

/// Precision and recall over the threshold, as labels tell; nothing without a labelled match.
pub fn accuracy(w: Speaker, model: &ModelShown, labels: &[Label]) -> Option<Accuracy> {
    let weights: Vec<(f64, bool)> = labels.iter().map(|label| (label.weight, label.same)).collect();
    let (told, taught) = (training::curve(&weights), training::curve(&training::crossed(labels, model)));
    let (first, last) = (told.first()?, told.last()?);
    let line = |label, of: fn(&At) -> f64| figure::Line { label, values: told.iter().map(of).collect() };
    let (precision, recall) = (w.t("accuracy-precision"), w.t("accuracy-recall"));
    let drawn = [line(precision.as_str(), |at| at.precision), line(recall.as_str(), |at| at.recall)];
    let ends = [first, last].map(|at| weight(f64::from(at.from)));
    let mark = (model.link_from - f64::from(first.from), w.t("model-link-from"));
    let percent = |of: f64| format!("{:.0}%", of * 100.0);
    // Where nothing would be linked, nothing can be right or wrong.
    let precise = |at: &At| if at.linked == 0 { "—".to_owned() } else { percent(at.precision) };
    let row = |at: &At| {
        let after = taught.iter().find(|after| after.from == at.from);
        let after = after.map(|after| format!("{} · {}", precise(after), percent(after.recall)));
        let linked = numbers::count(at.linked as i64);
        let from = weight(f64::from(at.from));
        (from, linked, precise(at), percent(at.recall), after.unwrap_or_else(|| "—".to_owned()))
    };
    Some(Accuracy {
        words: w.n("accuracy-about", labels.len() as i64),
        chart: figure::lines(&drawn, (&ends[0], &ends[1]), Some((mark.0, &mark.1)), &w.t("accuracy-says")),
        rows: told.iter().map(row).collect(),
    })
}

/// A blocking rule in words: what two records have to agree on to be compared.
fn rule(w: Speaker, written: &str) -> String {
    let part = |part: &str| {
        let of = |field: &str| w.find(&format!("field-of-{field}")).unwrap_or_else(|| field.to_owned());
        match part.split_once(['(', '[']) {
            Some((how, rest)) if part.ends_with(')') => w
                .find(&format!("rule-{how}"))
                .map_or_else(|| part.to_owned(), |_| w.a(&format!("rule-{how}"), of(rest.trim_end_matches(')')))),
            Some((field, _)) => w.a("rule-part", of(field)),
            None => of(part),
        }
    };
    written.split(" & ").map(part).collect::<Vec<_>>().join(" + ")
}

fn rules(w: Speaker, model: &ModelShown) -> Option<Part> {
    let named: Vec<(String, i64)> = model.rules.iter().map(|(written, n)| (rule(w, written), *n)).collect();
    let drawn: Vec<(String, i64, String)> =
        named.iter().enumerate().map(|(at, (_, n))| ((at + 1).to_string(), *n, numbers::count(*n))).collect();
    let drawn: Vec<(&str, i64, String)> = drawn.iter().map(|(at, n, text)| (at.as_str(), *n, text.clone())).collect();
    let row = |(at, (name, n)): (usize, (String, i64))| (format!("{}. {name}", at + 1), numbers::count(n));
    (!drawn.is_empty()).then(|| Part {
        name: w.t("blocking-title"),
        words: w.t("blocking-about"),
        chart: figure::counts(&drawn, &w.t("blocking-says")),
        rows: named.into_iter().enumerate().map(row).collect(),
    })
}

/// Records that say too little: even compared with themselves they stay below the line.
fn best(w: Speaker, model: &ModelShown) -> Option<Part> {
    let all: i64 = model.best.iter().map(|(_, n)| n).sum();
    let short: i64 = model.best.iter().filter(|(bits, _)| f64::from(*bits) < model.link_from).map(|(_, n)| n).sum();
    let mark = [(model.link_from, format!("{} {}", w.t("model-link-from"), weight(model.link_from)))];
    (all > 0).then(|| Part {
        name: w.t("unlinkable-title"),
        words: w.a("unlinkable-about", share(short as f64 / all as f64)),
        chart: figure::histogram(&model.best, &mark, &w.t("unlinkable-says")),
        rows: spans(&model.best),
    })
}

fn terms(w: Speaker, of: &TermsShown) -> Part {
    let ranks = of.ranks.iter().map(|(rank, share)| (w.n("terms-rank", i64::from(*rank)), *share));
    let values: Vec<(String, f64)> = ranks.chain([(w.t("terms-rest"), of.rest)]).collect();
    let bits = |share: f64| (of.m / share.max(1e-12)).log2();
    let drawn: Vec<(&str, i64, String)> = values
        .iter()
        .map(|(name, share)| (name.as_str(), (bits(*share) * 10.0) as i64, weight(bits(*share))))
        .collect();
    Part {
        name: w.a("terms-title", field(w, &of.field)),
        words: w.t("terms-about"),
        chart: figure::counts(&drawn, &w.t("terms-says")),
        rows: values.iter().map(|(name, of)| (name.clone(), share(*of))).collect(),
    }
}
