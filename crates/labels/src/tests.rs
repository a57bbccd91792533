//! Stories: a label on a door, who it opens the file to, and how it ends.

use households::demo;
use households::load::{RunLoad, files};
use kernel::web::Hooks;
use kernel::{Cx, Doing, Domain, PlaceKey, Role};
use testkit::{Engine, Setup, Village, statements};
use values::{Day, Validity};

const SETUP: Setup = Setup {
    domains,
    hooks: Hooks { find_staff: staff::find_staff, say: ui::say, error_page: ui::error_page, sign_in: staff::SIGN_IN },
    plant,
};

fn domains() -> Vec<Domain> {
    vec![ui::domain(), places::domain(), staff::domain(), households::domain(), crate::domain()]
}

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        let row = |code: &str, name: &str, level: &str, parent: &str| places::Row {
            code: code.to_owned(),
            name: name.to_owned(),
            level: level.to_owned(),
            parent: parent.to_owned(),
            ..places::Row::default()
        };
        let rows = [
            row("539901000000", "禾岭县", "county", ""),
            row("539901001000", "柳溪镇", "township", "539901000000"),
            row("539901001001", "上湾村", "village", "539901001000"),
            row("539901002000", "石桥乡", "township", "539901000000"),
            row("539901002001", "青坪村", "village", "539901002000"),
        ];
        places::load(&mut cx, &rows).await?;
        staff::plant_demo(&mut cx).await?;
        let account = "stranger";
        let new =
            staff::NewAccount {
                account, name: "石桥的人", password: testkit::PASSWORD, language: None, demo: false
            };
        let id = staff::open_account(&mut cx, new).await?;
        let post = staff::NewPost {
            role: Role::Township,
            place: PlaceKey::from_code("539901002")?,
            period: Validity::default(),
        };
        staff::give_post(&mut cx, &id, post).await.map(drop)
    })
}

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        let ids: Vec<String> = (0..demo::COUNT).map(demo::household).collect();
        let as_of = Day::from_ymd(2026, 9, 30).unwrap();
        let run = RunLoad::begin(&village.db, &village.world, Village::COUNTY, "run-1", as_of, &ids).await;
        let mut run = run.unwrap();
        files(&mut run, demo::files().into_iter()).await.unwrap();
        run.commit().await.unwrap();
        story(village).await;
    }
}

/// The address on a family's door.
async fn on_door(village: &Village, family: usize) -> String {
    let sql = "select token from labels where household = $1 and superseded_at is null /* unscoped: a test */";
    let (token,): (String,) = village.read().sql(sql).bind(demo::household(family)).get().await.unwrap();
    format!("/q/{}", crate::actions::on_door(&village.read(), &token))
}

#[tokio::test]
async fn a_label_leads_to_the_file_whoever_may_see_it() {
    told(async |village| {
        let home = format!("/households/{}", demo::household(0));
        let mut wang = village.sign_in("village").await;
        wang.get("/labels").await.expect(&["还没有门牌码"]);
        let page = wang.get(&home).await;
        page.expect(&["这家还没有门牌码"]);
        wang.submit(&page, &format!("{home}/label"), &[]).await.expect(&["换一个", "<path d=\"M4 4h7"]);
        let door = on_door(&village, 0).await;
        wang.get(&door).await.expect(&["周德全家", "扫了门牌码"]);
        let mut nobody = village.visitor();
        let asked = nobody.get(&door).await;
        assert!(asked.path.starts_with("/signin?then=/q/") && !asked.shows("周德全"), "{}", asked.path);
        let mut stranger = village.sign_in("stranger").await;
        let refused = stranger.get(&door).await;
        let guessed = stranger.get("/q/0123456789abcdef01234567.0123456789abcdef").await;
        assert_eq!((refused.status, guessed.status), (404, 404), "the same words for both");
        assert!(!refused.shows("周德全"));
    })
    .await;
}

#[tokio::test]
async fn a_label_that_was_replaced_or_taken_down_opens_nothing() {
    told(async |village| {
        let home = format!("/households/{}", demo::household(0));
        let mut wang = village.sign_in("village").await;
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/label"), &[]).await;
        let old = on_door(&village, 0).await;
        wang.submit(&page, &format!("{home}/label"), &[]).await;
        let new = on_door(&village, 0).await;
        assert_eq!(wang.get(&old).await.status, 404);
        assert_eq!(wang.get(&new).await.status, 200);
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/label/end"), &[]).await.expect(&["这家还没有门牌码"]);
        assert_eq!(wang.get(&new).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_sheet_holds_the_families_of_the_place() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let page = wang.get("/labels").await;
        let sheet = wang.submit(&page, "/labels", &[]).await;
        sheet.expect(&["周德全家", "彭长庚家", "上湾村"]);
        assert!(!sheet.shows("秦素珍家"), "another village's");
        let mut stranger = village.sign_in("stranger").await;
        stranger.get("/labels").await.expect(&["还没有门牌码"]);
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 4);
}
