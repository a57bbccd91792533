//! What stands in the code on a door, and how it is drawn. Pure.

use qrcode::{Color, EcLevel, QrCode};

/// Token and signature, as the address ends.
#[must_use]
pub fn written(token: &str, signature: &str) -> String {
    format!("{token}.{}", &signature[..signature.len().min(16)])
}

/// The token of an address whose signature holds; `signature` is made of a token.
#[must_use]
pub fn read(written_on_door: &str, signature: impl Fn(&str) -> String) -> Option<String> {
    let (token, _) = written_on_door.split_once('.')?;
    let same = written(token, &signature(token));
    // Of equal length, so that time tells nothing of where they differ.
    let differs = same.bytes().zip(written_on_door.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    (same.len() == written_on_door.len() && differs == 0).then(|| token.to_owned())
}

/// A QR code as one SVG path over a square, with the quiet border it needs; the side of the square.
#[must_use]
pub fn drawn(text: &str) -> Option<(usize, String)> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let dark = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if dark > 0 {
                path.push_str(&format!("M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET));
            }
            x += dark.max(1);
        }
    }
    Some((width + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_signed_token_is_read() {
        let sign = |token: &str| format!("{:0<20}", token.len());
        let on_door = written("abc", &sign("abc"));
        assert_eq!(read(&on_door, sign).as_deref(), Some("abc"));
        assert_eq!(read(&on_door.replace('a', "x4"), sign), None);
        assert_eq!(read("abc", sign), None);
        assert_eq!(read("abc.", sign), None);
    }

    #[test]
    fn a_code_is_drawn_with_its_border() {
        let (side, path) = drawn("https://fuzhi.example/q/0123").unwrap();
        assert!(side >= 21 + 8 && path.starts_with("M4 4h7v1h-7z"), "{side} {path}");
    }
}
