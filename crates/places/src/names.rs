use crate::store;
use kernel::{Cx, Result};
use std::collections::BTreeMap;

/// The names of places by their keys, whole or only the first digits; a group the list doesn't know is called by its
/// village. What isn't there stays out.
///
/// # Errors
/// The database's.
pub async fn names(cx: &mut Cx, keys: &[String]) -> Result<BTreeMap<String, String>> {
    let known: BTreeMap<String, String> =
        store::list(cx).await?.into_iter().map(|place| (place.place, place.name)).collect();
    let name = |key: &String| {
        let padded = format!("{key:0<15}");
        let village = format!("{:0<15}", &padded[..12]);
        known.get(&padded).or_else(|| known.get(&village)).map(|name| (key.clone(), name.clone()))
    };
    Ok(keys.iter().filter_map(name).collect())
}
