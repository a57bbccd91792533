//! What happened in the planted cases, each told once.

use super::{Cast, VISIT, record};
use crate::model::{About, CaseId, Move};
use households::clues::{self, Clue, Source};
use kernel::{Moment, Result};
use values::Day;

/// How many days before the present the oldest began.
pub const LONGEST: i32 = 45;

pub async fn all(cast: &Cast<'_>) -> Result<()> {
    late_review(cast).await?;
    helped_first(cast).await?;
    notice_up(cast).await?;
    refused(cast).await?;
    before_the_county(cast).await?;
    helped(cast).await?;
    cast.opens("county", 1, 8, "monitoring", "房子去年开裂，下雨就漏").await?;
    cast.opens("village", 1, 0, "monitoring", "看病花了三万多，借了钱").await?;
    cast.opens("village", 0, 0, "emergency", "药快断了，等不到报销").await?;
    cast.does("village", 0, |mut cx| async move {
        let words = "网格走访：老人一个人在家，米缸快见底了";
        let household = &cast.families[4].household;
        clues::raise_clue(&mut cx, Clue { household, source: Source::Grid, words }).await?;
        let words = "医保局来电：本月又有一笔大额住院费用";
        let household = &cast.families[0].household;
        clues::raise_clue(&mut cx, Clue { household, source: Source::Department, words }).await.map(drop)
    })
    .await
}

/// The village has met, and two signatures are missing; the day has passed.
async fn late_review(cast: &Cast<'_>) -> Result<()> {
    let case = {
        let words = format!("{}在工地受伤，5 月起没有收入", cast.families[1].head);
        cast.opens("village", 16, 1, "monitoring", &words).await?
    };
    let mut visit = VISIT.to_vec();
    visit.push(("read_back", "yes"));
    cast.makes("village", 15, &case, record("visit", &visit, &["杨建军"], "hardship")).await?;
    let help = Move::Help {
        cause: None,
        measure: "social".to_owned(),
        owner: "陈晓雯".to_owned(),
        due: day(cast, 14),
        words: String::new(),
    };
    cast.makes("township", 14, &case, help).await?;
    let on = day(cast, 14);
    cast.makes("township", 14, &case, Move::Given { measure: 2, on, words: String::new() }).await?;
    let checked = [("result", "unanswered"), ("answers", "房产、车辆截至 9 月；银行没有答复")];
    cast.makes("township", 12, &case, record("check", &checked, &[], "done")).await?;
    let review = [
        ("held_on", &*cast.day(11)),
        ("present", "17"),
        ("for", "15"),
        ("against", "1"),
        ("abstained", "1"),
        ("signatures", "15"),
        ("kin_left", "yes"),
        ("minutes", "到会村民代表认为他家确实没有收入来源。"),
    ];
    cast.makes("village", 11, &case, record("village_review", &review, &[], "")).await
}

/// Help came first, the papers follow.
async fn helped_first(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 2, 2, "emergency", "夜里起火，灶房和粮食都没了").await?;
    let help = Move::Help {
        cause: None,
        measure: "goods".to_owned(),
        owner: "王芳".to_owned(),
        due: day(cast, 2),
        words: "米、油、被子".to_owned(),
    };
    cast.makes("village", 2, &case, help).await?;
    cast.makes("village", 2, &case, Move::Given { measure: 1, on: day(cast, 2), words: String::new() }).await?;
    let happened = [("what_happened", "灶房起火，没有人受伤。")];
    cast.makes("village", 2, &case, record("help_first", &happened, &[], "given")).await
}

/// Applied for the minimum living allowance, and the notice hangs.
async fn notice_up(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 9, 5, "dibao", "一个人过，没有收入").await?;
    let day = cast.day(9);
    let applied =
        [("applied_on", &*day), ("declared", "没有工资，地给别人种，一年几百元"), ("kin", "yes"), ("consent", "yes")];
    cast.makes("village", 9, &case, record("application", &applied, &[], "accepted")).await?;
    let checked = [("result", "clear"), ("answers", "房产、车辆、养老都答复了，截至 9 月")];
    cast.makes("township", 7, &case, record("check", &checked, &[], "done")).await?;
    let seen = [("way", "held"), ("situation", "上个月刚去过，情况没有变"), ("read_back", "yes")];
    cast.makes("village", 6, &case, record("survey", &seen, &["杨建军"], "done")).await?;
    let reviewed = [("monthly", "420"), ("opinion", "收入低于标准，财产没有疑点。")];
    cast.makes("township", 4, &case, record("review", &reviewed, &[], "agree")).await?;
    let words =
        format!("{}家申请最低生活保障，经审核拟同意。有不同意见，请在这几天里向乡镇说。", cast.families[5].head);
    let notice = Move::Publish { step: "notice".to_owned(), words };
    cast.makes("township", 3, &case, notice).await
}

/// No hardship was found, and the township told him so in writing.
async fn refused(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 8, 6, "monitoring", "住了一次院，花了不少").await?;
    let mut visit = VISIT.to_vec();
    visit.push(("read_back", "yes"));
    visit[3] = ("coping", "fine");
    cast.makes("village", 7, &case, record("visit", &visit, &["杨建军"], "no_hardship")).await?;
    let reason = [("reason", "费用单位报销了，家里收入稳定。有变化随时再说。")];
    cast.makes("township", 6, &case, record("confirm_none", &reason, &[], "confirm")).await
}

/// A case of the monitoring procedure, from the counter to the township: visited, checked, reviewed, its notice over.
/// `opened` says how many days ago it began; the township has it ten days later.
async fn up_to_township(cast: &Cast<'_>, opened: i64, family: usize, words: &str) -> Result<CaseId> {
    let case = cast.opens("village", opened, family, "monitoring", words).await?;
    let mut visit = VISIT.to_vec();
    visit.push(("read_back", "yes"));
    cast.makes("village", opened - 1, &case, record("visit", &visit, &["杨建军"], "hardship")).await?;
    let checked = [("result", "clear"), ("answers", "房产、车辆、养老都答复了")];
    cast.makes("township", opened - 2, &case, record("check", &checked, &[], "done")).await?;
    let review = [
        ("held_on", &*cast.day(opened - 3)),
        ("present", "21"),
        ("for", "19"),
        ("against", "2"),
        ("abstained", "0"),
        ("signatures", "21"),
        ("kin_left", "yes"),
        ("minutes", "大家说他家今年确实难。"),
    ];
    cast.makes("village", opened - 3, &case, record("village_review", &review, &[], "agree")).await?;
    let words = format!("经村民评议，拟把{}家纳入防止返贫监测。", cast.families[family].head);
    let notice = Move::Publish { step: "village_notice".to_owned(), words };
    cast.makes("village", opened - 4, &case, notice).await?;
    cast.makes("village", opened - 10, &case, record("village_notice", &[], &[], "done")).await?;
    Ok(case)
}

/// The township has agreed, and the county decides next.
async fn before_the_county(cast: &Cast<'_>) -> Result<()> {
    let case = up_to_township(cast, 13, 3, "今年的收成差，家里又添了大学的学费").await?;
    let opinion = [("opinion", "材料齐全，回访过邻居，情况属实。")];
    cast.makes("township", 2, &case, record("township_review", &opinion, &[], "agree")).await
}

/// Taken in, with a plan: one kind of help has come, another is due, and the family questions a figure.
async fn helped(cast: &Cast<'_>) -> Result<()> {
    let case = up_to_township(cast, i64::from(LONGEST), 7, "家里的顶梁柱病了，药费和学费凑不齐").await?;
    let opinion = [("opinion", "属实，建议纳入。")];
    cast.makes("township", 34, &case, record("township_review", &opinion, &[], "agree")).await?;
    let decided =
        [("category", "regular_assistance"), ("reason", "看病和上学的开销超过了家里的收入，需要帮一段时间。")];
    cast.makes("county", 32, &case, record("county_decision", &decided, &[], "include")).await?;
    let told = [("announced_on", &*cast.day(31)), ("told", "yes")];
    cast.makes("village", 31, &case, record("announcement", &told, &[], "done")).await?;
    let entered = [("number", "演示-2026-0007"), ("entered_on", &*cast.day(29))];
    cast.makes("township", 29, &case, record("national_entry", &entered, &[], "done")).await?;
    cast.makes("village", 28, &case, record("registration", &[("causes", "illness,schooling")], &[], "done")).await?;
    let arranged = [("illness", "health", "陈晓雯", 20), ("schooling", "education", "王芳", -6)];
    for (cause, measure, owner, due) in arranged {
        let help = Move::Help {
            cause: Some(cause.to_owned()),
            measure: measure.to_owned(),
            owner: owner.to_owned(),
            due: day(cast, due),
            words: String::new(),
        };
        cast.makes("village", 25, &case, help).await?;
    }
    cast.makes("village", 24, &case, record("plan", &[("agreed", "yes")], &[], "done")).await?;
    let given = opened_help(cast, &case).await?;
    cast.makes("township", 20, &case, Move::Given { measure: given, on: day(cast, 20), words: String::new() }).await?;
    let question = Move::Dispute {
        about: About::Question,
        by: cast.families[7].head.clone(),
        words: "登记的地是十年前的，有两块早流转出去了".to_owned(),
    };
    cast.makes("village", 3, &case, question).await
}

/// The version of the first help that was arranged in a case.
async fn opened_help(cast: &Cast<'_>, case: &CaseId) -> Result<i64> {
    let opened = cast.does("village", 0, |mut cx| async move { crate::actions::find(&mut cx, case).await }).await?;
    Ok(opened.course().measures.first().map_or(0, |one| one.version))
}

fn day(cast: &Cast<'_>, days: i64) -> Day {
    cast.world.clock.now().plus(-days * Moment::DAY).day()
}
