//! The audit trail: what is done and read is in it, and offline anybody can see that nothing was touched.

use crate::flock::{SETUP, come_in};
use kernel::audit::{self, Broken, Entry};
use testkit::Village;

async fn trail(village: &Village) -> Vec<Entry> {
    audit::seal(&village.db, &village.world, &[]).await.unwrap();
    audit::list_since(&mut village.read(), None).await.unwrap()
}

/// Three days of reading.
async fn three_days(village: &Village) -> Vec<Entry> {
    for _ in 0..3 {
        village.days_later(1);
        let mut visitor = come_in(village, "township:539901001").await;
        visitor.get("/flocks/a").await;
        visitor.get("/flocks/b").await;
        visitor.get("/flocks/c").await;
    }
    trail(village).await
}

#[tokio::test]
async fn reading_is_in_the_trail_before_the_page_is_shown() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = come_in(&village, "township:539901001").await;
        visitor.get("/flocks/a").await;
        let entries = audit::list_about(&mut village.read(), "flock", "a").await.unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].actor.as_str(), entries[0].verb.as_str()), ("township:539901001", "flock_read"));
        assert_eq!(visitor.get("/flocks/c").await.status, 404);
        let refused = audit::list_about(&mut village.read(), "flock", "c").await.unwrap();
        assert_eq!(refused, [], "what wasn't shown wasn't read");
    })
    .await;
}

#[tokio::test]
async fn a_changed_removed_or_moved_entry_is_found() {
    Village::on_both(SETUP, |village| async move {
        let whole = three_days(&village).await;
        assert_eq!(whole.iter().filter(|entry| entry.number == 0).count(), 3, "one chain a day");
        assert_eq!(audit::verify(&whole, None, &[]), []);

        let last = values::Day::parse_iso(&whole.last().unwrap().day).unwrap();
        let newest = audit::list_since(&mut village.read(), Some(last)).await.unwrap();
        assert_eq!(audit::verify(&newest, Some(last), &[]), [], "a day alone can be checked too");

        let mut changed = whole.clone();
        changed[1].actor = "somebody else".into();
        assert!(matches!(audit::verify(&changed, None, &[])[..], [Broken::Changed { number: 1, .. }]));

        let mut removed = whole.clone();
        removed.remove(1);
        assert!(matches!(audit::verify(&removed, None, &[])[..], [Broken::Gap { number: 2, .. }]));

        let mut moved = whole.clone();
        moved.swap(1, 2);
        assert!(!audit::verify(&moved, None, &[]).is_empty());

        let second = whole.iter().rposition(|entry| entry.number == 0).unwrap();
        let mut cut = whole.clone();
        cut.remove(second - 1);
        assert!(
            matches!(audit::verify(&cut, None, &[])[..], [Broken::CutOff { .. }]),
            "the end of a day is held by the next"
        );

        let kept = audit::heads(&whole);
        assert_eq!(audit::verify(&whole, None, &kept), []);
        let mut shortened = whole.clone();
        shortened.pop();
        assert_eq!(audit::verify(&shortened, None, &[]), [], "no later chain remembers the newest entry");
        assert!(
            matches!(audit::verify(&shortened, None, &kept)[..], [Broken::CutOff { .. }]),
            "heads kept elsewhere do"
        );

        let day = whole[0].day.clone();
        let without: Vec<Entry> = whole.into_iter().filter(|entry| entry.day != day).collect();
        assert!(!audit::verify(&without, None, &[]).is_empty(), "a whole day can't be taken out");
    })
    .await;
}

#[tokio::test]
async fn many_readers_at_once_share_a_chain() {
    Village::on_both(SETUP, |village| async move {
        let visitor = come_in(&village, "township:539901001").await;
        let readers: Vec<_> = (0..40)
            .map(|_| {
                let mut visitor = visitor.clone();
                tokio::spawn(async move { visitor.get("/flocks/a").await.status })
            })
            .collect();
        for reader in readers {
            assert_eq!(reader.await.unwrap(), 200);
        }
        let entries = trail(&village).await;
        assert_eq!(entries.iter().filter(|entry| entry.verb == "flock_read").count(), 40);
        assert_eq!(audit::verify(&entries, None, &[]), []);
    })
    .await;
}
