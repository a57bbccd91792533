//! A county's folder, with everything that can be wrong with it.

use super::Intake;
use crate::aside::Wanted;
use crate::{check, template};
use batch::Shelf;
use facts::records::Resource;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

const PLACES: &str = "code,name,level,parent,valid_from,valid_to,successors\n\
    539901000000,禾岭县,county,,,,\n539901001000,青石镇,township,539901000000,,,\n\
    539901001001,上湾村,village,539901001000,,,\n539901001009,老湾村,village,539901001000,,2020-12-31,539901001001\n";

/// A county without deliveries.
pub(super) fn county() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(
        &folder,
        "county.toml",
        "[county]\ncode = \"539901\"\nname = \"禾岭县\"\nas_of = \"2026-09-30\"\nplaces = \"places.csv\"\n",
    );
    put(&folder, "places.csv", PLACES);
    folder
}

pub(super) fn put(folder: &TempDir, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A delivery in a folder of the department's name.
pub(super) fn deliver(folder: &TempDir, department: &str, ours: Value, resources: Value) {
    let mut described =
        json!({ "department": department, "as_of": "2026-08-31", "nature": "register", "purpose": "返贫监测" });
    described.as_object_mut().unwrap().extend(ours.as_object().cloned().unwrap_or_default());
    let package = json!({ "name": department, "title": department, "fuzhi": described, "resources": resources });
    put(folder, &format!("{department}/datapackage.json"), package.to_string());
}

fn fields(named: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> =
        named.iter().map(|(name, means)| json!({ "name": name, "type": "string", "fuzhi": { "as": means } })).collect();
    json!({ "missingValues": ["", "无"], "fields": fields })
}

/// Subsidies in a file of that name.
pub(super) fn subsidy(name: &str, path: &str) -> Value {
    let schema = fields(&[("姓名", "name"), ("证件号", "id_number"), ("区划", "area"), ("金额", "amount")]);
    json!({ "name": name, "path": path, "fuzhi": { "record": "subsidy" }, "schema": schema })
}

const PAID: &str = "姓名,证件号,区划,金额,流水\n王芳,11010519491231002X,539901001001,\"1,200.00\",a\n\
    李明,5.1E+17,老湾村,约三千,b\n赵奶奶,110105194912310021,539902001001,300,c\n王芳,11010519491231002x,上湾村,1200,a\n";

fn read(folder: &TempDir) -> Intake {
    Intake::read(folder.path(), None, &Shelf::in_memory(), &|_, _| ()).unwrap()
}

/// A resource with all its rows.
fn resource(intake: &Intake, at: usize) -> Resource {
    intake.resources[at].gather(&intake.drawer, Wanted::All, |_| ()).unwrap()
}

fn told(intake: &Intake) -> String {
    intake.problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn a_delivery_is_standardised_and_what_was_not_taken_is_told() {
    let folder = county();
    deliver(&folder, "finance", json!({}), json!([subsidy("paid", "一卡通.csv")]));
    put(&folder, "finance/一卡通.csv", PAID);
    let intake = read(&folder);
    assert_eq!(told(&intake), "");
    let paid = resource(&intake, 0);
    assert_eq!(
        (paid.department.as_str(), paid.name.as_str(), paid.rows.as_slice()),
        ("finance", "paid", &[1, 2, 4][..])
    );
    assert_eq!(paid.keys.area, [539_901_001_001; 3]);
    assert_eq!(paid.own_digest[0], paid.own_digest[2]);
    let quality = &intake.quality[0];
    assert_eq!((quality.rows, quality.kept, quality.rejected_rows, quality.rejected_cells), (4, 3, 1, 2));
    assert_eq!((quality.other_county, quality.duplicates, quality.freshness_days), (1, 1, 30));
    assert_eq!(quality.content.len(), 64);

    let out = tempfile::tempdir().unwrap();
    intake.write(out.path()).unwrap();
    let rejects = std::fs::read_to_string(out.path().join("rejects/finance/paid.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "row,column,value,reason,remedy");
    assert!(lines[1].starts_with("2,证件号,5.1E+17,身份证号被表格软件转成了科学计数"), "{}", lines[1]);
    assert!(lines[2].starts_with("2,金额,约三千,不是金额 / not an amount of money"), "{}", lines[2]);
    assert!(lines[3].starts_with("3,,539902001001,这一行属于其他县"), "{}", lines[3]);
    let text = std::fs::read_to_string(out.path().join("quality.json")).unwrap();
    let quality: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(quality["deliveries"][0]["columns"][1]["invalid_share"], 0.333_333);
}

#[test]
fn what_is_bad_is_set_aside_and_the_rest_goes_on() {
    let folder = county();
    deliver(&folder, "finance", json!({}), json!([subsidy("paid", "paid.csv")]));
    put(&folder, "finance/paid.csv", PAID);
    deliver(&folder, "purposeless", json!({ "purpose": "" }), json!([subsidy("a", "a.csv")]));
    deliver(&folder, "natureless", json!({ "nature": null }), json!([subsidy("a", "a.csv")]));
    put(&folder, "scrawled/datapackage.json", "{");
    let troubles = ["missing.csv", "empty.csv", "folder.csv", "gb.csv", "other.csv", "book.xlsx", "rows.parquet"];
    let mut resources: Vec<Value> = troubles.iter().map(|file| subsidy(file, file)).collect();
    let mut down = subsidy("down", "");
    down["fuzhi"] = json!({ "record": "subsidy", "database": "postgres://a:secret@127.0.0.1:1/a", "table": "paid" });
    resources.push(down);
    deliver(&folder, "troubled", json!({}), resources.into());
    put(&folder, "troubled/empty.csv", "");
    put(&folder, "troubled/folder.csv/list.csv", PAID);
    put(&folder, "troubled/gb.csv", b"\xd0\xd5\xc3\xfb,\xd6\xa4\xbc\xfe\xba\xc5\n\xcd\xf5\xb7\xbc,1\n");
    put(&folder, "troubled/other.csv", "品名,数量\n种子,3\n");
    put(&folder, "troubled/book.xlsx", "no workbook");
    put(&folder, "troubled/rows.parquet", "PAR1 and nothing of it");
    let intake = read(&folder);
    let names: Vec<&str> = intake.resources.iter().map(|resource| resource.head.name.as_str()).collect();
    assert_eq!(names, ["paid"]);
    let told = told(&intake);
    for expected in [
        "purposeless/datapackage.json, fuzhi.purpose",
        "natureless/datapackage.json, a, fuzhi.nature",
        "scrawled/datapackage.json: 不是有效的 JSON",
        "troubled/missing.csv, missing.csv: 找不到这个文件 / there is no such file",
        "troubled/empty.csv, empty.csv: 文件是空的",
        "troubled/folder.csv, folder.csv: 这是一个文件夹",
        "declared as utf-8, its content is gb18030",
        "none of its columns is in the schema: 姓名、证件号、区划、金额 were asked for; it has 品名、数量",
        "troubled/book.xlsx, book.xlsx: 不是完好的 XLSX 文件",
        "troubled/rows.parquet, rows.parquet: 不是完好的 Parquet 文件",
        "the database can't be read",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    assert!(!told.contains("secret"), "{told}");
    assert_eq!(intake.problems.len(), 11, "{told}");
}

#[test]
fn a_county_that_is_not_described_is_an_error() {
    let folder = county();
    for file in ["places.csv", "county.toml"] {
        std::fs::remove_file(folder.path().join(file)).unwrap();
        let problem = Intake::read(folder.path(), None, &Shelf::in_memory(), &|_, _| ()).err().unwrap();
        assert!(problem.file == file && problem.reason.en.contains("no such file"), "{problem}");
    }
}

/// A socket can't be opened as a file: whoever tried would be told.
#[cfg(unix)]
#[test]
fn the_truth_is_never_opened() {
    let folder = county();
    deliver(
        &folder,
        "finance",
        json!({}),
        json!([subsidy("paid", "paid.csv"), subsidy("truth", "../truth/records.csv")]),
    );
    put(&folder, "finance/paid.csv", PAID);
    put(&folder, "truth/records.csv", "department,resource,row,person\n");
    let _trap = std::os::unix::net::UnixListener::bind(folder.path().join("truth/datapackage.json")).unwrap();
    let intake = read(&folder);
    assert_eq!(intake.resources.len(), 1);
    assert_eq!(intake.problems.len(), 1);
    assert!(told(&intake).contains("leads out of the delivery's folder"));
}

#[test]
fn the_same_content_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = county();
    deliver(&folder, "finance", json!({}), json!([subsidy("b", "b.csv"), subsidy("a", "a.csv")]));
    let row = |n: u32| {
        format!("王芳,11010519491231002X,539901001001,{},{n}\n", if n.is_multiple_of(1_000) { "x" } else { "7" })
    };
    let long: String = (0..150_000).map(row).collect();
    put(&folder, "finance/a.csv", format!("姓名,证件号,区划,金额,流水\n{long}"));
    put(&folder, "finance/b.csv", PAID);
    let written = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let intake = pool.install(|| read(&folder));
        let all = resource(&intake, 0);
        assert_eq!(all.rows.len(), 150_000);
        assert!(all.rows.iter().enumerate().all(|(at, row)| *row as usize == at + 1));
        let out = tempfile::tempdir().unwrap();
        intake.write(out.path()).unwrap();
        ["quality.json", "rejects/finance/a.csv", "rejects/finance/b.csv"]
            .map(|file| std::fs::read(out.path().join(file)).unwrap())
    };
    assert!(written(1) == written(3));
}

#[test]
fn of_answers_without_consent_nothing_but_keys_is_read() {
    let folder = county();
    let schema = fields(&[("姓名", "name"), ("区划", "area"), ("余额", "balance")]);
    let bank = json!({ "name": "balances", "path": "存款.csv", "fuzhi": { "record": "bank", "nature": "query_answer" }, "schema": schema });
    deliver(&folder, "bank", json!({}), json!([bank]));
    let rows = "姓名,区划,余额,账号\n王芳,539901001001,100,1\n外县,539902001001,x,2\n李明,上湾村,机密,3\n赵奶奶,上湾村,不详,4\n";
    put(&folder, "bank/存款.csv", rows);
    let mut intake = read(&folder);
    assert_eq!(resource(&intake, 0).own.columns().count(), 0);
    assert_eq!(resource(&intake, 0).rows, [1, 3, 4]);
    intake.read_answers(&[vec![true, false, true]], &|_, _| ()).unwrap();
    assert_eq!(told(&intake), "");
    let answers = resource(&intake, 0);
    let own = answers.own.money("balance");
    assert_eq!(
        [own.get(0).map(|fen| fen.0), own.get(1).map(|fen| fen.0), own.get(2).map(|fen| fen.0)],
        [Some(10_000), None, None]
    );
    let rejects: Vec<_> = intake.rejects[0].rejects.iter().map(|reject| (reject.row, reject.value.as_str())).collect();
    assert_eq!(rejects, [(2, "539902001001"), (4, "不详")], "the secret of row 3 was never looked at");
    let quality = &intake.quality[0];
    assert_eq!((quality.kept, quality.set_aside, quality.rejected_cells), (3, 1, 1));
    let balance = quality.columns.iter().find(|column| column.means.as_deref() == Some("balance")).unwrap();
    assert_eq!((balance.missing_share, balance.invalid_share), (0.0, 0.5), "of the two rows that were read");
}

#[test]
fn a_delivery_is_checked_as_a_county_a_folder_or_a_file() {
    let folder = county();
    deliver(&folder, "finance", json!({}), json!([subsidy("paid", "paid.csv"), subsidy("more", "more.csv")]));
    put(&folder, "finance/paid.csv", PAID);
    put(&folder, "finance/more.csv", "姓名,证件号,区划,金额\n");
    let all = check::check(folder.path()).unwrap();
    assert_eq!((all.deliveries.len(), all.problems.len(), all.is_clean()), (2, 0, false));
    assert_eq!(check::check(&folder.path().join("finance")).unwrap().deliveries.len(), 2);
    let one = check::check(&folder.path().join("finance/paid.csv")).unwrap();
    let faults: Vec<_> = one.deliveries[0].faults.iter().map(|fault| (fault.column.as_str(), fault.count)).collect();
    assert_eq!(faults, [("", 1), ("证件号", 1), ("金额", 1)]);
    let text = one.to_string();
    assert!(text.contains("finance/paid.csv: 共 4 行，可用 3 行") && text.contains("export again"), "{text}");

    let alone = tempfile::tempdir().unwrap();
    for file in ["datapackage.json", "paid.csv", "more.csv"] {
        put(&alone, &format!("finance/{file}"), std::fs::read(folder.path().join("finance").join(file)).unwrap());
    }
    let away = check::check(&alone.path().join("finance")).unwrap();
    let count: u64 = away.deliveries.iter().flat_map(|checked| &checked.faults).map(|fault| fault.count).sum();
    assert_eq!(count, 2, "without its county a delivery's places can't be looked up");
    let problem = check::check(&folder.path().join("places.csv")).unwrap_err();
    assert!(problem.reason.en.contains("no datapackage.json describes it"), "{problem}");
    assert!(check::check(Path::new("nowhere")).unwrap_err().reason.en.contains("no such file"));
}

#[test]
fn a_template_is_ready_when_it_says_day_and_purpose() {
    let folder = county();
    let written = template::write_template("medical_insurance", folder.path()).unwrap();
    assert_eq!(written.len(), 3);
    assert!(check::check(folder.path()).unwrap().problems[0].reason.en.contains("purpose"));
    let description = std::fs::read_to_string(&written[0]).unwrap();
    let filled = description
        .replace("\"purpose\": \"\"", "\"purpose\": \"返贫监测\"")
        .replace("\"as_of\": \"\"", "\"as_of\": \"2026-09-30\"");
    std::fs::write(&written[0], filled).unwrap();
    let mut header = std::fs::read_to_string(&written[2]).unwrap();
    header.push_str("11010519491231002X,王芳,女,1949-12-31,上湾村,,3500.5,9000,大病,2026-01-01,2026-08-31\n");
    std::fs::write(&written[2], header).unwrap();
    let report = check::check(folder.path()).unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.deliveries.iter().map(|checked| checked.delivery.kept).sum::<u64>(), 1);
    assert!(template::write_template("medical_insurance", folder.path()).unwrap_err().reason.en.contains("already"));
}
