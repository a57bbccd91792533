//! One-time codes made from a secret and the clock (RFC 6238): HMAC-SHA-1, six digits, thirty seconds, which is what
//! every authenticator app makes.

use crate::Moment;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How long a code is the newest one.
pub const STEP: i64 = 30 * Moment::SECOND;

/// The code of a step: how often [`STEP`] has passed since 1970.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    // HMAC takes keys of any length, so the error can't come; an empty code is never accepted.
    let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The step whose code was typed: this one or its neighbours, for clocks that differ a little; only one later than
/// `after`, the last that was used, so that a code opens once.
#[must_use]
pub fn matching_step(secret: &[u8], typed: &str, now: Moment, after: i64) -> Option<i64> {
    let this = now.0.div_euclid(STEP);
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (this - 1..=this + 1).filter(|step| *step > after).find(|step| typed.len() == 6 && code(secret, *step) == typed)
}

const LETTERS: [u8; 32] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A secret as people type it into an app (RFC 4648, without padding).
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        (held, bits) = (held << 8 | u32::from(*byte), bits + 8);
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits) as usize & 31]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits)) as usize & 31]));
    }
    text
}

/// The secret of such a text; spaces and case make no difference.
#[must_use]
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        (held, bits) = (held << 5 | value as u32, bits + 5);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
        held &= (1 << bits) - 1;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// Appendix B of RFC 6238; its eight digits end in these six.
    #[test]
    fn the_published_codes() {
        let published = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, expected) in published {
            assert_eq!(code(SECRET, seconds / 30), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_opens_once_and_a_little_late() {
        let now = Moment(59_000);
        assert_eq!(matching_step(SECRET, "287 082", now, 0), Some(1));
        assert_eq!(matching_step(SECRET, "287082", now, 1), None, "it was used");
        assert_eq!(matching_step(SECRET, "287082", now.plus(STEP), 0), Some(1));
        assert_eq!(matching_step(SECRET, "287082", now.plus(3 * STEP), 0), None);
        assert_eq!(matching_step(SECRET, "", now, 0), None);
    }

    #[test]
    fn secrets_are_typed_in_base32() {
        // RFC 4648, section 10.
        for (plain, text) in [("f", "MY"), ("fo", "MZXQ"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), text);
            assert_eq!(from_base32(&text.to_lowercase()).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(from_base32("0"), None);
    }
}
