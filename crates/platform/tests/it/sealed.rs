//! What lies on the disk: no number, phone or sickness of a family in clear; and what erasure leaves.

use crate::village::full;
use households::load::RunLoad;
use kernel::audit;
use testkit::{Engine, Village};
use values::Day;

/// Everything the store wrote into its folder, as bytes.
fn raw(village: &Village) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(village.folder()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

fn holds(raw: &[u8], text: &str) -> bool {
    raw.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn the_file_shows_no_number_phone_or_sickness() {
    let village = full(Engine::Sqlite).await;
    let mut chen = village.sign_in("t-township").await;
    let household = households::demo::household(0);
    let finding = chen.get("/findings").await.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap();
    let page = chen.get(&finding).await;
    let told = "尿毒症，卡号 6217000010001234567，电话 13912345678";
    let fields = [("dismiss", "other"), ("note", told)];
    let triage = format!("{}/triage", finding.split('?').next().unwrap());
    chen.submit(&page, &triage, &fields).await.expect(&["尿毒症"]);
    // From the older page: both versions are kept, and neither in clear.
    let late = chen.submit(&page, &triage, &[("dismiss", "other"), ("note", told), ("command", "late")]).await;
    assert_eq!(late.status, 409);
    chen.get(&finding).await.expect(&["尿毒症"]);
    let reveal = chen.get(&format!("/households/{household}")).await;
    let sheet = format!("/households/{household}/reveals");
    chen.submit(&reveal, &sheet, &[("field", "id"), ("purpose", "visit")]).await.expect(&["539901"]);
    audit::seal(&village.db, &village.world, &[]).await.unwrap();

    let raw = raw(&village);
    assert!(holds(&raw, "周德全"), "names stand in lists, so these are the right files");
    let mut secrets: Vec<String> = ["尿毒症", "6217000010001234567", "13912345678"].map(str::to_owned).into();
    for file in households::demo::files() {
        for member in &file.file.members {
            secrets.extend(member.masked_id().map(|id| id.reveal()));
            secrets.extend(member.masked_phone().map(|phone| phone.reveal()));
        }
    }
    assert!(secrets.len() > 10);
    let found: Vec<&String> = secrets.iter().filter(|secret| holds(&raw, secret)).collect();
    assert!(found.is_empty(), "in clear on the disk: {found:?}");
}

#[tokio::test]
async fn an_erased_family_is_gone_and_the_counts_are_whole() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let mut li = village.sign_in("t-county").await;
        let path = format!("/households/{}", households::demo::household(0));
        let page = li.get(&path).await;
        page.expect(&["周德全家"]);
        let without = li.submit(&page, &format!("{path}/erasure"), &[("reason", "")]).await;
        assert_eq!(without.status, 422);
        let before = count(&village).await;
        li.submit(&page, &format!("{path}/erasure"), &[("reason", "consent_withdrawn")]).await;
        let subscribers: Vec<_> = platform::domains().into_iter().flat_map(|domain| domain.subscribers).collect();
        kernel::events::deliver(&village.db, &village.world, &subscribers).await.unwrap();
        load_again(&village).await;

        for path in [path.as_str(), "/households?q=周德全", "/households?q=zdq", "/findings", "/households"] {
            assert!(!li.get(path).await.shows("周德全家"), "{path} still names the family");
        }
        assert_eq!(count(&village).await, before, "what was found and decided still counts");
        let entries = audit::list_since(&mut village.read(), None).await.unwrap();
        assert_eq!(audit::verify(&entries, None, &[]), []);
        audit::seal(&village.db, &village.world, &[]).await.unwrap();
        let about = audit::list_about(&mut village.read(), "household", &households::demo::household(0)).await.unwrap();
        assert!(about.iter().any(|entry| entry.verb == "household_erased" && entry.detail == "consent_withdrawn"));
    }
}

async fn count(village: &Village) -> i64 {
    let sql = "select count(*) from screening_findings where superseded_at is null /* unscoped: a test */";
    let (count,): (i64,) = village.read().sql(sql).get().await.unwrap();
    count
}

/// The same families, delivered again: the erased one stays out.
async fn load_again(village: &Village) {
    let ids: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
    let as_of = Day::from_ymd(2026, 9, 30).unwrap();
    let run = RunLoad::begin(&village.db, &village.world, Village::COUNTY, "demo-run-2", as_of, &ids).await;
    let mut run = run.unwrap();
    let files = households::load::files(&mut run, households::demo::files().into_iter()).await.unwrap();
    assert_eq!(files, ids.len() as u64 - 1, "all but the erased family");
    run.commit().await.unwrap();
}
