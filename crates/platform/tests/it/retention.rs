//! What is over its time goes by rule and leaves a note; what somebody still works with stays.

use crate::village::full;
use kernel::World;
use kernel::audit;
use std::sync::Arc;
use testkit::{Engine, Village};

/// The county has made the rules its own.
fn adopted(village: &Village) -> World {
    let text = retention::policy::RETENTION.replacen("status = \"example\"", "status = \"adopted\"", 1);
    World { retention: Some(Arc::from(text)), ..village.world.clone() }
}

async fn run(village: &Village, world: &World, remove: bool) -> Vec<retention::Line> {
    retention::carry_out(&village.db, world, Village::COUNTY, remove).await.unwrap()
}

fn over(lines: &[retention::Line], what: &str) -> (i64, i64) {
    let of = |value: fn(&retention::Line) -> i64| lines.iter().filter(|line| line.what == what).map(value).sum();
    (of(|line| line.over), of(|line| line.removed))
}

async fn count(village: &Village, sql: &'static str) -> i64 {
    let (count,): (i64,) = village.read().sql(sql).get().await.unwrap();
    count
}

const FILES: &str = "select count(*) from household_files";
const HELD: &str = "select count(*) from household_documents d join household_files f on f.id = d.file
    where f.superseded_at is not null and exists
      (select 1 from case_states s where s.household = f.household and s.superseded_at is null and s.ended = 0)";
const FREE: &str = "select count(*) from household_documents d join household_files f on f.id = d.file
    where f.superseded_at is not null and not exists
      (select 1 from retention_holds h where h.household = f.household)";

/// A county whose families were found again by a second run, two thousand days ago.
async fn long_ago(engine: Engine) -> Village {
    let village = full(engine).await;
    testkit::county::families(&village, "later-run").await;
    village.days_later(2000);
    village
}

#[tokio::test]
async fn what_is_over_its_time_goes_and_what_is_still_needed_stays() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = long_ago(engine).await;
        let world = adopted(&village);
        let (files, held) = (count(&village, FILES).await, count(&village, HELD).await);
        let dry = run(&village, &world, false).await;
        let (waiting, removed) = over(&dry, "earlier_files");
        assert!(waiting > 0 && removed == 0 && held > 0, "{dry:?}");
        assert_eq!(count(&village, FREE).await, waiting, "a dry run removes nothing");

        let lines = run(&village, &world, true).await;
        for (before, line) in dry.iter().zip(&lines) {
            assert_eq!((&before.rule, before.over), (&line.rule, line.removed), "as the dry run said");
        }
        assert_eq!(count(&village, FREE).await, 0);
        assert_eq!(count(&village, HELD).await, held, "families with an open case keep what was known of them");
        assert_eq!(count(&village, FILES).await, files, "that there was a file stays");
        assert!(over(&lines, "sessions").1 > 0 && over(&lines, "papers").1 == 0, "{lines:?}");
        assert!(run(&village, &world, true).await.iter().all(|line| line.over == 0), "once is enough");

        // What went is told, by rule and basis, and the trail is whole.
        let mut watcher = village.sign_in("t-audit").await;
        watcher.get("/retention").await.expect(&["被新一次比对取代的家庭资料", "个人信息保护法第十九条", "1,095 天"]);
        watcher.get("/retention?count=yes").await.expect(&["已经到期"]);
        let told = count(&village, "select count(*) from audit_entries where verb = 'retention_removed'").await;
        assert!(told > 0);
        let entries = audit::list_since(&mut village.read(), None).await.unwrap();
        assert!(audit::verify(&entries, None, &[]).is_empty());

        // The families are still there for those who work with them.
        let mut county = village.sign_in("t-county").await;
        let own = format!("/households/{}", households::demo::household(0));
        assert_eq!(county.get(&own).await.status, 200);
        assert_eq!(county.get("/findings").await.status, 200);
    }
}

#[tokio::test]
async fn an_example_policy_counts_families_and_removes_the_programs_own() {
    let village = long_ago(Engine::Sqlite).await;
    let lines = run(&village, &village.world, true).await;
    let (waiting, removed) = over(&lines, "earlier_files");
    assert!(waiting > 0 && removed == 0);
    assert!(over(&lines, "sessions").1 > 0);
    let mut watcher = village.sign_in("t-system").await;
    watcher.get("/retention?count=yes").await.expect(&["这些规定是示例", "只数不删"]);
    assert_eq!(village.sign_in("t-village").await.get("/retention").await.status, 403);
}

#[tokio::test]
async fn a_policy_that_is_wrong_removes_nothing() {
    let village = long_ago(Engine::Sqlite).await;
    let wrong = World { retention: Some(Arc::from("status = \"adopted\"")), ..village.world.clone() };
    let refused = retention::carry_out(&village.db, &wrong, Village::COUNTY, true).await.unwrap_err();
    assert!(refused.to_string().contains("retention.toml"), "{refused}");
    assert_eq!(count(&village, "select count(*) from retention_removals").await, 0);
}
