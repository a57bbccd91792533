//! Deliveries with their quality, the records behind each person, and the links a human should look at.

use super::Loaded;
use exchange::load::{DeliveryIn, PlaceIn, faults};
use facts::records::{Links, Resource};
use linkage::load::{RecordsIn, ReviewIn};
use linkage::model::{FieldShown, ModelShown, Pair, RecordKeys, StepShown, TermsShown, Why};
use linkage::stage::{Conflict, ConflictKind, KeyRow, Review, RowRef, explain};
use std::collections::BTreeMap;

pub fn deliveries(loaded: &Loaded<'_>) -> Vec<DeliveryIn> {
    let intake = &loaded.found.intake;
    let delivery = |(quality, rejected): (&exchange::quality::Delivery, &crate::intake::Rejected)| DeliveryIn {
        quality: quality.clone(),
        rejects: faults(rejected.rejects.iter(), |column| {
            rejected.columns.get(usize::from(column)).cloned().unwrap_or_default()
        }),
        places: coverage(loaded, quality),
    };
    intake.quality.iter().zip(&intake.rejects).map(delivery).collect()
}

/// For each township how many households there are, and how many of them this resource speaks of.
fn coverage(loaded: &Loaded<'_>, quality: &exchange::quality::Delivery) -> Vec<PlaceIn> {
    let (found, assembly) = (loaded.found, &loaded.found.assembly);
    let mut is_told = vec![false; assembly.households.len()];
    let named = |resource: &&Resource| resource.department == quality.department && resource.name == quality.resource;
    if let Some(at) = found.intake.resources.iter().position(|resource| named(&resource)) {
        for household in found.linked.links.person[at].iter().filter_map(|person| assembly.household_of(*person)) {
            is_told[household as usize] = true;
        }
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
pub fn records<'a>(loaded: &'a Loaded<'a>, rows: &'a PersonRows) -> impl Iterator<Item = RecordsIn> + 'a {
    let links = &loaded.found.linked.links;
    let assembly = &loaded.found.assembly;
    (0..assembly.households.len() as u32).map(move |household| {
        let of = |person: u32| rows.of(person).iter().map(|row| keys(loaded, *row)).collect();
        let people = assembly.people_of(household).iter();
        RecordsIn {
            household: assembly.households[household as usize].id.to_string(),
            people: people.map(|r| (links.people[r.person as usize].id.to_string(), of(r.person))).collect(),
        }
    })
}

fn keys(loaded: &Loaded<'_>, at: RowRef) -> RecordKeys {
    let resource = &loaded.found.intake.resources[at.resource as usize];
    let row = at.row as usize;
    let (keys, compared) = (&resource.keys, KeyRow::of(resource, row));
    let place = keys.area(row).and_then(|area| loaded.found.intake.places.get(area));
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

/// Links that wait for a human, where one side lives in a household of the county.
pub fn reviews(loaded: &Loaded<'_>) -> Vec<ReviewIn> {
    let linked = &loaded.found.linked;
    let uncertain = linked.review.iter().filter_map(|review| uncertain(loaded, review));
    let conflicts = linked.conflicts.iter().filter_map(|conflict| conflicting(loaded, conflict));
    uncertain.chain(conflicts).collect()
}

fn uncertain(loaded: &Loaded<'_>, review: &Review) -> Option<ReviewIn> {
    let (candidate, _) = review.candidates.first()?;
    review_of(loaded, Why::Uncertain, review.record, *candidate)
}

fn conflicting(loaded: &Loaded<'_>, conflict: &Conflict) -> Option<ReviewIn> {
    let why = match conflict.kind {
        ConflictKind::SharedIdNumber => Why::SharedIdNumber,
        ConflictKind::TwoIdNumbers => Why::TwoIdNumbers,
    };
    match conflict.records.as_slice() {
        [a, b, ..] => review_of(loaded, why, *a, *b),
        _ => None,
    }
}

fn review_of(loaded: &Loaded<'_>, why: Why, a: RowRef, b: RowRef) -> Option<ReviewIn> {
    let found = loaded.found;
    let household = [b, a].into_iter().find_map(|at| {
        let person = *found.linked.links.person.get(at.resource as usize)?.get(at.row as usize)?;
        found.assembly.household_of(person)
    })?;
    Some(ReviewIn {
        household: found.assembly.households[household as usize].id.to_string(),
        place: loaded.place(household),
        why,
        pair: pair(loaded, a, b),
    })
}

fn pair(loaded: &Loaded<'_>, a: RowRef, b: RowRef) -> Pair {
    let resources = &loaded.found.intake.resources;
    let row = |at: RowRef| KeyRow::of(&resources[at.resource as usize], at.row as usize);
    let told = explain(&row(a), &row(b), &loaded.found.linked.model);
    let (a, b) = (keys(loaded, a), keys(loaded, b));
    let Ok(told) = told else {
        return Pair { a, b, prior: None, steps: Vec::new(), weight: 0.0, probability: 0.5 };
    };
    let shown = |step: fellegi::Step| StepShown {
        weight: step.m.map(|_| step.weight + step.term_weight),
        field: step.field,
        level: step.level,
    };
    Pair {
        a,
        b,
        prior: Some(told.prior),
        steps: told.steps.into_iter().map(shown).collect(),
        weight: told.weight,
        probability: told.probability,
    }
}

/// What the run learned about linking, and how the weights of all tied records lie.
pub fn model(loaded: &Loaded<'_>) -> ModelShown {
    let linked = &loaded.found.linked;
    let mut weights: BTreeMap<i32, i64> = BTreeMap::new();
    for weight in linked.links.weight.iter().flatten().filter(|weight| weight.is_finite()) {
        *weights.entry(weight.floor() as i32).or_default() += 1;
    }
    let field = |learned: &fellegi::Learned| FieldShown {
        field: learned.field.clone(),
        levels: learned.levels.iter().map(|level| (level.level.clone(), level.m, level.u)).collect(),
    };
    let bits = |probability: f64| (probability / (1.0 - probability)).log2();
    ModelShown {
        prior: linked.model.prior_weight(),
        fields: linked.model.comparisons.iter().map(field).collect(),
        weights: weights.into_iter().collect(),
        link_from: bits(linkage::stage::CLEAR),
        ask_from: bits(linkage::stage::WORTH_A_LOOK),
        untaught: linked.untaught.iter().flat_map(|model| &model.comparisons).map(shares).collect(),
        rules: linked.met.rules.iter().map(|(rule, n)| (rule.clone(), *n as i64)).collect(),
        best: linked.met.best.iter().map(|(bits, n)| (*bits, *n as i64)).collect(),
        terms: linked.model.comparisons.iter().filter_map(terms).collect(),
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
