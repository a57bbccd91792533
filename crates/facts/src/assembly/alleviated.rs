//! Which households were poor once: those with a row among the alleviated, by a member's or by their own number.

use super::Assembly;
use super::sources::{Field, Record, Source, Sources};
use crate::records::Links;

pub fn settle(assembly: &mut Assembly, sources: &Sources<'_>, links: &Links) {
    let mut years = vec![None; assembly.households.len()];
    let year = |source: &Source<'_>, row: u32| source.count(Field::Year, row).unwrap_or(2020);
    for (number, source) in sources.of(Record::Alleviated) {
        for (row, person) in links.person[usize::from(number)].iter().enumerate() {
            if let Some(household) = assembly.household_of(*person) {
                years[household as usize] = Some(year(source, row as u32));
            }
        }
    }
    for (household, at) in assembly.numbers.rows_of(sources, Record::Alleviated) {
        if let Some(source) = sources.get(at.source) {
            years[household as usize] = Some(year(source, at.row));
        }
    }
    for (household, year) in assembly.households.iter_mut().zip(&years) {
        household.alleviated = *year;
        if let Some(split) = &mut household.split_from {
            split.alleviated = years[split.from as usize];
        }
    }
}
