//! Every list that can be taken away: marked with who took it and when, counted, noted, and no number in clear.

use crate::forms::routes;
use crate::village::full;
use kernel::Verb;
use testkit::Engine;

#[tokio::test]
async fn every_list_taken_away_is_marked_counted_and_noted() {
    let village = full(Engine::Sqlite).await;
    let mut county = village.sign_in("t-county").await;
    let mut taken = 0;
    for route in routes().iter().filter(|route| route.verb == Verb::Page && route.path.ends_with(".xlsx")) {
        let path = route.path.replace("{id}", "omission_rate");
        let sheet = county.get(&path).await;
        sheet.expect(&["t-county 于 2026-09-30"]);
        // The mark, the head, and as many rows as the mark says.
        let rows = sheet.text().lines().count() - 2;
        assert!(sheet.shows(&format!("导出，{rows} 行")) && rows > 0, "{path}: {}", sheet.text());
        let disposition = sheet.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment"), "{path}: {disposition}");
        for file in households::demo::files() {
            for id in file.file.members.iter().filter_map(|member| member.masked_id()) {
                assert!(!sheet.shows(&id.reveal()), "{path} shows a number in clear");
            }
        }
        taken += 1;
        let sql = "select count(*) from audit_entries where verb = 'export'";
        let (noted,): (i64,) = village.read().sql(sql).get().await.unwrap();
        assert_eq!(noted, taken, "{path} leaves its trace");
    }
    assert!(taken >= 7, "{taken} lists");
}
