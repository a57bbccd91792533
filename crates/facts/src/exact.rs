//! Money shares kept exact until a household's sum: contract §4 rounds down to the fen only there.

use values::Bounds;

/// Fen as a whole part and a fraction in `0..1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    whole: i128,
    part: i128,
    of: i128,
}

impl Share {
    const ZERO: Self = Self { whole: 0, part: 0, of: 1 };

    fn new(amount: i64, times: i32, of: i32) -> Self {
        let (total, of) = (i128::from(amount) * i128::from(times), i128::from(of.max(1)));
        Self { whole: total.div_euclid(of), part: total.rem_euclid(of), of }.reduced()
    }

    fn reduced(self) -> Self {
        let divisor = gcd(self.part, self.of);
        Self { part: self.part / divisor, of: self.of / divisor, ..self }
    }

    fn plus(self, other: Self) -> Self {
        if self.part == 0 || other.part == 0 {
            let (part, of) = if self.part == 0 { (other.part, other.of) } else { (self.part, self.of) };
            return Self { whole: self.whole + other.whole, part, of };
        }
        let scale = other.of / gcd(self.of, other.of);
        // Beyond any real calendar the fraction gives way, never the whole fen.
        let Some(of) = self.of.checked_mul(scale) else { return Self { whole: self.whole + other.whole, ..self } };
        let part = self.part * scale + other.part * (of / other.of);
        Self { whole: self.whole + other.whole + part.div_euclid(of), part: part.rem_euclid(of), of }.reduced()
    }

    fn negated(self) -> Self {
        if self.part == 0 {
            Self { whole: -self.whole, ..self }
        } else {
            Self { whole: -self.whole - 1, part: self.of - self.part, of: self.of }
        }
    }

    fn less(self, other: Self) -> bool {
        (self.whole, self.part.saturating_mul(other.of)) < (other.whole, other.part.saturating_mul(self.of))
    }

    fn floor(self) -> i64 {
        self.whole.clamp(i128::from(i64::MIN + 1), i128::from(i64::MAX - 1)) as i64
    }
}

const fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

/// An amount known within limits, exact to the fraction of a fen. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    low: Option<Share>,
    high: Option<Share>,
}

impl Amount {
    pub const ZERO: Self = Self { low: Some(Share::ZERO), high: Some(Share::ZERO) };
    pub const UNKNOWN: Self = Self { low: None, high: None };
    /// Nobody knows how much, but it isn't negative.
    pub const SOME: Self = Self { low: Some(Share::ZERO), high: None };

    /// `amount × times ÷ of`.
    #[must_use]
    pub fn share(amount: Bounds, times: i32, of: i32) -> Self {
        if times == 0 {
            return Self::ZERO;
        }
        Self {
            low: (amount.low != Bounds::NO_LOW).then(|| Share::new(amount.low, times, of)),
            high: (amount.high != Bounds::NO_HIGH).then(|| Share::new(amount.high, times, of)),
        }
    }

    #[must_use]
    pub fn of(amount: Bounds) -> Self {
        Self::share(amount, 1, 1)
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<Share>, b: Option<Share>| Some(a?.plus(b?));
        Self { low: sum(self.low, other.low), high: sum(self.high, other.high) }
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { low: other.high.map(Share::negated), high: other.low.map(Share::negated) })
    }

    #[must_use]
    pub fn larger(self, other: Self) -> Self {
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(if a.less(b) { b } else { a }),
            (one, two) => one.or(two),
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if a.less(b) { b } else { a }),
            _ => None,
        };
        Self { low, high }
    }

    #[must_use]
    pub fn either(self, other: Self) -> Self {
        let pick = |a: Option<Share>, b: Option<Share>, low: bool| {
            let (a, b) = (a?, b?);
            Some(if a.less(b) == low { a } else { b })
        };
        Self { low: pick(self.low, other.low, true), high: pick(self.high, other.high, false) }
    }

    /// Two sources that may speak of the same money or of different money: at least the larger, at most both together.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        if self.is_near(other) {
            return self.either(other);
        }
        Self { low: self.larger(other).low, high: self.plus(other).high }
    }

    /// Both known exactly, and within two in a hundred of each other.
    fn is_near(self, other: Self) -> bool {
        let (a, b) = (self.floor(), other.floor());
        match (a.value(), b.value()) {
            (Some(a), Some(b)) => a.abs_diff(b) <= a.unsigned_abs().max(b.unsigned_abs()) / 50,
            _ => false,
        }
    }

    /// The least it is for certain; 0 where that isn't known.
    #[must_use]
    pub fn at_least_or_nothing(self) -> Self {
        let low = Some(self.low.unwrap_or(Share::ZERO));
        Self { low, high: low }
    }

    /// The same with 0 possible too.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        self.either(Self::ZERO)
    }

    /// Rounded down to the fen.
    #[must_use]
    pub fn floor(self) -> Bounds {
        Bounds {
            low: self.low.map_or(Bounds::NO_LOW, Share::floor),
            high: self.high.map_or(Bounds::NO_HIGH, Share::floor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_add_up_before_they_are_rounded() {
        let third = Amount::share(Bounds::exact(100), 1, 3);
        assert_eq!(third.floor(), Bounds::exact(33));
        assert_eq!(third.plus(third).plus(third).floor(), Bounds::exact(100));
        assert_eq!(Amount::ZERO.minus(third).floor(), Bounds::exact(-34));
        assert_eq!(third.larger(Amount::of(Bounds::exact(33))), third);
    }

    proptest! {
        #[test]
        fn sums_agree_with_one_common_denominator(rows in prop::collection::vec((-1_000_000i64..1_000_000, 1i32..13, 1i32..40), 0..12)) {
            let sum = rows.iter().fold(Amount::ZERO, |sum, (amount, times, of)| sum.plus(Amount::share(Bounds::exact(*amount), *times, *of)));
            let common: i128 = rows.iter().map(|(_, _, of)| i128::from(*of)).product();
            let whole: i128 = rows.iter().map(|(amount, times, of)| i128::from(*amount) * i128::from(*times) * (common / i128::from(*of))).sum();
            prop_assert_eq!(sum.floor(), Bounds::exact(whole.div_euclid(common) as i64));
        }
    }
}
