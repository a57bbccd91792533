//! Taking what was delivered into the store: each resource with its quality, and what went back to its department.

use crate::problem::Wording;
use crate::quality::Delivery;
use crate::rejects::Reject;
use households::load::{RECORDED_BY, RunLoad};
use kernel::bulk::Target;
use kernel::{Result, content_id};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A resource as delivered, and the kinds of fault found in it.
#[derive(Clone, Debug)]
pub struct DeliveryIn {
    pub quality: Delivery,
    pub rejects: Vec<Fault>,
    pub places: Vec<PlaceIn>,
}

/// What a department knows of a township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceIn {
    /// The township's code, 9 digits.
    pub place: String,
    /// Whether the department answered for it at all.
    pub answered: bool,
    pub households: i64,
    /// Of these, those with a record.
    pub told: i64,
}

/// One kind of fault: how often, one example, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The column as the department calls it; empty where the whole row is at fault.
    pub field: String,
    pub reason: Wording,
    pub remedy: Wording,
    /// The data row of the example in the file as delivered, from 1.
    pub row: u32,
    /// Masked where sensitive.
    pub example: String,
    pub counted: i64,
}

/// Brings the rejects of a resource together by column and reason, the most frequent first. `column` names a column
/// by its number.
#[must_use]
pub fn faults<'r>(rejects: impl Iterator<Item = &'r Reject>, column: impl Fn(u16) -> String) -> Vec<Fault> {
    let mut found: BTreeMap<(Option<u16>, String), Fault> = BTreeMap::new();
    for reject in rejects {
        let reason = reject.reason.reason();
        let fault = found.entry((reject.column, reason.en.clone())).or_insert_with(|| Fault {
            field: reject.column.map(&column).unwrap_or_default(),
            remedy: reject.reason.remedy(),
            row: reject.row,
            example: reject.value.clone(),
            counted: 0,
            reason,
        });
        fault.counted += 1;
    }
    let mut faults: Vec<Fault> = found.into_values().collect();
    faults.sort_by_key(|fault| -fault.counted);
    faults
}

/// A column's quality as the source's page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnShown {
    pub name: String,
    pub means: Option<String>,
    pub missing_share: f64,
    pub invalid_share: f64,
    pub doubtful: u64,
}

/// Takes in what a run read, and supersedes the older deliveries.
///
/// # Errors
/// The database's.
pub async fn deliveries(run: &mut RunLoad<'_>, deliveries: &[DeliveryIn]) -> Result<u64> {
    run.supersede(
        "update deliveries set superseded_at = $1, superseded_by = $2
         where county_id = $3 and run <> $2 and superseded_at is null /* unscoped: the newer run's take its place */",
    )
    .await?;
    let ids: Vec<String> = deliveries
        .iter()
        .map(|one| content_id("delivery", &[&run.run, &one.quality.department, &one.quality.resource]).to_string())
        .collect();
    let inserted = insert(run, deliveries, &ids).await?;
    let faults = deliveries.iter().zip(&ids).flat_map(|(one, id)| one.rejects.iter().zip(1..).map(move |r| (id, r)));
    let target = Target {
        table: "delivery_rejects",
        columns: &[
            "delivery",
            "county_id",
            "position",
            "field",
            "reason_zh",
            "reason_en",
            "remedy_zh",
            "remedy_en",
            "example_row",
            "example",
            "counted",
        ],
        skip_existing: false,
    };
    let county = run.county.clone();
    run.load
        .insert(target, faults.collect::<Vec<_>>(), |(id, (fault, position)), row| {
            row.text(id).text(&county).int(position).text(&fault.field).text(&fault.reason.zh).text(&fault.reason.en);
            row.text(&fault.remedy.zh).text(&fault.remedy.en).int(i64::from(fault.row)).text(&fault.example);
            row.int(fault.counted);
        })
        .await?;
    insert_places(run, deliveries, &ids).await?;
    Ok(inserted)
}

async fn insert_places(run: &mut RunLoad<'_>, deliveries: &[DeliveryIn], ids: &[String]) -> Result<u64> {
    let target = Target {
        table: "delivery_places",
        columns: &["delivery", "county_id", "place", "answered", "households", "told"],
        skip_existing: true,
    };
    let county = run.county.clone();
    let places = deliveries.iter().zip(ids).flat_map(|(one, id)| one.places.iter().map(move |place| (id, place)));
    run.load
        .insert(target, places.collect::<Vec<_>>(), |(id, place), row| {
            row.text(id).text(&county).text(&place.place).int(i64::from(place.answered));
            row.int(place.households).int(place.told);
        })
        .await
}

async fn insert(run: &mut RunLoad<'_>, deliveries: &[DeliveryIn], ids: &[String]) -> Result<u64> {
    let target = Target {
        table: "deliveries",
        columns: &[
            "id",
            "county_id",
            "run",
            "department",
            "resource",
            "title",
            "record",
            "nature",
            "purpose",
            "legal_basis",
            "file",
            "as_of",
            "rows_read",
            "rows_kept",
            "rows_rejected",
            "rows_set_aside",
            "duplicates",
            "coverage",
            "columns",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: false,
    };
    let mut rows = Vec::with_capacity(deliveries.len());
    for (one, id) in deliveries.iter().zip(ids) {
        let columns: Vec<ColumnShown> = one.quality.columns.iter().map(shown).collect();
        let nature = serde_json::to_value(one.quality.nature)?.as_str().unwrap_or_default().to_owned();
        let coverage = serde_json::to_string(&one.quality.coverage)?;
        rows.push((&one.quality, id, nature, coverage, serde_json::to_string(&columns)?));
    }
    let (county, run_id, now) = (run.county.clone(), run.run.clone(), run.now);
    run.load
        .insert(target, rows, |(one, id, nature, coverage, columns), row| {
            row.text(id).text(&county).text(&run_id).text(&one.department).text(&one.resource).text(&one.title);
            row.text(&one.record).text(&nature).text(&one.purpose).text(&one.legal_basis).text(&one.file);
            row.text(&one.as_of.to_string()).int(one.rows as i64).int(one.kept as i64);
            row.int(one.rejected_rows as i64 + one.rejected_cells as i64).int(one.set_aside as i64);
            row.int(one.duplicates as i64).text(&coverage).text(&columns).moment(now).text(RECORDED_BY);
        })
        .await
}

fn shown(column: &crate::quality::ColumnQuality) -> ColumnShown {
    ColumnShown {
        name: column.name.clone(),
        means: column.means.clone(),
        missing_share: column.missing_share,
        invalid_share: column.invalid_share,
        doubtful: column.doubtful,
    }
}
