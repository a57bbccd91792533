//! A village to test in: a running platform with its own store, a clock that stands still, and people who visit.
//!
//! A domain's tests are stories told through the web door: `village.sign_in("zhangmin").await.get("/findings")`.
//! [`Village::on_both`] tells a story twice, on SQLite and on a real PostgreSQL, which [`postgres`] starts where no
//! `DATABASE_URL` names one. [`scope_walk`] proves that a stranger sees nothing, and [`statements`] that every SQL
//! text of a crate is understood by both databases.
//! The village is told its domains; it knows none. [`county`] is the one most of them tell their stories in.

#![expect(clippy::unwrap_used, reason = "this crate is part of tests: a surprise ends the test with its place")]

pub mod county;
pub mod postgres;
pub mod scope_walk;
pub mod statements;
mod village;
mod visitor;

pub use village::{Engine, PASSWORD, Setup, Village};
pub use visitor::{Answer, Visitor};
