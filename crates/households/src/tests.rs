//! Stories about families' files, told through the web door on both databases.

mod changes;

use crate::demo;
use crate::load::{FileIn, RunLoad, files};
use crate::model::Value;
use kernel::Domain;
use testkit::{Answer, Engine, Setup, Village, county, statements};
use values::{Day, Fen};

const SETUP: Setup = county::setup(domains);

fn domains() -> Vec<Domain> {
    vec![ui::domain(), places::domain(), staff::domain(), crate::domain()]
}

async fn load(village: &Village, run: &str) {
    load_told(village, run, demo::files()).await;
}

async fn load_told(village: &Village, run: &str, told: Vec<FileIn>) {
    let ids: Vec<String> = (0..demo::COUNT).map(demo::household).collect();
    let as_of = Day::from_ymd(2026, 9, 30).unwrap();
    let mut load = RunLoad::begin(&village.db, &village.world, Village::COUNTY, run, as_of, &ids).await.unwrap();
    assert_eq!(files(&mut load, told.into_iter()).await.unwrap(), demo::COUNT as u64);
    load.commit().await.unwrap();
}

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        load(&village, "run-1").await;
        story(village).await;
    }
}

#[tokio::test]
async fn a_family_is_found_by_what_a_clerk_types() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        for typed in ["周德全", "德全", "zdq", "zhoude", "53990100100100041"] {
            chen.get(&format!("/households?q={typed}")).await.expect(&["周德全家", "上湾村", "5399**********0417"]);
        }
        chen.get("/households?q=秦素珍").await.expect(&["没有找到"]);
        let mut li = village.sign_in("county").await;
        li.get("/households?q=秦素珍").await.expect(&["秦素珍家"]);
        li.get("/households").await.expect(&["周德全家", "秦素珍家"]);
    })
    .await;
}

#[tokio::test]
async fn a_page_tells_the_latest_who_looked_and_leads_to_all() {
    told(async |village| {
        let page = format!("/households/{}", demo::household(0));
        let looks = |answer: &Answer| {
            let page = String::from_utf8(answer.body.clone()).unwrap();
            let list = page.split("id=\"looked\"").nth(1).unwrap().to_owned();
            list.split("</section>").next().unwrap().matches("<li>").count()
        };
        for day in 1..=5 {
            village.sign_in("township").await.get(&page).await;
            village.days_later(1);
            let told = village.sign_in("county").await.get(&page).await;
            assert_eq!(looks(&told), 3.min(2 * day - 1));
            assert_eq!(told.shows("全部记录"), 2 * day - 1 > 3, "day {day}");
        }
        let whole = village.sign_in("county").await.get(&format!("{page}?looks=all")).await;
        assert_eq!(looks(&whole), 10);
        assert!(!whole.shows("全部记录"));
        // A day of which only the latest were read isn't counted.
        let mut busy = village.sign_in("county").await;
        for _ in 0..13 {
            busy.get(&page).await;
        }
        assert!(!busy.get(&page).await.shows("次）"));
        assert!(busy.get(&format!("{page}?looks=all")).await.shows("（16 次）"));
    })
    .await;
}

#[tokio::test]
async fn a_file_tells_who_said_what_and_hides_nothing_unknown() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let page = chen.get(&format!("/households/{}", demo::household(0))).await;
        page.expect(&[
            "一起生活的人",
            "户籍在这里，不一起生活",
            "李春梅：居住状况",
            "现在用这个",
            "至少 41,526.00 元",
            "不清楚",
            "第 1,207 行",
            "138****1234",
        ]);
        assert!(!page.shows("13800001234"));
    })
    .await;
}

#[tokio::test]
async fn a_hidden_value_is_shown_for_a_purpose_and_for_five_minutes() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = format!("/households/{}", demo::household(0));
        let page = chen.get(&path).await;
        let sheet = format!("{path}/reveals");
        let fields = [("field", "phone"), ("purpose", "visit")];
        let shown = chen.submit(&page, &sheet, &fields).await;
        shown.expect(&["13800001234", "看了电话 · 用途：入户核实"]);
        village.minutes_later(6);
        assert!(!chen.get(&shown.path).await.shows("13800001234"));
        let page = chen.get(&path).await;
        let refused = chen.submit(&page, &sheet, &[("field", "phone"), ("purpose", "curiosity")]).await;
        assert_eq!(refused.status, 422);
    })
    .await;
}

#[tokio::test]
async fn an_earlier_file_is_still_there() {
    told(async |village| {
        let first_day = village.today();
        village.days_later(30);
        load(&village, "run-2").await;
        let mut chen = village.sign_in("township").await;
        let path = format!("/households/{}?known={first_day}", demo::household(0));
        chen.get(&path).await.expect(&["周德全家"]);
        let before = first_day.plus_days(-1);
        assert_eq!(chen.get(&format!("/households/{}?known={before}", demo::household(0))).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_fact_that_changed_tells_what_it_was_and_since_when() {
    told(async |village| {
        let first_day = village.today();
        village.days_later(30);
        let mut told = demo::files();
        let net = told[0].file.facts.iter_mut().find(|fact| fact.fact == "net_income").unwrap();
        net.value = Value::Money(Fen::from_yuan(43_000));
        load_told(&village, "run-2", told).await;
        let mut chen = village.sign_in("township").await;
        let path = format!("/households/{}", demo::household(0));
        let page = chen.get(&path).await;
        page.expect(&[
            "43,000.00 元",
            "以前是 至少 41,526.00 元",
            &format!("{path}?known={first_day}&amp;facts=all#facts"),
        ]);
        let all = chen.get(&format!("{path}?facts=all")).await;
        let rows = |answer: &Answer| answer.text().matches("<tr>").count();
        assert!(rows(&all) > rows(&page));
        let then = chen.get(&format!("{path}?known={first_day}")).await;
        assert!(!then.shows("43,000.00 元") && !then.shows("以前是"));
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 5);
}
