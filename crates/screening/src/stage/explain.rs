//! What a finding says of itself: its sentence, the facts with their sources, and what is missing.

use super::finding::{Finding, Findings};
use super::sources::{SourceUsed, Sources};
use facts::records::PersonId;
use facts::{Entity, find};
use rulebook::{Explanation, FrameError, MissingWhat, ParameterValue, UsedFact, UsedParameter, Value, Words};
use serde::Serialize;
use std::ops::Range;

/// What stands in a finding's letter. Texts that belong to the rule stand with the rule.
#[derive(Clone, Debug)]
pub struct Explained {
    pub sentence: Words,
    pub facts: Vec<FactUsed>,
    pub missing: Vec<Lacking>,
    pub parameters: Vec<UsedParameter>,
}

/// A fact that a finding rests on.
#[derive(Clone, Debug)]
pub struct FactUsed {
    pub name: String,
    pub label: Words,
    /// Of a person's fact, whose.
    pub person: Option<PersonId>,
    pub value: Value,
    /// The value as people write it.
    pub text: Words,
    pub sources: Vec<SourceUsed>,
}

/// What would have to be known, and how to get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    pub name: String,
    pub label: Words,
    pub how: Words,
}

/// Facts are listed for so many people of one finding.
const PEOPLE_TOLD: usize = 4;

impl Findings<'_> {
    /// What one finding says.
    ///
    /// # Errors
    /// When a column of the frames doesn't hold what the dictionary says.
    pub fn explained(&self, finding: usize, sources: &dyn Sources) -> Result<Explained, FrameError> {
        let mut explained = self.explained_many(finding..finding + 1, sources)?;
        Ok(explained.swap_remove(0))
    }

    /// What some findings say, in their order.
    ///
    /// # Errors
    /// When a column of the frames doesn't hold what the dictionary says.
    pub fn explained_many(&self, wanted: Range<usize>, sources: &dyn Sources) -> Result<Vec<Explained>, FrameError> {
        let findings = &self.list[wanted];
        let mut by_rule: Vec<usize> = (0..findings.len()).collect();
        by_rule.sort_by_key(|at| findings[*at].rule);
        let mut told: Vec<Option<Explained>> = vec![None; findings.len()];
        for group in by_rule.chunk_by(|a, b| findings[*a].rule == findings[*b].rule) {
            let rows: Vec<u32> = group.iter().flat_map(|at| self.rows_told(&findings[*at])).copied().collect();
            let mut explanations = self.plan.explain_rows(&self.frames, findings[group[0]].rule, &rows)?.into_iter();
            for at in group {
                let finding = &findings[*at];
                let mine: Vec<Explanation> = explanations.by_ref().take(self.rows_told(finding).len()).collect();
                told[*at] = Some(self.tell(finding, mine, sources));
            }
        }
        Ok(told.into_iter().flatten().collect())
    }

    /// The rows of the rule's entity that are explained: the household's, or those of the people meant.
    fn rows_told<'f>(&'f self, finding: &'f Finding) -> &'f [u32] {
        match self.people_of(finding) {
            [] => std::slice::from_ref(&finding.household),
            people => &people[..people.len().min(PEOPLE_TOLD)],
        }
    }

    fn tell(&self, finding: &Finding, mine: Vec<Explanation>, sources: &dyn Sources) -> Explained {
        let others = self.people_of(finding).len().saturating_sub(1);
        let mut told =
            Explained { sentence: Words::default(), facts: Vec::new(), missing: Vec::new(), parameters: Vec::new() };
        for (at, explanation) in mine.into_iter().enumerate() {
            for fact in explanation.facts {
                let used = self.fact(finding, fact, sources);
                if told.facts.iter().all(|known| known.name != used.name || known.person != used.person) {
                    told.facts.push(used);
                }
            }
            for missing in explanation.missing {
                if told.missing.iter().all(|known| known.name != missing.name) {
                    let how = self.how_to_get(finding, &missing.name, missing.what);
                    told.missing.push(Lacking { name: missing.name, label: missing.label, how });
                }
            }
            if at == 0 {
                told.sentence = and_others(explanation.sentence, others);
                told.parameters = explanation.parameters;
            }
        }
        told
    }

    fn fact(&self, finding: &Finding, fact: UsedFact, sources: &dyn Sources) -> FactUsed {
        let row = Some(fact.row).filter(|_| fact.entity == rulebook::Entity::Person);
        FactUsed {
            person: row.map(|row| self.population.person_ids[row as usize]),
            sources: sources.behind(finding.household, row, &fact.name),
            name: fact.name,
            label: fact.label,
            value: fact.value,
            text: fact.text,
        }
    }

    fn how_to_get(&self, finding: &Finding, name: &str, what: MissingWhat) -> Words {
        if what == MissingWhat::Parameter {
            return Words::new(
                "县里还没有定这条线。定了以后再算，现在不算成立，也不算不成立。",
                "The county has not set this line. Until it does, the answer is neither yes nor no.",
            );
        }
        let of = |entity| find(entity, name).and_then(|fact| fact.records.first());
        let own = self.rule_of(finding).entity == rulebook::Entity::Person;
        let record = if own {
            of(Entity::Person).or(of(Entity::Household))
        } else {
            of(Entity::Household).or(of(Entity::Person))
        };
        let asked = record.and_then(|record| self.policy.find_parameter(&format!("ask_{record}")));
        let line = asked.and_then(|asked| asked.line(self.plan.region(), self.plan.as_of()));
        match line.map(|line| &line.value) {
            Some(ParameterValue::Words(words)) => words.clone(),
            _ => Words::new("问一问这家人，口头说就行。", "Ask the family; telling is enough."),
        }
    }
}

fn and_others(sentence: Words, others: usize) -> Words {
    match others {
        0 => sentence,
        1 => Words::new(
            format!("{}家里还有 1 人也是这样。", sentence.zh),
            format!("{} One more member is in the same position.", sentence.en),
        ),
        n => Words::new(
            format!("{}家里还有 {n} 人也是这样。", sentence.zh),
            format!("{} {n} more members are in the same position.", sentence.en),
        ),
    }
}
