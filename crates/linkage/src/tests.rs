//! Stories about pairs, told through the web door on both databases.
//!
//! 陈晓雯 works for 柳溪镇. The register knows 周德全 of 上湾村, and the medical insurance a 周得全.

use crate::demo;
use crate::load::{self, ReviewIn};
use households::load::RunLoad;
use testkit::scope_walk::{Family, prove};
use testkit::{Answer, Engine, Setup, Village, Visitor, county, statements};
use values::Day;

mod people;

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn load(village: &Village, run: &str, reviews: Vec<ReviewIn>) {
    let ids: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
    let as_of = Day::from_ymd(2026, 9, 30).unwrap();
    let mut into = RunLoad::begin(&village.db, &village.world, Village::COUNTY, run, as_of, &ids).await.unwrap();
    households::load::files(&mut into, demo::files().into_iter()).await.unwrap();
    load::records(&mut into, demo::records().into_iter()).await.unwrap();
    load::reviews(&mut into, reviews.into_iter()).await.unwrap();
    load::model(&mut into, &demo::model(), &demo::learned()).await.unwrap();
    into.commit().await.unwrap();
}

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        load(&village, "run-1", demo::reviews()).await;
        story(village).await;
    }
}

/// The address of the pair that names this person.
async fn pair_of(visitor: &mut Visitor, name: &str) -> String {
    let list = visitor.get("/pairs").await;
    let text = list.text();
    let row = text.split("<tr>").find(|row| row.contains(name)).unwrap_or_else(|| panic!("no pair of {name}: {text}"));
    row.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn judge(visitor: &mut Visitor, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let action = format!("{}/decision", page.path.split('?').next().unwrap());
    visitor.submit(page, &action, fields).await
}

#[tokio::test]
async fn two_records_stand_side_by_side_with_the_evidence() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = pair_of(&mut chen, "周得全").await;
        let page = chen.get(&path).await;
        page.expect(&[
            "周<mark>德</mark>全",
            "周<mark>得</mark>全",
            "53************<mark>27</mark>*",
            "机器为什么拿不准",
            "94.5%",
        ]);
        assert!(!page.shows("13800001234") && !page.shows("539901196804"), "numbers show only where they differ");
        chen.get("/pairs/model").await.expect(&["权重怎么分布", "姓名"]);
    })
    .await;
}

#[tokio::test]
async fn a_word_leads_to_the_next_pair_and_can_be_taken_back() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = pair_of(&mut chen, "周得全").await;
        let page = chen.get(&path).await;
        let next = judge(&mut chen, &page, &[("is", "same"), ("reason", "问过本人")]).await;
        next.expect(&["陈晓雯判为同一个人：问过本人", "撤销"]);
        assert!(next.path.starts_with("/pairs/") && !next.path.starts_with(&path), "{} is the next pair", next.path);
        assert!(!chen.get("/pairs").await.shows("周得全"));
        chen.get("/pairs?said=same").await.expect(&["周得全"]);
        let undo = format!("{path}/decision");
        chen.submit(&next, &undo, &[("is", "undo")]).await.expect(&["陈晓雯撤销了判断"]);
        chen.get("/pairs").await.expect(&["周得全"]);
    })
    .await;
}

#[tokio::test]
async fn a_word_posted_twice_is_one_row_and_a_stale_one_changes_nothing() {
    told(async |village| {
        let (mut chen, mut li) = (village.sign_in("township").await, village.sign_in("county").await);
        let path = pair_of(&mut chen, "周得全").await;
        let (seen_by_chen, seen_by_li) = (chen.get(&path).await, li.get(&path).await);
        for _ in 0..2 {
            judge(&mut chen, &seen_by_chen, &[("is", "different")]).await.expect(&["陈晓雯判为两个人"]);
        }
        let count = "select count(*) from link_decisions /* unscoped: a test */";
        let (rows,): (i64,) = village.read().sql(count).get().await.unwrap();
        assert_eq!(rows, 1);
        assert_eq!(judge(&mut li, &seen_by_li, &[("is", "same")]).await.status, 409);
        li.get(&path).await.expect(&["陈晓雯判为两个人", "还有一个判断是“同一个人”"]);
    })
    .await;
}

#[tokio::test]
async fn words_outlive_the_run_and_become_labels() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = pair_of(&mut chen, "周得全").await;
        let page = chen.get(&path).await;
        judge(&mut chen, &page, &[("is", "same")]).await;
        // The next delivery has the very same records in other rows.
        village.days_later(30);
        let mut reviews = demo::reviews();
        reviews.iter_mut().for_each(|review| review.pair.b.row += 17);
        load(&village, "run-2", reviews).await;
        let mut chen = village.sign_in("township").await;
        assert!(!chen.get("/pairs").await.shows("周得全"), "nobody is asked twice");
        let labels = chen.get("/pairs/labels.csv").await;
        labels.expect(&[
            "left_source,left_id,right_source,right_id,decision\n",
            "police/members,318,medical_insurance/members,318,same\n",
        ]);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_or_judges_pairs_of_another_township() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        load(&village, "run-1", demo::reviews()).await;
        let mut chen = village.sign_in("township").await;
        let path = pair_of(&mut chen, "周得全").await;
        let page = chen.get(&path).await;
        judge(&mut chen, &page, &[("is", "same")]).await;
        let mut stranger = village.sign_in("stranger").await;
        let fields = [("command", "c-1"), ("base", "1"), ("is", "undo")];
        assert_eq!(stranger.post(&format!("{path}/decision"), &fields).await.status, 404);
        let paths = ["/pairs?said=same", &path, "/pairs/labels.csv"];
        let signs = &["周得全", "<mark>得</mark>", "police/members,318"];
        prove(village, Family { signs, paths: &paths, insider: "township", stranger: "stranger" }).await;
    }
}

#[tokio::test]
async fn administrators_see_no_pair() {
    told(async |village| {
        for account in ["system", "audit"] {
            let mut admin = village.sign_in(account).await;
            assert_eq!(admin.get("/pairs").await.status, 403);
            assert_eq!(admin.get("/pairs/labels.csv").await.status, 403);
        }
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 8);
}
