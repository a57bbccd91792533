//! What every formula needs: the rows, the periods, and what silence means.

use super::exact::Amount;
use super::silence::{Coverage, Silence};
use super::spans::Period;
use super::survey::Survey;
use crate::assembly::rows::{Grouped, RowRef};
use crate::assembly::sources::{Field, Record, Source, Sources};
use crate::assembly::{Assembly, Resident};
use crate::records::{Links, Person};
use rustc_hash::FxHashMap;
use values::{AreaCode, Bounds, Day, Month, Validity, Window};

pub struct Reckoner<'a> {
    pub sources: &'a Sources<'a>,
    pub rows: &'a Grouped,
    pub links: &'a Links,
    pub assembly: &'a Assembly,
    pub as_of: Day,
    /// The twelve whole months before the month of `as_of`, and the twelve before those.
    pub window: Period,
    pub before: Period,
    /// January of `as_of`'s year to the month of `as_of`.
    pub year: Period,
    pub last_september: Day,
    coverage: Coverage,
    /// What silence means, by place and record.
    silences: FxHashMap<Option<AreaCode>, Vec<Silence>>,
    pub survey: &'a Survey,
    /// For each source: its department has another one of the same record.
    several: Vec<bool>,
}

/// A person as the formulas see it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub resident: &'a Resident,
    pub person: &'a Person,
    pub rows: &'a [RowRef],
    pub area: Option<AreaCode>,
    /// One bit for each record that its rows are of.
    records: u32,
}

impl<'a> Subject<'a> {
    /// Its rows where any is of this record, none otherwise: most people stand in few records.
    #[must_use]
    pub fn rows_of(&self, record: Record) -> &'a [RowRef] {
        if self.records & 1 << record as u32 == 0 { &[] } else { self.rows }
    }
}

impl<'a> Reckoner<'a> {
    #[must_use]
    pub fn new(
        sources: &'a Sources<'a>,
        rows: &'a Grouped,
        links: &'a Links,
        assembly: &'a Assembly,
        survey: &'a Survey,
    ) -> Self {
        let as_of = assembly.as_of;
        let window = Window::before(as_of);
        let september = Day::from_ymd(as_of.year(), 9, 1).unwrap_or(as_of);
        let several = |number: usize, source: &Source<'_>| {
            sources
                .of(source.record)
                .any(|(n, other)| usize::from(n) != number && other.department == source.department)
        };
        let coverage = Coverage::new(sources);
        Self {
            sources,
            rows,
            links,
            assembly,
            as_of,
            window: Period { first: window.first, last: window.last },
            before: Period { first: Month(window.first.0 - 12), last: Month(window.first.0 - 1) },
            year: Period { first: Month(as_of.month().0 / 12 * 12), last: as_of.month() },
            last_september: if september <= as_of { september } else { september.plus_years(-1) },
            silences: silences(&coverage, assembly),
            coverage,
            survey,
            several: sources
                .list
                .iter()
                .enumerate()
                .map(|(number, source)| source.as_ref().is_some_and(|source| several(number, source)))
                .collect(),
        }
    }

    #[must_use]
    pub fn subject(&self, resident: &'a Resident) -> Subject<'a> {
        let rows = self.rows.of(resident.person);
        let record = |at: &RowRef| self.sources.get(at.source).map_or(0, |source| 1 << source.record as u32);
        Subject {
            resident,
            person: &self.links.people[resident.person as usize],
            rows,
            records: rows.iter().fold(0, |records, at| records | record(at)),
            area: self.assembly.households[resident.household as usize].area,
        }
    }

    /// The rows of a record among these, each with its source, without those a newer delivery has replaced.
    pub fn of<'s>(&'s self, rows: &'s [RowRef], record: Record) -> impl Iterator<Item = (RowRef, &'s Source<'a>)> + 's {
        rows.iter().filter_map(move |at| {
            let source = self.sources.get(at.source).filter(|source| source.record == record)?;
            (!self.is_replaced(*at, source, rows)).then_some((*at, source))
        })
    }

    /// Whether a newer delivery of the same department speaks of the same thing and time.
    fn is_replaced(&self, at: RowRef, source: &Source<'_>, rows: &[RowRef]) -> bool {
        self.several[usize::from(at.source)]
            && rows.iter().any(|other| {
                self.sources.get(other.source).is_some_and(|newer| {
                    newer.record == source.record
                        && newer.department == source.department
                        && newer.as_of() > source.as_of()
                        && same_matter(source, at.row, newer, other.row)
                })
            })
    }

    /// Sums what `each` gives for the rows of a record: rows of one department add up; two departments may speak of
    /// the same money. `None` where there is no row.
    pub fn sum(
        &self,
        rows: &[RowRef],
        record: Record,
        mut each: impl FnMut(RowRef, &Source<'a>) -> Option<Amount>,
    ) -> Option<Amount> {
        let mut parts: Vec<(u16, Amount)> = Vec::new();
        for (at, source) in self.of(rows, record) {
            let Some(amount) = each(at, source) else { continue };
            match parts.iter_mut().find(|(department, _)| *department == source.department) {
                Some((_, sum)) => *sum = sum.plus(amount),
                None => parts.push((source.department, amount)),
            }
        }
        parts.into_iter().map(|(_, amount)| amount).reduce(Amount::beside)
    }

    /// What a figure proves; anything from 0 where the cell is missing.
    #[must_use]
    pub fn figure(&self, at: RowRef, source: &Source<'_>, field: Field) -> Bounds {
        self.survey.slips.weigh(at.source, source, field, at.row).unwrap_or(Bounds::at_least(0))
    }

    /// Whether a row's figure isn't taken as it stands.
    #[must_use]
    pub fn is_doubted(&self, at: RowRef) -> bool {
        let Some(source) = self.sources.get(at.source) else { return false };
        let field = match source.record {
            Record::Employment => Field::MonthlyWage,
            Record::Pension | Record::Assistance => Field::MonthlyAmount,
            Record::Income | Record::Subsidy => Field::Amount,
            Record::MedicalCost | Record::School => Field::OwnCost,
            _ => return false,
        };
        self.survey.slips.weigh(at.source, source, field, at.row).is_some_and(|figure| !figure.is_exact())
    }

    #[must_use]
    pub fn silence(&self, record: Record, area: Option<AreaCode>) -> Silence {
        match self.silences.get(&area) {
            Some(silences) => silences[record as usize],
            None => self.coverage.silence(record, area),
        }
    }

    /// A sum of a record of which no row speaks, for so many periods of its limit.
    #[must_use]
    pub fn silent_sum(&self, record: Record, area: Option<AreaCode>, periods: i64) -> Amount {
        match self.silence(record, area) {
            Silence::Nothing(_) => Amount::ZERO,
            Silence::Below(limit) => Amount::of(Bounds::between(0, limit.saturating_mul(periods))),
            Silence::Unknown => Amount::SOME,
        }
    }
}

#[must_use]
pub fn validity(source: &Source<'_>, row: u32) -> Validity {
    Validity { from: source.day(Field::From, row), to: source.day(Field::To, row) }
}

/// Whether two rows of one record tell of one thing: the same item, stage or programme, at overlapping times.
fn same_matter(a: &Source<'_>, row_a: u32, b: &Source<'_>, row_b: u32) -> bool {
    let same = |field: Field| a.text(field, row_a) == b.text(field, row_b);
    let at_once = || validity(a, row_a).overlaps(validity(b, row_b));
    match a.record {
        Record::Subsidy => {
            same(Field::Item)
                && a.day(Field::PaidOn, row_a) == b.day(Field::PaidOn, row_b)
                && a.money(Field::Amount, row_a) == b.money(Field::Amount, row_b)
        }
        Record::Income => same(Field::Item) && at_once(),
        Record::Assistance => same(Field::Programme) && at_once(),
        Record::Employment => same(Field::Employer) && at_once(),
        Record::School | Record::Pension | Record::MedicalCost => at_once(),
        Record::MedicalCover => a.count(Field::Year, row_a) == b.count(Field::Year, row_b),
        Record::Disaster => a.day(Field::HappenedOn, row_a) == b.day(Field::HappenedOn, row_b),
        _ => false,
    }
}

fn silences(coverage: &Coverage, assembly: &Assembly) -> FxHashMap<Option<AreaCode>, Vec<Silence>> {
    let mut silences = FxHashMap::default();
    for household in &assembly.households {
        silences
            .entry(household.area)
            .or_insert_with(|| Record::ALL.iter().map(|record| coverage.silence(*record, household.area)).collect());
    }
    silences
}
