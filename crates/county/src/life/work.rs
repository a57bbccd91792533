//! Work: found, kept, changed, lost.

use super::{Home, Job, Means, Person, Trade};
use crate::draw::{Draw, mix};
use values::{Day, Month};

/// What an adult of this age lives from; the young decide when they leave school.
pub fn trade_for(draw: &mut Draw, age: i32, means: Means) -> Trade {
    let poor = means == Means::Poor;
    let weights = match age {
        ..18 => return Trade::Nothing,
        18..50 if poor => [22, 46, 12, 10, 1, 9],
        18..50 => [4, 20, 24, 36, 15, 1],
        50..60 if poor => [18, 62, 8, 4, 0, 8],
        50..60 => [5, 48, 22, 15, 8, 2],
        60..70 => [20, 66, 10, 3, 0, 1],
        _ => [45, 55, 0, 0, 0, 0],
    };
    [Trade::Nothing, Trade::Farm, Trade::Local, Trade::Migrant, Trade::Formal, Trade::PublicPost]
        [draw.weighted(&weights)]
}

/// The age at which somebody leaves school: settled early in life.
pub fn leaves_school_at(person: &Person) -> i32 {
    match mix(person.id.key()) % 100 {
        0..12 => 15,
        12..60 => 18,
        _ => 22,
    }
}

/// One month of somebody's working life.
pub fn month(person: &mut Person, month: Month, means: Means, draw: &mut Draw) {
    if !person.is_member() {
        return;
    }
    let age = person.age(month.first_day());
    if age < 18 || age < leaves_school_at(person) && age < 22 {
        return summer_job(person, month, age, draw);
    }
    if person.trade == Trade::Nothing && age <= 23 && person.jobs.is_empty() {
        person.trade = trade_for(draw, 30, means);
    }
    if person.jobs.last().is_some_and(|job| job.to.is_none()) {
        maybe_leave(person, month, age, draw);
    } else {
        maybe_find(person, month, age, means, draw);
    }
    settle(person);
}

fn settle(person: &mut Person) {
    let working = person.jobs.last().is_some_and(|job| job.to.is_none());
    person.home = if person.trade == Trade::Migrant && working { Home::Away } else { Home::Here };
}

/// Students earn something in their holidays.
fn summer_job(person: &mut Person, month: Month, age: i32, draw: &mut Draw) {
    if age >= 18 {
        person.home = Home::Away;
        if month.0.rem_euclid(12) == 6 && draw.percent(6) {
            let (from, to) = (month.first_day().plus_days(8), Month(month.0 + 1).last_day().plus_days(-4));
            let wage = i64::from(draw.between(20, 32)) * 10_000;
            let job = Job { employer: "县城商超", wage, workplace: "county", from, to: Some(to), registered: true };
            person.jobs.push(job);
        }
    }
}

fn maybe_leave(person: &mut Person, month: Month, age: i32, draw: &mut Draw) {
    let (loss, change) = match person.trade {
        Trade::Formal => (900, 1_500),
        Trade::Migrant => (3_000, 9_000),
        Trade::PublicPost => (2_500, 0),
        _ => (3_400, 5_000),
    };
    let holiday = person.trade == Trade::Migrant && month.0.rem_euclid(12) == 0 && draw.percent(12);
    let retires = age >= 60 && person.age(month.last_day()) >= 60 && draw.percent(if age == 60 { 12 } else { 3 });
    if !(holiday || retires || draw.per_million(loss + change)) {
        return;
    }
    if let Some(job) = person.jobs.last_mut() {
        job.to = Some(month.last_day().plus_days(-draw.between(0, 12)));
    }
    if retires {
        person.trade = if draw.percent(18) { Trade::Local } else { Trade::Farm };
    } else if !holiday && draw.below(loss + change) < loss {
        // Out of work: some stay out for good.
        if draw.percent(14) {
            person.trade = Trade::Farm;
        }
    }
}

fn maybe_find(person: &mut Person, month: Month, age: i32, means: Means, draw: &mut Draw) {
    let odds = match (person.trade, person.jobs.is_empty()) {
        (Trade::Nothing | Trade::Farm, _) => return,
        (_, true) if month.0 == super::START.0 => 93,
        _ => 52,
    };
    let rested = person.jobs.last().and_then(|job| job.to).is_none_or(|to| to.month() < month);
    if rested && draw.percent(odds) {
        let from = month.first_day().plus_days(draw.between(0, 9));
        let job = job(person, age, means, from, draw);
        person.jobs.push(job);
    }
}

fn job(person: &Person, age: i32, means: Means, from: Day, draw: &mut Draw) -> Job {
    let trade = person.trade;
    let skill = if (25..=54).contains(&age) { 10 } else { 8 };
    let weak = if means == Means::Poor { 7 } else { 10 };
    let (low, high, workplace, employers): (i32, i32, &str, &[&str]) = match trade {
        Trade::Formal => (300, 720, draw.pick(&["county", "county", "province"]), &FORMAL),
        Trade::Migrant => (340, 760, draw.pick(&["province", "beyond", "beyond"]), &AWAY),
        Trade::PublicPost => (60, 110, "township", &POSTS),
        _ => (190, 420, draw.pick(&["township", "county"]), &NEAR),
    };
    let yuan = i64::from(draw.around(low, high)) * 10 * skill * weak / 100;
    // Who works without papers does so from job to job.
    let papers = mix(person.id.key() ^ 11) % 100;
    let registered = match trade {
        Trade::Formal | Trade::PublicPost => true,
        Trade::Migrant => papers < 86,
        _ => papers < 72,
    };
    Job { employer: draw.pick(employers), wage: yuan * 100, workplace, from, to: None, registered }
}

/// Posts that the public purse pays.
pub const POSTS: [&str; 3] = ["村级公益性岗位", "乡村护林队", "村保洁队"];
const FORMAL: [&str; 6] =
    ["县第一小学", "禾岭水泥厂", "县人民医院后勤部", "禾岭茶业公司", "县公交公司", "镇农商行网点"];
const AWAY: [&str; 6] = ["东江电子厂", "海宏建筑劳务公司", "锦程制衣厂", "远达物流公司", "滨城家具厂", "安顺家政公司"];
const NEAR: [&str; 6] = ["镇砖厂", "禾岭果业合作社", "县城餐馆", "镇建筑队", "乡扶贫车间", "县城超市"];

/// Whoever dies or leaves for good works here no more.
pub fn stop(person: &mut Person, on: Day) {
    if let Some(job) = person.jobs.last_mut()
        && job.to.is_none()
    {
        job.to = Some(if job.from > on { job.from } else { on });
    }
}
