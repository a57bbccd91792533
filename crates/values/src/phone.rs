use std::fmt;

/// A mobile number: 11 digits, first digit 1. Prints masked, `138****1234`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u64);

impl Phone {
    /// Reads what people type: spaces, dashes, a leading +86 and full-width digits are put right.
    /// `None` for anything that isn't a mobile number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut number: u64 = 0;
        let mut digits = 0;
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => c as u32 - '0' as u32,
                '０'..='９' => c as u32 - '０' as u32,
                ' ' | '-' | '－' | '+' | '(' | ')' | '\u{3000}' => continue,
                _ => return None,
            };
            digits += 1;
            if digits > 13 {
                return None;
            }
            number = number * 10 + u64::from(digit);
        }
        if digits == 13 && number / 100_000_000_000 == 86 {
            number %= 100_000_000_000;
            digits = 11;
        }
        (digits == 11 && (13_000_000_000..20_000_000_000).contains(&number)).then_some(Self(number))
    }

    #[must_use]
    pub const fn key(self) -> u64 {
        self.0
    }

    #[must_use]
    pub const fn from_key(key: u64) -> Self {
        Self(key)
    }

    /// The clear text. Whoever shows it to a person logs the look.
    #[must_use]
    pub fn reveal(self) -> String {
        self.0.to_string()
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}****{:04}", self.0 / 100_000_000, self.0 % 10_000)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A name as outsiders see it: the first character, then one star: `王*`.
#[must_use]
pub fn mask_name(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_masks() {
        assert_eq!(Phone::parse("+86 138-1234-5678").map(|p| p.to_string()).as_deref(), Some("138****5678"));
        assert_eq!(Phone::parse("0871-1234567"), None);
        assert_eq!(Phone::parse("无"), None);
        assert_eq!(mask_name("王芳"), "王*");
    }
}
