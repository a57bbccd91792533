//! A snapshot sees one moment, and nobody waits for it.

use crate::flock::SETUP;
use kernel::dump::Snapshot;
use kernel::jobs;
use testkit::Village;

#[tokio::test]
async fn who_writes_during_a_backup_is_neither_hindered_nor_in_it() {
    Village::on_both(SETUP, |village| async move {
        let put_down = || {
            village.write(|mut cx| async move {
                let now = cx.now;
                jobs::put_down(&mut cx, "shear", "", now).await
            })
        };
        put_down().await.unwrap();
        let mut snapshot = Snapshot::begin(&village.db).await.unwrap();
        put_down().await.unwrap();
        let table = snapshot.table("jobs").await.unwrap();
        let mut bytes = Vec::new();
        let mut take = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        assert_eq!(snapshot.copy_out(&table, &mut take).await.unwrap(), 1, "the second came after");
        assert!(bytes.starts_with(b"PGCOPY") && bytes.ends_with(&[255, 255]));
        let mut later = Snapshot::begin(&village.db).await.unwrap();
        assert_eq!(later.copy_out(&table, &mut |_| Ok(())).await.unwrap(), 2);
    })
    .await;
}
