//! What was learned: how often each level is reached by matches (m) and by others (u).

use crate::compare::Pattern;
use crate::level::Level;
use crate::record::{Record, WRITTEN};
use crate::scheme::Scheme;
use crate::spec::Role;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The version of comparing and encoding that a model's weights belong to.
pub const VERSION: u32 = 2;

/// A trained model, saved as readable JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub version: u32,
    /// Probability that two records drawn at random are the same.
    pub prior: f64,
    pub comparisons: Vec<Learned>,
    /// The blocking rules it was learned with, and is used with where a specification names none.
    #[serde(default)]
    pub blocking: Vec<Vec<String>>,
}

/// What was learned about one comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub field: String,
    /// In the order of the comparison's levels; the last is `else`. Missing has no weight.
    pub levels: Vec<LevelShare>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelShare {
    pub level: String,
    /// Share of matches that reach this level.
    pub m: f64,
    /// Share of non-matches that reach it.
    pub u: f64,
}

impl LevelShare {
    /// Evidence in bits.
    #[must_use]
    pub fn weight(&self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// How frequent single values are: agreeing on a rare one says more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The frequency every value not listed counts with: the floor.
    pub rest: f64,
    /// Digests of the most frequent values, ascending, and their frequencies.
    pub values: Vec<(u64, f64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the model is not readable: {0}")]
    Form(String),
    #[error("the model was made by version {0} of the comparisons, this is version {VERSION}: train it again")]
    Version(u32),
    #[error("the model compares a column \"{0}\" that has no role under [fields]: add it there")]
    Column(String),
    #[error(
        "the model speaks of other comparisons than the specification: train it again, or give the specification it was trained with"
    )]
    Comparisons,
}

impl Model {
    /// Reads a saved model.
    ///
    /// # Errors
    /// When it isn't one, or belongs to another version.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let model: Self = serde_json::from_str(text).map_err(|error| ModelError::Form(error.to_string()))?;
        if model.version == VERSION { Ok(model) } else { Err(ModelError::Version(model.version)) }
    }

    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// # Errors
    /// When the model was trained for other comparisons.
    pub fn check(&self, scheme: &Scheme) -> Result<(), ModelError> {
        let fits = self.comparisons.len() == scheme.comparisons.len()
            && self.comparisons.iter().zip(&scheme.comparisons).all(|(learned, comparison)| {
                learned.field == scheme.fields[comparison.field].name
                    && learned.levels.len() == comparison.levels.len() + 1
                    && learned.levels.iter().zip(&comparison.levels).all(|(a, b)| a.level == b.to_string())
            });
        if fits { Ok(()) } else { Err(ModelError::Comparisons) }
    }

    /// The prior as evidence in bits.
    #[must_use]
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }
}

/// A model made ready for many pairs.
#[derive(Clone, Debug)]
pub struct Scorer {
    pub(crate) prior: f32,
    weights: Vec<[f32; 16]>,
    terms: Vec<TermWeights>,
}

#[derive(Clone, Debug)]
struct TermWeights {
    comparison: usize,
    /// The pattern's code of the level `exact`.
    exact: u8,
    /// Where the value's digest lies in a record.
    at: usize,
    rest: f32,
    values: FxHashMap<u64, f32>,
}

impl Scorer {
    #[must_use]
    pub fn new(scheme: &Scheme, model: &Model) -> Self {
        let table = |learned: &Learned| {
            let mut weights = [0.0; 16];
            for (place, share) in weights[1..].iter_mut().zip(&learned.levels) {
                *place = share.weight() as f32;
            }
            weights
        };
        let terms = model.comparisons.iter().enumerate().filter_map(|(comparison, learned)| {
            let exact = scheme.comparisons[comparison].levels.iter().position(|level| *level == Level::Exact)?;
            let terms = learned.terms.as_ref()?;
            let mean = learned.levels[exact].u;
            let weight = |frequency: f64| (mean / frequency).log2() as f32;
            Some(TermWeights {
                comparison,
                exact: exact as u8 + 1,
                at: digest_at(scheme, comparison),
                rest: weight(terms.rest),
                values: terms.values.iter().map(|(value, frequency)| (*value, weight(*frequency))).collect(),
            })
        });
        Self {
            prior: model.prior_weight() as f32,
            weights: model.comparisons.iter().map(table).collect(),
            terms: terms.collect(),
        }
    }

    /// Evidence of a pair in bits, without the prior. `record` is either of the two.
    #[must_use]
    pub fn evidence(&self, pattern: Pattern, record: Record) -> f32 {
        let levels = self.weights.iter().enumerate().map(|(at, weights)| weights[usize::from(pattern.level(at))]);
        let terms = self.terms.iter().map(|terms| terms.weight(pattern, record));
        levels.sum::<f32>() + terms.sum::<f32>()
    }

    /// Log2 odds that a pair is a match.
    #[must_use]
    pub fn weight(&self, pattern: Pattern, record: Record) -> f32 {
        self.prior + self.evidence(pattern, record)
    }

    pub(crate) fn level_weight(&self, comparison: usize, pattern: Pattern) -> f32 {
        self.weights[comparison][usize::from(pattern.level(comparison))]
    }

    pub(crate) fn term_weight(&self, comparison: usize, pattern: Pattern, record: Record) -> f32 {
        let terms = self.terms.iter().find(|terms| terms.comparison == comparison);
        terms.map_or(0.0, |terms| terms.weight(pattern, record))
    }
}

impl TermWeights {
    fn weight(&self, pattern: Pattern, record: Record) -> f32 {
        if pattern.level(self.comparison) != self.exact {
            return 0.0;
        }
        self.values.get(&record.words[self.at]).copied().unwrap_or(self.rest)
    }
}

/// Where a comparison's value lies in a record as one word that is equal when the values are.
pub(crate) fn digest_at(scheme: &Scheme, comparison: usize) -> usize {
    let field = &scheme.fields[scheme.comparisons[comparison].field];
    match field.role {
        Role::Name | Role::Surname | Role::GivenName => field.at + WRITTEN,
        _ => field.at,
    }
}

/// 0 to 1, from log2 odds.
#[must_use]
pub fn probability(weight: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(weight)).exp2())
}
