//! What could not be taken: which cell of which row, why, and what to do about it.

use crate::problem::Wording;
use serde::{Deserialize, Serialize};
use values::{IdNumberError, mask_name};

/// One cell, or one whole row, that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The data row in the file, from 1.
    pub row: u32,
    /// Into the mapping's columns; `None` where the whole row is at fault.
    pub column: Option<u16>,
    /// As delivered, masked where the column is sensitive.
    pub value: String,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    IdNumber(IdNumberError),
    Sex,
    Phone,
    /// Not a date of the form described.
    Date(String),
    NoSuchDay,
    Serial,
    Money,
    TooFine,
    TooLarge,
    Number,
    Count,
    Range(i64, i64),
    Flag,
    /// Neither in the department's mapping nor one of our codes.
    Code,
    NoSuchPlace,
    OtherCounty,
    Required,
    /// Found while the file was cut into cells.
    Cut(Box<(Wording, Wording)>),
}

impl Reason {
    #[must_use]
    pub fn reason(&self) -> Wording {
        let (zh, en) = match self {
            Self::IdNumber(IdNumberError::Scientific) => (
                "身份证号被表格软件转成了科学计数，后几位已丢失",
                "a spreadsheet turned the identity number into a rounded figure: its last digits are lost",
            ),
            Self::IdNumber(IdNumberError::Length(n)) => {
                return Wording::new(
                    format!("身份证号有 {n} 位，应为 18 或 15 位"),
                    format!("the identity number has {n} characters instead of 18 or 15"),
                );
            }
            Self::IdNumber(IdNumberError::Placeholder) => ("身份证号是占位符", "the identity number is a placeholder"),
            Self::IdNumber(_) => ("身份证号含有不允许的字符", "the identity number has a character that none has"),
            Self::Sex => ("性别不是 1、2、0、9，也不在 codes 中", "the sex is none of 1, 2, 0, 9 and not in `codes`"),
            Self::Phone => ("不是 11 位手机号", "not a mobile number of 11 digits"),
            Self::Date(form) => {
                return Wording::new(format!("不是格式为 {form} 的日期"), format!("not a date of the form {form}"));
            }
            Self::NoSuchDay => ("没有这一天", "there is no such day"),
            Self::Serial => ("不是表格软件的日期序号", "not a spreadsheet's serial number of a day"),
            Self::Money => ("不是金额", "not an amount of money"),
            Self::TooFine => ("金额精确到分以下", "the amount is finer than a fen"),
            Self::TooLarge => ("数值过大", "the figure is too large"),
            Self::Number => ("不是数字", "not a number"),
            Self::Count => ("不是整数", "not a whole number"),
            Self::Range(low, high) => {
                return Wording::new(format!("不在 {low}–{high} 之内"), format!("not within {low}–{high}"));
            }
            Self::Flag => ("不是“是”或“否”", "neither true nor false"),
            Self::Code => ("不在代码表中", "not in the list of codes"),
            Self::NoSuchPlace => ("区划表中没有这个地方", "the list of places has no such place"),
            Self::OtherCounty => ("这一行属于其他县", "the row is another county's"),
            Self::Required => ("必填的单元格是空的", "a required cell is empty"),
            Self::Cut(about) => return about.0.clone(),
        };
        Wording::new(zh, en)
    }

    #[must_use]
    pub fn remedy(&self) -> Wording {
        let (zh, en) = match self {
            Self::IdNumber(IdNumberError::Scientific) => (
                "请从业务系统重新导出：该列设为“文本”格式，或直接导出 CSV，不要用表格软件另存",
                "export again from the system: format the column as text, or export CSV and don't save it from a spreadsheet",
            ),
            Self::IdNumber(_) => ("请向本人或户籍资料核对后改正", "check it with the person or the residence register"),
            Self::Sex | Self::Code => ("请在 fuzhi.codes 中补上对应关系", "add the value to `fuzhi.codes`"),
            Self::Phone => ("请填手机号，或留空", "give a mobile number, or leave it empty"),
            Self::Date(_) => {
                ("请改正该值，或在 schema 中写明真实的日期格式", "correct it, or state the true form in the schema")
            }
            Self::NoSuchDay => ("请核对原始记录", "check the original record"),
            Self::Serial => ("请改为日期序号，或去掉 fuzhi.format", "give a serial number, or drop `fuzhi.format`"),
            Self::Money | Self::Number | Self::Count => (
                "请只填数字；确无数据请留空或列入 missingValues",
                "give a figure alone; where there is none leave it empty, or list the text in `missingValues`",
            ),
            Self::TooFine => ("请四舍五入到分", "round it to the fen"),
            Self::TooLarge | Self::Range(..) => ("请核对单位与数值", "check the unit and the figure"),
            Self::Flag => {
                ("请填 true 或 false，或在 fuzhi.codes 中对应", "give true or false, or map it in `fuzhi.codes`")
            }
            Self::NoSuchPlace => {
                ("请改正代码或名称，或在 places.csv 中补上", "correct the code or name, or add it to places.csv")
            }
            Self::OtherCounty => ("请把这一行交给所属的县", "deliver the row to the county it belongs to"),
            Self::Required => ("请补上该值", "fill it in"),
            Self::Cut(about) => return about.1.clone(),
        };
        Wording::new(zh, en)
    }

    /// The value as it may be shown: what is no secret, or has lost its digits, stays readable.
    #[must_use]
    pub fn shown(&self, value: &str, sensitive: bool) -> String {
        if !sensitive || matches!(self, Self::IdNumber(IdNumberError::Scientific)) {
            return value.chars().take(80).collect();
        }
        masked(value)
    }
}

/// The first and last two characters of a long text, the first of a short one.
fn masked(value: &str) -> String {
    let count = value.chars().count();
    if count < 8 {
        return mask_name(value);
    }
    let head: String = value.chars().take(2).collect();
    let tail: String = value.chars().skip(count - 2).collect();
    format!("{head}{}{tail}", "*".repeat((count - 4).min(20)))
}
