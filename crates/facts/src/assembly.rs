//! Assembly: from standardised, linked records to households and what is known of them (contract §4).
//!
//! It runs in two phases. [`assemble`] finds out who lives with whom and who has consented; it needs no own field of a
//! query answer. Then intake reads the query answers of the consenting households ([`Assembly::may_read`]), and
//! [`reckon`](crate::reckon) reckons everything else. Both are pure functions of their arguments.

mod alleviated;
mod consent;
mod deaths;
mod homes;
mod identity;
mod matching;
mod membership;
mod pack;
pub(crate) mod rows;
pub(crate) mod sources;
pub(crate) mod views;

pub use deaths::Death;
pub use identity::HouseholdIdentities;
pub use membership::Standing;

use crate::records::{HouseholdId, Links, Nature, Resource};
use rustc_hash::FxHashMap;
use sources::{Record, Sources};
use values::{AreaCode, Day, Truth};

/// Who lives with whom on `as_of`, and who has consented to queries.
#[derive(Clone, Debug)]
pub struct Assembly {
    pub as_of: Day,
    /// By place, then identifier.
    pub households: Vec<Household>,
    /// By household: members, and the dead and the left who are still named with it.
    pub people: Vec<Resident>,
    /// For each person of `Links::people`: the position in `people`, or [`NOBODY`].
    pub of_person: Vec<u32>,
    pub deaths: FxHashMap<u32, Death>,
    /// Households by department and its own household number, for rows without a placed person.
    pub(crate) numbers: homes::Numbers,
}

/// The position of somebody whom no household view names.
pub const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    pub id: HouseholdId,
    /// The village most of its members' records name; `None` where none does.
    pub area: Option<AreaCode>,
    /// Its people are `people[first..last]`.
    pub first: u32,
    pub last: u32,
    /// Departments with a view of it.
    pub views: u16,
    /// Fewest and most living members of a delivered view of it.
    pub view_members: (u16, u16),
    pub split_from: Option<Split>,
    /// The year of its row among the once-poor.
    pub alleviated: Option<i64>,
    pub consent: Consent,
}

/// The household that a household's head was named in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Its number in the county.
    pub from: u32,
    /// The year of that household's row among the once-poor.
    pub alleviated: Option<i64>,
}

/// A household's consents to queries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    pub signed: bool,
    pub live: bool,
    /// Latest end of its live consents.
    pub expires_on: Option<Day>,
}

/// A person placed in a household.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    /// Number into `Links::people`.
    pub person: u32,
    pub household: u32,
    pub standing: Standing,
    /// A register of households lists the person, valid on `as_of`.
    pub registered: bool,
    /// Positions in [`RELATIONS`](crate::person::RELATIONS) and [`LIVINGS`](crate::person::LIVINGS).
    pub relation: Option<u8>,
    pub living: Option<u8>,
    /// As the view that counts has them.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// View households that list the person on `as_of` and aren't this household.
    pub elsewhere: u16,
    /// Resource and row of the claim that counts.
    pub source: u16,
    pub row: u32,
}

/// Finds the households that live on `as_of`: matches the departments' household views through the people they share,
/// and places everybody in one of them at most.
///
/// `links.person` has an entry for every row of every resource; `previous` is what the last run's
/// [`Assembly::identities`] gave.
#[must_use]
pub fn assemble(resources: &[Resource], links: &Links, as_of: Day, previous: &HouseholdIdentities) -> Assembly {
    let sources = Sources::new(resources);
    let rows = rows::by_person(&sources, links);
    let people = links.people.len();
    let deaths = deaths::deaths(&sources, &rows, &links.people, as_of);
    let views = views::Views::new(&sources, &rows, people, as_of);
    let groups = matching::match_views(&views, people);
    let places = {
        let evidence = membership::Evidence {
            sources: &sources,
            rows: &rows,
            views: &views,
            groups: &groups,
            deaths: &deaths,
            as_of,
        };
        membership::place_people(&evidence, people)
    };
    let builder = homes::Builder { sources: &sources, rows: &rows, views: &views, groups: &groups, links };
    let mut assembly = builder.build(&places, deaths, as_of, previous);
    consent::settle(&mut assembly, &sources, &rows);
    alleviated::settle(&mut assembly, &sources, links);
    assembly
}

/// Takes away from a delivery what [`assemble`] doesn't read.
pub fn slim(resource: &mut Resource) {
    const OWN: [&str; 10] =
        ["from", "to", "relation", "living", "year", "died_on", "signed_on", "expires_on", "revoked_on", "issued_on"];
    resource.own.retain(|name| OWN.contains(&name) || name == "household_no");
    let keys = std::mem::take(&mut resource.keys);
    resource.keys.household_no = keys.household_no;
    if resource.record == Record::HouseholdMember.name() {
        resource.keys.area = keys.area;
    }
}

/// Whether somebody of that standing is a member.
#[must_use]
pub const fn membership_of(standing: Standing) -> Truth {
    match standing {
        Standing::Member => Truth::True,
        Standing::Likely | Standing::Unlikely => Truth::Undetermined,
        Standing::Left | Standing::Dead => Truth::False,
    }
}

impl Assembly {
    #[must_use]
    pub fn people_of(&self, household: u32) -> &[Resident] {
        let household = &self.households[household as usize];
        &self.people[household.first as usize..household.last as usize]
    }

    /// The household a person is placed in, as member or as one of its dead or left.
    #[must_use]
    pub fn household_of(&self, person: u32) -> Option<u32> {
        let at = *self.of_person.get(person as usize)?;
        self.people.get(at as usize).map(|resident| resident.household)
    }

    /// Whether the query answers about this person may be read: a member of a household with a live consent.
    #[must_use]
    pub fn may_read(&self, person: u32) -> bool {
        self.of_person.get(person as usize).and_then(|at| self.people.get(*at as usize)).is_some_and(|resident| {
            resident.standing.counts() && self.households[resident.household as usize].consent.live
        })
    }

    /// For each resource, for each row: whether its own fields may be read. Rows of registers and lists always may.
    #[must_use]
    pub fn readable_rows(&self, resources: &[Resource], links: &Links) -> Vec<Vec<bool>> {
        resources
            .iter()
            .zip(&links.person)
            .map(|(resource, people)| match resource.nature {
                Nature::QueryAnswer => people.iter().map(|person| self.may_read(*person)).collect(),
                Nature::Register | Nature::ThresholdList => vec![true; people.len()],
            })
            .collect()
    }

    /// The members of every household, to be kept and given to the next run.
    #[must_use]
    pub fn identities(&self, links: &Links) -> HouseholdIdentities {
        let mut identities = HouseholdIdentities::default();
        for resident in self.people.iter().filter(|resident| resident.standing.counts()) {
            identities.household.push(self.households[resident.household as usize].id);
            identities.person.push(links.people[resident.person as usize].id);
        }
        identities
    }

    /// For each resource how many rows about a household belong to none: neither their person is placed, nor does the
    /// department's own number lead anywhere.
    #[must_use]
    pub fn unattached(&self) -> &[u32] {
        &self.numbers.unattached
    }

    /// Whether a person has died, as far as the delivered deaths can be believed.
    #[must_use]
    pub fn died(&self, person: u32) -> Truth {
        self.deaths.get(&person).map_or(Truth::False, |d| if d.credible { Truth::True } else { Truth::Undetermined })
    }
}
