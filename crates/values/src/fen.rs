use serde::{Deserialize, Serialize};
use std::fmt;

/// Money, in whole fen (1 yuan = 100 fen). Arithmetic is checked: what doesn't fit is `None`, never wrapped.
///
/// `Display` prints yuan with thousands separators and two decimals: `38,640.20`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The unit a department's figure is written in, when the figure itself names none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyUnit {
    Fen,
    #[default]
    Yuan,
    #[serde(rename = "10k_yuan")]
    TenThousandYuan,
}

impl MoneyUnit {
    /// How many fen one unit is.
    #[must_use]
    pub const fn fen(self) -> i64 {
        match self {
            Self::Fen => 1,
            Self::Yuan => 100,
            Self::TenThousandYuan => 1_000_000,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("no figure")]
    Empty,
    #[error("not a figure")]
    NotANumber,
    #[error("finer than a fen")]
    TooFine,
    #[error("too large")]
    TooLarge,
}

impl Fen {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    #[must_use]
    pub const fn checked_mul(self, times: i64) -> Option<Self> {
        match self.0.checked_mul(times) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }

    /// Reads what people and departments write: `1234.5`, `1,234.50`, `１２３４`, `￥1,234.50元`, `12.3万元`, `-5`.
    ///
    /// `unit` holds where the text names none. A figure finer than a fen is an error, except that
    /// trailing zeros and binary noise beyond six decimals (spreadsheets write `0.30000000000000004`) are rounded.
    ///
    /// # Errors
    /// [`MoneyError`] says what is wrong; the text is never guessed at.
    pub fn parse(text: &str, unit: MoneyUnit) -> Result<Self, MoneyError> {
        let (figure, unit) = split_unit(text, unit)?;
        let mut digits = Digits::default();
        for c in figure.chars() {
            digits.push(c)?;
        }
        digits.finish(unit)
    }
}

fn split_unit(text: &str, unit: MoneyUnit) -> Result<(&str, MoneyUnit), MoneyError> {
    let mut rest = text.trim().trim_start_matches(['¥', '￥']).trim_start();
    if rest.is_empty() {
        return Err(MoneyError::Empty);
    }
    let mut named = unit;
    for (suffix, means) in [
        ("万元", MoneyUnit::TenThousandYuan),
        ("万", MoneyUnit::TenThousandYuan),
        ("元", MoneyUnit::Yuan),
        ("块", MoneyUnit::Yuan),
        ("分", MoneyUnit::Fen),
    ] {
        if let Some(figure) = rest.strip_suffix(suffix) {
            rest = figure.trim_end();
            named = means;
            break;
        }
    }
    Ok((rest, named))
}

/// A decimal figure as it is read: all digits as one integer, and how many of them are decimals.
#[derive(Default)]
struct Digits {
    negative: bool,
    value: i128,
    count: u32,
    decimals: Option<u32>,
}

impl Digits {
    fn push(&mut self, c: char) -> Result<(), MoneyError> {
        match c {
            '0'..='9' => self.digit(c as u32 - '0' as u32),
            '０'..='９' => self.digit(c as u32 - '０' as u32),
            '-' | '−' | '－' if self.count == 0 && !self.negative => {
                self.negative = true;
                Ok(())
            }
            '+' if self.count == 0 => Ok(()),
            '.' | '．' if self.decimals.is_none() => {
                self.decimals = Some(0);
                Ok(())
            }
            ',' | '，' | ' ' | '\u{a0}' if self.decimals.is_none() && self.count > 0 => Ok(()),
            _ => Err(MoneyError::NotANumber),
        }
    }

    fn digit(&mut self, digit: u32) -> Result<(), MoneyError> {
        if let Some(decimals) = &mut self.decimals {
            if *decimals >= 18 {
                return Ok(());
            }
            *decimals += 1;
        }
        self.count += 1;
        self.value =
            self.value.checked_mul(10).and_then(|v| v.checked_add(i128::from(digit))).ok_or(MoneyError::TooLarge)?;
        Ok(())
    }

    fn finish(self, unit: MoneyUnit) -> Result<Fen, MoneyError> {
        if self.count == 0 {
            return Err(MoneyError::NotANumber);
        }
        let scale = 10i128.pow(self.decimals.unwrap_or(0));
        let scaled = self.value.checked_mul(i128::from(unit.fen())).ok_or(MoneyError::TooLarge)?;
        let (whole, rest) = (scaled / scale, scaled % scale);
        // A binary float that a spreadsheet wrote out is off by far less than a ten-thousandth of a fen.
        let noise = scale / 10_000;
        let whole = if rest == 0 || rest <= noise {
            whole
        } else if scale - rest <= noise {
            whole + 1
        } else {
            return Err(MoneyError::TooFine);
        };
        let fen = i64::try_from(whole).map_err(|_| MoneyError::TooLarge)?;
        if fen == i64::MAX {
            return Err(MoneyError::TooLarge);
        }
        Ok(Fen(if self.negative { -fen } else { fen }))
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        if self.0 < 0 {
            f.write_str("−")?;
        }
        for (i, digit) in yuan.chars().enumerate() {
            if i > 0 && (yuan.len() - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{:02}", fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_departments_write() {
        let yuan = |text| Fen::parse(text, MoneyUnit::Yuan);
        assert_eq!(yuan("1,234.50"), Ok(Fen(123_450)));
        assert_eq!(yuan("12.3万元"), Ok(Fen(12_300_000)));
        assert_eq!(yuan("￥ 1，234元"), Ok(Fen(123_400)));
        assert_eq!(yuan("１２"), Ok(Fen(1_200)));
        assert_eq!(yuan("0.30000000000000004"), Ok(Fen(30)));
        assert_eq!(yuan("0.29999999999999998"), Ok(Fen(30)));
        assert_eq!(Fen::parse("1.5", MoneyUnit::TenThousandYuan), Ok(Fen(1_500_000)));
        assert_eq!(yuan("1.005"), Err(MoneyError::TooFine));
        assert_eq!(yuan("约三千"), Err(MoneyError::NotANumber));
        assert_eq!(yuan("1.2.3"), Err(MoneyError::NotANumber));
        assert_eq!(yuan(" "), Err(MoneyError::Empty));
        assert_eq!(yuan("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn prints_yuan() {
        assert_eq!(Fen(3_864_020).to_string(), "38,640.20");
        assert_eq!(Fen(-5).to_string(), "−0.05");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(fen in -1_000_000_000_000_000i64..1_000_000_000_000_000) {
            prop_assert_eq!(Fen::parse(&Fen(fen).to_string(), MoneyUnit::Yuan), Ok(Fen(fen)));
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC*") {
            let _ = Fen::parse(&text, MoneyUnit::TenThousandYuan);
        }
    }
}
