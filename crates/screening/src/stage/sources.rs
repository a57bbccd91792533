//! Where the facts of a finding come from.

use facts::records::Resource;
use facts::{Entity, Facts, Ledger, find};
use serde::Serialize;
use values::Day;

/// What one delivery contributed to a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceUsed {
    pub department: String,
    pub resource: String,
    pub as_of: Day,
    /// Data rows in the file as delivered, from 1; the first few.
    pub rows: Vec<u32>,
}

/// Knows the deliveries behind a fact.
pub trait Sources: Sync {
    /// Those of a household's fact, or of a person row's.
    fn behind(&self, household: u32, person: Option<u32>, fact: &str) -> Vec<SourceUsed>;
}

/// Nothing is known of sources.
impl Sources for () {
    fn behind(&self, _: u32, _: Option<u32>, _: &str) -> Vec<SourceUsed> {
        Vec::new()
    }
}

/// The deliveries of a run.
pub struct Delivered<'a> {
    ledger: &'a Ledger<'a>,
    facts: &'a Facts,
    resources: &'a [Resource],
}

/// More rows than this are a matter for the household's page.
const ROWS_TOLD: usize = 4;

impl<'a> Delivered<'a> {
    #[must_use]
    pub const fn new(ledger: &'a Ledger<'a>, facts: &'a Facts, resources: &'a [Resource]) -> Self {
        Self { ledger, facts, resources }
    }
}

impl Sources for Delivered<'_> {
    fn behind(&self, household: u32, person: Option<u32>, fact: &str) -> Vec<SourceUsed> {
        let entity = if person.is_some() { Entity::Person } else { Entity::Household };
        let Some(fact) = find(entity, fact) else { return Vec::new() };
        let person = person.map(|row| self.facts.person[row as usize]);
        let mut used: Vec<(u16, SourceUsed)> = Vec::new();
        for told in self.ledger.behind(household, person, fact) {
            let Some(origin) = told.from else { continue };
            let at = used.iter().position(|(known, _)| *known == origin.resource).unwrap_or_else(|| {
                let resource = &self.resources[usize::from(origin.resource)];
                let (department, resource) = (resource.department.clone(), resource.name.clone());
                used.push((origin.resource, SourceUsed { department, resource, as_of: told.as_of, rows: Vec::new() }));
                used.len() - 1
            });
            let source = &mut used[at].1;
            source.as_of = source.as_of.max(told.as_of);
            if source.rows.len() < ROWS_TOLD && !source.rows.contains(&origin.row) {
                source.rows.push(origin.row);
            }
        }
        used.into_iter().map(|(_, source)| source).collect()
    }
}
