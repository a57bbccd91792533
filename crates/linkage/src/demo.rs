//! A pair of records that a human might have to look at, about the invented families of `households::demo`.

use crate::load::{RecordsIn, ReviewIn};
use crate::model::{FieldShown, ModelShown, Pair, RecordKeys, StepShown, TermsShown, Why};
use households::demo;
use households::load::FileIn;
use households::model::{Fact, Member, Source, Value};
use values::{Day, IdNumber, Phone, Precision};

/// The files of the cast; in 沈家明's family he stands twice, once as 沈家鸣, whom the tax office knows.
#[must_use]
pub fn files() -> Vec<FileIn> {
    let mut files = demo::files();
    let shen = &mut files[1];
    let twin = Member {
        person: kernel::content_id("demo person", &["沈家鸣"]).to_string(),
        name: "沈家鸣".to_owned(),
        id_number: None,
        relation: "other".to_owned(),
        registered: false,
        ..shen.file.members[0].clone()
    };
    shen.file.members.push(twin);
    shen.file.facts.push(Fact {
        fact: "tax.income".to_owned(),
        member: Some(shen.file.members.len() as u32 - 1),
        value: Value::Number(120_000),
        source: Some(Source { department: "tax".to_owned(), resource: "people".to_owned(), row: Some(61) }),
        ..shen.file.facts[0].clone()
    });
    shen.people += 1;
    files
}

/// The records behind the people of [`files`]: the register's and the medical insurance's; of 沈家鸣 the tax office's
/// alone.
#[must_use]
pub fn records() -> Vec<RecordsIn> {
    let record = |member: &Member, department: &str, row: usize| {
        let mut keys = RecordKeys {
            department: department.to_owned(),
            resource: "people".to_owned(),
            row: row as u32,
            as_of: Day::from_ymd(2026, 9, 30),
            name: member.name.clone(),
            id_number: member.id_number.filter(|_| department != "tax"),
            sex: member.sex,
            birth: member.birth,
            place: "上湾村".to_owned(),
            address: String::new(),
            phone: member.phone,
            area: 539_901_001_001,
            household: if department == "police" { 1_000 + row as u64 / 10 } else { 0 },
            key: 0,
        };
        keys.key = keys.compared().digest();
        keys
    };
    let person = |(household, (at, member)): (usize, (usize, &Member))| {
        let row = household * 10 + at + 1;
        let departments: &[&str] = if member.name == "沈家鸣" { &["tax"] } else { &["police", "medical_insurance"] };
        let row = if member.name == "沈家鸣" { 61 } else { row };
        (member.person.clone(), departments.iter().map(|department| record(member, department, row)).collect())
    };
    let family = |(number, told): (usize, FileIn)| RecordsIn {
        household: told.household,
        people: told.file.members.iter().enumerate().map(|member| person((number, member))).collect(),
    };
    files().into_iter().enumerate().map(family).collect()
}

/// A whole model, such as a run might have learned.
#[must_use]
pub fn learned() -> fellegi::Model {
    let comparison = |field: &str, levels: &[(&str, f64, f64)]| fellegi::Learned {
        field: field.to_owned(),
        levels: levels
            .iter()
            .map(|(level, m, u)| fellegi::LevelShare { level: (*level).to_owned(), m: *m, u: *u })
            .collect(),
        terms: None,
    };
    fellegi::Model {
        version: fellegi::VERSION,
        prior: 1.2e-6,
        comparisons: vec![
            comparison(
                "id_number",
                &[
                    ("exact", 0.93, 1e-6),
                    ("typos <= 1", 0.03, 1e-6),
                    ("typos <= 2", 0.01, 1e-6),
                    ("near", 0.01, 1e-5),
                    ("else", 0.02, 0.999_98),
                ],
            ),
            comparison(
                "name",
                &[
                    ("exact", 0.93, 0.002),
                    ("variant", 0.01, 0.000_1),
                    ("pinyin", 0.02, 0.000_3),
                    ("swapped", 0.001, 0.000_01),
                    ("one_character", 0.02, 0.01),
                    ("hidden", 0.009, 0.002),
                    ("else", 0.01, 0.985_59),
                ],
            ),
            comparison(
                "birth",
                &[
                    ("exact", 0.94, 0.000_1),
                    ("coarse", 0.01, 0.001),
                    ("transposed", 0.005, 0.000_05),
                    ("one_component", 0.03, 0.004),
                    ("same_year", 0.005, 0.02),
                    ("else", 0.01, 0.974_85),
                ],
            ),
            comparison("sex", &[("exact", 0.99, 0.5), ("else", 0.01, 0.5)]),
            comparison("area", &[("exact", 0.9, 0.01), ("prefix >= 9", 0.06, 0.06), ("else", 0.04, 0.93)]),
            comparison(
                "phone",
                &[("exact", 0.7, 0.000_01), ("damerau_levenshtein <= 1", 0.05, 0.000_1), ("else", 0.25, 0.999_89)],
            ),
            comparison("household", &[("exact", 0.9, 0.9 / 512.0), ("else", 0.1, 1.0 - 0.9 / 512.0)]),
            comparison("address", &[("exact", 0.6, 0.001), ("jaccard >= 0.6", 0.2, 0.01), ("else", 0.2, 0.989)]),
        ],
        blocking: Vec::new(),
    }
}

/// 周德全 in the residence register, and 周得全 in the medical insurance's list.
#[must_use]
pub fn reviews() -> Vec<ReviewIn> {
    let keys = |department: &str, name: &str, body: u64, phone: &str, address: &str| RecordKeys {
        department: department.to_owned(),
        resource: "members".to_owned(),
        row: 318,
        as_of: Day::from_ymd(2026, 9, 30),
        name: name.to_owned(),
        id_number: Some(IdNumber::from_body(body).key()),
        sex: 1,
        birth: Day::from_ymd(1968, 4, 9).map(|day| (day, Precision::Day)),
        place: "柳溪镇上湾村".to_owned(),
        address: address.to_owned(),
        phone: Phone::parse(phone).map(Phone::key),
        // What stands behind the cast is told by hand: any number that is this record's alone will do.
        key: IdNumber::from_body(body).key() ^ name.len() as u64 ^ u64::from(department.as_bytes()[0]) << 48,
        ..RecordKeys::default()
    };
    let step =
        |field: &str, level: &str, weight| StepShown { field: field.to_owned(), level: level.to_owned(), weight };
    let pair = Pair {
        a: keys("police", "周德全", 53_990_119_680_409_271, "13800001234", "三组 14 号"),
        b: keys("medical_insurance", "周得全", 53_990_119_680_409_721, "15900008806", ""),
        prior: Some(-19.6),
        steps: vec![
            step("id_number", "else", Some(6.3)),
            step("name", "else", Some(5.9)),
            step("birth", "exact", Some(8.4)),
            step("sex", "exact", Some(1.0)),
            step("area", "exact", Some(6.2)),
            step("address", "missing", None),
            step("phone", "else", Some(-4.1)),
        ],
        weight: 4.1,
        probability: 0.945,
    };
    let shared = Pair {
        a: keys("police", "杨桂兰", 53_990_119_710_920_022, "", "三组 14 号"),
        b: keys("civil_affairs", "杨桂芳", 53_990_119_710_920_022, "", ""),
        prior: None,
        steps: Vec::new(),
        weight: 0.0,
        probability: 0.5,
    };
    let review = |why, pair| ReviewIn { household: demo::household(0), place: demo::VILLAGE.to_owned(), why, pair };
    vec![review(Why::Uncertain, pair), review(Why::SharedIdNumber, shared)]
}

/// What pages show of [`learned`].
#[must_use]
pub fn model() -> ModelShown {
    let field = |learned: fellegi::Learned| FieldShown {
        field: learned.field,
        levels: learned.levels.into_iter().map(|share| (share.level, share.m, share.u)).collect(),
    };
    ModelShown {
        prior: learned().prior_weight(),
        fields: learned().comparisons.into_iter().map(field).collect(),
        weights: vec![(-4, 12), (0, 40), (3, 58), (12, 2_300), (24, 184_000), (31, 96_000)],
        link_from: 2.5,
        ask_from: -3.2,
        untaught: Vec::new(),
        rules: vec![
            ("id_number".to_owned(), 412_300),
            ("pinyin(name) & born".to_owned(), 18_400),
            ("phone & name[0]".to_owned(), 9_700),
        ],
        best: vec![(-2, 310), (4, 2_200), (12, 9_100), (24, 180_000)],
        terms: vec![TermsShown {
            field: "name".to_owned(),
            m: 0.93,
            ranks: vec![(1, 0.0021), (10, 0.0009), (100, 0.0004)],
            rest: 0.000_04,
        }],
    }
}
