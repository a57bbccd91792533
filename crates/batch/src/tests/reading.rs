use super::*;

#[test]
fn a_file_with_mark_quotes_breaks_and_blank_lines() {
    let folder = folder();
    let text = "\u{feff}姓名,备注\r\n王芳,\"说\"\"好\"\"，\n第二行\"\r\n\r\n李明,\n   \n赵奶奶,x\n";
    let told = read(&csv(&file(&folder, "a.csv", text))).unwrap();
    assert_eq!(told.header, ["姓名", "备注"]);
    assert_eq!(cells(&told), ["王芳|说\"好\"，\n第二行", "李明|", "赵奶奶|x"]);
    assert_eq!(told.rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(told.faults, []);
}

#[test]
fn a_header_alone_is_a_list_of_nobody() {
    let folder = folder();
    let told = read(&csv(&file(&folder, "a.csv", "姓名,年龄"))).unwrap();
    assert_eq!((told.header.len(), told.seen), (2, 0));
}

#[test]
fn ragged_rows() {
    let folder = folder();
    let told = read(&csv(&file(&folder, "a.csv", "a,b,c\n1,2\n1,2,3,\n1,2,3,4\n5,6,7\n"))).unwrap();
    assert_eq!(cells(&told), ["1|2|∅", "1|2|3", "5|6|7"]);
    assert_eq!(
        told.faults,
        [(1, None, FaultKind::Short { cells: 2, columns: 3 }), (3, None, FaultKind::Long { cells: 4, columns: 3 })]
    );
    assert_eq!(told.rows.last().map(|(number, _)| *number), Some(4));
}

#[test]
fn an_unclosed_quote_costs_its_line_alone() {
    let folder = folder();
    let text = "a,b\n1,2\n3,\"open\n4,5\n6,\"fine\"\n7,5\" pipe\n8,\"open again\n";
    let told = read(&csv(&file(&folder, "a.csv", text))).unwrap();
    assert_eq!(cells(&told), ["1|2", "4|5", "6|fine", "7|5\" pipe"]);
    assert_eq!(told.faults, [(2, None, FaultKind::OpenQuote { line: 3 }), (6, None, FaultKind::OpenQuote { line: 7 })]);
}

#[test]
fn a_cell_of_fifty_megabytes_counts_as_missing() {
    let folder = folder();
    let long = "x".repeat(50 << 20);
    let told = read(&csv(&file(&folder, "a.csv", format!("a,b\n1,\"{long}\"\n2,{long}\n3,4\n")))).unwrap();
    assert_eq!(cells(&told), ["1|∅", "2|∅", "3|4"]);
    let too_long = FaultKind::TooLong { bytes: 50 << 20 };
    assert_eq!(told.faults, [(1, Some(1), too_long.clone()), (2, Some(1), too_long)]);
}

#[test]
fn another_encoding_than_declared() {
    let folder = folder();
    let text = "姓名,村\n王芳,上湾村\n李明,下湾村\n";
    let gb = encoding_rs::GB18030.encode(text).0;
    let path = file(&folder, "gb.csv", &gb);
    let problem = problem(&csv(&path));
    assert!(problem.reason.en.contains("gb18030") && problem.reason.en.contains("byte 0"), "{problem}");
    assert_eq!(cells(&read(&in_csv(&path, Encoding::Gb18030)).unwrap()), ["王芳|上湾村", "李明|下湾村"]);

    let path = file(&folder, "utf8.csv", text);
    let problem = super::problem(&in_csv(&path, Encoding::Gb18030));
    assert!(problem.reason.en.contains("utf-8"), "{problem}");
    let path = file(&folder, "utf16.csv", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    assert!(super::problem(&csv(&path)).reason.en.contains("gb18030"), "without a mark it is some other encoding");
    let path = file(&folder, "marked.csv", b"\xff\xfea\0,\0b\0");
    assert!(super::problem(&csv(&path)).reason.en.contains("UTF-16"));
}

#[test]
fn a_wrong_byte_costs_its_cell_and_is_told_by_its_place() {
    let folder = folder();
    let mut text = "姓名,村\n王芳,上湾村\n李明,下湾村\n赵奶奶,上湾村\n".as_bytes().to_vec();
    let at = text.windows(6).position(|w| w == "李明".as_bytes()).unwrap();
    text[at] = b'\xff';
    let told = read(&csv(&file(&folder, "a.csv", &text))).unwrap();
    assert_eq!(cells(&told), ["王芳|上湾村", "∅|下湾村", "赵奶奶|上湾村"]);
    assert_eq!(told.faults, [(2, Some(0), FaultKind::Encoding { byte: at as u64 })]);

    let mut gb = encoding_rs::GB18030.encode("姓名,村\n王芳,上湾村\n李明,x\n").0.into_owned();
    let at = gb.len() - 2;
    gb[at] = b'\xff';
    let told = read(&in_csv(&file(&folder, "gb.csv", &gb), Encoding::Gb18030)).unwrap();
    assert_eq!(told.faults, [(2, Some(1), FaultKind::Encoding { byte: at as u64 })]);
}

#[test]
fn what_is_no_readable_file() {
    let folder = folder();
    let missing = problem(&csv(&folder.path().join("none.csv")));
    assert!(missing.reason.en.contains("no such file"), "{missing}");
    let directory = problem(&csv(folder.path()));
    assert!(directory.reason.en.contains("directory"), "{directory}");
    let empty = problem(&csv(&file(&folder, "empty.csv", "")));
    assert!(empty.reason.en.contains("empty"), "{empty}");
    let blank = problem(&csv(&file(&folder, "blank.csv", "\n  \n")));
    assert!(blank.reason.en.contains("empty"), "{blank}");
}

#[test]
fn another_delimiter_and_no_header() {
    let folder = folder();
    let path = file(&folder, "a.txt", "王芳|3\n李明|'4|5'\n");
    let header = Some(vec!["name".to_owned(), "n".to_owned()]);
    let dialect = Dialect { delimiter: b'|', quote: Some(b'\''), header };
    let told = read(&source(Format::Csv { path, dialect, encoding: Encoding::Utf8 })).unwrap();
    assert_eq!(cells(&told), ["王芳|3", "李明|4|5"]);
}

#[test]
fn large_files_come_in_order_whatever_their_cut() {
    let folder = folder();
    let mut text = "n,text\n".to_owned();
    for n in 0..200_000 {
        let cell = if n % 7 == 0 {
            format!("\"行\n{n}, \"\"引\"\"\"")
        } else {
            format!("第{n}行，没有引号的文字")
        };
        text.push_str(&format!("{n},{cell}\n"));
    }
    assert!(text.len() > 6 << 20, "more than one block");
    let told = read(&csv(&file(&folder, "a.csv", &text))).unwrap();
    assert_eq!(told.faults, []);
    assert_eq!(told.rows.len(), 200_000);
    assert!(told.rows.iter().enumerate().all(|(n, (number, cells))| {
        *number as usize == n + 1 && cells[0].as_deref() == Some(n.to_string().as_str())
    }));
    assert_eq!(told.rows[140_000].1[1].as_deref(), Some("行\n140000, \"引\""));
}

#[test]
fn lines_of_json() {
    let folder = folder();
    let text = "{\"姓名\":\"王芳\",\"金额\":12.5,\"在村\":true,\"备注\":null}\n\
                {\"金额\":510000000000000000,\"姓名\":\"李\\\"明\"}\n\n\
                [1,2]\n{\"姓名\":\n{\"姓名\":[\"赵\"],\"金额\":5.1e17}\n";
    let told = read(&source(Format::JsonLines { path: file(&folder, "a.jsonl", text) })).unwrap();
    assert_eq!(told.header, ["姓名", "金额", "在村", "备注"]);
    assert_eq!(cells(&told), ["王芳|12.5|true|∅", "李\"明|510000000000000000|∅|∅", "∅|5.1E+17|∅|∅"]);
    assert_eq!(
        told.faults,
        [
            (3, None, FaultKind::NotAnObject { line: 4 }),
            (4, None, FaultKind::NotAnObject { line: 5 }),
            (5, Some(0), FaultKind::NotText)
        ]
    );
    let table = problem(&source(Format::JsonLines { path: file(&folder, "b.jsonl", "a,b\n1,2\n") }));
    assert!(table.reason.en.contains("JSON"), "{table}");
}

mod any_table {
    use super::*;
    use crate::{Cell, CellKind, RowWriter, Target};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn comes_back_from_csv_as_it_went(rows in prop::collection::vec(("\\PC*|[\",\n\r]{0,4}", "[a-z王\" ,]*"), 1..20)) {
            let folder = folder();
            let path = folder.path().join("t.csv");
            let target = Target::Csv { delimiter: b',', encoding: Encoding::Utf8, mark: false };
            let mut writer = RowWriter::create(&path, &target, &[("a", CellKind::Text), ("b", CellKind::Text)]).unwrap();
            for (a, b) in &rows {
                writer.row(&[Cell::Text(a), Cell::Text(b)]).unwrap();
            }
            writer.finish().unwrap();
            let told = read(&csv(&path)).unwrap();
            let back: Vec<(String, String)> = told.rows.iter()
                .map(|(_, cells)| (cells[0].clone().unwrap(), cells[1].clone().unwrap()))
                .collect();
            prop_assert_eq!(back, rows);
        }

        #[test]
        fn of_bytes_is_answered_without_panic(bytes in prop::collection::vec(any::<u8>(), 1..400), gb: bool) {
            let folder = folder();
            let encoding = if gb { Encoding::Gb18030 } else { Encoding::Utf8 };
            let _ = read(&in_csv(&file(&folder, "t.csv", &bytes), encoding));
            let _ = read(&source(Format::JsonLines { path: file(&folder, "t.jsonl", &bytes) }));
            let _ = read(&source(Format::Parquet { path: file(&folder, "t.parquet", &bytes) }));
            let _ = read(&source(Format::Xlsx { path: file(&folder, "t.xlsx", &bytes), sheet: None }));
        }
    }
}
