//! How often somebody may do something: data (`policy/limits.toml`), held to by a count in memory.
//!
//! A limit slows down whoever guesses, copies or floods; it isn't a permission. Each process counts for itself, and a
//! restart forgets.

use crate::{Cx, Error, Moment, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many times within so many milliseconds, spread as it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub times: i64,
    pub within: i64,
}

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Where the request comes from.
    Address,
    /// The person, or the token a machine came by.
    Account,
}

/// Something that is limited, as a constant of whoever does it:
/// `const SEARCH: Limit = Limit { name: "search", per: Per::Account };`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub per: Per,
}

/// The rates of a program, by the names of limits, and who has used up how much. A limit without a rate is none.
#[derive(Clone, Default)]
pub struct Limits {
    rates: Arc<BTreeMap<String, Rate>>,
    /// By limit and whom: the moment at which nothing is used up any more.
    used: Arc<Mutex<BTreeMap<(&'static str, String), Moment>>>,
}

/// Those who have nothing used up are forgotten when there are more than that.
const MANY: usize = 10_000;

impl Limits {
    #[must_use]
    pub fn new(rates: BTreeMap<String, Rate>) -> Self {
        Self { rates: Arc::new(rates), used: Arc::default() }
    }

    /// Counts one time; the number of seconds to wait when it is too soon.
    fn spend(&self, limit: Limit, whom: String, now: Moment) -> Option<i64> {
        let rate = self.rates.get(limit.name).filter(|rate| rate.times > 0)?;
        let each = (rate.within / rate.times).max(1);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() > MANY {
            used.retain(|_, until| *until > now);
        }
        let until = used.entry((limit.name, whom)).or_insert(now);
        *until = (*until).max(now).plus(each);
        let ahead = until.0 - now.0 - each * rate.times;
        if ahead <= 0 {
            return None;
        }
        *until = until.plus(-each);
        Some((ahead + Moment::SECOND - 1) / Moment::SECOND)
    }
}

impl Cx {
    /// Counts one time of something that is limited.
    ///
    /// # Errors
    /// [`Error::TooMany`] when this person or address has done it too often.
    pub fn spend(&self, limit: Limit) -> Result<()> {
        let whom = match limit.per {
            Per::Address => self.visit.address.clone(),
            Per::Account => self.token.as_ref().map_or_else(|| self.who.label(), |token| token.id.clone()),
        };
        match self.world().limits.spend(limit, whom, self.now) {
            None => Ok(()),
            Some(seconds) => Err(Error::TooMany { seconds }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCH: Limit = Limit { name: "search", per: Per::Account };

    #[test]
    fn three_a_minute_then_one_every_twenty_seconds_and_each_for_themselves() {
        let rates = [("search".to_owned(), Rate { times: 3, within: Moment::MINUTE })];
        let limits = Limits::new(rates.into());
        let at = |seconds: i64| limits.spend(SEARCH, "wang".to_owned(), Moment(seconds * Moment::SECOND));
        assert_eq!([at(0), at(0), at(0)], [None, None, None]);
        assert_eq!(at(0), Some(20));
        assert_eq!(at(5), Some(15));
        assert_eq!(limits.spend(SEARCH, "li".to_owned(), Moment(0)), None);
        assert_eq!([at(20), at(21)], [None, Some(19)]);
        assert_eq!(limits.spend(Limit { name: "else", per: Per::Account }, "wang".to_owned(), Moment(0)), None);
    }
}
