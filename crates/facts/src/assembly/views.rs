//! What each department says about who lives with whom: its household views, and one claim a person and department.

use super::rows::Grouped;
use super::sources::{Field, Record, Source, Sources};
use rustc_hash::FxHashMap;
use values::{Day, Validity};

pub const NONE: u32 = u32::MAX;

/// Position of `left` in the list of `living`.
pub const LEFT: u8 = 2;
pub const AWAY: u8 = 1;

/// One department's household number, as a number of our own.
#[derive(Clone, Copy, Debug)]
pub struct ViewHousehold {
    pub department: u16,
    /// The newest day its rows speak of.
    pub known: Day,
}

/// What one department says of one person: the row that counts among its rows.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub person: u32,
    pub view: u32,
    pub department: u16,
    pub source: u16,
    pub row: u32,
    /// Living here or away, valid on `as_of`, and in the department's newest delivery for the place.
    pub present: bool,
    pub relation: Option<u8>,
    pub living: Option<u8>,
    pub validity: Validity,
    /// The day the department's delivery speaks of.
    pub known: Day,
}

impl Claim {
    /// The day of the latest thing the row tells: a person who came or left.
    pub fn event(&self) -> Option<Day> {
        if self.present { self.validity.from } else { self.validity.to.or(self.validity.from) }
    }
}

pub struct Views<'a> {
    pub households: Vec<ViewHousehold>,
    /// By person, then department: the claims that count.
    pub claims: Vec<Claim>,
    /// `claims[starts[p]..starts[p + 1]]` are person `p`'s.
    starts: Vec<u32>,
    numbers: FxHashMap<(u16, &'a str), u32>,
    /// Further claims that are present at the same time in another household of the same department.
    pub rivals: Vec<Claim>,
}

impl<'a> Views<'a> {
    #[must_use]
    pub fn new(sources: &Sources<'a>, rows: &Grouped, people: usize, as_of: Day) -> Self {
        let (households, numbers, view_of_row) = number_households(sources);
        let newest = newest_deliveries(sources);
        let mut views = Self {
            households,
            claims: Vec::new(),
            starts: Vec::with_capacity(people + 1),
            numbers,
            rivals: Vec::new(),
        };
        views.starts.push(0);
        let mut found: Vec<Claim> = Vec::new();
        for person in 0..people as u32 {
            found.clear();
            for at in rows.of(person) {
                let Some(source) = sources.get(at.source).filter(|s| s.record == Record::HouseholdMember) else {
                    continue;
                };
                let view = view_of_row[usize::from(at.source)][at.row as usize];
                if view != NONE {
                    let stale = newest.is_superseded(source, at.row);
                    found.push(claim(source, *at, person, view, as_of, stale));
                }
            }
            views.keep_best(&mut found);
            views.starts.push(views.claims.len() as u32);
        }
        views
    }

    #[must_use]
    pub fn of_person(&self, person: u32) -> &[Claim] {
        let person = person as usize;
        &self.claims[self.starts[person] as usize..self.starts[person + 1] as usize]
    }

    /// The view household of a department's number.
    #[must_use]
    pub fn numbered(&self, department: u16, household_no: &str) -> Option<u32> {
        self.numbers.get(&(department, household_no)).copied()
    }

    fn keep_best(&mut self, found: &mut [Claim]) {
        found.sort_by_key(|c| (c.department, std::cmp::Reverse(rank(c))));
        for same in found.chunk_by(|a, b| a.department == b.department) {
            let best = same[0];
            self.claims.push(best);
            let rival = |claim: &&Claim| best.present && claim.present && claim.view != best.view;
            self.rivals.extend(same[1..].iter().filter(rival));
        }
    }
}

/// Newer deliveries first; then those present; then the later beginning; then a place in the file.
fn rank(claim: &Claim) -> (bool, Day, Day, u16, u32) {
    let event = claim.event().unwrap_or(Day(i32::MIN));
    (claim.present, claim.known, event, claim.source, claim.row)
}

fn claim(source: &Source<'_>, at: super::rows::RowRef, person: u32, view: u32, as_of: Day, stale: bool) -> Claim {
    let living = source.code(Field::Living, at.row);
    let validity = Validity { from: source.day(Field::From, at.row), to: source.day(Field::To, at.row) };
    Claim {
        person,
        view,
        department: source.department,
        source: at.source,
        row: at.row,
        present: living != Some(LEFT) && validity.contains(as_of) && !stale,
        relation: source.code(Field::Relation, at.row),
        living,
        validity,
        known: source.as_of(),
    }
}

type Numbers<'a> = FxHashMap<(u16, &'a str), u32>;

fn number_households<'a>(sources: &Sources<'a>) -> (Vec<ViewHousehold>, Numbers<'a>, Vec<Vec<u32>>) {
    let mut households = Vec::new();
    let mut numbers = Numbers::default();
    let mut view_of_row = vec![Vec::new(); sources.list.len()];
    for (number, source) in sources.of(Record::HouseholdMember) {
        let department = source.department;
        view_of_row[usize::from(number)] = (0..source.resource.len() as u32)
            .map(|row| {
                let Some(no) = source.household_no(row) else { return NONE };
                let view = *numbers.entry((department, no)).or_insert_with(|| {
                    households.push(ViewHousehold { department, known: source.as_of() });
                    households.len() as u32 - 1
                });
                let known = &mut households[view as usize].known;
                *known = (*known).max(source.as_of());
                view
            })
            .collect();
    }
    (households, numbers, view_of_row)
}

/// For each department the days of its member deliveries with what they cover, so that a row of an older delivery
/// of the same place counts as gone.
struct Newest<'a> {
    deliveries: Vec<(u16, Day, &'a crate::records::Resource)>,
}

fn newest_deliveries<'a>(sources: &Sources<'a>) -> Newest<'a> {
    Newest {
        deliveries: sources.of(Record::HouseholdMember).map(|(_, s)| (s.department, s.as_of(), s.resource)).collect(),
    }
}

impl Newest<'_> {
    fn is_superseded(&self, source: &Source<'_>, row: u32) -> bool {
        if self.deliveries.len() < 2 {
            return false;
        }
        let area = source.area(row);
        self.deliveries.iter().any(|(department, day, resource)| {
            *department == source.department
                && *day > source.as_of()
                && area.map_or(resource.coverage.is_none(), |area| resource.covers(area))
        })
    }
}
