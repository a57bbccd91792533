//! The fields of the dictionary (contract §3), and sets of them.

/// A person key or an own field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    IdNumber,
    Name,
    Sex,
    BirthDate,
    Area,
    Address,
    Phone,
    Ethnicity,
    HouseholdNo,
    Relation,
    Living,
    Marital,
    Education,
    From,
    To,
    SignedOn,
    ExpiresOn,
    RevokedOn,
    Purpose,
    DiedOn,
    Evidence,
    Programme,
    MonthlyAmount,
    Category,
    Cause,
    IdentifiedOn,
    EliminatedOn,
    Year,
    Cover,
    OwnCost,
    TotalCost,
    Disease,
    Employer,
    MonthlyWage,
    Status,
    Workplace,
    Stage,
    CardNo,
    Kind,
    Grade,
    IssuedOn,
    OnlyHome,
    AreaM2,
    SurveyedOn,
    Quantity,
    Quality,
    Access,
    Reliability,
    AreaMu,
    Idle,
    Item,
    Amount,
    PaidOn,
    AccountHolder,
    Value,
    BoughtOn,
    Method,
    Damage,
    HappenedOn,
    Balance,
    On,
    Use,
    Share,
    Capital,
    Employees,
    Role,
    Income,
}

const NAMES: [&str; 67] = [
    "id_number",
    "name",
    "sex",
    "birth_date",
    "area",
    "address",
    "phone",
    "ethnicity",
    "household_no",
    "relation",
    "living",
    "marital",
    "education",
    "from",
    "to",
    "signed_on",
    "expires_on",
    "revoked_on",
    "purpose",
    "died_on",
    "evidence",
    "programme",
    "monthly_amount",
    "category",
    "cause",
    "identified_on",
    "eliminated_on",
    "year",
    "cover",
    "own_cost",
    "total_cost",
    "disease",
    "employer",
    "monthly_wage",
    "status",
    "workplace",
    "stage",
    "card_no",
    "kind",
    "grade",
    "issued_on",
    "only_home",
    "area_m2",
    "surveyed_on",
    "quantity",
    "quality",
    "access",
    "reliability",
    "area_mu",
    "idle",
    "item",
    "amount",
    "paid_on",
    "account_holder",
    "value",
    "bought_on",
    "method",
    "damage",
    "happened_on",
    "balance",
    "on",
    "use",
    "share",
    "capital",
    "employees",
    "role",
    "income",
];

impl Field {
    pub const fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u128);

impl FieldSet {
    pub const fn with(self, field: Field) -> Self {
        Self(self.0 | 1 << field as u32)
    }

    pub const fn has(self, field: Field) -> bool {
        self.0 & 1 << field as u32 != 0
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
