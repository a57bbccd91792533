//! What is true on the day, by the definitions of contract §4: accounts, causes, excesses.
//!
//! An independent reading of those definitions; it shares nothing with the code that judges deliveries.

use crate::life::{AS_OF, Cover, Disaster, Household, Job, Life, Person, Plot, WINDOW, day};
use values::{Day, Month};

/// Reference line: fen a head and year.
pub const LINE: i64 = 950_000;
/// Dibao standard: fen a head and month.
pub const STANDARD: i64 = 66_000;

/// Why a household is at risk, in the order `causes` lists them.
pub const CAUSES: [&str; 10] = [
    "income",
    "schooling",
    "cover",
    "house",
    "water",
    "medical_cost",
    "school_cost",
    "work",
    "earner_death",
    "disaster",
];

/// Numbers of those that bring help of their own kind.
pub const HOUSE: usize = 3;
pub const MEDICAL_COST: usize = 5;
pub const DISASTER: usize = 9;

/// Programmes with limits, in the order used by [`Excess`].
pub const LIMITED: [&str; 3] = ["dibao", "dibao_margin", "expenditure_hardship"];

/// Every period here touches at most 24 calendar months: this many parts divide evenly by all of those numbers.
pub const PARTS: i128 = 5_354_228_880;

/// The share of `amount` that falls into the window, in [`PARTS`] of a fen.
pub fn in_window(amount: i64, from: Day, to: Day) -> i128 {
    let (inside, all) = WINDOW.months(from, to);
    if all == 0 { 0 } else { i128::from(amount) * PARTS * i128::from(inside) / i128::from(all) }
}

/// Fen received by the month over the months that lie in `first`–`last`.
pub fn by_month(amount: i64, from: Day, to: Option<Day>, first: Month, last: Month) -> i64 {
    let (from, to) = (from.month(), to.unwrap_or(AS_OF).month());
    amount * i64::from((to.0.min(last.0) - from.0.max(first.0) + 1).max(0))
}

/// A household's twelve months, in [`PARTS`] of a fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub members: i64,
    pub wage: i128,
    pub operating: i128,
    pub operating_cost: i128,
    pub property: i128,
    pub transfer: i128,
    pub insurance_claim: i128,
    pub pension: i128,
    pub subsidy: i128,
    pub assistance: i128,
    pub own_cost: i128,
    pub school_cost: i128,
}

impl Account {
    pub fn of(life: &Life, household: usize) -> Self {
        let mut account = Self::default();
        for person in life.members(household) {
            account.members += 1;
            account.wage += PARTS * i128::from(wages(person, WINDOW.first, WINDOW.last));
            if let Some(pension) = person.pension {
                let sum = by_month(pension.amount, pension.from, pension.to, WINDOW.first, WINDOW.last);
                account.pension += PARTS * i128::from(sum);
            }
            account.own_cost += person.illness.iter().map(|i| in_window(i.own_cost, i.from, i.to)).sum::<i128>();
            let school = person.schooling.iter().map(|s| in_window(s.own_cost, s.from, s.to.unwrap_or(AS_OF)));
            account.school_cost += school.sum::<i128>();
        }
        account.add_household(life, household);
        account
    }

    fn add_household(&mut self, life: &Life, household: usize) {
        let home = &life.households[household];
        for item in &home.items {
            let amount = in_window(item.amount, item.from, item.to);
            match item.item {
                "operating" => self.operating += amount,
                "operating_cost" => self.operating_cost += amount,
                "property" => self.property += amount,
                "transfer" => self.transfer += amount,
                "insurance_claim" => self.insurance_claim += amount,
                _ => {}
            }
        }
        for subsidy in &home.subsidies {
            if life.people[subsidy.person].is_member() {
                self.subsidy += in_window(subsidy.amount, subsidy.paid, subsidy.paid);
            }
        }
        for help in &home.assistance {
            let sum = by_month(help.monthly, help.from, help.to, WINDOW.first, WINDOW.last);
            self.assistance += PARTS * i128::from(sum);
        }
    }

    /// Net without assistance.
    pub fn means(&self) -> i128 {
        self.wage + self.operating - self.operating_cost + self.property + self.transfer + self.pension + self.subsidy
    }

    pub fn monitoring(&self) -> i128 {
        self.means() + self.assistance + self.insurance_claim - self.own_cost
    }

    /// Fen, rounded down.
    pub fn income_per_head(&self) -> i64 {
        let fen = self.monitoring().div_euclid(PARTS);
        i64::try_from(fen.div_euclid(i128::from(self.members.max(1)))).unwrap_or(i64::MAX)
    }

    /// Whether a yearly amount a head, rounded down to the fen for the household, is below a line.
    pub fn below(&self, amount: i128, line: i64) -> bool {
        amount.div_euclid(PARTS) < i128::from(line) * i128::from(self.members)
    }
}

/// Wages over the months `first`–`last`, in fen.
pub fn wages(person: &Person, first: Month, last: Month) -> i64 {
    person.jobs.iter().map(|job| by_month(job.wage, job.from, job.to, first, last)).sum()
}

fn works_in(jobs: &[Job], month: Month) -> bool {
    jobs.iter().any(|job| job.from.month() <= month && month <= job.to.unwrap_or(AS_OF).month())
}

/// The member, living or dead since the window began, with the most wages in the 12 months before the window.
pub fn main_earner(life: &Life, household: usize) -> Option<usize> {
    let (first, last) = (Month(WINDOW.first.0 - 12), Month(WINDOW.first.0 - 1));
    let people = life.households[household].people.iter().copied();
    let counted = people.filter(|i| {
        let person = &life.people[*i];
        person.is_member() || person.home != crate::life::Home::Gone && person.died.is_some_and(in_window_or_since)
    });
    counted
        .map(|i| (wages(&life.people[i], first, last), i))
        .filter(|(sum, _)| *sum > 0)
        .max_by_key(|(sum, i)| (*sum, std::cmp::Reverse(*i)))
        .map(|(_, i)| i)
}

fn in_window_or_since(on: Day) -> bool {
    on >= WINDOW.first_day()
}

pub fn months_without_wage(person: &Person) -> i32 {
    (WINDOW.first.0..=WINDOW.last.0).filter(|month| !works_in(&person.jobs, Month(*month))).count() as i32
}

pub fn is_out_of_school(person: &Person) -> bool {
    if person.age(day(2026, 9, 1)) < 6 || person.age(AS_OF) >= 16 {
        return false;
    }
    let valid = person.schooling.iter().filter(|row| row.from <= AS_OF && row.to.is_none_or(|to| AS_OF <= to));
    valid.max_by_key(|row| row.from).is_none_or(|row| matches!(row.status, "absent" | "left"))
}

/// Own medical cost since 1 January, in fen.
pub fn cost_this_year(person: &Person) -> i64 {
    person.illness.iter().filter(|i| i.from >= day(2026, 1, 1)).map(|i| i.own_cost).sum()
}

/// Own cost of schooling that isn't compulsory, in the window, in [`PARTS`] of a fen.
pub fn free_school_cost(person: &Person) -> i128 {
    let stages = ["preschool", "senior", "vocational", "college"];
    let rows = person.schooling.iter().filter(|row| stages.contains(&row.stage));
    rows.map(|row| in_window(row.own_cost, row.from, row.to.unwrap_or(AS_OF))).sum()
}

pub fn once_poor(life: &Life, household: usize) -> bool {
    let home = &life.households[household];
    home.alleviated.is_some() || home.split_from.is_some_and(|from| life.households[from].alleviated.is_some())
}

pub fn is_heavy(disaster: &Disaster) -> bool {
    disaster.damage >= 500_000 && disaster.happened > day(2025, 9, 30) && disaster.happened <= AS_OF
}

/// Every cause that holds, as bits by the numbers of [`CAUSES`].
pub fn causes(life: &Life, household: usize) -> u16 {
    let home = &life.households[household];
    let account = Account::of(life, household);
    let limit = if once_poor(life, household) { 500_000 } else { 1_800_000 };
    let any = |test: &dyn Fn(&Person) -> bool| life.members(household).any(test);
    let (mut work, mut earner_death) = (false, false);
    if let Some(earner) = main_earner(life, household).map(|i| &life.people[i]) {
        earner_death = earner.died.is_some();
        work = !earner_death && earner.age(AS_OF) < 60 && months_without_wage(earner) >= 3;
    }
    let holds = [
        account.below(account.monitoring(), LINE),
        any(&is_out_of_school),
        any(&|p| p.cover == Cover::Nothing),
        home.house.is_some_and(|house| house.only_home && matches!(house.grade, "C" | "D")),
        home.water.contains(&false),
        any(&|p| cost_this_year(p) > limit),
        any(&|p| free_school_cost(p) > 1_000_000 * PARTS),
        work,
        earner_death,
        home.disasters.iter().any(is_heavy),
    ];
    holds.iter().enumerate().fold(0, |bits, (i, holds)| bits | u16::from(*holds) << i)
}

/// Programmes and monitoring in force on the day, sorted and without repetition.
pub fn listed(home: &Household) -> Vec<&'static str> {
    let help = home.assistance.iter().filter(|a| a.from <= AS_OF && a.to.is_none_or(|to| AS_OF <= to));
    let mut listed: Vec<_> = help.map(|a| a.programme).collect();
    if home.monitoring.iter().any(|m| m.identified <= AS_OF && m.eliminated.is_none_or(|day| day > AS_OF)) {
        listed.push("monitoring");
    }
    listed.sort_unstable();
    listed.dedup();
    listed
}

/// Which tests a household's true means exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excess {
    /// Of [`LIMITED`], by income or by the share of essential cost.
    pub income: [bool; 3],
    pub savings: bool,
    pub homes: bool,
    pub car: bool,
    pub business: bool,
}

impl Excess {
    pub fn of(life: &Life, household: usize) -> Self {
        let account = Account::of(life, household);
        let means = account.means();
        let essential = account.own_cost + account.school_cost;
        let any = |test: &dyn Fn(&Person) -> bool| life.members(household).any(test);
        let savings: i64 = life.members(household).map(|p| p.savings).sum();
        Self {
            income: [
                !account.below(means, STANDARD * 12),
                // One and a half times the standard, twelve times: an even number of fen.
                !account.below(means, STANDARD * 18),
                essential * 100 <= means * 60,
            ],
            savings: savings > savings_line(life, household) * account.members,
            homes: too_many_homes(life, household, account.members),
            car: any(&|p| p.vehicles.iter().any(is_dear_car)),
            business: any(&|p| p.business.is_some_and(|b| is_busy(&b))),
        }
    }

    pub fn of_assets(&self) -> bool {
        self.savings || self.homes || self.car || self.business
    }

    pub fn programme(&self, programme: &str) -> bool {
        LIMITED.iter().position(|limited| *limited == programme).is_some_and(|i| self.income[i] || self.of_assets())
    }
}

/// Fen a head that a household may have in the bank.
pub fn savings_line(life: &Life, household: usize) -> i64 {
    let frail = life.members(household).any(|p| {
        let serious = p.illness.iter().any(|i| i.disease == "serious" && WINDOW.months(i.from, i.to).0 > 0);
        serious || p.disability.is_some_and(|d| d.grade <= 2 && d.issued <= AS_OF)
    });
    STANDARD * if frail { 48 } else { 36 }
}

fn too_many_homes(life: &Life, household: usize, members: i64) -> bool {
    let flats = life.members(household).flat_map(|p| &p.properties).filter(|p| p.used_as == "home" && is_held(p));
    let (mut count, mut area) = (0, 0i128);
    if let Some(house) = life.households[household].house {
        (count, area) = (10_000, i128::from(house.area) * 10_000);
    }
    for flat in flats {
        count += flat.share;
        area += i128::from(flat.area) * i128::from(flat.share);
    }
    count > 10_000 && area > 60 * i128::from(members) * 10_000 * 10_000
}

fn is_held(property: &crate::life::Property) -> bool {
    property.from <= AS_OF && property.to.is_none_or(|to| AS_OF <= to)
}

pub fn is_dear_car(vehicle: &crate::life::Vehicle) -> bool {
    vehicle.kind == "car"
        && vehicle.used_for == "own"
        && vehicle.value > 8_000_000
        && vehicle.from <= AS_OF
        && vehicle.to.is_none_or(|to| AS_OF <= to)
}

pub fn is_busy(business: &crate::life::Business) -> bool {
    let now = business.from <= AS_OF && business.to.is_none_or(|to| AS_OF <= to);
    now && business.status == "active" && (business.capital >= 10_000_000 || business.employees > 0)
}

/// Land of one kind, in ten-thousandths of a mu.
pub fn land_of(plots: &[Plot], kind: &str) -> i64 {
    plots.iter().filter(|plot| plot.kind == kind).map(|plot| plot.area).sum()
}
