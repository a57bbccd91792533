//! From what the chain's stage found to what the store keeps: rules as cards, findings as letters.
//!
//! ```text
//! let teller = Teller { policy: &policy, region, as_of };
//! screening::load::run(&mut load, &RunIn { rules: teller.rules(&rules, &tallies), .. }).await?;
//! screening::load::findings(&mut load, teller.findings(&findings, &sources, |household| …)).await?;
//! ```

use crate::load::{FindingIn, RuleIn};
use crate::model::{Amount, Compared, Decides, FactUsed, Letter, Open, Outcome, ParameterShown, RuleCard};
use crate::stage::{self, Explained, Finding, Findings, Sources, Tally, facts_read};
use facts::{Entity, Kind, find};
use kernel::Language;
use rayon::prelude::*;
use rulebook::{Parameter, ParameterValue, Policy, Rule, TextRef, Value, Words};
use ui::Speaker;
use values::{Bounds, Day, Fen, Truth};

/// Tells rules and findings in words, with the lines that hold for a region on a day.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    pub policy: &'a Policy,
    /// Six digits.
    pub region: &'a str,
    pub as_of: Day,
}

/// Where a household lives and what its head is called.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// 12 or 15 digits.
    pub place: String,
    pub head: String,
}

/// Findings explained at a time.
const PORTION: usize = 4096;

impl<'a> Teller<'a> {
    /// The rules in force, with how often each was true.
    #[must_use]
    pub fn rules(&self, rules: &[&Rule], tallies: &[Tally]) -> Vec<RuleIn> {
        let tallied = rules.iter().zip(tallies);
        tallied
            .map(|(rule, tally)| RuleIn {
                rule: rule.id.clone(),
                version: rule.version.to_string(),
                set: rule.set,
                programme: rule.programme.clone().unwrap_or_default(),
                found: tally.found as i64,
                undetermined: tally.undetermined as i64,
                card: self.card(rule),
            })
            .collect()
    }

    /// All findings with their letters, in order of rank; `home` says of a row of the household frame who lives
    /// there. A finding whose facts don't hold what the dictionary says is told without them.
    pub fn findings<'f>(
        self,
        findings: &'f Findings<'_>,
        sources: &'f dyn Sources,
        home: impl Fn(u32) -> Home + Send + Sync + 'f,
    ) -> impl Iterator<Item = FindingIn> + Send + 'f
    where
        'a: 'f,
    {
        let starts = (0..findings.list.len()).step_by(PORTION);
        starts.flat_map(move |start| {
            let end = (start + PORTION).min(findings.list.len());
            let portions: Vec<usize> = (start..end).step_by(256).collect();
            let told: Vec<Vec<FindingIn>> = portions
                .par_iter()
                .map(|from| {
                    let range = *from..(from + 256).min(end);
                    let explained = findings.explained_many(range.clone(), sources).unwrap_or_default();
                    let mut explained = explained.into_iter();
                    range.map(|at| self.finding(findings, &findings.list[at], explained.next(), &home)).collect()
                })
                .collect();
            told.into_iter().flatten()
        })
    }

    fn finding(
        &self,
        findings: &Findings<'_>,
        finding: &Finding,
        explained: Option<Explained>,
        home: &impl Fn(u32) -> Home,
    ) -> FindingIn {
        let rule = findings.rule_of(finding);
        let Home { place, head } = home(finding.household);
        FindingIn {
            id: finding.id.to_string(),
            household: findings.household_of(finding).to_string(),
            place,
            head,
            person: findings.person_of(finding).map(|person| person.to_string()),
            rule: rule.id.clone(),
            set: rule.set,
            programme: rule.programme.clone().unwrap_or_default(),
            outcome: if finding.outcome == Truth::True { Outcome::True } else { Outcome::Undetermined },
            listed: finding.listed,
            deferred: finding.deferred,
            rank: i64::from(finding.rank),
            letter: explained.map(|explained| self.letter(rule, explained)).unwrap_or_default(),
        }
    }

    fn letter(&self, rule: &Rule, explained: Explained) -> Letter {
        let compared = self.compared(rule, &explained);
        Letter {
            headline: headline(&explained.sentence),
            lead: explained.sentence,
            compared,
            facts: explained.facts.into_iter().map(fact_used).collect(),
            unknown: explained.missing.into_iter().map(|one| Open { what: one.label, why: one.how }).collect(),
            ..Letter::default()
        }
    }

    /// The figure beside its line, where the rule sets a fact against a line: money, or whole things. A line a head is
    /// multiplied by the heads, as the rule does it.
    fn compared(&self, rule: &Rule, explained: &Explained) -> Option<Compared> {
        explained.parameters.iter().find_map(|parameter| self.against(rule, explained, &parameter.name))
    }

    fn against(&self, rule: &Rule, explained: &Explained, parameter: &str) -> Option<Compared> {
        let line = self.policy.find_parameter(parameter)?;
        let ParameterValue::Amount(limit) = line.line(self.region, self.as_of)?.value else { return None };
        let (before, after) = rule.condition.text.split_once(&format!("param('{parameter}')"))?;
        let compared = before.trim_end().trim_end_matches('=').strip_suffix(['<', '>'])?.trim_end();
        let start = compared.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let fact = explained.facts.iter().find(|fact| fact.name == compared[start..])?;
        let Value::Amount(bounds) = &fact.value else { return None };
        let heads = explained.facts.iter().find(|fact| fact.name == "members").and_then(|fact| match &fact.value {
            Value::Amount(bounds) => bounds.value(),
            _ => None,
        });
        let times = match after.trim_start() {
            rest if rest.starts_with("* 12 * members") => heads?.checked_mul(12)?,
            rest if rest.starts_with("* members") => heads?,
            rest if rest.starts_with(['*', '+', '-']) => return None,
            _ => 1,
        };
        let (value, limit) = match kind_of(&fact.name)? {
            Kind::Money if is_money(line) => (money(*bounds)?, Amount::Money(Fen(limit.checked_mul(times)?))),
            Kind::Count(_) if !is_money(line) && !is_number(line) => {
                (Amount::Count(bounds.value()?), Amount::Count(limit.checked_mul(times)?))
            }
            _ => return None,
        };
        let line_label = if times == 1 { line.title.clone() } else { by_heads(&line.title, heads?, times) };
        Some(Compared { label: fact.label.clone(), value, line_label, line: limit })
    }

    fn card(&self, rule: &Rule) -> RuleCard {
        let texts = |text: &TextRef| match text {
            TextRef::Here(words) => sentences(words),
            TextRef::Parameter(name) => self.words(name).map(|words| sentences(&words)).unwrap_or_default(),
        };
        let days = self.policy.find_parameter(&rule.deadline).and_then(|days| days.line(self.region, self.as_of));
        let within_days = days.and_then(|line| match line.value {
            ParameterValue::Amount(days) => i32::try_from(days).ok(),
            _ => None,
        });
        RuleCard {
            name: rule.title.clone(),
            plain: rule.about.clone(),
            basis: Words::new(&rule.legal_basis, &rule.legal_basis),
            valid_from: rule.validity.from,
            valid_to: rule.validity.to,
            parameters: parameters_of(rule)
                .filter_map(|name| self.policy.find_parameter(name))
                .flat_map(|parameter| self.lines(parameter))
                .collect(),
            condition: rule.condition.text.trim().to_owned(),
            reads: facts_read(rule).iter().map(|fact| Words::new(fact.zh, fact.en)).collect(),
            not_meant: texts(&rule.not_meant),
            family_can: texts(&rule.can_do),
            decides: vec![Decides {
                what: said("decides-what"),
                who: self.words(&rule.decides).unwrap_or_default(),
                within_days,
            }],
        }
    }

    fn words(&self, name: &str) -> Option<Words> {
        match &self.policy.find_parameter(name)?.line(self.region, self.as_of)?.value {
            ParameterValue::Words(words) => Some(words.clone()),
            _ => None,
        }
    }

    /// Every line of a parameter that this region may meet, the newest first.
    fn lines(&self, parameter: &'a Parameter) -> Vec<ParameterShown> {
        let mut lines: Vec<_> = parameter.lines.iter().collect();
        lines.sort_by_key(|line| std::cmp::Reverse((line.validity.from, line.region.clone())));
        lines.iter().map(|line| shown(parameter, line)).collect()
    }
}

fn shown(parameter: &Parameter, line: &rulebook::Line) -> ParameterShown {
    let plain = |text: String| Amount::Text(Words::new(&text, &text));
    let value = match &line.value {
        ParameterValue::Amount(fen) if is_money(parameter) => Amount::Money(Fen(*fen)),
        ParameterValue::Amount(ten_thousandths) if is_number(parameter) => plain(decimal(*ten_thousandths)),
        ParameterValue::Amount(n) => Amount::Count(*n),
        ParameterValue::Flag(yes) => Amount::Text(said(if *yes { "yes" } else { "no" })),
        ParameterValue::Code(code) => plain(code.clone()),
        ParameterValue::Codes(codes) => plain(codes.join(", ")),
        ParameterValue::Numbers(numbers) => plain(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
        ParameterValue::Words(words) => Amount::Text(words.clone()),
        ParameterValue::Steps(steps) => {
            plain(steps.iter().map(|(from, value)| format!("{from}: {value}")).collect::<Vec<_>>().join(", "))
        }
    };
    ParameterShown {
        label: parameter.title.clone(),
        region: line.region.clone(),
        value,
        from: line.validity.from,
        to: line.validity.to,
        basis: Words::new(&line.legal_basis, &line.legal_basis),
    }
}

/// A sum of money, as far as it is known; `None` where nothing is.
fn money(bounds: Bounds) -> Option<Amount> {
    let end = |end: i64, open: i64| Some(Fen(end)).filter(|_| end != open);
    match (bounds.value(), end(bounds.low, Bounds::NO_LOW), end(bounds.high, Bounds::NO_HIGH)) {
        (Some(fen), ..) => Some(Amount::Money(Fen(fen))),
        (None, None, None) => None,
        (None, low, high) => Some(Amount::Between(low, high)),
    }
}

/// The line's name with what it is multiplied by: the heads, and the months of a year for a line a month.
fn by_heads(title: &Words, heads: i64, times: i64) -> Words {
    let months = if times == heads { "" } else { " × 12" };
    Words::new(format!("{}{months} × {heads} 人", title.zh), format!("{}{months} × {heads} people", title.en))
}

fn is_money(parameter: &Parameter) -> bool {
    matches!(parameter.unit.as_str(), "fen" | "yuan" | "10k_yuan")
}

fn is_number(parameter: &Parameter) -> bool {
    matches!(parameter.unit.as_str(), "ratio" | "percent" | "number" | "mu" | "m2")
}

/// Ten-thousandths as a decimal without trailing zeros.
fn decimal(value: i64) -> String {
    let text = format!("{}.{:04}", value / 10_000, (value % 10_000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The parameters that a rule's expressions name, each once.
fn parameters_of(rule: &Rule) -> impl Iterator<Item = &str> {
    let sources = rule.applies.iter().chain([&rule.condition]);
    let mut names: Vec<&str> = Vec::new();
    for source in sources {
        for call in ["param('", "band('"] {
            names.extend(source.text.split(call).skip(1).filter_map(|rest| rest.split('\'').next()));
        }
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

fn kind_of(fact: &str) -> Option<Kind> {
    find(Entity::Household, fact).or_else(|| find(Entity::Person, fact)).map(|fact| fact.kind)
}

fn fact_used(fact: stage::FactUsed) -> FactUsed {
    let value = match &fact.value {
        Value::Unknown => Amount::Unknown,
        Value::Amount(bounds) if bounds.is_unknown() => Amount::Unknown,
        Value::Amount(bounds) => match (bounds.value(), kind_of(&fact.name)) {
            (Some(fen), Some(Kind::Money)) => Amount::Money(Fen(fen)),
            _ => Amount::Text(fact.text),
        },
        _ => Amount::Text(fact.text),
    };
    let mut departments: Vec<&str> = fact.sources.iter().map(|source| source.department.as_str()).collect();
    departments.dedup();
    let named = |language| {
        let w = Speaker::new(language);
        let name = |code: &&str| w.find(&format!("department-{code}")).unwrap_or_else(|| (*code).to_owned());
        if departments.is_empty() {
            w.t("source-computed")
        } else {
            departments.iter().map(name).collect::<Vec<_>>().join("、")
        }
    };
    FactUsed {
        label: fact.label,
        detail: None,
        value,
        source: Words::new(named(Language::Zh), named(Language::En).replace('、', ", ")),
        // The oldest: nothing in the value is newer than all of it.
        as_of: fact.sources.iter().map(|source| source.as_of).min(),
        disputed: None,
    }
}

/// A message of the catalogue in both languages.
fn said(key: &str) -> Words {
    Words::new(Speaker::new(Language::Zh).t(key), Speaker::new(Language::En).t(key))
}

/// The sentence without its full stop, for a list.
fn headline(sentence: &Words) -> Words {
    Words::new(sentence.zh.trim_end_matches('。'), sentence.en.trim_end_matches('.'))
}

/// A paragraph as a list of its sentences, where both languages have as many.
fn sentences(words: &Words) -> Vec<Words> {
    let zh: Vec<&str> = words.zh.split_inclusive('。').map(str::trim).filter(|part| !part.is_empty()).collect();
    let en: Vec<&str> = words.en.split_inclusive(". ").map(str::trim).filter(|part| !part.is_empty()).collect();
    if zh.len() != en.len() {
        return vec![words.clone()];
    }
    zh.into_iter().zip(en).map(|(zh, en)| Words::new(zh, en)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_becomes_a_list() {
        let words = Words::new("不代表违规。不影响待遇。", "Nobody did wrong. Nothing changes.");
        assert_eq!(
            sentences(&words),
            [Words::new("不代表违规。", "Nobody did wrong."), Words::new("不影响待遇。", "Nothing changes.")]
        );
        assert_eq!(sentences(&Words::new("一句。两句。", "One only.")).len(), 1);
        assert_eq!(decimal(6_000), "0.6");
        assert_eq!(decimal(360_000), "36");
    }
}
