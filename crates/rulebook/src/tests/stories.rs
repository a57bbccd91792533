use crate::{Entity, Fact, Frames, Kind, MissingWhat, Policy, Words};
use values::columns::{Codes, Column, Table, Unit};
use values::{Bounds, Day, Truth};

pub(super) const PARAMETERS: &str = r#"
version = "2026.1"

[[parameter]]
name = "line"
unit = "yuan"
title = { zh = "监测参考线", en = "monitoring reference line" }
legal_basis = "示例办法第三条"
status = "example"
lines = [
  { region = "539901", from = 2025-01-01, to = 2025-12-31, value = 9000 },
  { region = "539901", from = 2026-01-01, to = 2026-12-31, value = 9500 },
]

[[parameter]]
name = "categories"
unit = "codes"
title = { zh = "类别", en = "categories" }
legal_basis = "示例"
lines = [{ region = "*", value = ["regular_assistance"] }]

[[parameter]]
name = "township"
unit = "words"
title = { zh = "谁来决定", en = "who decides" }
legal_basis = "示例"
lines = [{ region = "*", value = { zh = "镇里决定要不要入户。", en = "The township decides about a visit." } }]

[[parameter]]
name = "days_to_visit"
unit = "days"
title = { zh = "几天内入户", en = "days to the visit" }
legal_basis = "示例"
lines = [{ region = "5399", value = 15 }]
"#;

pub(super) const RULES: &str = r#"
[[rule]]
id = "income-below-line"
version = 1
set = "risk"
entity = "household"
asserts = "at_risk"
legal_basis = "示例办法第三条"
weight = 60
applies = "members > 0"
condition = "income < param('line') * members"
decides = "township"
deadline = "days_to_visit"
title = { zh = "收入低于监测线", en = "Income below the line" }
about = { zh = "全家收入低于监测线。", en = "The family's income is below the line." }
message = { zh = "全家 {members}，一年收入 {income}，低于每人 {line:short}。", en = "The {members} had {income} in a year, below {line:short} a head." }
not_meant = { zh = "不代表已经是监测对象。", en = "It does not mean they are on the register." }
can_do = "township"

[[rule]]
id = "child-not-in-school"
version = 2
set = "gap"
entity = "household"
asserts = "doubt"
legal_basis = "示例"
weight = 80
condition = "any(age(birth) between 6 and 15 and not (school = 'enrolled')) and not (category in (param('categories')))"
decides = "township"
deadline = "days_to_visit"
title = { zh = "孩子没上学", en = "Child out of school" }
about = { zh = "有孩子没上学。", en = "A child isn't in school." }
message = { zh = "孩子的在校状况：{school}。", en = "The child's school status: {school}." }
not_meant = "township"
can_do = "township"
"#;

pub(super) fn facts() -> Vec<Fact> {
    let fact = |name: &str, entity, kind, zh: &str, en: &str| Fact::new(name, entity, kind, Words::new(zh, en));
    use Entity::{Household, Person};
    vec![
        fact("members", Household, Kind::Count, "人口", "members").with_unit("persons"),
        fact("income", Household, Kind::Money, "监测收入", "monitoring income"),
        fact("savings", Household, Kind::Money, "存款", "savings").from_query_answers(),
        fact("category", Household, Kind::Code, "监测类别", "monitoring category")
            .with_codes(["near_poor", "regular_assistance"]),
        fact("birth", Person, Kind::Day, "出生日期", "born on"),
        fact("school", Person, Kind::Code, "在校状况", "school status").with_codes(["enrolled", "left"]),
    ]
}

fn codes(values: &[Option<&str>]) -> Column {
    let mut codes = Codes::default();
    values.iter().for_each(|value| codes.push(*value));
    Column::Code(codes)
}

/// Three families: on the line; one fen below it; income known only within limits.
fn village() -> (Table, Table, Vec<u32>) {
    let mut households = Table::new(3);
    households.set("members", Column::Count(vec![2, 2, 1]));
    let income = [Bounds::exact(1_900_000), Bounds::exact(1_899_999), Bounds::between(0, 1_000_000)];
    households.set("income", Column::Bounds(Unit::Fen, income.into_iter().collect()));
    households.set("category", codes(&[Some("near_poor"), Some("regular_assistance"), None]));
    let mut persons = Table::new(5);
    let day = |text: &str| Day::parse_iso(text).unwrap().0;
    let births = ["1980-01-01", "2015-03-04", "1985-01-01", "2016-01-01", "2020-09-30"];
    persons.set("birth", Column::Day(births.map(day).to_vec()));
    persons.set("school", codes(&[None, Some("left"), None, Some("left"), None]));
    (households, persons, vec![0, 0, 1, 1, 2])
}

fn policy() -> Policy {
    Policy::parse(&[("a/parameters.toml", PARAMETERS), ("rules.toml", RULES)]).unwrap()
}

fn as_of() -> Day {
    Day::parse_iso("2026-09-30").unwrap()
}

#[test]
fn on_the_line_is_not_below_it_and_what_is_bounded_is_undetermined() {
    let (policy, facts) = (policy(), facts());
    let plan = policy.prepare(&facts, "539901", as_of()).unwrap();
    let (households, persons, of) = village();
    let frames = Frames::new(&households, &persons, &of).unwrap();
    let outcomes = plan.evaluate(&frames).unwrap();
    let rules: Vec<_> = plan.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["child-not-in-school", "income-below-line"]);
    let hits = |rule: usize| outcomes[rule].hits.iter().map(|hit| (hit.row, hit.outcome)).collect::<Vec<_>>();
    assert_eq!(hits(1), [(1, Truth::True), (2, Truth::Undetermined)]);
    assert_eq!(outcomes[1].asked, 3);
    // The first family's child left school; the second is listed already; of the third nobody knows either.
    assert_eq!(hits(0), [(0, Truth::True), (2, Truth::Undetermined)]);
    let missing = |rule: usize| {
        plan.missing(rule, &outcomes[rule].hits[1]).into_iter().map(|missing| missing.name).collect::<Vec<_>>()
    };
    assert_eq!(missing(1), ["income"]);
    assert_eq!(missing(0), ["category", "school"]);
}

#[test]
fn a_finding_explains_itself_in_both_languages() {
    let (policy, facts) = (policy(), facts());
    let plan = policy.prepare(&facts, "539901", as_of()).unwrap();
    let (households, persons, of) = village();
    let frames = Frames::new(&households, &persons, &of).unwrap();
    let told = plan.explain(&frames, 1, 1).unwrap();
    assert_eq!(told.sentence.zh, "全家 2 人，一年收入 18,999.99 元，低于每人 9,500 元。");
    assert_eq!(told.sentence.en, "The 2 persons had 18,999.99 yuan in a year, below 9,500 yuan a head.");
    let used: Vec<_> = told.facts.iter().map(|fact| (fact.name.as_str(), fact.text.en.as_str())).collect();
    assert_eq!(used, [("members", "2 persons"), ("income", "18,999.99 yuan")]);
    let line = &told.parameters[0];
    assert_eq!((line.name.as_str(), line.region.as_str()), ("line", "539901"));
    assert_eq!(line.validity.from, Day::from_ymd(2026, 1, 1));
    assert_eq!(told.can_do.en, "The township decides about a visit.");
    assert_eq!(told.deadline, Day::from_ymd(2026, 10, 15));

    let told = plan.explain(&frames, 1, 2).unwrap();
    assert_eq!(told.sentence.zh, "判断不了：缺 监测收入。");
    assert_eq!(told.facts[1].text.zh, "0.00 到 10,000.00 元");

    let told = plan.explain(&frames, 0, 0).unwrap();
    assert_eq!(told.sentence.en, "The child's school status: left.");
    let people: Vec<_> = told.facts.iter().filter(|f| f.entity == Entity::Person).map(|f| f.row).collect();
    assert_eq!(people, [1, 1]);
}

#[test]
fn a_region_without_a_line_is_undetermined_and_says_which_line() {
    let (policy, facts) = (policy(), facts());
    let plan = policy.prepare(&facts, "539902", as_of()).unwrap();
    let (households, persons, of) = village();
    let frames = Frames::new(&households, &persons, &of).unwrap();
    let outcomes = plan.evaluate(&frames).unwrap();
    assert_eq!(outcomes[1].hits.len(), 3);
    assert!(outcomes[1].hits.iter().all(|hit| hit.outcome == Truth::Undetermined));
    let missing = plan.missing(1, &outcomes[1].hits[0]);
    assert_eq!((missing[0].name.as_str(), missing[0].what), ("line", MissingWhat::Parameter));
    assert_eq!(plan.without_parameters(), [(1, vec!["line"])]);
}

/// The village over and over, and at the end somebody who belongs to no household.
fn county(times: usize) -> (Table, Table, Vec<u32>) {
    let (households, persons, of) = village();
    let repeated = |table: &Table, alone: usize| {
        let rows: Vec<usize> = (0..times).flat_map(|_| 0..table.len()).chain((0..alone).map(|_| 1)).collect();
        let mut long = Table::new(rows.len());
        for (name, column) in table.columns() {
            let column = match column {
                Column::Count(c) => Column::Count(rows.iter().map(|row| c[*row]).collect()),
                Column::Day(c) => Column::Day(rows.iter().map(|row| c[*row]).collect()),
                Column::Bounds(unit, c) => Column::Bounds(*unit, rows.iter().map(|row| c.get(*row)).collect()),
                Column::Code(c) => codes(&rows.iter().map(|row| c.get(*row)).collect::<Vec<_>>()),
                other => other.clone(),
            };
            long.set(name, column);
        }
        long
    };
    let all = (0..times as u32).flat_map(|time| of.iter().map(move |household| time * 3 + household));
    (repeated(&households, 0), repeated(&persons, 1), all.chain([Frames::NO_HOUSEHOLD]).collect())
}

#[test]
fn many_families_are_answered_as_each_alone() {
    const TIMES: usize = 2_000;
    let person_rule = RULES.replace("entity = \"household\"", "entity = \"person\"").replace(
        "any(age(birth) between 6 and 15 and not (school = 'enrolled'))",
        "(age(birth) between 6 and 15 and not (school = 'enrolled'))",
    );
    let (policy, facts) = (policy(), facts());
    let persons_policy = Policy::parse(&[("a.toml", PARAMETERS), ("b.toml", person_rule.as_str())]).unwrap();
    let (households, persons, of) = county(TIMES);
    let frames = Frames::new(&households, &persons, &of).unwrap();
    let plan = policy.prepare(&facts, "539901", as_of()).unwrap();
    let outcomes = plan.evaluate(&frames).unwrap();
    let rows: Vec<_> = outcomes[1].hits.iter().map(|hit| (hit.row, hit.outcome)).collect();
    let expected =
        (0..TIMES as u32).flat_map(|time| [(time * 3 + 1, Truth::True), (time * 3 + 2, Truth::Undetermined)]);
    assert_eq!(rows, expected.collect::<Vec<_>>());

    // A person's rule: the child of each first family; the second is listed; of who belongs nowhere that is unknown.
    let plan = persons_policy.prepare(&facts, "539901", as_of()).unwrap();
    let hits = &plan.evaluate(&frames).unwrap()[0].hits;
    let last = hits.last().unwrap();
    assert_eq!((last.row as usize, last.outcome), (persons.len() - 1, Truth::Undetermined));
    assert_eq!(plan.missing(0, last)[0].name, "category");
    assert_eq!(plan.explain(&frames, 0, last.row).unwrap().missing[0].name, "category");
    assert_eq!(hits.iter().filter(|hit| hit.outcome == Truth::True).count(), TIMES);
}

#[test]
fn persons_stand_by_household() {
    let (households, persons, _) = village();
    assert!(Frames::new(&households, &persons, &[0, 0, 2, 1, 2]).is_err());
    assert!(Frames::new(&households, &persons, &[0, 0, 1, 1, 3]).is_err());
    assert!(Frames::new(&households, &persons, &[0]).is_err());
    let mut wrong = households.clone();
    wrong.set("income", Column::Count(vec![1, 2, 3]));
    let (policy, facts, of) = (policy(), facts(), [0, 0, 1, 1, 2]);
    let plan = policy.prepare(&facts, "539901", as_of()).unwrap();
    let error = plan.evaluate(&Frames::new(&wrong, &persons, &of).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "the column of the fact income doesn't hold Money");
}
