//! What all records together teach: nothing of it can be told from one household's.
//!
//! A [`Surveyor`] is shown every delivery once, in any order; what it then knows is small beside them, and every household
//! is reckoned with it.

use super::quirks::Quirks;
use super::silence::Strays;
use super::slips::{self, Slips};
use crate::assembly::Assembly;
use crate::assembly::sources::{Field, Record, Source, Sources};
use crate::records::{Keys, Person, Resource};
use rustc_hash::{FxHashMap, FxHashSet};

/// What the formulas know of the county as a whole.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Survey {
    pub slips: Slips,
    pub uncovered: Strays,
    pub unschooled: Strays,
    pub quirks: Quirks,
    /// Identity numbers that the records of two living people carry.
    pub shared_ids: FxHashSet<u64>,
    /// For each source of `medical_cover`: the year that at least 95 in 100 of its rows name.
    pub cover_years: Vec<Option<i64>>,
    /// For each source of `income`: the item that at least 95 in 100 of a method's rows name.
    pub method_items: Vec<Vec<(u8, u8)>>,
    /// How many households name each phone that several name.
    pub phones: FxHashMap<u64, u32>,
}

/// Looks at one delivery after the other.
pub struct Surveyor<'a> {
    people: &'a [Person],
    assembly: &'a Assembly,
    survey: Survey,
    /// The living person whose records carried each identity number first.
    bearers: FxHashMap<u64, u32>,
    /// Phones with the households that name them.
    phones: Vec<(u64, u32)>,
    /// How many of these are known to differ.
    sorted: usize,
}

/// Takes away from a delivery what [`Surveyor::look`] doesn't read.
pub fn slim(resource: &mut Resource) {
    let is_read = |name: &str| {
        matches!(name, "item" | "programme" | "stage" | "disease" | "year" | "method") || slips::is_checked(name)
    };
    resource.own.retain(is_read);
    resource.own_digest = Vec::new();
    let Keys { id_number, phone, name, birth, area, .. } = std::mem::take(&mut resource.keys);
    (resource.keys.id_number, resource.keys.phone) = (id_number, phone);
    if [Record::MedicalCover, Record::School].iter().any(|record| record.name() == resource.record) {
        (resource.keys.name, resource.keys.birth, resource.keys.area) = (name, birth, area);
    }
}

impl<'a> Surveyor<'a> {
    /// For so many deliveries. `people` and `assembly` are the county's.
    #[must_use]
    pub fn new(deliveries: usize, people: &'a [Person], assembly: &'a Assembly) -> Self {
        let survey = Survey {
            cover_years: vec![None; deliveries],
            method_items: vec![Vec::new(); deliveries],
            ..Survey::default()
        };
        Self { people, assembly, survey, bearers: FxHashMap::default(), phones: Vec::new(), sorted: 0 }
    }

    /// Looks at a delivery: its number among all, and for each row the number of its person.
    pub fn look(&mut self, number: u16, resource: &Resource, person: &[u32]) {
        let sources = Sources::new(std::slice::from_ref(resource));
        let Some(source) = sources.get(0) else { return };
        let keys = &source.resource.keys;
        for (id, person) in keys.id_number.iter().zip(person) {
            let is_living = *id != 0 && *person != u32::MAX && !self.assembly.deaths.contains_key(person);
            if is_living && *self.bearers.entry(*id).or_insert(*person) != *person {
                self.survey.shared_ids.insert(*id);
            }
        }
        for (phone, person) in keys.phone.iter().zip(person).filter(|(phone, _)| **phone != 0) {
            self.phones.extend(self.assembly.household_of(*person).map(|household| (*phone, household)));
        }
        if self.phones.len() > 2 * self.sorted + (1 << 20) {
            self.sort_phones();
        }
        self.survey.slips.look(number, source);
        let strays = match source.record {
            Record::MedicalCover => Some(&mut self.survey.uncovered),
            Record::School => Some(&mut self.survey.unschooled),
            _ => None,
        };
        if let Some(strays) = strays {
            strays.look(source, person, self.people, self.assembly);
        }
        self.survey.cover_years[usize::from(number)] = usual_year(source);
        self.survey.method_items[usize::from(number)] = usual_items(source);
    }

    fn sort_phones(&mut self) {
        self.phones.sort_unstable();
        self.phones.dedup();
        self.sorted = self.phones.len();
    }

    /// What was learned; of how registers' silence is to be taken nothing is yet.
    #[must_use]
    pub fn done(mut self) -> Survey {
        self.sort_phones();
        let of_phone = self.phones.chunk_by(|a, b| a.0 == b.0).filter(|households| households.len() > 1);
        self.survey.phones = of_phone.map(|households| (households[0].0, households.len() as u32)).collect();
        self.survey
    }
}

fn usual_year(source: &Source<'_>) -> Option<i64> {
    if source.record != Record::MedicalCover {
        return None;
    }
    let mut years: Vec<i64> =
        (0..source.resource.len() as u32).filter_map(|row| source.count(Field::Year, row)).collect();
    years.sort_unstable();
    let usual = years.chunk_by(|a, b| a == b).max_by_key(|run| run.len())?;
    (usual.len() * 100 >= years.len() * 95).then_some(usual[0])
}

fn usual_items(source: &Source<'_>) -> Vec<(u8, u8)> {
    if source.record != Record::Income {
        return Vec::new();
    }
    let pair = |row: u32| source.code(Field::Method, row).zip(source.code(Field::Item, row));
    let mut pairs: Vec<(u8, u8)> = (0..source.resource.len() as u32).filter_map(pair).collect();
    pairs.sort_unstable();
    let of_method = pairs.chunk_by(|a, b| a.0 == b.0);
    let usual = of_method.filter_map(|rows| {
        let most = rows.chunk_by(|a, b| a == b).max_by_key(|run| run.len())?;
        (most.len() * 100 >= rows.len() * 95).then_some(most[0])
    });
    usual.collect()
}
