//! What the check says, before anything runs.

use super::stories::{PARAMETERS, RULES, facts};
use crate::{Policy, Problem, check};

/// The story's rules with one thing changed.
fn changed(from: &str, to: &str) -> Vec<Problem> {
    let (parameters, rules) = (PARAMETERS.replace(from, to), RULES.replace(from, to));
    assert!(parameters != PARAMETERS || rules != RULES, "{from} isn't there");
    check(&[("parameters.toml", parameters), ("rules.toml", rules)], &facts())
}

/// The one problem of a condition.
fn said(condition: &str) -> String {
    let problems = changed("income < param('line') * members", condition);
    assert_eq!(problems.len(), 1, "{condition}: {problems:?}");
    assert!(!problems[0].zh.is_ascii());
    problems[0].en.clone()
}

#[test]
fn the_story_is_in_order() {
    assert_eq!(check(&[("parameters.toml", PARAMETERS), ("rules.toml", RULES)], &facts()), []);
}

#[test]
fn a_problem_names_file_rule_and_remedy_in_both_languages() {
    let problems = changed("income < param('line')", "incme < param('line')");
    assert_eq!(
        problems[0].to_string(),
        "rules.toml: rule income-below-line: condition：没有叫 incme 的事实。是不是 income？ \
         condition: There is no fact incme. Is it income?"
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let rules = RULES
        .replace("legal_basis = \"示例办法第三条\"\n", "")
        .replace("en = \"Child out of school\"", "fr = \"Enfant\"")
        .replace("category in", "categry in")
        .replace("weight = 80", "weight = 800\nwieght = 1");
    let problems = check(&[("parameters.toml", PARAMETERS), ("rules.toml", rules.as_str())], &facts());
    let english: Vec<_> = problems.iter().map(|problem| problem.en.as_str()).collect();
    let expected = [
        "legal_basis is missing; add it.",
        "title needs both languages: { zh = \"…\", en = \"…\" }.",
        "weight should be a whole number from 1 to 100.",
        "There is no field wieght; check its spelling or delete it.",
    ];
    for sentence in expected {
        assert!(english.contains(&sentence), "{sentence} not in {english:#?}");
    }
}

#[test]
fn units_and_kinds_must_agree() {
    assert_eq!(
        said("income < 5000"),
        "condition: One side is money, the other a count; they don't go together. \
         Write yuan(…) or take a parameter with a unit."
    );
    assert!(said("income / members < param('line')").contains("never income / members"));
    assert_eq!(said("income * income > 0"), "condition: Money can't be multiplied by money.");
    assert_eq!(said("members < param('days_to_visit')"), "condition: The units differ: persons and days.");
    assert_eq!(said("category < 'near_poor'"), "condition: a code has no order; only = and <> make sense.");
    assert_eq!(
        said("category = 'poor'"),
        "condition: category is never 'poor'; its values are: near_poor, regular_assistance."
    );
    assert_eq!(said("income"), "condition: `income` is money; a yes or no is wanted here.");
    assert!(said("category in (param('lists'))").contains("There is no parameter lists"));
    assert!(said("category = param('categories')").contains("stands only in `in (param('categories'))`"));
}

#[test]
fn what_hides_the_unknown_is_refused() {
    assert!(said("coalesce(income, 0) < yuan(1)").contains("isn't a call that rules know"));
    assert!(said("(income < yuan(1)) is true").contains("can't be used in a rule"));
    assert!(said("case when members > 1 then members > 2 end").contains("case needs an else"));
    assert!(said("income = null").contains("write `is null`"));
}

#[test]
fn a_household_reads_persons_through_aggregates() {
    assert!(said("birth < as_of").contains("a household reads it through any(…)"));
    assert!(said("any(members)").contains("`members` is a count"));
}

#[test]
fn a_risk_rule_never_reads_query_answers_not_even_through_a_derived_fact() {
    let derived = "\n[[derive]]\nname = \"wealth\"\nentity = \"household\"\nexpression = \"savings + income\"\n\
                   title = { zh = \"财力\", en = \"means\" }\n";
    let rules = RULES.replace("income < param('line') * members", "wealth < param('line') * members") + derived;
    let problems = check(&[("parameters.toml", PARAMETERS), ("rules.toml", rules.as_str())], &facts());
    assert_eq!(problems.len(), 1);
    assert!(problems[0].en.contains("must not read what stems from query answers (savings)"), "{}", problems[0].en);
    let means = rules.replace("set = \"risk\"", "set = \"means\"");
    assert_eq!(check(&[("parameters.toml", PARAMETERS), ("rules.toml", means.as_str())], &facts()), []);
}

#[test]
fn periods_must_not_overlap() {
    let problems = changed("to = 2025-12-31", "to = 2026-01-01");
    assert_eq!(
        problems[0].en,
        "Two lines hold for region 539901 within 2026-01-01 – 2026-12-31; change from or to so that they don't overlap."
    );
    let twice = RULES.to_owned() + &RULES[..RULES.find("[[rule]]\nid = \"child").unwrap()];
    let problems = check(&[("parameters.toml", PARAMETERS), ("rules.toml", twice.as_str())], &facts());
    assert!(problems.iter().any(|problem| problem.subject == "rule income-below-line"), "{problems:?}");
}

#[test]
fn derived_facts_may_not_go_round_in_circles() {
    let derive = |name: &str, of: &str| {
        format!(
            "\n[[derive]]\nname = \"{name}\"\nentity = \"household\"\nexpression = \"{of} + income\"\n\
             title = {{ zh = \"甲\", en = \"x\" }}\n"
        )
    };
    let text = derive("a", "b") + &derive("b", "a") + &derive("c", "income") + &derive("d", "c");
    let problems = check(&[("derived.toml", text)], &facts());
    let subjects: Vec<_> = problems.iter().map(|problem| problem.subject.as_str()).collect();
    assert_eq!(subjects, ["derive a", "derive b"]);
}

#[test]
fn messages_speak_only_of_what_exists() {
    let problems = changed("{income}，低于", "{incme}，低于");
    assert_eq!(problems[0].en, "{incme} in the zh text is no fact, derived fact or parameter; correct it.");
    let problems = changed("decides = \"township\"", "decides = \"line\"");
    assert!(problems[0].en.contains("decides names a parameter of unit words"));
}

#[test]
fn values_must_fit_their_unit() {
    let problems = changed("value = 9500", "value = \"9,500\"");
    assert_eq!(problems[0].en, "The value \"9,500\" doesn't fit the unit yuan; write a figure or text of that unit.");
    assert!(changed("unit = \"yuan\"", "unit = \"dollar\"")[0].en.contains("There is no unit \"dollar\""));
    assert!(changed("value = 9500", "value = 9500.005")[0].en.contains("doesn't fit"));
    assert!(Policy::parse(&[("x.toml", "[[rule")]).unwrap_err()[0].en.contains("isn't valid TOML"));
}

#[test]
fn the_version_is_written_or_a_digest_of_the_files() {
    let version = |files: &[(&str, &str)]| Policy::parse(files).unwrap().version().to_owned();
    assert_eq!(version(&[("p.toml", PARAMETERS)]), "2026.1");
    let (a, b) = (("a.toml", "# one"), ("b.toml", "# two"));
    assert_eq!(version(&[a, b]), version(&[b, a]));
    assert_ne!(version(&[a, b]), version(&[a]));
}

#[test]
fn a_brace_holds_one_name_and_stands_where_something_is_filled_in() {
    let problems = changed("{income}，低于", "{inc, found: {income}ome}，低于");
    assert!(problems[0].en.contains("stands alone or holds more than a name"), "{problems:?}");
    assert_eq!(changed("below {line:short} a head", "below {line:short a head").len(), 1);
    let problems = changed("en = \"Child out of school\"", "en = \"Child out of {school}\"");
    assert_eq!(problems[0].en, "title is said as it is written; take the braces out.");
}
