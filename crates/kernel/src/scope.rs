use crate::{Error, Permission, Result, Who};
use std::fmt::{self, Write};
use values::Day;

/// The stable key of a place: 15 digits, the code it was first registered with, padded with zeros.
/// Codes change, places stay: later codes are attributes of the place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey([u8; 15]);

impl PlaceKey {
    /// From a code of 2 to 15 digits.
    ///
    /// # Errors
    /// [`Error::Internal`] when it isn't digits or is too long.
    pub fn from_code(code: &str) -> Result<Self> {
        let wrong = code.is_empty() || code.len() > 15 || !code.bytes().all(|byte| byte.is_ascii_digit());
        if wrong {
            return Err(Error::internal(format!("{code:?} is no place code: 2 to 15 digits are")));
        }
        let mut key = [b'0'; 15];
        key[..code.len()].copy_from_slice(code.as_bytes());
        Ok(Self(key))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The places that lie in this one: it fixes as many digits as its level has.
    #[must_use]
    pub fn subtree(self) -> Interval {
        let zeros = self.0.iter().rev().take_while(|digit| **digit == b'0').count();
        let fixed = [2, 4, 6, 9, 12, 15].into_iter().find(|digits| 15 - zeros <= *digits).unwrap_or(15);
        let mut last = self.0;
        last[fixed..].fill(b'9');
        Interval { first: self, last: Self(last) }
    }
}

impl fmt::Display for PlaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PlaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A closed interval of place keys: a place with everything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    pub first: PlaceKey,
    pub last: PlaceKey,
}

impl Interval {
    #[must_use]
    pub fn contains(self, key: PlaceKey) -> bool {
        self.first <= key && key <= self.last
    }
}

/// What somebody may see: the union of place subtrees, single households, persons for a purpose, and warrants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The program itself, at work for a county: loads, jobs, migrations.
    Everything,
    Of {
        /// Sorted, without overlaps.
        places: Vec<Interval>,
        /// Ids of single households: a helper's paired families, a warrant's sample.
        households: Vec<String>,
        /// Ids of single persons, matched for the stated purpose of a department's answer desk.
        persons: Vec<String>,
    },
}

/// The columns of a query that scope can hold on to. A part of a scope whose column is absent opens nothing.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub place: &'static str,
    pub household: Option<&'static str>,
    pub person: Option<&'static str>,
}

impl From<&'static str> for Columns {
    fn from(place: &'static str) -> Self {
        Self { place, household: None, person: None }
    }
}

impl Scope {
    /// The scope in which somebody uses a permission: the places of those of their posts that hold it.
    #[must_use]
    pub fn of(who: &Who, permission: Permission, today: Day) -> Self {
        let Some(staff) = who.staff() else {
            return if matches!(who, Who::Machine { .. }) { Self::Everything } else { Self::nothing() };
        };
        let seeing = staff.posts_with(permission, today).filter(|post| post.role.sees_families());
        Self::over(seeing.map(|post| post.place).collect())
    }

    #[must_use]
    pub fn nothing() -> Self {
        Self::over(Vec::new())
    }

    /// Overlapping intervals become one, so that walking them never meets a row twice.
    #[must_use]
    pub fn over(mut intervals: Vec<Interval>) -> Self {
        intervals.sort_unstable();
        let mut places: Vec<Interval> = Vec::with_capacity(intervals.len());
        for next in intervals {
            match places.last_mut() {
                Some(before) if next.first <= before.last => before.last = before.last.max(next.last),
                _ => places.push(next),
            }
        }
        Self::Of { places, households: Vec::new(), persons: Vec::new() }
    }

    #[must_use]
    pub fn sees(&self, key: PlaceKey) -> bool {
        match self {
            Self::Everything => true,
            Self::Of { places, .. } => places.iter().any(|interval| interval.contains(key)),
        }
    }

    /// The intervals to walk, one after the other; everything is one interval.
    #[must_use]
    pub fn intervals(&self) -> Vec<Interval> {
        match self {
            Self::Everything => vec![Interval { first: PlaceKey([b'0'; 15]), last: PlaceKey([b'9'; 15]) }],
            Self::Of { places, .. } => places.clone(),
        }
    }

    /// The predicate in SQL. It holds only digits and checked ids, so it can't carry anything foreign.
    #[must_use]
    pub fn predicate(&self, columns: Columns) -> String {
        let Self::Of { places, households, persons } = self else { return "1 = 1".to_owned() };
        let mut parts: Vec<String> = places
            .iter()
            .map(|Interval { first, last }| format!("{} between '{first}' and '{last}'", columns.place))
            .collect();
        for (column, ids) in [(columns.household, households), (columns.person, persons)] {
            if let Some(column) = column.filter(|_| !ids.is_empty()) {
                parts.push(format!("{column} in ({})", quoted(ids)));
            }
        }
        if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" or ")) }
    }
}

fn quoted(ids: &[String]) -> String {
    let mut list = String::new();
    let plain = |id: &&String| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    for id in ids.iter().filter(plain) {
        let comma = if list.is_empty() { "" } else { ", " };
        let _ = write!(list, "{comma}'{id}'");
    }
    if list.is_empty() { "''".to_owned() } else { list }
}
