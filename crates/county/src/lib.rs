//! The fictional county: a simulated life, and each department's imperfect view of it.
//!
//! Life comes first, village by village and month by month: births, marriages, moves, work, illness, windfalls.
//! Then every department sees it through its own delay, coverage and mistakes (`docs/error-rates.md`), and what is
//! true is written down beside it by the definitions of the contract. Nothing here knows a policy or a rule.
//!
//! A county is made of [`County::chunks`] chunks, one a village. A chunk depends on the seed and its number alone, so
//! chunks may be made in any order and on any number of threads; they are delivered in order to a [`Sink`].

mod catalog;
mod chunk;
mod draw;
mod life;
mod names;
mod places;
mod rates;
mod truth;
mod verdict;
mod view;

#[cfg(test)]
mod tests;

pub use catalog::{CellType, FileKind};
pub use chunk::{Cell, Chunk, Sink};
pub use places::COUNTY;

use draw::mix;
use life::{Life, World};
use places::Places;
use rates::Rates;
use view::Clerk;

/// How large a county is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// About 2 000 households, 7 000 persons.
    Small,
    /// About 150 000 households, 500 000 persons.
    County,
    /// About 1 500 000 households, 5 000 000 persons.
    City,
}

/// A file that the county's rows go into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Folder inside the county's folder.
    pub folder: &'static str,
    /// File name inside the folder.
    pub file: &'static str,
    pub kind: FileKind,
    /// Header and cell type of each column.
    pub columns: Vec<(&'static str, CellType)>,
}

/// The fictional county 539901 on 2026-09-30.
#[derive(Clone, Debug)]
pub struct County {
    seed: u64,
    rates: Rates,
    places: Places,
    /// How many rows of one village fit into a spreadsheet of 100 000.
    sheet_rows: usize,
}

/// Rows delivered so far to each resource: rows are counted over all villages.
#[derive(Clone, Debug)]
pub struct Delivered(Vec<u64>);

const TRUTH: [(&str, &[&str]); 4] = [
    ("records.csv", &["department", "resource", "row", "person"]),
    ("errors.csv", &["department", "resource", "row", "field", "kind", "was", "became"]),
    ("members.csv", &["person", "household"]),
    (
        "households.csv",
        &[
            "household",
            "area",
            "income_per_head",
            "at_risk",
            "at_risk_knowable",
            "causes",
            "listed",
            "wrongly_listed",
            "wrongly_listed_knowable",
        ],
    ),
];

impl County {
    /// The county of this size and seed; the same seed gives the same bytes.
    #[must_use]
    pub fn new(size: Size, seed: u64) -> Self {
        let (townships, each) = match size {
            Size::Small => (4, 3),
            Size::County => (25, 36),
            Size::City => (100, 90),
        };
        Self::of(townships, each, 167, seed)
    }

    /// A county of so many townships with so many villages of about so many households.
    #[must_use]
    pub fn of(townships: usize, each: usize, households: u32, seed: u64) -> Self {
        let places = Places::new(seed, townships, each.max(2), households.max(10));
        let sheet_rows = 100_000 / places.villages.len();
        Self { seed, rates: Rates::times(1.0), places, sheet_rows }
    }

    /// The same life seen with the frozen error rates times `factor`.
    #[must_use]
    pub fn with_rates_factor(mut self, factor: f64) -> Self {
        self.rates = Rates::times(factor);
        self
    }

    /// Every file with rows, departments' first, the truth last. A sink's resource numbers count this list.
    #[must_use]
    pub fn resources(&self) -> Vec<Resource> {
        let delivered = catalog::files().map(|(delivery, file)| Resource {
            folder: delivery.folder,
            file: file.path,
            kind: file.kind,
            columns: file.columns.iter().map(|column| (column.header, catalog::cell_type(file, column))).collect(),
        });
        let truth = TRUTH.iter().map(|(file, columns)| Resource {
            folder: "truth",
            file,
            kind: FileKind::CsvUtf8,
            columns: columns.iter().map(|header| (*header, CellType::Text)).collect(),
        });
        delivered.chain(truth).collect()
    }

    /// The small text files: path inside the county's folder, and content.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, String)> {
        let county = format!(
            "[county]\ncode   = \"{}\"\nname   = \"{}\"\nas_of  = \"{}\"\nplaces = \"places.csv\"\n",
            places::COUNTY,
            places::COUNTY_NAME,
            life::AS_OF
        );
        let mut texts = vec![("county.toml".to_owned(), county), ("places.csv".to_owned(), self.places.csv())];
        for delivery in catalog::DELIVERIES {
            let path = format!("{}/datapackage.json", delivery.folder);
            texts.push((path, catalog::package_json(delivery, &self.places)));
        }
        texts
    }

    /// How many chunks there are: one a village.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.places.villages.len()
    }

    /// Lives one village and lets every department write it down. Independent of every other chunk.
    #[must_use]
    pub fn chunk(&self, village: usize) -> Chunk {
        let world = World { seed: self.seed, places: &self.places };
        let life = Life::of(&world, village);
        let rows = catalog::files().map(|(_, file)| chunk::Rows::new(file.columns.len())).collect();
        let draw = world.draw(4, village);
        let mut clerk = Clerk {
            world,
            life: &life,
            rates: self.rates,
            rows,
            mistakes: Vec::new(),
            draw,
            sheet_rows: self.sheet_rows,
            bad_houses: Vec::new(),
            bad_water: Vec::new(),
        };
        let mut known = view::deliver(&mut clerk);
        let (rows, mistakes) = (clerk.rows, clerk.mistakes);
        let order = rows.iter().enumerate().map(|(i, rows)| self.order(village, i, rows.len())).collect();
        let (members, verdicts) = verdict::of(&world, &life, &mut known);
        Chunk { rows, order, mistakes, members, verdicts }
    }

    /// Files aren't sorted by family: a shuffle of a village's rows.
    fn order(&self, village: usize, resource: usize, rows: usize) -> Vec<u32> {
        let salt = mix(self.seed ^ mix(village as u64 * 64 + resource as u64));
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_unstable_by_key(|row| mix(salt ^ u64::from(*row)));
        order
    }

    /// Where delivery begins.
    #[must_use]
    pub fn nothing_delivered(&self) -> Delivered {
        Delivered(vec![0; catalog::files().count()])
    }

    /// Makes and delivers everything, one chunk after the other; memory holds one chunk.
    ///
    /// # Errors
    /// When the sink can't take a row.
    pub fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let mut delivered = self.nothing_delivered();
        for village in 0..self.chunks() {
            self.chunk(village).deliver(&mut delivered, sink)?;
        }
        Ok(())
    }
}
