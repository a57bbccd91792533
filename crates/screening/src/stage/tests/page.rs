//! `docs/rules.md`: the rules as a list to read, made from the policy and kept current by a test.

use super::*;
use rulebook::{ParameterValue, Rule, TextRef};
use std::fmt::Write as _;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");

#[test]
fn the_page_of_rules_is_current() {
    let current = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(current == page(), "docs/rules.md is stale: cargo test -p screening -- --ignored write_the_page");
}

#[test]
#[ignore = "writes docs/rules.md"]
fn write_the_page() {
    std::fs::write(PAGE, page()).unwrap();
}

const SETS: [(RuleSet, &str, &str); 4] = [
    (RuleSet::Risk, "可能困难", "Possible hardship"),
    (RuleSet::Gap, "可能漏享", "Possibly missed help"),
    (RuleSet::Means, "需要核对", "To be checked"),
    (RuleSet::Doubt, "有疑点", "Data doubts"),
];

fn page() -> String {
    let policy = Policy::parse(POLICY).unwrap();
    let mut page = format!(
        "# Rules 规则\n\nMade from `policy/`, version {}; a test keeps it current. All figures are examples.\n\
         Every rule answers yes, no, or not known; a finding is a question to a person and never a decision.\n",
        policy.version()
    );
    for (set, zh, en) in SETS {
        let rules: Vec<&Rule> = policy.rules().iter().filter(|rule| rule.set == set).collect();
        let _ = write!(page, "\n## {en} {zh} ({})\n", rules.len());
        rules.iter().for_each(|rule| one(&mut page, rule));
    }
    lines(&mut page, &policy);
    page
}

fn one(page: &mut String, rule: &Rule) {
    let told = |text: &TextRef| match text {
        TextRef::Here(words) => format!("{} {}", words.zh, words.en),
        TextRef::Parameter(name) => format!("`{name}`"),
    };
    let facts: Vec<String> =
        facts_read(rule).iter().map(|fact| format!("{} ({})", fact.name, fact.records.join(", "))).collect();
    let _ = write!(
        page,
        "\n### `{}` {}\n\n{}\n\n{}  \n{}\n\n```sql\n{}\n```\n\n- Facts and their records: {}\n- Basis: {}\n\
         - Does not mean: {}\n- The family can: {}\n- Decides: `{}` within `{}`\n",
        rule.id,
        rule.title.zh,
        rule.title.en,
        rule.about.zh,
        rule.about.en,
        rule.condition.text,
        facts.join("; "),
        rule.legal_basis,
        told(&rule.not_meant),
        told(&rule.can_do),
        rule.decides,
        rule.deadline,
    );
}

fn lines(page: &mut String, policy: &Policy) {
    page.push_str(
        "\n## Parameters 参数\n\nMoney in fen, shares and areas in ten-thousandths, as the program holds them.\n\n",
    );
    page.push_str("| name | 名称 | region | from | to | value | basis |\n|---|---|---|---|---|---|---|\n");
    for parameter in policy.parameters() {
        for line in &parameter.lines {
            let value = match &line.value {
                ParameterValue::Amount(amount) => amount.to_string(),
                ParameterValue::Codes(codes) => codes.join(" "),
                ParameterValue::Words(words) => words.zh.clone(),
                other => format!("{other:?}"),
            };
            let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
            let (from, to) = (day(line.validity.from), day(line.validity.to));
            let (name, title) = (&parameter.name, &parameter.title.zh);
            let _ = writeln!(
                page,
                "| `{name}` | {title} | {} | {from} | {to} | {value} | {} |",
                line.region, line.legal_basis
            );
        }
    }
}
