//! Stories: a helper is paired, an auditor reads by warrant, glass is broken and looked at afterwards.

use households::demo;
use kernel::{Cx, Doing, Role};
use testkit::{Setup, Village, Visitor, county};

const SETUP: Setup = Setup { plant, ..county::setup(|| county::under(crate::domain())) };

const PEOPLE: [(&str, Role, &str); 6] = [
    ("chenxw", Role::Township, "539901001"),
    ("liming", Role::County, "539901"),
    ("helper", Role::Helper, "539901002001"),
    ("auditor", Role::ExternalAuditor, "539901"),
    ("zhoujin", Role::AuditAdmin, "539901"),
    ("qingping", Role::Village, "539901002001"),
];

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        county::towns(&mut cx).await?;
        for (account, role, place) in PEOPLE {
            county::person(&mut cx, account, role, place).await?;
        }
        Ok(())
    })
}

async fn told(story: impl AsyncFn(Village)) {
    county::told(SETUP, story).await;
}

async fn give(giver: &mut Visitor, village: &Village, fields: &[(&str, &str)]) -> testkit::Answer {
    let until = village.today().plus_days(30).to_string();
    let page = giver.get("/openings").await;
    let mut all = vec![("purpose", "帮扶"), ("basis", "乡党发 12 号"), ("until", until.as_str())];
    all.extend_from_slice(fields);
    giver.submit(&page, "/openings", &all).await
}

#[tokio::test]
async fn a_helper_is_paired_until_it_ends() {
    told(async |village| {
        let path = format!("/households/{}", demo::household(0));
        let mut helper = village.sign_in("helper").await;
        assert_eq!(helper.get(&path).await.status, 404);
        let mut chen = village.sign_in("chenxw").await;
        for (numbers, why) in [("539901002001000425", "不在您的范围里"), ("", "请写户编号")] {
            let refused =
                give(&mut chen, &village, &[("account", "helper"), ("kind", "pairing"), ("numbers", numbers)]).await;
            assert!(refused.status == 422 && refused.shows(why), "{}", refused.text());
        }
        let no_post = give(
            &mut chen,
            &village,
            &[("account", "auditor"), ("kind", "pairing"), ("numbers", "539901001001000417")],
        )
        .await;
        assert!(no_post.shows("没有相应的岗位"));
        let not_hers = give(
            &mut chen,
            &village,
            &[("account", "auditor"), ("kind", "warrant"), ("numbers", "539901001001000417")],
        )
        .await;
        assert_eq!(not_hers.status, 403);
        let given =
            give(&mut chen, &village, &[("account", "helper"), ("kind", "pairing"), ("numbers", "539901001001000417")])
                .await;
        given.expect(&["helper", "结对帮扶"]);
        assert!(!given.shows("周德全"));
        helper.get(&path).await.expect(&["周德全家"]);
        helper.get("/households").await.expect(&["周德全家"]);
        assert_eq!(helper.get(&format!("/households/{}", demo::household(1))).await.status, 404);
        village.days_later(31);
        let mut helper = village.sign_in("helper").await;
        assert_eq!(helper.get(&path).await.status, 404, "it has ended");
    })
    .await;
}

#[tokio::test]
async fn an_auditor_reads_by_warrant_and_it_is_revoked() {
    told(async |village| {
        let path = format!("/households/{}", demo::household(0));
        let mut auditor = village.sign_in("auditor").await;
        assert_eq!(auditor.get(&path).await.status, 404);
        let mut zhou_jin = village.sign_in("zhoujin").await;
        let given =
            give(&mut zhou_jin, &village, &[("account", "auditor"), ("kind", "warrant"), ("place", "539901001")]).await;
        given.expect(&["柳溪镇"]);
        let file = auditor.get(&path).await;
        file.expect(&["周德全家"]);
        assert!(!file.shows("/reveals"), "a warrant stays masked");
        assert_eq!(auditor.get(&format!("/households/{}", demo::household(8))).await.status, 404);
        assert_eq!(zhou_jin.get(&path).await.status, 403, "who enters warrants sees no family");
        let action = given.text().split("action=\"/openings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        zhou_jin.submit(&given, &format!("/openings/{action}"), &[]).await.expect(&["现在没有"]);
        assert_eq!(auditor.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn broken_glass_opens_four_hours_and_is_looked_at() {
    told(async |village| {
        let path = format!("/households/{}", demo::household(0));
        let mut qing_ping = village.sign_in("qingping").await;
        assert_eq!(qing_ping.get(&path).await.status, 404);
        let page = qing_ping.get("/break-glass").await;
        let reason = "洪水，老人被困，要找家属电话";
        let missed =
            qing_ping.submit(&page, "/break-glass", &[("number", "539901001001999999"), ("reason", reason)]).await;
        assert!(missed.status == 422 && missed.shows("已经记下"));
        let why = qing_ping.submit(&page, "/break-glass", &[("number", "539901001001000417"), ("reason", "急")]).await;
        assert_eq!(why.status, 422);
        qing_ping
            .submit(&page, "/break-glass", &[("number", "539901001001000417"), ("reason", reason)])
            .await
            .expect(&["周德全家"]);
        assert_eq!(qing_ping.get("/openings/reviews").await.status, 403);

        let mut li_ming = village.sign_in("liming").await;
        let reviews = li_ming.get("/openings/reviews").await;
        reviews.expect(&["qingping", reason]);
        let action = reviews.text().split("action=\"/openings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let action = format!("/openings/{action}");
        li_ming.submit(&reviews, &action, &[("verdict", "justified")]).await.expect(&["应当"]);
        let twice = li_ming.submit(&reviews, &action, &[("verdict", "unjustified")]).await;
        assert_eq!(twice.status, 409, "one review stands");

        village.minutes_later(5 * 60);
        let mut qing_ping = village.sign_in("qingping").await;
        assert_eq!(qing_ping.get(&path).await.status, 404, "four hours are over");
        kernel::audit::seal(&village.db, &village.world, &[]).await.unwrap();
        let seen = kernel::audit::list_about(&mut village.read(), "household", &demo::household(0)).await.unwrap();
        assert!(seen.iter().any(|entry| entry.verb == "glass_broken"));
    })
    .await;
}
