use super::*;
use crate::read::database::{self, Patience};
use crate::read::xlsx::refuse_bomb;
use crate::{Cell, CellKind, RowWriter, Target};
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Workbook};
use std::io::Write;
use std::time::Duration;
use values::Day;
use zip::write::SimpleFileOptions;

fn xlsx(path: &Path, sheet: Option<&str>) -> Source {
    source(Format::Xlsx { path: path.to_owned(), sheet: sheet.map(str::to_owned) })
}

#[test]
fn a_workbook_shows_what_it_did_to_figures_and_dates() {
    let folder = folder();
    let path = folder.path().join("a.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Look::new().set_num_format("yyyy-mm-dd");
    for (column, name) in ["证件号", "金额", "日期", "序号", "公式"].into_iter().enumerate() {
        sheet.write_string(1, column as u16, name).unwrap();
    }
    sheet.write_number(2, 0, 510_000_000_000_000_000.0).unwrap();
    sheet.write_number(2, 1, 1234.5).unwrap();
    sheet.write_datetime_with_format(2, 2, ExcelDateTime::from_ymd(2026, 9, 30).unwrap(), &date).unwrap();
    sheet.write_number(2, 3, 46_295.0).unwrap();
    sheet.write_string(4, 0, "530102199003070015").unwrap();
    sheet.write_boolean(4, 1, true).unwrap();
    book.save(&path).unwrap();
    let told = read(&xlsx(&path, None)).unwrap();
    assert_eq!(cells(&told), ["5.1E+17|1234.5|2026-09-30|46295|∅", "530102199003070015|true|∅|∅|∅"]);
    assert_eq!(told.rows[1].0, 2, "blank rows aren't rows");
}

#[test]
fn of_two_sheets_one_has_to_be_named() {
    let folder = folder();
    let path = folder.path().join("a.xlsx");
    let mut book = Workbook::new();
    for name in ["一组", "二组"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_string(0, 0, "姓名").unwrap();
        sheet.write_string(1, 0, name).unwrap();
    }
    book.save(&path).unwrap();
    let problem = super::problem(&xlsx(&path, None));
    assert!(problem.reason.zh.contains("一组、二组") && problem.remedy.en.contains("sheet"), "{problem}");
    assert_eq!(cells(&read(&xlsx(&path, Some("二组"))).unwrap()), ["二组"]);
    assert!(super::problem(&xlsx(&path, Some("三组"))).reason.en.contains("no sheet"));
}

#[test]
fn a_workbook_over_the_limit() {
    let folder = folder();
    let path = folder.path().join("a.xlsx");
    let target = Target::Xlsx { sheet: "名单".to_owned() };
    let mut writer = RowWriter::create(&path, &target, &[("n", CellKind::Whole)]).unwrap();
    for n in 0..100_001 {
        writer.row(&[Cell::Whole(n)]).unwrap();
    }
    writer.finish().unwrap();
    let problem = super::problem(&xlsx(&path, None));
    assert!(problem.reason.en.contains("100 000 rows") && problem.remedy.en.contains("CSV"), "{problem}");
}

#[test]
fn a_zip_bomb_is_not_opened_whether_it_confesses_or_lies() {
    let folder = folder();
    let path = folder.path().join("bomb.xlsx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(&vec![0; 3 << 20]).unwrap();
    zip.finish().unwrap();
    let open = || std::fs::File::open(&path).unwrap();
    assert!(refuse_bomb("bomb", &open(), 1 << 20).unwrap_err().reason.en.contains("zip bomb"));
    assert!(refuse_bomb("bomb", &open(), 4 << 20).is_ok());

    // The directory now says another size: first the truth is more, then less.
    let bytes = std::fs::read(&path).unwrap();
    let size = (3u32 << 20).to_le_bytes();
    let at = bytes.windows(4).rposition(|w| w == size).unwrap();
    let with_size = |size: u32| [&bytes[..at], &size.to_le_bytes(), &bytes[at + 4..]].concat();
    std::fs::write(&path, with_size(100)).unwrap();
    assert!(refuse_bomb("bomb", &open(), 1 << 20).is_err());
    std::fs::write(&path, with_size(700 << 20)).unwrap();
    assert!(super::problem(&xlsx(&path, None)).reason.en.contains("zip bomb"));
}

#[test]
fn what_is_no_workbook_or_parquet() {
    let folder = folder();
    let text = file(&folder, "a.xlsx", "姓名,村\n");
    assert!(super::problem(&xlsx(&text, None)).reason.en.contains("not a sound XLSX"));
    let parquet = source(Format::Parquet { path: text });
    assert!(super::problem(&parquet).reason.en.contains("not a sound Parquet"));
}

fn database(url: String, table: &str) -> Source {
    source(Format::Database { url, table: table.to_owned() })
}

#[test]
fn tables_come_by_row_id_or_primary_key() {
    use sqlx::{ConnectOptions, Connection, Executor};
    let folder = folder();
    let path = folder.path().join("a.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut server = options.connect().await.unwrap();
        server
            .execute(
                "create table paid (\"户 号\" text, amount real, on_day text, raw blob);
                 insert into paid (rowid, \"户 号\", amount) values (9, 'b', 5.1e17), (2, 'a', 12.5);
                 create table keyed (a integer, b text, primary key (b, a)) without rowid;
                 insert into keyed values (2, 'x'), (1, 'y'), (1, 'x');",
            )
            .await
            .unwrap();
        server.close().await.unwrap();
    });
    let url = format!("sqlite:{}", path.display());
    assert_eq!(cells(&read(&database(url.clone(), "paid")).unwrap()), ["a|12.5|∅|∅", "b|5.1e+17|∅|∅"]);
    assert_eq!(cells(&read(&database(url.clone(), "keyed")).unwrap()), ["1|x", "2|x", "1|y"]);
    assert!(super::problem(&database(url, "none")).reason.en.contains("no table none"));
    let text = file(&folder, "b.db", "this is a list, not a database, and long enough to show it ".repeat(20));
    let problem = super::problem(&database(format!("sqlite:{}", text.display()), "paid"));
    assert!(problem.reason.en.contains("can't be read"), "{problem}");
    let missing = super::problem(&database(format!("sqlite:{}/none.db", folder.path().display()), "paid"));
    assert!(missing.reason.en.contains("no such file"), "{missing}");
}

#[test]
fn a_database_that_is_down_or_slow() {
    let patience = Patience { connect: Duration::from_millis(300), answer: Duration::from_millis(300) };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://officer:secret@127.0.0.1:{port}/county");
    // It takes the call and never says a word.
    let slow = database::open("finance#paid", &url, "paid", patience).err().unwrap();
    assert!(slow.reason.en.contains("didn't answer"), "{slow}");
    drop(listener);
    let down = database::open("finance#paid", &url, "paid", patience).err().unwrap();
    assert!(down.reason.en.contains("can't be read") && down.remedy.en.contains("make sure it is up"), "{down}");
    assert!(!format!("{slow}{down}").contains("secret"), "no password in a message");
}

#[test]
fn every_format_gives_back_what_was_written() {
    let folder = folder();
    let columns = [
        ("姓名", CellKind::Text),
        ("岁", CellKind::Whole),
        ("份额", CellKind::Real),
        ("生日", CellKind::Day),
        ("在村", CellKind::Flag),
    ];
    let rows = [
        [Cell::Text("王芳,\"x\""), Cell::Whole(36), Cell::Real(0.5), Cell::Day(Day(20_000)), Cell::Flag(true)],
        [Cell::Missing, Cell::Whole(-1), Cell::Real(1234.25), Cell::Day(Day(-1)), Cell::Flag(false)],
    ];
    let expected = ["王芳,\"x\"|36|0.5|2024-10-04|true", "∅|-1|1234.25|1969-12-31|false"];
    let csv = |encoding| Target::Csv { delimiter: b',', encoding, mark: false };
    for (name, target) in [
        ("a.csv", csv(Encoding::Utf8)),
        ("b.csv", csv(Encoding::Gb18030)),
        ("a.jsonl", Target::JsonLines),
        ("a.parquet", Target::Parquet),
        ("a.xlsx", Target::Xlsx { sheet: "名单".to_owned() }),
        ("a.db", Target::Sqlite { table: "list".to_owned() }),
    ] {
        let path = folder.path().join(name);
        let mut writer = RowWriter::create(&path, &target, &columns).unwrap();
        rows.iter().for_each(|row| writer.row(row).unwrap());
        assert!(!path.exists(), "{name} shows before it is whole");
        writer.finish().unwrap();
        let format = match name {
            "a.csv" => in_csv(&path, Encoding::Utf8).format,
            "b.csv" => in_csv(&path, Encoding::Gb18030).format,
            "a.jsonl" => Format::JsonLines { path },
            "a.parquet" => Format::Parquet { path },
            "a.xlsx" => Format::Xlsx { path, sheet: None },
            _ => Format::Database { url: format!("sqlite:{}", path.display()), table: "list".to_owned() },
        };
        let told = read(&source(format)).unwrap();
        let found = cells(&told).join("\n").replace("\n|-1", "\n∅|-1");
        let found = if name == "a.db" {
            found.replace("|1\n", "|true\n").replace("25|1969-12-31|0", "25|1969-12-31|false")
        } else {
            found
        };
        assert_eq!(found, expected.join("\n"), "{name}");
    }
}
