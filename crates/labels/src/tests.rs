//! Stories: a label on a door, who it opens the file to, and how it ends.

use households::demo;
use kernel::{Role, Unprinted};
use testkit::{Setup, Village, county, statements};

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn told(story: impl AsyncFn(Village)) {
    county::told(SETUP, story).await;
}

/// The address on a family's door.
async fn on_door(village: &Village, family: usize) -> String {
    let sql = "select token from labels where household = $1 and superseded_at is null /* unscoped: a test */";
    let (token,): (String,) = village.read().sql(sql).bind(demo::household(family)).get().await.unwrap();
    let signer = crate::actions::find_signer(&mut village.read()).await.unwrap().unwrap();
    format!("/q/{}", crate::on_door(&signer, &token))
}

#[tokio::test]
async fn a_label_leads_to_the_file_whoever_may_see_it() {
    told(async |village| {
        let home = format!("/households/{}", demo::household(0));
        let mut wang = village.sign_in("village").await;
        wang.get("/labels").await.expect(&["还没有门牌码"]);
        let page = wang.get(&home).await;
        page.expect(&["这家还没有门牌码"]);
        wang.submit(&page, &format!("{home}/label"), &[]).await.expect(&["换一个", "<path d=\"M4 4h7"]);
        let door = on_door(&village, 0).await;
        wang.get(&door).await.expect(&["周德全家", "扫了门牌码"]);
        let mut nobody = village.visitor();
        let asked = nobody.get(&door).await;
        assert!(asked.path.starts_with("/signin?then=/q/") && !asked.shows("周德全"), "{}", asked.path);
        let mut stranger = village.sign_in("stranger").await;
        let refused = stranger.get(&door).await;
        let guessed = stranger.get("/q/0123456789abcdef01234567.01234567.0123456789abcdef").await;
        assert_eq!((refused.status, guessed.status), (404, 404), "the same words for both");
        assert!(!refused.shows("周德全"));
    })
    .await;
}

#[tokio::test]
async fn a_label_that_was_replaced_or_taken_down_opens_nothing() {
    told(async |village| {
        let home = format!("/households/{}", demo::household(0));
        let mut wang = village.sign_in("village").await;
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/label"), &[]).await;
        let old = on_door(&village, 0).await;
        wang.submit(&page, &format!("{home}/label"), &[]).await;
        let new = on_door(&village, 0).await;
        assert_eq!(wang.get(&old).await.status, 404);
        assert_eq!(wang.get(&new).await.status, 200);
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/label/end"), &[]).await.expect(&["这家还没有门牌码"]);
        assert_eq!(wang.get(&new).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_sheet_holds_the_families_of_the_place() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let page = wang.get("/labels").await;
        let sheet = wang.submit(&page, "/labels", &[]).await;
        sheet.expect(&["周德全家", "彭长庚家", "上湾村"]);
        assert!(!sheet.shows("秦素珍家"), "another village's");
        let mut stranger = village.sign_in("stranger").await;
        stranger.get("/labels").await.expect(&["还没有门牌码"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_key_leaves_doors_as_they_are_and_a_withdrawn_one_ends_what_it_signed() {
    told(async |village| {
        let home = format!("/households/{}", demo::household(0));
        let person = async |mut cx| county::person(&mut cx, "security", Role::SecurityAdmin, "539901").await;
        village.write(person).await.unwrap();
        village.visitor().get("/labels/keys").await.expect(&["还没有做过门牌码"]);
        let mut wang = village.sign_in("village").await;
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/label"), &[]).await;
        let door = on_door(&village, 0).await;
        let listed = village.visitor().get("/labels/keys").await;
        listed.expect(&["BEGIN PUBLIC KEY", "正在签"]);
        assert!(!listed.shows("换一把新的"), "the security administrator's alone");
        assert_eq!(wang.post("/labels/keys", &[]).await.status, 403);
        let written = crate::Written::read(&door).unwrap();
        let public = listed.text().split("<pre").find_map(|part| {
            let pem = part.split_once('>')?.1.split("</pre>").next()?;
            crate::PublicHalf::read(pem)
        });
        assert!(written.is_signed_by(&public.unwrap()), "the page's key is all it takes");

        let mut security = village.sign_in("security").await;
        let page = security.get("/labels/keys").await;
        let withdrawal = format!("/labels/keys/{}/withdrawal", written.key);
        assert!(security.post(&withdrawal, &[]).await.shows("请先换一把新的"), "it signs today");
        security.submit(&page, "/labels/keys", &[]).await.expect(&["以前签的，仍有效"]);
        assert_eq!(wang.get(&door).await.status, 200, "the door is left as it is");
        let anew = on_door(&village, 0).await;
        assert!(anew != door && wang.get(&anew).await.status == 200, "printed again, by the new key");
        let page = security.get("/labels/keys").await;
        security.submit(&page, &withdrawal, &[]).await.expect(&["已撤销"]);
        assert_eq!((wang.get(&door).await.status, wang.get(&anew).await.status), (404, 200));
    })
    .await;
}

#[tokio::test]
async fn a_sheet_becomes_a_pdf_or_says_why_not() {
    told(async |village| {
        let village = village.with_press(Ok(b"%PDF-1.7 sheet".to_vec()));
        let mut wang = village.sign_in("village").await;
        let page = wang.get("/labels").await;
        wang.submit(&page, "/labels", &[]).await.expect(&["打印成 PDF"]);
        let pdf = wang.get("/labels/pdf?after=").await;
        assert_eq!(
            (pdf.headers["content-type"].to_str().unwrap(), pdf.text().as_str()),
            ("application/pdf", "%PDF-1.7 sheet")
        );
        let sent = village.pressed();
        assert!(sent.contains("周德全家") && sent.contains("\"path\":\"M4 4h7") && !sent.contains("秦素珍"), "{sent}");
        let village = village.with_press(Err(Unprinted::NoCompanion));
        let mut wang = village.sign_in("village").await;
        wang.get("/labels/pdf?after=").await.expect(&["没有装 fuzhi-print", "周德全家", "<path d=\"M4 4h7"]);
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 4);
}
