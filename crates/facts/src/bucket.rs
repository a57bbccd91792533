//! Some households with everything that is said of them: a county in small.
//!
//! A county is cut between villages, so that what neighbours, a village's budget and a household need lies in one bucket.
//! Within it people, households and rows are numbered anew, in the county's order, and a stage that is given a bucket
//! can't tell it from a whole county. A [`Cut`] says which rows go where; [`Filling`] takes them one delivery after the
//! other.

use crate::assembly::rows::RowRef;
use crate::assembly::{Assembly, NOBODY};
use crate::records::{Links, Person, Resource};
use rustc_hash::FxHashMap;
use values::columns::{Pack, packed};

/// What the stages behind assembly work on.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub resources: Vec<Resource>,
    /// People and the person of each row; no weights.
    pub links: Links,
    pub assembly: Assembly,
}

impl Bucket {
    /// It as bytes, for a machine that knows nothing of its county.
    #[must_use]
    pub fn packed(&self) -> Vec<u8> {
        let mut out = packed(&self.links.people);
        self.assembly.pack(&mut out);
        self.resources.pack(&mut out);
        self.links.person.pack(&mut out);
        out
    }

    /// It back from its bytes.
    #[must_use]
    pub fn unpacked(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let head = Head { people: Pack::unpack(from)?, assembly: Pack::unpack(from)? };
        let (resources, person): (Vec<Resource>, Vec<Vec<u32>>) = (Pack::unpack(from)?, Pack::unpack(from)?);
        (from.is_empty() && resources.len() == person.len()).then(|| head.with(resources, person))
    }
}

/// Where a county is cut: bucket `n` has the households from `starts[n]` to `starts[n + 1]`.
#[derive(Clone, Debug)]
pub struct Cut {
    starts: Vec<u32>,
}

impl Cut {
    /// At most so many buckets with about as many people each, and at least one.
    #[must_use]
    pub fn new(assembly: &Assembly, buckets: usize) -> Self {
        let enough = assembly.people.len().div_ceil(buckets.max(1)).max(1);
        let mut starts = vec![0];
        for (at, pair) in assembly.households.windows(2).enumerate() {
            let next = &pair[1];
            let begun = assembly.households[starts[starts.len() - 1] as usize].first;
            if pair[0].area != next.area && (next.first - begun) as usize >= enough {
                starts.push(at as u32 + 1);
            }
        }
        starts.push(assembly.households.len() as u32);
        Self { starts }
    }

    #[must_use]
    pub fn buckets(&self) -> usize {
        self.starts.len() - 1
    }

    #[must_use]
    pub fn of(&self, household: u32) -> usize {
        self.starts.partition_point(|start| *start <= household) - 1
    }
}

/// Buckets that are being filled.
pub struct Filling<'a> {
    assembly: &'a Assembly,
    pub cut: Cut,
    /// Rows that came by a household's number, by delivery and row.
    numbered: FxHashMap<RowRef, u32>,
    heads: Vec<Head>,
    /// The next row's number, by bucket, in the delivery at hand.
    next: Vec<u32>,
    number: u16,
}

/// A bucket without its rows.
#[derive(Clone, Debug)]
pub struct Head {
    pub people: Vec<Person>,
    pub assembly: Assembly,
}

/// Rows of one delivery for one bucket.
#[derive(Clone, Debug)]
pub struct Share {
    pub resource: Resource,
    /// The person of each row by the bucket's numbers; [`NOBODY`] where it came by the household's number.
    pub person: Vec<u32>,
}

impl Share {
    /// It as bytes, without what all rows of the delivery have in common.
    #[must_use]
    pub fn packed(&self) -> Vec<u8> {
        let Resource { rows, keys, own, own_digest, .. } = &self.resource;
        let mut out = packed(rows);
        keys.pack(&mut out);
        own.pack(&mut out);
        own_digest.pack(&mut out);
        self.person.pack(&mut out);
        out
    }

    /// It back from its bytes, given the delivery without its rows.
    #[must_use]
    pub fn unpacked(mut bytes: &[u8], head: Resource) -> Option<Self> {
        let from = &mut bytes;
        let (rows, keys) = (Pack::unpack(from)?, Pack::unpack(from)?);
        let (own, own_digest) = (Pack::unpack(from)?, Pack::unpack(from)?);
        Some(Self { resource: Resource { rows, keys, own, own_digest, ..head }, person: Pack::unpack(from)? })
    }
}

impl<'a> Filling<'a> {
    #[must_use]
    pub fn new(assembly: &'a Assembly, people: &[Person], cut: Cut) -> Self {
        let heads: Vec<Head> = cut.starts.windows(2).map(|ends| head(assembly, people, ends[0], ends[1])).collect();
        let numbered = assembly.numbers.rows().iter().map(|(household, at)| (*at, *household)).collect();
        let next = vec![0; heads.len()];
        Self { assembly, cut, numbered, heads, next, number: u16::MAX }
    }

    /// Divides some rows of a delivery, the deliveries in order and each one's rows too. `first` is the number of the
    /// first row here, `person` the person of every row of the delivery.
    pub fn divide(&mut self, number: u16, first: usize, rows: &Resource, person: &[u32]) -> Vec<Share> {
        if self.number != number {
            (self.number, self.next) = (number, vec![0; self.heads.len()]);
        }
        let mut chosen: Vec<(Vec<u32>, Vec<u32>)> = vec![Default::default(); self.heads.len()];
        for (row, person) in person[first..].iter().enumerate().take(rows.len()) {
            let at = RowRef { source: number, row: (first + row) as u32 };
            let resident = self.assembly.of_person.get(*person as usize).copied().filter(|at| *at != NOBODY);
            let household = match resident {
                Some(resident) => self.assembly.people[resident as usize].household,
                None => match self.numbered.get(&at) {
                    Some(household) => *household,
                    None => continue,
                },
            };
            let bucket = self.cut.of(household);
            let begin = self.cut.starts[bucket];
            let first_person = self.assembly.households[begin as usize].first;
            let (head, place) = (&mut self.heads[bucket], RowRef { row: self.next[bucket], ..at });
            self.next[bucket] += 1;
            let local = resident.map_or(NOBODY, |resident| resident - first_person);
            match head.assembly.people.get_mut(local as usize) {
                // The claim that counts; rows come in order, so that none is taken for it later.
                Some(resident) if resident.source == number && resident.row == at.row => resident.row = place.row,
                Some(_) => {}
                None => head.assembly.numbers.push(household - begin, place),
            }
            chosen[bucket].0.push(row as u32);
            chosen[bucket].1.push(local);
        }
        chosen.into_iter().map(|(of, person)| Share { resource: rows.select(&of), person }).collect()
    }

    /// The buckets' heads, when all deliveries have been divided.
    #[must_use]
    pub fn heads(mut self) -> Vec<Head> {
        self.heads.iter_mut().for_each(|head| head.assembly.numbers.sort());
        self.heads
    }
}

/// The households from `begin` to `end`, numbered from 0.
fn head(assembly: &Assembly, people: &[Person], begin: u32, end: u32) -> Head {
    let mut households = assembly.households[begin as usize..end as usize].to_vec();
    let first = households.first().map_or(0, |household| household.first);
    let last = households.last().map_or(0, |household| household.last);
    for household in &mut households {
        (household.first, household.last) = (household.first - first, household.last - first);
    }
    let mut residents = assembly.people[first as usize..last as usize].to_vec();
    let named = residents.iter().map(|resident| people[resident.person as usize].clone()).collect();
    let mut deaths = FxHashMap::default();
    for (local, resident) in (0..).zip(&mut residents) {
        deaths.extend(assembly.deaths.get(&resident.person).map(|death| (local, *death)));
        (resident.person, resident.household) = (local, resident.household - begin);
    }
    let of_person = (0..residents.len() as u32).collect();
    let (as_of, numbers) = (assembly.as_of, Default::default());
    Head { people: named, assembly: Assembly { as_of, households, people: residents, of_person, deaths, numbers } }
}

impl Head {
    /// The whole bucket: `resources` are all deliveries, each with this bucket's rows or none.
    #[must_use]
    pub fn with(self, resources: Vec<Resource>, person: Vec<Vec<u32>>) -> Bucket {
        let links = Links { person, weight: Vec::new(), people: self.people };
        Bucket { resources, links, assembly: self.assembly }
    }
}

values::packs! { Head { people, assembly } }
