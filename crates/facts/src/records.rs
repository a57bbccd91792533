//! What departments delivered, standardised: one [`Resource`] a file, columns aligned by row.

use serde::{Deserialize, Serialize};
use values::columns::{Pack, Table, Texts, select};
use values::{AreaCode, Day, IdNumber, Phone, Precision, Sex, Validity};

/// What a resource's silence means (contract §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A whole population: inside its coverage, silence means "not in the register".
    Register,
    /// Only persons over a stated limit: below it silence proves nothing.
    ThresholdList,
    /// Only members of households with a live consent.
    QueryAnswer,
}

/// The stated limit of a threshold list: rows exist only where `field` is over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub field: String,
    /// In the unit of the field's column: fen, ten-thousandths or whole things.
    pub over: i64,
}

/// One standardised resource of a delivery. Every column has one entry a kept row.
#[derive(Clone, Debug)]
pub struct Resource {
    pub department: String,
    /// Unique within the department.
    pub name: String,
    /// The record kind of contract §3, such as `medical_cost`.
    pub record: String,
    pub nature: Nature,
    pub as_of: Day,
    /// Place-code prefixes the department answered for; `None` is the whole county.
    pub coverage: Option<Vec<String>>,
    pub limit: Option<Limit>,
    /// The data row in the file as delivered, from 1.
    pub rows: Vec<u32>,
    pub keys: Keys,
    /// Own fields (contract §3) under their dictionary names; empty for a query answer read for its keys alone.
    pub own: Table,
    /// A digest of every own field and unmapped column of the row: rows of one person that agree in it count once.
    pub own_digest: Vec<u64>,
}

impl Resource {
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is known of it beside its rows.
    #[must_use]
    pub fn head(&self) -> Self {
        Self {
            department: self.department.clone(),
            name: self.name.clone(),
            record: self.record.clone(),
            nature: self.nature,
            as_of: self.as_of,
            coverage: self.coverage.clone(),
            limit: self.limit.clone(),
            rows: Vec::new(),
            keys: Keys::default(),
            own: Table::default(),
            own_digest: Vec::new(),
        }
    }

    /// Puts later rows of the same delivery behind these.
    pub fn append(&mut self, rows: Self) {
        self.rows.extend(rows.rows);
        self.keys.append(&rows.keys);
        self.own.append(rows.own);
        self.own_digest.extend(rows.own_digest);
    }

    /// Gives back what columns that grew part by part hold in reserve.
    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.own.shrink_to_fit();
        self.own_digest.shrink_to_fit();
    }

    /// The same delivery with some of its rows, in the order named.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self {
            rows: select(&self.rows, rows),
            keys: self.keys.select(rows),
            own: self.own.select(rows),
            own_digest: select(&self.own_digest, rows),
            ..self.head()
        }
    }

    /// Whether the department answered for this place.
    #[must_use]
    pub fn covers(&self, area: AreaCode) -> bool {
        self.coverage.as_ref().is_none_or(|prefixes| prefixes.iter().any(|prefix| area.starts_with(prefix)))
    }

    /// `from`–`to` of a row's own fields; an absent end is open.
    #[must_use]
    pub fn validity(&self, row: usize) -> Validity {
        Validity { from: self.own.day("from").get(row), to: self.own.day("to").get(row) }
    }
}

/// Who a row is about: the person keys, standardised. A column the department doesn't deliver is all missing.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// [`IdNumber::key`]; 0 where missing.
    pub id_number: Vec<u64>,
    pub name: Texts,
    /// GB/T 2261.1; 0 where unknown.
    pub sex: Vec<u8>,
    /// Days since 1970-01-01; `i32::MIN` where missing. With month or year precision the first day of it.
    pub birth: Vec<i32>,
    pub birth_precision: Vec<Precision>,
    /// 12-digit code of today's place, 0 where missing. An old code that may be either of two successors
    /// stands as the smallest place that holds both.
    pub area: Vec<u64>,
    pub address: Texts,
    /// 11 digits; 0 where missing.
    pub phone: Vec<u64>,
    pub ethnicity: Texts,
    /// Comparable only within one department.
    pub household_no: Texts,
}

impl Keys {
    /// Puts the keys of later rows behind these.
    pub fn append(&mut self, other: &Self) {
        self.id_number.extend_from_slice(&other.id_number);
        self.name.append(&other.name);
        self.sex.extend_from_slice(&other.sex);
        self.birth.extend_from_slice(&other.birth);
        self.birth_precision.extend_from_slice(&other.birth_precision);
        self.area.extend_from_slice(&other.area);
        self.address.append(&other.address);
        self.phone.extend_from_slice(&other.phone);
        self.ethnicity.append(&other.ethnicity);
        self.household_no.append(&other.household_no);
    }

    pub fn shrink_to_fit(&mut self) {
        self.id_number.shrink_to_fit();
        self.name.shrink_to_fit();
        self.sex.shrink_to_fit();
        self.birth.shrink_to_fit();
        self.birth_precision.shrink_to_fit();
        self.area.shrink_to_fit();
        self.address.shrink_to_fit();
        self.phone.shrink_to_fit();
        self.ethnicity.shrink_to_fit();
        self.household_no.shrink_to_fit();
    }

    /// The keys of some rows, in the order named.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self {
            id_number: select(&self.id_number, rows),
            name: self.name.select(rows),
            sex: select(&self.sex, rows),
            birth: select(&self.birth, rows),
            birth_precision: select(&self.birth_precision, rows),
            area: select(&self.area, rows),
            address: self.address.select(rows),
            phone: select(&self.phone, rows),
            ethnicity: self.ethnicity.select(rows),
            household_no: self.household_no.select(rows),
        }
    }

    #[must_use]
    pub fn id_number(&self, row: usize) -> Option<IdNumber> {
        Some(self.id_number[row]).filter(|key| *key != 0).map(IdNumber::from_key)
    }

    #[must_use]
    pub fn sex(&self, row: usize) -> Option<Sex> {
        match self.sex[row] {
            1 => Some(Sex::Male),
            2 => Some(Sex::Female),
            _ => None,
        }
    }

    #[must_use]
    pub fn birth(&self, row: usize) -> Option<Day> {
        Some(self.birth[row]).filter(|day| *day != i32::MIN).map(Day)
    }

    #[must_use]
    pub fn area(&self, row: usize) -> Option<AreaCode> {
        Some(self.area[row]).filter(|code| *code != 0).map(AreaCode)
    }

    #[must_use]
    pub fn phone(&self, row: usize) -> Option<Phone> {
        Some(self.phone[row]).filter(|phone| *phone != 0).map(Phone::from_key)
    }
}

/// Which person each row is about, as the linkage stage found it.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// For each resource, for each row: a number into [`Links::people`].
    pub person: Vec<Vec<u32>>,
    /// For each resource, for each row: the match weight (log2 odds) that tied it to its person; `NaN` where it stands alone.
    pub weight: Vec<Vec<f32>>,
    pub people: Vec<Person>,
}

/// One person as all linked records together describe them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Stable over runs: derived from content, kept when new deliveries arrive.
    pub id: PersonId,
    pub name: String,
    pub id_number: Option<IdNumber>,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
}

/// A person's identifier: 128 bits derived from content, printed as a version-8 UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u128);

/// A household's identifier: 128 bits derived from content, printed as a version-8 UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct HouseholdId(pub u128);

macro_rules! printed_as_uuid {
    ($type:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let n = self.0;
                let (a, b, c) = ((n >> 96) as u32, (n >> 80) as u16, (n >> 64) as u16);
                let (d, e) = ((n >> 48) as u16, (n & 0xffff_ffff_ffff) as u64);
                write!(f, "{a:08x}-{b:04x}-{:04x}-{:04x}-{e:012x}", c & 0x0fff | 0x8000, d & 0x3fff | 0x8000)
            }
        }
    };
}

impl PersonId {
    /// Reads what [`Display`](std::fmt::Display) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.replace('-', "");
        (digits.len() == 32).then(|| u128::from_str_radix(&digits, 16).ok().map(Self)).flatten()
    }
}

values::packs_choice! { Nature: Register ThresholdList QueryAnswer; }

values::packs! {
    Resource { department, name, record, nature, as_of, coverage, limit, rows, keys, own, own_digest }
    Limit { field, over }
    Keys { id_number, name, sex, birth, birth_precision, area, address, phone, ethnicity, household_no }
    Person { id, name, id_number, sex, birth }
}

impl Pack for PersonId {
    fn pack(&self, out: &mut Vec<u8>) {
        self.0.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(Self(u128::unpack(from)?))
    }
}

impl Pack for HouseholdId {
    fn pack(&self, out: &mut Vec<u8>) {
        self.0.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(Self(u128::unpack(from)?))
    }
}

printed_as_uuid!(PersonId);
printed_as_uuid!(HouseholdId);
