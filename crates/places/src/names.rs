use crate::store;
use kernel::{Cx, Result};
use std::collections::BTreeMap;

/// The names of places by their keys, whole or only the first digits; a group the list doesn't know is called by its
/// village. What isn't there stays out.
///
/// # Errors
/// The database's.
pub async fn names(cx: &mut Cx, keys: &[String]) -> Result<BTreeMap<String, String>> {
    let padded = |key: &String| format!("{key:0<15}");
    let village = |key: &String| format!("{:0<15}", &padded(key)[..12]);
    let mut asked: Vec<String> = keys.iter().flat_map(|key| [padded(key), village(key)]).collect();
    asked.sort_unstable();
    asked.dedup();
    let known: BTreeMap<String, String> = store::list_names(cx, &asked).await?.into_iter().collect();
    let name = |key: &String| {
        let (padded, village) = (padded(key), village(key));
        known.get(&padded).or_else(|| known.get(&village)).map(|name| (key.clone(), name.clone()))
    };
    Ok(keys.iter().filter_map(name).collect())
}

/// The villages that a typed text names, by themselves or by the township they lie in: the first 12 digits of their
/// keys.
///
/// # Errors
/// The database's.
pub async fn villages_named(cx: &mut Cx, text: &str) -> Result<Vec<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let all = store::list(cx).await?;
    let named: Vec<&str> = all
        .iter()
        .filter(|place| matches!(place.level.as_str(), "township" | "village") && place.name.contains(text))
        .map(|place| place.place.trim_end_matches('0'))
        .collect();
    let lies_in = |key: &str| named.iter().any(|prefix| key.starts_with(prefix));
    let villages = all.iter().filter(|place| place.level == "village" && lies_in(&place.place));
    Ok(villages.map(|place| place.place[..12].to_owned()).collect())
}
