//! Deadlines are told on their day, and once they have passed, one level up as well.

use crate::model::{CaseId, Level};
use crate::store;
use kernel::events::{Event, emit};
use kernel::{Cx, Doing, Error, Result};
use serde::Serialize;

/// The job that tells; its subject is `case:version:due` or `case:version:late`.
pub const REMIND: &str = "casework.remind";

/// Told to whoever listens: a deadline came, or passed.
#[derive(Serialize)]
struct Reminded<'r> {
    case: &'r CaseId,
    kind: &'r str,
    levels: &'r str,
}

impl Event for Reminded<'_> {
    const KIND: &'static str = "case_reminded";

    fn subject(&self) -> &str {
        self.case.as_str()
    }
}

pub fn run(cx: Cx, subject: String) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move { remind(&mut cx, &subject).await })
}

async fn remind(cx: &mut Cx, subject: &str) -> Result<()> {
    let mut parts = subject.split(':');
    let (Some(case), Some(version), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::internal(format!("{subject:?} names no deadline")));
    };
    let case = store::get_case(cx, &CaseId(case.to_owned())).await?;
    let state = store::find_state(cx, &case.id).await?;
    let Some(state) = state.filter(|state| state.version.to_string() == version) else { return Ok(()) };
    if kind == "due" && state.due_on < cx.today() {
        // Nobody was there to tell on the day itself; that it is late is told by the other.
        return Ok(());
    }
    let mut levels: Vec<Level> = state.levels.split(',').filter_map(Level::from_code).collect();
    if kind == "late" {
        levels.extend(levels.clone().into_iter().map(Level::up));
    }
    levels.sort_unstable();
    levels.dedup();
    let levels = levels.into_iter().map(Level::code).collect::<Vec<_>>().join(",");
    store::insert_reminder(cx, &case, state.version, kind, &levels).await?;
    emit(cx, &Reminded { case: &case.id, kind, levels: &levels }).await
}
