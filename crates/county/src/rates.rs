//! How wrong each department's files are: the one table, frozen in `docs/error-rates.md`.

/// Who delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Department {
    Police,
    CivilAffairs,
    MedicalInsurance,
    HumanResources,
    Education,
    DisabledFederation,
    Housing,
    Water,
    RuralRevitalisation,
    Agriculture,
    Finance,
    Emergency,
    Health,
    NaturalResources,
    MarketRegulation,
    Tax,
    Bank,
}

/// What goes wrong, each counted as the frozen table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    IdMissing,
    IdWrong,
    IdOld,
    Name,
    Birth,
    Sex,
    AreaOld,
    AreaWrong,
    PhoneMissing,
    PhoneOther,
    ValueMissing,
    ValueWrong,
    RowMissing,
    RowTwice,
    DeadKept,
    GoneKept,
    OtherCounty,
    NoConsent,
}

impl Department {
    /// Its name in `fuzhi.department`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::CivilAffairs => "civil_affairs",
            Self::MedicalInsurance => "medical_insurance",
            Self::HumanResources => "human_resources",
            Self::Education => "education",
            Self::DisabledFederation => "disabled_federation",
            Self::Housing => "housing",
            Self::Water => "water",
            Self::RuralRevitalisation => "rural_revitalisation",
            Self::Agriculture => "agriculture",
            Self::Finance => "finance",
            Self::Emergency => "emergency",
            Self::Health => "health",
            Self::NaturalResources => "natural_resources",
            Self::MarketRegulation => "market_regulation",
            Self::Tax => "tax",
            Self::Bank => "bank",
        }
    }
}

impl Kind {
    /// Its name in `truth/errors.csv`.
    pub const fn name(self) -> &'static str {
        KINDS[self as usize]
    }
}

const KINDS: [&str; 18] = [
    "id_missing",
    "id_wrong",
    "id_old",
    "name",
    "birth",
    "sex",
    "area_old",
    "area_wrong",
    "phone_missing",
    "phone_other",
    "value_missing",
    "value_wrong",
    "row_missing",
    "row_twice",
    "dead_kept",
    "gone_kept",
    "other_county",
    "no_consent",
];

/// Cases in 10 000, in the order of [`Kind`].
const TABLE: [(Department, [u32; 18]); 17] = [
    (Department::Police, [5, 8, 60, 40, 15, 4, 1500, 60, 0, 0, 100, 20, 20, 8, 1290, 1500, 5, 300]),
    (Department::CivilAffairs, [60, 80, 30, 150, 60, 20, 2000, 60, 1500, 1200, 150, 30, 30, 60, 600, 800, 20, 0]),
    (
        Department::MedicalInsurance,
        [150, 60, 40, 120, 40, 15, 1000, 250, 3000, 2000, 200, 15, 12, 40, 1500, 2000, 30, 0],
    ),
    (Department::HumanResources, [200, 80, 20, 150, 60, 20, 1200, 400, 2500, 2500, 250, 40, 60, 50, 900, 1500, 40, 0]),
    (Department::Education, [300, 60, 0, 150, 60, 20, 1000, 250, 3500, 1500, 200, 15, 15, 40, 500, 1000, 30, 0]),
    (
        Department::DisabledFederation,
        [80, 100, 80, 200, 80, 25, 2500, 200, 4000, 2500, 150, 30, 40, 50, 1500, 1500, 20, 0],
    ),
    (Department::Housing, [250, 150, 30, 250, 0, 20, 2000, 100, 4000, 2000, 250, 30, 60, 60, 1000, 1000, 20, 0]),
    (Department::Water, [600, 150, 0, 300, 0, 0, 2500, 100, 5000, 2000, 300, 30, 100, 60, 1200, 1200, 10, 0]),
    (
        Department::RuralRevitalisation,
        [400, 200, 40, 300, 120, 30, 1500, 100, 2500, 1500, 250, 60, 80, 60, 700, 600, 20, 0],
    ),
    (Department::Agriculture, [500, 200, 60, 300, 0, 20, 2000, 100, 4500, 2000, 300, 60, 80, 80, 1800, 1500, 20, 0]),
    (Department::Finance, [100, 100, 30, 200, 0, 0, 1500, 100, 3000, 1500, 100, 20, 30, 60, 900, 900, 20, 0]),
    (Department::Emergency, [800, 250, 0, 350, 0, 40, 1500, 150, 1500, 1500, 300, 60, 100, 80, 200, 300, 20, 0]),
    (Department::Health, [300, 120, 30, 200, 80, 20, 1000, 300, 0, 0, 200, 0, 600, 60, 0, 0, 60, 0]),
    (Department::NaturalResources, [150, 60, 50, 150, 0, 0, 1500, 150, 0, 0, 150, 25, 60, 40, 800, 800, 20, 300]),
    (Department::MarketRegulation, [100, 60, 0, 150, 0, 0, 1500, 150, 1500, 1000, 150, 25, 60, 40, 800, 800, 20, 300]),
    (Department::Tax, [50, 40, 0, 120, 0, 0, 0, 0, 0, 0, 100, 15, 60, 40, 600, 600, 10, 300]),
    (Department::Bank, [40, 30, 60, 100, 0, 0, 0, 0, 1000, 1500, 50, 10, 80, 30, 800, 800, 10, 300]),
];

/// The rates of all departments, once or several times the frozen ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    hundredths: u32,
}

impl Rates {
    /// `factor` times the frozen rates, each at most one half.
    pub fn times(factor: f64) -> Self {
        Self { hundredths: (factor.clamp(0.0, 100.0) * 100.0) as u32 }
    }

    /// Cases in a million.
    pub fn of(self, department: Department, kind: Kind) -> u32 {
        (TABLE[department as usize].1[kind as usize] * self.hundredths).min(500_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_frozen_one() {
        let frozen = include_str!("../../../docs/error-rates.md");
        assert!(frozen.contains(&format!("| department | {} |", KINDS.join(" | "))));
        for (i, (department, rates)) in TABLE.iter().enumerate() {
            assert_eq!(*department as usize, i);
            let figures: Vec<String> = rates.iter().map(u32::to_string).collect();
            let row = format!("| {} | {} |\n", department.name(), figures.join(" | "));
            assert!(frozen.contains(&row), "{row}");
        }
    }

    #[test]
    fn twice_is_twice_and_never_more_than_half() {
        let (once, twice) = (Rates::times(1.0), Rates::times(2.0));
        assert_eq!(once.of(Department::Police, Kind::Name) * 2, twice.of(Department::Police, Kind::Name));
        assert_eq!(twice.of(Department::Water, Kind::PhoneMissing), 500_000);
    }
}
