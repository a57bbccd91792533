//! The only SQL of staff: accounts and posts, and what else it takes to sign in.

mod accounts;
mod factors;
mod posts;
mod provider;

pub(crate) use accounts::*;
pub(crate) use factors::*;
pub(crate) use posts::*;
pub(crate) use provider::*;

use kernel::retention::{About, Keep};

/// What is kept for a while: failed sign-ins, factors that were ended, recovery codes that were used.
pub const KEEPS: &[Keep] = &[
    Keep {
        what: "sign_in_failures",
        about: About::Program,
        count: "select count(*) from sign_in_failures where $1 <> '' and blocked_until < $2",
        remove: &["delete from sign_in_failures where account_blind in
                   (select account_blind from sign_in_failures where $1 <> '' and blocked_until < $2 limit 1000)"],
    },
    Keep {
        what: "passkey_challenges",
        about: About::Program,
        count: "select count(*) from passkey_challenges where county_id in ($1, '') and used_at < $2",
        remove: &["delete from passkey_challenges where challenge in
                   (select challenge from passkey_challenges where county_id in ($1, '') and used_at < $2 limit 1000)"],
    },
    Keep {
        what: "ended_factors",
        about: About::Program,
        count: "select count(*) from second_factors where county_id = $1 and ended_at < $2",
        remove: &["delete from second_factors where id in
                   (select id from second_factors where county_id = $1 and ended_at < $2 limit 1000)"],
    },
    Keep {
        what: "used_recovery_codes",
        about: About::Program,
        count: "select count(*) from recovery_codes where county_id = $1 and used_at < $2",
        remove: &["delete from recovery_codes where code in
                   (select code from recovery_codes where county_id = $1 and used_at < $2 limit 1000)"],
    },
];
