//! The procedures and the working calendar that are compiled into the program, and how others are checked.

use crate::model::{Calendar, Procedure};
use kernel::crypto::digest;
use kernel::{Error, Result};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use values::Day;

/// `policy/calendar.toml`.
pub const CALENDAR: &str = include_str!("../../../policy/calendar.toml");

macro_rules! files {
    ($($path:literal)*) => {
        /// The procedures of `policy/procedures/`, as (path, text).
        pub const PROCEDURES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../../policy/", $path)))),*];
    };
}

files! {
    "procedures/dibao.toml"
    "procedures/emergency.toml"
    "procedures/monitoring.toml"
}

/// Whether a file of a policy is for this crate; the others are rules and parameters.
#[must_use]
pub fn is_ours(path: &str) -> bool {
    path == "calendar.toml" || path.starts_with("procedures/")
}

/// Everything that is wrong with the procedures and the calendar of a policy, each with its file.
#[must_use]
pub fn check(files: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut read: Vec<(&str, Procedure)> = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| is_ours(path)) {
        if path == "calendar.toml" {
            wrong.extend(Calendar::parse(text).err().map(|sentence| format!("{path}: {sentence}")));
            continue;
        }
        match Procedure::parse(text) {
            Ok(procedure) => read.push((path, procedure)),
            Err(sentences) => wrong.extend(sentences.into_iter().map(|sentence| format!("{path}: {sentence}"))),
        }
    }
    for (at, (path, one)) in read.iter().enumerate() {
        let clash = read[..at].iter().find(|(_, other)| {
            other.id == one.id
                && other.region == one.region
                && other.valid_to.is_none_or(|to| one.valid_from <= to)
                && one.valid_to.is_none_or(|to| other.valid_from <= to)
        });
        if let Some((other, _)) = clash {
            wrong.push(format!("{path}: {other} says how {} goes in the same place and period", one.id));
        }
    }
    wrong
}

/// A procedure with the text it was read from and that text's digest, by which cases name it.
#[derive(Clone, Debug)]
pub struct Adopted {
    pub digest: String,
    pub text: String,
    pub procedure: Arc<Procedure>,
}

static READ: LazyLock<Mutex<HashMap<String, Arc<Procedure>>>> = LazyLock::new(Mutex::default);
static WORKED: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse(CALENDAR).unwrap_or_default());
static BUILT_IN: LazyLock<Vec<Adopted>> =
    LazyLock::new(|| PROCEDURES.iter().filter_map(|(_, text)| adopt(text).ok()).collect());

/// The days that are worked.
#[must_use]
pub fn calendar() -> &'static Calendar {
    &WORKED
}

/// Reads a procedure, once for each text.
///
/// # Errors
/// What is wrong with it.
pub fn adopt(text: &str) -> Result<Adopted> {
    let digest = digest(text);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let procedure = match read.get(&digest) {
        Some(procedure) => Arc::clone(procedure),
        None => {
            let procedure = Procedure::parse(text).map_err(|wrong| Error::internal(wrong.join("\n")))?;
            Arc::clone(read.entry(digest.clone()).or_insert(Arc::new(procedure)))
        }
    };
    Ok(Adopted { digest, text: text.to_owned(), procedure })
}

/// The procedures for a place on a day. Where several of one id hold, the one for the narrowest region.
#[must_use]
pub fn in_force(place: &str, on: Day) -> Vec<&'static Adopted> {
    let mut found: Vec<&Adopted> = BUILT_IN.iter().filter(|one| one.procedure.holds(place, on)).collect();
    found.sort_by_key(|one| (one.procedure.id.clone(), std::cmp::Reverse(one.procedure.region.len())));
    found.dedup_by_key(|one| one.procedure.id.clone());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, String)> {
        let built_in = PROCEDURES.iter().chain(&[("calendar.toml", CALENDAR)]);
        built_in.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_procedures_have_nothing_wrong() {
        assert_eq!(check(&files()), Vec::<String>::new());
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/procedures")).unwrap();
        assert_eq!(folder.count(), PROCEDURES.len(), "every procedure of the folder is in the list");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file() {
        let broken = |from: &str, to: &str| {
            let mut files = files();
            let (_, text) = files.iter_mut().find(|(path, _)| path == "procedures/emergency.toml").unwrap();
            assert!(text.contains(from), "{from}");
            *text = text.replacen(from, to, 1);
            check(&files).join("\n")
        };
        assert!(broken("status      =", "stauts      =").contains("unknown field `stauts`"));
        assert!(broken("en = \"Emergency help\"", "en = \"\"").contains("the procedure says nothing in en"));
        assert!(broken("to    = \"confirmation\"", "to    = \"nowhere\"").contains("there is no step or end nowhere"));
        assert!(
            broken("kind = \"measures_given\"", "kind = \"measures_gone\"").contains("no gate of kind measures_gone")
        );
        assert!(broken("{head}家", "{id_number}家").contains("a notice can't say {id_number}"));
        let gap = broken("to    = \"completed\"", "to    = \"help_first\"");
        assert!(gap.contains("no way leads from there to an end"), "{gap}");
    }

    #[test]
    fn a_procedure_holds_for_its_region_and_period() {
        let on = |text| Day::parse_iso(text).unwrap();
        let ids =
            |day| in_force("539901001001000", day).iter().map(|one| one.procedure.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids(on("2026-09-30")), ["dibao", "emergency", "monitoring"]);
        assert!(ids(on("2024-12-31")).is_empty());
    }
}
