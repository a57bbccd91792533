//! What a perfect reader, told who is who, could prove from what was delivered, right and covered.

use crate::life::{Life, WINDOW};
use crate::truth::{self, Account, Excess, LIMITED, LINE, PARTS};
use values::Month;

/// What arrived, rightly, about one person.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Stands in the residence register.
    pub registered: bool,
    /// Stands in it under the household lived in, or last lived in.
    pub placed: bool,
    pub dead: bool,
    /// An identity number or birth date arrived as it is.
    pub born: bool,
    pub cover_row: bool,
    pub uncovered: bool,
    pub school_row: bool,
    pub out_of_school: bool,
    /// Jobs that arrived rightly, and fen earned by them in the window.
    pub jobs: usize,
    pub wage: i64,
    pub pension: i128,
    pub subsidy: i128,
    pub cost: i128,
    pub cost_this_year: i64,
    pub school: i128,
    pub free_school: i128,
    pub savings: i64,
    /// Flats by number in the person's list.
    pub flats: Vec<usize>,
    pub car: bool,
    pub business: bool,
}

/// What arrived, rightly, about one household.
#[derive(Clone, Debug, Default)]
pub struct SeenHome {
    pub bad_house: bool,
    pub house: bool,
    pub unsafe_water: bool,
    pub disaster: bool,
    pub once_poor: bool,
    pub consent: bool,
    /// Any income row arrived; those that did rightly are summed in `items`.
    pub income: bool,
    pub items: Account,
    pub assistance: i128,
    pub programmes: Vec<&'static str>,
}

/// Which registers answered for the village.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covered {
    pub employment: bool,
    pub pension: bool,
    pub subsidy: bool,
    pub assistance: bool,
    pub medical_cover: bool,
    pub medical_cost: bool,
    pub school: bool,
}

/// Everything known of a village.
#[derive(Clone, Debug)]
pub struct Known {
    pub people: Vec<Seen>,
    pub homes: Vec<SeenHome>,
    pub covered: Covered,
    /// Of each household view: view, its household number, person listed as a member.
    pub views: Vec<(usize, u64, usize)>,
}

impl Known {
    pub fn nothing(life: &Life) -> Self {
        Self {
            people: vec![Seen::default(); life.people.len()],
            homes: vec![SeenHome::default(); life.households.len()],
            covered: Covered::default(),
            views: Vec::new(),
        }
    }

    /// The households whose members are those of one delivered view less the delivered dead.
    pub fn households_seen_whole(&mut self, life: &Life) -> Vec<bool> {
        self.views.sort_unstable();
        self.views.dedup();
        let mut whole = vec![false; life.households.len()];
        for group in self.views.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let living: Vec<usize> = group.iter().map(|(_, _, i)| *i).filter(|i| !self.people[*i].dead).collect();
            let Some(first) = living.first() else {
                continue;
            };
            let household = life.people[*first].household;
            let mut members = life.households[household].people.iter().filter(|i| life.people[**i].is_member());
            whole[household] |=
                living.iter().all(|i| life.people[*i].household == household && life.people[*i].is_member())
                    && members.all(|i| living.contains(i));
        }
        whole
    }

    /// Whether one of the causes that hold is proven.
    pub fn proves_risk(&self, life: &Life, household: usize, causes: u16) -> bool {
        let home = &self.homes[household];
        let members = || life.households[household].people.iter().copied().filter(|i| life.people[*i].is_member());
        let limit = if home.once_poor { 500_000 } else { 1_800_000 };
        let proven = [
            self.proves_income(life, household),
            members().any(|i| self.proves_out_of_school(life, i)),
            members().any(|i| self.proves_uncovered(i)),
            home.bad_house,
            home.unsafe_water,
            members().any(|i| self.people[i].cost_this_year > limit),
            members().any(|i| self.people[i].free_school > 1_000_000 * PARTS),
            self.proves_work(life, household),
            self.proves_work(life, household)
                && truth::main_earner(life, household)
                    .is_some_and(|earner| self.people[earner].dead && self.people[earner].placed),
            home.disaster,
        ];
        proven.iter().enumerate().any(|(i, proven)| *proven && causes & 1 << i != 0)
    }

    fn proves_out_of_school(&self, life: &Life, i: usize) -> bool {
        let seen = &self.people[i];
        let silent = self.covered.school && !seen.school_row && seen.registered;
        truth::is_out_of_school(&life.people[i]) && seen.born && (seen.out_of_school || silent)
    }

    fn proves_uncovered(&self, i: usize) -> bool {
        let seen = &self.people[i];
        seen.uncovered || self.covered.medical_cover && !seen.cover_row && seen.registered
    }

    /// Every job of everybody who counts has arrived as it was, so that main earner and gaps are certain.
    fn proves_work(&self, life: &Life, household: usize) -> bool {
        let first = Month(WINDOW.first.0 - 12);
        self.covered.employment
            && life.households[household].people.iter().all(|i| {
                let jobs = &life.people[*i].jobs;
                let counted = jobs.iter().filter(|job| job.to.is_none_or(|to| to.month() >= first)).count();
                self.people[*i].jobs == counted
            })
    }

    /// The window's account by what arrived rightly.
    fn account(&self, life: &Life, household: usize) -> Account {
        let home = &self.homes[household];
        let mut account = Account { assistance: home.assistance, ..home.items };
        let mut employed = 0;
        for i in life.households[household].people.iter().copied().filter(|i| life.people[*i].is_member()) {
            let seen = &self.people[i];
            account.members += 1;
            employed += seen.wage;
            account.pension += seen.pension;
            account.subsidy += seen.subsidy;
            account.own_cost += seen.cost;
            account.school_cost += seen.school;
        }
        account.wage = account.wage.max(PARTS * i128::from(employed));
        account
    }

    /// All that raises income is known, so that the sum is an upper bound, and it lies below the line.
    fn proves_income(&self, life: &Life, household: usize) -> bool {
        let covered = self.covered;
        let silence_speaks = covered.employment && covered.pension && covered.subsidy && covered.assistance;
        if !(self.homes[household].income && silence_speaks) {
            return false;
        }
        let (seen, real) = (self.account(life, household), Account::of(life, household));
        let raising = |a: &Account| {
            [a.wage, a.operating, a.property, a.transfer, a.insurance_claim, a.pension, a.subsidy, a.assistance]
        };
        raising(&seen) == raising(&real) && seen.below(seen.monitoring(), LINE)
    }

    /// The limited programmes whose limits the household is proven to exceed.
    pub fn proven_excess(&self, life: &Life, household: usize) -> Vec<&'static str> {
        let home = &self.homes[household];
        let excess = Excess::of(life, household);
        let assets = home.consent && self.proves_assets(life, household, excess);
        let limited = LIMITED.iter().enumerate().filter(|(i, programme)| {
            home.programmes.contains(programme)
                && (assets || excess.income[*i] && self.proves_means(life, household, *i))
        });
        limited.map(|(_, programme)| *programme).collect()
    }

    /// A lower bound of the means income reaches the limit of this programme of [`LIMITED`].
    fn proves_means(&self, life: &Life, household: usize, programme: usize) -> bool {
        let (seen, real) = (self.account(life, household), Account::of(life, household));
        if !self.homes[household].income || seen.operating_cost != real.operating_cost {
            return false;
        }
        match programme {
            0 => !seen.below(seen.means(), truth::STANDARD * 12),
            1 => !seen.below(seen.means(), truth::STANDARD * 18),
            _ => {
                let silent = i128::from(real.members) * 2 * 300_000 * PARTS;
                let essential = if self.covered.medical_cost { seen.own_cost + silent } else { return false };
                (essential + real.school_cost) * 100 <= seen.means() * 60 && seen.school_cost == real.school_cost
            }
        }
    }

    fn proves_assets(&self, life: &Life, household: usize, excess: Excess) -> bool {
        let members = || life.households[household].people.iter().copied().filter(|i| life.people[*i].is_member());
        let count = members().count() as i64;
        let savings: i64 = members().map(|i| self.people[i].savings).sum();
        let flats = |i: usize| life.people[i].properties.len() == self.people[i].flats.len();
        let houses = self.homes[household].house || life.households[household].house.is_none();
        // A serious illness with small costs stays below the medical list's limit, so only the higher line is certain.
        excess.savings && savings > truth::STANDARD * 48 * count
            || excess.homes && houses && members().all(flats)
            || excess.car && members().any(|i| self.people[i].car)
            || excess.business && members().any(|i| self.people[i].business)
    }
}
