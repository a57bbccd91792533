//! How poor each village, township and the county are, by the household facts of a run.

use poverty::{Dimension, Income, Measure, foster_greer_thorbecke, gini, headcount, multidimensional};
use std::collections::BTreeMap;
use values::columns::{Column, Table};
use values::{AreaCode, Bounds, Level, Truth};

/// What the measures go by, out of the policy; a missing one leaves out the measures that need it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines {
    /// Fen a head and year.
    pub monitoring: Option<i64>,
    /// The share of dimensions from which a household is poor in several ways.
    pub cutoff: Option<f64>,
}

/// One measure of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceMeasure {
    pub place: AreaCode,
    pub name: String,
    pub measure: Measure,
}

/// The dimensions of the index: its name, and the fact that says how many are deprived or whether one is.
const DIMENSIONS: [(&str, &str); 4] = [
    ("schooling", "children_out_of_school"),
    ("cover", "uncovered_members"),
    ("house", "house_unsafe"),
    ("water", "water_unsafe"),
];

/// What measures are made of, out of a frame of households.
#[must_use]
pub fn measured(households: &Table) -> Table {
    let read = ["members", "monitoring_income"].into_iter().chain(DIMENSIONS.map(|(_, fact)| fact));
    let mut table = Table::new(households.len());
    for name in read {
        if let Some(column) = households.column(name) {
            table.set(name, column.clone());
        }
    }
    table
}

/// Measures every place of `levels` that a household lies in, in the order of place codes.
///
/// `households` is the household frame; a household whose member count isn't exact counts with its least, one without
/// a place counts for the county alone.
#[must_use]
pub fn measures(households: &Table, areas: &[Option<AreaCode>], county: AreaCode, lines: Lines) -> Vec<PlaceMeasure> {
    let columns = Columns::read(households, lines.monitoring);
    let mut places: BTreeMap<AreaCode, Vec<usize>> = BTreeMap::new();
    for (household, area) in areas.iter().enumerate() {
        places.entry(county).or_default().push(household);
        for level in [Level::Township, Level::Village] {
            match area {
                Some(area) if area.level() >= level && county.contains(*area) => {
                    places.entry(area.ancestor(level)).or_default().push(household);
                }
                _ => {}
            }
        }
    }
    places.into_iter().flat_map(|(place, of)| columns.of_place(place, &of, lines)).collect()
}

struct Columns {
    members: Vec<u32>,
    income: Vec<Bounds>,
    deprived: Vec<(&'static str, Vec<Truth>)>,
}

impl Columns {
    fn read(households: &Table, line: Option<i64>) -> Self {
        let least = |b: &Bounds| u32::try_from(b.low.max(0)).unwrap_or(0);
        let members: Vec<u32> = bounds(households, "members").iter().map(least).collect();
        let income = bounds(households, "monitoring_income");
        let mut deprived: Vec<_> = DIMENSIONS.iter().map(|(name, fact)| (*name, truths(households, fact))).collect();
        if let Some(line) = line {
            let below = |(income, members): (&Bounds, &u32)| {
                income.below(Bounds::exact(line.saturating_mul(i64::from(*members))))
            };
            deprived.push(("income", income.iter().zip(&members).map(below).collect()));
        }
        Self { members, income, deprived }
    }

    fn of_place(&self, place: AreaCode, of: &[usize], lines: Lines) -> Vec<PlaceMeasure> {
        let incomes: Vec<Income> =
            of.iter().map(|h| Income { total: self.income[*h], members: self.members[*h] }).collect();
        let mut found: Vec<(String, Measure)> = vec![("gini".into(), gini(&incomes))];
        if let Some(line) = lines.monitoring {
            found.push(("headcount".into(), headcount(&incomes, line)));
            found.push(("gap".into(), foster_greer_thorbecke(&incomes, line, 1)));
            found.push(("severity".into(), foster_greer_thorbecke(&incomes, line, 2)));
        }
        if let Some(cutoff) = lines.cutoff {
            found.extend(self.index_of(of, cutoff));
        }
        found.into_iter().map(|(name, measure)| PlaceMeasure { place, name, measure }).collect()
    }

    fn index_of(&self, of: &[usize], cutoff: f64) -> Vec<(String, Measure)> {
        let members: Vec<u32> = of.iter().map(|h| self.members[*h]).collect();
        let here: Vec<(&str, Vec<Truth>)> =
            self.deprived.iter().map(|(name, all)| (*name, of.iter().map(|h| all[*h]).collect())).collect();
        let dimensions: Vec<Dimension<'_>> =
            here.iter().map(|(name, deprived)| Dimension { name, weight: 1.0, deprived }).collect();
        let index = multidimensional(&dimensions, &members, cutoff);
        let whole = index.adjusted_headcount;
        let exact =
            |value: f64| Measure { value, numerator: value * whole.denominator, low: value, high: value, ..whole };
        let mut found = vec![
            ("multidimensional_headcount".to_owned(), index.headcount),
            ("multidimensional_intensity".to_owned(), exact(index.intensity)),
            ("multidimensional_index".to_owned(), whole),
        ];
        for (name, censored, contribution) in index.contributions {
            found.push((format!("multidimensional_censored_{name}"), exact(censored)));
            found.push((format!("multidimensional_contribution_{name}"), exact(contribution)));
        }
        found
    }
}

fn bounds(table: &Table, name: &str) -> Vec<Bounds> {
    match table.column(name) {
        Some(Column::Bounds(_, bounds)) => bounds.iter().collect(),
        _ => vec![Bounds::UNKNOWN; table.len()],
    }
}

/// A flag as it is, a count as "at least one".
fn truths(table: &Table, name: &str) -> Vec<Truth> {
    match table.column(name) {
        Some(Column::Flag(flags)) => flags.clone(),
        Some(Column::Bounds(_, counts)) => counts.iter().map(|count| Bounds::ZERO.below(count)).collect(),
        _ => vec![Truth::Undetermined; table.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::columns::Unit;

    #[test]
    fn a_village_its_township_and_the_county_are_measured_with_what_is_unknown() {
        let mut households = Table::new(3);
        let counts = |all: [i64; 3]| all.map(Bounds::exact).into_iter().collect();
        households.set("members", Column::Bounds(Unit::Count, counts([2, 3, 1])));
        let income = [Bounds::exact(100_000), Bounds::exact(9_000_000), Bounds::UNKNOWN].into_iter().collect();
        households.set("monitoring_income", Column::Bounds(Unit::Fen, income));
        let village = |code| AreaCode::parse(code).ok();
        let areas = [village("539901001201"), village("539901001202"), None];
        let county = AreaCode(539_901_000_000);
        let lines = Lines { monitoring: Some(950_000), cutoff: None };
        let found = measures(&households, &areas, county, lines);
        let headcount =
            |place: u64| found.iter().find(|m| m.place.0 == place && m.name == "headcount").unwrap().measure;
        assert!((headcount(539_901_001_201).value - 1.0).abs() < 1e-9);
        assert!((headcount(539_901_001_000).value - 0.4).abs() < 1e-9);
        let county = headcount(539_901_000_000);
        assert!((county.value - 0.4).abs() < 1e-9 && (county.unknown_share - 1.0 / 6.0).abs() < 1e-9);
        assert!((county.low - 2.0 / 6.0).abs() < 1e-9 && (county.high - 0.5).abs() < 1e-9);
    }
}
