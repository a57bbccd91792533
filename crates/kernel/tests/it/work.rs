//! Work beside the pages: events heard once, jobs done once.

use crate::flock::{SETUP, come_in};
use kernel::events::{self, Happened, Subscriber};
use kernel::jobs::{self, Job, Work};
use kernel::{Cx, Doing, Error, message};
use std::time::Duration;
use testkit::Village;

fn hear(cx: Cx, happened: Happened) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        cx.sql("update counters set n = n + 1 where id = 'hits'").run_one().await?;
        // The second flock's event can't be dealt with.
        if happened.subject == "b" { Err(Error::Refused(message("no"))) } else { Ok(()) }
    })
}

async fn hits(village: &Village) -> i64 {
    let (n,): (i64,) = village.read().sql("select n from counters where id = 'hits'").get().await.unwrap();
    n
}

#[tokio::test]
async fn an_event_is_heard_once_and_a_failure_holds_up_no_other() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = come_in(&village, "township:539901").await;
        for (id, command) in [("b", "c1"), ("a", "c2")] {
            let csrf = visitor.get("/flocks").await.fields().remove("csrf").unwrap();
            let fields = [("csrf", csrf.as_str()), ("command", command), ("base", "1"), ("name", command)];
            assert_eq!(visitor.post_raw(&format!("/flocks/{id}/name"), &fields).await.status, 200);
        }
        let counting = [Subscriber { name: "counting", kind: "flock_renamed", hear }];
        assert_eq!(events::deliver(&village.db, &village.world, &counting).await.unwrap(), 1);
        assert_eq!(events::deliver(&village.db, &village.world, &counting).await.unwrap(), 0);
        assert_eq!(hits(&village).await, 1, "what the failing one did was rolled back");
        village.minutes_later(11);
        assert_eq!(events::deliver(&village.db, &village.world, &counting).await.unwrap(), 0);
        let (attempts,): (i64,) = village.read().sql("select max(attempts) from event_deliveries").get().await.unwrap();
        assert_eq!(attempts, 2, "it was tried again");
    })
    .await;
}

fn count(cx: Cx, subject: String) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        if subject == "broken" {
            return Err(Error::Refused(message("no")));
        }
        cx.sql("update counters set n = n + 1 where id = $1").bind(subject).run_one().await
    })
}

#[tokio::test]
async fn jobs_are_done_when_due_and_come_again() {
    Village::on_both(SETUP, |village| async move {
        let nightly = [Job { name: "count", every: Some(Duration::from_secs(24 * 60 * 60)), run: Work::Inside(count) }];
        village
            .write(|mut cx| async move {
                let now = cx.now;
                jobs::put_down(&mut cx, "count", "hits", now).await?;
                jobs::put_down(&mut cx, "count", "broken", now).await
            })
            .await
            .unwrap();
        assert_eq!(jobs::run_due(&village.db, &village.world, &nightly).await.unwrap(), 1);
        assert_eq!(jobs::run_due(&village.db, &village.world, &nightly).await.unwrap(), 0);
        assert_eq!(hits(&village).await, 1);
        village.days_later(1);
        assert_eq!(jobs::run_due(&village.db, &village.world, &nightly).await.unwrap(), 1);
        assert_eq!(hits(&village).await, 2);
        let (error,): (String,) =
            village.read().sql("select last_error from jobs where subject = 'broken'").get().await.unwrap();
        assert!(error.contains("refused"), "{error}");
    })
    .await;
}
