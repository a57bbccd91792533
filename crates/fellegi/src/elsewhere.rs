//! Candidates compared on other machines: each lets some of the records ask, of all that there are.

use crate::candidates::{Compared, Found, Search};
use crate::compare::Pattern;
use crate::link::{LinkError, Pair, Weighed, prepared, weighed};
use crate::model::Model;
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::{BlockingSpec, Spec};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

/// Machines that compare candidates for [`crate::link_on`].
pub trait Machines {
    /// The portions of all rows that ask, shared out in any way, in any order.
    ///
    /// # Errors
    /// In words, where they can't be had.
    fn compare(&self, job: &Job, asking: Range<u32>) -> Result<Vec<Portion>, String>;
}

/// What a machine must know beside the records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// With its rules, given or found.
    spec: Spec,
    successors: BTreeMap<u64, Vec<u64>>,
    lengths: Vec<usize>,
    /// Where there is one, candidates are weighed too, and only those worth giving back are.
    model: Option<Model>,
}

/// What one machine found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portion {
    /// Left row, right row and pattern of each candidate; of each that is worth giving back where a model was given.
    left: Vec<u32>,
    right: Vec<u32>,
    patterns: Vec<u64>,
    weights: Vec<f32>,
    probabilities: Vec<f64>,
    bins: Vec<u64>,
    new_by_rule: Vec<u64>,
    too_large: Vec<u64>,
    /// Millionths of a second.
    comparing: u64,
}

values::packs! {
    Portion { left, right, patterns, weights, probabilities, bins, new_by_rule, too_large, comparing }
}

impl Job {
    /// Compares the candidates of the rows that ask.
    ///
    /// # Errors
    /// When the records are not those the job was made for.
    pub fn share(&self, records: &Records, asking: Range<u32>) -> Result<Portion, LinkError> {
        let spec = Spec { successors: self.successors.clone(), ..self.spec.clone() };
        let (scheme, population) = prepared(&spec, records, &self.lengths, self.model.as_ref())?;
        let search = Search::new(&scheme, records, &population).asking(asking);
        let mut portion = Portion::default();
        let Some(model) = &self.model else {
            let found = search.all();
            portion.count(&found);
            for Compared { left, right, pattern } in found.parts.into_iter().flatten() {
                portion.push(left, right, pattern);
            }
            return Ok(portion);
        };
        let found = weighed(&search, None, model, spec.keep());
        portion.count(&found);
        for Weighed { pairs, bins } in found.parts {
            portion.bins.resize(bins.len(), 0);
            portion.bins.iter_mut().zip(bins).for_each(|(sum, n)| *sum += n);
            for Pair { left, right, weight, probability, pattern, .. } in pairs {
                portion.push(left, right, pattern);
                portion.weights.push(weight);
                portion.probabilities.push(probability);
            }
        }
        Ok(portion)
    }
}

impl Portion {
    fn push(&mut self, left: u32, right: u32, pattern: Pattern) {
        self.left.push(left);
        self.right.push(right);
        self.patterns.push(pattern.0);
    }

    fn count<T>(&mut self, found: &Found<T>) {
        self.new_by_rule.clone_from(&found.new_by_rule);
        self.too_large.clone_from(&found.too_large);
        self.comparing = found.comparing.as_micros() as u64;
    }

    fn compared(self) -> Vec<Compared> {
        let rows = self.left.into_iter().zip(self.right).zip(self.patterns);
        rows.map(|((left, right), pattern)| Compared { left, right, pattern: Pattern(pattern) }).collect()
    }

    fn weighed(self) -> Weighed {
        let rows = self.left.into_iter().zip(self.right).zip(self.patterns).zip(self.weights).zip(self.probabilities);
        let pair = |((((left, right), pattern), weight), probability)| Pair {
            left,
            right,
            weight,
            probability,
            pattern: Pattern(pattern),
            is_implied: false,
        };
        Weighed { pairs: rows.map(pair).collect(), bins: self.bins }
    }
}

/// Where a job's candidates are compared.
pub(crate) struct Place<'a> {
    pub spec: &'a Spec,
    pub lengths: &'a [usize],
    /// Here, where there are none.
    pub machines: Option<&'a dyn Machines>,
}

impl Place<'_> {
    /// All candidates and how they compare.
    pub(crate) fn all(&self, search: &Search) -> Result<Found<Vec<Compared>>, LinkError> {
        match self.machines {
            Some(machines) => self.ask(machines, search, None, Portion::compared),
            None => Ok(search.all()),
        }
    }

    /// All candidates weighed.
    pub(crate) fn weighed(&self, search: &Search, model: &Model) -> Result<Found<Weighed>, LinkError> {
        match self.machines {
            Some(machines) => self.ask(machines, search, Some(model), Portion::weighed),
            None => Ok(weighed(search, None, model, self.spec.keep())),
        }
    }

    fn ask<T>(
        &self,
        machines: &dyn Machines,
        search: &Search,
        model: Option<&Model>,
        part: impl Fn(Portion) -> T,
    ) -> Result<Found<T>, LinkError> {
        let rules = search.scheme.rules.len();
        let mut asking = search.asks();
        // Rows that have none before them to be paired with needn't ask.
        while asking.start < asking.end && search.population.partners(asking.start).is_empty() {
            asking.start += 1;
        }
        let portions = machines.compare(&self.job(search.scheme, model), asking).map_err(LinkError::Elsewhere)?;
        let mut found = Found {
            parts: Vec::with_capacity(portions.len()),
            new_by_rule: vec![0; rules],
            too_large: vec![0; rules],
            comparing: Duration::ZERO,
        };
        for portion in portions {
            found.new_by_rule.iter_mut().zip(&portion.new_by_rule).for_each(|(sum, n)| *sum += n);
            found.too_large.iter_mut().zip(&portion.too_large).for_each(|(sum, n)| *sum += n);
            found.comparing += Duration::from_micros(portion.comparing);
            found.parts.push(part(portion));
        }
        Ok(found)
    }

    fn job(&self, scheme: &Scheme, model: Option<&Model>) -> Job {
        let blocking = scheme.rules.iter().map(|rule| BlockingSpec { on: scheme.written(rule) }).collect();
        let spec = Spec { blocking, ..self.spec.clone() };
        let (successors, lengths) = (self.spec.successors.clone(), self.lengths.to_vec());
        Job { spec, successors, lengths, model: model.cloned() }
    }
}
