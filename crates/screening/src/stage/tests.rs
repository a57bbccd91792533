//! Every rule tried on a family it is meant for, on an innocent look-alike, and where nobody can know; one family under
//! every county and year; what a finding says.

mod files;
mod page;

use super::*;
use facts::records::{HouseholdId, PersonId};
use facts::{Entity, Fact, HOUSEHOLD, Kind, PERSON};
use rulebook::{Policy, RuleSet};
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;
use values::columns::{Codes, Column, MISSING_DAY, SCALE, Table, Texts, Unit};
use values::{Bounds, Day, Fen, MoneyUnit, Truth};

const CASES: [&str; 4] = [
    include_str!("cases/doubt.toml"),
    include_str!("cases/gap.toml"),
    include_str!("cases/means.toml"),
    include_str!("cases/risk.toml"),
];

type Told = BTreeMap<String, Value>;

/// Facts of one household and one person in it; what isn't told is unknown.
fn frames(families: &[Told], persons_told: &[Told]) -> (Table, Table, Vec<u32>) {
    let mut tables = [Table::new(families.len()), Table::new(families.len())];
    for (table, list, told) in [(0, &HOUSEHOLD[..], families), (1, &PERSON[..], persons_told)] {
        for fact in list {
            let values: Vec<Option<&Value>> = told.iter().map(|told| told.get(fact.name)).collect();
            tables[table].set(fact.name, column(fact, &values));
        }
    }
    let [households, persons] = tables;
    (households, persons, (0..families.len() as u32).collect())
}

fn column(fact: &Fact, values: &[Option<&Value>]) -> Column {
    let known = |value: &Option<&Value>| value.filter(|value| value.as_str() != Some("?")).cloned();
    let values: Vec<Option<Value>> = values.iter().map(known).collect();
    let quantity = |unit| Column::Bounds(unit, values.iter().map(|value| bounds(fact, value.as_ref())).collect());
    let text = |value: &Option<Value>| value.as_ref().map(|value| value.as_str().expect(fact.name).to_owned());
    match fact.kind {
        Kind::Money => quantity(Unit::Fen),
        Kind::Number(_) => quantity(Unit::Number),
        Kind::Count(_) => quantity(Unit::Count),
        Kind::Flag => Column::Flag(
            values.iter().map(|v| Truth::from_option(v.as_ref().map(|v| v.as_bool().expect(fact.name)))).collect(),
        ),
        Kind::Code(list) => {
            let mut codes = Codes::default();
            for code in values.iter().map(text) {
                assert!(code.as_ref().is_none_or(|code| list.contains(&code.as_str())), "{}: {code:?}", fact.name);
                codes.push(code.as_deref());
            }
            Column::Code(codes)
        }
        Kind::Text => {
            Column::Text(values.iter().map(text).collect::<Vec<_>>().iter().map(Option::as_deref).collect::<Texts>())
        }
        Kind::Day => Column::Day(
            values.iter().map(text).map(|t| t.map_or(MISSING_DAY, |t| Day::parse_iso(&t).unwrap().0)).collect(),
        ),
        Kind::Area => {
            Column::Area(values.iter().map(|v| v.as_ref().map_or(0, |v| v.as_integer().unwrap() as u64)).collect())
        }
    }
}

/// A figure, or `low..high`.
fn bounds(fact: &Fact, value: Option<&Value>) -> Bounds {
    let Some(value) = value else { return Bounds::UNKNOWN };
    let one = |text: &str| match fact.kind {
        Kind::Money => Fen::parse(text, MoneyUnit::Yuan).expect(fact.name).0,
        // Two decimals serve for shares and areas.
        Kind::Number(_) => Fen::parse(text, MoneyUnit::Yuan).expect(fact.name).0 * SCALE / 100,
        _ => text.parse().expect(fact.name),
    };
    match value {
        Value::Integer(n) => Bounds::exact(one(&n.to_string())),
        Value::String(text) => match text.split_once("..") {
            Some((low, high)) => Bounds::between(one(low), one(high)),
            None => Bounds::exact(one(text)),
        },
        other => panic!("{}: {other}", fact.name),
    }
}

struct Case {
    rule: String,
    kind: &'static str,
    family: Told,
    person: Told,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in CASES {
        let file: toml::Table = file.parse().unwrap();
        for rule in file["rule"].as_array().unwrap() {
            let id = rule["id"].as_str().unwrap();
            let told = |kind: &str| rule.get(kind).and_then(Value::as_table).cloned();
            let base = told("true").unwrap_or_default();
            for kind in ["true", "innocent", "undetermined"] {
                let Some(differs) = told(kind) else { continue };
                let mut case = Case { rule: id.into(), kind, family: Told::new(), person: Told::new() };
                for (name, value) in base.iter().chain(&differs) {
                    let of_person = facts::find(Entity::Person, name).is_some();
                    let of_family = facts::find(Entity::Household, name).is_some();
                    match name.strip_prefix("household.") {
                        Some(name) => drop(case.family.insert(name.into(), value.clone())),
                        None => {
                            assert!(of_person || of_family, "{id}: {name}");
                            case.family.insert(name.clone(), value.clone());
                            case.person.insert(name.clone(), value.clone());
                        }
                    }
                }
                case.family.retain(|name, _| facts::find(Entity::Household, name).is_some());
                case.person.retain(|name, _| facts::find(Entity::Person, name).is_some());
                cases.push(case);
            }
        }
    }
    cases
}

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

/// (rule, row, outcome) of every finding.
fn tried(
    region: &str,
    as_of: &str,
    families: &[Told],
    persons_told: &[Told],
) -> (BTreeMap<(String, u32), Truth>, usize) {
    let policy = Policy::parse(POLICY).unwrap();
    let dictionary = dictionary();
    let plan = policy.prepare(&dictionary, region, day(as_of)).unwrap();
    let (households, persons, household_of) = frames(families, persons_told);
    let population = population(&households, &persons, &household_of);
    let findings = find(&policy, &plan, &population).unwrap();
    let found = findings.list.iter().map(|f| ((findings.rule_of(f).id.clone(), f.household), f.outcome)).collect();
    (found, findings.notices.len())
}

fn population<'a>(households: &'a Table, persons: &'a Table, household_of: &'a [u32]) -> Population<'a> {
    Population {
        households,
        persons,
        household_of,
        household_ids: (0..households.len() as u128).map(HouseholdId).collect(),
        person_ids: (0..persons.len() as u128).map(|n| PersonId(n << 8)).collect(),
    }
}

#[test]
fn every_rule_finds_whom_it_is_meant_for_and_spares_the_look_alike() {
    let cases = cases();
    let families: Vec<Told> = cases.iter().map(|case| case.family.clone()).collect();
    let people: Vec<Told> = cases.iter().map(|case| case.person.clone()).collect();
    let (found, _) = tried("539901", "2026-09-30", &families, &people);
    let mut wrong = Vec::new();
    for (case, row) in cases.iter().zip(0..) {
        let got = found.get(&(case.rule.clone(), row)).copied().unwrap_or(Truth::False);
        let wanted = match case.kind {
            "true" => Truth::True,
            "innocent" => Truth::False,
            _ => Truth::Undetermined,
        };
        if got != wanted {
            wrong.push(format!("{} {}: {got:?}", case.rule, case.kind));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_tried_and_reads_facts_of_its_own() {
    let policy = Policy::parse(POLICY).unwrap();
    let tried: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    let known: BTreeSet<String> = policy.rules().iter().map(|rule| rule.id.clone()).collect();
    assert_eq!(tried, known);

    let distinct: BTreeSet<BTreeSet<&str>> =
        policy.rules().iter().map(|rule| facts_read(rule).iter().map(|fact| fact.name).collect()).collect();
    let joining = policy.rules().iter().filter(|rule| records_read(rule).len() >= 2).count();
    let over_time = policy.rules().iter().filter(|rule| reasons_over_time(rule)).count();
    assert!(distinct.len() >= 85, "{} different sets of facts", distinct.len());
    assert!(joining >= 25, "{joining} rules join two kinds of record");
    assert!(over_time >= 10, "{over_time} rules reason over time");
    for set in [RuleSet::Doubt, RuleSet::Risk, RuleSet::Gap, RuleSet::Means] {
        assert!(policy.rules().iter().any(|rule| rule.set == set));
    }
}

#[test]
fn all_seven_programmes_have_means_rules() {
    let policy = Policy::parse(POLICY).unwrap();
    let means = policy.rules().iter().filter(|rule| rule.set == RuleSet::Means);
    let programmes: BTreeSet<&str> = means.filter_map(|rule| rule.programme.as_deref()).collect();
    for programme in [
        "dibao",
        "dibao_margin",
        "tekun",
        "expenditure_hardship",
        "temporary",
        "house_renovation",
        "affordable_housing",
    ] {
        assert!(programmes.contains(programme), "{programme}");
    }
}

/// The words that no text uses.
#[test]
fn texts_speak_plainly() {
    for (path, text) in POLICY {
        for word in ["精准", "赋能", "研判", "画像", "违规", "漏保", "认定为", "系统判定"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

fn told(facts: &[(&str, Value)]) -> Told {
    facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[test]
fn one_family_under_every_county_and_year() {
    let family = told(&[
        ("members", 4.into()),
        ("monitoring_income", 36_400.into()),
        ("income_assembled", 36_400.into()),
        ("means_income", 28_400.into()),
        ("income_declared", 28_400.into()),
        ("once_poor", true.into()),
        ("monitored", true.into()),
        ("monitoring_category", "near_poor".into()),
        ("receives_dibao", true.into()),
        ("receives_expenditure_hardship", true.into()),
        ("essential_cost", 18_500.into()),
        ("car_value", 55_000.into()),
        ("financial_assets", 60_000.into()),
        ("serious_illness", false.into()),
        ("severe_disability", false.into()),
        ("homes", "2".into()),
        ("home_area", "220".into()),
    ]);
    let person = told(&[("member", true.into()), ("own_cost_year", 19_000.into())]);
    let holds = |region, as_of, rules: [&str; 7]| {
        let (found, _) = tried(region, as_of, std::slice::from_ref(&family), std::slice::from_ref(&person));
        rules.map(|rule| found.get(&(rule.to_owned(), 0)) == Some(&Truth::True))
    };
    let rules = [
        "income-below-line",
        "dibao-income-over",
        "expenditure-share-low",
        "dibao-car-over",
        "dibao-savings-over",
        "dibao-homes-over",
        "category-out-of-date",
    ];
    // 36,400 for four is 9,100 a head; 28,400 is 591.67 a head and month; 18,500 is 65 % of it; 60,000 is 15,000 a head.
    assert_eq!(holds("539901", "2025-09-30", rules), [false, false, false, false, false, false, false]);
    assert_eq!(holds("539901", "2026-09-30", rules), [true, false, false, false, false, false, true]);
    assert_eq!(holds("539902", "2025-09-30", rules), [false, true, true, true, true, true, false]);
    assert_eq!(holds("539902", "2026-09-30", rules), [true, true, true, false, true, true, true]);
}

#[test]
fn a_county_without_lines_is_told_so_and_nothing_is_taken_for_zero() {
    let family = told(&[
        ("members", 4.into()),
        ("monitoring_income", 1.into()),
        ("once_poor", true.into()),
        ("monitored", false.into()),
    ]);
    let (found, notices) = tried("539909", "2026-09-30", &[family], &[Told::new()]);
    assert_eq!(found.get(&("income-below-line".into(), 0)), Some(&Truth::Undetermined));
    assert!(notices >= 10, "{notices}");
    assert!(!found.iter().any(|((rule, _), truth)| rule == "income-below-line" && *truth == Truth::True));
}
