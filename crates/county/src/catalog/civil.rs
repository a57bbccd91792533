//! What civil affairs deliver.

use super::{Codes, Coverage, Delivery, File, FileKind, Form, Nature, Style, Unit, col};
use crate::rates::Department;
use crate::view::Field;

const PROGRAMMES: Codes = &[
    ("低保", "dibao"),
    ("低保边缘", "dibao_margin"),
    ("特困供养", "tekun"),
    ("刚性支出困难", "expenditure_hardship"),
    ("临时救助", "temporary"),
    ("危房改造", "house_renovation"),
    ("保障性住房", "affordable_housing"),
];

pub const CIVIL_AFFAIRS: Delivery = Delivery {
    folder: "civil_affairs",
    title: "社会救助与核对授权",
    department: Department::CivilAffairs,
    as_of: "2026-09-30",
    purpose: "社会救助家庭经济状况核对",
    files: &[
        File {
            name: "assistance",
            path: "救助对象.csv",
            kind: FileKind::CsvUtf8,
            record: "assistance",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &["", "无", "/"],
            columns: &[
                col("救助编号", Field::HouseholdNo, Form::Text),
                col("申请人", Field::Name, Form::Text),
                col("身份证号", Field::IdNumber, Form::Text),
                col("地址", Field::Address, Form::Text),
                col("村(居)", Field::Area, Form::Code),
                col("电话", Field::Phone, Form::Text),
                col("救助类型", Field::Programme, Form::Codes(PROGRAMMES)),
                col("月救助金额", Field::MonthlyAmount, Form::Money(Unit::Yuan, Style::Plain)),
                col("开始", Field::From, Form::Date("%Y-%m-%d")),
                col("截止", Field::To, Form::Date("%Y-%m-%d")),
            ],
        },
        File {
            name: "consent",
            path: "授权书.csv",
            kind: FileKind::CsvUtf8Bom,
            record: "consent",
            nature: Nature::Register,
            limit: None,
            coverage: Coverage::All,
            missing: &[""],
            columns: &[
                col("救助编号", Field::HouseholdNo, Form::Text),
                col("授权人", Field::Name, Form::Text),
                col("身份证号", Field::IdNumber, Form::Text),
                col("村(居)", Field::Area, Form::Code),
                col("授权日期", Field::SignedOn, Form::Date("%Y/%m/%d")),
                col("有效期至", Field::ExpiresOn, Form::Date("%Y/%m/%d")),
                col("撤回日期", Field::RevokedOn, Form::Date("%Y/%m/%d")),
                col("用途", Field::Purpose, Form::Text),
            ],
        },
    ],
};

pub const CIVIL_CREMATIONS: Delivery = Delivery {
    folder: "civil_affairs_cremations",
    title: "火化登记",
    department: Department::CivilAffairs,
    as_of: "2026-09-15",
    purpose: "死亡信息比对",
    files: &[File {
        name: "cremations",
        path: "火化.csv",
        kind: FileKind::CsvGb18030,
        record: "death",
        nature: Nature::Register,
        limit: None,
        coverage: Coverage::All,
        missing: &["", "无"],
        columns: &[
            col("逝者姓名", Field::Name, Form::Text),
            col("证件号码", Field::IdNumber, Form::Text),
            col("户籍地", Field::Area, Form::LongPlaceName),
            col("家属电话", Field::Phone, Form::Text),
            col("死亡日期", Field::DiedOn, Form::Date("%Y年%m月%d日")),
            col("证明", Field::Evidence, Form::Codes(&[("火化证", "cremation")])),
        ],
    }],
};
