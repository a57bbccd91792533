//! What people do about accounts and posts, and how they come in.

mod accounts;
mod posts;
mod provider;
mod sign_in;

pub use accounts::open_account;
pub(crate) use accounts::{
    change_password, close_account, end_factors, of_county, open_account_for, open_with_hash, reset_password,
};
pub use posts::give_post;
pub(crate) use posts::{appoint, delegate, end_post, take_back};
pub(crate) use provider::{come_by_provider, link, unlink};
pub(crate) use sign_in::{Need, SignedIn, end_session, fail_at_factor, find_block, go_on, need, sign_in, sign_out};
