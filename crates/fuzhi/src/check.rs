//! `fuzhi check`: what a run would reject, told before delivery by the same code.

use crate::intake::{Intake, Rejected};
use exchange::Problem;
use exchange::quality::Delivery;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// What would be rejected, and how good the rest is.
#[derive(Debug, Serialize)]
pub struct Report {
    pub deliveries: Vec<Checked>,
    pub problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
pub struct Checked {
    #[serde(flatten)]
    pub delivery: Delivery,
    pub faults: Vec<Fault>,
}

/// One kind of fault in one column.
#[derive(Debug, Serialize)]
pub struct Fault {
    /// Empty where whole rows are at fault.
    pub column: String,
    pub reason: exchange::Wording,
    pub remedy: exchange::Wording,
    pub count: u64,
    /// The first rows at fault, and their values, masked where sensitive.
    pub examples: Vec<(u32, String)>,
}

const EXAMPLES: usize = 3;

/// Looks at a county's folder, a delivery's folder, or one file of a delivery.
///
/// # Errors
/// When nothing there describes a delivery.
pub fn check(path: &Path) -> Result<Report, Problem> {
    let intake = Intake::preview(path)?;
    let checked = |(delivery, rejected): (Delivery, Rejected)| Checked { delivery, faults: faults(&rejected) };
    let deliveries = intake.quality.into_iter().zip(intake.rejects).map(checked).collect();
    Ok(Report { deliveries, problems: intake.problems })
}

fn faults(rejected: &Rejected) -> Vec<Fault> {
    // By column first, whole rows before all.
    let mut faults: BTreeMap<(Option<u16>, String), Fault> = BTreeMap::new();
    for reject in &rejected.rejects {
        let reason = reject.reason.reason();
        let name = reject.column.and_then(|column| rejected.columns.get(usize::from(column)));
        let fault = faults.entry((reject.column, reason.en.clone())).or_insert_with(|| Fault {
            column: name.cloned().unwrap_or_default(),
            reason,
            remedy: reject.reason.remedy(),
            count: 0,
            examples: Vec::new(),
        });
        fault.count += 1;
        if fault.examples.len() < EXAMPLES {
            fault.examples.push((reject.row, reject.value.clone()));
        }
    }
    faults.into_values().collect()
}

impl Report {
    /// Whether everything could be taken as it is.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.deliveries.iter().all(|checked| checked.faults.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "✗ {problem}")?;
        }
        for Checked { delivery, faults } in &self.deliveries {
            let mark = if faults.is_empty() { '✓' } else { '!' };
            let Delivery { file, rows, kept, rejected_cells, .. } = delivery;
            writeln!(
                f,
                "{mark} {file}: 共 {rows} 行，可用 {kept} 行，拒收 {rejected_cells} 个单元格 / \
                 {rows} rows, {kept} usable, {rejected_cells} cells rejected"
            )?;
            for fault in faults {
                let column = if fault.column.is_empty() { "整行 / whole row" } else { &fault.column };
                writeln!(f, "    {column} × {}: {}", fault.count, fault.reason)?;
                for (row, value) in &fault.examples {
                    writeln!(f, "        {row}: {value}")?;
                }
                writeln!(f, "      → {}", fault.remedy)?;
            }
        }
        if self.is_clean() {
            writeln!(f, "没有问题 / nothing would be rejected")?;
        }
        Ok(())
    }
}
