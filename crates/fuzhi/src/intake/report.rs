//! Figures on deliveries, and the files that tell them.

use super::{Intake, Origin};
use batch::{Blob, Cell, CellKind, Drawer, Encoding, RowWriter, Source, Target};
use exchange::quality::{ColumnQuality, Delivery, Tally, share};
use exchange::rejects::Reject;
use exchange::stage::{Mapped, Mapping};
use exchange::{County, Problem};
use facts::records::Resource;
use rayon::prelude::*;
use serde::Serialize;
use std::path::Path;
use values::Day;
use values::columns::unpacked;

/// The digest of what a source holds; empty for a database server.
fn content_of(source: &Source) -> String {
    source.path().and_then(|path| batch::digest_of(path).ok()).unwrap_or_default()
}

pub(super) fn delivery(
    county: &County,
    origin: &Origin,
    mapping: &Mapping<'_>,
    mapped: &Mapped,
    kept: u64,
    duplicates: u64,
) -> Delivery {
    let spec = &origin.spec;
    let rejected_cells = mapped.rejects.iter().filter(|reject| reject.column.is_some()).count() as u64;
    Delivery {
        department: origin.department.clone(),
        resource: spec.name.clone(),
        title: spec.title.clone(),
        file: origin.source.name.clone(),
        content: content_of(&origin.source),
        record: spec.record.name.clone(),
        nature: spec.nature,
        as_of: spec.as_of,
        freshness_days: exchange::days_old(spec, county),
        purpose: origin.purpose.clone(),
        legal_basis: origin.legal_basis.clone(),
        coverage: spec.coverage.clone(),
        rows: u64::from(mapped.seen),
        kept,
        rejected_cells,
        rejected_rows: u64::from(mapped.dropped) + u64::from(mapped.elsewhere),
        other_county: u64::from(mapped.elsewhere),
        set_aside: 0,
        duplicates,
        columns: column_qualities(columns(mapping), &mapped.tallies, kept),
    }
}

/// Each column's name and meaning.
pub(super) fn columns(mapping: &Mapping<'_>) -> Vec<(String, Option<String>)> {
    mapping.meanings().map(|(name, means)| (name.to_owned(), means.map(str::to_owned))).collect()
}

pub(super) fn column_qualities(
    about: Vec<(String, Option<String>)>,
    tallies: &[Tally],
    rows: u64,
) -> Vec<ColumnQuality> {
    let quality = |((name, means), tally): ((String, Option<String>), &Tally)| {
        // Rows that were blanked count in no share.
        let blanked = tally.cells.saturating_sub(rows);
        ColumnQuality {
            name,
            means,
            missing_share: share(tally.missing.saturating_sub(blanked), rows),
            invalid_share: share(tally.invalid, rows),
            doubtful: tally.doubtful,
            changes: tally.clone(),
        }
    };
    about.into_iter().zip(tallies).map(quality).collect()
}

/// What tells whether a row repeats another: a digest of its keys, own fields, unmapped columns and all.
pub(super) fn digests(resource: &Resource) -> Vec<u64> {
    let digest = |row| exchange::stage::row_digest(&resource.keys, resource.own_digest[row], row);
    (0..resource.len()).map(digest).collect()
}

/// How many rows repeat an earlier one, by all blocks' digests.
pub(super) fn duplicates(drawer: &Drawer, digests: &[Blob]) -> batch::Result<u64> {
    let mut all: Vec<u64> = Vec::new();
    for blob in digests {
        all.extend(unpacked::<Vec<u64>>(&drawer.get(blob)?).unwrap_or_default());
    }
    all.par_sort_unstable();
    Ok(all.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64)
}

#[derive(Serialize)]
struct Quality<'a> {
    county: &'a str,
    as_of: Day,
    deliveries: &'a [Delivery],
    problems: &'a [Problem],
}

impl Intake {
    /// Writes `quality.json` and `rejects/` into a folder.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn write(&self, out: &Path) -> batch::Result<()> {
        let Self { county, quality, problems, .. } = self;
        let told = Quality { county: &county.code, as_of: county.as_of, deliveries: quality, problems };
        batch::write_whole(&out.join("quality.json"), |file| {
            serde_json::to_writer_pretty(&mut *file, &told)?;
            file.write_all(b"\n")
        })?;
        for (delivery, rejected) in quality.iter().zip(&self.rejects) {
            if !rejected.rejects.is_empty() {
                let folder = out.join("rejects").join(file_name(&delivery.department));
                batch::private_folder(&folder)?;
                let path = folder.join(format!("{}.csv", file_name(&delivery.resource)));
                write_rejects(&path, &rejected.rejects, &rejected.columns)?;
            }
        }
        Ok(())
    }
}

/// A name as it can stand in a path.
fn file_name(name: &str) -> String {
    name.replace(['/', '\\', ':', '\0'], "_").trim_start_matches('.').to_owned()
}

/// A value that a spreadsheet would take for a formula gets an apostrophe before it: rejects are opened in one.
fn harmless(value: &str) -> std::borrow::Cow<'_, str> {
    let number = value.strip_prefix(['+', '-']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number {
        return format!("'{value}").into();
    }
    value.into()
}

/// What was not taken, with reason and remedy in both languages.
pub(super) fn write_rejects(path: &Path, rejects: &[Reject], columns: &[String]) -> batch::Result<()> {
    let named = ["row", "column", "value", "reason", "remedy"].map(|name| (name, CellKind::Text));
    let target = Target::Csv { delimiter: b',', encoding: Encoding::Utf8, mark: false };
    let mut writer = RowWriter::create(path, &target, &named)?;
    for reject in rejects {
        let column = reject.column.and_then(|column| columns.get(usize::from(column)));
        writer.row(&[
            Cell::Whole(i64::from(reject.row)),
            column.map_or(Cell::Missing, |name| Cell::Text(name)),
            Cell::Text(&harmless(&reject.value)),
            Cell::Text(&reject.reason.reason().to_string()),
            Cell::Text(&reject.reason.remedy().to_string()),
        ])?;
    }
    writer.finish()
}
