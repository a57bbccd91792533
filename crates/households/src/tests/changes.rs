//! Who came, who left, who keeps house by themselves: asked for by one person, agreed to by another.

use super::*;
use crate::changes::{Change, Details, Kind, apply, people};
use crate::model::{File, Member};
use proptest::prelude::*;
use testkit::{Answer, Visitor};

/// The person of 周德全's family at a place of the list: 周德全, 杨桂兰, 周小川, 周子轩, 李春梅 (who lives elsewhere).
fn zhou(at: usize) -> String {
    demo::files()[0].file.members[at].person.clone()
}

async fn asks(visitor: &mut Visitor, family: usize, kind: &str, fields: &[(&str, &str)]) -> Answer {
    let home = format!("/households/{}", demo::household(family));
    let page = visitor.get(&format!("{home}/changes/new?kind={kind}")).await;
    let today = page.fields().get("on").cloned().unwrap_or_default();
    let mut all = vec![("on", today.as_str()), ("words", "看了证件")];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    visitor.submit(&page, &format!("{home}/changes"), &[&all, fields].concat()).await
}

/// The first change that waits on a reader's list is answered.
async fn decides(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    let list = visitor.get("/changes").await;
    let text = list.text();
    let action = text.split("action=\"").find(|rest| rest.starts_with("/changes/") && rest.contains("/decision"));
    let action = action.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("nothing to decide:\n{text}"));
    visitor.submit(&list, action, fields).await
}

async fn file_of(visitor: &mut Visitor, family: usize) -> Answer {
    visitor.get(&format!("/households/{}", demo::household(family))).await
}

#[tokio::test]
async fn a_birth_stands_at_once_and_a_mistake_is_told() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let child = [("name", "周念恩"), ("sex", "2"), ("relation", "grandchild"), ("id_number", "")];
        let refused = asks(&mut wang, 0, "birth", &[&child[..], &[("id_number", "5399")][..]].concat()).await;
        assert_eq!(refused.status, 422);
        assert!(refused.shows("这不像身份证号"));
        let tomorrow = village.today().plus_days(1).to_string();
        let early = asks(&mut wang, 0, "birth", &[&child[..], &[("on", tomorrow.as_str())][..]].concat()).await;
        assert!(early.status == 422 && early.shows("等发生了再登记"));
        let page = asks(&mut wang, 0, "birth", &child).await;
        page.expect(&["周念恩", "5 口人一起生活", "周念恩：出生", "王芳", "已写进档案"]);
        wang.get("/households?q=zne").await.expect(&["周德全家"]);
        let again = asks(&mut wang, 0, "birth", &child).await;
        assert!(again.status == 422 && again.shows("已经在这一户了"));
        village.days_later(1);
        let before = village.today().plus_days(-2);
        let then = wang.get(&format!("/households/{}?known={before}", demo::household(0))).await;
        assert!(!then.shows("周念恩"));
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_does_not_agree_and_a_relative_keeps_out() {
    told(async |village| {
        let (mut wang, mut chen) = (village.sign_in("village").await, village.sign_in("township").await);
        let mut li = village.sign_in("county").await;
        let xiaochuan = zhou(2);
        let out = [("member", xiaochuan.as_str()), ("head", "")];
        asks(&mut chen, 0, "marriage_out", &out).await.expect(&["周小川：婚出", "要镇里同意才生效", "4 口人一起生活"]);
        let twice = asks(&mut wang, 0, "marriage_out", &out).await;
        assert!(twice.status == 409 || twice.shows("先把那一条办了"), "{}", twice.status);
        chen.get("/changes").await.expect(&["自己提的，要别人来同意"]);
        wang.get("/changes").await.expect(&["周小川：婚出", "这一条要镇里或县里同意"]);
        let missing = decides(&mut li, &[("do", "refuse"), ("words", "")]).await;
        assert!(missing.status == 422 && missing.shows("请写为什么不同意"));
        decides(&mut li, &[("do", "refuse"), ("words", "婚礼还没有办")]).await.expect(&["没有同意", "婚礼还没有办"]);
        file_of(&mut chen, 0).await.expect(&["没有同意", "婚礼还没有办", "4 口人一起生活"]);
        // A relative in the township sends it to the county.
        let kin = [("kin_name", "陈晓雯"), ("kin_relation", "表姐"), ("kin_level", "township")];
        let page = asks(&mut wang, 0, "marriage_out", &[&out[..], &kin[..]].concat()).await;
        page.expect(&["要县里同意才生效"]);
        chen.get("/changes").await.expect(&["有亲属任职：陈晓雯（表姐），在镇里", "这一条要县里同意"]);
        decides(&mut li, &[("do", "agree")]).await;
        file_of(&mut wang, 0).await.expect(&["3 口人一起生活", "以前在这一户", "李明", "已写进档案"]);
    })
    .await;
}

#[tokio::test]
async fn a_split_makes_a_household_that_the_next_run_keeps() {
    told(async |village| {
        let (mut wang, mut li) = (village.sign_in("village").await, village.sign_in("county").await);
        let xiaochuan = zhou(2);
        let goes = [("member", xiaochuan.as_str()), ("head", xiaochuan.as_str())];
        let head = zhou(0);
        let wrong = asks(&mut wang, 0, "split", &[("member", &head), ("head", &head), ("reason", "grown_up")]).await;
        assert!(wrong.status == 422 && wrong.shows("户主留在原来的户里"));
        let asked = asks(&mut wang, 0, "split", &[&goes[..], &[("reason", "grown_up")][..]].concat()).await;
        asked.expect(&["周小川：分户（子女成年分家）", "要县里同意才生效", "已有的帮扶不停"]);
        assert!(!village.sign_in("township").await.get("/changes").await.shows("/decision"));
        decides(&mut li, &[("do", "agree")]).await;
        wang.get("/households?q=周小川").await.expect(&["周小川家", "周德全家"]);
        for run in ["run-2", "run-3"] {
            file_of(&mut wang, 0).await.expect(&["3 口人一起生活", "看分出来的一户"]);
            let list = wang.get("/households?q=小川").await.text();
            let made = list.split("href=\"/households/").skip(1).filter_map(|rest| rest.split('"').next());
            let made: Vec<_> = made.filter(|id| !id.is_empty() && *id != demo::household(0)).collect();
            assert_eq!(made.len(), 1, "{list}");
            wang.get(&format!("/households/{}", made[0])).await.expect(&["周小川家", "1 口人", "从周德全家分出来"]);
            village.days_later(10);
            load(&village, run).await;
            wang = village.sign_in("village").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_genuine_marriage_waits_for_nobody_but_the_township() {
    told(async |village| {
        let (mut wang, mut chen) = (village.sign_in("village").await, village.sign_in("township").await);
        let xiaochuan = zhou(2);
        let goes = [("member", xiaochuan.as_str()), ("head", xiaochuan.as_str()), ("reason", "marriage")];
        let asked = asks(&mut wang, 0, "split", &goes).await;
        asked.expect(&["周小川：分户（结婚）", "要镇里同意才生效"]);
        assert!(!asked.shows("往上一级定"));
        decides(&mut chen, &[("do", "agree")]).await;
        let page = file_of(&mut wang, 0).await;
        page.expect(&["3 口人一起生活", "看分出来的一户"]);
        assert!(!page.shows("往上一级定"));
    })
    .await;
}

#[tokio::test]
async fn one_family_filed_as_two_becomes_one_again() {
    told(async |village| {
        let (mut wang, mut chen) = (village.sign_in("village").await, village.sign_in("township").await);
        let nobody = asks(&mut wang, 2, "merge", &[("other", "999"), ("reason", "found_twice")]).await;
        assert!(nobody.status == 422 && nobody.shows("没有找到另一户"));
        let number = demo::files()[1].number.clone();
        asks(&mut wang, 2, "merge", &[("other", &number), ("reason", "found_twice")]).await.expect(&["合户"]);
        decides(&mut chen, &[("do", "agree")]).await;
        file_of(&mut wang, 2).await.expect(&["0 口人一起生活", "看并到的一户"]);
        file_of(&mut wang, 1).await.expect(&["5 口人一起生活", "看并过来的一户", "郑阿妹"]);
        village.days_later(3);
        load(&village, "run-2").await;
        let mut wang = village.sign_in("village").await;
        file_of(&mut wang, 1).await.expect(&["5 口人一起生活", "郑阿妹"]);
        file_of(&mut wang, 2).await.expect(&["0 口人一起生活"]);
    })
    .await;
}

#[tokio::test]
async fn the_next_head_is_named_when_the_head_dies() {
    told(async |village| {
        let (mut wang, mut chen) = (village.sign_in("village").await, village.sign_in("township").await);
        let (head, wife) = (zhou(0), zhou(1));
        let nobody = asks(&mut wang, 0, "death", &[("member", &head), ("head", "")]).await;
        assert!(nobody.status == 422 && nobody.shows("从留下来的人里选新的户主"));
        asks(&mut wang, 0, "death", &[("member", &head), ("head", &wife)]).await;
        decides(&mut chen, &[("do", "agree")]).await;
        file_of(&mut wang, 0).await.expect(&["杨桂兰家", "3 口人一起生活", "以前在这一户"]);
        wang.speak("en");
        file_of(&mut wang, 0).await.expect(&["杨桂兰’s household", "Were here before", "Death"]);
    })
    .await;
}

fn member(at: u8, here: bool) -> Member {
    let told = demo::files()[0].file.members[usize::from(at) % 5].clone();
    Member { co_living: here, to: None, ..told }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ASKED.iter().copied().chain([Kind::Joined]).collect::<Vec<_>>())
}

proptest! {
    /// A register that has caught up, or a run that is loaded again, gets the same changes: nothing may come of it.
    #[test]
    fn changes_applied_again_change_nothing(
        here in prop::collection::vec(any::<bool>(), 5),
        kind in kind(),
        who in 0u8..5,
        day in 0i32..400,
    ) {
        let members = here.iter().enumerate().map(|(at, here)| member(at as u8, *here)).collect();
        let mut file = File { members, ..File::default() };
        let before = people(&file);
        let on = Day::from_ymd(2026, 1, 1).unwrap().plus_days(day);
        let change = Change { kind, on, details: Details { members: vec![member(who, true)], ..Details::default() } };
        apply(&mut file, &change);
        let once = file.clone();
        apply(&mut file, &change);
        prop_assert_eq!(&file, &once);
        prop_assert!((people(&file) - before).abs() <= 1);
        prop_assert_eq!(file.members.len(), 5);
    }
}
