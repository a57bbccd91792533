//! Signing in and out, told through the web door on both databases.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

mod duties;
mod factors;
mod passkeys;
mod provider;

use kernel::web::Hooks;
use kernel::{Cx, Doing, Domain, PlaceKey, Role};
use testkit::{PASSWORD, Setup, Village};

pub const SETUP: Setup = Setup { domains, hooks: HOOKS, plant };
const HOOKS: Hooks = Hooks {
    find_staff: staff::find_staff,
    find_session: staff::find_session,
    say: ui::say,
    error_page: ui::error_page,
    sign_in: staff::SIGN_IN,
};

fn domains() -> Vec<Domain> {
    vec![ui::domain(), places::domain(), staff::domain()]
}

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        people(&mut cx).await?;
        let row = |code: &str, name: &str, level: &str, parent: &str| places::Row {
            code: code.to_owned(),
            name: name.to_owned(),
            level: level.to_owned(),
            parent: parent.to_owned(),
            ..places::Row::default()
        };
        let county = row("539901000000", "禾岭县", "county", "");
        let township = row("539901001000", "柳溪镇", "township", "539901000000");
        let village = row("539901001001", "上湾村", "village", "539901001000");
        places::load(&mut cx, &[county, township, village]).await?;
        staff::plant_demo(&mut cx).await?;
        // Planting twice changes nothing.
        staff::plant_demo(&mut cx).await
    })
}

/// The people who really work here, beside the demo's: their posts ask for a second factor.
pub async fn people(cx: &mut Cx) -> kernel::Result<()> {
    let all = [
        ("liming", Role::County, "539901"),
        ("wangfang", Role::Village, "539901001001"),
        ("chenxw", Role::Village, "539901001001"),
        ("hean", Role::SystemAdmin, "539901"),
        ("anna", Role::SecurityAdmin, "539901"),
    ];
    for (account, role, place) in all {
        let new = staff::NewAccount { account, name: account, password: PASSWORD, language: None, demo: false };
        let id = staff::open_account(cx, new).await?;
        let place = PlaceKey::from_code(place)?;
        staff::give_post(cx, &id, staff::NewPost::at(role, place)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn wang_fang_signs_in_and_out() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = village.visitor();
        let page = visitor.get("/account").await;
        assert_eq!(page.path, "/signin?then=/account", "nobody is led to the sign-in page");
        page.expect(&["演示账号", "王芳", "上湾村"]);
        let account = visitor
            .submit(&page, "/session", &[("account", "village"), ("password", PASSWORD), ("then", "/account")])
            .await;
        account.expect(&["王芳", "上湾村", "就是这一台"]);
        let out = visitor.submit(&account, "/session/end", &[]).await;
        assert!(out.path.starts_with("/signin"));
        assert!(visitor.get("/account").await.path.starts_with("/signin"));
    })
    .await;
}

#[tokio::test]
async fn five_wrong_passwords_block_known_and_unknown_accounts_alike() {
    Village::on_both(SETUP, |village| async move {
        for account in ["county", "nobody-has-this-account"] {
            let mut visitor = village.visitor();
            for left in (1..5).rev() {
                let page = visitor.get("/signin").await;
                let answer =
                    visitor.submit(&page, "/session", &[("account", account), ("password", "wrong-password")]).await;
                assert_eq!(answer.status, 422);
                assert!(answer.shows(&format!("还可以试 {left} 次")), "{account}: {}", answer.text());
            }
            let page = visitor.get("/signin").await;
            let answer =
                visitor.submit(&page, "/session", &[("account", account), ("password", "wrong-password")]).await;
            assert!(answer.shows("请等 5 分钟"), "{}", answer.text());
            let page = visitor.get("/signin").await;
            let answer = visitor.submit(&page, "/session", &[("account", account), ("password", PASSWORD)]).await;
            assert!(answer.shows("请等 5 分钟"), "the right password doesn't open a blocked account");
        }
        village.minutes_later(6);
        village.sign_in("county").await;
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_revoked_idle_or_old() {
    Village::on_both(SETUP, |village| async move {
        let mut office = village.sign_in("township").await;
        let mut lost_phone = village.sign_in("township").await;
        let sessions = office.get("/account").await;
        let others: Vec<String> = sessions
            .text()
            .split("action=\"/sessions/")
            .skip(1)
            .map(|rest| rest.split('/').next().unwrap().to_owned())
            .collect();
        assert_eq!(others.len(), 2);
        let own = sessions.text().find("就是这一台").unwrap();
        let other =
            others.iter().max_by_key(|hash| sessions.text().find(hash.as_str()).unwrap().abs_diff(own)).unwrap();
        office.submit(&sessions, &format!("/sessions/{other}/end"), &[]).await;
        let ended = [office.get("/account").await, lost_phone.get("/account").await];
        assert_eq!(ended.iter().filter(|answer| answer.path.starts_with("/signin")).count(), 1, "one of two ended");

        let mut left_open = village.sign_in("township").await;
        village.minutes_later(31);
        assert!(left_open.get("/account").await.path.starts_with("/signin"), "idle for half an hour");

        let mut busy = village.sign_in("township").await;
        for _ in 0..30 {
            village.minutes_later(25);
            busy.get("/account").await;
        }
        assert!(busy.get("/account").await.path.starts_with("/signin"), "older than twelve hours");
    })
    .await;
}

#[tokio::test]
async fn one_device_more_than_the_policy_allows_ends_the_oldest() {
    Village::on_both(SETUP, |village| async move {
        let village = village.as_real().with_world(|world| world.terms.session.at_most = 3);
        let mut devices = Vec::new();
        for _ in 0..4 {
            village.minutes_later(1);
            devices.push(village.sign_in("wangfang").await);
        }
        let mut open = Vec::new();
        for mut device in devices {
            open.push(device.get("/account").await.path == "/account");
        }
        assert_eq!(open, [false, true, true, true]);
    })
    .await;
}

#[tokio::test]
async fn forged_forms_and_foreign_sessions_change_nothing() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = village.sign_in("county").await;
        let forged = visitor.post_raw("/session/end", &[]).await;
        assert_eq!(forged.status, 422);
        visitor.get("/account").await.expect(&["李明"]);

        let mut other = village.sign_in("village").await;
        let hash = kernel::crypto::digest(visitor.cookie("fuzhi").unwrap());
        let stolen = other.post(&format!("/sessions/{hash}/end"), &[]).await;
        assert!(matches!(stolen.status, 404 | 422), "another's session isn't one's own: {}", stolen.status);
        visitor.get("/account").await.expect(&["李明"]);

        for then in ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"] {
            let mut visitor = village.visitor();
            let page = visitor.get("/signin").await;
            let fields = [("account", "county"), ("password", PASSWORD), ("then", then)];
            let answer = visitor.submit(&page, "/session", &fields).await;
            assert!(!answer.path.contains("elsewhere"), "{then} leads away");
        }
    })
    .await;
}

#[tokio::test]
async fn demo_accounts_open_nothing_outside_of_a_demo() {
    let village = Village::raise(testkit::Engine::Sqlite, SETUP).await.as_real();
    let mut visitor = village.visitor();
    let page = visitor.get("/signin").await;
    assert!(!page.shows("演示账号") && !page.shows(PASSWORD));
    let answer = visitor.submit(&page, "/session", &[("account", "county"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn the_audit_administrator_finds_a_changed_entry() {
    Village::on_both(SETUP, |village| async move {
        let mut zhou_jin = village.sign_in("audit").await;
        // What waits gets its place in the chain a moment later; the story doesn't wait.
        kernel::audit::seal(&village.db, &village.world, &[]).await.unwrap();
        zhou_jin.get("/audit").await.expect(&["记录完整", "周谨", "登录"]);
        village
            .write(|mut cx| async move {
                cx.sql("update audit_entries set actor = 'somebody else' where verb = 'signed_in'").run().await
            })
            .await
            .unwrap();
        let page = zhou_jin.get("/audit").await;
        page.expect(&["记录被动过", "的内容被改过"]);
        assert!(!Role::AuditAdmin.sees_families());
    })
    .await;
}
