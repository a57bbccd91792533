//! A household that split for a second subsidy, and one that split for a marriage.

use super::*;

/// A split is agreed to: 周小川 leaves 周德全's household for this reason, with a relative in the village.
async fn splits(village: &Village, reason: &str) -> String {
    let (mut wang, mut li) = (village.sign_in("village").await, village.sign_in("county").await);
    let (home, goes) = (households::demo::household(0), households::demo::files()[0].file.members[2].person.clone());
    let page = wang.get(&format!("/households/{home}/changes/new?kind=split")).await;
    let fields = [
        ("member", goes.as_str()),
        ("head", &goes),
        ("reason", reason),
        ("words", "自己说的"),
        ("kin_name", "王芳"),
        ("kin_relation", "姑姑"),
        ("kin_level", "village"),
    ];
    wang.submit(&page, &format!("/households/{home}/changes"), &fields).await.expect(&["周小川：分户"]);
    let list = li.get("/changes").await;
    let text = list.text();
    let action = text.split("action=\"").find(|rest| rest.starts_with("/changes/")).unwrap().split('"').next().unwrap();
    li.submit(&list, action, &[("do", "agree")]).await;
    let page = wang.get(&format!("/households/{home}")).await.text();
    let other = page.split("看分出来的一户").next().and_then(|before| before.rsplit("/households/").next());
    other.and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

/// A case of the minimum living allowance, opened for a household at the counter.
async fn applies(visitor: &mut Visitor, household: &str) -> String {
    let page = visitor.get(&format!("/clues/new/{household}")).await;
    let sent = [("source", "request"), ("words", "一个人过，没有收入"), ("open", "dibao")];
    let case = visitor.submit(&page, "/clues", &sent).await;
    assert!(case.path.starts_with("/cases/"), "{} {}", case.status, case.text());
    case.path
}

#[tokio::test]
async fn a_household_split_for_a_second_subsidy_is_decided_one_level_up_and_a_marriage_is_not() {
    told(async |village| {
        let made = splits(&village, "grown_up").await;
        let mut chen = village.sign_in("township").await;
        let case = applies(&mut chen, &made).await;
        chen.get(&case).await.expect(&["周德全家在", "分过户，不是因为结婚", "已有的帮扶不停", "王芳 是亲属"]);
        // The relative in the village keeps out of it; what the village would do, the township does.
        let mut wang = village.sign_in("village").await;
        let page = wang.get(&case).await;
        let refused = sends(&mut wang, &case, &page, &ACCEPTED).await;
        assert!(refused.status != 200 && refused.shows("镇"), "{}", refused.text());
        enters(&mut chen, &case, &ACCEPTED).await.expect(&["受理"]);
    })
    .await;
    told(async |village| {
        let made = splits(&village, "marriage").await;
        let mut chen = village.sign_in("township").await;
        let case = applies(&mut chen, &made).await;
        assert!(!chen.get(&case).await.shows("分过户"));
    })
    .await;
}

const ACCEPTED: [(&str, &str); 7] = [
    ("verb", "record"),
    ("step", "application"),
    ("f.applied_on", "2026-09-30"),
    ("f.declared", "没有收入"),
    ("f.kin", "yes"),
    ("f.consent", "yes"),
    ("outcome", "accepted"),
];
