//! The second thing it takes to sign in.

use crate::SETUP;
use kernel::totp;
use testkit::{Answer, PASSWORD, Village, Visitor};

/// The password is right; what comes then.
async fn by_password(village: &Village, account: &str) -> (Visitor, Answer) {
    let mut visitor = village.visitor();
    let page = visitor.get("/signin").await;
    let fields = [("account", account), ("password", PASSWORD), ("then", "/account")];
    let answer = visitor.submit(&page, "/session", &fields).await;
    (visitor, answer)
}

#[tokio::test]
async fn the_county_takes_two_steps_and_the_village_one() {
    Village::on_both(SETUP, |village| async move {
        let (_, answer) = by_password(&village, "wangfang").await;
        answer.expect(&["wangfang", "上湾村"]);

        let (mut li_ming, page) = by_password(&village, "liming").await;
        page.expect(&["绑定手机验证器", "<svg"]);
        assert!(li_ming.cookie("fuzhi").is_none(), "the password alone opens nothing");
        assert!(li_ming.get("/account").await.path.starts_with("/signin"));
        let wrong = li_ming.submit(&page, "/signin/enrolment", &[("code", "000000")]).await;
        assert_eq!((wrong.status, wrong.secret()), (422, page.secret()), "the same secret is shown again");
        village.sign_in("liming").await;

        let (mut li_ming, page) = by_password(&village, "liming").await;
        page.expect(&["手机上的 6 位验证码"]);
        let code = village.next_code("liming");
        li_ming.submit(&page, "/signin/code", &[("code", &code)]).await.expect(&["liming", "手机验证器"]);

        let (mut thief, page) = by_password(&village, "liming").await;
        let again = thief.submit(&page, "/signin/code", &[("code", &code)]).await;
        assert_eq!(again.status, 422, "a code opens once, whoever saw it typed");
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_block_as_wrong_passwords_do() {
    Village::on_both(SETUP, |village| async move {
        village.sign_in("liming").await;
        let (mut thief, mut page) = by_password(&village, "liming").await;
        for _ in 0..5 {
            page = thief.submit(&page, "/signin/code", &[("code", "123 456")]).await;
            assert_eq!(page.status, 422);
        }
        assert!(page.shows("请等 5 分钟"), "{}", page.text());
        let code = village.next_code("liming");
        let blocked = thief.submit(&page, "/signin/code", &[("code", &code)]).await;
        assert!(blocked.shows("请再试") || blocked.shows("分钟再试"), "the right code opens no blocked account");
        let (_, page) = by_password(&village, "liming").await;
        assert!(page.shows("分钟再试"), "the right password neither");
        village.minutes_later(11);
        village.sign_in("liming").await;
    })
    .await;
}

#[tokio::test]
async fn a_step_is_worth_nothing_after_ten_minutes_or_changed() {
    Village::on_both(SETUP, |village| async move {
        village.sign_in("liming").await;
        let (mut late, page) = by_password(&village, "liming").await;
        village.minutes_later(10);
        let code = village.next_code("liming");
        let answer = late.submit(&page, "/signin/code", &[("code", &code)]).await;
        assert!(answer.path.starts_with("/signin") && late.cookie("fuzhi").is_none());

        let (mut forger, page) = by_password(&village, "liming").await;
        let step = forger.cookie("step").unwrap().to_owned();
        forger.set_cookie("step", &step.replace(".p.", ".f."));
        let code = village.next_code("liming");
        let answer = forger.submit(&page, "/signin/code", &[("code", &code)]).await;
        assert!(answer.path.starts_with("/signin") && forger.cookie("fuzhi").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_code_on_paper_opens_once() {
    Village::on_both(SETUP, |village| async move {
        let (mut li_ming, page) = by_password(&village, "liming").await;
        let code = totp::code(&page.secret().unwrap(), village.world.clock.now().0.div_euclid(totp::STEP));
        let shown = li_ming.submit(&page, "/signin/enrolment", &[("code", &code)]).await;
        let on_paper: Vec<String> =
            shown.text().split("<li>").skip(1).filter_map(|rest| rest.get(..11)).map(str::to_owned).collect();
        assert_eq!(on_paper.len(), 10, "{}", shown.text());
        for expected in [200, 422] {
            let (mut without_phone, page) = by_password(&village, "liming").await;
            let code = on_paper[3].to_uppercase();
            let answer = without_phone.submit(&page, "/signin/code", &[("code", &code)]).await;
            assert_eq!(answer.status, expected, "{}", answer.text());
        }
        li_ming.get("/account").await.expect(&["还剩 9 个恢复码"]);
        let raw: Vec<(String,)> = village.read().sql("select code from recovery_codes").list().await.unwrap();
        assert!(raw.iter().all(|(kept,)| !on_paper.contains(kept)), "the store holds no code in clear");
    })
    .await;
}

#[tokio::test]
async fn the_last_factor_of_such_a_post_stays() {
    Village::on_both(SETUP, |village| async move {
        let mut li_ming = village.sign_in("liming").await;
        let account = li_ming.get("/account").await;
        let end = account.text().split("action=\"/factors/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let end = format!("/factors/{end}");
        let wrong = li_ming.submit(&account, &end, &[("password", "not-my-password")]).await;
        assert_eq!(wrong.status, 422);
        let refused = li_ming.submit(&account, &end, &[("password", PASSWORD)]).await;
        assert!(refused.status == 422 && refused.shows("最后一个不能停用"), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    Village::on_both(SETUP, |village| async move {
        let mut lost = village.sign_in("wangfang").await;
        let mut wang_fang = village.sign_in("wangfang").await;
        let page = wang_fang.get("/account").await;
        let fields = [("old", PASSWORD), ("password", "shangwan-2027"), ("again", "shangwan-2027")];
        wang_fang.submit(&page, "/account/password", &fields).await.expect(&["wangfang"]);
        assert!(lost.get("/account").await.path.starts_with("/signin"));
        let (_, refused) = by_password(&village, "wangfang").await;
        assert_eq!(refused.status, 422, "the old password is worth nothing");
    })
    .await;
}
