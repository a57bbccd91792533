use super::stories::case_of;
use super::*;
use testkit::scope_walk::{Family, Leaks, walk};
use testkit::statements;

#[tokio::test]
async fn a_form_sent_twice_is_one_entry() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
        let page = wang.get(&case).await;
        for _ in 0..2 {
            sends(&mut wang, &case, &page, &with(&VISITED, &[("outcome", "hardship")]))
                .await
                .expect(&["王芳、杨建军：入户"]);
        }
        let (rows,): (i64,) =
            village.read().sql("select count(*) from case_entries /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 1);
    })
    .await;
}

#[tokio::test]
async fn a_form_from_a_stale_page_changes_nothing_and_is_kept() {
    told(async |village| {
        let (mut wang, mut chen) = (village.sign_in("village").await, village.sign_in("township").await);
        let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
        let (seen_by_wang, seen_by_chen) = (wang.get(&case).await, chen.get(&case).await);
        let fields = with(&VISITED, &[("outcome", "hardship")]);
        sends(&mut wang, &case, &seen_by_wang, &fields).await.expect(&["王芳、杨建军：入户"]);
        let late = sends(&mut chen, &case, &seen_by_chen, &fields).await;
        assert_eq!(late.status, 409);
        assert!(late.shows("两份都留着"));
        chen.get(&case).await.expect(&["两个人同时改了"]);
        enters(&mut chen, &case, &CHECKED).await;
        assert!(!chen.get(&case).await.shows("两个人同时改了"));
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_cases_of_another_township() {
    told_with_cases(async |village| {
        let mut chen = village.sign_in("township").await;
        let case = case_of(&mut chen, "open", "吴桂芝家").await;
        let household = households::demo::household(5);
        let letter = chen.get(&case).await.links().into_iter().find(|link| link.contains("/letters/")).unwrap();
        let (panel, clue) = (format!("/cases/of-household/{household}"), format!("/clues/new/{household}"));
        let paths = ["/cases", "/cases?tab=open", "/cases/of-home", &case, &letter, &panel, &clue];
        let number = chen.get(&case).await.text();
        let number = number.split("GA-").nth(1).unwrap()[..9].to_owned();
        let number = format!("GA-{number}");
        let family =
            Family { signs: &["吴桂芝", number.as_str()], paths: &paths, insider: "township", stranger: "stranger" };
        assert_eq!(walk(&village, family).await, Leaks::default());
        let leaked = walk(&village.without_scope(), family).await.leaked;
        assert_eq!(leaked, paths, "scoping off: the walk must turn red on every path");
    })
    .await;
}

#[tokio::test]
async fn what_is_written_of_a_family_lies_sealed() {
    told_with_cases(async |village| {
        let bodies: Vec<(Vec<u8>,)> =
            village.read().sql("select body from case_entries /* unscoped: a test */ limit 100").list().await.unwrap();
        assert!(bodies.len() > 10);
        for (body,) in bodies {
            let text = String::from_utf8_lossy(&body);
            assert!(!text.contains("借钱") && !text.contains("verb"), "an entry lies open: {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    let crates = [env!("CARGO_MANIFEST_DIR"), concat!(env!("CARGO_MANIFEST_DIR"), "/../households")];
    assert!(statements::prepare_all(SETUP, &crates).await > 25);
}

#[tokio::test]
async fn the_demo_planted_twice_adds_nothing() {
    told_with_cases(async |village| {
        demo::plant(&village.db, &village.world, Village::COUNTY).await.unwrap();
        let (rows,): (i64,) =
            village.read().sql("select count(*) from cases /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 9);
    })
    .await;
}
