//! What crosses domains: every route against a table written by hand, every page in both languages, every table
//! with a domain, every statement on both databases, nothing seen outside of scope.

mod language;
mod rights;
mod store;
mod village;
