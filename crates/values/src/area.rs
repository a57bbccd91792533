use serde::{Deserialize, Serialize};
use std::fmt;

/// A place by its 12-digit statistical code: 2 province, 2 prefecture, 2 county, 3 township, 3 village.
///
/// A higher place is padded with zeros: `539901000000` is a county. `Display` prints the 12 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaCode(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Province,
    Prefecture,
    County,
    Township,
    Village,
    Group,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    #[error("a place code has 12 digits, or 15 for a group, or 6 or 9 for a county or township")]
    Length,
    #[error("a place code has digits only")]
    NotDigits,
}

impl AreaCode {
    /// Reads 12 digits, 15 (a group: its first 12 are its village), or 2, 4, 6, 9 (padded with zeros).
    ///
    /// # Errors
    /// When it isn't digits or has another length.
    pub fn parse(text: &str) -> Result<Self, AreaError> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AreaError::NotDigits);
        }
        let digits = match text.len() {
            15 => &text[..12],
            2 | 4 | 6 | 9 | 12 => text,
            _ => return Err(AreaError::Length),
        };
        let number: u64 = digits.parse().map_err(|_| AreaError::NotDigits)?;
        Ok(Self(number * 10u64.pow(12 - digits.len() as u32)))
    }

    #[must_use]
    pub const fn level(self) -> Level {
        if !self.0.is_multiple_of(1_000) {
            Level::Village
        } else if !self.0.is_multiple_of(1_000_000) {
            Level::Township
        } else if !self.0.is_multiple_of(100_000_000) {
            Level::County
        } else if !self.0.is_multiple_of(10_000_000_000) {
            Level::Prefecture
        } else {
            Level::Province
        }
    }

    /// The place of that level it lies in; itself when it is of that level or above.
    #[must_use]
    pub const fn ancestor(self, level: Level) -> Self {
        let unit = match level {
            Level::Province => 10_000_000_000,
            Level::Prefecture => 100_000_000,
            Level::County => 1_000_000,
            Level::Township => 1_000,
            Level::Village | Level::Group => 1,
        };
        Self(self.0 / unit * unit)
    }

    /// The last code that lies in this place: together with `self` a closed interval.
    #[must_use]
    pub const fn last(self) -> Self {
        let span = match self.level() {
            Level::Province => 10_000_000_000,
            Level::Prefecture => 100_000_000,
            Level::County => 1_000_000,
            Level::Township => 1_000,
            Level::Village | Level::Group => 1,
        };
        Self(self.0 + span - 1)
    }

    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 <= other.0 && other.0 <= self.last().0
    }

    /// Whether its code begins with these digits, such as a county's six.
    #[must_use]
    pub fn starts_with(self, prefix: &str) -> bool {
        prefix.len() <= 12 && self.to_string().starts_with(prefix)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_containment() {
        let county = AreaCode::parse("539901").unwrap();
        let village = AreaCode::parse("539901001203007").unwrap();
        assert_eq!(county.level(), Level::County);
        assert_eq!(village.to_string(), "539901001203");
        assert_eq!(village.level(), Level::Village);
        assert!(county.contains(village));
        assert!(!village.contains(county));
        assert_eq!(village.ancestor(Level::Township), AreaCode(539_901_001_000));
        assert!(village.starts_with("539901001"));
        assert_eq!(AreaCode::parse("5399"), Ok(AreaCode(539_900_000_000)));
        assert_eq!(AreaCode::parse("53990"), Err(AreaError::Length));
        assert_eq!(AreaCode::parse("上湾村"), Err(AreaError::NotDigits));
    }
}
