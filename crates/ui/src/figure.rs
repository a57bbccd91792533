//! Charts, drawn on the server as SVG 328 units wide: classes only, no colours, a label that says
//! the result. A table with the same figures stands beside each one.

mod linked;

pub use linked::{Line, Tie, graph, lines};

use askama::filters::HtmlSafe;
use std::fmt::{self, Write};

/// Markup that is safe to put into a page as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure(String);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Figure {}

/// Escapes text for an element or an attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        safe.push_str(&rest[..at]);
        safe.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    safe.push_str(rest);
    safe
}

struct Drawing(String);

impl Drawing {
    fn new(height: u32, class: &str, label: &str) -> Self {
        let label = escape(label);
        Self(format!(r#"<svg class="{class}" viewBox="0 0 328 {height}" role="img" aria-label="{label}">"#))
    }

    fn add(&mut self, markup: fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.0.write_fmt(markup);
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.add(format_args!(r#"<text x="{x:.0}" y="{y:.0}" class="{class}">{}</text>"#, escape(text)));
    }

    fn bar(&mut self, class: &str, x: f64, y: f64, width: f64) {
        let width = width.max(1.0);
        self.add(format_args!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.0}" width="{width:.1}" height="20" rx="2"/>"#
        ));
    }

    fn upright(&mut self, class: &str, x: f64, from: f64, to: f64) {
        self.add(format_args!(r#"<line class="{class}" x1="{x:.1}" x2="{x:.1}" y1="{from:.0}" y2="{to:.0}"/>"#));
    }

    fn done(mut self) -> Figure {
        self.0.push_str("</svg>");
        Figure(self.0)
    }
}

/// A figure and the line it is compared with. Both must be of one unit; the bar starts at 0.
pub struct Against<'a> {
    pub label: &'a str,
    pub value: i64,
    pub value_text: &'a str,
    pub line: i64,
    pub line_text: &'a str,
    /// What the drawing says, in one sentence.
    pub says: &'a str,
}

#[must_use]
pub fn against_line(of: &Against<'_>) -> Figure {
    let (value, line) = (of.value.max(0) as f64, of.line.max(0) as f64);
    let scale = 328.0 / (value.max(line) * 1.04).max(1.0);
    let at = line * scale;
    let mut svg = Drawing::new(82, "fig", of.says);
    svg.text(0.0, 12.0, "t2", of.label);
    svg.text(328.0, 12.0, "te tb", of.value_text);
    svg.add(format_args!(r#"<rect class="weak" x="0" y="22" width="328" height="26" rx="3"/>"#));
    let width = (value * scale).max(1.0);
    svg.add(format_args!(r#"<rect class="mid" x="0" y="22" width="{width:.1}" height="26" rx="3"/>"#));
    svg.upright("halo", at, 20.0, 50.0);
    svg.upright("limit", at, 18.0, 62.0);
    // The label keeps inside the picture wherever the line falls.
    let (x, anchor) = match at {
        at if at < 90.0 => (0.0, "tb"),
        at if at > 238.0 => (328.0, "te tb"),
        at => (at, "tm tb"),
    };
    svg.text(x, 76.0, anchor, of.line_text);
    svg.done()
}

/// One bar of a share, from 0 to 1; `None` is drawn as a dashed outline with words.
pub struct Bar<'a> {
    pub label: &'a str,
    pub share: Option<f64>,
    pub text: &'a str,
}

#[must_use]
pub fn bars(bars: &[Bar<'_>], says: &str) -> Figure {
    let mut svg = Drawing::new(bars.len() as u32 * 28 + 2, "", says);
    for (row, bar) in bars.iter().enumerate() {
        let y = row as f64 * 28.0 + 4.0;
        svg.text(0.0, y + 15.0, "", bar.label);
        let Some(share) = bar.share else {
            svg.bar("gone", 90.0, y, 190.0);
            svg.text(98.0, y + 15.0, "t2", bar.text);
            continue;
        };
        svg.bar("weak", 90.0, y, 190.0);
        svg.bar(if share < 0.85 { "mid" } else { "up" }, 90.0, y, 190.0 * share.clamp(0.0, 1.0));
        svg.text(328.0, y + 15.0, "te tb", bar.text);
    }
    svg.done()
}

/// One step of a sum that goes up and down: a match weight, level by level.
pub struct Step<'a> {
    pub label: &'a str,
    /// `None` where one side has no value: nothing is counted.
    pub by: Option<f64>,
}

/// Steps from a start to a total; the upright stands at 0.
#[must_use]
pub fn waterfall(start: f64, start_label: &str, steps: &[Step<'_>], total_label: &str, says: &str) -> Figure {
    let mut rows = vec![(start_label, "base", 0.0, start)];
    let mut at = start;
    for step in steps {
        let by = step.by.unwrap_or(0.0);
        let class = if step.by.is_none() {
            "gone"
        } else if by < 0.0 {
            "down"
        } else {
            "up"
        };
        rows.push((step.label, class, at, at + by));
        at += by;
    }
    rows.push((total_label, "mid", 0.0, at));
    let low = rows.iter().map(|row| row.3).fold(0.0, f64::min);
    let high = rows.iter().map(|row| row.3).fold(0.0, f64::max);
    let scale = 196.0 / (high - low).max(0.1);
    let x = |value: f64| 90.0 + (value - low) * scale;
    let mut svg = Drawing::new(rows.len() as u32 * 30 + 8, "", says);
    svg.upright("rule", x(0.0), 0.0, rows.len() as f64 * 30.0 + 6.0);
    for (i, (label, class, from, to)) in rows.into_iter().enumerate() {
        let y = i as f64 * 30.0 + 8.0;
        svg.text(0.0, y + 15.0, "", label);
        svg.bar(class, x(from.min(to)), y, (to - from).abs() * scale);
        svg.text((x(from.max(to)) + 4.0).min(290.0), y + 15.0, "tb", &weight(to - from));
    }
    svg.done()
}

/// A signed weight with one decimal and a true minus: `+6.3`, `−4.1`, `0`.
#[must_use]
pub fn weight(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    match tenths {
        0 => "0".to_owned(),
        1.. => format!("+{}.{}", tenths / 10, tenths % 10),
        _ => format!("−{}.{}", -tenths / 10, -tenths % 10),
    }
}

/// A share of one kind beside the share of another, from 0 to 1.
pub struct Twin<'a> {
    pub label: &'a str,
    pub one: f64,
    pub other: f64,
}

/// Two shares for each label, one below the other; `kinds` names the two.
#[must_use]
pub fn twins(twins: &[Twin<'_>], kinds: (&str, &str), says: &str) -> Figure {
    let mut svg = Drawing::new(twins.len() as u32 * 40 + 24, "", says);
    for (x, class, kind) in [(0.0, "up", kinds.0), (164.0, "mid", kinds.1)] {
        svg.add(format_args!(r#"<rect class="{class}" x="{x:.0}" y="3" width="10" height="10" rx="2"/>"#));
        svg.text(x + 15.0, 13.0, "t2", kind);
    }
    for (row, twin) in twins.iter().enumerate() {
        let y = row as f64 * 40.0 + 24.0;
        svg.text(0.0, y + 11.0, "", twin.label);
        for (class, share, at) in [("up", twin.one, y + 16.0), ("mid", twin.other, y + 26.0)] {
            let width = (share.clamp(0.0, 1.0) * 328.0).max(1.0);
            svg.add(format_args!(
                r#"<rect class="weak" x="0" y="{at:.0}" width="328" height="8" rx="2"/><rect class="{class}" x="0" y="{at:.0}" width="{width:.1}" height="8" rx="2"/>"#
            ));
        }
    }
    svg.done()
}

/// How many fall between a whole number and the next, as high as the logarithm of their count; `marks` are uprights
/// with words. An empty one draws its axis.
#[must_use]
pub fn histogram(bars: &[(i32, i64)], marks: &[(f64, String)], says: &str) -> Figure {
    const BOTTOM: f64 = 130.0;
    let ends = bars.iter().map(|(at, _)| f64::from(*at)).chain(marks.iter().map(|(at, _)| *at));
    let (low, high) = ends.fold((0.0_f64, 1.0_f64), |(low, high), at| (low.min(at), high.max(at + 1.0)));
    let most = bars.iter().map(|(_, n)| *n).max().unwrap_or(1).max(2) as f64;
    let step = 328.0 / (high - low);
    let x = |at: f64| (at - low) * step;
    let mut svg = Drawing::new(150 + marks.len() as u32 * 16, "", says);
    for (at, n) in bars.iter().filter(|(_, n)| *n > 0) {
        let height = ((*n as f64).ln_1p() / most.ln_1p() * 110.0).max(2.0);
        let (left, width) = (x(f64::from(*at)), (step - 1.0).max(0.8));
        svg.add(format_args!(
            r#"<rect class="up" x="{left:.1}" y="{:.1}" width="{width:.1}" height="{height:.1}"/>"#,
            BOTTOM - height
        ));
    }
    svg.add(format_args!(r#"<line class="rule" x1="0" x2="328" y1="{BOTTOM:.0}" y2="{BOTTOM:.0}"/>"#));
    for (row, (at, words)) in marks.iter().enumerate() {
        let (at, y) = (x(*at), BOTTOM + 18.0 + row as f64 * 16.0);
        svg.upright("limit", at, 8.0, BOTTOM + 4.0);
        svg.text(at, y, anchor(at), words);
    }
    svg.done()
}

/// Words under an upright keep inside the picture wherever it stands.
fn anchor(at: f64) -> &'static str {
    match at {
        at if at < 90.0 => "",
        at if at > 238.0 => "te",
        _ => "tm",
    }
}

/// A share over time, one point a month; the scale ends at 0 and at 100%.
#[must_use]
pub fn trend(points: &[(String, f64, String)], says: &str) -> Figure {
    let mut svg = Drawing::new(140, "", says);
    let y = |share: f64| 110.0 - share.clamp(0.0, 1.0) * 100.0;
    for (share, text) in [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")] {
        let at = y(share);
        svg.add(format_args!(r#"<line class="rule" x1="34" x2="320" y1="{at:.0}" y2="{at:.0}"/>"#));
        svg.text(0.0, at + 4.0, "t2", text);
    }
    let step = 270.0 / points.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| if points.len() == 1 { 180.0 } else { 42.0 + at as f64 * step };
    let line: Vec<String> =
        points.iter().enumerate().map(|(at, (_, share, _))| format!("{:.0},{:.0}", x(at), y(*share))).collect();
    svg.add(format_args!(r#"<polyline class="trace" points="{}"/>"#, line.join(" ")));
    for (at, (month, share, text)) in points.iter().enumerate() {
        let (left, top) = (x(at), y(*share));
        svg.add(format_args!(r#"<circle class="up" cx="{left:.0}" cy="{top:.0}" r="4"/>"#));
        let is_end = at == 0 || at + 1 == points.len();
        if is_end {
            svg.text(left, if top < 24.0 { top + 18.0 } else { top - 9.0 }, anchored(left, "tb"), text);
            svg.text(left, 132.0, anchored(left, "t2"), month);
        }
    }
    svg.done()
}

/// Words at a point keep inside the picture.
fn anchored(at: f64, class: &'static str) -> &'static str {
    match (anchor(at), class) {
        ("te", "tb") => "te tb",
        ("tm", "tb") => "tm tb",
        ("te", _) => "te t2",
        ("tm", _) => "tm t2",
        _ => class,
    }
}

/// Counts from the largest down, each as long as its part of the largest.
#[must_use]
pub fn counts(rows: &[(&str, i64, String)], says: &str) -> Figure {
    let most = rows.iter().map(|(_, n, _)| *n).max().unwrap_or(1).max(1) as f64;
    let mut svg = Drawing::new(rows.len() as u32 * 28 + 2, "", says);
    for (row, (label, n, text)) in rows.iter().enumerate() {
        let y = row as f64 * 28.0 + 4.0;
        svg.text(0.0, y + 15.0, "", label);
        svg.bar("mid", 110.0, y, 170.0 * *n as f64 / most);
        svg.text(328.0, y + 15.0, "te tb", text);
    }
    svg.done()
}

/// One stage of a funnel.
pub struct Stage<'a> {
    pub label: &'a str,
    pub count: i64,
    pub text: &'a str,
    /// What this stage left behind, in words.
    pub lost: Option<&'a str>,
}

/// Stages from top to bottom, as wide as the logarithm of their counts.
#[must_use]
pub fn funnel(stages: &[Stage<'_>], says: &str) -> Figure {
    let mut svg = Drawing::new(stages.len() as u32 * 56, "", says);
    let most = stages.iter().map(|s| s.count).max().unwrap_or(1).max(2) as f64;
    let half = |count: i64| ((count.max(1) as f64).ln() / most.ln() * 75.0).max(4.0);
    for (i, stage) in stages.iter().enumerate() {
        let (y, w) = (i as f64 * 56.0 + 2.0, half(stage.count));
        svg.add(format_args!(
            r#"<rect class="up" x="{:.0}" y="{y:.0}" width="{:.0}" height="22" rx="2"/>"#,
            160.0 - w,
            2.0 * w
        ));
        svg.text(0.0, y + 16.0, "tb", stage.label);
        svg.text(328.0, y + 16.0, "te tb", stage.text);
        if let Some(next) = stages.get(i + 1) {
            let v = half(next.count);
            svg.add(format_args!(
                r#"<path class="band" d="M{:.0} {:.0} L{:.0} {:.0} L{:.0} {:.0} L{:.0} {:.0} Z"/>"#,
                160.0 - w,
                y + 22.0,
                160.0 + w,
                y + 22.0,
                160.0 + v,
                y + 56.0,
                160.0 - v,
                y + 56.0
            ));
        }
        if let Some(lost) = stage.lost {
            svg.text(328.0, y + 43.0, "te tx", lost);
        }
    }
    svg.done()
}

/// A share as a small bar; its number always stands beside it.
#[must_use]
pub fn meter(part: i64, whole: i64) -> Figure {
    let width = if whole > 0 { (part * 100 / whole).clamp(0, 100) } else { 0 };
    Figure(format!(
        r#"<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="up" width="{width}" height="8"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_labels_say_the_result() {
        let figure = bars(&[Bar { label: "<松岭乡>", share: None, text: "没有交" }], "松岭乡没有交").to_string();
        assert!(figure.contains("&lt;松岭乡&gt;") && figure.contains(r#"aria-label="松岭乡没有交""#));
        assert!(figure.contains(r#"class="gone""#));
    }

    #[test]
    fn weights_have_a_sign() {
        assert_eq!([weight(6.31), weight(-4.06), weight(0.01)], ["+6.3", "−4.1", "0"]);
    }
}
