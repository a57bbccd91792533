//! What families own and what comes with it: house, water, land, machines, savings, pensions, subsidies.

use super::{
    AS_OF, Business, House, Life, Machine, Means, Monthly, Plot, Property, START, Subsidy, Trade, Vehicle, day,
};
use crate::draw::{Draw, mix};
use crate::truth::land_of;

/// Everything at the end of the simulated time.
pub fn build(life: &mut Life, draw: &mut Draw) {
    let dry = draw.percent(7);
    for household in 0..life.households.len() {
        house(life, household, draw);
        let unmet = if dry { 60_000 } else { 2_600 };
        for criterion in 0..4 {
            if draw.per_million(unmet / 3) {
                life.households[household].water[criterion] = false;
            }
        }
        land(life, household, draw);
        for i in life.households[household].people.clone() {
            pension(life, i, draw);
            riches(life, i, draw);
        }
        subsidies(life, household, draw);
    }
}

fn house(life: &mut Life, household: usize, draw: &mut Draw) {
    let home = &mut life.households[household];
    if draw.per_million(14_000) {
        return;
    }
    let weights = match home.means {
        Means::Poor => [20, 740, 24, 10],
        Means::Tight => [30, 945, 16, 9],
        _ => [50, 941, 6, 3],
    };
    let grade = ["A", "B", "C", "D"][draw.weighted(&weights)];
    let elsewhere = if matches!(grade, "C" | "D") { 25 } else { 4 };
    let area = i64::from(draw.around(48, 210)) * 10_000;
    home.house = Some(House { grade, only_home: !draw.percent(elsewhere), area });
}

fn land(life: &mut Life, household: usize, draw: &mut Draw) {
    let members = life.members(household).count() as i32;
    let home = &mut life.households[household];
    if draw.percent(92) {
        // A few rent what their neighbours leave.
        let grower = if draw.per_million(4_000) { draw.between(12, 40) } else { 1 };
        let hundredths = draw.between(60, 190) * members.max(1) * grower;
        home.land.push(Plot { kind: "arable", area: i64::from(hundredths) * 100, idle: draw.percent(7) });
    }
    if draw.percent(45) {
        home.land.push(Plot { kind: "forest", area: i64::from(draw.skewed(80, 5_000)) * 100, idle: false });
    }
    if draw.percent(3) {
        home.land.push(Plot { kind: "other", area: i64::from(draw.between(20, 300)) * 100, idle: draw.percent(20) });
    }
    if draw.percent(14) {
        let kind = draw.pick(&["微耕机", "拖拉机", "水稻插秧机", "烘干机", "联合收割机"]);
        let value = i64::from(draw.skewed(18, 900)) * 10_000;
        let bought = START.first_day().plus_days(draw.between(-1_500, 1_000));
        home.machines.push(Machine { kind, value, bought });
    }
}

fn pension(life: &mut Life, i: usize, draw: &mut Draw) {
    let person = &mut life.people[i];
    let sixtieth = person.birth.plus_years(60);
    let joined_scheme = mix(person.id.key()).is_multiple_of(25);
    if sixtieth > AS_OF || joined_scheme || person.died.is_some_and(|day| day < sixtieth) {
        return;
    }
    let clerk = person.trade == Trade::Formal || draw.percent(4);
    let yuan = if clerk { draw.between(170, 380) * 10 } else { draw.between(158, 286) };
    let from = sixtieth.month().first_day();
    person.pension = Some(Monthly { amount: i64::from(yuan) * 100, from, to: person.died });
}

fn riches(life: &mut Life, i: usize, draw: &mut Draw) {
    let means = life.households[life.people[i].household].means;
    let person = &mut life.people[i];
    if person.age(AS_OF) < 18 {
        return;
    }
    let most = match means {
        Means::Poor => 16_000,
        Means::Tight => 40_000,
        Means::Ordinary => 140_000,
        Means::Well => 420_000,
    };
    person.savings = i64::from(draw.skewed(20, most)) * 100 + i64::from(draw.below(100));
    let well = u32::from(means == Means::Well);
    let bought = |draw: &mut Draw| START.first_day().plus_days(draw.between(-2_400, 1_000));
    if draw.per_million(9_000 + 30_000 * well) {
        person.properties.push(flat(draw));
    }
    if draw.per_million(if means == Means::Poor { 25_000 } else { 110_000 + 90_000 * well }) {
        person.vehicles.push(vehicle(draw));
    }
    if draw.per_million(6_000 + 24_000 * well) {
        let (status, employees) = (draw.pick(&["active", "active", "closed"]), i64::from(draw.skewed(0, 8)));
        let from = bought(draw);
        let to = (status == "closed").then(|| from.plus_days(draw.between(100, 300)));
        let capital = i64::from(draw.skewed(0, 60)) * 1_000_000;
        let role = draw.pick(&["owner", "owner", "shareholder"]);
        person.business = Some(Business { role, capital, employees, status, from, to });
    }
}

pub fn flat(draw: &mut Draw) -> Property {
    let used_as = draw.pick(&["home", "home", "home", "home", "shop", "other"]);
    let from = START.first_day().plus_days(draw.between(-2_400, 900));
    let to = draw.percent(8).then(|| from.plus_days(draw.between(200, 900))).filter(|day| *day < AS_OF);
    let area = i64::from(draw.around(5_200, 13_800)) * 100;
    Property { used_as, area, share: draw.pick(&[10_000, 10_000, 5_000, 2_500]), from, to }
}

pub fn vehicle(draw: &mut Draw) -> Vehicle {
    let kind = ["car", "motorcycle", "truck", "farm", "disability_aid"][draw.weighted(&[44, 40, 5, 8, 3])];
    let (low, high) = match kind {
        "car" => (12, 190),
        "motorcycle" => (2, 12),
        "truck" => (30, 220),
        "farm" => (10, 110),
        _ => (4, 110),
    };
    let used_for = if kind == "truck" || draw.percent(8) { "business" } else { "own" };
    let from = START.first_day().plus_days(draw.between(-2_000, 1_000));
    let to = draw.percent(6).then(|| from.plus_days(draw.between(300, 900))).filter(|day| *day < AS_OF);
    Vehicle { kind, value: i64::from(draw.skewed(low, high)) * 100_000, used_for, from, to }
}

fn subsidies(life: &mut Life, household: usize, draw: &mut Draw) {
    let head = life.households[household].head;
    if !life.people[head].is_member() {
        return;
    }
    let arable = land_of(&life.households[household].land, "arable");
    let forest = land_of(&life.households[household].land, "forest");
    let once_poor = life.households[household].alleviated.is_some();
    let mut paid = Vec::new();
    for year in [2025, 2026] {
        if arable > 0 {
            paid.push((head, "耕地地力保护补贴", arable * 85 / 100, day(year, 5, 20)));
        }
        if forest > 200_000 {
            paid.push((head, "森林生态效益补偿", forest * 15 / 100, day(year, 6, 28)));
        }
    }
    for i in life.households[household].people.clone() {
        let person = &life.people[i];
        let severe = person.disability.filter(|d| d.grade <= 2);
        // Not everybody who is entitled has applied.
        let applies = !mix(person.id.key() ^ 7).is_multiple_of(9);
        for (year, month) in [(2025, 9), (2025, 12), (2026, 3), (2026, 6), (2026, 9)] {
            let on = day(year, month, 15);
            if person.left.is_some_and(|left| left < on) {
                continue;
            }
            if applies && severe.is_some_and(|d| d.issued < on) {
                paid.push((i, "重度残疾人护理补贴", 30_000, on));
            }
            if applies && person.age(on) >= 80 {
                paid.push((i, "高龄津贴", 15_000, on));
            }
            let pupil = person.schooling.iter().any(|row| {
                matches!(row.stage, "vocational" | "college") && row.from <= on && row.to.is_none_or(|to| on <= to)
            });
            if once_poor && applies && pupil && matches!(month, 3 | 9) {
                paid.push((i, "雨露计划补助", 150_000, on));
            }
        }
    }
    let everybody = life.households[household].people.iter().copied();
    let grown = |i: &usize| life.people[*i].is_member() && life.people[*i].age(AS_OF) >= 18;
    let holders: Vec<usize> = everybody.filter(grown).collect();
    for (person, item, amount, on) in paid {
        let holder = match draw.below(100) {
            0..6 if !holders.is_empty() => draw.pick(&holders),
            6 => draw.below(life.people.len() as u32) as usize,
            _ => person,
        };
        let subsidy = Subsidy { item, amount, paid: on, person, holder };
        life.households[household].subsidies.push(subsidy);
        if draw.per_million(2_500) {
            // Paid twice, a few days apart.
            life.households[household].subsidies.push(Subsidy { paid: on.plus_days(draw.between(1, 12)), ..subsidy });
        }
    }
}
