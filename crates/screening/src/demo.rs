//! What a run might have found about the invented families of `households::demo`.

use crate::load::{FindingIn, RuleIn, RunIn, StageIn};
use crate::model::{Amount, Compared, Decides, FactUsed, Letter, Open, Outcome, ParameterShown, RuleCard};
use households::demo::{self, COUNT};
use households::load::RunLoad;
use kernel::{Db, Result, World, content_id};
use rulebook::{RuleSet, Words};
use values::{Day, Fen};

struct Kind {
    rule: &'static str,
    set: RuleSet,
    programme: &'static str,
    name: (&'static str, &'static str),
    plain: (&'static str, &'static str),
    headline: (&'static str, &'static str),
    department: (&'static str, &'static str),
    outcome: Outcome,
}

const KINDS: [Kind; 5] = [
    Kind {
        rule: "medical-cost-over-line",
        set: RuleSet::Risk,
        programme: "",
        name: ("看病自付过高", "High own medical cost"),
        plain: (
            "一个人今年看病的合规自付费用超过本地当年的提醒线，就请乡镇去看一看。",
            "When one person’s covered own medical cost this year is over the local alert line, the township is asked to look.",
        ),
        headline: (
            "看病自付 38,640 元，超过提醒线 18,000 元",
            "Own medical cost 38,640 yuan, over the alert line of 18,000",
        ),
        department: ("医保局", "Medical insurance"),
        outcome: Outcome::True,
    },
    Kind {
        rule: "vocational-aid-missing",
        set: RuleSet::Gap,
        programme: "yulu",
        name: ("该领助学没有领", "School aid not claimed"),
        plain: (
            "孩子在读中职，家里够得上助学条件，却没有领过。",
            "A child is at vocational school and the family qualifies for aid it has never received.",
        ),
        headline: (
            "孩子 9 月上中职，还没有领助学补贴",
            "A child began vocational school in September; no aid was paid",
        ),
        department: ("教育局", "Education"),
        outcome: Outcome::True,
    },
    Kind {
        rule: "second-home-on-dibao",
        set: RuleSet::Means,
        programme: "dibao",
        name: ("低保户名下多套住房", "More than one home on dibao"),
        plain: (
            "享受低保的家庭，住房多于一处而且人均面积超过上限，就先问清楚。",
            "A family on the minimum allowance has more than one home and more area a head than the limit: ask first.",
        ),
        headline: ("名下另有一套县城住房 92 平方米", "Owns another home of 92 square metres in town"),
        department: ("自然资源局", "Natural resources"),
        outcome: Outcome::True,
    },
    Kind {
        rule: "dead-still-listed",
        set: RuleSet::Doubt,
        programme: "",
        name: ("去世的人还在名单上", "Dead but still listed"),
        plain: (
            "有死亡记录的人，别的部门名单里还当作健在。",
            "Somebody with a death record is still listed as living by another department.",
        ),
        headline: ("7 月登记死亡，8 月仍有养老金到账", "Registered dead in July; a pension was paid in August"),
        department: ("民政局", "Civil affairs"),
        outcome: Outcome::True,
    },
    Kind {
        rule: "income-below-line",
        set: RuleSet::Risk,
        programme: "",
        name: ("收入低于监测线", "Income below the monitoring line"),
        plain: (
            "一家人近 12 个月的监测收入，低于当年监测线乘以人口，就请乡镇去看一看。",
            "The family’s monitoring income of the last 12 months is below the year’s line times its members.",
        ),
        headline: (
            "收入够不够监测线，缺务工数据，判断不了",
            "Income against the monitoring line can’t be told: employment data is missing",
        ),
        department: ("人社局", "Human resources"),
        outcome: Outcome::Undetermined,
    },
];

fn words((zh, en): (&str, &str)) -> Words {
    Words::new(zh, en)
}

/// The run's own row, with its stages and rules.
#[must_use]
pub fn run() -> RunIn {
    let stage = |name, counted, unit, left_behind, millis| StageIn { name, counted, unit, left_behind, millis };
    RunIn {
        policy: "2026.11".to_owned(),
        rows_read: 2_318_406,
        rows_rejected: 1_927,
        records_linked: 2_316_479,
        persons: 500_212,
        households: 150_083,
        found: 2_116,
        undetermined: 4_307,
        to_review: 58,
        millis: 31_060,
        peak_memory: 1_340_000_000,
        stages: vec![
            stage("intake", 2_318_406, "rows", 1_927, 10_900),
            stage("link", 500_212, "persons", 58, 9_700),
            stage("assemble", 150_083, "households", 1_204, 3_200),
            stage("screen", 2_116, "findings", 4_307, 5_900),
            stage("findings", 2_116, "findings", 0, 1_360),
        ],
        rules: KINDS.iter().map(rule).collect(),
    }
}

fn rule(kind: &Kind) -> RuleIn {
    let found = |outcome| findings().filter(|one| one.rule == kind.rule && one.outcome == outcome).count() as i64;
    RuleIn {
        rule: kind.rule.to_owned(),
        version: "3".to_owned(),
        set: kind.set,
        programme: kind.programme.to_owned(),
        found: found(Outcome::True),
        undetermined: found(Outcome::Undetermined),
        card: card(kind),
    }
}

fn card(kind: &Kind) -> RuleCard {
    let year = |year: i16, yuan: i64| ParameterShown {
        label: words(("提醒线（元/年）", "Alert line, yuan a year")),
        region: "539901".to_owned(),
        value: Amount::Money(Fen::from_yuan(yuan)),
        from: Day::from_ymd(year, 1, 1),
        to: Day::from_ymd(year, 12, 31),
        basis: words(("预警办法第九条（示例）", "Alert rules, article 9 (example)")),
    };
    RuleCard {
        name: words(kind.name),
        plain: words(kind.plain),
        basis: words(("《禾岭县防返贫部门预警办法》第九条（示例）", "Heling County Alert Rules, article 9 (example)")),
        valid_from: Day::from_ymd(2026, 1, 1),
        valid_to: Day::from_ymd(2026, 12, 31),
        parameters: vec![year(2026, 18_000), year(2025, 20_000)],
        condition: "own_cost_this_year > param('medical_signal')".to_owned(),
        reads: vec![words(("今年自付医疗费", "Own medical cost this year")), words(("脱贫户", "Once poor"))],
        not_meant: vec![
            words((
                "不代表这家人已经是监测对象，要不要纳入由人决定。",
                "It does not put the family on a list; a person decides that.",
            )),
            words(("不代表谁做错了什么。", "It does not say that anyone has done wrong.")),
            words(("不影响这家人正在享受的任何待遇。", "It does not change anything the family receives now.")),
        ],
        family_can: vec![
            words((
                "把情况讲给村里听，打电话、到村委会说、请人代说都行。",
                "Tell the village how things are: by phone, in person, or through someone they trust.",
            )),
            words((
                "急用钱，可以先申请临时救助，手续后补。",
                "If money is needed now, ask for emergency help first and do the papers later.",
            )),
            words(("觉得数据不对，可以要求更正。", "Ask for wrong data to be corrected.")),
        ],
        decides: vec![
            Decides {
                what: words(("要不要入户", "Whether to visit")),
                who: words(("镇社会事务办", "The township’s social affairs office")),
                within_days: Some(7),
            },
            Decides {
                what: words(("要不要帮、怎么帮", "Whether and how to help")),
                who: words(("村民评议，镇里审核，县农业农村局决定", "Village review, township check, county decision")),
                within_days: Some(30),
            },
        ],
    }
}

/// Findings about the cast: every family has one, 周德全's has two.
pub fn findings() -> impl Iterator<Item = FindingIn> {
    let pairs = (0..COUNT).map(|family| (family, family % KINDS.len()));
    pairs.chain([(0, 4)]).zip(1..).map(|((family, kind), rank)| finding(family, &KINDS[kind], rank))
}

fn finding(family: usize, kind: &Kind, rank: i64) -> FindingIn {
    let (head, village) = demo::family(family);
    let household = demo::household(family);
    FindingIn {
        id: content_id("demo finding", &[&household, kind.rule]).to_string(),
        place: village.to_owned(),
        head: head.to_owned(),
        person: None,
        rule: kind.rule.to_owned(),
        set: kind.set,
        programme: kind.programme.to_owned(),
        outcome: kind.outcome,
        listed: kind.set == RuleSet::Risk && family == 5,
        deferred: rank > 8,
        rank,
        letter: letter(head, kind),
        household,
    }
}

fn letter(head: &str, kind: &Kind) -> Letter {
    let medical = kind.rule == "medical-cost-over-line";
    let (zh, en) = kind.headline;
    let lead = if medical {
        words_of(
            format!(
                "{head}家今年看病，自己掏了 38,640 元，超过了 18,000 元的提醒线。扣掉这笔钱，全家 4 口人平均一年只剩约 721 元。"
            ),
            format!(
                "This year the family of {head} paid 38,640 yuan of its own money for treatment, more than the alert line of 18,000. After that, about 721 yuan a year is left for each of the four."
            ),
        )
    } else {
        words_of(format!("{head}家：{zh}。"), format!("The family of {head}: {en}."))
    };
    let amount = |yuan| Amount::Money(Fen(yuan));
    let fact = |label, value, source: (&str, &str)| FactUsed {
        label: words(label),
        detail: None,
        value,
        source: words(source),
        as_of: Day::from_ymd(2026, 9, 30),
        disputed: None,
    };
    let mut members =
        fact(("一起生活的人", "People living together"), Amount::Count(4), ("乡村振兴局", "Rural revitalisation"));
    members.disputed = Some(words(("户籍 5 人，不一致", "The register says 5")));
    Letter {
        headline: words(kind.headline),
        lead,
        compared: medical.then(|| Compared {
            label: words(("这家今年看病自付", "Own medical cost this year")),
            value: amount(3_864_020),
            line_label: words(("提醒线", "Alert line")),
            line: amount(1_800_000),
        }),
        facts: vec![
            fact(("今年医保合规自付", "Own medical cost this year"), amount(3_864_020), kind.department),
            fact(
                ("近 12 个月纯收入", "Net income, last 12 months"),
                amount(4_152_600),
                ("4 个来源合计", "Four sources added up"),
            ),
            members,
            fact(("存款", "Savings"), Amount::Unknown, ("没有授权，没有查", "No consent, nobody looked")),
        ],
        working: medical.then(|| {
            words((
                "41,526.00 − 38,640.20 = 2,885.80 元；÷ 4 人 = 721.45 元。",
                "41,526.00 − 38,640.20 = 2,885.80 yuan; ÷ 4 = 721.45 yuan.",
            ))
        }),
        unknown: unknown(),
        formal: String::new(),
    }
}

/// What nobody knows of the family.
fn unknown() -> Vec<Open> {
    vec![
        Open {
            what: words(("有没有商业保险赔付", "Whether private insurance paid anything")),
            why: words((
                "保险公司的数据没有接入。入户时问一句。",
                "Insurers’ data is not connected. Ask during the visit.",
            )),
        },
        Open {
            what: words(("存款", "Savings")),
            why: words((
                "没有授权，没有查，也不需要先查。",
                "No consent was given, so nobody looked, and it isn’t needed yet.",
            )),
        },
    ]
}

fn words_of(zh: String, en: String) -> Words {
    Words::new(zh, en)
}

/// Loads the cast and what was found about it, as a run of its own; `false`: it is there already.
///
/// # Errors
/// The database's.
pub async fn load(db: &Db, world: &World, county: &str) -> Result<bool> {
    let as_of = Day::from_ymd(2026, 9, 30).unwrap_or(Day(0));
    let households: Vec<String> = (0..COUNT).map(demo::household).collect();
    let mut load = RunLoad::begin(db, world, county, "demo-run", as_of, &households).await?;
    if !crate::load::run(&mut load, &run()).await? {
        return Ok(false);
    }
    households::load::files(&mut load, demo::files().into_iter()).await?;
    crate::load::findings(&mut load, findings()).await?;
    load.commit().await?;
    Ok(true)
}
