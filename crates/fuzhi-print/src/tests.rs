//! Real documents in a real font, read back by another program than the one that wrote them.

use crate::{Cause, fonts, paper, read};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn written(document: &Value) -> Vec<u8> {
    let font = fonts::find(None).expect("fonts-noto-cjk is installed for the tests");
    paper::write(&serde_json::to_vec(document).unwrap(), &font).unwrap_or_else(|cause| panic!("{cause:?}"))
}

/// What poppler reads in it.
fn text(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed for the tests");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn letter(style: &str, language: &str) -> Value {
    json!({
        "kind": "paper", "style": style, "language": language, "title": "不予纳入告知书", "number": "GA-2026-0083",
        "about": "上湾村 · 周德全家", "to": "周德全家：", "opening": "经过核实，这次没有把您家纳入防止返贫监测。",
        "rows": [["理由", "费用单位报销了 #strong[x] $1$ <a> *b*", false], ["意见", "", true]],
        "paragraphs": ["决定：确认不纳入。\n\n决定的人：陈晓雯。"], "attachments_word": "附件：", "attachments": ["名单.xlsx"],
        "signatures": ["经办单位（盖章）", "办理人签名"], "receipt": "收到的人", "receipt_day": "日期",
        "day": "2026年10月8日", "foot": "王芳 打印"
    })
}

#[test]
fn a_document_holds_every_text_as_it_was_given() {
    for (style, language) in [("letter", "zh"), ("notice", "zh"), ("form", "zh"), ("letter", "en"), ("form", "en")] {
        let pdf = written(&letter(style, language));
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 400_000, "{} bytes", pdf.len());
        let read = text(&pdf);
        for expected in [
            "不予纳入告知书",
            "GA-2026-0083",
            "上湾村 · 周德全家",
            "周德全家：",
            "陈晓雯",
            "经办单位（盖章）",
            "2026年10月8日",
            "王芳 打印",
        ] {
            assert!(
                read.replace(' ', "").contains(&expected.replace(' ', "")),
                "{style} {language} lacks {expected}:\n{read}"
            );
        }
        assert!(read.contains("#strong[x] $1$ <a> *b*"), "texts are never markup:\n{read}");
        assert!(read.contains("名单.xlsx"), "{read}");
    }
}

#[test]
fn a_long_document_goes_on_over_the_page() {
    let mut long = letter("form", "zh");
    let rows: Vec<Value> = (0..60).map(|n| json!([format!("第 {n} 项"), "记下的情况。".repeat(12), false])).collect();
    long["rows"] = rows.into();
    let read = text(&written(&long));
    assert!(read.replace(' ', "").contains("第59项") && read.replace(' ', "").contains("—4—"), "{read}");
}

#[test]
fn a_sheet_holds_its_labels() {
    let label =
        |n: usize| json!({"who": format!("周德全{n}家"), "place": "上湾村", "side": 29, "path": "M4 4h7v1h-7z"});
    let labels: Vec<Value> = (0..24).map(label).collect();
    let sheet = json!({"kind": "labels", "language": "zh", "title": "门牌码", "hint": "登录后扫码", "foot": "f", "labels": labels});
    let read = text(&written(&sheet));
    assert!(
        read.replace(' ', "").contains("周德全23家")
            && read.contains("上湾村")
            && !read.replace(' ', "").contains("—2—"),
        "one page:\n{read}"
    );
}

#[test]
fn what_cannot_be_written_is_said_and_never_drawn_as_boxes() {
    let font = fonts::find(None).unwrap();
    let mut rare = letter("letter", "zh");
    rare["to"] = "\u{e000}\u{10fffd}家".into();
    let told = paper::write(&serde_json::to_vec(&rare).unwrap(), &font);
    assert_eq!(told, Err(Cause::Characters("\u{e000}\u{10fffd}".to_owned())));
    assert!(matches!(paper::write(b"{", &font), Err(Cause::Document(_))));
    assert!(matches!(paper::write(b"{\"kind\":\"paper\"}", &font), Err(Cause::Document(_))));
    let nowhere = fonts::find(Some(Path::new("/nowhere"))).err().expect("no font is there");
    assert!(nowhere.code() == 3 && nowhere.words().contains("apt-get install fonts-noto-cjk"), "{}", nowhere.words());
    let latin = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    assert!(matches!(fonts::find(Some(&latin)), Err(Cause::Font(_))), "no font at all");
}

#[test]
fn what_was_written_is_read_with_its_places() {
    let read = read::read(written(&letter("letter", "zh"))).unwrap();
    let first = &read.texts.iter().find(|text| text.page == 1).unwrap().text;
    assert!(first.contains("经过核实，这次没有把您家纳入防止返贫监测。") && read.unread.is_empty(), "{read:?}");
    let beside = &read.texts.iter().find(|text| text.page == 0).unwrap().text;
    assert!(beside.contains("不予纳入告知书"), "its title stands in its properties too: {beside}");
    let mut hidden = letter("notice", "zh");
    hidden["attachments"] = json!(["身份证 539901196804090113"]);
    let found = read::read(written(&hidden)).unwrap();
    assert!(found.texts.iter().any(|text| text.page == 1 && text.text.contains("539901196804090113")), "{found:?}");
    let sheet = json!({"kind": "labels", "language": "zh", "title": "t", "hint": "h", "foot": "f", "labels": []});
    assert!(read::read(written(&sheet)).unwrap().unread.is_empty());
}

/// As people hand them in: testdata/README.md says which is which.
fn handed_in(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/handed-in");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn what_a_password_locks_is_said_to_be_locked_and_a_scanned_page_to_be_a_picture() {
    for locked in ["locked-aes256.pdf", "locked-rc4.pdf", "printing-only.pdf"] {
        assert_eq!(read::read(handed_in(locked)).unwrap_err(), Cause::Document("encrypted".into()), "{locked}");
    }
    let scanned = read::read(handed_in("scanned.pdf")).unwrap();
    assert!(scanned.unread.contains("pictures"), "{scanned:?}");
    assert!(scanned.texts.iter().all(|text| text.page == 0 || text.text.trim().is_empty()), "{scanned:?}");
}

#[test]
fn what_is_no_whole_pdf_is_broken_and_a_later_change_is_told() {
    assert_eq!(read::read(b"%PDF-1.7 nothing".to_vec()).unwrap_err(), Cause::Document("broken".into()));
    let mut changed = written(&letter("letter", "zh"));
    changed.extend_from_slice(b"\nstartxref\n0\n%%EOF\n");
    assert!(changed.len() > 1000 && read::read(changed).is_ok_and(|read| read.unread.contains("versions")));
}
