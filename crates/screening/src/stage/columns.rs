//! Findings as plain columns: what `findings.parquet` holds, and the sheet for people.

use super::finding::{Finding, Findings};
use super::report::Names;
use super::sources::Sources;
use facts::records::{HouseholdId, PersonId};
use rulebook::{Asserts, FrameError, Prepared, Rule, RuleSet, Words};
use std::ops::Range;
use uuid::Uuid;
use values::Truth;
use values::columns::{Codes, Column, Pack, Table, Texts};

pub(super) const fn set_name(set: RuleSet) -> &'static str {
    match set {
        RuleSet::Doubt => "doubt",
        RuleSet::Risk => "risk",
        RuleSet::Gap => "gap",
        RuleSet::Means => "means",
    }
}

pub(super) const fn asserts_name(asserts: Asserts) -> &'static str {
    match asserts {
        Asserts::AtRisk => "at_risk",
        Asserts::Ineligible => "ineligible",
        Asserts::Eligible => "eligible",
        Asserts::Doubt => "doubt",
    }
}

pub(super) const fn outcome_name(outcome: Truth) -> &'static str {
    match outcome {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Undetermined => "undetermined",
    }
}

/// The set as people call it.
pub(super) fn set_words(set: RuleSet) -> Words {
    match set {
        RuleSet::Risk => Words::new("可能困难", "Possible hardship"),
        RuleSet::Gap => Words::new("可能漏享", "Possibly missed help"),
        RuleSet::Means => Words::new("需要核对", "To be checked"),
        RuleSet::Doubt => Words::new("有疑点", "Data doubt"),
    }
}

/// A finding without what explains it: what `findings.parquet` tells.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub household: HouseholdId,
    pub person: Option<PersonId>,
    pub rule: u16,
    pub outcome: Truth,
    pub rank: u32,
    pub deferred: bool,
}

impl Pack for Entry {
    fn pack(&self, out: &mut Vec<u8>) {
        self.id.as_u128().pack(out);
        self.household.pack(out);
        self.person.pack(out);
        (u32::from(self.rule), self.rank).pack(out);
        self.outcome.pack(out);
        self.deferred.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (id, household, person) = (u128::unpack(from)?, Pack::unpack(from)?, Pack::unpack(from)?);
        let (rule, rank) = <(u32, u32)>::unpack(from)?;
        let (outcome, deferred) = (Pack::unpack(from)?, Pack::unpack(from)?);
        Some(Self { id: Uuid::from_u128(id), household, person, rule: rule as u16, outcome, rank, deferred })
    }
}

/// Tells the rows of `findings.parquet` of findings from any part of the county.
pub struct Entries<'a> {
    plan: &'a Prepared<'a>,
    rules: Vec<&'a Rule>,
}

impl<'a> Entries<'a> {
    #[must_use]
    pub fn new(plan: &'a Prepared<'a>) -> Self {
        Self { plan, rules: plan.rules().collect() }
    }

    /// The rows of `findings.parquet` (contract §6) for some findings, in order.
    #[must_use]
    pub fn columns(&self, list: &[Entry]) -> Table {
        let text = |of: &dyn Fn(usize) -> Option<String>| {
            let mut texts = Texts::with_capacity(list.len(), list.len() * 36);
            (0..list.len()).for_each(|at| texts.push(of(at).as_deref()));
            Column::Text(texts)
        };
        let code = |of: &dyn Fn(usize) -> Option<String>| {
            let mut codes = Codes::default();
            (0..list.len()).for_each(|at| codes.push(of(at).as_deref()));
            Column::Code(codes)
        };
        let rule = |at: usize| self.rules[usize::from(list[at].rule)];
        let mut table = Table::new(list.len());
        table.set("finding", text(&|at| Some(list[at].id.to_string())));
        table.set("household", text(&|at| Some(list[at].household.to_string())));
        table.set("person", text(&|at| list[at].person.map(|person| person.to_string())));
        table.set("rule", code(&|at| Some(rule(at).id.clone())));
        table.set("rule_version", Column::Count((0..list.len()).map(|at| rule(at).version.into()).collect()));
        table.set("rule_set", code(&|at| Some(set_name(rule(at).set).into())));
        table.set("programme", code(&|at| rule(at).programme.clone()));
        table.set("asserts", code(&|at| Some(asserts_name(rule(at).asserts).into())));
        table.set("outcome", code(&|at| Some(outcome_name(list[at].outcome).into())));
        table.set("region", code(&|_| Some(self.plan.region().to_owned())));
        table.set("as_of", Column::Day(vec![self.plan.as_of().0; list.len()]));
        table.set("rank", Column::Count(list.iter().map(|finding| finding.rank.into()).collect()));
        let deferred = |deferred: bool| if deferred { Truth::True } else { Truth::False };
        table.set("deferred", Column::Flag(list.iter().map(|finding| deferred(finding.deferred)).collect()));
        table
    }
}

impl Findings<'_> {
    /// Some findings without what explains them.
    pub fn entries(&self, wanted: Range<usize>) -> impl Iterator<Item = Entry> {
        self.list[wanted].iter().map(|finding| self.entry(finding))
    }

    fn entry(&self, finding: &Finding) -> Entry {
        Entry {
            id: finding.id,
            household: self.household_of(finding),
            person: self.person_of(finding),
            rule: finding.rule as u16,
            outcome: finding.outcome,
            rank: finding.rank,
            deferred: finding.deferred,
        }
    }

    /// The sheet for people, in both languages: no ID number, phone or account stands in it.
    ///
    /// # Errors
    /// When a column of the frames doesn't hold what the dictionary says.
    pub fn sheet(&self, wanted: Range<usize>, names: &Names<'_>) -> Result<Table, FrameError> {
        let list = &self.list[wanted.clone()];
        let none: &dyn Sources = &();
        let told = self.explained_many(wanted, none)?;
        let text = |of: &dyn Fn(usize) -> String| {
            Column::Text((0..list.len()).map(of).collect::<Vec<_>>().iter().map(|text| Some(text.as_str())).collect())
        };
        let set = |at: usize| set_words(self.rule_of(&list[at]).set);
        let until = |at: usize| self.until(self.rule_of(&list[at])).map_or_else(String::new, |day| day.to_string());
        let state = |at: usize| match (list[at].outcome, list[at].deferred) {
            (Truth::Undetermined, _) => "判断不了 / not known".to_owned(),
            (_, true) => "下月再看 / later".to_owned(),
            _ => "这个月看 / this month".to_owned(),
        };
        let mut table = Table::new(list.len());
        table.set("次序 rank", Column::Count(list.iter().map(|finding| finding.rank.into()).collect()));
        table.set("村 village", text(&|at| names.village(self, &list[at])));
        table.set("家庭 family", text(&|at| names.family(&list[at])));
        table.set("哪一类 kind", text(&|at| format!("{} / {}", set(at).zh, set(at).en)));
        table.set("发现了什么", text(&|at| told[at].sentence.zh.clone()));
        table.set("what was found", text(&|at| told[at].sentence.en.clone()));
        table.set("规则 rule", text(&|at| self.rule_of(&list[at]).title.zh.clone()));
        table.set("状态 state", text(&state));
        table.set("期限 until", text(&until));
        table.set("线索编号 finding", text(&|at| list[at].id.to_string()));
        Ok(table)
    }
}
