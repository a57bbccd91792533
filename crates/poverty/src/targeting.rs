/// A prediction held against the truth, as counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Predicted, and so.
    pub right: u64,
    /// Predicted, and not so.
    pub wrong: u64,
    /// So, and not predicted.
    pub missed: u64,
}

impl Counts {
    /// Right ÷ predicted; 0 when nothing was predicted.
    #[must_use]
    pub fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// Right ÷ all that are so; 0 when nothing is.
    #[must_use]
    pub fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// Wrong ÷ flagged: who gets attention without need.
    #[must_use]
    pub fn inclusion_error(self) -> Proportion {
        proportion(self.wrong, self.right + self.wrong)
    }

    /// Missed ÷ truly so: who needs it and isn't seen.
    #[must_use]
    pub fn exclusion_error(self) -> Proportion {
        proportion(self.missed, self.right + self.missed)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A proportion with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Proportion {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Wilson's score interval (1927) at 95 %: it stays inside 0–1 and is honest for few cases.
/// Of nothing at all, everything is possible: 0 to 1.
#[must_use]
pub fn proportion(part: u64, whole: u64) -> Proportion {
    const Z: f64 = 1.959_963_984_540_054;
    if whole == 0 {
        return Proportion { value: 0.0, low: 0.0, high: 1.0 };
    }
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let scale = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Proportion { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
}
