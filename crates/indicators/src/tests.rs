//! Stories about indicators: one number, what it means, what it is made of, and who may see which families behind it.

use households::load::RunLoad;
use kernel::{Cx, Moment, OpeningKind, Role, content_id};
use screening::demo;
use screening::load::FindingIn;
use testkit::scope_walk::{Family, Leaks, walk};
use testkit::{Answer, Engine, Setup, Village, Visitor, county, statements};

const SETUP: Setup = county::setup(|| {
    let mut domains = county::under(screening::domain());
    domains.push(crate::domain());
    domains
});

const OMISSION: &str = "/indicators/omission_rate";
/// How many of the twelve families of the cast live in 上湾村; the others in 青坪村 of the other township.
const OWN: usize = 8;

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        assert!(demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
        story(village).await;
    }
}

async fn decide(visitor: &mut Visitor, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let action = format!("{}/triage", page.path.split('?').next().unwrap());
    visitor.submit(page, &action, fields).await
}

/// A county in which the same risk was found with each of the twelve families, and its leaders.
async fn at_risk(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        let households: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
        let run =
            RunLoad::begin(&village.db, &village.world, Village::COUNTY, "risk-run", county::as_of(), &households);
        let mut run = run.await.unwrap();
        assert!(screening::load::run(&mut run, &demo::run()).await.unwrap());
        households::load::files(&mut run, households::demo::files().into_iter()).await.unwrap();
        screening::load::findings(&mut run, households.into_iter().enumerate().map(risk)).await.unwrap();
        run.commit().await.unwrap();
        village.write(leaders).await.unwrap();
        story(village).await;
    }
}

fn risk((family, household): (usize, String)) -> FindingIn {
    let (head, place) = households::demo::family(family);
    let template = demo::findings().next().unwrap();
    FindingIn {
        id: content_id("risk", &[&household]).to_string(),
        head: head.to_owned(),
        place: place.to_owned(),
        rank: family as i64 + 1,
        household,
        ..template
    }
}

/// The leading group, with 周德全's family in its case pack; the city and the province, with nothing opened.
async fn leaders(cx: Cx) -> kernel::Result<()> {
    let mut cx = cx;
    let above = [("leader", Role::LeadingGroup, "539901"), ("city", Role::City, "5399")];
    for (account, role, place) in above.into_iter().chain([("province", Role::Province, "53")]) {
        county::person(&mut cx, account, role, place).await?;
    }
    let (now, kind) = (cx.now, OpeningKind::CasePack.code());
    cx.sql(
        "insert into openings (id, county_id, post, staff, kind, place, purpose, basis, opens_at, closes_at, made_at,
                               made_by)
         select 'pack', '539901', p.id, p.staff, $1, null, 'test', 'test', $2, $3, $2, 'test' from posts p
         where p.role = 'leading_group'",
    )
    .bind(kind)
    .bind(now)
    .bind(now.plus(300 * Moment::DAY))
    .run_one()
    .await?;
    cx.sql("insert into opening_members (opening, county_id, household, person) values ('pack', '539901', $1, '')")
        .bind(households::demo::household(0))
        .run_one()
        .await
}

/// 李明 looks at the first so many families: every other one is to be visited, the rest can bear it.
async fn looked_at(village: &Village, families: usize) {
    let mut li = village.sign_in("county").await;
    for family in 0..families {
        let found = li.get(&format!("/findings?q={}", households::demo::family(family).0)).await;
        let path = found.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap();
        let page = li.get(&path).await;
        let decision = if family % 2 == 0 { ("decision", "visit") } else { ("dismiss", "affordable") };
        assert_eq!(decide(&mut li, &page, &[decision]).await.status, 200);
    }
}

/// The families that the page lists, by the links of its sample.
fn sample(page: &Answer) -> usize {
    page.links().iter().filter(|link| link.starts_with("/findings/")).count()
}

async fn shows(visitor: &mut Visitor, path: &str, texts: &[&str], families: usize) {
    let page = visitor.get(path).await;
    page.expect(texts);
    assert_eq!(sample(&page), families, "{path}: {}", page.text());
}

#[tokio::test]
async fn a_county_reads_the_number_the_formula_the_caveat_and_the_sample() {
    at_risk(async |village| {
        looked_at(&village, 12).await;
        let mut li = village.sign_in("county").await;
        li.get("/indicators").await.expect(&["漏评率", "50%", "25% 到 75%", "错评率", "还没有看过"]);
        let told = [
            "往下办的 6 户 ÷ 看过的 12 户 = 50%",
            "这个数说不了什么",
            "不是随机抽的",
            "柳溪镇",
            "石桥乡",
            "县农业农村局",
        ];
        shows(&mut li, OMISSION, &told, 12).await;
        // Every number opens what it is made of, and a place narrows all of them.
        shows(&mut li, &format!("{OMISSION}?of=taken"), &["周德全家", "安排入户"], 6).await;
        shows(&mut li, &format!("{OMISSION}?of=cleared"), &["沈家明家", "家里负担得起"], 6).await;
        let path = format!("{OMISSION}?place=539901002");
        shows(&mut li, &path, &["看过的太少，说不准", "往下办的 2 户 ÷ 看过的 4 户", "秦素珍家"], 4).await;
        li.speak("en");
        li.get(OMISSION).await.expect(&["6 households taken further ÷ 12 households looked at = 50%", "ranks nobody"]);
        assert_eq!(li.get("/indicators/happiness").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_family_nobody_has_looked_at_counts_against_nobody() {
    at_risk(async |village| {
        looked_at(&village, 3).await;
        let mut li = village.sign_in("county").await;
        let told = ["看过的太少，说不准", "看过的家庭不到 10 户时，不算比例", "往下办的 2 户 ÷ 看过的 3 户"];
        shows(&mut li, OMISSION, &told, 3).await;
        let page = li.get(OMISSION).await;
        assert!(!page.shows("= 67%") && page.shows("<b>9</b><small>不算进去，也不算在谁头上"));
        shows(&mut li, &format!("{OMISSION}?of=waiting"), &["黎福生家"], 9).await;
        // A decision older than a year is counted no longer.
        village.days_later(366);
        let mut li = village.sign_in("county").await;
        shows(&mut li, OMISSION, &["还没有看过", "没有您能看的这样的家庭"], 0).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_moved_away_says_nothing_either_way() {
    at_risk(async |village| {
        let mut chen = village.sign_in("township").await;
        let list = chen.get("/findings").await;
        let path = list.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap();
        let page = chen.get(&path).await;
        decide(&mut chen, &page, &[("dismiss", "gone")]).await.expect(&["人不在本村了"]);
        shows(&mut chen, &format!("{OMISSION}?of=aside"), &["往下办的 0 户 ÷ 看过的 0 户"], 1).await;
        assert_eq!(sample(&chen.get(&format!("{OMISSION}?of=waiting")).await), OWN - 1);
    })
    .await;
}

#[tokio::test]
async fn a_leader_sees_the_whole_number_and_the_families_of_the_case_pack() {
    at_risk(async |village| {
        looked_at(&village, 12).await;
        let mut leader = village.sign_in("leader").await;
        let told = ["往下办的 6 户 ÷ 看过的 12 户 = 50%", "只列出另行开放给您的家庭", "周德全家"];
        shows(&mut leader, OMISSION, &told, 1).await;
        let page = leader.get(OMISSION).await;
        // The other township has too few families to be told apart, and this one would be the rest.
        assert!(!page.shows("沈家明") && !page.shows("石桥乡") && !page.shows("柳溪镇"));
        // Nor can it be reckoned from the other's numbers: a place asked for is not looked at.
        leader.get(&format!("{OMISSION}?place=539901001")).await.expect(&["看过的 12 户"]);
        for account in ["city", "province"] {
            let mut above = village.sign_in(account).await;
            let told = ["往下办的 6 户 ÷ 看过的 12 户 = 50%", "您的岗位只看数，不看家庭"];
            shows(&mut above, OMISSION, &told, 0).await;
            assert!(!above.get(&format!("{OMISSION}?of=taken")).await.shows("周德全"), "{account}");
        }
    })
    .await;
}

#[tokio::test]
async fn few_families_are_not_told_outside_the_work_area() {
    at_risk(async |village| {
        looked_at(&village, 6).await;
        let mut leader = village.sign_in("leader").await;
        leader.get("/indicators").await.expect(&["看过的太少，说不准"]);
        leader
            .get(OMISSION)
            .await
            .expect(&["往下办的 少于 5 户 ÷ 看过的 6 户", "<b>6</b><small>不算进去，也不算在谁头上"]);
        let mut li = village.sign_in("county").await;
        li.get(OMISSION).await.expect(&["往下办的 3 户 ÷ 看过的 6 户"]);
    })
    .await;
}

#[tokio::test]
async fn a_township_counts_and_lists_its_own_families() {
    at_risk(async |village| {
        looked_at(&village, 12).await;
        let (mut chen, mut stranger) = (village.sign_in("township").await, village.sign_in("stranger").await);
        shows(&mut chen, OMISSION, &["看过的太少，说不准", "往下办的 4 户 ÷ 看过的 8 户"], OWN).await;
        shows(&mut stranger, OMISSION, &["往下办的 2 户 ÷ 看过的 4 户"], 4).await;
        let foreign = stranger.get(&format!("{OMISSION}?place=539901001")).await;
        foreign.expect(&["还没有看过"]);
        assert_eq!(sample(&foreign), 0);
        let paths = [OMISSION, "/indicators/omission_rate?of=taken", "/indicators/omission_rate?place=539901001"];
        let signs = &["周德全"];
        let family = Family { signs, paths: &paths, insider: "township", stranger: "stranger" };
        assert_eq!(walk(&village, family).await, Leaks::default());
        let leaked = walk(&village.without_scope(), family).await.leaked;
        assert_eq!(leaked, paths, "scoping off: the walk must turn red on every path");
    })
    .await;
}

#[tokio::test]
async fn a_doubt_about_a_listed_family_is_another_number() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let list = chen.get("/findings?set=means").await;
        let path = list.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap();
        let page = chen.get(&path).await;
        decide(&mut chen, &page, &[("dismiss", "wrong_data")]).await.expect(&["数据不对"]);
        let told = ["还要核实的 0 户 ÷ 看过的 1 户", "还要核实不等于错", "低保户名下多套住房", "数据不对"];
        shows(&mut chen, "/indicators/wrong_inclusion_rate", &told, 1).await;
        shows(&mut chen, OMISSION, &["往下办的 0 户 ÷ 看过的 0 户"], 0).await;
    })
    .await;
}

#[tokio::test]
async fn nothing_loaded_says_so_and_reading_leaves_a_trace() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        let mut li = village.sign_in("county").await;
        li.get("/indicators").await.expect(&["还没有指标", "还没有装入过数据"]);
        li.get(OMISSION).await.expect(&["还没有看过", "这个数说不了什么"]);
        assert_eq!(village.sign_in("system").await.get("/indicators").await.status, 403);
        kernel::audit::seal(&village.db, &village.world, &[]).await.unwrap();
        let read = "select subject, detail from audit_entries where verb = 'read' and subject_kind = 'indicator'";
        let entries: Vec<(String, String)> = village.read().sql(read).list().await.unwrap();
        assert_eq!(entries, [("omission_rate".to_owned(), "families=0".to_owned())]);
    }
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await >= 2);
}
