//! Who lives where, where the departments' views differ.
//!
//! Each view is weighed by how wrong it proves to be on this very data: how often it still lists people whose death
//! is delivered, and how often it lacks people whom another view lists and who leave fresh records elsewhere.

use super::deaths::Death;
use super::matching::Groups;
use super::rows::Grouped;
use super::sources::{Field, Record, Sources};
use super::views::{Claim, Views};
use rustc_hash::FxHashMap;
use values::{Day, Validity};

/// How a person stands to the household it is placed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Member,
    /// More likely a member than not, but in doubt.
    Likely,
    /// More likely not a member, but in doubt.
    Unlikely,
    Left,
    Dead,
}

values::packs_choice! { Standing: Member Likely Unlikely Left Dead; }

impl Standing {
    /// Whether the person counts as a member.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Member | Self::Likely)
    }

    #[must_use]
    pub const fn in_doubt(self) -> bool {
        matches!(self, Self::Likely | Self::Unlikely)
    }
}

/// Where a person is placed.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub person: u32,
    pub group: u32,
    pub standing: Standing,
    /// Position in `Views::claims` of the claim that counts.
    pub claim: u32,
}

/// How a view errs, as log-likelihood ratios for "is a member".
#[derive(Clone, Copy, Debug)]
struct Weights {
    listed: f64,
    lacking: f64,
    /// How often it still lists the dead: the lower, the better it follows what happens.
    stale: f64,
}

pub struct Evidence<'a> {
    pub sources: &'a Sources<'a>,
    pub rows: &'a Grouped,
    pub views: &'a Views<'a>,
    pub groups: &'a Groups,
    pub deaths: &'a FxHashMap<u32, Death>,
    pub as_of: Day,
}

/// Below and above these chances of being a member nothing is in doubt.
const CLEARLY_NOT: f64 = 0.25;
const CLEARLY: f64 = 0.75;
/// Chance that a row which says somebody left is about somebody who didn't.
const WRONGLY_LEFT: f64 = 0.02;
/// A view need not know what happened so shortly before its day.
const DELAY_DAYS: i32 = 92;

/// Places everybody whom a view names. By person.
#[must_use]
pub fn place_people(evidence: &Evidence<'_>, people: usize) -> Vec<Place> {
    let seen: Vec<bool> = (0..people as u32).map(|person| evidence.seen_alive(person)).collect();
    let (weights, sign, prior) = evidence.weigh(&seen);
    let mut places = Vec::new();
    for person in 0..people as u32 {
        let claims = evidence.views.of_person(person);
        let Some(best) = evidence.best_claim(claims, &weights) else { continue };
        let dead = evidence.deaths.get(&person);
        let standing = if dead.is_some_and(|death| death.credible) {
            Standing::Dead
        } else if !best.present {
            Standing::Left
        } else {
            let sign = if seen[person as usize] { sign.0 } else { sign.1 };
            let odds = prior + sign + evidence.odds(claims, best, &weights) - if dead.is_some() { prior } else { 0.0 };
            standing(1.0 / (1.0 + (-odds).exp()))
        };
        let at = evidence.position(best);
        places.push(Place { person, group: evidence.groups.of_view[best.view as usize], standing, claim: at });
    }
    places
}

fn standing(chance: f64) -> Standing {
    match chance {
        c if c >= CLEARLY => Standing::Member,
        c if c >= 0.5 => Standing::Likely,
        c if c > CLEARLY_NOT => Standing::Unlikely,
        _ => Standing::Left,
    }
}

impl Evidence<'_> {
    fn position(&self, claim: &Claim) -> u32 {
        self.views.claims.partition_point(|c| (c.person, c.department) < (claim.person, claim.department)) as u32
    }

    /// The claim that says where the person lives now: of those present the one with the latest event, else the view
    /// that is least stale; when nobody lists it as present, the last place it is known from.
    fn best_claim<'c>(&self, claims: &'c [Claim], weights: &[Weights]) -> Option<&'c Claim> {
        let support = |x: &Claim| {
            let group = self.groups.of_view[x.view as usize];
            claims.iter().filter(|y| y.present && self.groups.of_view[y.view as usize] == group).count()
        };
        let trust = |x: &Claim| -weights[usize::from(x.department)].stale;
        claims.iter().max_by(|a, b| {
            (a.present.cmp(&b.present))
                .then_with(|| self.later(a, b))
                .then_with(|| support(a).cmp(&support(b)))
                .then_with(|| trust(a).total_cmp(&trust(b)))
                .then_with(|| a.known.cmp(&b.known))
                .then_with(|| b.department.cmp(&a.department))
        })
    }

    /// Which of two claims tells of the later event, where both are dated and they are about different households.
    fn later(&self, a: &Claim, b: &Claim) -> std::cmp::Ordering {
        let same = self.groups.of_view[a.view as usize] == self.groups.of_view[b.view as usize];
        match (a.event(), b.event()) {
            (Some(x), Some(y)) if !same => x.cmp(&y),
            _ => std::cmp::Ordering::Equal,
        }
    }

    /// What the views together say for the person being in the best claim's household.
    fn odds(&self, claims: &[Claim], best: &Claim, weights: &[Weights]) -> f64 {
        let group = self.groups.of_view[best.view as usize];
        let mut odds = 0.0;
        for view in &self.groups.views[group as usize] {
            let department = self.views.households[*view as usize].department;
            let weight = weights[usize::from(department)];
            odds += match claims.iter().find(|claim| claim.department == department) {
                Some(claim) if claim.view == *view && claim.present => weight.listed,
                // It says the person is gone: that counts unless the other view knows of something later.
                Some(claim) if claim.view == *view => {
                    if best.validity.from.zip(claim.event()).is_some_and(|(came, left)| came > left) {
                        0.0
                    } else {
                        WRONGLY_LEFT.ln()
                    }
                }
                // It places the person elsewhere, earlier: it doesn't know of the move.
                Some(_) => 0.0,
                None if self.could_not_know(best, *view) => 0.0,
                None => weight.lacking,
            };
        }
        odds
    }

    /// Whether the person came too late for the view's delivery.
    fn could_not_know(&self, best: &Claim, view: u32) -> bool {
        let known = self.views.households[view as usize].known;
        best.validity.from.is_some_and(|from| from.plus_days(DELAY_DAYS) > known)
    }

    /// Whether a register that isn't a household view has the person now.
    fn seen_alive(&self, person: u32) -> bool {
        self.rows.of(person).iter().any(|at| {
            let Some(source) = self.sources.get(at.source) else { return false };
            let valid = || {
                let (from, to) = (source.day(Field::From, at.row), source.day(Field::To, at.row));
                Validity { from, to }.contains(self.as_of)
            };
            match source.record {
                Record::MedicalCover => source
                    .count(Field::Year, at.row)
                    .map_or(source.as_of().year() == self.as_of.year(), |y| y == i64::from(self.as_of.year())),
                Record::School | Record::Employment | Record::Pension => valid(),
                _ => false,
            }
        })
    }

    /// Error rates of each department's view, of the signs of life, and the prior, from this data alone.
    fn weigh(&self, seen: &[bool]) -> (Vec<Weights>, (f64, f64), f64) {
        let departments = self.sources.departments.len();
        let mut tally = vec![Tally::default(); departments];
        let (mut alive, mut dead) = (Share::default(), Share::default());
        for (person, seen) in seen.iter().enumerate() {
            let claims = self.views.of_person(person as u32);
            if claims.is_empty() {
                continue;
            }
            match self.deaths.get(&(person as u32)) {
                Some(death) if death.credible => {
                    dead.add(*seen);
                    self.tally_dead(claims, death, &mut tally);
                }
                _ if claims.iter().any(|claim| claim.present) => {
                    let all_present = claims.iter().all(|claim| claim.present);
                    if all_present {
                        alive.add(*seen);
                    }
                    if *seen {
                        self.tally_listed(claims, &mut tally);
                    }
                }
                _ => {}
            }
        }
        let weights = tally.iter().map(Tally::weights).collect();
        let (s1, s0) = (alive.rate(), dead.rate().min(alive.rate()));
        let sign = ((s1 / s0).ln(), ((1.0 - s1) / (1.0 - s0)).ln());
        // Departures are about as many as deaths; both count against the prior.
        let gone = tally.iter().map(|t| 2.0 * t.dead.yes).fold(1.0, f64::max);
        (weights, sign, (alive.all.max(1.0) / gone).ln().clamp(1.0, 6.0))
    }

    fn tally_dead(&self, claims: &[Claim], death: &Death, tally: &mut [Tally]) {
        let mut done = Vec::new();
        for claim in claims {
            for view in &self.groups.views[self.groups.of_view[claim.view as usize] as usize] {
                let household = self.views.households[*view as usize];
                let long_ago = death.on().is_none_or(|on| on.plus_days(DELAY_DAYS) < household.known);
                if long_ago && !done.contains(&household.department) {
                    done.push(household.department);
                    let listed = claims.iter().any(|c| c.department == household.department && c.present);
                    tally[usize::from(household.department)].dead.add(listed);
                }
            }
        }
    }

    fn tally_listed(&self, claims: &[Claim], tally: &mut [Tally]) {
        for claim in claims.iter().filter(|claim| claim.present) {
            let group = self.groups.of_view[claim.view as usize];
            for view in &self.groups.views[group as usize] {
                let department = self.views.households[*view as usize].department;
                if department != claim.department && !self.could_not_know(claim, *view) {
                    let listed = claims.iter().any(|c| c.department == department && c.present);
                    tally[usize::from(department)].living.add(listed);
                }
            }
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Share {
    yes: f64,
    all: f64,
}

impl Share {
    fn add(&mut self, yes: bool) {
        self.all += 1.0;
        self.yes += f64::from(u8::from(yes));
    }

    /// With one case on either side added, so that few cases decide little.
    fn rate(self) -> f64 {
        (self.yes + 1.0) / (self.all + 2.0)
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    /// Of the living whom another view lists in the matched household: listed here too?
    living: Share,
    /// Of the dead it names: still listed?
    dead: Share,
}

impl Tally {
    fn weights(&self) -> Weights {
        let listed = if self.living.all > 0.0 { self.living.rate() } else { 0.98 };
        let stale = self.dead.rate().min(listed);
        Weights { listed: (listed / stale).ln(), lacking: ((1.0 - listed) / (1.0 - stale)).ln(), stale }
    }
}
