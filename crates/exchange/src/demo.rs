//! What departments might have delivered about the invented families of `households::demo`.

use crate::load::{DeliveryIn, Fault, PlaceIn};
use crate::problem::Wording;
use crate::quality::{ColumnQuality, Delivery, Tally};
use facts::records::Nature;
use values::Day;

/// Two departments' deliveries; the second answers for one township only.
#[must_use]
pub fn deliveries() -> Vec<DeliveryIn> {
    let fault = |field: &str, reason: (&str, &str), remedy: (&str, &str), row, example: &str, counted| Fault {
        field: field.to_owned(),
        reason: Wording::new(reason.0, reason.1),
        remedy: Wording::new(remedy.0, remedy.1),
        row,
        example: example.to_owned(),
        counted,
    };
    let scientific = fault(
        "证件号",
        (
            "身份证号被表格软件转成了科学计数，后几位已丢失",
            "a spreadsheet turned the identity number into a rounded figure: its last digits are lost",
        ),
        ("请从业务系统重新导出：该列设为“文本”格式", "export again from the system: format the column as text"),
        318,
        "5.3E+17",
        611,
    );
    let money = fault(
        "自付(元)",
        ("不是金额", "not an amount of money"),
        ("请只填数字", "give a figure alone"),
        88_402,
        "一千二",
        144,
    );
    let mut cost = delivery("medical_insurance", "cost", "医保结算与参保", Nature::ThresholdList, 412_877);
    (cost.rejected_rows, cost.rejected_cells, cost.duplicates) = (611, 144, 218);
    let mut answers = delivery("bank", "balance", "存款查询", Nature::QueryAnswer, 9_204);
    (answers.set_aside, answers.coverage) = (37, Some(vec!["539901001".to_owned()]));
    vec![
        DeliveryIn { quality: cost, rejects: vec![scientific, money], places: places(true) },
        DeliveryIn { quality: answers, rejects: Vec::new(), places: places(false) },
    ]
}

/// 柳溪镇 always, and 石桥乡 where it answered too.
fn places(both: bool) -> Vec<PlaceIn> {
    let place = |place: &str, answered, told| PlaceIn { place: place.to_owned(), answered, households: 120, told };
    vec![place("539901001", true, 114), place("539901002", both, if both { 71 } else { 0 })]
}

fn delivery(department: &str, resource: &str, title: &str, nature: Nature, rows: u64) -> Delivery {
    let column = |name: &str, means: &str, missing_share| ColumnQuality {
        name: name.to_owned(),
        means: Some(means.to_owned()),
        missing_share,
        invalid_share: 0.0015,
        doubtful: 3,
        changes: Tally::default(),
    };
    Delivery {
        department: department.to_owned(),
        resource: resource.to_owned(),
        title: title.to_owned(),
        file: format!("{title}.csv"),
        content: String::new(),
        record: "medical_cost".to_owned(),
        nature,
        as_of: Day::from_ymd(2026, 9, 30).unwrap_or(Day(0)),
        freshness_days: 0,
        purpose: "返贫监测".to_owned(),
        legal_basis: "示例".to_owned(),
        coverage: None,
        rows,
        kept: rows,
        rejected_cells: 0,
        rejected_rows: 0,
        other_county: 0,
        set_aside: 0,
        duplicates: 0,
        columns: vec![
            column("姓名", "name", 0.0),
            column("证件号", "id_number", 0.004),
            column("截止", "to", 0.18),
            column("自付(元)", "own_cost", 0.02),
        ],
    }
}
