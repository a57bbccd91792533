//! A pair of records that a human might have to look at, about the invented families of `households::demo`.

use crate::load::ReviewIn;
use crate::model::{FieldShown, ModelShown, Pair, RecordKeys, StepShown, Why};
use households::demo;
use values::{Day, IdNumber, Phone, Precision};

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

/// What a run might have learned about linking.
#[must_use]
pub fn model() -> ModelShown {
    let level = |name: &str, m, u| (name.to_owned(), m, u);
    let field = |field: &str, levels| FieldShown { field: field.to_owned(), levels };
    ModelShown {
        prior: -19.6,
        fields: vec![
            field("id_number", vec![level("exact", 0.93, 0.000_001), level("else", 0.07, 0.999_999)]),
            field("name", vec![level("exact", 0.95, 0.002), level("pinyin", 0.03, 0.001), level("else", 0.02, 0.997)]),
        ],
        weights: vec![(-4, 12), (0, 40), (3, 58), (12, 2_300), (24, 184_000), (31, 96_000)],
        link_from: 2.5,
        ask_from: -3.2,
    }
}
