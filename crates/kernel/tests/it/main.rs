//! The kernel's promises, kept on SQLite and on PostgreSQL, shown on a small domain of flocks of sheep.

mod changes;
mod flock;
mod keys;
mod load;
mod scope;
mod trail;
mod work;
