//! 李明 of the county merges people and takes them apart. 沈家明 of 上湾村 stands twice in his family's file, once as
//! 沈家鸣, whom the tax office alone knows.

use super::{load, told};
use crate::demo;
use crate::heard::{Heard, hear};
use crate::stage::Ruling;
use households::load::RunLoad;
use testkit::{Answer, Village, Visitor};
use values::Day;

fn family() -> String {
    households::demo::household(1)
}

fn person(name: &str) -> String {
    let file = demo::files().swap_remove(1).file;
    file.members.into_iter().find(|member| member.name == name).unwrap().person
}

fn page_of(name: &str) -> String {
    format!("/people/{}/{}", family(), person(name))
}

async fn heard(village: &Village) -> Heard {
    hear(&mut village.read()).await.unwrap()
}

async fn merged(li: &mut Visitor, reason: &str) -> Answer {
    let path = format!("{}/merge?with={}.{}", page_of("沈家明"), family(), person("沈家鸣"));
    let page = li.get(&path).await;
    page.expect(&["沈家鸣 就是 沈家明？", "会移动的 1 条记录", "税务", "沈家<mark>鸣</mark>"]);
    li.submit(&page, &format!("{}/merge", page_of("沈家明")), &[("reason", reason)]).await
}

#[tokio::test]
async fn two_people_become_one_and_the_familys_file_follows_at_once() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        let home = format!("/households/{}", family());
        assert!(li.get(&home).await.shows("沈家鸣"));
        let ruling = merged(&mut li, "身份证上是家明").await;
        ruling.expect(&["李明认定是同一个人", "移过来的 1 条记录", "身份证上是家明", "下一次运行照办"]);
        let file = li.get(&home).await;
        assert!(!file.shows("沈家鸣") && file.shows("沈家明"), "one person, one line");
        li.get(&page_of("沈家明")).await.expect(&["3 条记录", "沈家鸣", "税务", "谁认定过"]);
        assert_eq!(li.get(&page_of("沈家鸣")).await.status, 404);

        let heard = heard(&village).await;
        let [Ruling { same: true, sides }] = heard.said.rulings.as_slice() else { panic!("{heard:?}") };
        assert_eq!((sides[0].keys.len(), sides[1].keys.len()), (1, 2));
        assert_eq!(sides[0].person.unwrap().to_string(), person("沈家明"));

        let back = li.submit(&ruling, &format!("{}/undo", ruling.path), &[("reason", "是他堂弟")]).await;
        back.expect(&["已撤销"]);
        li.get(&home).await.expect(&["沈家鸣"]);
        li.get(&page_of("沈家鸣")).await.expect(&["税务"]);
        assert!(self::heard(&village).await.said.rulings.is_empty(), "a word taken back isn't heard");
        li.get("/people/rulings").await.expect(&["李明认定是同一个人", "已撤销"]);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_record_is_taken_out() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        let page = li.get(&page_of("沈家明")).await;
        let text = page.text();
        let record = text.split("name=\"record\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
        let unmerge = format!("{}/unmerge", page_of("沈家明"));
        let nothing = li.submit(&page, &unmerge, &[("reason", "参保的是另一个人")]).await;
        assert_eq!(nothing.status, 422, "none chosen");
        let ruling = li.submit(&page, &unmerge, &[("record", &record), ("reason", "参保的是另一个人")]).await;
        ruling.expect(&["李明认定是两个人", "分出去的 1 条记录", "看另一个人"]);
        let other = ruling
            .text()
            .split("href=\"/people/")
            .filter_map(|part| part.split('"').next())
            .map(str::to_owned)
            .find(|path| path.starts_with(&family()) && !path.contains(&person("沈家明")))
            .unwrap();
        li.get(&format!("/people/{other}")).await.expect(&["医保", "1 条记录"]);
        assert!(!li.get(&page_of("沈家明")).await.text().contains(&record));
        let heard = heard(&village).await;
        assert!(!heard.said.rulings[0].same && heard.said.rulings[0].sides[0].keys.len() == 1);
    })
    .await;
}

#[tokio::test]
async fn a_ruling_sent_twice_is_one_and_a_stale_one_shows_both_sides() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        let path = format!("{}/merge?with={}.{}", page_of("沈家明"), family(), person("沈家鸣"));
        let (first, stale) = (li.get(&path).await, li.get(&path).await);
        let action = format!("{}/merge", page_of("沈家明"));
        let once = li.submit(&first, &action, &[("reason", "问过本人")]).await;
        let twice = li.submit(&first, &action, &[("reason", "问过本人")]).await;
        assert_eq!((once.status, once.path.clone()), (200, twice.path));
        assert_eq!(li.submit(&stale, &action, &[("reason", "看着像")]).await.status, 409);
        li.get(&page_of("沈家明")).await.expect(&["看着像", "现在有效的是李明的“合成一个人”"]);
        let count = "select count(*) from person_rulings /* unscoped: a test */";
        let (rows,): (i64,) = village.read().sql(count).get().await.unwrap();
        assert_eq!(rows, 1);
        let reasonless = li.submit(&once, &format!("{}/undo", once.path), &[("reason", " ")]).await;
        assert_eq!(reasonless.status, 422);
    })
    .await;
}

/// A run that began before the ruling comes in after it; the next one has heard it.
#[tokio::test]
async fn a_ruling_outlives_the_run_that_has_not_heard_it_and_ends_with_the_one_that_has() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        merged(&mut li, "问过本人").await;
        village.days_later(30);
        load(&village, "run-2", demo::reviews()).await;
        let mut li = village.sign_in("county").await;
        let home = format!("/households/{}", family());
        assert!(!li.get(&home).await.shows("沈家鸣"), "the run had not heard it");
        li.get(&page_of("沈家明")).await.expect(&["3 条记录"]);

        let ids: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
        let as_of = Day::from_ymd(2026, 11, 30).unwrap();
        let rulings = heard(&village).await.rulings;
        let mut into =
            RunLoad::begin(&village.db, &village.world, Village::COUNTY, "run-3", as_of, &ids).await.unwrap();
        crate::load::obeyed(&mut into, &rulings).await.unwrap();
        let mut files = demo::files();
        files[1].file.members.pop();
        households::load::files(&mut into, files.into_iter()).await.unwrap();
        let mut records = demo::records();
        let (_, moved) = records[1].people.pop().unwrap();
        records[1].people[0].1.extend(moved);
        crate::load::records(&mut into, records.into_iter()).await.unwrap();
        into.commit().await.unwrap();
        let row = "select obeyed_by from person_rulings /* unscoped: a test */";
        let (obeyed,): (Option<String>,) = village.read().sql(row).get().await.unwrap();
        assert_eq!(obeyed.as_deref(), Some("run-3"));
        li.get(&page_of("沈家明")).await.expect(&["3 条记录"]);
        li.get("/people/rulings").await.expect(&["运行已照办"]);
    })
    .await;
}

#[tokio::test]
async fn people_of_two_families_are_one_and_both_files_say_so() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        let other = households::demo::household(2);
        let theirs = demo::files().swap_remove(2).file.members.swap_remove(1);
        let find = li.get(&format!("{}/merge?q=郑阿妹", page_of("沈家明"))).await;
        find.expect(&["郑阿妹家", &theirs.name]);
        let page = li.get(&format!("{}/merge?with={other}.{}", page_of("沈家明"), theirs.person)).await;
        page.expect(&["两家各有一份"]);
        let ruling = li.submit(&page, &format!("{}/merge", page_of("沈家明")), &[("reason", "一人两户")]).await;
        assert_eq!(ruling.status, 200);
        li.get(&page_of("沈家明")).await.expect(&["4 条记录", &theirs.name]);
        let people = |household: String| {
            let village = &village;
            async move {
                let sql = "select people from household_files where household = $1 and superseded_at is null
                           /* unscoped: a test */";
                village.read().sql(sql).bind(household).get::<(i64,)>().await.unwrap().0
            }
        };
        assert_eq!((people(other.clone()).await, people(family()).await), (1, 4));
        assert_eq!(li.get(&format!("/households/{other}")).await.status, 200, "the family's file stays");
        li.submit(&ruling, &format!("{}/undo", ruling.path), &[("reason", "查实是两个人")]).await;
        assert_eq!((people(other).await, people(family()).await), (2, 4));
    })
    .await;
}

#[tokio::test]
async fn the_township_sees_the_records_and_rules_nothing() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let page = chen.get(&page_of("沈家明")).await;
        page.expect(&["2 条记录", "为什么认作一个人", "53**"]);
        assert!(!page.text().contains("/unmerge"));
        assert_eq!(chen.get(&format!("{}/merge", page_of("沈家明"))).await.status, 403);
        let mut stranger = village.sign_in("stranger").await;
        assert_eq!(stranger.get(&page_of("沈家明")).await.status, 404);
        let mut li = village.sign_in("county").await;
        let ruling = merged(&mut li, "问过本人").await;
        assert_eq!(stranger.get(&ruling.path).await.status, 404);
        assert!(!stranger.get("/people/rulings").await.shows("认定是同一个人"));
        chen.get(&ruling.path).await.expect(&["移过来的 1 条记录"]);
    })
    .await;
}

#[tokio::test]
async fn judgements_are_heard_by_the_next_run_and_teach_it() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        li.get("/pairs/training").await.expect(&["还没有可学的判断"]);
        let path = super::pair_of(&mut li, "周得全").await;
        let page = li.get(&path).await;
        super::judge(&mut li, &page, &[("is", "same")]).await;
        let heard_once = heard(&village).await;
        assert!(heard_once.said.rulings[0].same && heard_once.said.matches.is_empty());

        let page = li.get("/pairs/training").await;
        page.expect(&["有 1 对判为同一个人", "学了会改变什么", "准不准"]);
        let again = li.get("/pairs/training").await;
        li.submit(&page, "/pairs/training", &[("reason", "核对了一轮")])
            .await
            .expect(&["第 1 版，李明定的（核对了一轮）"]);
        assert_eq!(li.submit(&again, "/pairs/training", &[("reason", "没看到")]).await.status, 409);
        let taught = heard(&village).await;
        let name = taught.said.matches.iter().find(|(field, _)| field == "birth").unwrap();
        assert_eq!(name.1.iter().find(|(level, _)| level == "exact").unwrap().1, 1);
        assert_ne!(taught.name, heard_once.name);

        let page = li.get("/pairs/training").await;
        page.expect(&["没看到"]);
        let back =
            page.text().rsplit("name=\"command\" value=\"").next().unwrap().split('"').next().unwrap().to_owned();
        let fields = [("command", back.as_str()), ("learn", "as_before"), ("base", "1"), ("reason", "先不学")];
        li.post("/pairs/training", &fields).await.expect(&["不用大家的判断（先不学）"]);
        assert!(heard(&village).await.said.matches.is_empty());
        let mut chen = village.sign_in("township").await;
        assert_eq!(chen.get("/pairs/training").await.status, 403);
    })
    .await;
}
