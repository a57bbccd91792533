use super::*;
use crate::actions::REMIND;

#[tokio::test]
async fn a_case_goes_from_a_request_to_help_that_arrived() {
    told(async |village| {
        let case = up_to_township(&village).await;
        let mut chen = village.sign_in("township").await;
        let opinion = [("verb", "record"), ("step", "township_review"), ("f.opinion", "情况属实")];
        enters(&mut chen, &case, &with(&opinion, &[("outcome", "agree")])).await.expect(&["下一步：看完整个个案"]);
        let mut li = village.sign_in("county").await;
        let include = [
            ("verb", "record"),
            ("step", "county_decision"),
            ("f.category", "regular_assistance"),
            ("f.reason", "看病支出大，负担不起"),
            ("outcome", "include"),
        ];
        enters(&mut li, &case, &include).await.expect(&["李明：县里决定 · 决定纳入", "决定告知书"]);
        let told = [
            ("verb", "record"),
            ("step", "announcement"),
            ("f.announced_on", "2026-10-05"),
            ("f.told", "yes"),
            ("outcome", "done"),
        ];
        enters(&mut chen, &case, &told).await;
        let entered = [
            ("verb", "record"),
            ("step", "national_entry"),
            ("f.number", "5399010000417"),
            ("f.entered_on", "2026-10-05"),
            ("outcome", "done"),
        ];
        enters(&mut chen, &case, &entered).await;
        let causes = [
            ("verb", "record"),
            ("step", "registration"),
            ("f.causes", "illness"),
            ("f.causes", "job"),
            ("outcome", "done"),
        ];
        enters(&mut chen, &case, &causes).await.expect(&["下一步：给每个原因定一项帮扶"]);
        plan_and_help(&mut chen, &case).await;
        let page = li.get(&case).await;
        page.expect(&["下一步：隔一段时间问一问", "5399010000417", "因病、务工不稳"]);
        li.speak("en");
        li.get(&case).await.expect(&["Next: Ask from time to time", "Household of 周德全", "Illness, Unsteady work"]);
    })
    .await;
}

async fn plan_and_help(chen: &mut Visitor, case: &str) {
    let agreed = [("verb", "record"), ("step", "plan"), ("f.agreed", "yes"), ("outcome", "done")];
    enters(chen, case, &agreed).await.expect(&["有 2 个原因还没有对应的帮扶"]);
    for (cause, measure) in [("illness", "health"), ("job", "public_job")] {
        let help = [
            ("verb", "help"),
            ("measure", measure),
            ("cause", cause),
            ("owner", "王芳"),
            ("due", "2026-10-20"),
            ("words", ""),
        ];
        enters(chen, case, &help).await.expect(&["王芳"]);
    }
    enters(chen, case, &agreed).await.expect(&["下一步：把帮扶办到位"]);
    let confirmed = [("verb", "record"), ("step", "helping"), ("f.confirmed", "yes"), ("outcome", "done")];
    enters(chen, case, &confirmed).await.expect(&["有 2 项帮扶还没有落实"]);
    for _ in 0..2 {
        let page = chen.get(case).await;
        let text = page.text();
        let version = text.split("name=\"verb\" value=\"given\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1));
        let version = version.and_then(|rest| rest.split('"').next()).expect("a measure to give").to_owned();
        sends(chen, case, &page, &[("verb", "given"), ("measure", &version)]).await.expect(&["给到"]);
    }
    enters(chen, case, &confirmed).await;
}

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_written_is_kept() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
        let half = [
            ("verb", "record"),
            ("step", "visit"),
            ("f.home", "杨桂兰一个人"),
            ("with", "杨建军"),
            ("outcome", "hardship"),
        ];
        let page = enters(&mut wang, &case, &half).await;
        page.expect(&["“入户”现在还办不完", "缺“签名”", "杨桂兰一个人"]);
        let alone = with(&VISITED[..10], &[("outcome", "hardship")]);
        let refused = enters(&mut wang, &case, &alone).await;
        assert_eq!(refused.status, 422);
        assert!(refused.shows("还差 1 个同去的人") && refused.shows("看病借了钱，药不能断"));
    })
    .await;
}

#[tokio::test]
async fn signatures_that_are_missing_hold_the_notice_back() {
    told_with_cases(async |village| {
        let mut wang = village.sign_in("village").await;
        let list = wang.get("/cases?tab=late").await;
        list.expect(&["沈家明家", "村民评议", "晚了"]);
        let case = list.links().into_iter().find(|link| link.starts_with("/cases/0")).unwrap();
        wang.get(&case).await.expect(&["评议记录缺 2 名到会人的签名", "同意，去公示"]);
        let short = with(&REVIEWED, &[("f.signatures", "15"), ("outcome", "agree")]);
        let short: Vec<_> = short.into_iter().filter(|field| *field != ("f.signatures", "17")).collect();
        enters(&mut wang, &case, &short).await.expect(&["评议记录缺 2 名到会人的签名"]);
        enters(&mut wang, &case, &with(&REVIEWED, &[("outcome", "agree")])).await.expect(&["下一步：在村里公示"]);
    })
    .await;
}

#[tokio::test]
async fn a_notice_shows_nothing_it_must_not_and_goes_away_by_itself() {
    told(async |village| {
        let case = {
            let mut wang = village.sign_in("village").await;
            let mut chen = village.sign_in("township").await;
            let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
            enters(&mut wang, &case, &with(&VISITED, &[("outcome", "hardship")])).await;
            enters(&mut chen, &case, &CHECKED).await;
            enters(&mut wang, &case, &with(&REVIEWED, &[("outcome", "agree")])).await;
            case
        };
        let mut wang = village.sign_in("village").await;
        let publish = |words: &'static str| [("verb", "publish"), ("step", "village_notice"), ("words", words)];
        let hidden = "附表\n姓名　证件\n周德全　５３９９０１ 19680409 0113\n电话 138-0000-1234，因病致贫";
        let refused = enters(&mut wang, &case, &publish(hidden)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.shows("公示里不能有：证件号码、电话号码、病情"), "{}", refused.text());
        let page = enters(&mut wang, &case, &publish("周德全家（上湾村，4 口人）拟纳入防止返贫监测。")).await;
        let board = page.links().into_iter().find(|link| link.starts_with("/notices/")).unwrap();
        let mut anybody = village.visitor();
        let hung = anybody.get(&board).await;
        hung.expect(&["周德全家（上湾村，4 口人）"]);
        assert_eq!(hung.headers.get("x-robots-tag").unwrap(), "noindex, nofollow, noarchive");
        assert!(!anybody.get("/notices/539901001001").await.shows("周德全"), "a village's code is no address");
        let done = [("verb", "record"), ("step", "village_notice"), ("outcome", "done")];
        enters(&mut wang, &case, &done).await.expect(&["公示还差 5 天"]);
        village.days_later(5 + 30);
        assert!(anybody.get(&board).await.shows("周德全"));
        village.days_later(1);
        assert!(!anybody.get(&board).await.shows("周德全"), "it goes away by itself");
    })
    .await;
}

#[tokio::test]
async fn who_visited_does_not_decide_and_an_appeal_goes_to_somebody_else() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let case = asks(&mut chen, 0, "monitoring", "看病花了三万多").await;
        enters(&mut chen, &case, &with(&VISITED, &[("outcome", "no_hardship")]))
            .await
            .expect(&["下一步：入户的人说没有困难"]);
        let reason = [("verb", "record"), ("step", "confirm_none"), ("outcome", "confirm"), ("f.reason", "单位报销了")];
        let page = chen.get(&case).await;
        page.expect(&["去看过这家人的人，不能再审核或决定"]);
        let refused = sends(&mut chen, &case, &page, &reason).await;
        assert_eq!(refused.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_told_in_writing_and_looked_at_again_by_another() {
    told_with_cases(async |village| {
        let mut li = village.sign_in("county").await;
        let case = case_of(&mut li, "ended", "段永康家").await;
        let page = li.get(&case).await;
        page.expect(&["个案结束：不予纳入", "不予纳入告知书"]);
        let letter = page.links().into_iter().find(|link| link.contains("/letters/decision-")).unwrap();
        li.get(&letter).await.expect(&[
            "这次没有把您家纳入防止返贫监测",
            "费用单位报销了",
            "不要钱，不用写材料",
            "帮扶不停",
        ]);
        let mut wang = village.sign_in("village").await;
        let appeal = [("verb", "dispute"), ("about", "appeal"), ("by", "赵奶奶"), ("words", "报销还没有到账")];
        enters(&mut wang, &case, &appeal).await.expect(&["赵奶奶 申诉：报销还没有到账"]);
        let mut chen = village.sign_in("township").await;
        assert!(!chen.get(&case).await.shows("申诉成立，重新办"), "who decided doesn't look at the appeal");
        let page = li.get(&case).await;
        let version = page.text();
        let version = version.split("name=\"dispute\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let grant =
            [("verb", "answer"), ("dispute", version.as_str()), ("granted", "yes"), ("words", "报销没有到账，重新看")];
        enters(&mut li, &case, &grant).await.expect(&["复核，申诉成立", "下一步：看材料"]);
    })
    .await;
}

/// The address of a family's case on a tab.
pub async fn case_of(visitor: &mut Visitor, tab: &str, family: &str) -> String {
    let list = visitor.get(&format!("/cases?tab={tab}")).await;
    list.expect(&[family]);
    let text = list.text();
    let before = text.split(family).next().unwrap();
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_minimum_allowance_is_appraised_only_when_the_notice_is_disputed() {
    told_with_cases(async |village| {
        let mut chen = village.sign_in("township").await;
        let case = case_of(&mut chen, "open", "吴桂芝家").await;
        village.days_later(5);
        let mut chen = village.sign_in("township").await;
        let disputed = [("verb", "record"), ("step", "notice"), ("outcome", "disputed")];
        enters(&mut chen, &case, &disputed).await;
        assert!(!chen.get(&case).await.shows("因为有异议，开会评议"), "no objection, no appraisal");
        let object = [("verb", "dispute"), ("about", "objection"), ("by", ""), ("words", "她儿子在城里有房")];
        enters(&mut chen, &case, &object).await.expect(&["不留名 提出异议"]);
        let undisputed = [("verb", "record"), ("step", "notice"), ("outcome", "undisputed")];
        enters(&mut chen, &case, &undisputed).await.expect(&["有 1 条异议，先评议"]);
        enters(&mut chen, &case, &disputed).await.expect(&["下一步：因为有异议，开会评议"]);
        // In 柳溪镇 the county has handed the decision down, so it would be the township's.
        chen.get("/procedures").await.expect(&["最低生活保障", "公示 7 天"]);
    })
    .await;
}

#[tokio::test]
async fn help_goes_on_while_something_is_open_and_stopping_tells_how_to_object() {
    told_with_cases(async |village| {
        let mut chen = village.sign_in("township").await;
        let case = case_of(&mut chen, "open", "沈家明家").await;
        chen.get(&case).await.expect(&["手续没办完，帮扶不停", "社会帮扶"]);
        let question =
            [("verb", "dispute"), ("about", "question"), ("by", "沈家明"), ("words", "县城的房子去年卖了，有合同")];
        enters(&mut chen, &case, &question).await.expect(&["说数据不对"]);
        let page = chen.get(&case).await;
        let measure = page.text();
        let measure = measure.split("value=\"stop\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
        let measure = measure.split('"').next().unwrap().to_owned();
        let stop = [("verb", "stop"), ("measure", measure.as_str()), ("words", "名下有房")];
        let refused = enters(&mut chen, &case, &stop).await;
        assert_eq!(refused.status, 422);
        assert!(refused.shows("答复以前，帮扶不停"));
        let page = chen.get(&case).await;
        let dispute = page.text();
        let dispute = dispute.split("name=\"dispute\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let answer = [("verb", "answer"), ("dispute", dispute.as_str()), ("words", "已请不动产登记更正")];
        enters(&mut chen, &case, &answer).await.expect(&["已请不动产登记更正"]);
        let page = enters(&mut chen, &case, &stop).await;
        page.expect(&["已停止：名下有房"]);
        let letter = page.links().into_iter().find(|link| link.contains("/letters/stop-")).unwrap();
        chen.get(&letter).await.expect(&["您家的这项帮扶要停止：社会帮扶", "不同意，可以在", "重新看"]);
    })
    .await;
}

#[tokio::test]
async fn a_finding_taken_for_a_visit_opens_a_case_under_that_name() {
    told(async |village| {
        let mut chen = village.sign_in("township").await;
        let list = chen.get("/findings?set=risk").await;
        let finding = list.links().into_iter().find(|link| link.starts_with("/findings/")).unwrap();
        let page = chen.get(&finding).await;
        let triage = format!("{finding}/triage");
        let done = chen.submit(&page, &triage, &[("decision", "visit")]).await;
        meanwhile(&village).await;
        let case = case_of(&mut chen, "open", "周德全家").await;
        chen.get(&case).await.expect(&["陈晓雯 立案（数据线索）", "下一步：两个人去看一看"]);
        chen.submit(&done, &triage, &[("decision", "undo")]).await;
        meanwhile(&village).await;
        chen.get(&case).await.expect(&["个案结束：立案的决定撤销了"]);
    })
    .await;
}

#[tokio::test]
async fn a_late_step_is_told_one_level_up() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
        enters(&mut wang, &case, &with(&VISITED, &[("outcome", "hardship")])).await;
        village.days_later(30);
        meanwhile(&village).await;
        let mut chen = village.sign_in("township").await;
        chen.get(&case).await.expect(&["过期了，提醒了：村里、乡镇、县里"]);
        let left: Vec<(String,)> = village
            .read()
            .sql("select subject from jobs where name = $1 and done_at is null")
            .bind(REMIND)
            .list()
            .await
            .unwrap();
        assert_eq!(left, [], "all deadlines have been told");
    })
    .await;
}

#[tokio::test]
async fn a_clue_is_answered_in_one_tap() {
    told_with_cases(async |village| {
        let mut wang = village.sign_in("village").await;
        let page = wang.get("/clues").await;
        page.expect(&["黎福生家", "米缸快见底了", "立案：急难救助"]);
        let action = page.text();
        let action = action
            .split("黎福生家")
            .nth(1)
            .unwrap()
            .split("action=\"/clues/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let action = format!("/clues/{action}");
        let empty = wang.submit(&page, &action, &[("reason", "")]).await;
        assert_eq!(empty.status, 422);
        let nothing = wang.submit(&page, &action, &[("merge", "monitoring")]).await;
        assert!(nothing.shows("没有在办的个案，并不进去"));
        wang.submit(&page, &action, &[("open", "emergency")]).await.expect(&["下一步：马上把帮助送到", "网格员发现"]);
        assert!(!wang.get("/clues").await.shows("黎福生家"));
    })
    .await;
}

#[tokio::test]
async fn more_time_is_given_from_one_level_up_and_not_without_end() {
    told_with_cases(async |village| {
        let mut chen = village.sign_in("township").await;
        let late = case_of(&mut chen, "late", "沈家明家").await;
        let mut wang = village.sign_in("village").await;
        assert!(!wang.get(&late).await.shows("延长期限"), "whoever is late doesn't extend it");
        let page = chen.get(&late).await;
        page.expect(&["延长期限", "晚了"]);
        let last = page.text().split("name=\"until\" max=\"").nth(1).unwrap()[..10].to_owned();
        let extend =
            |until, words| [("verb", "extend"), ("step", "village_review"), ("until", until), ("words", words)];
        let beyond = sends(&mut chen, &late, &page, &extend("2027-01-31", "下雨")).await;
        assert!(beyond.status == 422 && beyond.shows("最晚延到"), "{}", beyond.text());
        let without = sends(&mut chen, &late, &page, &extend(&last, "")).await;
        assert_eq!(without.status, 422);
        enters(&mut chen, &late, &extend(&last, "连下了三天雨，会开不成")).await.expect(&["理由：连下了三天雨"]);
        let page = wang.get(&late).await;
        let refused = sends(&mut wang, &late, &page, &extend(&last, "再延")).await;
        assert_eq!(refused.status, 422);
    })
    .await;
}

#[tokio::test]
async fn clues_are_given_out_together_to_somebody_who_may_look() {
    told_with_cases(async |village| {
        let mut chen = village.sign_in("township").await;
        let page = chen.get("/clues").await;
        page.expect(&["把勾上的分给一个人", "王芳 · 上湾村"]);
        let text = page.text();
        let picks: Vec<&str> =
            text.split("name=\"pick\" value=\"").skip(1).map(|at| at.split('"').next().unwrap()).collect();
        assert!(picks.len() >= 2);
        let csrf = page.fields().remove("csrf").unwrap();
        let owner = staff::demo_id(Village::COUNTY, "village").0;
        let due = village.today().plus_days(3).to_string();
        let sent = |owner: &str, due: &str, picks: &[&str]| {
            let mut fields = vec![("csrf", csrf.clone()), ("owner", owner.to_owned()), ("due", due.to_owned())];
            fields.extend(picks.iter().map(|pick| ("pick", (*pick).to_owned())));
            fields
        };
        for (fields, why) in [
            (sent(&owner, &due, &[]), "请先勾上"),
            (sent(&owner, "2020-01-01", &picks), "今天或以后"),
            (sent("nobody", &due, &picks), "请选一个人"),
        ] {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let refused = chen.post_raw("/clues/dispatch", &fields).await;
            assert!(refused.status == 422 && refused.shows(why), "{why}: {}", refused.text());
        }
        let fields = sent(&owner, &due, &picks);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        chen.post_raw("/clues/dispatch", &fields).await.expect(&["王芳 去看"]);
        let mut wang = village.sign_in("village").await;
        wang.get("/cases/of-home").await.expect(&["王芳 去看"]);
        assert!(!wang.get("/clues").await.shows("把勾上的分给一个人"));
        assert_eq!(wang.post_raw("/clues/dispatch", &fields).await.status, 403);
    })
    .await;
}
