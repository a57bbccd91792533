use super::*;
use crate::dictionary::{dictionary, page};
use crate::{County, FileKind, Template, refuse_repeated_names};
use values::Day;

#[test]
fn the_dictionary_is_whole() {
    assert_eq!(dictionary().records.len(), 24);
    assert_eq!(dictionary().keys.len(), 9);
    for record in &dictionary().records {
        assert!(!record.fields.is_empty() && !record.zh.is_empty() && !record.en.is_empty(), "{}", record.name);
    }
    for department in &dictionary().departments {
        assert!(department.records.iter().all(|record| dictionary().record(record).is_some()), "{}", department.name);
    }
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dictionary.md");

#[test]
fn the_page_of_the_dictionary_is_current() {
    let current = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(current == page(), "docs/dictionary.md is stale: cargo test -p exchange -- --ignored write_the_page");
}

#[test]
#[ignore = "writes docs/dictionary.md"]
fn write_the_page() {
    std::fs::write(PAGE, page()).unwrap();
}

#[test]
fn the_example_of_the_contract() {
    let text = r#"{ "name": "medical-insurance-2026-09", "title": "医保结算与参保",
      "fuzhi": { "department": "medical_insurance", "as_of": "2026-09-30",
                 "nature": "register", "purpose": "返贫监测", "legal_basis": "示例", "coverage": ["539901001", "539901002"] },
      "resources": [
        { "name": "cost", "path": "自付超线.csv", "encoding": "gb18030", "dialect": {"delimiter": ","},
          "fuzhi": { "record": "medical_cost", "nature": "threshold_list",
                     "limit": {"field": "own_cost", "over": 3000, "unit": "yuan"} },
          "schema": { "missingValues": ["", "无", "-", "NULL"],
            "fields": [ {"name": "姓名", "type": "string", "fuzhi": {"as": "name"}},
                        {"name": "证件号", "type": "string", "fuzhi": {"as": "id_number"}},
                        {"name": "性别", "type": "string", "fuzhi": {"as": "sex", "codes": {"男": "1", "女": "2"}}},
                        {"name": "自付(元)", "type": "number", "groupChar": ",", "fuzhi": {"as": "own_cost", "unit": "yuan"}},
                        {"name": "截止", "type": "date", "format": "%Y%m%d", "fuzhi": {"as": "to"}} ] } } ] }"#;
    let (package, problems) = Package::read("medical_insurance/datapackage.json", text);
    assert_eq!(problems, []);
    let package = package.unwrap();
    let cost = &package.resources[0];
    assert_eq!(cost.limit.as_ref().map(|limit| limit.over), Some(300_000));
    assert_eq!(cost.coverage.as_deref(), Some(&["539901001".to_owned(), "539901002".to_owned()][..]));
    assert_eq!(cost.file, FileKind::Csv { delimiter: b',', quote: Some(b'"'), header: true, gb18030: true });
}

/// What a changed description is told, and whether its package and its resource are kept.
fn told(change: impl FnOnce(&mut Value)) -> (bool, bool, String) {
    let fields = json!([
        { "name": "户号", "type": "string", "fuzhi": { "as": "household_no" } },
        { "name": "面积", "type": "number", "fuzhi": { "as": "area_m2", "unit": "m2" } },
        { "name": "等级", "type": "string", "fuzhi": { "as": "grade", "codes": { "甲": "A" } } },
    ]);
    let mut description = described(json!({ "record": "house" }), fields);
    change(&mut description);
    let (package, problems) = read(&description);
    let is_there = package.as_ref().is_some_and(|package| !package.resources.is_empty());
    let text = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    (package.is_some(), is_there, text)
}

#[test]
fn a_padded_code_covers_what_lies_in_its_place() {
    let mut description = described(json!({ "record": "house" }), json!([field("户号", "household_no")]));
    description["fuzhi"]["coverage"] = json!(["539901001000", "539901002001", "53990100"]);
    let coverage = read(&description).0.unwrap().resources[0].coverage.clone();
    assert_eq!(coverage.unwrap(), ["539901001", "539901002001", "53990100"]);
}

#[test]
fn a_sound_description_says_nothing() {
    assert_eq!(told(|_| ()), (true, true, String::new()));
    assert_eq!(told(|d| d["fuzhi"]["department"] = json!("a_department_nobody_knows")), (true, true, String::new()));
    let elsewhere = |d: &mut Value| {
        d["fuzhi"] = json!({ "department": "water", "purpose": "返贫监测" });
        d["resources"][0]["fuzhi"] = json!({ "record": "house", "nature": "register", "as_of": "2026-09-30" });
    };
    assert_eq!(told(elsewhere), (true, true, String::new()), "nature and day may stand on the resource");
    let limit = |d: &mut Value| d["fuzhi"]["limit"] = json!({ "field": "own_cost", "over": 3000 });
    assert_eq!(told(limit), (true, true, String::new()), "a package's limit speaks of its threshold lists alone");
}

#[test]
fn a_delivery_without_purpose_or_department_is_not_read() {
    for field in ["purpose", "department"] {
        let (package, _, text) = told(|d| d["fuzhi"][field] = json!(" "));
        assert!(
            !package && text.contains(&format!("fuzhi.{field}")) && text.contains("none of its data is read"),
            "{text}"
        );
    }
    let (package, problems) = Package::read("water/datapackage.json", "{ not json");
    assert!(package.is_none() && problems[0].reason.en.contains("no valid JSON"));
}

#[test]
fn a_resource_described_wrongly_is_set_aside() {
    type Change = fn(&mut Value);
    let wrong: [(Change, &str); 17] = [
        (|d| d["fuzhi"]["nature"] = Value::Null, "it names no fuzhi.nature"),
        (|d| d["fuzhi"]["nature"] = json!("registry"), "register, threshold_list, query_answer"),
        (|d| d["fuzhi"]["as_of"] = json!("30.9.2026"), "YYYY-MM-DD"),
        (|d| d["fuzhi"]["as_of"] = Value::Null, "it names no fuzhi.as_of"),
        (|d| d["fuzhi"]["coverage"] = json!(["青石镇"]), "fuzhi.coverage"),
        (|d| d["resources"][0]["fuzhi"]["record"] = json!("houses"), "use one of: household_member"),
        (|d| d["resources"][0]["fuzhi"]["record"] = Value::Null, "it names no fuzhi.record"),
        (|d| d["resources"][0]["path"] = json!("../truth/records.csv"), "leads out of the delivery's folder"),
        (|d| d["resources"][0]["path"] = json!("list.docx"), "csv, xlsx, parquet, jsonl"),
        (|d| d["resources"][0]["encoding"] = json!("big5"), "utf-8, gb18030"),
        (
            |d| d["resources"][0]["schema"]["fields"][1]["fuzhi"]["as"] = json!("area_mu"),
            "the record house has no field area_mu",
        ),
        (|d| d["resources"][0]["schema"]["fields"][1]["fuzhi"]["as"] = json!("household_no"), "it repeats \"户号\""),
        (|d| d["resources"][0]["schema"]["fields"][1]["fuzhi"]["unit"] = json!("yuan"), "the unit \"yuan\" isn't one"),
        (
            |d| d["resources"][0]["fuzhi"]["limit"] = json!({ "field": "area_mu", "over": 1 }),
            "no column is mapped to area_mu",
        ),
        (|d| d["resources"][0]["fuzhi"]["database"] = json!("sqlite:../truth.db"), "it names no fuzhi.table"),
        (
            |d| {
                d["resources"][0]["fuzhi"] =
                    json!({ "record": "house", "database": "sqlite:../truth.db", "table": "t" })
            },
            "sqlite:PATH",
        ),
        (|d| d["resources"][0]["schema"] = Value::Null, "it names no schema"),
    ];
    for (change, expected) in wrong {
        let (package, resource, text) = told(change);
        assert!(package && !resource && text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn what_can_be_lived_with_is_told() {
    let (_, resource, text) = told(|d| d["resources"][0]["schema"]["fields"][2]["fuzhi"]["codes"]["乙"] = json!("Z"));
    assert!(resource && text.contains("maps \"乙\" to Z"), "{text}");
    let (_, resource, text) = told(|d| d["fuzhi"]["nature"] = json!("threshold_list"));
    assert!(resource && text.contains("states no limit"), "{text}");
}

#[test]
fn resource_names_are_unique_within_a_department() {
    let (package, _) = read(&described(json!({ "record": "house" }), json!([field("户号", "household_no")])));
    let mut packages = [package.clone().unwrap(), package.unwrap()];
    let problems = refuse_repeated_names(&mut packages);
    assert_eq!((packages[0].resources.len(), packages[1].resources.len()), (1, 0));
    assert!(problems[0].reason.en.contains("already has a resource list"));
}

#[test]
fn a_county() {
    let text = "[county]\ncode = \"539901\"\nname = \"禾岭县\"\nas_of = \"2026-09-30\"\nplaces = \"places.csv\"\n";
    let county = County::read("county.toml", text, None).unwrap();
    assert_eq!((county.code.as_str(), county.as_of.to_string().as_str()), ("539901", "2026-09-30"));
    let other = Day::parse_iso("2025-12-31").unwrap();
    assert_eq!(County::read("county.toml", text, Some(other)).unwrap().as_of, other);
    for (from, to, expected) in [
        ("539901", "5399", "not six digits"),
        ("2026-09-30", "2026-09-31", "no date"),
        ("places.csv", "/etc/places.csv", "leads out"),
        ("code", "kode", "missing field"),
    ] {
        let problem = County::read("county.toml", &text.replacen(from, to, 1), None).unwrap_err();
        assert!(problem.reason.en.contains(expected), "{problem}");
    }
}

#[test]
fn a_template_lacks_nothing_but_day_and_purpose() {
    let names = dictionary().departments.iter().map(|department| &department.name);
    for name in names.chain(dictionary().records.iter().map(|record| &record.name)) {
        let template = Template::of(name).unwrap();
        let mut description: Value = serde_json::from_str(&template.description).unwrap();
        assert!(Package::read("d", &template.description).0.is_none(), "the purpose is the department's to state");
        description["fuzhi"]["purpose"] = json!("返贫监测");
        description["fuzhi"]["as_of"] = json!("2026-09-30");
        let (package, problems) = Package::read("d", &description.to_string());
        assert_eq!(problems, [], "{name}");
        let package = package.unwrap();
        let columns = package.resources.iter().map(|resource| resource.fields.len());
        assert_eq!(
            columns.collect::<Vec<_>>(),
            template.files.iter().map(|(_, header)| header.len()).collect::<Vec<_>>()
        );
    }
    assert!(Template::of("astrology").unwrap_err().remedy.en.contains("medical_insurance"));
}
