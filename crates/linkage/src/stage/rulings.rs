//! What people have said of who is who, and how the chain obeys it.
//!
//! A ruling names records by the digest of their keys, so that it holds wherever they stand in later files. Records that
//! are delivered no more are passed over. Where two rulings contradict each other the newer one holds.

use super::profiles::Profiles;
use super::union::Union;
use facts::records::PersonId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Somebody's word on the records of two sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruling {
    /// All records are one person's; else those of the first side are one person's, and nobody's of the second.
    pub same: bool,
    pub sides: [Side; 2],
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// [`super::KeyRow::digest`] of each record.
    pub keys: Vec<u64>,
    /// Whom these records belong to from now on, where that was said.
    pub person: Option<PersonId>,
}

/// What people have said, to be given to [`super::link_with`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The oldest first.
    pub rulings: Vec<Ruling>,
    /// How often labelled pairs of one person reached each level of agreement; empty where nobody had it learned from.
    pub matches: Matches,
}

/// Field, level, and how many labelled matches reached it.
pub type Matches = Vec<(String, Vec<(String, u64)>)>;

/// Rulings as they apply to these profiles, without contradictions.
#[derive(Default)]
pub(crate) struct Obeyed {
    pub together: Vec<(u32, u32)>,
    pub apart: Vec<(u32, u32)>,
    /// Whom people said a profile belongs to.
    pub named: FxHashMap<u32, PersonId>,
}

impl Obeyed {
    pub(crate) fn of(rulings: &[Ruling], profiles: &Profiles) -> Self {
        let mut obeyed = Self::default();
        if rulings.is_empty() {
            return obeyed;
        }
        let wanted: FxHashSet<u64> =
            rulings.iter().flat_map(|ruling| &ruling.sides).flat_map(|side| &side.keys).copied().collect();
        let known = (0..).zip(&profiles.digest).filter(|(_, digest)| wanted.contains(digest));
        let known: FxHashMap<u64, u32> = known.map(|(profile, digest)| (*digest, profile)).collect();
        let mut tried = Union::new((0..profiles.len() as u32).collect());
        for ruling in rulings.iter().rev() {
            let sides = ruling
                .sides
                .each_ref()
                .map(|side| -> Vec<u32> { side.keys.iter().filter_map(|key| known.get(key).copied()).collect() });
            obeyed.take(ruling, &sides, &mut tried);
        }
        obeyed
    }

    /// Takes a ruling in as far as none that was taken in before says otherwise.
    fn take(&mut self, ruling: &Ruling, sides: &[Vec<u32>; 2], tried: &mut Union) {
        let all: Vec<u32> = if ruling.same { sides.concat() } else { sides[0].clone() };
        for pair in all.windows(2) {
            if !tried.is_forbidden(pair[0], pair[1]) {
                tried.unite(pair[0], pair[1], |profile| profile);
                self.together.push((pair[0], pair[1]));
            }
        }
        if !ruling.same {
            for one in &sides[0] {
                for other in &sides[1] {
                    if tried.leader(*one) != tried.leader(*other) {
                        tried.forbid(*one, *other);
                        self.apart.push((*one, *other));
                    }
                }
            }
        }
        for (side, profiles) in ruling.sides.iter().zip(sides) {
            if let Some(person) = side.person {
                for profile in profiles {
                    self.named.entry(*profile).or_insert(person);
                }
            }
        }
    }

    /// Profiles that aren't put into a group by their number alone, because people said they are somebody else than
    /// another record: the register's stay, the others have to find their place.
    pub(crate) fn exempt(&self, in_spine: &[bool]) -> FxHashSet<u32> {
        let of_pair = |(one, other): &(u32, u32)| {
            if in_spine[*one as usize] && !in_spine[*other as usize] { *other } else { *one }
        };
        self.apart.iter().map(of_pair).collect()
    }

    pub(crate) fn rule(&self, union: &mut Union, in_spine: &[bool]) {
        self.apart.iter().for_each(|(one, other)| union.forbid(*one, *other));
        for (one, other) in &self.together {
            if !union.is_forbidden(*one, *other) {
                union.unite(*one, *other, |profile| u32::from(!in_spine[profile as usize]));
            }
        }
    }
}
