//! The county's places: townships, villages and groups, with what they were called before.

use crate::draw::{Draw, mix};
use std::fmt::Write;

/// The county's six digits. No place has a code that begins with 5399.
pub const COUNTY: u64 = 539_901;
pub const COUNTY_NAME: &str = "禾岭县";
/// The neighbour, whose people turn up in the wrong files.
pub const NEIGHBOUR: u64 = 539_902;
pub const NEIGHBOUR_NAME: &str = "青榆县";

/// A village as it is today.
#[derive(Clone, Debug)]
pub struct Village {
    /// 12 digits.
    pub code: u64,
    pub name: String,
    pub township: usize,
    pub groups: u32,
    /// Households at the beginning of the simulated time.
    pub households: u32,
    /// 12 digits from before a merger or a split, where there was one.
    pub old: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Township {
    /// 12 digits.
    pub code: u64,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Places {
    pub townships: Vec<Township>,
    pub villages: Vec<Village>,
    /// Old 12-digit code, its name, its successors.
    gone: Vec<(u64, String, Vec<u64>)>,
}

const FIRST: &str = "青龙白石大小新上下东西南北双三岩水林松竹柏杨柳花溪河山岭坡坪塘桥木金银马云禾麦桃梨";
const SECOND: &str = "坪坝塘井桥场街岩溪河湾冲沟坡岭寨屯庄坳田堡关口树泉垭湖洲渡";

impl Places {
    /// `townships` of `each` villages, `households` a village on average.
    pub fn new(seed: u64, townships: usize, each: usize, households: u32) -> Self {
        let mut draw = Draw::new(seed, 1, 0);
        let mut places = Self { townships: Vec::new(), villages: Vec::new(), gone: Vec::new() };
        for t in 0..townships {
            let code = (COUNTY * 1_000 + 100 + t as u64) * 1_000;
            let name = format!("{}{}", a_name(&mut draw), if draw.percent(60) { "镇" } else { "乡" });
            places.townships.push(Township { code, name });
            for i in 0..each {
                let number = t * each + i;
                // Neighbours in the list differ from the average by the same amount, up and down.
                let off = (mix(seed ^ (number as u64 / 2)) % 80) as u32 * households / 200;
                let households = if number.is_multiple_of(2) { households + off } else { households - off };
                let name = format!("{}村", a_name(&mut draw));
                let groups = (households / 28).clamp(2, 9);
                places.villages.push(Village {
                    code: code + 200 + i as u64,
                    name,
                    township: t,
                    groups,
                    households,
                    old: None,
                });
            }
        }
        places.change(&mut draw, each);
        places
    }

    /// Some villages were merged out of two, some were one village with their neighbour.
    fn change(&mut self, draw: &mut Draw, each: usize) {
        for number in 0..self.villages.len() {
            let village = &self.villages[number];
            let (code, i) = (village.code, (number % each) as u64);
            let township = code / 1_000 * 1_000;
            if number % 6 == 4 {
                for old in [township + 600 + 2 * i, township + 601 + 2 * i] {
                    self.gone.push((old, format!("{}村", a_name(draw)), vec![code]));
                }
                self.villages[number].old = Some(township + 600 + 2 * i);
            } else if number % 12 == 7 && number + 1 < self.villages.len() && (number + 1) % each != 0 {
                let old = township + 500 + i;
                self.gone.push((old, format!("{}村", a_name(draw)), vec![code, code + 1]));
                self.villages[number].old = Some(old);
                self.villages[number + 1].old = Some(old);
            }
        }
    }

    /// `places.csv`.
    pub fn csv(&self) -> String {
        let mut text = String::from("code,name,level,parent,valid_from,valid_to,successors\n");
        let county = COUNTY * 1_000_000;
        text.push_str("530000000000,示例省,province,,,,\n539900000000,示例市,prefecture,530000000000,,,\n");
        for (code, name) in [(county, COUNTY_NAME), (NEIGHBOUR * 1_000_000, NEIGHBOUR_NAME)] {
            put(&mut text, &format!("{code},{name},county,539900000000,2000-01-01,,"));
        }
        for township in &self.townships {
            put(&mut text, &format!("{},{},township,{county},2006-01-01,,", township.code, township.name));
        }
        for village in &self.villages {
            let since = if village.old.is_some() { "2024-07-01" } else { "2006-01-01" };
            let parent = self.townships[village.township].code;
            put(&mut text, &format!("{},{},village,{parent},{since},,", village.code, village.name));
            for group in 1..=village.groups {
                put(&mut text, &format!("{}{group:03},第{group}组,group,{},{since},,", village.code, village.code));
            }
        }
        for (old, name, successors) in &self.gone {
            let successors: Vec<String> = successors.iter().map(u64::to_string).collect();
            let parent = old / 1_000 * 1_000;
            put(&mut text, &format!("{old},{name},village,{parent},2006-01-01,2024-06-30,{}", successors.join(";")));
        }
        text
    }
}

fn put(text: &mut String, line: &str) {
    // Writing to a String never fails.
    let _ = writeln!(text, "{line}");
}

fn a_name(draw: &mut Draw) -> String {
    let one = |draw: &mut Draw, pool: &str| pool.chars().nth(draw.below(pool.chars().count() as u32) as usize);
    loop {
        let (first, second) = (one(draw, FIRST), one(draw, SECOND));
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            return format!("{first}{second}");
        }
    }
}
