//! Drawings of what belongs together: lines over the same points, and a graph of few things.

use super::{Drawing, Figure, anchored};
use std::f64::consts::{FRAC_PI_2, TAU};

/// A line with a name; one value from 0 to 1 for each point.
pub struct Line<'a> {
    pub label: &'a str,
    pub values: Vec<f64>,
}

/// Lines over the same points, up to three, the first drawn whole and the others dashed; `ends` are the first and the last point's
/// words, `mark` an upright at a point (parts of one allowed) with its words.
#[must_use]
pub fn lines(lines: &[Line<'_>], ends: (&str, &str), mark: Option<(f64, &str)>, says: &str) -> Figure {
    let mut svg = Drawing::new(176, "", says);
    let y = |share: f64| 134.0 - share.clamp(0.0, 1.0) * 100.0;
    for (share, text) in [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")] {
        let at = y(share);
        svg.add(format_args!(r#"<line class="rule" x1="38" x2="322" y1="{at:.0}" y2="{at:.0}"/>"#));
        svg.text(0.0, at + 4.0, "t2", text);
    }
    let points = lines.iter().map(|line| line.values.len()).max().unwrap_or(0);
    let step = 276.0 / points.saturating_sub(1).max(1) as f64;
    let x = |at: f64| 42.0 + at * step;
    for (number, line) in lines.iter().enumerate() {
        let class = ["trace", "trace other", "trace third"][number.min(2)];
        let (left, right) = (number as f64 * 110.0, number as f64 * 110.0 + 24.0);
        svg.add(format_args!(r#"<line class="{class}" x1="{left:.0}" x2="{right:.0}" y1="10" y2="10"/>"#));
        svg.text(right + 5.0, 14.0, "t2", line.label);
        let points = line.values.iter().enumerate();
        let points: Vec<String> = points.map(|(at, share)| format!("{:.1},{:.1}", x(at as f64), y(*share))).collect();
        svg.add(format_args!(r#"<polyline class="{class}" points="{}"/>"#, points.join(" ")));
    }
    svg.text(42.0, 152.0, "t2", ends.0);
    svg.text(318.0, 152.0, "te t2", ends.1);
    if let Some((at, words)) = mark {
        let at = x(at.clamp(0.0, points.saturating_sub(1) as f64));
        svg.upright("limit", at, 28.0, 140.0);
        svg.text(at, 170.0, anchored(at, "tb"), words);
    }
    svg.done()
}

/// What ties one thing to another.
pub struct Tie<'a> {
    pub from: usize,
    pub to: usize,
    pub text: &'a str,
    /// Drawn dashed: it wouldn't hold by itself.
    pub weak: bool,
}

/// So many ties still have room for their words.
const WORDED: usize = 8;

/// Things in a ring, numbered from 1, and the ties between them.
#[must_use]
pub fn graph(count: usize, ties: &[Tie<'_>], says: &str) -> Figure {
    let mut svg = Drawing::new(250, "", says);
    let place = |at: usize| {
        let angle = at as f64 / count.max(1) as f64 * TAU - FRAC_PI_2;
        let (across, down) = if count < 2 { (0.0, 0.0) } else { (138.0, 102.0) };
        (164.0 + angle.cos() * across, 125.0 + angle.sin() * down)
    };
    for tie in ties {
        let ((x1, y1), (x2, y2)) = (place(tie.from), place(tie.to));
        let class = if tie.weak { "limit" } else { "trace" };
        svg.add(format_args!(r#"<line class="{class}" x1="{x1:.0}" y1="{y1:.0}" x2="{x2:.0}" y2="{y2:.0}"/>"#));
    }
    for tie in ties.iter().take_while(|_| ties.len() <= WORDED) {
        let ((x1, y1), (x2, y2)) = (place(tie.from), place(tie.to));
        svg.text((x1 + x2) / 2.0 + 5.0, (y1 + y2) / 2.0 - 4.0, "tb", tie.text);
    }
    for at in 0..count {
        let (x, y) = place(at);
        svg.add(format_args!(r#"<circle class="up" cx="{x:.0}" cy="{y:.0}" r="13"/>"#));
        svg.text(x, y + 4.0, "tm tp tb", &(at + 1).to_string());
    }
    svg.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stand_in_a_ring_and_lines_end_where_their_points_do() {
        let tie = Tie { from: 0, to: 1, text: "+6.3", weak: true };
        let drawn = graph(3, &[tie], "three").to_string();
        assert_eq!((drawn.matches("<circle").count(), drawn.matches("class=\"limit\"").count()), (3, 1));
        assert!(drawn.contains("+6.3") && drawn.contains(r#"cx="164" cy="23""#));
        let line = |values: &[f64]| Line { label: "a", values: values.to_vec() };
        let drawn = lines(&[line(&[0.0, 1.0]), line(&[1.0, 1.0])], ("0", "1"), Some((9.0, "here")), "two").to_string();
        assert!(drawn.contains(r#"points="42.0,134.0 318.0,34.0""#) && drawn.contains("trace other"), "{drawn}");
        assert!(graph(0, &[], "none").to_string().ends_with("</svg>"));
    }
}
