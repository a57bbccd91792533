use serde::{Deserialize, Serialize};

/// What is known of a quantity: it lies between `low` and `high`, both included.
///
/// A figure somebody delivered is exact; the silence of a list that starts at a limit means "from 0 up to
/// that limit"; what nobody delivered is [`Bounds::UNKNOWN`]. Sums and comparisons keep the limits honest,
/// so that an unknown never turns into a zero. The ends [`Bounds::NO_LOW`] and [`Bounds::NO_HIGH`] stand
/// for "no limit known".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bounds {
    pub low: i64,
    pub high: i64,
}

/// A three-valued answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    False,
    True,
    Undetermined,
}

impl Bounds {
    pub const NO_LOW: i64 = i64::MIN;
    pub const NO_HIGH: i64 = i64::MAX;
    pub const UNKNOWN: Self = Self { low: Self::NO_LOW, high: Self::NO_HIGH };
    pub const ZERO: Self = Self::exact(0);

    #[must_use]
    pub const fn exact(value: i64) -> Self {
        Self { low: value, high: value }
    }

    #[must_use]
    pub const fn between(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    #[must_use]
    pub const fn at_least(low: i64) -> Self {
        Self { low, high: Self::NO_HIGH }
    }

    #[must_use]
    pub const fn is_exact(self) -> bool {
        self.low == self.high
    }

    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.low == Self::NO_LOW && self.high == Self::NO_HIGH
    }

    /// The one value, when it is known exactly.
    #[must_use]
    pub const fn value(self) -> Option<i64> {
        if self.is_exact() { Some(self.low) } else { None }
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { low: add_low(self.low, other.low), high: add_high(self.high, other.high) }
    }

    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    #[must_use]
    pub const fn negated(self) -> Self {
        let low = if self.high == Self::NO_HIGH { Self::NO_LOW } else { -self.high };
        let high = if self.low == Self::NO_LOW { Self::NO_HIGH } else { -self.low };
        Self { low, high }
    }

    /// The larger of two quantities.
    #[must_use]
    pub fn larger(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// Both statements at once: the overlap; where they contradict each other, what either allows.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        if low <= high { Self { low, high } } else { self.either(other) }
    }

    /// Whatever either of two statements allows.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    #[must_use]
    pub const fn below(self, other: Self) -> Truth {
        if self.high < other.low {
            Truth::True
        } else if self.low >= other.high {
            Truth::False
        } else {
            Truth::Undetermined
        }
    }

    #[must_use]
    pub const fn at_most(self, other: Self) -> Truth {
        other.below(self).not()
    }
}

const fn add_low(a: i64, b: i64) -> i64 {
    if a == Bounds::NO_LOW || b == Bounds::NO_LOW { Bounds::NO_LOW } else { a.saturating_add(b) }
}

const fn add_high(a: i64, b: i64) -> i64 {
    if a == Bounds::NO_HIGH || b == Bounds::NO_HIGH { Bounds::NO_HIGH } else { a.saturating_add(b) }
}

impl Truth {
    #[must_use]
    pub const fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Undetermined => Self::Undetermined,
        }
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Undetermined,
        }
    }

    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    #[must_use]
    pub const fn from_option(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Undetermined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unknown_is_never_zero() {
        let sum = Bounds::exact(5).plus(Bounds::UNKNOWN);
        assert!(sum.is_unknown());
        assert_eq!(sum.below(Bounds::exact(10)), Truth::Undetermined);
        assert_eq!(Bounds::between(0, 3_000).below(Bounds::exact(5_000)), Truth::True);
        assert_eq!(Bounds::exact(10).below(Bounds::exact(10)), Truth::False);
    }

    fn bounds() -> impl Strategy<Value = (Bounds, i64)> {
        (-1_000i64..1_000, 0i64..500, 0i64..500)
            .prop_map(|(v, below, above)| (Bounds::between(v - below, v + above), v))
    }

    proptest! {
        #[test]
        fn the_true_value_stays_inside((a, x) in bounds(), (b, y) in bounds()) {
            let within = |b: Bounds, v: i64| b.low <= v && v <= b.high;
            prop_assert!(within(a.plus(b), x + y));
            prop_assert!(within(a.minus(b), x - y));
            prop_assert!(within(a.larger(b), x.max(y)));
            match a.below(b) {
                Truth::True => prop_assert!(x < y),
                Truth::False => prop_assert!(x >= y),
                Truth::Undetermined => {}
            }
        }
    }
}
