//! From placed people to households with an identifier, a village and their people.

use super::deaths::Death;
use super::identity::{HouseholdIdentities, identify};
use super::matching::Groups;
use super::membership::{Place, Standing};
use super::rows::{Grouped, RowRef};
use super::sources::{Record, Sources};
use super::views::{Claim, NONE, Views};
use super::{Assembly, Consent, Household, NOBODY, Resident, Split};
use crate::records::{Links, PersonId};
use rustc_hash::FxHashMap;
use values::{AreaCode, Day, Level};

pub struct Builder<'a> {
    pub sources: &'a Sources<'a>,
    pub rows: &'a Grouped,
    pub views: &'a Views<'a>,
    pub groups: &'a Groups,
    pub links: &'a Links,
}

/// Rows that name no placed person, by the household their department's own number stands for.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    rows: Vec<(u32, RowRef)>,
    /// Rows about a household that no household could be found for, by resource.
    pub unattached: Vec<u32>,
}

impl Numbers {
    #[must_use]
    pub fn rows(&self) -> &[(u32, RowRef)] {
        &self.rows
    }

    pub fn push(&mut self, household: u32, at: RowRef) {
        self.rows.push((household, at));
    }

    /// By household, as everything else here expects it.
    pub fn sort(&mut self) {
        self.rows.sort_unstable();
    }

    pub fn rows_of<'s>(&'s self, sources: &'s Sources<'_>, record: Record) -> impl Iterator<Item = (u32, RowRef)> + 's {
        self.rows.iter().copied().filter(move |(_, at)| sources.get(at.source).is_some_and(|s| s.record == record))
    }

    #[must_use]
    pub fn of(&self, household: u32) -> &[(u32, RowRef)] {
        let from = self.rows.partition_point(|(of, _)| *of < household);
        let to = self.rows.partition_point(|(of, _)| *of <= household);
        &self.rows[from..to]
    }
}

values::packs! { Numbers { rows, unattached } }

/// Records that speak of a household, whoever's keys they carry.
const OF_HOUSEHOLDS: [Record; 8] = [
    Record::Consent,
    Record::Assistance,
    Record::Monitoring,
    Record::Alleviated,
    Record::House,
    Record::Water,
    Record::Income,
    Record::Disaster,
];

impl Builder<'_> {
    pub fn build(
        &self,
        places: &[Place],
        deaths: FxHashMap<u32, Death>,
        as_of: Day,
        previous: &HouseholdIdentities,
    ) -> Assembly {
        let mut places: Vec<Place> = places.to_vec();
        places.sort_by_key(|place| (place.group, place.person));
        let homes: Vec<&[Place]> = places
            .chunk_by(|a, b| a.group == b.group)
            .filter(|group| group.iter().any(|place| place.standing.counts()))
            .collect();
        let members: Vec<Vec<PersonId>> = homes.iter().map(|home| self.member_ids(home)).collect();
        let ids = identify(&members, previous);
        let areas: Vec<Option<AreaCode>> = homes.iter().map(|home| self.area(home)).collect();
        let mut order: Vec<usize> = (0..homes.len()).collect();
        order.sort_by_key(|at| (areas[*at], ids[*at]));
        let mut of_group = vec![NONE; self.groups.views.len()];
        for (household, at) in order.iter().enumerate() {
            of_group[homes[*at][0].group as usize] = household as u32;
        }
        let mut assembly = Assembly {
            as_of,
            households: Vec::with_capacity(homes.len()),
            people: Vec::with_capacity(places.len()),
            of_person: vec![NOBODY; self.links.people.len()],
            deaths,
            numbers: Numbers::default(),
        };
        let counts = self.view_members(&assembly);
        let residence = self.residence_register();
        for at in order {
            let home = homes[at];
            let first = assembly.people.len() as u32;
            self.add_people(&mut assembly, home, &of_group, residence);
            let views = &self.groups.views[home[0].group as usize];
            let sizes = || views.iter().map(|view| counts[*view as usize]);
            assembly.households.push(Household {
                id: ids[at],
                area: areas[at],
                first,
                last: assembly.people.len() as u32,
                views: views.len() as u16,
                view_members: (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0)),
                split_from: self.split_from(home, &of_group).map(|from| Split { from, alleviated: None }),
                alleviated: None,
                consent: Consent::default(),
            });
        }
        assembly.numbers = self.numbers(&assembly, &of_group);
        assembly
    }

    fn member_ids(&self, home: &[Place]) -> Vec<PersonId> {
        let mut ids: Vec<PersonId> = home
            .iter()
            .filter(|place| place.standing.counts())
            .map(|place| self.links.people[place.person as usize].id)
            .collect();
        ids.sort_unstable();
        ids
    }

    fn claim(&self, place: &Place) -> &Claim {
        &self.views.claims[place.claim as usize]
    }

    /// The village that most rows of its people name; a higher place only where no row names a village.
    fn area(&self, home: &[Place]) -> Option<AreaCode> {
        let mut named: Vec<(AreaCode, u32)> = Vec::new();
        for place in home {
            let weight = if place.standing.counts() { 3 } else { 1 };
            for claim in self.views.of_person(place.person) {
                if self.groups.of_view[claim.view as usize] != place.group {
                    continue;
                }
                let Some(area) = self.sources.get(claim.source).and_then(|source| source.area(claim.row)) else {
                    continue;
                };
                let weight = weight * if area.level() == Level::Village { 100 } else { 1 };
                match named.iter_mut().find(|(known, _)| *known == area) {
                    Some((_, votes)) => *votes += weight,
                    None => named.push((area, weight)),
                }
            }
        }
        named.into_iter().max_by_key(|(area, votes)| (*votes, std::cmp::Reverse(*area))).map(|(area, _)| area)
    }

    /// For each view household: its present people less the dead.
    fn view_members(&self, assembly: &Assembly) -> Vec<u16> {
        let mut counts = vec![0u16; self.views.households.len()];
        for claim in self.views.claims.iter().chain(&self.views.rivals).filter(|claim| claim.present) {
            if assembly.deaths.get(&claim.person).is_none_or(|death| !death.credible) {
                counts[claim.view as usize] = counts[claim.view as usize].saturating_add(1);
            }
        }
        counts
    }

    /// The department whose register lists the most people: the residence register.
    fn residence_register(&self) -> Option<u16> {
        let mut listed = vec![0u32; self.sources.departments.len()];
        for claim in self.views.claims.iter().filter(|claim| claim.present) {
            if self.sources.get(claim.source).is_some_and(|source| source.is_register()) {
                listed[usize::from(claim.department)] += 1;
            }
        }
        let most = listed.iter().enumerate().max_by_key(|(at, people)| (**people, std::cmp::Reverse(*at)))?;
        (*most.1 > 0).then_some(most.0 as u16)
    }

    fn add_people(&self, assembly: &mut Assembly, home: &[Place], of_group: &[u32], residence: Option<u16>) {
        let rank = |place: &Place| {
            let relation = self.claim(place).relation;
            (!place.standing.counts(), relation != Some(0), relation != Some(1), place.person)
        };
        let mut home: Vec<&Place> = home.iter().collect();
        home.sort_by_key(|place| rank(place));
        for place in home {
            let household = of_group[place.group as usize];
            let claim = self.claim(place);
            let claims = self.views.of_person(place.person);
            let elsewhere = claims
                .iter()
                .chain(self.rivals(place.person))
                .filter(|other| other.present && self.groups.of_view[other.view as usize] != place.group);
            assembly.of_person[place.person as usize] = assembly.people.len() as u32;
            assembly.people.push(Resident {
                person: place.person,
                household,
                standing: place.standing,
                registered: claims.iter().any(|c| c.present && Some(c.department) == residence),
                relation: claim.relation,
                living: claim.living,
                from: claim.validity.from,
                to: claim.validity.to,
                elsewhere: elsewhere.count() as u16,
                source: claim.source,
                row: claim.row,
            });
        }
    }

    fn rivals(&self, person: u32) -> &[Claim] {
        let rivals = &self.views.rivals;
        let from = rivals.partition_point(|claim| claim.person < person);
        let to = rivals.partition_point(|claim| claim.person <= person);
        &rivals[from..to]
    }

    /// The household in which another view, or an earlier row, has this one's head.
    fn split_from(&self, home: &[Place], of_group: &[u32]) -> Option<u32> {
        let members = || home.iter().filter(|place| place.standing.counts());
        let head = members().find(|place| self.claim(place).relation == Some(0)).or_else(|| members().next())?;
        self.rows.of(head.person).iter().find_map(|at| {
            let source = self.sources.get(at.source).filter(|s| s.record == Record::HouseholdMember)?;
            let view = self.views.numbered(source.department, source.household_no(at.row)?)?;
            let group = self.groups.of_view[view as usize];
            (group != head.group).then(|| of_group[group as usize]).filter(|household| *household != NONE)
        })
    }

    fn numbers(&self, assembly: &Assembly, of_group: &[u32]) -> Numbers {
        let mut votes: FxHashMap<(u16, &str), Vec<u32>> = FxHashMap::default();
        let mut loose = Vec::new();
        for (number, source) in self.sources.list.iter().enumerate() {
            let Some(source) = source.as_ref().filter(|source| source.record != Record::HouseholdMember) else {
                continue;
            };
            for (row, person) in self.links.person[number].iter().enumerate() {
                let at = RowRef { source: number as u16, row: row as u32 };
                let household = assembly.household_of(*person);
                match (source.household_no(at.row), household) {
                    (Some(no), Some(household)) => votes.entry((source.department, no)).or_default().push(household),
                    (_, None) if OF_HOUSEHOLDS.contains(&source.record) => loose.push((at, *person)),
                    _ => {}
                }
            }
        }
        let mut numbers = Numbers { rows: Vec::new(), unattached: vec![0; self.sources.list.len()] };
        for (at, _) in loose {
            let household = self.sources.get(at.source).and_then(|source| {
                let no = source.household_no(at.row)?;
                let view = self.views.numbered(source.department, no);
                let viewed = view.map(|view| of_group[self.groups.of_view[view as usize] as usize]);
                viewed.filter(|household| *household != NONE).or_else(|| most(votes.get(&(source.department, no))?))
            });
            match household {
                Some(household) => numbers.push(household, at),
                None => numbers.unattached[usize::from(at.source)] += 1,
            }
        }
        numbers.sort();
        numbers
    }
}

/// The household with most votes; the smallest of those that tie.
fn most(votes: &[u32]) -> Option<u32> {
    let mut votes = votes.to_vec();
    votes.sort_unstable();
    let runs = votes.chunk_by(|a, b| a == b).map(|run| (run.len(), std::cmp::Reverse(run[0])));
    runs.max().map(|(_, household)| household.0)
}

impl Standing {
    /// Whether the person may count among the members.
    #[must_use]
    pub const fn may_count(self) -> bool {
        self.counts() || matches!(self, Self::Unlikely)
    }
}
