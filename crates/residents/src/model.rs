//! Codes: how they look, how long they last, how many may be wrong. Pure.

use kernel::Moment;

/// How long a code opens a page.
pub const LASTS: i64 = 30 * Moment::DAY;
/// So many wrong codes from one place within [`WINDOW`], and it waits.
pub const TRIES: i64 = 10;
pub const WINDOW: i64 = 15 * Moment::MINUTE;

const DIGITS: usize = 16;

/// Sixteen digits out of random bytes, each digit as likely as any other.
#[must_use]
pub fn code(random: [u8; 64]) -> String {
    let even = random.into_iter().filter(|byte| *byte < 250);
    even.take(DIGITS).map(|byte| char::from(b'0' + byte % 10)).collect()
}

/// As it stands on the paper: `4821 0937 5526 1140`.
#[must_use]
pub fn grouped(code: &str) -> String {
    let groups: Vec<String> =
        code.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    groups.join(" ")
}

/// The digits of what somebody typed, however they spaced it; `None` when it can't be a code.
#[must_use]
pub fn typed(text: &str) -> Option<String> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    };
    let digits: String = text.chars().filter_map(digit).collect();
    (digits.len() == DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let made = code(std::array::from_fn(|at| at as u8 * 3));
        assert_eq!(made.len(), DIGITS);
        assert_eq!(typed(&grouped(&made)).as_deref(), Some(made.as_str()));
        assert_eq!(typed("４８２１-0937 5526，1140").as_deref(), Some("4821093755261140"));
        assert_eq!(typed("4821 0937"), None);
    }
}
