//! Indicators: numbers about the work, each with its formula, its caveats, and the families it is made of.
//!
//! What is worked out stands in `policy/indicators.toml` ([`policy`]), and is read and judged by [`model`]. This crate
//! has no tables: it stands above screening and counts what people decided there. A number is of the post's whole
//! place; the families behind it are listed only as far as the reader may see them, and no small number leaves the
//! work area.

pub mod model;
mod pages;
pub mod policy;
mod store;
#[cfg(test)]
mod tests;

pub use pages::READ_INDICATORS;

use kernel::{Domain, Language};

const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// What the platform takes in.
#[must_use]
pub fn domain() -> Domain {
    Domain { routes: pages::routes(), menu: pages::menu(), locales: ui::learn(LOCALES), ..Domain::named("indicators") }
}
