//! Who may do what about accounts and posts: three administrators, none of whom can do it alone; and leave.

use crate::SETUP;
use testkit::{Village, Visitor};

/// The id of an account, from the list of accounts.
async fn id_of(visitor: &mut Visitor, name: &str) -> String {
    let page = visitor.get("/staff").await.text();
    let before = page.split(&format!("\">{name}</a>")).next().unwrap();
    before.rsplit("/staff/").next().unwrap().to_owned()
}

#[tokio::test]
async fn one_opens_the_account_another_gives_the_post() {
    Village::on_both(SETUP, |village| async move {
        let mut he_an = village.sign_in("hean").await;
        let page = he_an.get("/staff").await;
        let shown = he_an.submit(&page, "/staff", &[("name", "赵小满"), ("account", "zhaoxm")]).await;
        let first = shown.text().split("data-first>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let id = id_of(&mut he_an, "赵小满").await;
        let refused = he_an.post(&format!("/staff/{id}/posts"), &[("role", "county")]).await;
        assert_eq!(refused.status, 403, "who opens accounts gives no rights");

        let mut anna = village.sign_in("anna").await;
        assert_eq!(anna.post("/staff", &[("name", "x"), ("account", "x")]).await.status, 403);
        let page = anna.get(&format!("/staff/{id}")).await;
        let post = [("role", "village"), ("place", "539901001001"), ("reason", "任命书 2026-17")];
        anna.submit(&page, &format!("/staff/{id}/posts"), &post).await.expect(&["村里 · 上湾村"]);
        let own = id_of(&mut anna, "anna").await;
        let refused = anna
            .submit(
                &page,
                &format!("/staff/{id}/posts"),
                &[("role", "audit_admin"), ("place", "539901"), ("reason", "x")],
            )
            .await;
        assert!(refused.shows("各由不同的人担任"), "{}", refused.text());
        let page = anna.get(&format!("/staff/{own}")).await;
        let refused = anna.submit(&page, &format!("/staff/{own}/posts"), &post).await;
        assert!(refused.shows("不能给自己办"), "{}", refused.text());

        let mut zhao = village.visitor();
        let page = zhao.get("/signin").await;
        let page = zhao.submit(&page, "/session", &[("account", "zhaoxm"), ("password", &first)]).await;
        page.expect(&["先换口令"]);
        assert!(zhao.cookie("fuzhi").is_none());
        let own = [("password", "xiaoman-2026"), ("again", "xiaoman-2026"), ("then", "/account")];
        zhao.submit(&page, "/signin/password", &own).await.expect(&["赵小满", "上湾村"]);
    })
    .await;
}

#[tokio::test]
async fn a_post_is_lent_during_leave_and_comes_back() {
    Village::on_both(SETUP, |village| async move {
        let mut wang_fang = village.sign_in("wangfang").await;
        let mut li_ming = village.sign_in("liming").await;
        let page = wang_fang.get("/account").await;
        let action = page.text().split("action=\"/posts/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let action = format!("/posts/{action}");
        let today = village.today();
        let (from, to) = (today.to_string(), today.plus_days(6).to_string());
        let lend = |account: &'static str, to: &str| {
            [
                ("account", account.to_owned()),
                ("from", from.clone()),
                ("to", to.to_owned()),
                ("reason", "休假".to_owned()),
            ]
        };
        for (account, to, why) in [
            ("wangfang", to.clone(), "或者就是您自己"),
            ("anna", to.clone(), "各由不同的人担任"),
            ("liming", today.plus_days(90).to_string(), "最多托付 60 天"),
        ] {
            let fields = lend(account, &to);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let refused = wang_fang.submit(&page, &action, &fields).await;
            assert!(refused.status == 422 && refused.shows(why), "{account}: {}", refused.text());
        }
        let fields = lend("liming", &to);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        wang_fang.submit(&page, &action, &fields).await.expect(&["→ liming"]);
        li_ming.get("/account").await.expect(&["村里 上湾村"]);
        let stolen = li_ming.post(&action, &fields).await;
        assert_eq!(stolen.status, 404, "nobody lends another's post");

        village.days_later(7);
        let mut li_ming = village.sign_in("liming").await;
        let page = li_ming.get("/account").await;
        assert!(!page.shows("delegation\"") || page.shows("县里"), "{}", page.text());
        let mut wang_fang = village.sign_in("wangfang").await;
        assert!(!wang_fang.get("/account").await.shows("→ liming"), "it came back by itself");
    })
    .await;
}
