//! Stories as rows of text: a name, then `field=value` as departments mean them, money in yuan.

use crate::assembly::{Assembly, HouseholdIdentities, assemble};
use crate::bucket::{Cut, Filling, Head, Share};
use crate::records::{HouseholdId, Keys, Limit, Links, Nature, Person, PersonId, Resource};
use crate::survey::{self, Surveyor};
use crate::{Bucket, Doubtful, Facts, Quirks, Tally, Trust, reckon, tally};
use values::columns::{Codes, Column, MISSING, MISSING_DAY, SCALE, Table, Texts, packed, unpacked};
use values::{Bounds, Day, Precision, Truth};

pub const AS_OF: &str = "2026-09-30";
const VILLAGE: u64 = 539_901_001_001;

pub struct Story {
    links: Links,
    resources: Vec<Resource>,
}

/// What is known of a story's families; without a name, of the first.
pub struct Known {
    pub facts: Facts,
    assembly: Assembly,
    links: Links,
}

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

impl Story {
    pub fn of(people: &[(&str, &str)]) -> Self {
        let mut story = Self { links: Links::default(), resources: Vec::new() };
        people.iter().for_each(|(name, birth)| story.add_person(name, birth));
        story
    }

    fn add_person(&mut self, name: &str, birth: &str) {
        let id = PersonId((self.links.people.len() as u128 + 1) << 64);
        let (name, birth) = (name.to_owned(), Some(day(birth)));
        self.links.people.push(Person { id, name, id_number: None, sex: None, birth });
    }

    pub fn register(&mut self, department: &str, record: &str, rows: &[&str]) {
        self.add(department, record, Nature::Register, None, rows, None);
    }

    pub fn answer(&mut self, department: &str, record: &str, rows: &[&str]) {
        self.add(department, record, Nature::QueryAnswer, None, rows, None);
    }

    pub fn list(&mut self, department: &str, record: &str, field: &str, over: i64, rows: &[&str]) {
        let limit = Limit { field: field.to_owned(), over: over * 100 };
        self.add(department, record, Nature::ThresholdList, Some(limit), rows, None);
    }

    /// A row that linkage tied to nobody.
    pub fn stranger(&mut self, department: &str, record: &str, name: &str, birth: &str, own: &str) {
        let person = self.links.people.len() as u32;
        self.add_person(name, birth);
        self.add(department, record, Nature::Register, None, &[&format!("{name} {own}")], Some(person));
    }

    /// Nobody delivers this record.
    pub fn without(&mut self, record: &str) {
        let keep: Vec<bool> = self.resources.iter().map(|resource| resource.record != record).collect();
        let mut flags = keep.iter();
        self.resources.retain(|_| *flags.next().unwrap());
        let mut flags = keep.iter();
        self.links.person.retain(|_| *flags.next().unwrap());
    }

    fn add(
        &mut self,
        department: &str,
        record: &str,
        nature: Nature,
        limit: Option<Limit>,
        rows: &[&str],
        person: Option<u32>,
    ) {
        let cells: Vec<Vec<(&str, &str)>> =
            rows.iter().map(|row| row.split(' ').skip(1).map(|cell| cell.split_once('=').unwrap()).collect()).collect();
        let names: Vec<&str> = rows.iter().map(|row| row.split(' ').next().unwrap()).collect();
        let number = |name: &str| self.links.people.iter().position(|p| p.name == name).unwrap() as u32;
        let people: Vec<u32> = names.iter().map(|name| person.unwrap_or_else(|| number(name))).collect();
        let births = people.iter().map(|p| self.links.people[*p as usize].birth.unwrap().0).collect();
        let n = rows.len();
        let keys = Keys {
            id_number: vec![0; n],
            name: names.iter().copied().map(Some).collect(),
            sex: vec![0; n],
            birth: births,
            birth_precision: vec![Precision::Day; n],
            area: vec![VILLAGE; n],
            phone: vec![0; n],
            address: vec![None; n].into_iter().collect(),
            ethnicity: vec![None; n].into_iter().collect(),
            household_no: cells.iter().map(|row| get(row, "household_no")).collect(),
        };
        self.resources.push(Resource {
            department: department.to_owned(),
            name: format!("{record}_{}", self.resources.len()),
            record: record.to_owned(),
            nature,
            as_of: day(AS_OF),
            coverage: None,
            limit,
            rows: (1..=n as u32).collect(),
            keys,
            own: own(&cells),
            own_digest: rows.iter().map(|row| digest(row)).collect(),
        });
        self.links.weight.push(vec![20.0; n]);
        self.links.person.push(people);
    }

    pub fn told(&self) -> Known {
        let assembly = assemble(&self.resources, &self.links, day(AS_OF), &HouseholdIdentities::default());
        let facts = self.reckoned(&assembly, 1);
        for buckets in 2..4 {
            assert_eq!(self.reckoned(&assembly, buckets), facts, "in {buckets} buckets");
        }
        Known { facts, assembly, links: self.links.clone() }
    }

    /// The county's facts, reckoned bucket by bucket.
    fn reckoned(&self, assembly: &Assembly, buckets: usize) -> Facts {
        let mut surveyor = Surveyor::new(self.resources.len(), &self.links.people, assembly);
        let mut filling = Filling::new(assembly, &self.links.people, Cut::new(assembly, buckets));
        let mut shares: Vec<Vec<Share>> = Vec::new();
        for (number, (resource, person)) in (0..).zip(self.resources.iter().zip(&self.links.person)) {
            let mut looked_at = resource.clone();
            survey::slim(&mut looked_at);
            surveyor.look(number, &looked_at, person);
            shares.push(filling.divide(number, 0, resource, person));
        }
        let mut survey = surveyor.done();
        let bucket = |(at, head): (usize, Head)| {
            let of = shares.iter().map(|shares| (shares[at].resource.clone(), shares[at].person.clone()));
            let (resources, person) = of.unzip();
            unpacked::<Head>(&packed(&head)).unwrap().with(resources, person)
        };
        let buckets: Vec<Bucket> = filling.heads().into_iter().enumerate().map(bucket).collect();
        survey.quirks =
            Quirks::new(buckets.iter().map(|bucket| tally(bucket, &survey)).fold(Tally::default(), Tally::plus));
        let (facts, doubtful): (Vec<Facts>, Vec<Doubtful>) =
            buckets.iter().map(|bucket| reckon(bucket, &survey)).unzip();
        let trust = Trust::new(doubtful.iter());
        let mut whole = Facts::default();
        for (mut facts, doubtful) in facts.into_iter().zip(&doubtful) {
            facts.settle(doubtful, &trust);
            let (households, people) = (whole.households.len() as u32, whole.persons.len() as u32);
            whole.households.append(facts.households);
            whole.persons.append(facts.persons);
            whole.household_of.extend(facts.household_of.iter().map(|household| household + households));
            whole.person.extend(facts.person.iter().map(|person| person + people));
        }
        whole
    }

    pub fn identified(&self, previous: &HouseholdIdentities) -> (Vec<HouseholdId>, HouseholdIdentities) {
        let assembly = assemble(&self.resources, &self.links, day(AS_OF), previous);
        (assembly.households.iter().map(|household| household.id).collect(), assembly.identities(&self.links))
    }
}

fn get<'a>(row: &[(&str, &'a str)], field: &str) -> Option<&'a str> {
    row.iter().find(|(name, _)| *name == field).map(|(_, value)| *value)
}

/// What intake gives for the row's own fields: its text stands for them.
fn digest(row: &str) -> u64 {
    row.split_once(' ').map_or(1, |(_, own)| own.bytes().fold(7, |hash: u64, b| hash.wrapping_mul(131) + u64::from(b)))
}

fn own(cells: &[Vec<(&str, &str)>]) -> Table {
    let mut fields: Vec<&str> = cells.iter().flatten().map(|(field, _)| *field).collect();
    fields.sort_unstable();
    fields.dedup();
    let mut table = Table::new(cells.len());
    for field in fields {
        let values: Vec<Option<&str>> = cells.iter().map(|row| get(row, field)).collect();
        table.set(field, column(field, &values));
    }
    table
}

fn column(field: &str, values: &[Option<&str>]) -> Column {
    let numbers = |unit: i64| {
        values.iter().map(|v| v.map_or(MISSING, |v| v.parse::<i64>().unwrap() * unit)).collect::<Vec<i64>>()
    };
    match field {
        "amount" | "monthly_amount" | "monthly_wage" | "own_cost" | "total_cost" | "balance" | "damage" | "income" => {
            Column::Money(numbers(100))
        }
        "area_m2" | "area_mu" | "share" => Column::Number(numbers(SCALE)),
        "year" | "employees" => Column::Count(numbers(1)),
        "from" | "to" | "on" => days(values),
        name if name.ends_with("_on") => days(values),
        "only_home" => Column::Flag(values.iter().map(|v| Truth::from_option(v.map(|v| v == "true"))).collect()),
        "household_no" => Column::Text(values.iter().copied().collect::<Texts>()),
        _ => {
            let mut codes = Codes::default();
            values.iter().for_each(|value| codes.push(*value));
            Column::Code(codes)
        }
    }
}

fn days(values: &[Option<&str>]) -> Column {
    Column::Day(values.iter().map(|v| v.map_or(MISSING_DAY, |v| day(v).0)).collect())
}

impl Known {
    fn row_of(&self, name: &str) -> usize {
        let person = self.links.people.iter().position(|person| person.name == name).unwrap();
        self.assembly.of_person[person] as usize
    }

    pub fn bounds(&self, fact: &str) -> Bounds {
        Facts::bounds(&self.facts.households, fact, 0)
    }

    pub fn bounds_of(&self, name: &str, fact: &str) -> Bounds {
        Facts::bounds(&self.facts.households, fact, self.facts.household_of[self.row_of(name)] as usize)
    }

    pub fn flag(&self, fact: &str) -> Truth {
        self.facts.households.flag(fact, 0)
    }

    pub fn flag_of(&self, name: &str, fact: &str) -> Truth {
        self.facts.households.flag(fact, self.facts.household_of[self.row_of(name)] as usize)
    }

    pub fn person_bounds(&self, name: &str, fact: &str) -> Bounds {
        Facts::bounds(&self.facts.persons, fact, self.row_of(name))
    }

    pub fn person_flag(&self, name: &str, fact: &str) -> Truth {
        self.facts.persons.flag(fact, self.row_of(name))
    }
}
