//! Everything written in a file is found, wherever somebody put it.

use crate::texts;
use rust_xlsxwriter::{Note, Workbook};
use std::io::Write;
use values::reading::{Reading, Spot, Unread, Unreadable};

fn at(reading: &Reading, text: &str) -> Vec<Spot> {
    let holding = reading.texts.iter().filter(|(_, one)| one.contains(text));
    holding.map(|(spot, _)| spot.clone()).collect()
}

#[test]
fn a_workbook_gives_hidden_sheets_comments_headers_names_and_properties() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("名单").unwrap();
    sheet.write(0, 0, "周德全").unwrap();
    sheet.write(4, 27, 539_901_196_804_090_113_f64).unwrap();
    sheet.write(5, 0, 0.1 + 0.2).unwrap();
    sheet.insert_note(2, 1, &Note::new("在批注里")).unwrap();
    sheet.set_header("&C页眉里的字");
    sheet.write_url(6, 0, "mailto:13800001234@qq.example").unwrap();
    let hidden = book.add_worksheet().set_name("底稿").unwrap();
    hidden.write(1, 2, "藏起来的").unwrap();
    hidden.set_very_hidden(true);
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_subject("属性里的字"));
    book.define_name("起点", "=名单!$A$1").unwrap();
    let read = texts(&book.save_to_buffer().unwrap()).unwrap();

    let cell = |sheet: &str, hidden, cell: &str| Spot::Cell { sheet: sheet.into(), hidden, cell: cell.into() };
    assert_eq!(at(&read, "周德全"), [cell("名单", false, "A1")]);
    assert_eq!(at(&read, "539901196804090"), [cell("名单", false, "AB5")], "a number, digit by digit");
    assert_eq!(at(&read, "藏起来的"), [cell("底稿", true, "C2")]);
    assert_eq!(at(&read, "在批注里"), [Spot::Note { cell: "B3".into() }]);
    let part = |text: &str| matches!(at(&read, text).as_slice(), [Spot::Part(_), ..]);
    for text in ["页眉里的字", "属性里的字", "底稿", "起点", "mailto:13800001234@qq.example"] {
        assert!(part(text), "{text} in {:?}", read.texts);
    }
    assert_eq!(at(&read, "0.30").len(), 1, "and no digits of a machine's arithmetic");
    assert_eq!(read.unread, []);
}

#[test]
fn a_number_spread_over_cells_is_one() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, part) in ["周德全", "539901", "19680409", "0113", "三组"].into_iter().enumerate() {
        sheet.write(0, column as u16, part).unwrap();
    }
    let read = texts(&book.save_to_buffer().unwrap()).unwrap();
    let joined: Vec<&str> = read.joined.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(joined, ["539901196804090113"]);
    let csv = texts("a,539901,19680409,011X\n".as_bytes()).unwrap();
    assert_eq!(csv.joined, [(Spot::Line(1), "53990119680409011X".to_owned())]);
}

#[test]
fn what_no_program_reads_is_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
    sheet.insert_image(0, 0, &rust_xlsxwriter::Image::new_from_buffer(png).unwrap()).unwrap();
    let mut bytes = book.save_to_buffer().unwrap();
    assert_eq!(texts(&bytes).unwrap().unread, [Unread::Pictures]);
    let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(&mut bytes)).unwrap();
    archive.start_file("xl/embeddings/oleObject1.bin", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"anything").unwrap();
    archive.finish().unwrap();
    assert_eq!(texts(&bytes).unwrap().unread, [Unread::Pictures, Unread::Files]);
}

#[test]
fn texts_come_in_the_encodings_people_save_in() {
    let line = |bytes: &[u8]| texts(bytes).map(|read| read.texts);
    let expected = vec![(Spot::Line(1), "户主,电话".to_owned()), (Spot::Line(2), "周德全,138".to_owned())];
    let text = "户主,电话\r\n周德全,138\n";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf16, &gb18030] {
        assert_eq!(line(bytes).unwrap(), expected, "{bytes:?}");
    }
    assert_eq!(line(b"MZ\x90\0\x03\0\0\0"), Err(Unreadable::Broken), "a program");
    assert_eq!(line(b"PK\x03\x04nothing"), Err(Unreadable::Broken));
    assert_eq!(line(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(Unreadable::Encrypted));
}
