//! One planted family, walked three ways over every page on which it may be met.

use crate::village::full;
use testkit::Engine;
use testkit::scope_walk::{Family, prove};

/// 周德全's family lives in 上湾村; the stranger works in 青坪村 of another township.
#[tokio::test]
async fn a_family_is_met_by_its_own_village_only() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let mut insider = village.sign_in("t-village").await;
        let links = insider.get("/findings?set=risk").await.links();
        let finding = links.into_iter().find(|link| link.starts_with("/findings/")).unwrap();
        let household = households::demo::household(0);
        let file = format!("/households/{household}");
        let panel = format!("/findings/of-household/{household}");
        let paths = ["/findings", "/findings?set=risk", "/findings.xlsx", &finding, &file, &panel, "/households"];
        // The panel on the family's page names the finding, not the family.
        let signs = &["周德全", finding.as_str()];
        prove(village, Family { signs, paths: &paths, insider: "t-village", stranger: "t-stranger-village" }).await;
    }
}
