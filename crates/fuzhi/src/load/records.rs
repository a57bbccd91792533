//! Deliveries with their quality, the records behind each person, and the links a human should look at.

use super::{Loaded, Part};
use crate::aside::{Laid, Wanted};
use crate::intake::Intake;
use crate::run::{Found, Learned};
use anyhow::Result;
use exchange::Places;
use exchange::load::{DeliveryIn, PlaceIn, faults};
use exchange::quality::Delivery;
use facts::assembly::Assembly;
use facts::records::{Links, Resource};
use linkage::evidence;
use linkage::load::{RecordsIn, ReviewIn};
use linkage::model::{FieldShown, ModelShown, Pair, RecordKeys, TermsShown, Why};
use linkage::stage::{Conflict, ConflictKind, KeyRow, Linked, Review, RowRef};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What the store wants of the links, made while all rows are at hand.
#[derive(Default)]
pub struct Gist {
    pub records_linked: i64,
    /// Links and conflicts that wait for a human.
    pub to_review: i64,
    pub reviews: Vec<ReviewIn>,
    /// By delivery, as intake has them: for each township how many households there are and are spoken of.
    places: Vec<Vec<PlaceIn>>,
    /// How the weights of all tied records lie.
    weights: BTreeMap<i32, i64>,
}

impl Gist {
    /// # Errors
    /// When the disk refuses.
    pub fn new(intake: &Intake, linked: &Linked, assembly: &Assembly) -> Result<Self> {
        let links = &linked.links;
        let mut weights: BTreeMap<i32, i64> = BTreeMap::new();
        for weight in links.weight.iter().flatten().filter(|weight| weight.is_finite()) {
            *weights.entry(weight.floor() as i32).or_default() += 1;
        }
        let rows = Reviewed::new(intake, linked)?;
        let asked = Asked { intake, linked, assembly, rows };
        Ok(Self {
            records_linked: links.person.iter().flatten().filter(|person| **person != u32::MAX).count() as i64,
            to_review: (linked.review.len() + linked.conflicts.len()) as i64,
            reviews: asked.reviews(),
            places: intake
                .quality
                .par_iter()
                .enumerate()
                .map(|(at, quality)| coverage(&links.person[at], assembly, quality))
                .collect(),
            weights,
        })
    }
}

pub fn deliveries(loaded: &Loaded<'_>) -> Vec<DeliveryIn> {
    let Found { intake, gist, .. } = loaded.found;
    let told = intake.quality.iter().zip(&intake.rejects).zip(&gist.places);
    told.map(|((quality, rejected), places)| DeliveryIn {
        quality: quality.clone(),
        rejects: faults(rejected.rejects.iter(), |column| {
            rejected.columns.get(usize::from(column)).cloned().unwrap_or_default()
        }),
        places: places.clone(),
    })
    .collect()
}

/// For each township how many households there are, and how many of them a resource speaks of.
fn coverage(person: &[u32], assembly: &Assembly, quality: &Delivery) -> Vec<PlaceIn> {
    let mut is_told = vec![false; assembly.households.len()];
    for household in person.iter().filter_map(|person| assembly.household_of(*person)) {
        is_told[household as usize] = true;
    }
    let mut townships: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (household, is_told) in assembly.households.iter().zip(&is_told) {
        let Some(area) = household.area.map(|area| area.to_string()) else { continue };
        let (all, told) = townships.entry(area[..9].to_owned()).or_default();
        *all += 1;
        *told += i64::from(*is_told);
    }
    let answers = |place: &str| {
        let touches = |prefix: &String| prefix.starts_with(place) || place.starts_with(prefix.trim_end_matches('0'));
        quality.coverage.as_ref().is_none_or(|prefixes| prefixes.iter().any(touches))
    };
    townships
        .into_iter()
        .map(|(place, (households, told))| PlaceIn { answered: answers(&place), place, households, told })
        .collect()
}

/// The code of a household's village; the county's own where no record names one.
pub fn place(intake: &Intake, assembly: &Assembly, household: u32) -> String {
    let county = || format!("{}000000", intake.county.code);
    assembly.households[household as usize].area.map_or_else(county, |area| area.to_string())
}

/// Every person's records: those of person `n` are `rows[starts[n]..starts[n + 1]]`.
pub struct PersonRows {
    starts: Vec<u32>,
    rows: Vec<RowRef>,
}

impl PersonRows {
    pub fn new(links: &Links) -> Self {
        let mut starts = vec![0_u32; links.people.len() + 1];
        let linked = || links.person.iter().flatten().filter(|person| (**person as usize) < links.people.len());
        linked().for_each(|person| starts[*person as usize + 1] += 1);
        for person in 0..links.people.len() {
            starts[person + 1] += starts[person];
        }
        let mut next = starts.clone();
        let mut rows = vec![RowRef { resource: 0, row: 0 }; starts[links.people.len()] as usize];
        for (resource, people) in links.person.iter().enumerate() {
            for (row, person) in people.iter().enumerate() {
                if let Some(at) = next[..links.people.len()].get_mut(*person as usize) {
                    rows[*at as usize] = RowRef { resource: resource as u32, row: row as u32 };
                    *at += 1;
                }
            }
        }
        Self { starts, rows }
    }

    pub fn of(&self, person: u32) -> &[RowRef] {
        let person = person as usize;
        &self.rows[self.starts[person] as usize..self.starts[person + 1] as usize]
    }
}

/// For each household its people and the keys of their records.
pub fn records<'a>(part: &'a Part<'_>) -> impl Iterator<Item = RecordsIn> + 'a {
    let (links, assembly) = (part.links(), part.assembly());
    part.households().map(move |household| {
        let key = |at: &RowRef| keys(part.resources(), &part.loaded.found.intake.places, *at);
        let of = |person: u32| part.rows.of(person).iter().map(key).collect();
        let people = assembly.people_of(household).iter();
        RecordsIn {
            household: assembly.households[household as usize].id.to_string(),
            people: people.map(|r| (links.people[r.person as usize].id.to_string(), of(r.person))).collect(),
        }
    })
}

fn keys(resources: &[Resource], places: &Places, at: RowRef) -> RecordKeys {
    let resource = &resources[at.resource as usize];
    let row = at.row as usize;
    let (keys, compared) = (&resource.keys, KeyRow::of(resource, row));
    let place = keys.area(row).and_then(|area| places.get(area));
    RecordKeys {
        department: resource.department.clone(),
        resource: resource.name.clone(),
        row: resource.rows[row],
        as_of: Some(resource.as_of),
        name: keys.name.get(row).unwrap_or_default().to_owned(),
        id_number: keys.id_number(row).map(|number| number.key()),
        sex: keys.sex[row],
        birth: keys.birth(row).map(|day| (day, keys.birth_precision[row])),
        place: place.map_or_else(String::new, |place| place.name.clone()),
        address: keys.address.get(row).unwrap_or_default().to_owned(),
        phone: keys.phone(row).map(values::Phone::key),
        key: compared.digest(),
        area: compared.area,
        household: compared.household,
    }
}

/// The rows that links and conflicts for a human speak of.
struct Reviewed {
    /// By delivery: their places in it, ascending, and the rows themselves in that order.
    places: Vec<Vec<u32>>,
    resources: Vec<Resource>,
}

impl Reviewed {
    fn new(intake: &Intake, linked: &Linked) -> Result<Self> {
        let mut places: Vec<Vec<u32>> = vec![Vec::new(); intake.resources.len()];
        pairs(linked).flat_map(|(_, a, b)| [a, b]).for_each(|at| places[at.resource as usize].push(at.row));
        let take = |(laid, places): (&Laid, &mut Vec<u32>)| {
            places.sort_unstable();
            places.dedup();
            let block = |first: usize, rows: Resource| {
                let from = places.partition_point(|place| (*place as usize) < first);
                let to = places.partition_point(|place| (*place as usize) < first + rows.len());
                let wanted: Vec<u32> = places[from..to].iter().map(|place| place - first as u32).collect();
                Ok(rows.select(&wanted))
            };
            let mut whole = laid.head.head();
            laid.map(&intake.drawer, Wanted::Keys, block)?.into_iter().for_each(|rows| whole.append(rows));
            Ok(whole)
        };
        let resources: Result<Vec<Resource>> = intake.resources.iter().zip(&mut places).map(take).collect();
        Ok(Self { resources: resources?, places })
    }

    /// Where a row stands among these.
    fn at(&self, at: RowRef) -> RowRef {
        let place = self.places[at.resource as usize].partition_point(|place| *place < at.row);
        RowRef { row: place as u32, ..at }
    }
}

/// The two records of everything that waits for a human.
fn pairs(linked: &Linked) -> impl Iterator<Item = (Why, RowRef, RowRef)> + '_ {
    let uncertain = linked.review.iter().filter_map(|review: &Review| {
        let (candidate, _) = review.candidates.first()?;
        Some((Why::Uncertain, review.record, *candidate))
    });
    let conflicts = linked.conflicts.iter().filter_map(|conflict: &Conflict| {
        let why = match conflict.kind {
            ConflictKind::SharedIdNumber => Why::SharedIdNumber,
            ConflictKind::TwoIdNumbers => Why::TwoIdNumbers,
        };
        match conflict.records.as_slice() {
            [a, b, ..] => Some((why, *a, *b)),
            _ => None,
        }
    });
    uncertain.chain(conflicts)
}

/// What it takes to show a pair to a human.
struct Asked<'a> {
    intake: &'a Intake,
    linked: &'a Linked,
    assembly: &'a Assembly,
    rows: Reviewed,
}

impl Asked<'_> {
    /// Links that wait for a human, where one side lives in a household of the county.
    fn reviews(&self) -> Vec<ReviewIn> {
        pairs(self.linked).filter_map(|(why, a, b)| self.review(why, a, b)).collect()
    }

    fn review(&self, why: Why, a: RowRef, b: RowRef) -> Option<ReviewIn> {
        let household = [b, a].into_iter().find_map(|at| {
            let person = *self.linked.links.person.get(at.resource as usize)?.get(at.row as usize)?;
            self.assembly.household_of(person)
        })?;
        Some(ReviewIn {
            household: self.assembly.households[household as usize].id.to_string(),
            place: place(self.intake, self.assembly, household),
            why,
            pair: self.pair(self.rows.at(a), self.rows.at(b)),
        })
    }

    fn pair(&self, a: RowRef, b: RowRef) -> Pair {
        let keys = |at| keys(&self.rows.resources, &self.intake.places, at);
        evidence::pair(&keys(a), &keys(b), Some(&self.linked.model))
    }
}

/// What the run learned about linking, and how the weights of all tied records lie.
pub fn model(found: &Found) -> ModelShown {
    let Found { learned: Learned { model, untaught, met }, gist, .. } = found;
    let field = |learned: &fellegi::Learned| FieldShown {
        field: learned.field.clone(),
        levels: learned.levels.iter().map(|level| (level.level.clone(), level.m, level.u)).collect(),
    };
    let bits = |probability: f64| (probability / (1.0 - probability)).log2();
    ModelShown {
        prior: model.prior_weight(),
        fields: model.comparisons.iter().map(field).collect(),
        weights: gist.weights.iter().map(|(weight, records)| (*weight, *records)).collect(),
        link_from: bits(linkage::stage::CLEAR),
        ask_from: bits(linkage::stage::WORTH_A_LOOK),
        untaught: untaught.iter().flat_map(|model| &model.comparisons).map(shares).collect(),
        rules: met.rules.iter().map(|(rule, n)| (rule.clone(), *n as i64)).collect(),
        best: met.best.iter().map(|(bits, n)| (*bits, *n as i64)).collect(),
        terms: model.comparisons.iter().filter_map(terms).collect(),
    }
}

fn shares(learned: &fellegi::Learned) -> Vec<f64> {
    learned.levels.iter().map(|share| share.m).collect()
}

/// How common the commonest values are, by rank.
fn terms(learned: &fellegi::Learned) -> Option<TermsShown> {
    const RANKS: [u32; 9] = [1, 2, 5, 10, 50, 100, 500, 1_000, 4_000];
    let (terms, exact) = (learned.terms.as_ref()?, learned.levels.iter().find(|share| share.level == "exact")?);
    let mut shares: Vec<f64> = terms.values.iter().map(|(_, share)| *share).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let ranks = RANKS.into_iter().filter_map(|rank| Some((rank, *shares.get(rank as usize - 1)?)));
    Some(TermsShown { field: learned.field.clone(), m: exact.m, ranks: ranks.collect(), rest: terms.rest })
}
