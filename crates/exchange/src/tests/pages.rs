//! Stories about deliveries, told through the web door on both databases.
//!
//! The medical insurance answered for both townships of 禾岭县, the bank for 柳溪镇 alone.

use crate::{demo, load};
use households::load::RunLoad;
use testkit::scope_walk::{Family, prove};
use testkit::{Engine, Setup, Village, county, statements};
use values::Day;

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn load(village: &Village, run: &str) {
    let as_of = Day::from_ymd(2026, 9, 30).unwrap();
    let mut into = RunLoad::begin(&village.db, &village.world, Village::COUNTY, run, as_of, &[]).await.unwrap();
    load::deliveries(&mut into, &demo::deliveries()).await.unwrap();
    into.commit().await.unwrap();
}

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        load(&village, "run-1").await;
        story(village).await;
    }
}

#[tokio::test]
async fn a_source_tells_what_went_back_and_how_to_put_it_right() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        chen.get("/sources").await.expect(&["医保局", "412,877", "755", "只交了一部分地方"]);
        let page = chen.get("/sources/medical_insurance").await;
        page.expect(&["身份证号被表格软件转成了科学计数", "请从业务系统重新导出", "第 318 行", "611", "0.2%"]);
        assert_eq!(chen.get("/sources/nobody").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_silent_township_is_said_to_be_silent_and_never_zero() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let page = chen.get("/sources/bank").await;
        page.expect(&["这次只回答了这些地方：柳溪镇", "没有交", "95.0%", "37", "没有授权"]);
        assert!(page.shows("石桥乡</td><td class=\"num\">120</td><td class=\"num\"><span class=\"unknown\">没有交"));
        chen.get("/sources/medical_insurance").await.expect(&["石桥乡", "59.2%"]);
        chen.speak("en");
        chen.get("/sources/bank").await.expect(&["not delivered", "no record says nothing at all"]);
    })
    .await;
}

#[tokio::test]
async fn a_newer_run_takes_the_place_of_an_older_one() {
    told(async |village| {
        village.days_later(30);
        load(&village, "run-2").await;
        let mut chen = village.sign_in("township").await;
        let list = chen.get("/sources").await.text();
        assert_eq!(list.matches("/sources/medical_insurance").count(), 1);
    })
    .await;
}

/// Somebody of a department, whose post says which.
async fn officer(village: &Village, account: &'static str, department: Option<&'static str>) {
    let opens = |mut cx: kernel::Cx| async move {
        let new =
            staff::NewAccount { account, name: account, password: testkit::PASSWORD, language: None, demo: false };
        let id = staff::open_account(&mut cx, new).await?;
        let place = kernel::PlaceKey::from_code(Village::COUNTY)?;
        let post = staff::NewPost { department, ..staff::NewPost::at(kernel::Role::Department, place) };
        staff::give_post(&mut cx, &id, post).await
    };
    village.write(opens).await.unwrap();
}

#[tokio::test]
async fn a_department_sees_what_it_delivered_and_nobody_elses() {
    told(async |village| {
        officer(&village, "yibao", Some("medical_insurance")).await;
        officer(&village, "yinhang", Some("bank")).await;
        officer(&village, "nowhere", None).await;
        let mut yibao = village.sign_in("yibao").await;
        yibao.get("/sources").await.expect(&["您的部门", "412,877", "755"]);
        let page = yibao.get("/sources/medical_insurance").await;
        page.expect(&["身份证号被表格软件转成了科学计数", "请从业务系统重新导出", "第 318 行"]);
        yibao.speak("en");
        yibao.get("/sources").await.expect(&["What your department delivered"]);
        let mut nowhere = village.sign_in("nowhere").await;
        nowhere.get("/sources").await.expect(&["没有您的部门交来的数据", "安全管理员"]);
        assert_eq!(nowhere.get("/sources/bank").await.status, 404);
        let paths = &["/sources", "/sources/medical_insurance"];
        let family = Family { signs: &["412,877"], paths, insider: "yibao", stranger: "yinhang" };
        prove(village, family).await;
    })
    .await;
}

#[tokio::test]
async fn those_who_watch_see_no_delivery() {
    told(async |village| {
        for account in ["audit", "system"] {
            let mut admin = village.sign_in(account).await;
            assert_eq!(admin.get("/sources").await.status, 403);
            assert_eq!(admin.get("/sources/bank").await.status, 403);
        }
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 3);
}
