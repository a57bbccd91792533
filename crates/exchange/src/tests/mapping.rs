use super::*;
use crate::places::Found;
use crate::quality::Change;
use values::{AreaCode, Day, Fen, Precision, Sex, Truth};

#[test]
fn identity_numbers() {
    let numbers = [
        "11010519491231002x",
        "110105491231002",
        "5.1E+17",
        "110105194912310021",
        "11010519491231",
        "无",
        " 11010519491231002X",
    ];
    let mapped = map("disability", &[(field("证件号", "id_number"), &numbers)]);
    let keys = &mapped.resource.keys;
    let revealed: Vec<_> = (0..7).map(|row| keys.id_number(row).map(|number| number.reveal())).collect();
    let sound = Some("11010519491231002X".to_owned());
    assert_eq!(revealed, [sound.clone(), sound.clone(), None, Some("110105194912310021".into()), None, None, sound]);
    assert_eq!(
        rejects(&mapped)[0],
        (3, "a spreadsheet turned the identity number into a rounded figure: its last digits are lost".into())
    );
    assert_eq!(mapped.rejects[0].value, "5.1E+17", "it is no secret any more");
    assert!(mapped.rejects[0].reason.remedy().en.contains("export again"));
    assert_eq!(mapped.rejects[1].value, "11**********31", "masked");
    let tally = &mapped.tallies[0];
    assert_eq!((tally.missing, tally.invalid, tally.doubtful), (1, 2, 1));
    assert_eq!((tally.changed(Change::Upgraded), tally.changed(Change::LowerX)), (1, 1));
}

#[test]
fn names_sexes_births_phones() {
    let coded =
        json!({ "name": "性别", "type": "string", "fuzhi": { "as": "sex", "codes": { "男": "1", "女": "2" } } });
    let birth = json!({ "name": "生日", "type": "date", "format": "%Y年%m月", "fuzhi": { "as": "birth_date" } });
    let mapped = map(
        "disability",
        &[
            (field("姓名", "name"), &["王　芳（已故）", "阿依•古丽", "李明"]),
            (coded, &["男", "女", "1"]),
            (birth, &["1968年4月", "1970年13月", "1970-01-01"]),
            (field("电话", "phone"), &["+86 138-1234-5678", "0871-1234567", "无"]),
            (field("民族", "ethnicity"), &["汉", "05", "彝族"]),
        ],
    );
    let keys = &mapped.resource.keys;
    let names: Vec<_> = keys.name.iter().flatten().collect();
    assert_eq!(names, ["王芳", "阿依·古丽", "李明"]);
    assert_eq!((keys.sex(0), keys.sex(1), keys.sex(2)), (Some(Sex::Male), Some(Sex::Female), None));
    assert_eq!((keys.birth(0), keys.birth_precision[0]), (Day::from_ymd(1968, 4, 1), Precision::Month));
    assert_eq!((keys.phone(0).map(|phone| phone.reveal()), keys.phone(1)), (Some("13812345678".into()), None));
    assert_eq!(keys.ethnicity.iter().flatten().collect::<Vec<_>>(), ["汉族", "维吾尔族", "彝族"]);
    let told = rejects(&mapped);
    assert_eq!(told.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 2, 3, 3]);
    assert_eq!(mapped.resource.len(), 3, "a rejected cell costs no row");
}

#[test]
fn money_in_every_spelling_and_unit() {
    let amount = |unit: &str| json!({ "name": "金额", "type": "number", "fuzhi": { "as": "amount", "unit": unit } });
    let fen = |unit: &str, cells: &[&str]| {
        let mapped = map("subsidy", &[(amount(unit), cells)]);
        let view = mapped.resource.own.money("amount");
        ((0..cells.len()).map(|row| view.get(row).map(|Fen(fen)| fen)).collect::<Vec<_>>(), rejects(&mapped))
    };
    let (read, told) =
        fen("yuan", &["1,234.50", "￥3，000元", "0.5", "12.3万元", "无", "约三千", "1.005", "1234.5600000000001"]);
    assert_eq!(read, [Some(123_450), Some(300_000), Some(50), Some(12_300_000), None, None, None, Some(123_456)]);
    assert_eq!(told, [(6, "not an amount of money".into()), (7, "the amount is finer than a fen".into())]);
    assert_eq!(fen("fen", &["123456", "-5"]).0, [Some(123_456), Some(-5)]);
    assert_eq!(fen("10k_yuan", &["1.5", "0.0001"]).0, [Some(1_500_000), Some(100)]);
    let european =
        json!({ "name": "金额", "type": "number", "groupChar": ".", "decimalChar": ",", "fuzhi": { "as": "amount" } });
    let mapped = map("subsidy", &[(european, &["1.234,50"])]);
    assert_eq!(mapped.resource.own.money("amount").get(0), Some(Fen(123_450)));
}

#[test]
fn land_and_floor_space() {
    let land = |unit: &str, cells: &[&str]| {
        let area = json!({ "name": "面积", "type": "number", "fuzhi": { "as": "area_mu", "unit": unit } });
        let mapped = map("land", &[(area, cells)]);
        let view = mapped.resource.own.number("area_mu");
        (0..cells.len()).map(|row| view.get(row)).collect::<Vec<_>>()
    };
    assert_eq!(land("mu", &["1.5", "2亩", "x"]), [Some(15_000), Some(20_000), None]);
    assert_eq!(land("hectare", &["1", "0.1"]), [Some(150_000), Some(15_000)]);
    assert_eq!(land("m2", &["10000", "666.67"]), [Some(150_000), Some(10_000)]);
    let house = json!({ "name": "面积", "type": "number", "fuzhi": { "as": "area_m2" } });
    let mapped = map("house", &[(house, &["120.5", "1,200㎡"])]);
    assert_eq!(mapped.resource.own.number("area_m2").get(1), Some(12_000_000));
}

#[test]
fn days_by_form_serial_and_precision() {
    let day = |field: Value, cells: &[&str]| {
        let mapped = map("pension", &[(field, cells)]);
        let told = rejects(&mapped);
        let view = mapped.resource.own.day("to");
        ((0..cells.len()).map(|row| view.get(row).map(|day| day.to_string())).collect::<Vec<_>>(), told)
    };
    let form = |format: &str| json!({ "name": "止", "type": "date", "format": format, "fuzhi": { "as": "to" } });
    let some = |text: &str| Some(text.to_owned());
    let (read, told) = day(form("%Y%m%d"), &["20260930", "2026-09-30", "20260231"]);
    assert_eq!(read, [some("2026-09-30"), None, None]);
    assert_eq!(told, [(2, "not a date of the form %Y%m%d".into()), (3, "there is no such day".into())]);
    assert_eq!(day(form("%Y-%m"), &["2026-02"]).0, [some("2026-02-28")], "the end of a period is its last day");
    assert_eq!(
        day(json!({ "name": "止", "type": "year", "fuzhi": { "as": "to" } }), &["2024"]).0,
        [some("2024-12-31")]
    );
    let moment = json!({ "name": "止", "type": "datetime", "fuzhi": { "as": "to" } });
    assert_eq!(
        day(moment, &["2026-09-30T08:15:00Z", "2026-09-30", "30.9."]).0,
        [some("2026-09-30"), some("2026-09-30"), None]
    );
    let excel = json!({ "name": "止", "type": "number", "fuzhi": { "as": "to", "format": "excel" } });
    let (read, told) = day(excel, &["46295", "46295.0", "2026-09-30"]);
    assert_eq!(read, [some("2026-09-30"), some("2026-09-30"), None]);
    assert_eq!(told, [(3, "not a spreadsheet's serial number of a day".into())]);
}

#[test]
fn codes_counts_flags_and_free_text() {
    let grade =
        json!({ "name": "等级", "type": "string", "fuzhi": { "as": "grade", "codes": { "甲": "A", "丁": "D" } } });
    let only = json!({ "name": "唯一", "type": "boolean", "fuzhi": { "as": "only_home" } });
    let mapped = map("house", &[(grade, &["甲", "丁", "戊", "A"]), (only, &["true", "false", "无", "也许"])]);
    let own = &mapped.resource.own;
    let grades: Vec<_> = (0..4).map(|row| own.text("grade", row)).collect();
    assert_eq!(grades, [Some("A"), Some("D"), None, None]);
    let flags: Vec<_> = (0..4).map(|row| own.flag("only_home", row)).collect();
    assert_eq!(flags, [Truth::True, Truth::False, Truth::Undetermined, Truth::Undetermined]);
    assert_eq!(rejects(&mapped).len(), 3);

    let kind = json!({ "name": "类", "type": "integer", "fuzhi": { "as": "kind", "codes": { "肢体": "4" } } });
    let mapped =
        map("disability", &[(kind, &["肢体", "3.0", "9", "三"]), (field("卡号", "card_no"), &["a", "ｂ", "", "c"])]);
    let own = &mapped.resource.own;
    assert_eq!((0..4).map(|row| own.number("kind").get(row)).collect::<Vec<_>>(), [Some(4), Some(3), None, None]);
    assert_eq!(rejects(&mapped), [(3, "not within 1–7".into()), (4, "not a whole number".into())]);
    assert_eq!((0..3).map(|row| own.text("card_no", row)).collect::<Vec<_>>(), [Some("a"), Some("b"), None]);
}

#[test]
fn years() {
    let year = |kind: &str| json!({ "name": "年", "type": kind, "fuzhi": { "as": "year" } });
    for (kind, cell) in [("integer", "2026"), ("year", "2026"), ("date", "2026-01-01"), ("number", "2026.0")] {
        let mapped = map("tax", &[(year(kind), &[cell])]);
        assert_eq!(mapped.resource.own.number("year").get(0), Some(2026), "{kind}");
    }
}

#[test]
fn places_by_code_old_code_group_and_name() {
    let places = places();
    let find = |text: &str| match places.find(text) {
        Found::Here { area, .. } => area.to_string(),
        Found::Elsewhere => "elsewhere".to_owned(),
        Found::Unknown => "unknown".to_owned(),
    };
    assert_eq!(find("539901001001"), "539901001001");
    assert_eq!(find("539901001001017"), "539901001001", "a group lies in its village");
    assert_eq!(find("539901002009"), "539901002001", "merged");
    assert_eq!(find("539901002009003"), "539901002001", "a group of a merged village");
    assert_eq!(find("539901001009"), "539901001000", "split: one of two, unknown which");
    assert_eq!(find("下湾村"), "539901001002");
    assert_eq!(find("青石镇 下湾村"), "539901001002");
    assert_eq!(find("云山省安平市禾岭县青石镇上湾村"), "539901001001");
    assert_eq!(find("禾岭县白水乡上湾村"), "539901002001");
    assert_eq!(find("上湾村"), "539901000000", "two villages of that name");
    assert_eq!(find("旧村"), "539901002001");
    assert_eq!(find("青石镇上湾村第三组"), "539901001001");
    assert_eq!(find("青石镇旧村"), "unknown", "it lies in another township");
    assert_eq!(find("桃花村"), "unknown");
    assert_eq!(find("539901009999"), "unknown");
    assert_eq!(find("539902001001"), "elsewhere");
    assert_eq!(find("539802001001"), "elsewhere");
    assert_eq!(find("河口村"), "elsewhere");
    assert_eq!(find("539900000000"), "unknown", "larger than the county");
}

#[test]
fn rows_of_another_county_are_left_out_whole() {
    let areas = ["539901001001", "539902001001", "青石镇", "桃花村", "539902001002"];
    let mapped =
        map("water", &[(field("区划", "area"), &areas), (field("户号", "household_no"), &["1", "2", "3", "4", "5"])]);
    assert_eq!(mapped.resource.rows, [1, 3, 4]);
    assert_eq!(mapped.resource.keys.household_no.iter().flatten().collect::<Vec<_>>(), ["1", "3", "4"]);
    assert_eq!(mapped.resource.keys.area(2), None);
    assert_eq!((mapped.seen, mapped.elsewhere), (5, 2));
    let told: Vec<_> = mapped.rejects.iter().map(|reject| (reject.row, reject.column)).collect();
    assert_eq!(told, [(2, None), (4, Some(0)), (5, None)]);
    assert_eq!(mapped.resource.keys.area(1), Some(AreaCode(539_901_001_000)));
}

#[test]
fn the_digest_is_over_own_fields_and_unmapped_columns_alone() {
    let amount = json!({ "name": "金额", "type": "number", "fuzhi": { "as": "amount" } });
    let mapped = map(
        "subsidy",
        &[
            (field("姓名", "name"), &["王芳", "王方", "王芳", "王芳"]),
            (amount, &["1,200", "1200.00", "1200", "1201"]),
            (json!({ "name": "流水" }), &["a", "a", "b", "a"]),
        ],
    );
    let digests = &mapped.resource.own_digest;
    assert_eq!(digests[0], digests[1], "however it is written and whoever it is about");
    assert_ne!(digests[0], digests[2]);
    assert_ne!(digests[0], digests[3]);
}

#[test]
fn a_query_answer_read_for_its_keys_has_no_own_field() {
    let balance = || json!({ "name": "余额", "type": "number", "fuzhi": { "as": "balance" } });
    let fields: [(Value, &[&str]); 3] = [
        (field("姓名", "name"), &["王芳"]),
        (balance(), &["not even looked at"]),
        (json!({ "name": "开户行" }), &["x"]),
    ];
    let keys = map_at("bank", &fields, Depth::Keys);
    assert_eq!(keys.resource.own.columns().count(), 0);
    assert_eq!((keys.rejects.len(), keys.tallies.len()), (0, 1));
    let own = map_at("bank", &fields, Depth::Own);
    assert_eq!(own.resource.keys.name.get(0), None);
    assert_eq!((own.rejects.len(), own.tallies.len()), (1, 2));
}

#[test]
fn columns_missing_doubled_extra_and_in_another_order() {
    let fields = json!([field("户号", "household_no"), field("水质", "quality"), field("水量", "quantity")]);
    let (package, _) = read(&described(json!({ "record": "water" }), fields));
    let package = package.unwrap();
    let places = places();
    let context = Context { places: &places, department: "water", depth: Depth::Everything, typed: false };
    let with = |header: &[&str]| {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        Mapping::new(&package.resources[0], context, "list.csv", &header).map(|(mapping, problems)| {
            (mapping.wanted(), problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))
        })
    };
    assert_eq!(with(&["备注", "水量", "水质", "户号"]).unwrap(), (vec![0, 1, 2, 3], String::new()));
    let (wanted, told) = with(&["户号", "水质", "水质", "水量"]).unwrap();
    assert!(wanted == [0, 3] && told.contains("\"水质\" more than once"), "{told}");
    let (_, told) = with(&["户号", "水量"]).unwrap();
    assert!(told.contains("no column \"水质\""), "{told}");
    let problem = with(&["a", "b"]).unwrap_err();
    assert!(problem.reason.en.contains("户号、水质、水量 were asked for; it has a、b"), "{problem}");
}

mod any_cell {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_mapped_or_rejected_without_panic(cell in "\\PC*") {
            let cells = [cell.as_str()];
            for record in &crate::dictionary::dictionary().records {
                let mut fields: Vec<(Value, &[&str])> = vec![(field("区划", "area"), &cells), (field("姓名", "name"), &cells)];
                for own in record.fields.iter().filter(|own| own.name != "household_no") {
                    fields.push((json!({ "name": own.name, "fuzhi": { "as": own.name } }), &cells));
                }
                let mapped = map(&record.name, &fields);
                prop_assert!(mapped.resource.len() as u32 + mapped.elsewhere == 1);
            }
        }
    }
}
