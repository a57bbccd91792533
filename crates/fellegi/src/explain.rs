//! Why two records were, or were not, taken for the same: the evidence added up step by step.

use crate::model::{Model, Scorer};
use crate::record::Record;
use crate::scheme::Scheme;

/// A waterfall: the prior, one step a comparison, and the sum.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// Log2 odds before anything was compared.
    pub prior: f32,
    pub steps: Vec<Step>,
    /// Log2 odds after all.
    pub weight: f32,
    pub probability: f64,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Step {
    pub field: String,
    /// As written in the specification, or `missing` or `else`.
    pub level: String,
    /// Shares of matches and of non-matches that reach the level; absent where a value is missing.
    pub m: Option<f64>,
    pub u: Option<f64>,
    /// Evidence in bits.
    pub weight: f32,
    /// What the frequency of the value adds to it, in bits.
    pub term_weight: f32,
}

impl Scheme {
    /// Explains a pair of records packed by this scheme. The weight is the very one the scorer gives.
    #[must_use]
    pub fn explain(&self, model: &Model, a: Record, b: Record) -> Explanation {
        let scorer = Scorer::new(self, model);
        let pattern = self.compare(a, b);
        let step = |at: usize| {
            let learned = &model.comparisons[at];
            let share = usize::from(pattern.level(at)).checked_sub(1).map(|level| &learned.levels[level]);
            Step {
                field: learned.field.clone(),
                level: share.map_or("missing", |share| share.level.as_str()).to_owned(),
                m: share.map(|share| share.m),
                u: share.map(|share| share.u),
                weight: scorer.level_weight(at, pattern),
                term_weight: scorer.term_weight(at, pattern, a),
            }
        };
        let weight = scorer.weight(pattern, a);
        Explanation {
            prior: scorer.prior,
            steps: (0..model.comparisons.len()).map(step).collect(),
            weight,
            probability: crate::model::probability(weight),
        }
    }
}
