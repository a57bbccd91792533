//! What crosses domains: every route against a table written by hand, every page in both languages, every table
//! with a domain, every statement on both databases, nothing seen outside of scope.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

mod families;
mod forged;
mod forms;
mod hostile;
mod language;
mod machines;
mod people;
mod retention;
mod rights;
mod scope;
mod sealed;
mod sheets;
mod store;
mod village;
