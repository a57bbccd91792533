//! Whoever is ruled to be who: no help ends by it.

use crate::families::OWN;
use crate::village::full;
use testkit::{Engine, Village};

/// Everything that was ever said of the family's cases and clues, and its findings.
async fn help(village: &Village) -> (i64, i64, i64) {
    let count = |sql: &'static str| {
        let household = OWN.household();
        async move { village.read().sql(sql).bind(household).get::<(i64,)>().await.unwrap().0 }
    };
    (
        count("select count(*) from cases where household = $1 /* unscoped: a test */").await,
        count("select count(*) from case_entries where household = $1 /* unscoped: a test */").await,
        count("select count(*) from screening_findings where household = $1 and superseded_at is null /* unscoped: a test */")
            .await,
    )
}

#[tokio::test]
async fn a_merge_of_people_leaves_every_case_and_finding_where_it_is() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let before = help(&village).await;
        assert!(before.0 > 0 && before.2 > 0, "{before:?}");
        let file = households::demo::files().swap_remove(OWN.0).file;
        let [_, wife, son, ..] = file.members.as_slice() else { panic!("a family of several") };
        let mut county = village.sign_in("t-county").await;
        let home = format!("/households/{}", OWN.household());
        let person = format!("/people/{}/{}", OWN.household(), wife.person);
        let page = county.get(&format!("{person}/merge?with={}.{}", OWN.household(), son.person)).await;
        let ruling = county.submit(&page, &format!("{person}/merge"), &[("reason", "登记重了")]).await;
        ruling.expect(&["不停任何帮扶"]);
        let merged = county.get(&home).await;
        assert!(merged.shows(&wife.name) && !merged.shows(&son.name), "one person shows one line");
        assert_eq!(help(&village).await, before);
        county.submit(&ruling, &format!("{}/undo", ruling.path), &[("reason", "查错了")]).await.expect(&["已撤销"]);
        county.get(&home).await.expect(&[&wife.name, &son.name]);
        assert_eq!(help(&village).await, before);
    }
}
