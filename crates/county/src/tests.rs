//! Stories about the county as a whole.

use crate::{Cell, County, Sink, Size};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Keeps everything as text.
#[derive(Default)]
struct Pages(Vec<Vec<Vec<String>>>);

impl Sink for Pages {
    type Error = Infallible;

    fn row(&mut self, resource: usize, cells: &[Cell<'_>]) -> Result<(), Infallible> {
        if self.0.len() <= resource {
            self.0.resize(resource + 1, Vec::new());
        }
        let text = |cell: &Cell<'_>| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => (*text).to_owned(),
            Cell::Integer(n) => n.to_string(),
            Cell::Decimal(n) => n.to_string(),
            Cell::Date(day) => day.to_string(),
        };
        self.0[resource].push(cells.iter().map(text).collect());
        Ok(())
    }
}

fn pages(county: &County) -> Pages {
    let mut pages = Pages::default();
    county.emit(&mut pages).unwrap();
    pages
}

#[test]
fn shares_of_the_small_county() {
    let county = County::new(Size::Small, 7);
    let pages = pages(&county);
    let households = pages.0.last().unwrap();
    let count = |test: &dyn Fn(&Vec<String>) -> bool| households.iter().filter(|row| test(row)).count();
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for cause in households.iter().flat_map(|row| row[5].split(';')).filter(|cause| !cause.is_empty()) {
        *causes.entry(cause).or_default() += 1;
    }
    println!("households {} members {}", households.len(), pages.0[pages.0.len() - 2].len());
    println!("at risk {} knowable {}", count(&|r| r[3] == "true"), count(&|r| r[4] == "true"));
    println!("at risk and listed {}", count(&|r| r[3] == "true" && !r[6].is_empty()));
    println!(
        "listed {} wrongly {} knowable {}",
        count(&|r| !r[6].is_empty()),
        count(&|r| !r[7].is_empty()),
        count(&|r| !r[8].is_empty())
    );
    println!("{causes:?}");
    let rows: Vec<usize> = pages.0.iter().map(Vec::len).collect();
    println!("{rows:?}");
}
