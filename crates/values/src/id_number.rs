use crate::Day;
use std::fmt;

/// A citizen's identity number (GB 11643-1999), 18 characters, upgraded from 15 where it was older.
///
/// `Display` and `Debug` print it masked (`53**************1X`); [`IdNumber::reveal`] is the one way
/// to the clear text, and easy to search for. A number whose check digit fails is kept: it is a doubt
/// ([`IdNumber::has_valid_check`]), not a refusal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber {
    /// The first 17 digits as one number.
    body: u64,
    /// 0–9, or 10 for `X`.
    check: u8,
}

/// GB/T 2261.1, without the codes for unknown (0) and not stated (9): those are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Sex {
    Male = 1,
    Female = 2,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum IdNumberError {
    #[error("no number")]
    Empty,
    /// A spreadsheet turned the number into `5.1E+17`: its digits are lost.
    #[error("a spreadsheet has turned it into a rounded figure")]
    Scientific,
    #[error("{0} characters instead of 18 or 15")]
    Length(usize),
    #[error("a character that no identity number has")]
    Character,
    /// What people type where they have no number: all digits the same.
    #[error("a placeholder")]
    Placeholder,
}

const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

impl IdNumber {
    /// Reads 18 or 15 characters; spaces, full-width digits and a lower-case `x` are put right.
    ///
    /// # Errors
    /// [`IdNumberError`] says what is wrong. A failed check digit is no error.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let mut chars = [0u8; 18];
        let mut n = 0;
        for c in text.chars() {
            let byte = match c {
                '0'..='9' | 'X' | '.' | '+' | 'E' | 'e' => c as u8,
                'x' | 'ｘ' | 'Ｘ' | '×' => b'X',
                '０'..='９' => b'0' + (c as u32 - '０' as u32) as u8,
                ' ' | '\u{3000}' | '\t' | '\u{a0}' | '\'' | '\u{feff}' | '`' => continue,
                _ => return Err(IdNumberError::Character),
            };
            if n < 18 {
                chars[n] = byte;
            }
            n += 1;
        }
        Self::from_ascii(&chars[..n.min(18)], n)
    }

    fn from_ascii(chars: &[u8], length: usize) -> Result<Self, IdNumberError> {
        if length == 0 {
            return Err(IdNumberError::Empty);
        }
        if chars.iter().any(|c| matches!(c, b'E' | b'e')) {
            return Err(IdNumberError::Scientific);
        }
        if chars.contains(&b'.') || chars.contains(&b'+') {
            return Err(IdNumberError::Character);
        }
        let digits_end = match length {
            18 => 17,
            15 => 15,
            n => return Err(IdNumberError::Length(n)),
        };
        if chars[..digits_end].contains(&b'X') {
            return Err(IdNumberError::Character);
        }
        if chars[1..digits_end].iter().all(|c| *c == chars[0]) {
            return Err(IdNumberError::Placeholder);
        }
        let number = |part: &[u8]| part.iter().fold(0u64, |n, c| n * 10 + u64::from(c - b'0'));
        if length == 18 {
            let check = if chars[17] == b'X' { 10 } else { chars[17] - b'0' };
            return Ok(Self { body: number(&chars[..17]), check });
        }
        // Fifteen characters: two-digit year of the 1900s, no check digit.
        let body = (number(&chars[..6]) * 100 + 19) * 1_000_000_000 + number(&chars[6..15]);
        Ok(Self { body, check: check_of(body) })
    }

    /// From the first 17 digits, with the check digit that belongs to them.
    #[must_use]
    pub const fn from_body(body: u64) -> Self {
        let body = body % 100_000_000_000_000_000;
        Self { body, check: check_of(body) }
    }

    /// Whether the last character is the one GB 11643 (ISO 7064 MOD 11-2) asks for.
    #[must_use]
    pub const fn has_valid_check(&self) -> bool {
        self.check == check_of(self.body)
    }

    /// The day of birth in it, if there is such a day.
    #[must_use]
    pub fn birth_date(&self) -> Option<Day> {
        let ymd = self.body / 1_000 % 100_000_000;
        Day::from_ymd((ymd / 10_000) as i16, (ymd / 100 % 100) as i8, (ymd % 100) as i8)
    }

    #[must_use]
    pub const fn sex(&self) -> Sex {
        if self.body % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The first six digits: the county where it was issued. It says nothing of where its bearer lives.
    #[must_use]
    pub const fn issued_in(&self) -> u32 {
        (self.body / 100_000_000_000) as u32
    }

    /// All 18 characters as one integer (`X` = 10 in the lowest place of base 11): a compact key.
    #[must_use]
    pub const fn key(&self) -> u64 {
        self.body * 11 + self.check as u64
    }

    /// Back from [`IdNumber::key`].
    #[must_use]
    pub const fn from_key(key: u64) -> Self {
        Self { body: key / 11, check: (key % 11) as u8 }
    }

    /// The 18 values, most significant first; 10 for `X`.
    #[must_use]
    pub fn digits(&self) -> [u8; 18] {
        let mut digits = [0; 18];
        digits[17] = self.check;
        let mut rest = self.body;
        for digit in digits[..17].iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }

    /// The clear text. Whoever shows it to a person logs the look.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{:017}{}", self.body, check_char(self.check))
    }
}

const fn check_of(body: u64) -> u8 {
    let mut sum = 0;
    let mut rest = body;
    let mut i = 17;
    while i > 0 {
        i -= 1;
        sum += rest % 10 * WEIGHTS[i];
        rest /= 10;
    }
    ((12 - sum % 11) % 11) as u8
}

const fn check_char(check: u8) -> char {
    if check == 10 { 'X' } else { (b'0' + check) as char }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}**************{}{}", self.body / 1_000_000_000_000_000, self.body % 10, check_char(self.check))
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_standard() {
        // GB 11643-1999, annex: 11010519491231002X.
        let id = IdNumber::parse("11010519491231002x").unwrap();
        assert!(id.has_valid_check());
        assert_eq!(id.birth_date(), Day::from_ymd(1949, 12, 31));
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(format!("{id} {id:?}"), "11**************2X 11**************2X");
    }

    #[test]
    fn fifteen_becomes_eighteen() {
        let id = IdNumber::parse("110105491231002").unwrap();
        assert_eq!(id.reveal(), "11010519491231002X");
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(IdNumber::parse("5.1E+17"), Err(IdNumberError::Scientific));
        assert_eq!(IdNumber::parse("1101051949123100"), Err(IdNumberError::Length(16)));
        assert_eq!(IdNumber::parse("999999999999999999"), Err(IdNumberError::Placeholder));
        assert_eq!(IdNumber::parse("无"), Err(IdNumberError::Character));
        assert!(!IdNumber::parse("110105194912310021").unwrap().has_valid_check());
    }

    proptest! {
        #[test]
        fn keys_and_digits_lead_back(body in 10_000_000_000_000_000u64..99_999_999_999_999_999) {
            let id = IdNumber::from_body(body);
            prop_assert!(id.has_valid_check());
            prop_assert_eq!(IdNumber::from_key(id.key()), id);
            prop_assert_eq!(IdNumber::parse(&id.reveal()).ok().or(Some(id)), Some(id));
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC*") {
            let _ = IdNumber::parse(&text);
        }
    }
}
