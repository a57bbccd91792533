//! Person keys as the linkage engine compares them.

use facts::records::Resource;
use fellegi::{
    BlockingSpec, Cell, ComparisonSpec, Digest, Explanation, Level, Model, ModelError, Pattern, Record, Records, Role,
    Scheme, Spec, SpecError,
};
use values::{Day, IdNumber, Precision};

/// The person keys of one record, standardised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyRow<'a> {
    /// [`IdNumber::key`]; 0 where missing.
    pub id_number: u64,
    pub name: Option<&'a str>,
    /// GB/T 2261.1; 0 where unknown.
    pub sex: u8,
    /// Days since 1970-01-01; `i32::MIN` where missing.
    pub birth: i32,
    pub precision: Precision,
    /// 12 digits; 0 where missing.
    pub area: u64,
    pub address: Option<&'a str>,
    /// 11 digits; 0 where missing.
    pub phone: u64,
    /// 16 bits of the department, 48 of its household number; 0 where there is none.
    pub household: u64,
}

impl<'a> KeyRow<'a> {
    /// The keys of a row of a resource.
    #[must_use]
    pub fn of(resource: &'a Resource, row: usize) -> Self {
        let keys = &resource.keys;
        let household = keys.household_no.get(row).filter(|no| !no.is_empty()).map_or(0, |no| {
            let department = Digest::default().text(&resource.department).finish();
            department << 48 | Digest::default().text(no).finish() >> 16
        });
        Self {
            id_number: keys.id_number[row],
            name: keys.name.get(row).filter(|name| !name.is_empty()),
            sex: keys.sex[row],
            birth: keys.birth[row],
            precision: keys.birth_precision[row],
            area: keys.area[row],
            address: keys.address.get(row).filter(|address| !address.is_empty()),
            phone: keys.phone[row],
            household,
        }
    }

    /// Whether the keys speak of a person at all: a household number or a place alone doesn't.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        self.id_number != 0 || self.name.is_some() || self.phone != 0
    }

    /// Stable over runs and releases: it is kept with the identities.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let digest = [self.id_number, u64::from(self.sex), u64::from(self.birth as u32), self.precision as u64]
            .into_iter()
            .chain([self.area, self.phone, self.household])
            .fold(Digest::default(), Digest::number);
        digest.text(self.name.unwrap_or_default()).text(self.address.unwrap_or_default()).finish()
    }

    pub(crate) fn number(&self) -> Option<IdNumber> {
        Some(self.id_number).filter(|key| *key != 0).map(IdNumber::from_key)
    }

    fn cell(&self, field: &str) -> Cell<'a> {
        let number = |number| if number == 0 { Cell::Missing } else { Cell::Number(number) };
        let text = |text: Option<&'a str>| text.map_or(Cell::Missing, Cell::Text);
        match field {
            "address" => text(self.address),
            "area" => number(self.area),
            "birth" if self.birth != i32::MIN => Cell::Day(Day(self.birth), self.precision),
            "born" => self.born().map_or(Cell::Missing, |day| Cell::Day(day, Precision::Day)),
            "household" => number(self.household),
            "id_number" => number(self.id_number),
            "name" => text(self.name),
            "phone" => number(self.phone),
            "sex" => number(u64::from(self.sex)),
            _ => Cell::Missing,
        }
    }

    /// The day of birth, from the identity number where the record gives none.
    pub(crate) fn born(&self) -> Option<Day> {
        if self.birth != i32::MIN && self.precision == Precision::Day {
            return Some(Day(self.birth));
        }
        self.number().filter(IdNumber::has_valid_check).and_then(|number| number.birth_date())
    }
}

const FIELDS: [(&str, Role); 9] = [
    ("address", Role::Address),
    ("area", Role::AreaCode),
    ("birth", Role::BirthDate),
    // For blocking only: what the identity number says of birth is no second piece of evidence.
    ("born", Role::BirthDate),
    ("household", Role::HouseholdNo),
    ("id_number", Role::IdNumber),
    ("name", Role::Name),
    ("phone", Role::Phone),
    ("sex", Role::Sex),
];

const RULES: [&[&str]; 11] = [
    &["id_number"],
    &["pinyin(name)", "born"],
    &["pinyin(name)", "birth[0:6]", "area[0:9]"],
    &["pinyin(name)", "area"],
    &["born", "area"],
    &["name[0]", "born"],
    &["phone", "name[0]"],
    &["phone", "born"],
    &["household", "name[0]"],
    &["household", "born"],
    &["id_number[6:17]"],
];

/// How people are compared.
pub(crate) fn scheme() -> Scheme {
    // What is written here is a checked specification as soon as one test runs.
    specified().unwrap_or_else(|error| unreachable!("{error}"))
}

fn specified() -> Result<Scheme, SpecError> {
    use Level::*;
    let compare = |field: &str, levels: Vec<Level>| ComparisonSpec {
        field: field.into(),
        with: None,
        levels,
        term_frequency: field == "name",
    };
    Scheme::new(&Spec {
        input: Vec::new(),
        fields: FIELDS.map(|(name, role)| (name.to_owned(), role)).into(),
        link: fellegi::LinkSpec::default(),
        blocking: RULES.map(|on| BlockingSpec { on: on.iter().map(|part| (*part).to_owned()).collect() }).to_vec(),
        comparison: vec![
            compare("id_number", vec![Exact, Typos(1), Typos(2), Near]),
            compare("name", vec![Exact, Variant, Pinyin, Swapped, OneCharacter, Hidden]),
            compare("birth", vec![Exact, Coarse, Transposed, OneComponent, SameYear]),
            compare("sex", vec![Exact]),
            compare("area", vec![Exact, Prefix(9)]),
            compare("phone", vec![Exact, Edits(1)]),
            compare("household", vec![Exact]),
            compare("address", vec![Exact, Jaccard(0.6)]),
        ],
        // Intake has put old codes right already.
        successors: std::collections::BTreeMap::new(),
    })
}

/// Packs the records that `keys` gives.
pub(crate) fn encode<'a>(scheme: &Scheme, len: usize, keys: impl Fn(usize) -> KeyRow<'a> + Sync) -> Records {
    Records::encode(scheme, len, keys, |record, field| record.cell(FIELDS[field].0))
}

/// Why a record is, or would be, tied to another: the weight is the very one [`super::link`] gave.
///
/// # Errors
/// When the model belongs to another version of the comparisons.
pub fn explain(record: &KeyRow, against: &KeyRow, model: &Model) -> Result<Explanation, ModelError> {
    let scheme = scheme();
    model.check(&scheme)?;
    let pair = [*record, *against];
    let records = encode(&scheme, 2, |row| pair[row]);
    Ok(scheme.explain(model, records.get(0), records.get(1)))
}

/// Places in the scheme's comparisons that the stage's own rules ask for.
pub(crate) mod comparison {
    pub const ID_NUMBER: usize = 0;
    pub const NAME: usize = 1;
    pub const BIRTH: usize = 2;
    pub const SEX: usize = 3;
    pub const HOUSEHOLD: usize = 6;
}

/// Whether the names agree at least but for one character or its order.
pub(crate) fn names_agree(pattern: Pattern) -> bool {
    (1..=6).contains(&pattern.level(comparison::NAME))
}

/// Whether the identity numbers are the same.
pub(crate) fn numbers_agree(pattern: Pattern) -> bool {
    pattern.level(comparison::ID_NUMBER) == 1
}

/// Whether the identity numbers have little in common.
pub(crate) fn numbers_differ(pattern: Pattern) -> bool {
    pattern.level(comparison::ID_NUMBER) == 5
}

/// Whether something that belongs to one person alone agrees. What a family shares (place, phone, household)
/// never makes two people one, however much of it agrees.
pub(crate) fn is_personal(pattern: Pattern) -> bool {
    let (name, birth) = (pattern.level(comparison::NAME), pattern.level(comparison::BIRTH));
    names_agree(pattern)
        || matches!(pattern.level(comparison::ID_NUMBER), 1..=2)
        || name == 0 && matches!(birth, 1..=3) && pattern.level(comparison::SEX) != 2
}

/// Whether two records with the same identity number are plainly of one person.
pub(crate) fn is_plain(scheme: &Scheme, a: Record, b: Record) -> bool {
    let pattern = scheme.compare(a, b);
    let (name, birth) = (pattern.level(comparison::NAME), pattern.level(comparison::BIRTH));
    let sex_differs = pattern.level(comparison::SEX) == 2;
    let birth_near = matches!(birth, 0..=4);
    match name {
        0 => birth_near && !sex_differs,
        // The same name, variant or sound: one slip elsewhere is forgiven.
        1..=3 => birth_near || !sex_differs,
        4..=6 => birth_near && !sex_differs,
        _ => false,
    }
}
