//! What the police and the medical insurance deliver about persons.

use super::{
    Codes, Coverage, Delivery, File, FileKind, Form, Nature, SEX_DIGITS, SEX_WORDS, Style, Unit, col, unmapped,
};
use crate::rates::Department;
use crate::view::Field;

const KIN: Codes = &[
    ("01", "head"),
    ("10", "spouse"),
    ("20", "child"),
    ("28", "child_in_law"),
    ("40", "grandchild"),
    ("50", "parent"),
    ("57", "parent_in_law"),
    ("70", "sibling"),
    ("97", "other"),
];
const LIVING: Codes = &[("在册", "here"), ("外出", "away"), ("注销或迁出", "left")];
const EDUCATION: Codes =
    &[("文盲", "illiterate"), ("小学", "primary"), ("初中", "junior"), ("高中", "senior"), ("大专以上", "college")];
const MARITAL: Codes = &[("未婚", "10"), ("已婚", "20")];

pub const POLICE: Delivery = Delivery {
    folder: "police",
    title: "常住人口登记与死亡注销",
    department: Department::Police,
    as_of: "2026-09-30",
    purpose: "返贫监测与社会救助核对",
    files: &[
        File {
            name: "register",
            path: "常住人口.csv",
            kind: FileKind::CsvGb18030,
            record: "household_member",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "无"],
            columns: &[
                col("户号", Field::HouseholdNo, Form::Text),
                col("公民身份号码", Field::IdNumber, Form::Text),
                col("姓名", Field::Name, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
                col("出生日期", Field::BirthDate, Form::Date("%Y%m%d")),
                col("民族", Field::Ethnicity, Form::Text),
                col("与户主关系", Field::Relation, Form::Codes(KIN)),
                col("户籍地区划", Field::Area, Form::Code),
                col("住址", Field::Address, Form::Text),
                col("婚姻状况", Field::Marital, Form::Codes(MARITAL)),
                col("文化程度", Field::Education, Form::Codes(EDUCATION)),
                col("在册状态", Field::Living, Form::Codes(LIVING)),
                col("迁入日期", Field::From, Form::Date("%Y%m%d")),
                col("迁出日期", Field::To, Form::Date("%Y%m%d")),
                unmapped("登记机关", "派出所"),
            ],
        },
        File {
            name: "deaths",
            path: "死亡注销.csv",
            kind: FileKind::CsvUtf8,
            record: "death",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "不详"],
            columns: &[
                col("身份号码", Field::IdNumber, Form::Text),
                col("姓名", Field::Name, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_DIGITS)),
                col("区划", Field::Area, Form::Code),
                col("死亡日期", Field::DiedOn, Form::Date("default")),
                col("依据", Field::Evidence, Form::Codes(&[("注销", "register")])),
            ],
        },
    ],
};

const COST_COLUMNS: &[super::Column] = &[
    col("姓名", Field::Name, Form::Text),
    col("证件号", Field::IdNumber, Form::Text),
    col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
    col("参保地", Field::Area, Form::LongPlaceName),
    col("联系电话", Field::Phone, Form::Text),
    col("合规自付(元)", Field::OwnCost, Form::Money(Unit::Yuan, Style::Grouped)),
    col("总费用(元)", Field::TotalCost, Form::Money(Unit::Yuan, Style::Grouped)),
    col("病种类别", Field::Disease, Form::Codes(DISEASES)),
    col("首次结算", Field::From, Form::Date("%Y%m%d")),
    col("末次结算", Field::To, Form::Date("%Y%m%d")),
];
const DISEASES: Codes = &[("大病", "serious"), ("慢病", "chronic"), ("外伤", "injury"), ("其他", "other")];

const fn cost(path: &'static str, name: &'static str) -> File {
    File {
        name,
        path,
        kind: FileKind::CsvGb18030,
        record: "medical_cost",
        nature: Nature::ThresholdList,
        limit: Some(("own_cost", 3_000, "yuan")),
        coverage: Coverage::All,
        missing: &["", "无", "-", "NULL"],
        columns: COST_COLUMNS,
    }
}

pub const MEDICAL: Delivery = Delivery {
    folder: "medical_insurance",
    title: "医保参保与自付超线",
    department: Department::MedicalInsurance,
    as_of: "2026-09-30",
    purpose: "返贫监测",
    files: &[
        File {
            name: "cover",
            path: "参保.parquet",
            kind: FileKind::Parquet,
            record: "medical_cover",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &[""],
            columns: &[
                col("psn_name", Field::Name, Form::Text),
                col("certno", Field::IdNumber, Form::Text),
                col("gend", Field::Sex, Form::Codes(SEX_DIGITS)),
                col("brdy", Field::BirthDate, Form::Date("default")),
                col("admdvs", Field::Area, Form::Code),
                col("tel", Field::Phone, Form::Text),
                col("insutype", Field::Cover, Form::Codes(&[("390", "resident"), ("310", "employee"), ("0", "none")])),
                col("year", Field::Year, Form::Whole),
            ],
        },
        cost("自付超线_2026.csv", "cost"),
    ],
};

pub const MEDICAL_EARLIER: Delivery = Delivery {
    folder: "medical_insurance_2025",
    title: "上年度医保自付超线",
    department: Department::MedicalInsurance,
    as_of: "2025-12-31",
    purpose: "返贫监测",
    files: &[cost("自付超线_2025.csv", "cost_2025")],
};
