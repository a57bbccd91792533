//! Hexadecimal digits, written small and read either way.

/// Two digits a byte.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |four: u8| char::from(DIGITS[usize::from(four)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// `None` where anything else stands among the digits, or one is missing.
#[must_use]
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(digits(&[0, 0x9f, 0xff]), "009fff");
        assert_eq!(bytes("009FfF"), Some(vec![0, 0x9f, 0xff]));
        for wrong in ["0", "0g", "+1", "ä", "00 11"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
