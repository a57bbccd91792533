use crate::{Error, Permission, Result, Role, Who};
use std::fmt;
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

/// What somebody may see: the union of place subtrees and of what openings list, households or single persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The program itself, at work for a county: loads, jobs, migrations.
    Everything,
    Of {
        /// Sorted, without overlaps.
        places: Vec<Interval>,
        /// Ids of openings whose members are listed: a grid, paired households, matched persons, a warrant's sample.
        openings: Vec<String>,
        /// The departments whose deliveries may be read; `None` for those of every department.
        departments: Option<Vec<String>>,
    },
    /// A family sees itself.
    Household(String),
}

/// Why a post opens more than its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpeningKind {
    Grid,
    Pairing,
    /// Persons a department was asked about.
    Matched,
    CasePack,
    Warrant,
    BreakGlass,
}

impl OpeningKind {
    pub const ALL: [Self; 6] =
        [Self::Grid, Self::Pairing, Self::Matched, Self::CasePack, Self::Warrant, Self::BreakGlass];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Pairing => "pairing",
            Self::Matched => "matched",
            Self::CasePack => "case_pack",
            Self::Warrant => "warrant",
            Self::BreakGlass => "break_glass",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The role whose post it may widen (domain brief §3.5).
    #[must_use]
    pub const fn fits(self, role: Role) -> bool {
        match self {
            Self::Grid => matches!(role, Role::GridWorker),
            Self::Pairing => matches!(role, Role::Helper),
            Self::Matched => matches!(role, Role::Department),
            Self::CasePack => matches!(role, Role::LeadingGroup),
            Self::Warrant => matches!(role, Role::ExternalAuditor | Role::City),
            Self::BreakGlass => matches!(role, Role::GridWorker | Role::Village | Role::Helper | Role::Township),
        }
    }

    /// Whether it goes along when the post is delegated during leave; a warrant is its holder's alone.
    #[must_use]
    pub const fn goes_with_the_post(self) -> bool {
        matches!(self, Self::Grid | Self::Pairing)
    }
}

/// Something a post opens besides its place, in force now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub id: String,
    pub kind: OpeningKind,
    /// A whole subtree; `None` where its members are listed.
    pub place: Option<Interval>,
}

/// The columns of a query that scope can hold on to. A part of a scope whose column is absent opens nothing.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub place: &'static str,
    pub household: Option<&'static str>,
    pub person: Option<&'static str>,
}

impl Columns {
    /// Rows that speak of a family: `Columns::family("f.place", "f.household")`.
    #[must_use]
    pub const fn family(place: &'static str, household: &'static str) -> Self {
        Self { place, household: Some(household), person: None }
    }
}

/// Rows that speak of a place only, such as counts: listed households open nothing in them.
impl From<&'static str> for Columns {
    fn from(place: &'static str) -> Self {
        Self { place, household: None, person: None }
    }
}

impl Scope {
    /// The scope in which somebody uses a permission: what those of their posts open that hold it.
    #[must_use]
    pub fn of(who: &Who, permission: Permission, today: Day) -> Self {
        Self::opened(who, permission, today, Role::sees_families)
    }

    /// The families that are counted for somebody who uses a permission, though they may not be shown one by one:
    /// also those of a place whose numbers alone the post reads.
    #[must_use]
    pub fn of_numbers(who: &Who, permission: Permission, today: Day) -> Self {
        Self::opened(who, permission, today, Role::reads_numbers)
    }

    fn opened(who: &Who, permission: Permission, today: Day, opens_its_place: fn(Role) -> bool) -> Self {
        let Some(staff) = who.staff() else {
            return match who {
                Who::Machine { .. } => Self::Everything,
                Who::Resident { household, .. } => Self::Household(household.clone()),
                Who::Nobody | Who::Staff(_) => Self::nothing(),
            };
        };
        let (mut places, mut listed, mut departments) = (Vec::new(), Vec::new(), Some(Vec::new()));
        for post in staff.posts_with(permission, today) {
            match (post.role, &mut departments) {
                (Role::Department, Some(departments)) => departments.extend(post.department.clone()),
                (Role::Department, None) => {}
                _ => departments = None,
            }
            places.extend(opens_its_place(post.role).then_some(post.place));
            for opening in &post.openings {
                match opening.place {
                    Some(place) => places.push(place),
                    None => listed.push(opening.id.clone()),
                }
            }
        }
        match Self::over(places) {
            Self::Of { places, .. } => Self::Of { places, openings: listed, departments },
            other => other,
        }
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
        Self::Of { places, openings: Vec::new(), departments: Some(Vec::new()) }
    }

    #[must_use]
    pub fn sees(&self, key: PlaceKey) -> bool {
        match self {
            Self::Everything => true,
            Self::Of { places, .. } => places.iter().any(|interval| interval.contains(key)),
            Self::Household(_) => false,
        }
    }

    /// The intervals to walk, one after the other; everything is one interval.
    #[must_use]
    pub fn intervals(&self) -> Vec<Interval> {
        match self {
            Self::Everything => vec![Interval { first: PlaceKey([b'0'; 15]), last: PlaceKey([b'9'; 15]) }],
            Self::Of { places, .. } => places.clone(),
            Self::Household(_) => Vec::new(),
        }
    }

    /// Whether it opens more than subtrees, so that walking intervals isn't enough.
    #[must_use]
    pub const fn lists(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::Of { openings, .. } => !openings.is_empty(),
            Self::Household(_) => true,
        }
    }

    /// The predicate in SQL, its values numbered from `first` on: everybody of a role asks the same text, which the
    /// database prepares once.
    #[must_use]
    pub fn predicate(&self, columns: Columns, first: usize) -> Predicate {
        let mut made = Predicate { text: String::new(), values: Vec::new(), first };
        let (places, openings) = match self {
            Self::Everything => return Predicate { text: "1 = 1".to_owned(), ..made },
            Self::Household(id) => {
                let number = made.bind(id);
                let column = columns.household.unwrap_or("''");
                return Predicate { text: format!("{column} = {number}"), ..made };
            }
            Self::Of { places, openings, .. } => (places, openings),
        };
        let mut parts = Vec::with_capacity(places.len() + 2);
        for Interval { first, last } in places {
            let (first, last) = (made.bind(first.as_str()), made.bind(last.as_str()));
            parts.push(format!("{} between {first} and {last}", columns.place));
        }
        let listed = |made: &mut Predicate| openings.iter().map(|id| made.bind(id)).collect::<Vec<_>>().join(", ");
        if let (Some(household), false) = (columns.household, openings.is_empty()) {
            let ids = listed(&mut made);
            parts.push(format!(
                "{household} in (select om.household from opening_members om where om.opening in ({ids}) and om.person = '')"
            ));
        }
        if let (Some(person), false) = (columns.person, openings.is_empty()) {
            let ids = listed(&mut made);
            parts.push(format!(
                "{person} in (select om.person from opening_members om where om.opening in ({ids}) and om.person <> '')"
            ));
        }
        made.text = if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" or ")) };
        made
    }

    /// Whether the deliveries of every department may be read.
    #[must_use]
    pub const fn reads_every_department(&self) -> bool {
        matches!(self, Self::Everything | Self::Of { departments: None, .. })
    }

    /// As [`predicate`](Self::predicate), for rows that a department delivered and that speak of no family.
    #[must_use]
    pub fn predicate_of_departments(&self, column: &str, first: usize) -> Predicate {
        let mut made = Predicate { text: String::new(), values: Vec::new(), first };
        made.text = match self {
            all if all.reads_every_department() => "1 = 1".to_owned(),
            Self::Of { departments: Some(departments), .. } if !departments.is_empty() => {
                let numbers: Vec<String> = departments.iter().map(|department| made.bind(department)).collect();
                format!("{column} in ({})", numbers.join(", "))
            }
            _ => "1 = 0".to_owned(),
        };
        made
    }
}

/// A part of a statement with the values it compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    pub text: String,
    pub values: Vec<String>,
    first: usize,
}

impl Predicate {
    fn bind(&mut self, value: &str) -> String {
        self.values.push(value.to_owned());
        format!("${}", self.first + self.values.len() - 1)
    }
}
