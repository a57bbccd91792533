//! The county that the tests of the whole program live in.

use kernel::{Cx, Doing, PlaceKey, Role};
use testkit::{Engine, Setup, Village};
use values::Validity;

pub const SETUP: Setup = Setup { domains: platform::domains, hooks: platform::hooks(), plant };

/// The county with a run in it: families, findings, rules, a run.
pub async fn full(engine: Engine) -> Village {
    let village = Village::raise(engine, SETUP).await;
    assert!(screening::demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
    village
}

/// One account for each role, all in the first village and township, and a stranger in the next ones.
pub const ACCOUNTS: [(&str, Role, &str); 15] = [
    ("t-grid", Role::GridWorker, "539901001001"),
    ("t-village", Role::Village, "539901001001"),
    ("t-helper", Role::Helper, "539901001001"),
    ("t-township", Role::Township, "539901001"),
    ("t-county", Role::County, "539901"),
    ("t-department", Role::Department, "539901"),
    ("t-leading", Role::LeadingGroup, "539901"),
    ("t-city", Role::City, "5399"),
    ("t-province", Role::Province, "53"),
    ("t-auditor", Role::ExternalAuditor, "539901"),
    ("t-audit", Role::AuditAdmin, "539901"),
    ("t-security", Role::SecurityAdmin, "539901"),
    ("t-system", Role::SystemAdmin, "539901"),
    ("t-stranger-village", Role::Village, "539901002001"),
    ("t-stranger-township", Role::Township, "539901002"),
];

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        places::load(&mut cx, &places()).await?;
        staff::plant_demo(&mut cx).await?;
        for (account, role, code) in ACCOUNTS {
            let new =
                staff::NewAccount { account, name: account, password: testkit::PASSWORD, language: None, demo: false };
            let id = staff::open_account(&mut cx, new).await?;
            let post = staff::NewPost { role, place: PlaceKey::from_code(code)?, period: Validity::default() };
            staff::give_post(&mut cx, &id, post).await?;
        }
        Ok(())
    })
}

fn places() -> Vec<places::Row> {
    let row = |code: &str, name: &str, level: &str, parent: &str| places::Row {
        code: format!("{code:0<12}"),
        name: name.to_owned(),
        level: level.to_owned(),
        parent: if parent.is_empty() { String::new() } else { format!("{parent:0<12}") },
        ..places::Row::default()
    };
    vec![
        row("539901", "禾岭县", "county", ""),
        row("539901001", "柳溪镇", "township", "539901"),
        row("539901001001", "上湾村", "village", "539901001"),
        row("539901002", "石桥乡", "township", "539901"),
        row("539901002001", "青坪村", "village", "539901002"),
    ]
}
