//! Bulk loads: whole or not at all, the same twice, and every kind of cell.

use crate::flock::SETUP;
use kernel::bulk::{Load, Target};
use testkit::Village;

const FLOCKS: Target = Target {
    table: "flocks",
    columns: &["place", "id", "county_id", "name", "version", "recorded_at", "superseded_at"],
    skip_existing: true,
};

async fn load(village: &Village, rows: usize) -> kernel::Result<u64> {
    let mut load = Load::begin(&village.db).await?;
    let now = village.world.clock.now();
    let new = load
        .insert(FLOCKS, 0..rows, |n, row| {
            let name = format!("tab\t line\n back\\slash quote' 云 {n}");
            row.text("539901001001000").text(&format!("l{n:05}")).text("539901").text(&name).int(1).moment(now).null();
        })
        .await?;
    load.commit().await?;
    Ok(new)
}

#[tokio::test]
async fn the_same_rows_twice_are_there_once() {
    Village::on_both(SETUP, |village| async move {
        assert_eq!(load(&village, 1_001).await.unwrap(), 1_001);
        assert_eq!(load(&village, 1_003).await.unwrap(), 2);
        let (count,): (i64,) =
            village.read().sql("select count(*) from flocks where id like 'l%'").get().await.unwrap();
        assert_eq!(count, 1_003);
        let (name,): (String,) = village.read().sql("select name from flocks where id = 'l01000'").get().await.unwrap();
        assert_eq!(name, "tab\t line\n back\\slash quote' 云 1000");
    })
    .await;
}

#[tokio::test]
async fn a_load_that_fails_leaves_nothing() {
    Village::on_both(SETUP, |village| async move {
        let mut load = Load::begin(&village.db).await.unwrap();
        let strict = Target { skip_existing: false, ..FLOCKS };
        let rows = |id: &'static str| (0..1).map(move |_| id);
        let cells = |id: &str, row: &mut kernel::bulk::Row<'_>| {
            row.text("539901001001000").text(id).text("539901").text(id).int(1).text("t").null();
        };
        assert_eq!(load.insert(strict, rows("x"), cells).await.unwrap(), 1);
        assert!(load.insert(strict, rows("x"), cells).await.is_err());
        drop(load);
        let (count,): (i64,) = village.read().sql("select count(*) from flocks where id = 'x'").get().await.unwrap();
        assert_eq!(count, 0);
    })
    .await;
}

#[tokio::test]
async fn keys_are_made_once_and_kept() {
    Village::on_both(SETUP, |village| async move {
        let households: Vec<String> = (0..500).map(|n| format!("h{n}")).collect();
        let names: Vec<&str> = households.iter().map(String::as_str).collect();
        let mut sealed = Vec::new();
        for round in 0..2 {
            let mut load = Load::begin(&village.db).await.unwrap();
            let keys = load.keys(&village.world, "539901", &names).await.unwrap();
            let key = keys[499].as_ref().unwrap();
            if round == 0 {
                sealed = key.seal_bytes(&village.world, "documents", b"facts").unwrap();
            }
            assert_eq!(key.open_bytes("documents", &sealed).unwrap(), b"facts");
            load.commit().await.unwrap();
        }
    })
    .await;
}
