//! Plants the fictional county: its rows into files as departments deliver them, its truth beside them.

use anyhow::{Result, anyhow};
use batch::{CellKind, Encoding, Problem, RowWriter, Target};
use county::{Cell, CellType, County, FileKind, Resource, Sink};
use indicatif::ProgressBar;
use rayon::prelude::*;
use std::path::Path;

/// Villages made at a time: enough for every core, few enough to stay small.
const AT_A_TIME: usize = 8;

/// Writes the county into `folder`, which is made. Memory holds a few villages, whatever the county's size.
///
/// # Errors
/// When the disk is full or refuses.
pub fn plant(county: &County, folder: &Path, progress: &ProgressBar) -> Result<()> {
    let problem = |problem: Problem| anyhow!("{problem}");
    for (path, text) in county.texts() {
        let path = folder.join(path);
        batch::private_folder(path.parent().unwrap_or(folder)).map_err(problem)?;
        batch::write_whole(&path, |file| file.write_all(text.as_bytes())).map_err(problem)?;
    }
    let mut files = Files::create(&county.resources(), folder).map_err(problem)?;
    let mut delivered = county.nothing_delivered();
    let villages: Vec<usize> = (0..county.chunks()).collect();
    for some in villages.chunks(AT_A_TIME) {
        let chunks: Vec<_> = some.par_iter().map(|village| county.chunk(*village)).collect();
        for chunk in chunks {
            chunk.deliver(&mut delivered, &mut files).map_err(problem)?;
            progress.inc(1);
        }
    }
    files.0.into_iter().try_for_each(RowWriter::finish).map_err(problem)
}

/// Every file of the county, open at once.
struct Files(Vec<RowWriter>);

impl Files {
    fn create(resources: &[Resource], folder: &Path) -> batch::Result<Self> {
        let create = |resource: &Resource| {
            let home = folder.join(resource.folder);
            batch::private_folder(&home)?;
            let columns: Vec<_> = resource.columns.iter().map(|(name, kind)| (*name, cell_kind(*kind))).collect();
            RowWriter::create(&home.join(resource.file), &target(resource.kind), &columns)
        };
        resources.iter().map(create).collect::<batch::Result<Vec<_>>>().map(Self)
    }
}

impl Sink for Files {
    type Error = Problem;

    fn row(&mut self, resource: usize, cells: &[Cell<'_>]) -> Result<(), Problem> {
        let cells: Vec<batch::Cell<'_>> = cells.iter().map(|cell| written(*cell)).collect();
        self.0[resource].row(&cells)
    }
}

const fn written(cell: Cell<'_>) -> batch::Cell<'_> {
    match cell {
        Cell::Empty => batch::Cell::Missing,
        Cell::Text(text) => batch::Cell::Text(text),
        Cell::Integer(number) => batch::Cell::Whole(number),
        Cell::Decimal(number) => batch::Cell::Real(number),
        Cell::Date(day) => batch::Cell::Day(day),
    }
}

const fn cell_kind(kind: CellType) -> CellKind {
    match kind {
        CellType::Text => CellKind::Text,
        CellType::Integer => CellKind::Whole,
        CellType::Decimal => CellKind::Real,
        CellType::Date => CellKind::Day,
    }
}

fn target(kind: FileKind) -> Target {
    let csv = |encoding, mark| Target::Csv { delimiter: b',', encoding, mark };
    match kind {
        FileKind::CsvUtf8 => csv(Encoding::Utf8, false),
        FileKind::CsvUtf8Bom => csv(Encoding::Utf8, true),
        FileKind::CsvGb18030 => csv(Encoding::Gb18030, false),
        FileKind::Xlsx(sheet) => Target::Xlsx { sheet: sheet.to_owned() },
        FileKind::Parquet => Target::Parquet,
        FileKind::JsonLines => Target::JsonLines,
        FileKind::Sqlite(table) => Target::Sqlite { table: table.to_owned() },
    }
}
