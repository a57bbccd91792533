//! Chance, seeded: every part of the county draws from its own stream, so that parts can be made in any order.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers. Only integers and comparisons are used, so every machine draws the same.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of one part (`what`) of one village or slot (`index`) of the county of this seed.
    pub fn new(seed: u64, what: u64, index: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(mix(mix(mix(seed) ^ what) ^ index)))
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// 0 ≤ n < `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(end)) >> 32) as u32
    }

    /// Both ends included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as u32) as i32
    }

    /// True in `share` of a million cases.
    pub fn per_million(&mut self, share: u32) -> bool {
        self.below(1_000_000) < share
    }

    /// True in `share` of a hundred cases.
    pub fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// An index, drawn by weight.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (i, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return i;
            }
            rest -= weight;
        }
        weights.len() - 1
    }

    /// Around the middle more often than at the ends, both included.
    pub fn around(&mut self, low: i32, high: i32) -> i32 {
        let span = high - low;
        low + (self.between(0, span) + self.between(0, span) + self.between(0, span)) / 3
    }

    /// Mostly near `low`, seldom near `high`.
    pub fn skewed(&mut self, low: i32, high: i32) -> i32 {
        let (a, b) = (self.below(10_000), self.below(10_000));
        let share = i64::from(a.min(b)) * i64::from(self.below(10_000));
        low + (i64::from(high - low) * share / 100_000_000) as i32
    }
}

/// Spreads the bits of a number (SplitMix64).
pub const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
