//! What a family earns besides wages: fields, rent, what children send home.

use super::{Household, Item, Life, Means, Person, Trade, WINDOW};
use crate::draw::Draw;
use crate::truth::{Account, LINE, PARTS, land_of};

/// The income of the twelve months, in whole yuan, for every household.
pub fn earn(life: &mut Life, draw: &mut Draw) {
    for household in 0..life.households.len() {
        let account = Account::of(life, household);
        if account.members == 0 {
            continue;
        }
        let mut earned = farm(life, household, draw);
        if draw.percent(13) {
            earned.property = i64::from(draw.skewed(20, 600)) * 10;
        }
        let yuan = |parts: i128| (parts / PARTS / 100) as i64;
        let have = yuan(account.means()) + earned.operating - earned.cost + earned.property;
        let target = target(life.households[household].means, draw) * account.members;
        support(&mut earned, target - have, life, household, draw);
        let exactly = draw.percent(3);
        put(&mut life.households[household], &earned);
        if draw.per_million(4_000) || life.members(household).any(serious) && draw.percent(12) {
            let claim = i64::from(draw.skewed(40, 2_600)) * 1_000;
            push(&mut life.households[household], "insurance_claim", claim);
        }
        if exactly {
            onto_the_line(life, household);
        }
    }
}

#[derive(Default)]
struct Earned {
    operating: i64,
    cost: i64,
    property: i64,
    transfer: i64,
}

/// Yuan from fields and animals, and what they cost.
fn farm(life: &Life, household: usize, draw: &mut Draw) -> Earned {
    let mu = land_of(&life.households[household].land, "arable") / 10_000;
    let hands = life.members(household).filter(|p| p.trade == Trade::Farm && p.age(super::AS_OF) < 76).count();
    if mu == 0 || hands == 0 {
        return Earned::default();
    }
    let animals = i64::from(draw.skewed(0, 1_400)) * 10 * hands as i64;
    let operating = mu * i64::from(draw.between(70, 150)) * 10 + animals;
    Earned { operating, cost: operating * i64::from(draw.between(28, 46)) / 100, ..Earned::default() }
}

/// Yuan a head and year that a family of these means lives on.
fn target(means: Means, draw: &mut Draw) -> i64 {
    i64::from(match means {
        Means::Poor => draw.between(3_600, 9_900),
        Means::Tight => draw.between(9_650, 14_000),
        Means::Ordinary => draw.around(10_800, 27_000),
        Means::Well => draw.around(18_000, 52_000),
    })
}

/// Fills the gap: those who can work the land raise more, the others are sent money.
fn support(earned: &mut Earned, gap: i64, life: &Life, household: usize, draw: &mut Draw) {
    if gap <= 0 {
        return;
    }
    if earned.operating > 0 {
        let more = gap * i64::from(draw.between(30, 80)) / 100;
        let cost = more * i64::from(draw.between(30, 45)) / 100;
        (earned.operating, earned.cost) = (earned.operating + more + cost, earned.cost + cost);
        earned.transfer += gap - more;
    } else {
        earned.transfer += gap;
    }
    // What people send comes in round sums.
    let round = if life.households[household].means >= Means::Ordinary { 100 } else { 10 };
    earned.transfer = (earned.transfer + round - 1) / round * round;
}

fn serious(person: &Person) -> bool {
    person.illness.iter().any(|i| i.disease == "serious")
}

fn put(home: &mut Household, earned: &Earned) {
    for (item, yuan) in [
        ("operating", earned.operating),
        ("operating_cost", earned.cost),
        ("property", earned.property),
        ("transfer", earned.transfer),
    ] {
        if yuan > 0 {
            push(home, item, yuan * 100);
        }
    }
}

fn push(home: &mut Household, item: &'static str, amount: i64) {
    home.items.push(Item { item, amount, from: WINDOW.first_day(), to: WINDOW.last_day() });
}

/// Brings a household exactly onto the line, where that takes more money and not less.
fn onto_the_line(life: &mut Life, household: usize) {
    let account = Account::of(life, household);
    let missing = i128::from(LINE * account.members) * PARTS - account.monitoring();
    if missing > 0 && missing % PARTS == 0 {
        push(&mut life.households[household], "transfer", (missing / PARTS) as i64);
    }
}
