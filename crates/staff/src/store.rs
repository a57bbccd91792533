//! The only SQL of staff: accounts and posts, and what else it takes to sign in.

mod accounts;
mod factors;
mod posts;

pub(crate) use accounts::*;
pub(crate) use factors::*;
pub(crate) use posts::*;
