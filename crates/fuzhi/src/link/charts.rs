//! The report's charts, as SVG 560 units wide. Colours are the page's; each chart says its result in a label.

use std::fmt::Write;

const WIDTH: f64 = 560.0;
const LABELS: f64 = 190.0;
const ROW: f64 = 22.0;

/// One row of a bar chart: its label, its value, and how the value is written.
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub shown: String,
}

/// Escapes text for an element or an attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

struct Drawing(String);

impl Drawing {
    fn new(height: f64, label: &str) -> Self {
        let label = escape(label);
        Self(format!("<svg viewBox='0 0 {WIDTH} {height:.0}' role=img aria-label=\"{label}\">"))
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        // Writing to a String can't fail.
        let _ = write!(self.0, "<text x={x:.1} y={y:.1} class='{class}'>{}</text>", escape(text));
    }

    fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (width, height) = (width.max(0.5), height.max(0.5));
        let _ = write!(self.0, "<rect class={class} x={x:.1} y={y:.1} width={width:.1} height={height:.1} rx=1.5 />");
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ =
            write!(self.0, "<line class={class} x1={:.1} y1={:.1} x2={:.1} y2={:.1} />", from.0, from.1, to.0, to.1);
    }

    fn path(&mut self, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        let points: Vec<String> = points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(self.0, "<polyline class={class} points='{}' />", points.join(" "));
    }

    fn done(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

/// Bars from the left, the longest as long as there is room.
pub fn bars(label: &str, rows: &[Bar]) -> String {
    let most = rows.iter().map(|row| row.value).fold(f64::MIN_POSITIVE, f64::max);
    let mut drawing = Drawing::new(rows.len() as f64 * ROW + 4.0, label);
    for (at, row) in rows.iter().enumerate() {
        let y = at as f64 * ROW;
        let length = row.value / most * (WIDTH - LABELS - 90.0);
        drawing.text(LABELS - 8.0, y + 15.0, "end", &row.label);
        drawing.rect("pine", LABELS, y + 4.0, length, ROW - 8.0);
        drawing.text(LABELS + length + 6.0, y + 15.0, "small", &row.shown);
    }
    drawing.done()
}

/// Bars to the right for evidence in favour, to the left for evidence against.
pub fn evidence(label: &str, rows: &[Bar]) -> String {
    let most = rows.iter().map(|row| row.value.abs()).fold(1.0, f64::max);
    let zero = LABELS + 120.0;
    let unit = (WIDTH - zero - 60.0) / most;
    let mut drawing = Drawing::new(rows.len() as f64 * ROW + 4.0, label);
    for (at, row) in rows.iter().enumerate() {
        let (y, length) = (at as f64 * ROW, (row.value.abs() * unit).min(WIDTH - zero - 56.0));
        let back = length.min(112.0);
        drawing.text(LABELS - 8.0, y + 15.0, "end", &row.label);
        if row.value < 0.0 {
            drawing.rect("clay", zero - back, y + 4.0, back, ROW - 8.0);
            drawing.text(zero + 6.0, y + 15.0, "small", &row.shown);
        } else {
            drawing.rect("pine", zero, y + 4.0, length, ROW - 8.0);
            drawing.text(zero + length + 6.0, y + 15.0, "small", &row.shown);
        }
    }
    drawing.line("axis", (zero, 0.0), (zero, rows.len() as f64 * ROW));
    drawing.done()
}

/// Steps that add up from the left, each beginning where the last ended.
pub fn waterfall(label: &str, steps: &[Bar]) -> String {
    let mut sums = vec![0.0f64];
    for step in steps {
        sums.push(sums[sums.len() - 1] + step.value);
    }
    let least = sums.iter().copied().fold(0.0, f64::min);
    let most = sums.iter().copied().fold(0.0, f64::max);
    let place = |sum: f64| LABELS + (sum - least) / (most - least).max(1.0) * (WIDTH - LABELS - 60.0);
    let mut drawing = Drawing::new((steps.len() + 1) as f64 * ROW + 4.0, label);
    drawing.line("axis", (place(0.0), 0.0), (place(0.0), (steps.len() + 1) as f64 * ROW));
    for (at, step) in steps.iter().enumerate() {
        let (y, from, to) = (at as f64 * ROW, place(sums[at]), place(sums[at + 1]));
        drawing.text(LABELS - 8.0, y + 15.0, "end", &step.label);
        let class = if step.value < 0.0 { "clay" } else { "pine" };
        drawing.rect(class, from.min(to), y + 4.0, (to - from).abs(), ROW - 8.0);
        drawing.text(from.max(to) + 5.0, y + 15.0, "small", &step.shown);
    }
    let (y, sum) = (steps.len() as f64 * ROW, sums[steps.len()]);
    drawing.text(LABELS - 8.0, y + 15.0, "end strong", "= 合计 sum");
    drawing.rect("ink", place(0.0).min(place(sum)), y + 4.0, (place(sum) - place(0.0)).abs(), ROW - 8.0);
    drawing.text(place(sum).max(place(0.0)) + 5.0, y + 15.0, "small strong", &format!("{sum:+.1}"));
    drawing.done()
}

const HEIGHT: f64 = 180.0;

/// Columns over whole bits, their heights on a logarithmic scale; `mark` is drawn as a line.
pub fn histogram(label: &str, first: i32, counts: &[u64], mark: f64) -> String {
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    let step = WIDTH / counts.len().max(1) as f64;
    let mut drawing = Drawing::new(HEIGHT + 20.0, label);
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (1.0 + *count as f64).log2() / (1.0 + most).log2() * (HEIGHT - 16.0);
        let bit = first + at as i32;
        let class = if f64::from(bit) >= mark.floor() { "pine" } else { "quiet" };
        drawing.rect(class, at as f64 * step + 0.5, HEIGHT - height, step - 1.0, height);
    }
    drawing.line("axis", (0.0, HEIGHT), (WIDTH, HEIGHT));
    for bit in (first..=first + counts.len() as i32).filter(|bit| bit % 10 == 0) {
        drawing.text(f64::from(bit - first) * step, HEIGHT + 14.0, "small middle", &bit.to_string());
    }
    let x = (mark - f64::from(first)) * step;
    drawing.line("mark", (x, 0.0), (x, HEIGHT));
    drawing.done()
}

/// Lines over the same points; values from 0 to 1.
pub fn lines(label: &str, names: &[(&str, &str)], points: &[(String, Vec<f64>)]) -> String {
    let x = |at: usize| 36.0 + at as f64 / (points.len().max(2) - 1) as f64 * (WIDTH - 60.0);
    let y = |value: f64| 8.0 + (1.0 - value) * (HEIGHT - 16.0);
    let mut drawing = Drawing::new(HEIGHT + 40.0, label);
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        drawing.line("grid", (36.0, y(share)), (WIDTH - 24.0, y(share)));
        drawing.text(30.0, y(share) + 4.0, "small end", &format!("{share}"));
    }
    for (series, (name, class)) in names.iter().enumerate() {
        drawing.path(class, points.iter().enumerate().map(|(at, (_, values))| (x(at), y(values[series]))));
        let from = 60.0 + 180.0 * series as f64;
        drawing.rect(class, from, HEIGHT + 24.0, 18.0, 4.0);
        drawing.text(from + 24.0, HEIGHT + 30.0, "small", name);
    }
    for (at, (name, _)) in points.iter().enumerate().step_by(points.len().div_ceil(8).max(1)) {
        drawing.text(x(at), HEIGHT + 12.0, "small middle", name);
    }
    drawing.done()
}
