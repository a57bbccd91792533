//! The ground every domain stands on: one context, one error, two databases.
//!
//! A handler takes a [`Cx`]: who asks, in which language, at what time, inside which transaction.
//! SQL is written once for SQLite and PostgreSQL and run through [`Cx::sql`] or, wherever a family could
//! be seen, through [`Cx::scoped`], which adds what this person's posts let them see.
//! [`Routes`] demands a [`Permission`] for every route; [`web`] begins, commits, retries and rolls back.
//! Events, commands, jobs, the audit chain and household keys are here so that no domain builds its own.
//! Clock, randomness and keys are given from outside as a [`World`]; nothing here names a domain.

#[macro_use]
mod record;
mod remembered;

pub mod audit;
pub mod bulk;
mod catalogue_postgres;
mod catalogue_sqlite;
pub mod commands;
pub mod crypto;
mod cx;
mod db;
mod domain;
pub mod dump;
mod error;
pub mod events;
pub mod hex;
mod ids;
pub mod jobs;
mod known;
pub mod limits;
pub mod migrations;
pub mod outbound;
mod permission;
pub mod provider;
mod query;
mod readers;
pub mod retention;
mod routes;
mod scope;
pub mod sessions;
pub mod signature;
mod staff;
mod terms;
pub mod tokens;
pub mod totp;
pub mod web;
mod world;

pub use cx::{Cx, Visit, Walk};
pub use db::Db;
pub use domain::{Domain, Hit, MenuEntry, MenuGroup, Panel, SearchProvider};
pub use error::{Error, FieldErrors, Kept, Message, OnConstraint, Result, message};
pub use ids::content_id;
pub use migrations::Migration;
pub use permission::{PUBLIC, Permission, RESIDENT, Role, SIGNED_IN};
pub use query::{Query, Record, Value};
pub use remembered::Remembered;
pub use routes::{Route, Routes, Verb};
pub use scope::{Columns, Interval, Opening, OpeningKind, PlaceKey, Scope};
pub use staff::{Language, Post, Staff, StaffId, Who};
pub use terms::{Lockout, Retries, SessionTerm, Terms};
pub use uuid::Uuid;
pub use values::stored_as;
pub use world::{Clock, Dice, Moment, Press, Unprinted, World};

/// A boxed future: what domains hand in as jobs, subscribers and search providers.
pub type Doing<T> = std::pin::Pin<Box<dyn Future<Output = Result<T>> + Send>>;
