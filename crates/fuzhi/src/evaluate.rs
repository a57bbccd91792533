//! `fuzhi evaluate`: a run of a generated county held against its truth (contract §5 and §6).

mod read;
mod score;
pub mod tally;

use anyhow::Result;
use read::{Run, Truth};
use rulebook::Policy;
use score::{Assertion, Interval, LinkScore, RuleScore, Score, ScoredRecord, Truths};
use serde::Serialize;
use std::path::Path;
use values::columns::SCALE;

#[derive(Serialize)]
pub struct Evaluation {
    pub links: LinkScore,
    pub risk: Score,
    pub wrongly_listed: Score,
    pub inclusion_error: Interval,
    pub exclusion_error: Interval,
    pub by_rule: Vec<RuleScore>,
}

/// Scores the outputs in `out` against the truth in `truth`.
///
/// # Errors
/// When a file is missing or isn't what it should be.
pub fn evaluate(out: &Path, truth: &Path, policy: &Policy) -> Result<Evaluation> {
    let run = Run::read(out)?;
    let truth = Truth::read(truth)?;
    let people = run.people_of(&truth);
    let scored = truth.records.iter().zip(&people).filter(|(record, _)| record.scored);
    let records: Vec<_> = scored.map(|(record, run)| ScoredRecord { truth: record.person, run: *run }).collect();
    let households = true_households(&run, &truth, &people);
    let told = |asserts: &str| -> Vec<Assertion> {
        let findings = run.findings.iter().filter(|finding| finding.is_true && finding.asserts == asserts);
        let assertion = findings.map(|finding| Assertion {
            rule: finding.rule.clone(),
            household: households.get(&finding.household).copied(),
            run_household: finding.household,
            programme: (asserts == "ineligible").then(|| finding.programme.clone()),
        });
        assertion.collect()
    };
    let mapped = |household| households.get(&household).copied();
    let (at_risk, ineligible) = (told("at_risk"), told("ineligible"));
    let (risk_truth, listed_truth) = (Truths::at_risk(&truth.households), Truths::wrongly_listed(&truth.households));
    let (risk, counts) = risk_truth.score(&at_risk, &baseline_risk(&run, policy, mapped));
    let (wrongly_listed, _) = listed_truth.score(&ineligible, &baseline_listed(&run, policy, mapped));
    let mut by_rule = risk_truth.by_rule(&at_risk);
    by_rule.extend(listed_truth.by_rule(&ineligible));
    Ok(Evaluation {
        links: score::links(&records),
        risk,
        wrongly_listed,
        inclusion_error: counts.inclusion_error().into(),
        exclusion_error: counts.exclusion_error().into(),
        by_rule,
    })
}

/// For each household of the run the true household of most of its members on the day.
fn true_households(run: &Run, truth: &Truth, people: &[Option<u32>]) -> rustc_hash::FxHashMap<u32, u32> {
    let votes = truth.records.iter().zip(people).filter_map(|(record, run)| Some(((*run)?, record.person)));
    let true_person = score::most_often(votes, &truth.people);
    let votes = run.members.iter().filter_map(|member| {
        let person = true_person.get(&member.person)?;
        Some((member.household, *truth.household_of.get(person)?))
    });
    score::most_often(votes, &truth.household_names)
}

/// The one line of code a run is compared with: assembled income below the line.
fn baseline_risk(run: &Run, policy: &Policy, household: impl Fn(u32) -> Option<u32>) -> Vec<Assertion> {
    let Some(line) = crate::policy::amount(policy, "monitoring_line", &run.region, run.as_of) else {
        return Vec::new();
    };
    let poor = run.assembled.iter().filter(|(of, income)| *income < line * run.size_of(*of));
    poor.map(|(of, _)| Assertion {
        rule: "baseline".into(),
        household: household(*of),
        run_household: *of,
        programme: None,
    })
    .collect()
}

/// Its counterpart: declared income at or over the programme's income limit.
fn baseline_listed(run: &Run, policy: &Policy, household: impl Fn(u32) -> Option<u32>) -> Vec<Assertion> {
    let amount = |name| crate::policy::amount(policy, name, &run.region, run.as_of);
    let (Some(standard), Some(multiple)) = (amount("dibao_standard"), amount("dibao_margin_multiple")) else {
        return Vec::new();
    };
    let mut told = Vec::new();
    for (programme, times) in [("dibao", SCALE), ("dibao_margin", multiple)] {
        for (of, income) in &run.declared {
            let limit = i128::from(standard) * 12 * i128::from(run.size_of(*of)) * i128::from(times);
            if i128::from(*income) * i128::from(SCALE) >= limit {
                let (household, programme) = (household(*of), Some(programme.to_owned()));
                told.push(Assertion { rule: "baseline".into(), household, run_household: *of, programme });
            }
        }
    }
    told
}

/// What `fuzhi evaluate` prints without `--json`.
#[must_use]
pub fn report(e: &Evaluation) -> String {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let line = |name: &str, s: &Score| {
        format!(
            "{name:<16} precision {}  recall {}  of the knowable {}  F1 {:.3}  baseline F1 {:.3}\n",
            percent(s.precision),
            percent(s.recall),
            percent(s.recall_knowable),
            s.f1,
            s.baseline_f1
        )
    };
    let mut text = format!(
        "{:<16} precision {:.4}  recall {:.4}  F1 {:.4}\n",
        "links", e.links.precision, e.links.recall, e.links.f1
    );
    text.push_str(&line("risk", &e.risk));
    text.push_str(&line("wrongly listed", &e.wrongly_listed));
    for (name, error) in [("inclusion error", &e.inclusion_error), ("exclusion error", &e.exclusion_error)] {
        text.push_str(&format!(
            "{name:<16} {} ({} to {})\n",
            percent(error.value),
            percent(error.low),
            percent(error.high)
        ));
    }
    for rule in &e.by_rule {
        text.push_str(&format!(
            "  {:<40} {:>6} true {:>6} right  {}\n",
            rule.rule,
            rule.r#true,
            rule.right,
            percent(rule.precision)
        ));
    }
    text
}
