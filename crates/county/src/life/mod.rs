//! The simulated life of one village: who lives there, and what happens to them month by month.

mod economy;
mod estate;
mod families;
mod health;
mod kin;
mod listing;
mod months;
mod oddities;
mod school;
mod work;

use crate::names::Name;
use values::{Day, IdNumber, Month, Sex, Window};

#[cfg(test)]
pub use families::identity;
pub use families::phone;
pub use kin::Kin;
pub use listing::is_empty;
pub use work::POSTS;

/// The day the county speaks of.
pub const AS_OF: Day = day(2026, 9, 30);
/// The first month of the simulated time, and how many follow.
pub const START: Month = Month(2023 * 12 + 9);
pub const MONTHS: i32 = 36;
/// What "the last twelve months" means on [`AS_OF`].
pub const WINDOW: Window = Window { first: Month(2025 * 12 + 8), last: Month(2026 * 12 + 7) };

/// A day that is known to exist.
pub const fn day(year: i16, month: i8, day: i8) -> Day {
    // Days from a civil date, for years after 1970 and up to 2099.
    let (y, m) = if month <= 2 { (year as i32 - 1, month as i32 + 9) } else { (year as i32, month as i32 - 3) };
    Day(y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day as i32 - 1 - 719_468)
}

/// Which person, over all villages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// By village and number.
    Native(u32, u32),
    /// A bride who goes from one village to another: by the village she comes from, and which of its brides.
    Bride(u32, u32),
}

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Native(village, number) => write!(f, "P{village:04}{number:04}"),
            Self::Bride(village, slot) => write!(f, "P{village:04}B{slot:03}"),
        }
    }
}

/// Where somebody is who belongs, or belonged, to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    Here,
    /// Away for work or study, sharing income with the household.
    Away,
    /// Left it for good.
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trade {
    Nothing,
    Farm,
    Local,
    Migrant,
    Formal,
    PublicPost,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub employer: &'static str,
    /// Fen a month.
    pub wage: i64,
    pub workplace: &'static str,
    pub from: Day,
    pub to: Option<Day>,
    /// Whether it is registered anywhere: contracts are, odd jobs often aren't.
    pub registered: bool,
}

/// Money received month after month, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Monthly {
    pub amount: i64,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    Resident,
    Employee,
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Schooling {
    pub stage: &'static str,
    pub status: &'static str,
    pub own_cost: i64,
    pub from: Day,
    pub to: Option<Day>,
}

/// Medical costs of one calendar year, cumulated over `from`–`to`, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Illness {
    pub own_cost: i64,
    pub total_cost: i64,
    pub disease: &'static str,
    pub from: Day,
    pub to: Day,
}

#[derive(Clone, Copy, Debug)]
pub struct Disability {
    pub kind: u8,
    pub grade: u8,
    pub issued: Day,
}

/// A share of a flat or a shop, in ten-thousandths; its area in ten-thousandths of a square metre.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    pub used_as: &'static str,
    pub area: i64,
    pub share: i64,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Clone, Copy, Debug)]
pub struct Vehicle {
    pub kind: &'static str,
    pub value: i64,
    pub used_for: &'static str,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Clone, Copy, Debug)]
pub struct Business {
    pub role: &'static str,
    pub capital: i64,
    pub employees: i64,
    pub status: &'static str,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub tag: Tag,
    pub name: Name,
    pub sex: Sex,
    pub birth: Day,
    pub id: IdNumber,
    /// 11 digits; 0 for none.
    pub phone: u64,
    pub ethnicity: &'static str,
    /// The household lived in, or the one left.
    pub household: usize,
    /// The one the police register lists them in; `None` where it doesn't list them here.
    pub registered: Option<usize>,
    /// The household of the same village they lived in before.
    pub formerly: Option<usize>,
    pub kin: Kin,
    pub home: Home,
    /// Born into it, married into it, moved there.
    pub joined: Day,
    pub left: Option<Day>,
    pub died: Option<Day>,
    pub married: bool,
    pub education: &'static str,
    pub trade: Trade,
    pub jobs: Vec<Job>,
    pub pension: Option<Monthly>,
    pub cover: Cover,
    pub schooling: Vec<Schooling>,
    pub illness: Vec<Illness>,
    pub disability: Option<Disability>,
    /// Fen in the bank on [`AS_OF`].
    pub savings: i64,
    pub properties: Vec<Property>,
    pub vehicles: Vec<Vehicle>,
    pub business: Option<Business>,
}

impl Person {
    /// Whether they belong to their household on [`AS_OF`].
    pub fn is_member(&self) -> bool {
        self.died.is_none() && self.home != Home::Gone
    }

    pub fn age(&self, on: Day) -> i32 {
        on.age_from(self.birth)
    }
}

/// An amount of a household over a period, in fen; `item` as contract §3 names it.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub item: &'static str,
    pub amount: i64,
    pub from: Day,
    pub to: Day,
}

/// The village house.
#[derive(Clone, Copy, Debug)]
pub struct House {
    pub grade: &'static str,
    pub only_home: bool,
    /// Ten-thousandths of a square metre.
    pub area: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub kind: &'static str,
    /// Ten-thousandths of a mu.
    pub area: i64,
    pub idle: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Machine {
    pub kind: &'static str,
    pub value: i64,
    pub bought: Day,
}

#[derive(Clone, Copy, Debug)]
pub struct Subsidy {
    pub item: &'static str,
    pub amount: i64,
    pub paid: Day,
    pub person: usize,
    pub holder: usize,
}

#[derive(Clone, Copy, Debug)]
pub struct Assistance {
    pub programme: &'static str,
    pub monthly: i64,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Clone, Copy, Debug)]
pub struct Monitoring {
    pub category: &'static str,
    pub cause: &'static str,
    pub identified: Day,
    pub eliminated: Option<Day>,
}

#[derive(Clone, Copy, Debug)]
pub struct Consent {
    pub signed: Day,
    pub expires: Day,
    pub revoked: Option<Day>,
}

impl Consent {
    pub fn is_live(&self) -> bool {
        self.signed <= AS_OF && AS_OF <= self.expires && self.revoked.is_none_or(|day| day > AS_OF)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Disaster {
    pub kind: &'static str,
    pub damage: i64,
    pub happened: Day,
}

/// How well a family does in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    Poor,
    Tight,
    Ordinary,
    Well,
}

#[derive(Clone, Debug)]
pub struct Household {
    /// Number within the village, as departments' household numbers are made from.
    pub number: u32,
    pub group: u32,
    pub door: u32,
    pub means: Means,
    pub head: usize,
    /// Persons who belong or belonged to it, the dead and the gone included.
    pub people: Vec<usize>,
    /// The household it split from, in the simulated time.
    pub split_from: Option<usize>,
    /// Moved here within the county: another village by number, and when.
    pub moved_from: Option<(usize, Day)>,
    pub items: Vec<Item>,
    pub house: Option<House>,
    /// Quantity, quality, access, reliability.
    pub water: [bool; 4],
    pub land: Vec<Plot>,
    pub machines: Vec<Machine>,
    pub subsidies: Vec<Subsidy>,
    pub assistance: Vec<Assistance>,
    pub monitoring: Vec<Monitoring>,
    /// The year it left the register of the poor, 2014–2020.
    pub alleviated: Option<i64>,
    pub consent: Option<Consent>,
    pub disasters: Vec<Disaster>,
}

/// One village's life.
#[derive(Clone, Debug)]
pub struct Life {
    /// The village's number.
    pub village: usize,
    pub people: Vec<Person>,
    pub households: Vec<Household>,
    /// The village cadre's phone, which many give as theirs.
    pub cadre: u64,
}

impl Life {
    /// Lives the village's three years.
    pub fn of(world: &World<'_>, village: usize) -> Self {
        let mut life = families::found(world, village);
        let mut draw = world.draw(3, village);
        for month in 0..MONTHS {
            months::live(&mut life, world, Month(START.0 + month), &mut draw);
        }
        school::attend(&mut life, &mut draw);
        health::insure(&mut life, &mut draw);
        estate::build(&mut life, &mut draw);
        oddities::happen(&mut life, &mut draw);
        economy::earn(&mut life, &mut draw);
        listing::list(&mut life, &mut draw);
        families::let_go(&mut life);
        life
    }

    /// The members of a household on [`AS_OF`].
    pub fn members(&self, household: usize) -> impl Iterator<Item = &Person> {
        self.households[household].people.iter().map(|i| &self.people[*i]).filter(|p| p.is_member())
    }
}

/// What every village knows of the others.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    pub seed: u64,
    pub places: &'a crate::places::Places,
}

impl World<'_> {
    pub fn draw(&self, what: u64, village: usize) -> crate::draw::Draw {
        crate::draw::Draw::new(self.seed, what, village as u64)
    }
}
