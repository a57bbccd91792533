//! Resources with their columns looked up once, so that reading a cell costs no search by name.

use crate::records::{Nature, Resource};
use crate::{household, person};
use values::columns::{Column, MISSING, MISSING_DAY, SCALE};
use values::{AreaCode, Day, Truth};

macro_rules! named {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident $name:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $enum { $($variant),* }

        impl $enum {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

named! {
    /// The record kinds of contract §3.
    Record {
        HouseholdMember "household_member" Consent "consent" Death "death" Assistance "assistance"
        Monitoring "monitoring" Alleviated "alleviated" MedicalCover "medical_cover" MedicalCost "medical_cost"
        Employment "employment" Pension "pension" School "school" Disability "disability" House "house"
        Water "water" Land "land" Subsidy "subsidy" FarmMachine "farm_machine" Income "income"
        Disaster "disaster" Bank "bank" Property "property" Vehicle "vehicle" Business "business" Tax "tax"
    }
}

named! {
    /// The own fields that facts are made of.
    Field {
        From "from" To "to" Relation "relation" Living "living" SignedOn "signed_on" ExpiresOn "expires_on"
        RevokedOn "revoked_on" DiedOn "died_on" Evidence "evidence" Programme "programme"
        MonthlyAmount "monthly_amount" Category "category" Cause "cause" IdentifiedOn "identified_on"
        EliminatedOn "eliminated_on" Year "year" Cover "cover" OwnCost "own_cost" TotalCost "total_cost"
        Disease "disease" Employer "employer" MonthlyWage "monthly_wage" Status "status" Workplace "workplace"
        Stage "stage" CardNo "card_no" Kind "kind" Grade "grade" IssuedOn "issued_on" OnlyHome "only_home"
        AreaM2 "area_m2" SurveyedOn "surveyed_on" Quantity "quantity" Quality "quality" Access "access"
        Reliability "reliability" AreaMu "area_mu" Idle "idle" Item "item" Amount "amount" PaidOn "paid_on"
        AccountHolder "account_holder" Value "value" Method "method" Damage "damage" HappenedOn "happened_on"
        Balance "balance" On "on" Use "use" Share "share" Role "role" Capital "capital" Employees "employees"
        Income "income"
    }
}

pub const PROGRAMMES: &[&str] =
    &["dibao", "dibao_margin", "expenditure_hardship", "tekun", "temporary", "house_renovation", "affordable_housing"];
pub const ITEMS: &[&str] = &["wage", "operating", "operating_cost", "property", "transfer", "insurance_claim"];
pub const EVIDENCE: &[&str] = &["register", "cremation", "hospital"];
pub const MET: &[&str] = &["met", "unmet"];
pub const LAND: &[&str] = &["arable", "forest", "other"];
pub const USES: &[&str] = &["home", "shop", "other", "own", "business"];
pub const VEHICLES: &[&str] = &["car", "motorcycle", "truck", "farm", "disability_aid"];
pub const BUSINESS: &[&str] = &["active", "closed"];
pub const TAXED: &[&str] = &["wages", "business"];

/// The list whose positions the codes of this field are read as.
const fn list(record: Record, field: Field) -> &'static [&'static str] {
    match (record, field) {
        (_, Field::Relation) => person::RELATIONS,
        (_, Field::Living) => person::LIVINGS,
        (_, Field::Evidence) => EVIDENCE,
        (_, Field::Programme) => PROGRAMMES,
        (_, Field::Category) => household::CATEGORIES,
        (_, Field::Cover) => person::COVERS,
        (_, Field::Disease) => person::DISEASES,
        (Record::Employment, Field::Status) => person::WORK,
        (Record::School, Field::Status) => person::STATUSES,
        (Record::Business, Field::Status) => BUSINESS,
        (_, Field::Workplace) => person::WORKPLACES,
        (_, Field::Stage) => person::STAGES,
        (Record::House, Field::Grade) => household::GRADES,
        (_, Field::Quantity | Field::Quality | Field::Access | Field::Reliability) => MET,
        (Record::Income, Field::Item) => ITEMS,
        (Record::Tax, Field::Item) => TAXED,
        (_, Field::Method) => household::METHODS,
        (_, Field::Use) => USES,
        (Record::Land, Field::Kind) => LAND,
        (Record::Vehicle, Field::Kind) => VEHICLES,
        _ => &[],
    }
}

/// One resource, ready to be read.
pub struct Source<'a> {
    pub resource: &'a Resource,
    pub record: Record,
    /// Number of its department, in the order of the names.
    pub department: u16,
    columns: Vec<Option<&'a Column>>,
    /// For each field with a code column: the position in the field's list for each value of the column.
    positions: Vec<Vec<u8>>,
}

const NO_CODE: u8 = u8::MAX;

impl<'a> Source<'a> {
    fn new(resource: &'a Resource, record: Record, department: u16) -> Self {
        let columns: Vec<_> = Field::ALL.iter().map(|field| resource.own.column(field.name())).collect();
        let positions = Field::ALL
            .iter()
            .zip(&columns)
            .map(|(field, column)| match column {
                Some(Column::Code(codes)) => {
                    codes.list().iter().map(|value| position(list(record, *field), value).unwrap_or(NO_CODE)).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        Self { resource, record, department, columns, positions }
    }

    #[must_use]
    pub fn as_of(&self) -> Day {
        self.resource.as_of
    }

    #[must_use]
    pub fn is_register(&self) -> bool {
        self.resource.nature == Nature::Register
    }

    #[must_use]
    pub fn column(&self, field: Field) -> Option<&'a Column> {
        self.columns[field as usize]
    }

    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// Fen.
    #[must_use]
    pub fn money(&self, field: Field, row: u32) -> Option<i64> {
        match self.column(field)? {
            Column::Money(c) | Column::Count(c) => Some(c[row as usize]).filter(|v| *v != MISSING),
            Column::Number(c) => Some(c[row as usize]).filter(|v| *v != MISSING).map(|v| v / SCALE * 100),
            _ => None,
        }
    }

    /// Ten-thousandths.
    #[must_use]
    pub fn number(&self, field: Field, row: u32) -> Option<i64> {
        match self.column(field)? {
            Column::Number(c) => Some(c[row as usize]).filter(|v| *v != MISSING),
            Column::Count(c) => Some(c[row as usize]).filter(|v| *v != MISSING).and_then(|v| v.checked_mul(SCALE)),
            _ => None,
        }
    }

    #[must_use]
    pub fn count(&self, field: Field, row: u32) -> Option<i64> {
        match self.column(field)? {
            Column::Count(c) => Some(c[row as usize]).filter(|v| *v != MISSING),
            Column::Number(c) => Some(c[row as usize]).filter(|v| *v != MISSING).map(|v| v / SCALE),
            _ => self.text(field, row)?.trim().parse().ok(),
        }
    }

    #[must_use]
    pub fn day(&self, field: Field, row: u32) -> Option<Day> {
        match self.column(field)? {
            Column::Day(c) => Some(c[row as usize]).filter(|d| *d != MISSING_DAY).map(Day),
            _ => None,
        }
    }

    /// The value's position in the list of its field.
    #[must_use]
    pub fn code(&self, field: Field, row: u32) -> Option<u8> {
        match self.column(field)? {
            Column::Code(c) => {
                let at = usize::from(c.rows()[row as usize]);
                self.positions[field as usize].get(at).copied().filter(|code| *code != NO_CODE)
            }
            Column::Text(c) => position(list(self.record, field), c.get(row as usize)?),
            _ => None,
        }
    }

    #[must_use]
    pub fn text(&self, field: Field, row: u32) -> Option<&'a str> {
        match self.column(field)? {
            Column::Text(c) => c.get(row as usize),
            Column::Code(c) => c.get(row as usize),
            _ => None,
        }
    }

    #[must_use]
    pub fn flag(&self, field: Field, row: u32) -> Truth {
        match self.column(field) {
            Some(Column::Flag(c)) => c[row as usize],
            _ => match self.text(field, row) {
                Some("true") => Truth::True,
                Some("false") => Truth::False,
                _ => Truth::Undetermined,
            },
        }
    }

    #[must_use]
    pub fn household_no(&self, row: u32) -> Option<&'a str> {
        let keys = &self.resource.keys.household_no;
        let from_keys = if keys.is_empty() { None } else { keys.get(row as usize) };
        from_keys.or_else(|| self.resource.own.text("household_no", row as usize)).filter(|no| !no.is_empty())
    }

    #[must_use]
    pub fn area(&self, row: u32) -> Option<AreaCode> {
        self.resource.keys.area.get(row as usize).copied().filter(|code| *code != 0).map(AreaCode)
    }
}

fn position(list: &[&str], value: &str) -> Option<u8> {
    list.iter().position(|item| *item == value).and_then(|at| u8::try_from(at).ok())
}

/// All resources of known records, in the order given; the position is the source's number.
pub struct Sources<'a> {
    pub list: Vec<Option<Source<'a>>>,
    pub departments: Vec<&'a str>,
}

impl<'a> Sources<'a> {
    #[must_use]
    pub fn new(resources: &'a [Resource]) -> Self {
        let mut departments: Vec<&str> = resources.iter().map(|r| r.department.as_str()).collect();
        departments.sort_unstable();
        departments.dedup();
        let list = resources
            .iter()
            .map(|resource| {
                let department = departments.binary_search(&resource.department.as_str()).unwrap_or_default() as u16;
                Record::ALL
                    .iter()
                    .copied()
                    .find(|record| record.name() == resource.record)
                    .map(|record| Source::new(resource, record, department))
            })
            .collect();
        Self { list, departments }
    }

    #[must_use]
    pub fn get(&self, number: u16) -> Option<&Source<'a>> {
        self.list.get(usize::from(number)).and_then(Option::as_ref)
    }

    /// The sources of a record, with their numbers.
    pub fn of(&self, record: Record) -> impl Iterator<Item = (u16, &Source<'a>)> {
        self.list.iter().enumerate().filter_map(move |(number, source)| {
            source.as_ref().filter(|source| source.record == record).map(|source| (number as u16, source))
        })
    }
}
