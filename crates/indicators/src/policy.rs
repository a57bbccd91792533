//! The indicators that are compiled into the program, and how others are checked.

use crate::model::{Indicators, parse};
use std::sync::LazyLock;

/// `policy/indicators.toml`.
pub const INDICATORS: &str = include_str!("../../../policy/indicators.toml");

/// The file's path in a policy folder.
pub const PATH: &str = "indicators.toml";

static BUILT_IN: LazyLock<Indicators> = LazyLock::new(|| parse(INDICATORS).unwrap_or_default());

/// The indicators that are compiled into the program.
#[must_use]
pub fn built_in() -> &'static Indicators {
    &BUILT_IN
}

/// Everything that is wrong with the indicators of a policy, each with its file.
#[must_use]
pub fn check(text: &str) -> Vec<String> {
    parse(text).err().unwrap_or_default().into_iter().map(|sentence| format!("{PATH}: {sentence}")).collect()
}
