//! Reads `policy/limits.toml`.

use kernel::Moment;
use kernel::limits::{Limits, Rate};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `policy/limits.toml`, as it is built in.
pub const LIMITS: &str = include_str!("../../../policy/limits.toml");

#[derive(Deserialize)]
struct File {
    #[serde(rename = "status")]
    _status: String,
    #[serde(flatten)]
    limits: BTreeMap<String, Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    times: u32,
    seconds: u32,
}

/// The rates a text names.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn limits(text: &str) -> Result<Limits, String> {
    let file: File = toml::from_str(text).map_err(|cause| format!("limits.toml: {}", cause.message()))?;
    let wrong = |(name, written): (&String, &Written)| {
        (written.times == 0 || written.seconds == 0).then(|| format!("limits.toml: {name} allows nothing at all"))
    };
    if let Some(sentence) = file.limits.iter().find_map(wrong) {
        return Err(sentence);
    }
    let rate = |written: &Written| Rate {
        times: i64::from(written.times),
        within: i64::from(written.seconds) * Moment::SECOND,
    };
    Ok(Limits::new(file.limits.iter().map(|(name, written)| (name.clone(), rate(written))).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_read_and_nonsense_is_told() {
        assert!(limits(LIMITS).is_ok());
        assert!(
            limits("status = \"example\"\n[search]\ntimes = 0\nseconds = 1\n")
                .is_err_and(|said| said.contains("search"))
        );
        assert!(limits("status = \"example\"\n[search]\ntimes = \"often\"\nseconds = 1\n").is_err());
    }
}
