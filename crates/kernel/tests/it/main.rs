//! The kernel's promises, kept on SQLite and on PostgreSQL, shown on a small domain of flocks of sheep.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

mod changes;
mod dump;
mod flock;
mod keys;
mod load;
mod scope;
mod trail;
mod work;
