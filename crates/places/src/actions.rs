use crate::model::{Place, Row, level};
use crate::store;
use kernel::{Cx, Error, PlaceKey, Result};
use std::collections::BTreeMap;
use values::Day;

/// Takes the rows of `places.csv`; gives how many places are new or changed. The same rows again change nothing.
///
/// A place that only got a new code (one predecessor, one successor, the same level and parent) stays the same
/// place. Merged and split places are new ones, and their predecessors remember them.
///
/// # Errors
/// [`Error::Internal`] naming the code, field and remedy when a row can't be read.
pub async fn load(cx: &mut Cx, rows: &[Row]) -> Result<usize> {
    let known = store::keys(cx).await?;
    let keys = keys_of(rows, &known)?;
    let before: BTreeMap<(String, String), Place> =
        store::list(cx).await?.into_iter().map(|place| ((place.place.clone(), place.code.clone()), place)).collect();
    let mut changed = 0;
    for row in rows {
        let place = place_of(row, &keys)?;
        let was = before.get(&(place.place.clone(), place.code.clone()));
        if was == Some(&place) {
            continue;
        }
        if let Some(was) = was {
            store::supersede(cx, was).await?;
        }
        store::insert(cx, &place).await?;
        changed += 1;
    }
    for row in rows {
        for code in row.successor_codes() {
            let (from, to) = (key_of(&keys, &row.code)?, key_of(&keys, code)?);
            if from != to {
                store::insert_successor(cx, from, to).await?;
            }
        }
    }
    Ok(changed)
}

/// The key of every code: what it was given before, its predecessor's when only the code changed, else its own.
fn keys_of(rows: &[Row], known: &BTreeMap<String, PlaceKey>) -> Result<BTreeMap<String, PlaceKey>> {
    let mut predecessors: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        for code in row.successor_codes() {
            predecessors.entry(code).or_default().push(row);
        }
    }
    let mut keys = known.clone();
    for row in rows {
        let mut first = row;
        // A code may have changed more than once; a circle of successors ends where it began.
        for _ in 0..rows.len() {
            match predecessors.get(first.code.as_str()).map(Vec::as_slice) {
                Some([before]) if only_renumbered(before, first) && before.code != row.code => first = before,
                _ => break,
            }
        }
        if !keys.contains_key(&row.code) {
            let key = match known.get(&first.code) {
                Some(key) => *key,
                None => PlaceKey::from_code(&first.code).map_err(|_| wrong(row, "code", "12 or 15 digits"))?,
            };
            keys.insert(row.code.clone(), key);
        }
    }
    Ok(keys)
}

fn only_renumbered(before: &Row, after: &Row) -> bool {
    before.successor_codes().count() == 1 && before.level == after.level && before.parent == after.parent
}

fn place_of(row: &Row, keys: &BTreeMap<String, PlaceKey>) -> Result<Place> {
    if level(&row.level).is_none() {
        return Err(wrong(row, "level", "province, prefecture, county, township, village or group"));
    }
    let day = |field, text: &str| match text {
        "" => Ok(None),
        text => Day::parse_iso(text).map(Some).map_err(|_| wrong(row, field, "a day such as 2026-09-30")),
    };
    let parent = match row.parent.as_str() {
        "" => None,
        // The county's own parent need not be delivered with it.
        code => Some(keys.get(code).copied().map_or_else(|| PlaceKey::from_code(code), Ok)?.to_string()),
    };
    Ok(Place {
        place: key_of(keys, &row.code)?.to_string(),
        code: row.code.clone(),
        name: row.name.clone(),
        level: row.level.clone(),
        parent,
        valid_from: day("valid_from", &row.valid_from)?,
        valid_to: day("valid_to", &row.valid_to)?,
    })
}

/// A successor may be named before or without its own row.
fn key_of(keys: &BTreeMap<String, PlaceKey>, code: &str) -> Result<PlaceKey> {
    keys.get(code).copied().map_or_else(|| PlaceKey::from_code(code), Ok)
}

fn wrong(row: &Row, field: &str, wanted: &str) -> Error {
    Error::internal(format!("places.csv, code {}: {field} must be {wanted}; correct it and deliver it again", row.code))
}
