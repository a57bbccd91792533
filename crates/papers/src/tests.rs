//! Stories: a bill is photographed, kept without the place it was taken at, opened by who may, and withdrawn.

use households::demo;
use testkit::{Setup, Village, Visitor, county, statements};

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn told(story: impl AsyncFn(Village)) {
    county::told(SETUP, story).await;
}

/// A photo as a phone takes it: with the place, and behind the picture whatever.
fn photo() -> Vec<u8> {
    let segment =
        |marker: u8, body: &[u8]| [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat();
    let exif = segment(0xe1, b"Exif\0\0II\x2a\0\x08\0\0\0\0\0GPS 30.6586N 104.0648E");
    let picture = [segment(0xdb, &[1; 65]), segment(0xda, &[1, 2, 3]), b"the picture itself".to_vec()].concat();
    [vec![0xff, 0xd8], exif, picture, vec![0xff, 0xd9]].concat()
}

fn home() -> String {
    format!("/households/{}", demo::household(0))
}

async fn hands_in(visitor: &mut Visitor, bytes: &[u8]) -> testkit::Answer {
    visitor.upload(&format!("{}/papers", home()), &[("title", "住院发票")], ("paper", bytes)).await
}

fn paper_of(page: &testkit::Answer) -> String {
    page.links().into_iter().find(|link| link.starts_with("/papers/")).unwrap()
}

#[tokio::test]
async fn a_photo_is_kept_without_its_place_and_opened_by_who_may() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        wang.get(&home()).await.expect(&["材料和照片", "还没有。"]);
        let page = hands_in(&mut wang, &photo()).await;
        page.expect(&["住院发票", "王芳"]);
        let paper = paper_of(&page);
        let opened = wang.get(&paper).await;
        assert_eq!(opened.headers["content-type"], "image/jpeg");
        assert!(opened.shows("the picture itself") && !opened.shows("GPS"), "the place stays out");
        let mut stranger = village.sign_in("stranger").await;
        assert_eq!(stranger.get(&paper).await.status, 404);
        assert_eq!(hands_in(&mut stranger, &photo()).await.status, 404);
        assert_eq!(village.sign_in("audit").await.get(&paper).await.status, 403);
        wang.get(&home()).await.expect(&["看了材料"]);
        let rows: Vec<(Vec<u8>, Vec<u8>)> = village
            .read()
            .sql("select title, content from papers /* unscoped: a test */ limit 9")
            .list()
            .await
            .unwrap();
        let clear = |bytes: &[u8], text: &str| String::from_utf8_lossy(bytes).contains(text);
        assert!(!clear(&rows[0].0, "发票") && !clear(&rows[0].1, "picture"), "it lies sealed");
    })
    .await;
}

#[tokio::test]
async fn only_what_it_says_it_is_comes_in() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let cases: [(&[u8], &str); 5] = [
            (b"", "请选一个文件"),
            (b"<html><script>alert(1)</script>", "只收"),
            (b"MZ\x90\0program.jpg", "只收"),
            (&photo()[..40], "不完整"),
            (&[b"%PDF-1.7 ", vec![b'a'; crate::model::LARGEST].as_slice()].concat(), "太大了"),
        ];
        for (bytes, why) in cases {
            let refused = hands_in(&mut wang, bytes).await;
            assert!(refused.status == 422 && refused.shows(why), "{why}: {}", refused.text());
        }
        let far_too_large = vec![0; kernel::web::UPLOAD_LIMIT + 1];
        assert_eq!(hands_in(&mut wang, &far_too_large).await.status, 413);
        hands_in(&mut wang, &photo()).await.expect(&["住院发票"]);
        assert!(hands_in(&mut wang, &photo()).await.shows("这一份已经有了"));
        let (rows,): (i64,) =
            village.read().sql("select count(*) from papers /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_scanner_refuses_stays_out() {
    // The one scanner of this test program: it knows one word.
    let knows = |bytes: &[u8]| bytes.windows(5).any(|window| window == b"EICAR");
    crate::scan_with(Box::new(move |bytes| if knows(bytes) { Err("a known pattern".to_owned()) } else { Ok(()) }));
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let refused = hands_in(&mut wang, b"%PDF-1.7 EICAR").await;
        assert!(refused.status == 422 && refused.shows("安全检查没有通过"));
        hands_in(&mut wang, b"%PDF-1.7 fine").await.expect(&["PDF"]);
    })
    .await;
}

#[tokio::test]
async fn a_paper_is_withdrawn_with_a_reason() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let page = hands_in(&mut wang, &photo()).await;
        let paper = paper_of(&page);
        let why = wang.submit(&page, &format!("{paper}/withdrawal"), &[("reason", "")]).await;
        assert_eq!(why.status, 422);
        let gone = wang.submit(&page, &format!("{paper}/withdrawal"), &[("reason", "拍到了别人")]).await;
        gone.expect(&["还没有。"]);
        assert_eq!(wang.get(&paper).await.status, 404);
        let (rows,): (i64,) =
            village.read().sql("select count(*) from papers /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 1, "the row stays, superseded");
        hands_in(&mut wang, &photo()).await.expect(&["住院发票"]);
    })
    .await;
}

#[tokio::test]
async fn a_forged_upload_is_refused() {
    told(async |village| {
        let mut nobody = village.visitor();
        let refused = hands_in(&mut nobody, &photo()).await;
        assert_eq!(refused.status, 403);
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 4);
}
