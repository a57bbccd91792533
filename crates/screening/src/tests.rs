//! Stories about findings, told through the web door on both databases.
//!
//! 陈晓雯 works for 柳溪镇 and 李明 for the county; 王芳 for 上湾村. 周德全's family lives in 上湾村.

use crate::demo;
use testkit::scope_walk::{Family, Leaks, walk};
use testkit::{Answer, Engine, Setup, Village, Visitor, county, statements};

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        assert!(demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
        story(village).await;
    }
}

/// The address of the finding about 周德全's medical cost.
async fn finding_of_zhou(visitor: &mut Visitor) -> String {
    let list = visitor.get("/findings?set=risk").await;
    list.expect(&["周德全家", "看病自付 38,640 元"]);
    list.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap()
}

async fn decide(visitor: &mut Visitor, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let action = format!("{}/triage", page.path.split('?').next().unwrap());
    visitor.submit(page, &action, fields).await
}

#[tokio::test]
async fn a_finding_explains_itself_and_a_person_decides() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let page = chen.get(&path).await;
        page.expect(&[
            "自己掏了 <em>38,640 元</em>",
            "提醒线 18,000.00 元",
            "还不知道什么",
            "这不代表",
            "这家人可以做什么",
            "谁来决定",
            "户籍 5 人，不一致",
            "还没有人看过这条规则",
        ]);
        let done = decide(&mut chen, &page, &[("decision", "visit")]).await;
        done.expect(&["陈晓雯 安排入户", "撤销", "入户中"]);
        chen.get("/findings?state=visit").await.expect(&["周德全家"]);
        assert!(!chen.get("/findings").await.shows("看病自付 38,640 元"));
        chen.speak("en");
        chen.get(&path).await.expect(&["<em>38,640 yuan</em> of its own money", "What this does not mean"]);
    })
    .await;
}

#[tokio::test]
async fn a_decision_posted_twice_is_one_row() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let page = chen.get(&path).await;
        for _ in 0..2 {
            decide(&mut chen, &page, &[("dismiss", "reimbursed")]).await.expect(&["单位或商业保险已经报销"]);
        }
        let (rows,): (i64,) =
            village.read().sql("select count(*) from screening_triages /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 1);
        let rule = chen.get("/rules/medical-cost-over-line").await;
        rule.expect(&["看过 1 条", "单位或商业保险已经报销", "每个月看过的线索", "都在哪里", "上湾村"]);
    })
    .await;
}

#[tokio::test]
async fn a_decision_from_a_stale_page_is_kept_beside_the_newer_one() {
    told(async |village| {
        let (mut chen, mut li) = (village.sign_in("township").await, village.sign_in("county").await);
        let path = finding_of_zhou(&mut chen).await;
        let (seen_by_chen, seen_by_li) = (chen.get(&path).await, li.get(&path).await);
        decide(&mut chen, &seen_by_chen, &[("decision", "visit")]).await.expect(&["陈晓雯 安排入户"]);
        let late = decide(&mut li, &seen_by_li, &[("dismiss", "affordable")]).await;
        assert_eq!(late.status, 409);
        assert!(late.shows("两份都留着"), "{}", late.text());
        let page = li.get(&path).await;
        page.expect(&["陈晓雯 安排入户", "两个人同时做了决定", "“不是问题”"]);
        decide(&mut li, &page, &[("dismiss", "affordable")]).await.expect(&["李明 判为不是问题：家里负担得起"]);
        assert!(!li.get(&path).await.shows("两个人同时做了决定"));
    })
    .await;
}

#[tokio::test]
async fn a_decision_can_be_taken_back_for_ten_minutes() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let page = chen.get(&path).await;
        let done = decide(&mut chen, &page, &[("decision", "visit")]).await;
        decide(&mut chen, &done, &[("decision", "undo")]).await.expect(&["陈晓雯 撤销了上一个决定", "您来定"]);
        let page = chen.get(&path).await;
        let done = decide(&mut chen, &page, &[("decision", "visit")]).await;
        village.minutes_later(11);
        let late = decide(&mut chen, &done, &[("decision", "undo")]).await;
        assert_eq!(late.status, 422);
        assert!(late.shows("过了 10 分钟"));
    })
    .await;
}

#[tokio::test]
async fn closing_for_another_reason_asks_for_the_reason() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let page = chen.get(&path).await;
        let wrong = decide(&mut chen, &page, &[("dismiss", "other")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.shows("请写一句原因") && wrong.shows("aria-invalid"));
    })
    .await;
}

/// What the ticks of a list send, for the first so many rows.
fn picks(list: &Answer, most: usize) -> Vec<String> {
    let text = list.text();
    let ticks = text.split("name=\"pick\" value=\"").skip(1).take(most);
    ticks.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The number beside a tab of the list.
fn counted(list: &Answer, tab: &str) -> i64 {
    let text = list.text();
    let rest = text.split(&format!("{tab} <span>")).nth(1).unwrap_or_else(|| panic!("no tab {tab}: {text}"));
    rest.split('<').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_list_is_decided_together_and_each_finding_once() {
    told(async |village| {
        let (mut chen, mut li) = (village.sign_in("township").await, village.sign_in("county").await);
        let list = chen.get("/findings").await;
        let (open, picked) = (counted(&list, "待分办"), picks(&list, 3));
        assert_eq!(picked.len(), 3);
        // 李明 is quicker with one of the three.
        let first = li.get(&format!("/findings/{}", picked[0].rsplit_once('.').unwrap().0)).await;
        decide(&mut li, &first, &[("decision", "visit")]).await.expect(&["李明 安排入户"]);
        let mut fields = vec![("command", "c-1"), ("back", "state=open"), ("do", "dismiss"), ("reason", "helped")];
        fields.extend(picked.iter().map(|pick| ("pick", pick.as_str())));
        for _ in 0..2 {
            let done = chen.post("/findings/triage", &fields).await;
            done.expect(&["1 条别人刚刚处理过"]);
        }
        let list = chen.get("/findings").await;
        let tabs = ["待分办", "入户中", "不是问题"].map(|tab| counted(&list, tab));
        assert_eq!(tabs, [open - 3, 1, 2]);
        let count = "select count(*) from screening_triages /* unscoped: a test */";
        let (rows,): (i64,) = village.read().sql(count).get().await.unwrap();
        assert_eq!(rows, 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_together_is_taken_back_together() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let list = chen.get("/findings").await;
        let open = counted(&list, "待分办");
        // Every row of the page is sent; the box at the top says that all of them are meant.
        let rows: Vec<String> = picks(&list, 50);
        let mut fields = vec![("command", "c-2"), ("back", ""), ("do", "visit"), ("all", "1")];
        fields.extend(rows.iter().map(|row| ("row", row.as_str())));
        let done = chen.post("/findings/triage", &fields).await;
        done.expect(&[&format!("{} 条已记为“安排入户”", rows.len()), "撤销"]);
        assert_eq!(counted(&done, "待分办"), open - rows.len() as i64);
        let undo = picks(&done, 50);
        let mut fields = vec![("command", "c-3"), ("back", ""), ("do", "undo")];
        fields.extend(undo.iter().map(|pick| ("pick", pick.as_str())));
        let back = chen.post("/findings/triage", &fields).await;
        assert_eq!(counted(&back, "待分办"), open);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_searched_and_filtered_and_its_counts_agree() {
    told(async |village| {
        let mut li = village.sign_in("county").await;
        for typed in ["周德全", "zdq", "zhoude"] {
            let list = li.get(&format!("/findings?q={typed}")).await;
            list.expect(&["周德全家"]);
            assert_eq!(counted(&list, "待分办"), picks(&list, 50).len() as i64, "{typed}");
            assert!(!list.shows("秦素珍家"));
        }
        let village_list = li.get("/findings?q=青坪").await;
        assert!(!village_list.shows("周德全家") && !picks(&village_list, 50).is_empty());
        let all = counted(&li.get("/findings").await, "待分办");
        let mut sum = 0;
        for path in ["/findings?when=now", "/findings?when=deferred"] {
            let list = li.get(path).await;
            assert_eq!(counted(&list, "待分办"), picks(&list, 50).len() as i64, "{path}");
            sum += counted(&list, "待分办");
        }
        assert_eq!(sum, all);
        let mut spans = 0;
        for span in ["late", "week", "later"] {
            let list = li.get(&format!("/findings?due={span}")).await;
            assert_eq!(counted(&list, "待分办"), picks(&list, 50).len() as i64, "{span}");
            spans += counted(&list, "待分办");
        }
        assert_eq!(spans, all, "every rule of the cast has a deadline");
    })
    .await;
}

#[tokio::test]
async fn the_list_reads_as_it_was_known_on_an_earlier_day() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let first_day = village.today();
        village.days_later(3);
        let mut chen = village.sign_in("township").await;
        let page = chen.get(&path).await;
        decide(&mut chen, &page, &[("decision", "visit")]).await.expect(&["入户中"]);
        village.days_later(1);
        let mut chen = village.sign_in("township").await;
        assert!(!chen.get("/findings").await.shows("看病自付 38,640 元"));
        chen.get(&format!("/findings?known={first_day}")).await.expect(&["看病自付 38,640 元", "那天为止知道的样子"]);
    })
    .await;
}

#[tokio::test]
async fn the_same_run_loaded_twice_adds_nothing() {
    told(async |village| {
        assert!(!demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
        let (rows,): (i64,) =
            village.read().sql("select count(*) from screening_findings /* unscoped: a test */").get().await.unwrap();
        assert_eq!(rows, 13);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_families_of_another_township() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let finding = finding_of_zhou(&mut chen).await;
        let household = households::demo::household(0);
        let (panel, home) = (format!("/findings/of-household/{household}"), format!("/households/{household}"));
        let paths =
            ["/home", "/findings", "/findings.xlsx", &finding, &panel, &home, "/households", "/households?q=zdq"];
        let family = Family {
            signs: &["周德全", finding.trim_start_matches("/findings/")],
            paths: &paths,
            insider: "township",
            stranger: "stranger",
        };
        assert_eq!(walk(&village, family).await, Leaks::default());
        let leaked = walk(&village.without_scope(), family).await.leaked;
        assert_eq!(leaked, paths, "scoping off: the walk must turn red on every path");
    })
    .await;
}

#[tokio::test]
async fn administrators_see_no_family() {
    told(async |village| {
        for account in ["system", "audit"] {
            let mut admin = village.sign_in(account).await;
            assert_eq!(admin.get("/findings").await.status, 403);
            assert!(!admin.get("/home").await.shows("周德全"));
            admin.get("/runs/demo-run").await.expect(&["数据怎么变成线索", "2,318,406 行"]);
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_chain_knows_who_read_and_who_decided() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let path = finding_of_zhou(&mut chen).await;
        let page = chen.get(&path).await;
        decide(&mut chen, &page, &[("decision", "visit")]).await;
        kernel::audit::seal(&village.db, &village.world, &[]).await.unwrap();
        // A look is told under the family, so that it can see who looked; the decision under what was decided.
        let id = path.rsplit('/').next().unwrap();
        let entries: Vec<(String, String)> = village
            .read()
            .sql(
                "select distinct verb, subject_kind from audit_entries where subject = $1 or detail = $2 order by verb",
            )
            .bind(id)
            .bind(format!("finding {id}"))
            .list()
            .await
            .unwrap();
        let told = |verb: &str, kind: &str| (verb.to_owned(), kind.to_owned());
        assert_eq!(entries, [told("read", "household"), told("triage", "finding")]);
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    let crates = [env!("CARGO_MANIFEST_DIR")];
    assert!(statements::prepare_all(SETUP, &crates).await > 15);
}
