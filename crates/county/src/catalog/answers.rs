//! What departments answer about households that consented.

use super::{Codes, Coverage, Delivery, File, FileKind, Form, Nature, Style, Unit, col};
use crate::rates::Department;
use crate::view::Field;

const USES: Codes = &[("住宅", "home"), ("商铺", "shop"), ("其他", "other")];
const VEHICLES: Codes = &[
    ("小型汽车", "car"),
    ("摩托车", "motorcycle"),
    ("货车", "truck"),
    ("农用车", "farm"),
    ("残疾人代步车", "disability_aid"),
];
const USED_FOR: Codes = &[("非营运", "own"), ("营运", "business")];
const ROLES: Codes = &[("法定代表人", "owner"), ("股东", "shareholder")];
const STATUS: Codes = &[("存续", "active"), ("注销", "closed")];
const TAXES: Codes = &[("工资薪金", "wages"), ("经营所得", "business")];

pub const VEHICLES_QUERY: Delivery = Delivery {
    folder: "police_vehicles",
    title: "车辆核对结果",
    department: Department::Police,
    as_of: "2026-09-28",
    purpose: "社会救助家庭经济状况核对",
    files: &[File {
        name: "vehicles",
        path: "车辆.csv",
        kind: FileKind::CsvUtf8,
        record: "vehicle",
        nature: Nature::QueryAnswer,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("所有人", Field::Name, Form::Text),
            col("身份证明号码", Field::IdNumber, Form::Text),
            col("住所区划", Field::Area, Form::Code),
            col("车辆类型", Field::Kind, Form::Codes(VEHICLES)),
            col("价值(元)", Field::Value, Form::Money(Unit::Yuan, Style::Plain)),
            col("使用性质", Field::Use, Form::Codes(USED_FOR)),
            col("初次登记", Field::From, Form::Date("%Y%m%d")),
            col("注销日期", Field::To, Form::Date("%Y%m%d")),
        ],
    }],
};

pub const BANK: Delivery = Delivery {
    folder: "bank",
    title: "银行存款核对结果",
    department: Department::Bank,
    as_of: "2026-09-25",
    purpose: "社会救助家庭经济状况核对",
    files: &[File {
        name: "balances",
        path: "存款.csv",
        kind: FileKind::CsvGb18030,
        record: "bank",
        nature: Nature::QueryAnswer,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("客户姓名", Field::Name, Form::Text),
            col("证件号码", Field::IdNumber, Form::Text),
            col("手机号", Field::Phone, Form::Text),
            col("余额(分)", Field::Balance, Form::Money(Unit::Fen, Style::Plain)),
            col("余额日期", Field::On, Form::Date("%Y%m%d")),
        ],
    }],
};

pub const NATURAL_RESOURCES: Delivery = Delivery {
    folder: "natural_resources",
    title: "不动产核对结果",
    department: Department::NaturalResources,
    as_of: "2026-09-20",
    purpose: "社会救助家庭经济状况核对",
    files: &[File {
        name: "property",
        path: "不动产.csv",
        kind: FileKind::CsvUtf8Bom,
        record: "property",
        nature: Nature::QueryAnswer,
        limit: None,
        coverage: Coverage::All,
        missing: &["", "无"],
        columns: &[
            col("权利人", Field::Name, Form::Text),
            col("证件号", Field::IdNumber, Form::Text),
            col("用途", Field::Use, Form::Codes(USES)),
            col("面积", Field::AreaM2, Form::Area("as_is")),
            col("共有份额", Field::Share, Form::Share),
            col("登记日期", Field::From, Form::Date("%Y年%m月%d日")),
            col("注销日期", Field::To, Form::Date("%Y年%m月%d日")),
        ],
    }],
};

pub const MARKET: Delivery = Delivery {
    folder: "market_regulation",
    title: "市场主体核对结果",
    department: Department::MarketRegulation,
    as_of: "2026-09-20",
    purpose: "社会救助家庭经济状况核对",
    files: &[File {
        name: "business",
        path: "市场主体.jsonl",
        kind: FileKind::JsonLines,
        record: "business",
        nature: Nature::QueryAnswer,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("person", Field::Name, Form::Text),
            col("certNo", Field::IdNumber, Form::Text),
            col("contact", Field::Phone, Form::Text),
            col("role", Field::Role, Form::Codes(ROLES)),
            col("capital_wan", Field::Capital, Form::Money(Unit::TenThousandYuan, Style::Number)),
            col("employees", Field::Employees, Form::Whole),
            col("status", Field::Status, Form::Codes(STATUS)),
            col("since", Field::From, Form::Date("default")),
            col("until", Field::To, Form::Date("default")),
        ],
    }],
};

pub const TAX: Delivery = Delivery {
    folder: "tax",
    title: "个人所得税核对结果",
    department: Department::Tax,
    as_of: "2026-09-20",
    purpose: "社会救助家庭经济状况核对",
    files: &[File {
        name: "tax",
        path: "个税.csv",
        kind: FileKind::CsvUtf8,
        record: "tax",
        nature: Nature::QueryAnswer,
        limit: None,
        coverage: Coverage::All,
        missing: &[""],
        columns: &[
            col("姓名", Field::Name, Form::Text),
            col("纳税人识别号", Field::IdNumber, Form::Text),
            col("所得项目", Field::Item, Form::Codes(TAXES)),
            col("收入额", Field::Income, Form::Money(Unit::Yuan, Style::Grouped)),
            col("年度", Field::Year, Form::Whole),
        ],
    }],
};
