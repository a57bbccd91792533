//! What surveys, field offices and typed lists hold.

use super::{Codes, Coverage, Delivery, File, FileKind, Form, Nature, SEX_WORDS, Style, Unit, col, unmapped};
use crate::rates::Department;
use crate::view::Field;

const RELATION: Codes = &[
    ("户主", "head"),
    ("配偶", "spouse"),
    ("子女", "child"),
    ("儿媳女婿", "child_in_law"),
    ("孙子女", "grandchild"),
    ("父母", "parent"),
    ("岳父母公婆", "parent_in_law"),
    ("兄弟姐妹", "sibling"),
    ("其他", "other"),
];
const LIVING: Codes = &[("常住", "here"), ("外出务工或就学", "away"), ("已离家", "left")];
const ITEMS: Codes = &[
    ("工资性收入", "wage"),
    ("生产经营性收入", "operating"),
    ("生产经营性支出", "operating_cost"),
    ("财产性收入", "property"),
    ("转移性收入", "transfer"),
    ("理赔收入", "insurance_claim"),
];
const METHODS: Codes = &[("自报", "declared"), ("凭证", "evidence"), ("系数", "coefficient")];
const CATEGORIES: Codes = &[
    ("脱贫不稳定户", "unstable_alleviated"),
    ("边缘易致贫户", "near_poor"),
    ("突发严重困难户", "sudden_hardship"),
    ("常态化帮扶对象", "regular_assistance"),
];
const GRADES: Codes = &[("A级", "A"), ("B级", "B"), ("C级", "C"), ("D级", "D")];
const YES_NO: Codes = &[("是", "true"), ("否", "false")];
const MET: Codes = &[("达标", "met"), ("不达标", "unmet")];
const LAND: Codes = &[("耕地", "arable"), ("林地", "forest"), ("其他", "other")];

pub const RURAL: Delivery = Delivery {
    folder: "rural_revitalisation",
    title: "常住人口摸底与收入卡",
    department: Department::RuralRevitalisation,
    as_of: "2026-08-31",
    purpose: "返贫监测",
    files: &[
        File {
            name: "members",
            path: "共同生活成员.parquet",
            kind: FileKind::Parquet,
            record: "household_member",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::Without(3, 5),
            missing: &[""],
            columns: &[
                col("户编号", Field::HouseholdNo, Form::Text),
                col("姓名", Field::Name, Form::Text),
                col("证件号码", Field::IdNumber, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
                col("出生年月", Field::BirthDate, Form::Date("%Y-%m")),
                col("民族", Field::Ethnicity, Form::Text),
                col("村组", Field::Area, Form::GroupCode),
                col("电话", Field::Phone, Form::Text),
                col("与户主关系", Field::Relation, Form::Codes(RELATION)),
                col("居住状态", Field::Living, Form::Codes(LIVING)),
                col("变动日期", Field::From, Form::Date("default")),
            ],
        },
        File {
            name: "income",
            path: "收入卡.csv",
            kind: FileKind::CsvUtf8,
            record: "income",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::Without(3, 5),
            missing: &["", "—"],
            columns: &[
                col("户编号", Field::HouseholdNo, Form::Text),
                col("户主姓名", Field::Name, Form::Text),
                col("户主证件号码", Field::IdNumber, Form::Text),
                col("村", Field::Area, Form::Code),
                col("收入项目", Field::Item, Form::Codes(ITEMS)),
                col("金额", Field::Amount, Form::Money(Unit::Yuan, Style::Named)),
                col("起", Field::From, Form::Date("%Y-%m-%d")),
                col("止", Field::To, Form::Date("%Y-%m-%d")),
                col("核算方式", Field::Method, Form::Codes(METHODS)),
                unmapped("填报单位", "驻村工作队"),
            ],
        },
    ],
};

pub const MONITORING: Delivery = Delivery {
    folder: "rural_revitalisation_lists",
    title: "监测对象与脱贫户",
    department: Department::RuralRevitalisation,
    as_of: "2026-09-25",
    purpose: "返贫监测",
    files: &[
        File {
            name: "monitoring",
            path: "监测对象.csv",
            kind: FileKind::CsvUtf8,
            record: "monitoring",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "无"],
            columns: &[
                col("户编号", Field::HouseholdNo, Form::Text),
                col("户主", Field::Name, Form::Text),
                col("证件号码", Field::IdNumber, Form::Text),
                col("村", Field::Area, Form::Code),
                col("电话", Field::Phone, Form::Text),
                col("监测对象类别", Field::Category, Form::Codes(CATEGORIES)),
                col("致贫返贫风险", Field::Cause, Form::Text),
                col("识别时间", Field::IdentifiedOn, Form::Date("%Y%m")),
                col("风险消除时间", Field::EliminatedOn, Form::Date("%Y%m")),
            ],
        },
        File {
            name: "alleviated",
            path: "脱贫户.csv",
            kind: FileKind::CsvGb18030,
            record: "alleviated",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &[""],
            columns: &[
                col("户编号", Field::HouseholdNo, Form::Text),
                col("户主", Field::Name, Form::Text),
                col("证件号码", Field::IdNumber, Form::Text),
                col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
                col("行政村", Field::Area, Form::LongPlaceName),
                col("脱贫年度", Field::Year, Form::Whole),
            ],
        },
    ],
};

pub const HOUSING: Delivery = Delivery {
    folder: "housing",
    title: "农村住房安全普查",
    department: Department::Housing,
    as_of: "2025-12-31",
    purpose: "住房安全保障",
    files: &[File {
        name: "survey",
        path: "住房普查.csv",
        kind: FileKind::CsvGb18030,
        record: "house",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::Without(1, 6),
        missing: &["", "未鉴定"],
        columns: &[
            col("户号", Field::HouseholdNo, Form::Text),
            col("户主姓名", Field::Name, Form::Text),
            col("身份证号", Field::IdNumber, Form::Text),
            col("村", Field::Area, Form::Code),
            col("地址", Field::Address, Form::Text),
            col("电话", Field::Phone, Form::Text),
            col("鉴定等级", Field::Grade, Form::Codes(GRADES)),
            col("是否唯一住房", Field::OnlyHome, Form::Codes(YES_NO)),
            col("建筑面积", Field::AreaM2, Form::Area("as_is")),
            col("鉴定日期", Field::SurveyedOn, Form::Date("%Y年%m月%d日")),
        ],
    }],
};

pub const HOUSING_AGAIN: Delivery = Delivery {
    folder: "housing_resurvey",
    title: "住房安全复核",
    department: Department::Housing,
    as_of: "2026-07-31",
    purpose: "住房安全保障",
    files: &[File {
        name: "resurvey",
        path: "住房复核.xlsx",
        kind: FileKind::Xlsx("复核"),
        record: "house",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &["", "/"],
        columns: &[
            col("户号", Field::HouseholdNo, Form::Text),
            col("户主", Field::Name, Form::Text),
            col("身份证号码", Field::IdNumber, Form::Text),
            col("村名", Field::Area, Form::LongPlaceName),
            col("等级", Field::Grade, Form::Codes(GRADES)),
            col("唯一住房", Field::OnlyHome, Form::Codes(YES_NO)),
            col("面积(㎡)", Field::AreaM2, Form::Area("as_is")),
            col("复核日期", Field::SurveyedOn, Form::Serial),
        ],
    }],
};

pub const WATER: Delivery = Delivery {
    folder: "water",
    title: "农村饮水安全评价",
    department: Department::Water,
    as_of: "2026-05-31",
    purpose: "饮水安全保障",
    files: &[File {
        name: "assessment",
        path: "饮水评价.csv",
        kind: FileKind::CsvUtf8,
        record: "water",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::Without(2, 6),
        missing: &["", "未评价"],
        columns: &[
            col("户号", Field::HouseholdNo, Form::Text),
            col("用水户", Field::Name, Form::Text),
            col("身份证号", Field::IdNumber, Form::Text),
            col("村组", Field::Area, Form::GroupCode),
            col("水量", Field::Quantity, Form::Codes(MET)),
            col("水质", Field::Quality, Form::Codes(MET)),
            col("用水方便程度", Field::Access, Form::Codes(MET)),
            col("供水保证率", Field::Reliability, Form::Codes(MET)),
            col("评价日期", Field::SurveyedOn, Form::Date("%Y-%m-%d")),
        ],
    }],
};

pub const WATER_AGAIN: Delivery = Delivery {
    folder: "water_recheck",
    title: "饮水问题户复查",
    department: Department::Water,
    as_of: "2026-09-25",
    purpose: "饮水安全保障",
    files: &[File {
        name: "recheck",
        path: "饮水复查.xlsx",
        kind: FileKind::Xlsx("复查"),
        record: "water",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::Without(2, 6),
        missing: &["", "/"],
        columns: &[
            col("户号", Field::HouseholdNo, Form::Text),
            col("户主姓名", Field::Name, Form::Text),
            col("身份证号", Field::IdNumber, Form::Text),
            col("村名", Field::Area, Form::LongPlaceName),
            col("水量", Field::Quantity, Form::Codes(MET)),
            col("水质", Field::Quality, Form::Codes(MET)),
            col("方便程度", Field::Access, Form::Codes(MET)),
            col("保证率", Field::Reliability, Form::Codes(MET)),
            col("复查日期", Field::SurveyedOn, Form::Serial),
        ],
    }],
};

pub const AGRICULTURE: Delivery = Delivery {
    folder: "agriculture",
    title: "承包地与农机",
    department: Department::Agriculture,
    as_of: "2025-12-31",
    purpose: "产业帮扶",
    files: &[
        File {
            name: "land",
            path: "承包地.parquet",
            kind: FileKind::Parquet,
            record: "land",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &[""],
            columns: &[
                col("cbf_name", Field::Name, Form::Text),
                col("cbf_id", Field::IdNumber, Form::Text),
                col("area_code", Field::Area, Form::Code),
                col("land_kind", Field::Kind, Form::Codes(LAND)),
                col("area_ha", Field::AreaMu, Form::Area("hectare")),
                col("idle", Field::Idle, Form::Codes(&[("1", "true"), ("0", "false")])),
            ],
        },
        File {
            name: "machines",
            path: "农机登记.csv",
            kind: FileKind::CsvGb18030,
            record: "farm_machine",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "无"],
            columns: &[
                col("所有人", Field::Name, Form::Text),
                col("身份证号", Field::IdNumber, Form::Text),
                col("乡村", Field::Area, Form::PlaceName),
                col("联系方式", Field::Phone, Form::Text),
                col("机型", Field::Kind, Form::Text),
                col("购置价(万元)", Field::Value, Form::Money(Unit::TenThousandYuan, Style::Plain)),
                col("购置日期", Field::BoughtOn, Form::Date("%Y/%m/%d")),
            ],
        },
    ],
};

pub const EMERGENCY: Delivery = Delivery {
    folder: "emergency",
    title: "受灾户台账",
    department: Department::Emergency,
    as_of: "2026-09-15",
    purpose: "灾害救助",
    files: &[File {
        name: "disaster",
        path: "受灾户.xlsx",
        kind: FileKind::Xlsx("台账"),
        record: "disaster",
        nature: Nature::ThresholdList,
        limit: Some(("damage", 1_000, "yuan")),
        coverage: Coverage::All,
        missing: &["", "不详"],
        columns: &[
            col("户主", Field::Name, Form::Text),
            col("身份证", Field::IdNumber, Form::Text),
            col("性别", Field::Sex, Form::Codes(SEX_WORDS)),
            col("村", Field::Area, Form::PlaceName),
            col("联系电话", Field::Phone, Form::Text),
            col("灾种", Field::Kind, Form::Text),
            col("直接损失(元)", Field::Damage, Form::Money(Unit::Yuan, Style::Number)),
            col("发生日期", Field::HappenedOn, Form::Serial),
        ],
    }],
};
