//! Changes: sent twice, sent late, sent by fifty people at once, and read as they were known.

use crate::flock::{self, Rename, SETUP, come_in};
use kernel::commands::{self, Command};
use kernel::{Moment, Who};
use testkit::{Village, Visitor};

async fn rename(visitor: &mut Visitor, id: &str, command: &str, base: &str, name: &str) -> (u16, String) {
    let csrf = visitor.get("/flocks").await.fields().remove("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("command", command), ("base", base), ("name", name)];
    let answer = visitor.post_raw(&format!("/flocks/{id}/name"), &fields).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_command_sent_twice_acts_once() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = come_in(&village, "township:539901001").await;
        assert_eq!(rename(&mut visitor, "a", "c1", "1", "Snow").await, (200, "version 2".into()));
        assert_eq!(rename(&mut visitor, "a", "c1", "1", "Snow").await, (200, "version 2".into()));
        let (status, said) = rename(&mut visitor, "a", "c1", "1", "Ice").await;
        assert_eq!(status, 422, "the same id with another content: {said}");
        assert_eq!(flock::get(&mut village.read(), "a").await.unwrap().name, "Snow");
    })
    .await;
}

#[tokio::test]
async fn a_stale_base_changes_nothing_and_both_versions_are_kept() {
    Village::on_both(SETUP, |village| async move {
        let mut office = come_in(&village, "township:539901001").await;
        let mut phone = come_in(&village, "township:539901").await;
        rename(&mut office, "a", "c1", "1", "Snow").await;
        for _ in 0..2 {
            let (status, said) = rename(&mut phone, "a", "c2", "1", "Cloud").await;
            assert_eq!(status, 409, "{said}");
        }
        assert_eq!(flock::get(&mut village.read(), "a").await.unwrap().name, "Snow");
        let kept = commands::list_open(&mut village.read(), "flock", "a").await.unwrap();
        assert_eq!(kept.len(), 1, "the same command is kept once");
        assert_eq!((kept[0].base_version, kept[0].current_version), (1, 2));
        assert!(kept[0].theirs.contains("Cloud") && kept[0].ours.contains("Snow"));
    })
    .await;
}

#[tokio::test]
async fn fifty_people_change_one_row_at_once() {
    Village::on_both(SETUP, |village| async move {
        let visitor = come_in(&village, "township:539901").await;
        let mut anybody = visitor.clone();
        let csrf = anybody.get("/flocks").await.fields().remove("csrf").unwrap();
        let people = (0..50).map(|_| {
            let (mut visitor, csrf) = (visitor.clone(), csrf.clone());
            tokio::spawn(async move { visitor.post_raw("/counters/hits/step", &[("csrf", &csrf)]).await.status })
        });
        let mut acknowledged = 0;
        for person in people.collect::<Vec<_>>() {
            acknowledged += i64::from(person.await.unwrap() == 200);
        }
        let (n,): (i64,) = village.read().sql("select n from counters where id = 'hits'").get().await.unwrap();
        assert_eq!((n, acknowledged), (50, 50));
    })
    .await;
}

#[tokio::test]
async fn a_list_can_be_read_as_it_was_known() {
    Village::on_both(SETUP, |village| async move {
        let before = village.today();
        village.days_later(3);
        let mut visitor = come_in(&village, "township:539901001").await;
        rename(&mut visitor, "a", "c1", "1", "Snow").await;
        let names = |flocks: Vec<flock::Flock>| flocks.into_iter().map(|flock| flock.name).collect::<Vec<_>>();
        let mut now = village.read();
        assert_eq!(names(flock::page(&mut now, None, 2).await.unwrap()), ["Snow", "flock b"]);
        let mut then = now.as_known_on(before);
        assert_eq!(names(flock::page(&mut then, None, 2).await.unwrap()), ["flock a", "flock b"]);
        let mut sooner = now.as_known_on(before.plus_days(-1));
        assert_eq!(flock::page(&mut sooner, None, 2).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_broken_constraint_is_told_at_its_field() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = come_in(&village, "township:539901").await;
        assert_eq!(rename(&mut visitor, "a", "c1", "1", "Snow").await.0, 200);
        let (status, said) = rename(&mut visitor, "b", "c2", "1", "Snow").await;
        assert_eq!(status, 422, "{said}");
        let mut machine = visitor.clone();
        machine.headers.push(("accept", "application/json".into()));
        let (_, problem) = rename(&mut machine, "b", "c3", "1", "Snow").await;
        assert!(problem.contains("\"field\":\"name\"") && problem.contains("name-taken"), "{problem}");
        assert_eq!(flock::get(&mut village.read(), "b").await.unwrap().version, 1, "nothing of it stayed");
    })
    .await;
}

#[tokio::test]
async fn a_command_travels_as_json() {
    let text = r#"{"command": "c1", "device_at": "2026-09-23T08:00:00.000Z", "base": 1, "name": "Snow"}"#;
    let command: Command<Rename> = serde_json::from_str(text).unwrap();
    assert_eq!(command.device_at, Moment::parse("2026-09-23T08:00:00Z"));
    assert_eq!(command.body.name, "Snow");
    assert_eq!(Who::machine("test", "539901").county(), "539901");
}
