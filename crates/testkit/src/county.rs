//! 禾岭县, where the domains' stories are told: two townships, a village in each, the demo's staff, a stranger.

use crate::{Engine, PASSWORD, Setup, Village};
use kernel::web::Hooks;
use kernel::{Cx, Doing, Domain, PlaceKey, Result, Role};
use places::Row;
use values::Day;

const HOOKS: Hooks = Hooks {
    find_staff: staff::find_staff,
    find_session: staff::find_session,
    say: ui::say,
    error_page: ui::error_page,
    sign_in: staff::SIGN_IN,
};

/// The day the demo's families were counted on.
///
/// # Panics
/// Never: the day exists.
#[must_use]
pub fn as_of() -> Day {
    Day::from_ymd(2026, 9, 30).unwrap()
}

/// 禾岭县 under these domains, with 王芳 of 上湾村, 陈晓雯 of 柳溪镇, 李明 of the county, the administrators, and
/// `stranger`, who works for 石桥乡. Families are loaded by [`families`] or by the domain's own demo.
#[must_use]
pub const fn setup(domains: fn() -> Vec<Domain>) -> Setup {
    Setup { domains, hooks: HOOKS, plant }
}

/// What every domain with families stands on, and then itself.
#[must_use]
pub fn under(domain: Domain) -> Vec<Domain> {
    vec![ui::domain(), places::domain(), staff::domain(), households::domain(), domain]
}

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        towns(&mut cx).await?;
        staff::plant_demo(&mut cx).await?;
        person(&mut cx, "stranger", Role::Township, "539901002").await
    })
}

/// The places of 禾岭县.
///
/// # Errors
/// Those of the store.
pub async fn towns(cx: &mut Cx) -> Result<()> {
    let row = |code: &str, name: &str, level: &str, parent: &str| Row {
        code: code.to_owned(),
        name: name.to_owned(),
        level: level.to_owned(),
        parent: parent.to_owned(),
        ..Row::default()
    };
    let rows = [
        row("539901000000", "禾岭县", "county", ""),
        row("539901001000", "柳溪镇", "township", "539901000000"),
        row("539901001001", "上湾村", "village", "539901001000"),
        row("539901002000", "石桥乡", "township", "539901000000"),
        row("539901002001", "青坪村", "village", "539901002000"),
    ];
    places::load(cx, &rows).await.map(drop)
}

/// One more person with an account, [`PASSWORD`] and a post at a place.
///
/// # Errors
/// Those of the store.
pub async fn person(cx: &mut Cx, account: &str, role: Role, place: &str) -> Result<()> {
    let new = staff::NewAccount { account, name: account, password: PASSWORD, language: None, demo: false };
    let id = staff::open_account(cx, new).await?;
    let post = staff::NewPost::at(role, PlaceKey::from_code(place)?);
    staff::give_post(cx, &id, post).await.map(drop)
}

/// A run's files of the demo's families, loaded as the chain loads them.
///
/// # Panics
/// Where the store refuses them.
pub async fn families(village: &Village, run: &str) {
    use households::{demo, load};
    let ids: Vec<String> = (0..demo::COUNT).map(demo::household).collect();
    let into = load::RunLoad::begin(&village.db, &village.world, Village::COUNTY, run, as_of(), &ids).await;
    let mut into = into.unwrap();
    assert_eq!(load::files(&mut into, demo::files().into_iter()).await.unwrap(), demo::COUNT as u64);
    into.commit().await.unwrap();
}

/// Tells a story about the demo's families twice, once on each database.
pub async fn told(setup: Setup, story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, setup).await;
        families(&village, "run-1").await;
        story(village).await;
    }
}
