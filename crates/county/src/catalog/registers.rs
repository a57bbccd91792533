//! What the offices for work, schools, disability, payments and health keep.

use super::{
    Codes, Coverage, Delivery, File, FileKind, Form, Nature, SEX_DIGITS, SEX_WORDS, Style, Unit, col, unmapped,
};
use crate::rates::Department;
use crate::view::Field;

const STATUS: Codes = &[("在岗", "employed"), ("离职", "lost"), ("退休", "retired")];
const WORKPLACE: Codes = &[("乡内", "township"), ("县内", "county"), ("省内", "province"), ("省外", "beyond")];
const STAGES: Codes = &[
    ("学前", "preschool"),
    ("小学", "primary"),
    ("初中", "junior"),
    ("普通高中", "senior"),
    ("中职", "vocational"),
    ("高等教育", "college"),
];
const SCHOOL_STATUS: Codes =
    &[("在读", "enrolled"), ("送教上门", "home_teaching"), ("缺勤", "absent"), ("辍学", "left"), ("毕业", "finished")];
const KINDS: Codes =
    &[("视力", "1"), ("听力", "2"), ("言语", "3"), ("肢体", "4"), ("智力", "5"), ("精神", "6"), ("多重", "7")];
const GRADES: Codes = &[("一级", "1"), ("二级", "2"), ("三级", "3"), ("四级", "4")];

pub const HUMAN_RESOURCES: Delivery = Delivery {
    folder: "human_resources",
    title: "就业登记与公益性岗位",
    department: Department::HumanResources,
    as_of: "2026-09-30",
    purpose: "返贫监测与就业帮扶",
    files: &[
        File {
            name: "employment",
            path: "就业登记.jsonl",
            kind: FileKind::JsonLines,
            record: "employment",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "未知"],
            columns: &[
                col("name", Field::Name, Form::Text),
                col("id_card", Field::IdNumber, Form::Text),
                col("gender", Field::Sex, Form::Codes(SEX_DIGITS)),
                col("region", Field::Area, Form::Code),
                col("mobile", Field::Phone, Form::Text),
                col("company", Field::Employer, Form::Text),
                col("wage", Field::MonthlyWage, Form::Money(Unit::Yuan, Style::Number)),
                col("state", Field::Status, Form::Codes(STATUS)),
                col("place", Field::Workplace, Form::Codes(WORKPLACE)),
                col("start_date", Field::From, Form::Date("%Y-%m-%d")),
                col("end_date", Field::To, Form::Date("%Y-%m-%d")),
            ],
        },
        File {
            name: "public_posts",
            path: "公益性岗位.xlsx",
            kind: FileKind::Xlsx("花名册"),
            record: "employment",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "/"],
            columns: &[
                col("姓名", Field::Name, Form::Text),
                col("身份证号", Field::IdNumber, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
                col("所在村", Field::Area, Form::PlaceName),
                col("岗位", Field::Employer, Form::Text),
                col("月补贴", Field::MonthlyWage, Form::Money(Unit::Yuan, Style::Number)),
                col("状态", Field::Status, Form::Codes(STATUS)),
                col("上岗日期", Field::From, Form::Serial),
                col("离岗日期", Field::To, Form::Serial),
                unmapped("乡镇", "人社所"),
            ],
        },
    ],
};

pub const PENSIONS: Delivery = Delivery {
    folder: "human_resources_pension",
    title: "养老金发放",
    department: Department::HumanResources,
    as_of: "2026-08-31",
    purpose: "返贫监测",
    files: &[File {
        name: "pension",
        path: "养老金发放.csv",
        kind: FileKind::CsvUtf8,
        record: "pension",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &["", "-"],
        columns: &[
            col("个人编号姓名", Field::Name, Form::Text),
            col("社会保障号码", Field::IdNumber, Form::Text),
            col("出生年月", Field::BirthDate, Form::Date("%Y-%m")),
            col("性别", Field::Sex, Form::Codes(SEX_DIGITS)),
            col("参保地", Field::Area, Form::Code),
            col("月养老金", Field::MonthlyAmount, Form::Money(Unit::Yuan, Style::Plain)),
            col("起发年月", Field::From, Form::Date("%Y%m")),
            col("停发年月", Field::To, Form::Date("%Y%m")),
        ],
    }],
};

pub const EDUCATION: Delivery = Delivery {
    folder: "education",
    title: "学籍与高中以上在读",
    department: Department::Education,
    as_of: "2026-09-20",
    purpose: "控辍保学",
    files: &[
        File {
            name: "roll",
            path: "学籍.csv",
            kind: FileKind::CsvGb18030,
            record: "school",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "无", "待核"],
            columns: &[
                col("学生姓名", Field::Name, Form::Text),
                col("学籍身份证件号", Field::IdNumber, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
                col("出生日期", Field::BirthDate, Form::Date("%Y.%m.%d")),
                col("户口所在地", Field::Area, Form::LongPlaceName),
                col("监护人电话", Field::Phone, Form::Text),
                col("学段", Field::Stage, Form::Codes(STAGES)),
                col("就读状态", Field::Status, Form::Codes(SCHOOL_STATUS)),
                col("年自付费用", Field::OwnCost, Form::Money(Unit::Yuan, Style::Plain)),
                col("入学日期", Field::From, Form::Date("%Y.%m.%d")),
                col("结束日期", Field::To, Form::Date("%Y.%m.%d")),
                unmapped("学区", "中心校"),
            ],
        },
        File {
            name: "beyond",
            path: "高中以上在读.jsonl",
            kind: FileKind::JsonLines,
            record: "school",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &[""],
            columns: &[
                col("xm", Field::Name, Form::Text),
                col("sfzh", Field::IdNumber, Form::Text),
                col("csrq", Field::BirthDate, Form::Date("%Y-%m")),
                col("xzqh", Field::Area, Form::Code),
                col("xd", Field::Stage, Form::Codes(STAGES)),
                col("zt", Field::Status, Form::Codes(SCHOOL_STATUS)),
                col("zffy", Field::OwnCost, Form::Money(Unit::Yuan, Style::Number)),
                col("kssj", Field::From, Form::Date("%Y-%m-%d")),
                col("jssj", Field::To, Form::Date("%Y-%m-%d")),
            ],
        },
    ],
};

pub const DISABLED: Delivery = Delivery {
    folder: "disabled_federation",
    title: "残疾人证",
    department: Department::DisabledFederation,
    as_of: "2026-06-30",
    purpose: "残疾人补贴核对",
    files: &[File {
        name: "cards",
        path: "残疾人证.csv",
        kind: FileKind::CsvUtf8Bom,
        record: "disability",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &["", "无"],
        columns: &[
            col("姓名", Field::Name, Form::Text),
            col("身份证号", Field::IdNumber, Form::Text),
            col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
            col("出生日期", Field::BirthDate, Form::Date("%Y/%m/%d")),
            col("户籍地", Field::Area, Form::Code),
            col("联系电话", Field::Phone, Form::Text),
            col("残疾证号", Field::CardNo, Form::Text),
            col("残疾类别", Field::Kind, Form::Codes(KINDS)),
            col("残疾等级", Field::Grade, Form::Codes(GRADES)),
            col("发证日期", Field::IssuedOn, Form::Date("%Y/%m/%d")),
        ],
    }],
};

pub const FINANCE: Delivery = Delivery {
    folder: "finance",
    title: "惠民惠农一卡通发放",
    department: Department::Finance,
    as_of: "2026-09-30",
    purpose: "惠民惠农补贴资金监管",
    files: &[File {
        name: "subsidy",
        path: "一卡通.db",
        kind: FileKind::Sqlite("payments"),
        record: "subsidy",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("xm", Field::Name, Form::Text),
            col("sfzhm", Field::IdNumber, Form::Text),
            col("xzqh", Field::Area, Form::Code),
            col("lxdh", Field::Phone, Form::Text),
            col("bzxm", Field::Item, Form::Text),
            col("je_fen", Field::Amount, Form::Money(Unit::Fen, Style::Number)),
            col("ffrq", Field::PaidOn, Form::Date("%Y-%m-%d")),
            col("khxm", Field::AccountHolder, Form::Text),
        ],
    }],
};

pub const HEALTH: Delivery = Delivery {
    folder: "health",
    title: "院内死亡",
    department: Department::Health,
    as_of: "2026-09-30",
    purpose: "人口信息比对",
    files: &[File {
        name: "hospital_deaths",
        path: "院内死亡.jsonl",
        kind: FileKind::JsonLines,
        record: "death",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("patient", Field::Name, Form::Text),
            col("idNo", Field::IdNumber, Form::Text),
            col("sex", Field::Sex, Form::Codes(SEX_DIGITS)),
            col("birthday", Field::BirthDate, Form::Date("default")),
            col("region", Field::Area, Form::Code),
            col("deathDate", Field::DiedOn, Form::Date("default")),
            col("source", Field::Evidence, Form::Codes(&[("住院", "hospital")])),
        ],
    }],
};
