//! Deaths that departments delivered, each held against what only the living leave behind.

use super::rows::Grouped;
use super::sources::{Field, Record, Sources};
use crate::records::Person;
use rustc_hash::FxHashMap;
use values::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// Earliest and latest day delivered; `None` where no row names a usable one.
    pub days: Option<(Day, Day)>,
    pub sources: u16,
    /// Fewer deliveries tell of a life after it than tell of the death.
    pub credible: bool,
}

values::packs! { Death { days, sources, credible } }

impl Death {
    #[must_use]
    pub fn on(&self) -> Option<Day> {
        self.days.map(|(first, _)| first)
    }
}

#[must_use]
pub fn deaths(sources: &Sources<'_>, rows: &Grouped, people: &[Person], as_of: Day) -> FxHashMap<u32, Death> {
    let mut found = FxHashMap::default();
    if sources.of(Record::Death).next().is_none() {
        return found;
    }
    for (person, known) in people.iter().enumerate() {
        if let Some(death) = death_of(sources, rows, person as u32, known, as_of) {
            found.insert(person as u32, death);
        }
    }
    found
}

fn death_of(sources: &Sources<'_>, rows: &Grouped, person: u32, known: &Person, as_of: Day) -> Option<Death> {
    let mut days: Option<(Day, Day)> = None;
    let mut told = 0u16;
    let mut last_source = None;
    for at in rows.of(person) {
        let Some(source) = sources.get(at.source).filter(|s| s.record == Record::Death) else { continue };
        let day = source.day(Field::DiedOn, at.row);
        // A day to come, or before the birth, is a slip of the pen: it doesn't date the death.
        let usable = day.filter(|day| *day <= as_of && known.birth.is_none_or(|birth| birth <= *day));
        if day.is_some_and(|day| day > as_of && day > source.as_of()) && usable.is_none() {
            continue;
        }
        if last_source != Some(at.source) {
            told += 1;
        }
        last_source = Some(at.source);
        if let Some(day) = usable {
            days = Some(days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        }
    }
    (told > 0).then(|| {
        let alive = days.map_or(0, |(_, last)| signs_of_life(sources, rows, person, last));
        Death { days, sources: told, credible: alive < told.max(1) + 1 && (alive == 0 || alive < told) }
    })
}

/// Deliveries with something that began more than a month after the day and that nobody does for the dead.
fn signs_of_life(sources: &Sources<'_>, rows: &Grouped, person: u32, died: Day) -> u16 {
    let after = died.plus_days(31);
    let mut signs = 0;
    let mut last_source = None;
    for at in rows.of(person) {
        let Some(source) = sources.get(at.source) else { continue };
        let began = match source.record {
            Record::MedicalCost | Record::Employment | Record::School | Record::HouseholdMember => Field::From,
            Record::Consent => Field::SignedOn,
            Record::Disability => Field::IssuedOn,
            _ => continue,
        };
        let sign = source.day(began, at.row).is_some_and(|day| day > after && day <= source.as_of());
        if sign && last_source != Some(at.source) {
            signs += 1;
            last_source = Some(at.source);
        }
    }
    signs
}
