//! Cases of the invented families, planted by the same actions as everybody's: one late, one helped first, one with
//! its notice up, one refused. 王芳 works for 上湾村, 陈晓雯 for 柳溪镇, 李明 for 禾岭县.

use crate::actions;
use crate::model::{CaseId, Move};
use crate::pages::WORK_CASES;
use crate::store;
use households::clues::{self, Clue, Source};
use households::demo::household;
use kernel::commands::Command;
use kernel::{Clock, Cx, Db, Error, Moment, Result, Who, World};

/// Writes down a step: its fields, who came along, how it ended.
#[must_use]
pub fn record(step: &str, values: &[(&str, &str)], with: &[&str], outcome: &str) -> Move {
    Move::Record {
        step: step.to_owned(),
        values: values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
        with: with.iter().map(|name| (*name).to_owned()).collect(),
        outcome: Some(outcome.to_owned()).filter(|outcome| !outcome.is_empty()),
    }
}

/// A visit of the monitoring procedure with everything in it.
pub const VISIT: [(&str, &str); 7] = [
    ("way", "visit"),
    ("home", "夫妻两人"),
    ("situation", "5 月起没有收入，靠借钱过日子。孩子在镇上读书，没有耽误。"),
    ("coping", "debt"),
    ("water", "steady"),
    ("consent", "yes"),
    ("signature", "signed"),
];

/// People and their time: `days` before the present.
struct Cast<'w> {
    db: &'w Db,
    world: &'w World,
    county: &'w str,
}

impl Cast<'_> {
    async fn does<T, F: Future<Output = Result<T>>>(
        &self,
        account: &str,
        days: i64,
        work: impl Fn(Cx) -> F,
    ) -> Result<T> {
        let past = self.world.clock.now().plus(-days * Moment::DAY);
        let world = World { clock: Clock::fixed(past), ..self.world.clone() };
        let id = staff::demo_id(self.county, account);
        let found = staff::find_staff(self.db.read(&world, &Who::machine("demo", self.county)), id).await?;
        let found = found.ok_or_else(|| Error::internal(format!("the demo has no {account}")))?;
        let who = Who::Staff(Box::new(found));
        self.db.write(&world, &who, |cx| work(cx.under(WORK_CASES))).await
    }

    /// Somebody at the counter tells of a hardship, and a case opens.
    async fn opens(&self, account: &str, days: i64, family: usize, procedure: &str, words: &str) -> Result<CaseId> {
        self.does(account, days, |mut cx| async move {
            let clue = Clue { household: &household(family), source: Source::Request, words };
            let clue = clues::raise_clue(&mut cx, clue).await?;
            actions::open_for_clue(&mut cx, &clue, procedure).await
        })
        .await
    }

    async fn makes(&self, account: &str, days: i64, case: &CaseId, made: Move) -> Result<()> {
        self.does(account, days, |mut cx| {
            let made = made.clone();
            async move {
                let command = Command { id: cx.new_id().to_string(), device_at: None, base: None, body: made };
                actions::make(&mut cx, case, &command).await
            }
        })
        .await
    }
}

/// Plants the cases, after families and accounts. Planted twice, nothing is added.
///
/// # Errors
/// The database's, or when the demo's accounts or families aren't there.
pub async fn plant(db: &Db, world: &World, county: &str) -> Result<()> {
    let cast = Cast { db, world, county };
    let mut cx = db.read(world, &Who::machine("demo", county));
    if !store::list_of_household(&mut cx, &household(1)).await?.is_empty() {
        return Ok(());
    }
    late_review(&cast).await?;
    helped_first(&cast).await?;
    notice_up(&cast).await?;
    refused(&cast).await?;
    cast.opens("county", 1, 8, "monitoring", "房子去年开裂，下雨就漏").await?;
    cast.opens("village", 1, 0, "monitoring", "看病花了三万多，借了钱").await?;
    cast.opens("village", 0, 0, "emergency", "药快断了，等不到报销").await?;
    cast.does("village", 0, |mut cx| async move {
        let words = "网格走访：老人一个人在家，米缸快见底了";
        clues::raise_clue(&mut cx, Clue { household: &household(4), source: Source::Grid, words }).await?;
        let words = "医保局来电：本月又有一笔大额住院费用";
        clues::raise_clue(&mut cx, Clue { household: &household(0), source: Source::Department, words }).await.map(drop)
    })
    .await
}

/// 沈家明's: the village has met, and two signatures are missing; the day has passed.
async fn late_review(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 16, 1, "monitoring", "沈家明在工地受伤，5 月起没有收入").await?;
    let mut visit = VISIT.to_vec();
    visit.push(("read_back", "yes"));
    cast.makes("village", 15, &case, record("visit", &visit, &["杨建军"], "hardship")).await?;
    let help = Move::Help {
        cause: None,
        measure: "social".to_owned(),
        owner: "陈晓雯".to_owned(),
        due: cast.world.clock.now().plus(-14 * Moment::DAY).day(),
        words: String::new(),
    };
    cast.makes("township", 14, &case, help).await?;
    let on = cast.world.clock.now().plus(-14 * Moment::DAY).day();
    cast.makes("township", 14, &case, Move::Given { measure: 2, on, words: String::new() }).await?;
    let checked = [("result", "unanswered"), ("answers", "房产、车辆截至 9 月；银行没有答复")];
    cast.makes("township", 12, &case, record("check", &checked, &[], "done")).await?;
    let review = [
        ("held_on", &*cast.world.clock.now().plus(-11 * Moment::DAY).day().to_string()),
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

/// 郑阿妹's: help came first, the papers follow.
async fn helped_first(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 2, 2, "emergency", "夜里起火，灶房和粮食都没了").await?;
    let today = |days: i64| cast.world.clock.now().plus(-days * Moment::DAY).day();
    let help = Move::Help {
        cause: None,
        measure: "goods".to_owned(),
        owner: "王芳".to_owned(),
        due: today(2),
        words: "米、油、被子".to_owned(),
    };
    cast.makes("village", 2, &case, help).await?;
    cast.makes("village", 2, &case, Move::Given { measure: 1, on: today(2), words: String::new() }).await?;
    let happened = [("what_happened", "灶房起火，没有人受伤。")];
    cast.makes("village", 2, &case, record("help_first", &happened, &[], "given")).await
}

/// 吴桂芝's: applied for the minimum living allowance, and the notice hangs.
async fn notice_up(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 9, 5, "dibao", "一个人过，没有收入").await?;
    let day = cast.world.clock.now().plus(-9 * Moment::DAY).day().to_string();
    let applied =
        [("applied_on", &*day), ("declared", "没有工资，地给别人种，一年几百元"), ("kin", "yes"), ("consent", "yes")];
    cast.makes("village", 9, &case, record("application", &applied, &[], "accepted")).await?;
    let checked = [("result", "clear"), ("answers", "房产、车辆、养老都答复了，截至 9 月")];
    cast.makes("township", 7, &case, record("check", &checked, &[], "done")).await?;
    let seen = [("way", "held"), ("situation", "上个月刚去过，情况没有变"), ("read_back", "yes")];
    cast.makes("village", 6, &case, record("survey", &seen, &["杨建军"], "done")).await?;
    let reviewed = [("monthly", "420"), ("opinion", "收入低于标准，财产没有疑点。")];
    cast.makes("township", 4, &case, record("review", &reviewed, &[], "agree")).await?;
    let words = "吴桂芝家（上湾村，1 口人）申请最低生活保障，经审核拟同意。有不同意见，请在这几天里向乡镇说。";
    let notice = Move::Publish { step: "notice".to_owned(), words: words.to_owned() };
    cast.makes("township", 3, &case, notice).await
}

/// 段永康's: no hardship was found, and the township told him so in writing.
async fn refused(cast: &Cast<'_>) -> Result<()> {
    let case = cast.opens("village", 8, 6, "monitoring", "住了一次院，花了不少").await?;
    let mut visit = VISIT.to_vec();
    visit.push(("read_back", "yes"));
    visit[3] = ("coping", "fine");
    cast.makes("village", 7, &case, record("visit", &visit, &["杨建军"], "no_hardship")).await?;
    let reason = [("reason", "费用单位报销了，家里收入稳定。有变化随时再说。")];
    cast.makes("township", 6, &case, record("confirm_none", &reason, &[], "confirm")).await
}
