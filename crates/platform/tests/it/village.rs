//! The county that the tests of the whole program live in.

use crate::families::{FOREIGN, OWN, hand_in};
use households::load::RunLoad;
use kernel::{Cx, Doing, Moment, OpeningKind, PlaceKey, Result, Role};
use testkit::{Engine, Setup, Village};
use values::Day;

pub const SETUP: Setup = Setup { domains: platform::domains, hooks: platform::hooks(), plant };

/// The county with a run in it: families, findings, rules, a run, cases.
pub async fn full(engine: Engine) -> Village {
    let village = Village::raise(engine, SETUP).await;
    assert!(screening::demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
    let ids: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
    let as_of = Day::from_ymd(2026, 9, 30).unwrap();
    let run = RunLoad::begin(&village.db, &village.world, Village::COUNTY, "demo-run", as_of, &ids).await;
    let mut run = run.unwrap();
    linkage::load::reviews(&mut run, linkage::demo::reviews().into_iter()).await.unwrap();
    linkage::load::records(&mut run, linkage::demo::records().into_iter()).await.unwrap();
    linkage::load::model(&mut run, &linkage::demo::model(), &linkage::demo::learned()).await.unwrap();
    run.commit().await.unwrap();
    casework::demo::plant(&village.db, &village.world, Village::COUNTY).await.unwrap();
    let mut county = village.sign_in("t-county").await;
    assert_eq!(county.post("/labels", &[]).await.status, 200);
    for family in [OWN, FOREIGN] {
        family.ruling(&village).await;
        family.change(&village).await;
        let answer = hand_in(&mut county, &village, family).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
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
            let department = (role == Role::Department).then_some("medical_insurance");
            let post = staff::NewPost { department, ..staff::NewPost::at(role, PlaceKey::from_code(code)?) };
            let post = staff::give_post(&mut cx, &id, post).await?;
            open(&mut cx, &post, id.as_str(), role).await?;
        }
        Ok(())
    })
}

/// What the posts open besides their places: all the first family of the cast, each in its own way.
async fn open(cx: &mut Cx, post: &str, staff: &str, role: Role) -> Result<()> {
    let Some(kind) = OpeningKind::ALL.into_iter().find(|kind| *kind != OpeningKind::BreakGlass && kind.fits(role))
    else {
        return Ok(());
    };
    let place = (role == Role::ExternalAuditor).then_some("539901001001000");
    let (id, now) = (cx.new_id().to_string(), cx.now);
    cx.sql(
        "insert into openings (id, county_id, post, staff, kind, place, purpose, basis, opens_at, closes_at, made_at,
         made_by) values ($1, '539901', $2, $3, $4, $5, 'test', 'test', $6, $7, $6, 'test')",
    )
    .bind(id.as_str())
    .bind(post)
    .bind(staff)
    .bind(kind.code())
    .bind(place)
    .bind(now)
    .bind(now.plus(300 * Moment::DAY))
    .run_one()
    .await?;
    if place.is_some() {
        return Ok(());
    }
    let person = if kind == OpeningKind::Matched {
        households::demo::files()[0].file.members[0].person.clone()
    } else {
        String::new()
    };
    cx.sql("insert into opening_members (opening, county_id, household, person) values ($1, '539901', $2, $3)")
        .bind(id)
        .bind(households::demo::household(0))
        .bind(person)
        .run_one()
        .await
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
