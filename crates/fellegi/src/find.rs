//! One record looked for among many: a person at a counter, a row that comes by itself.

use crate::Pattern;
use crate::index::{Candidates, Index};
use crate::link::{LinkError, prepared};
use crate::model::{Model, Scorer, probability};
use crate::record::Records;
use crate::scheme::Scheme;
use crate::spec::Spec;
use crate::train::{Population, count_terms};
use values::columns::Texts;

/// Records that stand, indexed by the rules of a model or a specification.
pub struct Finder<'a> {
    scheme: Scheme,
    scorer: Scorer,
    records: &'a Records,
    population: Population,
    index: Index,
    candidates: Candidates,
    keep: f64,
}

/// A record that may be the one looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which input it is in, and its row there.
    pub input: usize,
    pub row: usize,
    /// Log2 odds.
    pub weight: f32,
    pub probability: f64,
    pub pattern: Pattern,
}

impl<'a> Finder<'a> {
    /// # Errors
    /// When the specification, the records or the model don't fit each other.
    pub fn new(spec: &Spec, records: &'a Records, lengths: &[usize], mut model: Model) -> Result<Self, LinkError> {
        let (scheme, population) = prepared(spec, records, lengths, Some(&model))?;
        count_terms(&mut model, &scheme, records, &population);
        let index = Index::build(&scheme, records, 0..records.len() as u32, crate::candidates::LARGEST_BLOCK);
        let scorer = Scorer::new(&scheme, &model);
        Ok(Self { scheme, scorer, records, population, index, candidates: Candidates::default(), keep: spec.keep() })
    }

    /// The records that one may be, best first; `columns` are its values in the order of [`Spec::columns`], a text each.
    pub fn find(&mut self, columns: &[Option<&Texts>]) -> Vec<Hit> {
        let asked = Records::pack(&self.scheme, 1, columns);
        let record = asked.get(0);
        self.index.find(&self.scheme, record, u32::MAX, &mut self.candidates);
        let hit = |row: &u32| {
            let pattern = self.scheme.compare(record, self.records.get(*row as usize));
            let weight = self.scorer.weight(pattern, record);
            let input = self.population.input(*row);
            let row = (*row - self.population.starts[input]) as usize;
            Hit { input, row, weight, probability: probability(weight), pattern }
        };
        let mut hits: Vec<Hit> = self.candidates.rows.iter().map(hit).collect();
        hits.retain(|hit| hit.probability >= self.keep);
        hits.sort_by(|a, b| b.weight.total_cmp(&a.weight).then((a.input, a.row).cmp(&(b.input, b.row))));
        hits
    }
}
