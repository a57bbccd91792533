//! How records and evidence are shown: what differs is marked, what both share of a number stays hidden.

use crate::model::{self, Marked, Pair, RecordKeys, StepShown};
use ui::figure::{self, Figure, escape, weight};
use ui::{Arg, Speaker, numbers};

/// A department by its name; one the program doesn't know by its code.
pub fn department(w: Speaker, code: &str) -> String {
    w.find(&format!("department-{code}")).unwrap_or_else(|| code.to_owned())
}

/// How sure the program is; where nothing was weighed it says so.
pub fn chance(w: Speaker, pair: &Pair) -> String {
    if pair.prior.is_none() {
        return w.t("pair-not-weighed");
    }
    if pair.probability >= 0.9995 { "> 99.9%".to_owned() } else { format!("{:.1}%", pair.probability * 100.0) }
}

/// One line of the two records side by side.
pub struct Compared {
    pub field: String,
    pub same: bool,
    pub a: String,
    pub b: String,
}

pub fn compared(w: Speaker, pair: &Pair) -> Vec<Compared> {
    let (a, b) = (&pair.a, &pair.b);
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let sex = |keys: &RecordKeys| match keys.sex {
        1 => Some(w.t("sex-male")),
        2 => Some(w.t("sex-female")),
        _ => None,
    };
    let birth = |keys: &RecordKeys| keys.birth.map(|(day, known)| numbers::long_date(w.language, day, known));
    vec![
        pieces(w, "name", some(&a.name), some(&b.name), false),
        with_check(w, pieces(w, "id_number", a.id_text(), b.id_text(), true), pair),
        pieces(w, "birth", birth(a), birth(b), false),
        pieces(w, "sex", sex(a), sex(b), false),
        pieces(w, "place", some(&a.place), some(&b.place), false),
        pieces(w, "address", some(&a.address), some(&b.address), false),
        pieces(w, "phone", a.phone_text(), b.phone_text(), true),
    ]
}

fn pieces(w: Speaker, field: &str, a: Option<String>, b: Option<String>, hidden: bool) -> Compared {
    let unknown = || format!(r#"<span class="unknown">{}</span>"#, escape(&w.t("pair-absent")));
    let alone = |text: String| {
        let whole = vec![(false, text)];
        marks(&if hidden { model::hide_shared(&whole) } else { whole })
    };
    let same = a.is_some() && a == b;
    let (shown_a, shown_b) = match (a, b) {
        (Some(a), Some(b)) => {
            let (a, b) = model::differences(&a, &b);
            if hidden {
                (marks(&model::hide_shared(&a)), marks(&model::hide_shared(&b)))
            } else {
                (marks(&a), marks(&b))
            }
        }
        (Some(a), None) => (alone(a), unknown()),
        (None, Some(b)) => (unknown(), alone(b)),
        (None, None) => (unknown(), unknown()),
    };
    let wrap = |html: String| if hidden { format!(r#"<span class="masked">{html}</span>"#) } else { html };
    Compared { field: w.t(&format!("field-of-{field}")), same, a: wrap(shown_a), b: wrap(shown_b) }
}

fn with_check(w: Speaker, mut row: Compared, pair: &Pair) -> Compared {
    for (cell, keys) in [(&mut row.a, &pair.a), (&mut row.b, &pair.b)] {
        if !keys.has_valid_id() {
            cell.push_str(&format!(r#"<br><span class="badge doubt">{}</span>"#, escape(&w.t("pair-bad-check"))));
        }
    }
    row
}

fn marks(pieces: &Marked) -> String {
    let piece = |(mark, text): &(bool, String)| match mark {
        true => format!("<mark>{}</mark>", escape(text)),
        false => escape(text),
    };
    pieces.iter().map(piece).collect()
}

/// A field of the comparison by its name.
pub fn field(w: Speaker, name: &str) -> String {
    w.find(&format!("field-of-{name}")).unwrap_or_else(|| name.to_owned())
}

/// A level of agreement in words, such as `exact` or `typos <= 2`.
pub fn level(w: Speaker, name: &str) -> String {
    let (kind, number) = name.split_once(' ').unwrap_or((name, ""));
    let key = format!("level-{kind}");
    let number = number.trim_start_matches(['<', '>', '=', ' ']).parse().unwrap_or_default();
    w.find(&key).map_or_else(|| name.to_owned(), |_| w.n(&key, number))
}

/// One line of the table beside the waterfall.
pub struct StepLine {
    pub field: String,
    pub level: String,
    pub weight: String,
}

pub fn steps(w: Speaker, pair: &Pair) -> Vec<StepLine> {
    let line = |step: &StepShown| StepLine {
        field: field(w, &step.field),
        level: level(w, &step.level),
        weight: step.weight.map_or_else(|| "0".to_owned(), |bits| weight(f64::from(bits))),
    };
    let prior = pair.prior.map(|bits| StepLine {
        field: w.t("pair-start"),
        level: w.a("pair-start-line", one_in(f64::from(bits))),
        weight: weight(f64::from(bits)),
    });
    prior.into_iter().chain(pair.steps.iter().map(line)).collect()
}

/// Log2 odds of a rare thing as "one in so many", in two figures.
pub fn one_in(bits: f64) -> String {
    let whole = (1.0 + (-bits).exp2()).min(1e12);
    let scale = 10_f64.powf(whole.log10().floor() - 1.0).max(1.0);
    numbers::count(((whole / scale).round() * scale) as i64)
}

pub fn waterfall(w: Speaker, pair: &Pair) -> Figure {
    let labels: Vec<String> = pair.steps.iter().map(|step| field(w, &step.field)).collect();
    let drawn: Vec<figure::Step<'_>> = pair
        .steps
        .iter()
        .zip(&labels)
        .map(|(step, label)| figure::Step { label, by: step.weight.map(f64::from) })
        .collect();
    let says = w.with("pair-chart-says", &[("weight", Arg::Text(&weight(f64::from(pair.weight))))]);
    let prior = f64::from(pair.prior.unwrap_or_default());
    figure::waterfall(prior, &w.t("pair-start"), &drawn, &w.t("pair-total"), &says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_told_in_two_figures() {
        assert_eq!(one_in(-19.6), "790,000");
        assert_eq!(one_in(0.0), "2");
    }
}
