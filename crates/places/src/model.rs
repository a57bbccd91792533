use kernel::{PlaceKey, Result};
use values::{Day, Level};

/// A row of `places.csv` (contract §1), as plain text columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub level: String,
    /// The code of the place it lies in; empty at the top.
    pub parent: String,
    pub valid_from: String,
    pub valid_to: String,
    /// Codes, separated by `;`.
    pub successors: String,
}

kernel::record! {
    /// A place as it is now, or as it was known on a day.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Place {
        /// The stable key, 15 digits.
        pub place: String,
        pub code: String,
        pub name: String,
        pub level: String,
        pub parent: Option<String>,
        pub valid_from: Option<Day>,
        pub valid_to: Option<Day>,
    }
}

impl Place {
    /// # Errors
    /// When the store holds something that is no key.
    pub fn key(&self) -> Result<PlaceKey> {
        PlaceKey::from_code(&self.place)
    }
}

impl Row {
    pub(crate) fn successor_codes(&self) -> impl Iterator<Item = &str> {
        self.successors.split(';').map(str::trim).filter(|code| !code.is_empty())
    }
}

/// The levels by the names of `places.csv`.
pub(crate) fn level(name: &str) -> Option<Level> {
    Some(match name {
        "province" => Level::Province,
        "prefecture" => Level::Prefecture,
        "county" => Level::County,
        "township" => Level::Township,
        "village" => Level::Village,
        "group" => Level::Group,
        _ => return None,
    })
}
