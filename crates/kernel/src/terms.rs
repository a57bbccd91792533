//! How long things last at the door, and how often they are tried: data (`policy/limits.toml`).

use crate::Moment;

/// The periods of a program, in milliseconds. Those of [`Terms::default`] are the ones built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub session: SessionTerm,
    pub lockout: Lockout,
    pub webhook: Retries,
}

/// How long somebody stays signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTerm {
    /// Without a click for this long, a session ends.
    pub idle: i64,
    /// And after this long it ends in any case.
    pub absolute: i64,
    /// How many one person may have; one more ends the oldest.
    pub at_most: i64,
}

/// When an account is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// After this many failures in a row.
    pub failures: i64,
    /// For this long at first, twice as long at each failure after it.
    pub first: i64,
    pub longest: i64,
}

/// How long something is tried that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// The first wait; each one after it is twice as long.
    pub first: i64,
    pub longest: i64,
    /// After this long it is given up, and waits for a person.
    pub give_up: i64,
}

/// The wait behind that many failures.
const fn doubled(first: i64, longest: i64, times: i64) -> i64 {
    let times = if times < 0 {
        0
    } else if times > 20 {
        20
    } else {
        times
    };
    let wait = first << times;
    if wait > longest { longest } else { wait }
}

impl Lockout {
    /// The block after that many failures; none before the first that blocks.
    #[must_use]
    pub const fn block(self, count: i64) -> i64 {
        if count < self.failures { 0 } else { doubled(self.first, self.longest, count - self.failures) }
    }

    /// How many failures are left before the account is blocked.
    #[must_use]
    pub const fn left(self, count: i64) -> i64 {
        if count < self.failures { self.failures - count } else { 0 }
    }
}

impl Retries {
    /// How long to wait after that many failures, the first being 1.
    #[must_use]
    pub const fn wait(self, failures: i64) -> i64 {
        doubled(self.first, self.longest, failures - 1)
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            session: SessionTerm { idle: 30 * Moment::MINUTE, absolute: 12 * Moment::HOUR, at_most: 10 },
            lockout: Lockout { failures: 5, first: 5 * Moment::MINUTE, longest: Moment::DAY },
            webhook: Retries { first: Moment::MINUTE, longest: 6 * Moment::HOUR, give_up: 3 * Moment::DAY },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let Terms { lockout, webhook, .. } = Terms::default();
        let blocks: Vec<i64> = [4, 5, 6, 7, 13, 14, 500].map(|count| lockout.block(count) / Moment::MINUTE).into();
        assert_eq!(blocks, [0, 5, 10, 20, 1280, 1440, 1440]);
        assert_eq!([lockout.left(0), lockout.left(4), lockout.left(9)], [5, 1, 0]);
        assert_eq!([1, 2, 3, 99].map(|n| webhook.wait(n) / Moment::MINUTE), [1, 2, 4, 360]);
    }
}
