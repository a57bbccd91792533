//! Who came onto which list, when, and what was asked about them.

use super::{AS_OF, Assistance, Business, Consent, Day, Home, Life, Means, Monitoring, START, Vehicle, day, estate};
use crate::draw::Draw;
use crate::truth::{self, Account, CAUSES, Excess, LIMITED, PARTS, STANDARD};

/// Lists of all households of the village, as they came to be over the years.
pub fn list(life: &mut Life, draw: &mut Draw) {
    for household in 0..life.households.len() {
        let account = Account::of(life, household);
        if account.members == 0 {
            after_the_last(life, household, draw);
            continue;
        }
        let causes = truth::causes(life, household);
        means_tested(life, household, &account, draw);
        other_programmes(life, household, causes, draw);
        twice(life, household, draw);
        monitor(life, household, causes, draw);
        let limited = life.households[household].assistance.iter().any(|a| LIMITED.contains(&a.programme));
        if limited {
            if draw.percent(12) {
                grow_rich(life, household, draw);
            } else {
                stay_modest(life, household, draw);
            }
        }
        consent(life, household, limited, draw);
    }
}

fn grant(life: &mut Life, household: usize, programme: &'static str, monthly: i64, from: Day, to: Option<Day>) {
    life.households[household].assistance.push(Assistance { programme, monthly, from, to });
}

/// The first day of a month, mostly long ago.
fn since(draw: &mut Draw) -> Day {
    values::Month(START.0 - draw.between(-32, 40)).first_day()
}

fn means_tested(life: &mut Life, household: usize, account: &Account, draw: &mut Draw) {
    let means = account.means();
    let fen = means.div_euclid(PARTS) as i64;
    let members = account.members;
    let essential = account.own_cost + account.school_cost;
    let once = life.households[household].means <= Means::Tight;
    if account.below(means, STANDARD * 12) {
        if draw.percent(58) {
            let gap = (STANDARD * 12 * members - fen) / 12 / 1_000 * 1_000;
            return grant(life, household, "dibao", gap.max(6_000 * members), since(draw), None);
        }
    } else if account.below(means, STANDARD * 18) {
        if draw.percent(9) {
            let monthly = if draw.percent(35) { 5_000 * members } else { 0 };
            return grant(life, household, "dibao_margin", monthly, since(draw), None);
        }
    } else if draw.per_million(if once { 14_000 } else { 2_600 }) {
        // Poor when it was granted, and nobody looked since.
        let programme = draw.pick(&["dibao", "dibao", "dibao_margin"]);
        let monthly = if programme == "dibao" { 9_000 * members } else { 0 };
        return grant(life, household, programme, monthly, since(draw), None);
    }
    if essential * 100 > means * 60 && draw.percent(34) {
        let from = values::Month(2025 * 12 + draw.between(10, 19)).first_day();
        let programme = "expenditure_hardship";
        // It holds for a year; a few were forgotten.
        let forgotten = draw.percent(9);
        let from = if forgotten { from.plus_years(-1) } else { from };
        let to = (!forgotten).then(|| from.plus_years(1).plus_days(-1));
        return grant(life, household, programme, 8_000 * members, from, to);
    }
    if draw.per_million(9_000) {
        // Helped once, and no longer.
        let from = values::Month(START.0 - draw.between(0, 30)).first_day();
        let to = from.plus_days(draw.between(300, 900));
        grant(life, household, "dibao", 12_000 * members, from, Some(to.min(day(2026, 7, 31))));
    }
}

fn other_programmes(life: &mut Life, household: usize, causes: u16, draw: &mut Draw) {
    let has = |cause: usize| causes & 1 << cause != 0;
    let members: Vec<_> = life.members(household).collect();
    let lone_old = members.len() == 1 && members[0].age(AS_OF) >= 62 && !members[0].married;
    let orphans = members.iter().all(|p| p.age(AS_OF) < 16);
    let helpless = lone_old || orphans || members.len() == 1 && members[0].disability.is_some_and(|d| d.grade <= 2);
    if helpless && life.households[household].assistance.is_empty() && draw.percent(55) {
        grant(life, household, "tekun", 86_000, since(draw), None);
    }
    if has(truth::MEDICAL_COST) && draw.percent(25) || has(truth::DISASTER) && draw.percent(30) {
        for _ in 0..if draw.percent(6) { 4 } else { 1 } {
            let month = values::Month(2026 * 12 + draw.between(1, 8));
            let sum = i64::from(draw.between(2, 12)) * 50_000;
            grant(life, household, "temporary", sum, month.first_day(), Some(month.last_day()));
        }
    }
    if has(truth::HOUSE) && draw.percent(16) {
        let month = values::Month(2026 * 12 + draw.between(3, 8));
        let monthly = i64::from(draw.between(12, 24)) * 10_000;
        let to = values::Month(month.0 + 11).last_day();
        grant(life, household, "house_renovation", monthly, month.first_day(), Some(to));
    }
    let alone = life.households[household].house.is_none();
    if alone && draw.percent(18) {
        grant(life, household, "affordable_housing", 18_000, since(draw), None);
    }
}

/// Help that runs on though nobody is left, as nobody said so.
fn after_the_last(life: &mut Life, household: usize, draw: &mut Draw) {
    if draw.percent(14) {
        let programme = draw.pick(&["dibao", "tekun"]);
        grant(life, household, programme, 70_000, START.first_day(), None);
    }
}

/// Two grants where one was meant: a changed programme that nobody ended, a second file for one family.
fn twice(life: &mut Life, household: usize, draw: &mut Draw) {
    let Some(first) = life.households[household].assistance.first().copied() else {
        return;
    };
    if matches!(first.programme, "dibao" | "tekun") && draw.percent(3) {
        let programme = draw.pick(&["dibao", "dibao", "dibao_margin", "tekun"]);
        let monthly = if programme == "dibao_margin" { 0 } else { first.monthly };
        grant(life, household, programme, monthly, first.from.plus_years(1).min(day(2026, 8, 1)), None);
    }
}

fn monitor(life: &mut Life, household: usize, causes: u16, draw: &mut Draw) {
    let others = ["因残", "因病", "因务工就业不稳", "缺劳动力"];
    let reasons = [
        "因收入骤减",
        "因学",
        "因病",
        "因安全住房",
        "因安全饮水",
        "因病",
        "因学",
        "因务工就业不稳",
        "因意外事故",
        "因自然灾害",
    ];
    let first = (0..CAUSES.len()).find(|i| causes & 1 << i != 0);
    let home = &mut life.households[household];
    if draw.per_million(9_000) {
        let identified = day(2022, 3, 8).plus_days(draw.between(0, 900));
        let eliminated = identified.plus_days(draw.between(100, 600));
        let (category, cause) = (draw.pick(&["unstable_alleviated", "near_poor"]), draw.pick(&reasons));
        home.monitoring.push(Monitoring { category, cause, identified, eliminated: Some(eliminated) });
        return;
    }
    let listed = match first {
        Some(_) => draw.percent(40),
        None => draw.per_million(6_500),
    };
    if listed {
        let identified = day(2026, 9, 20).plus_days(-draw.skewed(5, 900));
        let category = match () {
            () if identified >= day(2026, 1, 1) => "regular_assistance",
            () if home.alleviated.is_some() => "unstable_alleviated",
            () if causes & 1 == 0 => "sudden_hardship",
            () => "near_poor",
        };
        let cause = first.filter(|_| !draw.percent(12)).map_or_else(|| draw.pick(&others), |i| reasons[i]);
        home.monitoring.push(Monitoring { category, cause, identified, eliminated: None });
    }
}

fn grown_member(life: &Life, household: usize) -> Option<usize> {
    let people = life.households[household].people.iter().copied();
    people
        .filter(|i| life.people[*i].is_member() && life.people[*i].age(AS_OF) >= 18)
        .max_by_key(|i| life.people[*i].savings)
}

/// A windfall or a hidden asset.
fn grow_rich(life: &mut Life, household: usize, draw: &mut Draw) {
    let line = truth::savings_line(life, household) * life.members(household).count() as i64;
    let Some(i) = grown_member(life, household) else {
        return;
    };
    let person = &mut life.people[i];
    match draw.weighted(&[40, 22, 22, 16]) {
        0 => person.savings += line + i64::from(draw.between(1, 900)) * 10_000,
        1 => {
            let mut flat = estate::flat(draw);
            (flat.used_as, flat.area, flat.share, flat.to) = ("home", flat.area * 3, 10_000, None);
            person.properties.push(flat);
        }
        2 => {
            let value = i64::from(draw.between(81, 190)) * 100_000;
            let from = START.first_day().plus_days(draw.between(-300, 900));
            person.vehicles.push(Vehicle { kind: "car", value, used_for: "own", from, to: None });
        }
        _ => {
            let capital = i64::from(draw.between(5, 60)) * 1_000_000;
            let (role, from) =
                (draw.pick(&["owner", "shareholder"]), START.first_day().plus_days(draw.between(-900, 900)));
            let employees = i64::from(draw.between(1, 5));
            person.business = Some(Business { role, capital, employees, status: "active", from, to: None });
        }
    }
}

/// What a listed household owns lies below the limits, near them or far.
fn stay_modest(life: &mut Life, household: usize, draw: &mut Draw) {
    let excess = Excess::of(life, household);
    let members = life.members(household).count() as i64;
    let line = truth::savings_line(life, household) * members;
    let kept = line * i64::from(draw.between(5, 97)) / 100;
    let total: i64 = life.members(household).map(|p| p.savings).sum();
    for i in life.households[household].people.clone() {
        let person = &mut life.people[i];
        if !person.is_member() {
            continue;
        }
        if excess.savings {
            person.savings = (i128::from(person.savings) * i128::from(kept) / i128::from(total.max(1))) as i64;
        }
        if excess.homes {
            person.properties.retain(|p| p.used_as != "home");
        }
        for vehicle in &mut person.vehicles {
            if truth::is_dear_car(vehicle) {
                match draw.below(3) {
                    0 => vehicle.used_for = "business",
                    1 => vehicle.value = 7_000_000 + i64::from(draw.below(11)) * 100_000,
                    _ => vehicle.kind = "disability_aid",
                }
            }
        }
        if let Some(business) = &mut person.business
            && truth::is_busy(business)
        {
            (business.capital, business.employees) = (i64::from(draw.between(1, 9)) * 1_000_000, 0);
        }
    }
}

fn consent(life: &mut Life, household: usize, limited: bool, draw: &mut Draw) {
    let home = &mut life.households[household];
    let asked = match () {
        () if limited => 94,
        () if !home.assistance.is_empty() => 60,
        () if !home.monitoring.is_empty() => 45,
        () => 1,
    };
    if !draw.percent(asked) {
        return;
    }
    let old = draw.percent(4);
    let signed = if old { day(2023, 11, 2) } else { day(2025, 10, 9) }.plus_days(draw.between(0, 330));
    let signed = signed.min(AS_OF.plus_days(-3));
    let expires = signed.plus_days(if old { 365 } else { 730 });
    let revoked = draw.per_million(15_000).then(|| signed.plus_days(draw.between(10, 120)));
    home.consent = Some(Consent { signed, expires, revoked });
}

/// Nobody is left of it.
pub fn is_empty(life: &Life, household: usize) -> bool {
    life.households[household]
        .people
        .iter()
        .all(|i| life.people[*i].died.is_some() || life.people[*i].home == Home::Gone)
}
