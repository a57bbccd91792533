//! A few invented families for tests, screenshots and the guide: 周德全's in 上湾村, and their neighbours.

use crate::load::FileIn;
use crate::model::{Axes, Conflict, Fact, File, Listed, Member, Said, Source, Value};
use kernel::content_id;
use values::{Day, Fen, IdNumber, Phone, Precision};

/// The village of the cast, and one that its people may not see.
pub const VILLAGE: &str = "539901001001";
pub const OTHER_VILLAGE: &str = "539901002001";

/// Head, village, and how many live together. The first is 周德全, whose file is told in full.
const FAMILIES: [(&str, &str, i64); 12] = [
    ("周德全", VILLAGE, 4),
    ("沈家明", VILLAGE, 3),
    ("郑阿妹", VILLAGE, 2),
    ("谭志远", VILLAGE, 5),
    ("黎福生", VILLAGE, 4),
    ("吴桂芝", VILLAGE, 1),
    ("段永康", VILLAGE, 2),
    ("彭长庚", VILLAGE, 6),
    ("秦素珍", OTHER_VILLAGE, 3),
    ("冉启明", OTHER_VILLAGE, 4),
    ("陶金莲", OTHER_VILLAGE, 2),
    ("邱大海", OTHER_VILLAGE, 5),
];

/// The id of a family of the cast, by its number from 0.
#[must_use]
pub fn household(number: usize) -> String {
    content_id("demo household", &[&number.to_string()]).to_string()
}

/// Head and village of a family of the cast.
#[must_use]
pub fn family(number: usize) -> (&'static str, &'static str) {
    let (head, village, _) = FAMILIES[number % FAMILIES.len()];
    (head, village)
}

/// How many families there are.
pub const COUNT: usize = FAMILIES.len();

/// The files of the cast, as a run would find them on 30 September 2026.
#[must_use]
pub fn files() -> Vec<FileIn> {
    (0..COUNT).map(file).collect()
}

fn file(number: usize) -> FileIn {
    let (head, village, people) = FAMILIES[number];
    let file = if number == 0 { zhou() } else { neighbour(head, number, people) };
    FileIn {
        household: household(number),
        place: village.to_owned(),
        number: format!("{village}{:06}", 417 + number),
        head: head.to_owned(),
        people,
        file,
    }
}

fn day(year: i16, month: i8, of_month: i8) -> Option<Day> {
    Day::from_ymd(year, month, of_month)
}

fn person(name: &str, relation: &str, sex: u8, birth: Option<Day>, serial: u64) -> Member {
    // 539901 lies in no real county, so no number of the cast is anybody's.
    let birth_digits: u64 = birth.map_or(19_700_101, |day| {
        let (y, m, d) = day.ymd();
        y as u64 * 10_000 + m as u64 * 100 + d as u64
    });
    let body = 539_901 * 100_000_000_000 + birth_digits * 1_000 + serial;
    Member {
        person: content_id("demo person", &[name, &serial.to_string()]).to_string(),
        name: name.to_owned(),
        sex,
        birth: birth.map(|day| (day, Precision::Day)),
        id_number: Some(IdNumber::from_body(body).key()),
        phone: (relation == "head").then(|| Phone::parse("13800001234").map(Phone::key)).flatten(),
        relation: relation.to_owned(),
        registered: true,
        co_living: true,
        from: None,
        to: None,
    }
}

fn source(department: &str, resource: &str, row: Option<u32>) -> Option<Source> {
    Some(Source { department: department.to_owned(), resource: resource.to_owned(), row })
}

fn fact(name: &str, value: Value, source: Option<Source>, method: &str) -> Fact {
    let departments = Vec::new();
    Fact {
        fact: name.to_owned(),
        member: None,
        value,
        source,
        departments,
        as_of: day(2026, 9, 30),
        method: method.to_owned(),
    }
}

fn money(name: &str, yuan: i64, department: &str, method: &str) -> Fact {
    fact(name, Value::Money(Fen::from_yuan(yuan)), source(department, "records", None), method)
}

fn zhou() -> File {
    let mut daughter_in_law = person("李春梅", "child_in_law", 2, day(1997, 6, 2), 26);
    daughter_in_law.co_living = false;
    let said = |text: &str, department: &str, used| Said {
        value: Value::Text(text.to_owned()),
        source: Source { department: department.to_owned(), resource: "members".to_owned(), row: Some(318) },
        as_of: day(2026, 9, 30),
        used,
    };
    File {
        members: vec![
            person("周德全", "head", 1, day(1968, 4, 9), 11),
            person("杨桂兰", "spouse", 2, day(1971, 9, 20), 22),
            person("周小川", "child", 1, day(1995, 2, 3), 33),
            person("周子轩", "grandchild", 1, day(2018, 3, 15), 51),
            daughter_in_law,
        ],
        axes: Axes::default(),
        facts: vec![
            fact("members", Value::Number(40_000), source("rural_revitalisation", "members", None), "register"),
            money("wage_income", 34_800, "human_resources", "register"),
            fact(
                "operating_income",
                Value::Money(Fen::from_yuan(8_400)),
                source("rural_revitalisation", "income", Some(88)),
                "declared",
            ),
            money("operating_cost", 3_360, "rural_revitalisation", "coefficient"),
            money("property_income", 1_200, "agriculture", "evidence"),
            fact("transfer_income", Value::Unknown, None, "register"),
            money("subsidy_income", 486, "finance", "register"),
            fact("net_income", Value::MoneyBetween(Some(Fen::from_yuan(41_526)), None), None, "computed"),
            fact(
                "own_cost_window",
                Value::Money(Fen(3_864_020)),
                source("medical_insurance", "cost", Some(1207)),
                "register",
            ),
            fact("children_out_of_school", Value::Number(0), source("education", "school", Some(512)), "register"),
            fact("uncovered_members", Value::Number(0), source("medical_insurance", "cover", None), "register"),
            fact("house_unsafe", Value::Flag(false), source("housing", "survey", Some(77)), "register"),
            fact("water_unsafe", Value::Unknown, None, "register"),
            fact("house_grade", Value::Text("B".to_owned()), source("housing", "survey", Some(77)), "register"),
            fact(
                "main_earner_months_without_wage",
                Value::Number(40_000),
                source("human_resources", "jobs", None),
                "computed",
            ),
        ],
        conflicts: vec![Conflict {
            fact: "living".to_owned(),
            member: Some(4),
            said: vec![said("here", "police", false), said("left", "rural_revitalisation", true)],
        }],
    }
}

fn neighbour(head: &str, number: usize, people: i64) -> File {
    let serial = number as u64 * 20;
    let mut members = vec![person(head, "head", 1, day(1960 + number as i16, 5, 12), serial + 1)];
    for other in 1..people {
        let relation = if other == 1 { "spouse" } else { "child" };
        let surname: String = head.chars().take(1).collect();
        let name = format!("{surname}{}", ["秀", "平", "安", "乐", "宁"][other as usize % 5]);
        members.push(person(
            &name,
            relation,
            if other == 1 { 2 } else { 1 },
            day(1990, 3, other as i8 + 1),
            serial + other as u64 + 1,
        ));
    }
    let listed = Listed {
        code: "dibao".to_owned(),
        since: day(2024, 1, 1),
        source: source("civil_affairs", "assistance", Some(9)),
    };
    let axes = if number % 4 == 3 { Axes { assistance: vec![listed], ..Axes::default() } } else { Axes::default() };
    File {
        members,
        axes,
        facts: vec![
            money("wage_income", 12_000 + number as i64 * 800, "human_resources", "register"),
            fact("children_out_of_school", Value::Number(0), source("education", "school", None), "register"),
        ],
        conflicts: Vec::new(),
    }
}
