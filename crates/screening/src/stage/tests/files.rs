//! What findings say, where they stand, and the files they are written to.

use super::*;
use serde_json::Value as Json;
use values::AreaCode;

/// A run over told families, written to `findings.json`.
fn written(families: &[Told], persons_told: &[Told]) -> (Vec<u8>, Json) {
    let policy = Policy::parse(POLICY).unwrap();
    let dictionary = dictionary();
    let plan = policy.prepare(&dictionary, "539901", day("2026-09-30")).unwrap();
    let (households, persons, household_of) = frames(families, persons_told);
    let population = population(&households, &persons, &household_of);
    let findings = find(&policy, &plan, &population).unwrap();
    let mut bytes = Vec::new();
    findings.begin_json(&mut bytes).unwrap();
    for (of_findings, _) in findings.json(0..findings.list.len(), &()).unwrap() {
        bytes.extend(of_findings);
    }
    bytes.extend(END_OF_JSON);
    let json = serde_json::from_slice(&bytes).unwrap();
    (bytes, json)
}

fn ill_family(village: i64) -> (Told, Told) {
    let family = told(&[("village", village.into()), ("members", 3.into()), ("once_poor", true.into())]);
    let person = told(&[("member", true.into()), ("own_cost_year", "38640.20".into())]);
    (family, person)
}

fn letter(json: &Json, rule: &str) -> String {
    let finding = json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule).unwrap();
    let card = &json["rules"][rule];
    let both = |words: &Json| format!("{}\n  {}\n", words["zh"].as_str().unwrap(), words["en"].as_str().unwrap());
    let mut letter = both(&finding["explanation"]);
    for fact in finding["facts"].as_array().unwrap() {
        let label = &json["facts"][fact["fact"].as_str().unwrap()]["label"]["zh"];
        letter += &format!("- {} = {}\n", label.as_str().unwrap(), fact["text"]["zh"].as_str().unwrap());
    }
    for missing in finding["missing"].as_array().unwrap() {
        letter += &format!("? {}: {}", missing["label"]["zh"].as_str().unwrap(), both(&missing["how"]));
    }
    letter += &both(&card["not_meant"]);
    letter += &both(&card["can_do"]);
    letter += &both(&card["decides"]);
    letter += &format!(
        "{} {} v{}\n",
        card["until"].as_str().unwrap(),
        card["legal_basis"].as_str().unwrap(),
        card["version"]
    );
    letter
}

#[test]
fn a_finding_explains_itself_in_both_languages() {
    let (family, person) = ill_family(539_901_001_201);
    let (_, json) = written(&[family], &[person]);
    insta::assert_snapshot!(letter(&json, "medical-cost-high"));
}

#[test]
fn what_is_not_known_is_told_with_the_way_to_get_it() {
    let child = told(&[("member", true.into()), ("age", 10.into()), ("age_last_september", 10.into())]);
    let (_, json) = written(&[told(&[("members", 3.into())])], &[child]);
    insta::assert_snapshot!(letter(&json, "child-out-of-school"));
}

#[test]
fn the_file_is_sorted_and_the_same_on_one_thread() {
    let (families, people): (Vec<Told>, Vec<Told>) = (0..40).map(|n| ill_family(539_901_001_201 + n % 2)).unzip();
    let (bytes, json) = written(&families, &people);
    let ranks: Vec<u64> = json["findings"].as_array().unwrap().iter().map(|f| f["rank"].as_u64().unwrap()).collect();
    assert_eq!(ranks, (1..=ranks.len() as u64).collect::<Vec<_>>());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(one.install(|| written(&families, &people).0) == bytes);
}

#[test]
fn a_village_is_asked_about_twenty_families_a_month_and_none_is_dropped() {
    let (families, people): (Vec<Told>, Vec<Told>) = (0..30).map(|_| ill_family(539_901_001_201)).unzip();
    let (_, json) = written(&families, &people);
    let list = json["findings"].as_array().unwrap();
    let ill: Vec<&Json> = list.iter().filter(|f| f["rule"] == "medical-cost-high").collect();
    assert_eq!(ill.len(), 30);
    assert_eq!(ill.iter().filter(|f| f["deferred"] == true).count(), 10);
}

#[test]
fn families_somebody_looks_after_come_apart_and_cost_the_village_nothing() {
    let (mut family, person) = ill_family(539_901_001_201);
    family.insert("monitored".into(), true.into());
    let (other, other_person) = ill_family(539_901_001_201);
    let (_, json) = written(&[family, other], &[person, other_person]);
    let ill: Vec<&Json> =
        json["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "medical-cost-high").collect();
    assert_eq!((&ill[0]["listed"], &ill[1]["listed"]), (&Json::Bool(false), &Json::Bool(true)));
    assert_eq!(ill[1]["deferred"], false);
}

#[test]
fn columns_sheet_and_report_agree_with_the_list() {
    let policy = Policy::parse(POLICY).unwrap();
    let dictionary = dictionary();
    let plan = policy.prepare(&dictionary, "539901", day("2026-09-30")).unwrap();
    let (family, person) = ill_family(539_901_001_201);
    let (households, persons, household_of) = frames(&[family], &[person]);
    let population = population(&households, &persons, &household_of);
    let findings = find(&policy, &plan, &population).unwrap();
    let all = 0..findings.list.len();
    let columns = Entries::new(&plan).columns(&findings.entries(all.clone()).collect::<Vec<_>>());
    let named: Vec<&str> = columns.columns().map(|(name, _)| name).collect();
    let wanted = [
        "finding",
        "household",
        "person",
        "rule",
        "rule_version",
        "rule_set",
        "programme",
        "asserts",
        "outcome",
        "region",
        "as_of",
        "rank",
        "deferred",
    ];
    assert_eq!(named, wanted);
    assert_eq!(columns.text("rule", 0), Some("medical-cost-high"));
    assert_eq!(columns.text("asserts", 0), Some("at_risk"));

    let heads = ["周德全".to_owned()];
    let village = |_: AreaCode| Some("上湾村".to_owned());
    let names = Names { heads: &heads, village: &village };
    let sheet = findings.sheet(all, &names).unwrap();
    assert_eq!(sheet.text("家庭 family", 0), Some("周德全家"));
    let mut page = Vec::new();
    findings.begin_report(findings.counted(), &mut page).unwrap();
    findings.write_villages(&names, &mut page).unwrap();
    page.extend(END_OF_REPORT);
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("上湾村") && page.contains("38,640.20 元") && page.contains("38,640.20 yuan"));
}
