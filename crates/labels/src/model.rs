//! What stands in the code on a door, who can tell that it is genuine, and how it is drawn. Pure.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::signature::{PublicHalf, Signer};
use qrcode::{Color, EcLevel, QrCode};

/// What is signed: these words and the token.
const SIGNED: &str = "fuzhi-label:";
/// The end of a door's address: token, which key signed it, signature.
#[must_use]
pub fn on_door(signer: &Signer, token: &str) -> String {
    let signature = signer.sign(format!("{SIGNED}{token}").as_bytes());
    format!("{token}.{}.{}", signer.public_half().id(), URL_SAFE_NO_PAD.encode(signature))
}

/// A random token, as it stands in a code: 128 bits.
#[must_use]
pub fn token(bytes: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What stands on a door, unproven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'w> {
    pub token: &'w str,
    pub key: &'w str,
    pub signature: &'w str,
}

impl<'w> Written<'w> {
    /// From the address in the code, or its end alone.
    #[must_use]
    pub fn read(address: &'w str) -> Option<Self> {
        let end = address.trim().rsplit('/').next()?;
        let mut parts = end.split('.');
        let written = Self { token: parts.next()?, key: parts.next()?, signature: parts.next()? };
        parts.next().is_none().then_some(written)
    }

    /// Whether this county's key signed what stands on the door.
    #[must_use]
    pub fn is_signed_by(&self, public: &PublicHalf) -> bool {
        let message = format!("{SIGNED}{}", self.token);
        URL_SAFE_NO_PAD.decode(self.signature).is_ok_and(|signature| public.signed(message.as_bytes(), &signature))
    }
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
    fn whoever_has_the_public_half_can_tell_a_genuine_label() {
        let signer = Signer::new(&[7; 32]).unwrap();
        let address = format!("https://fuzhi.example/q/{}", on_door(&signer, &token([1; 16])));
        let written = Written::read(&address).unwrap();
        for handed_out in [signer.public_half().pem(), signer.public_half().digits()] {
            let public = PublicHalf::read(&handed_out).unwrap();
            assert!(written.is_signed_by(&public) && public.id() == written.key, "{handed_out}");
            assert!(!Written { token: "another", ..written }.is_signed_by(&public));
            assert!(!Written { signature: "AAAA", ..written }.is_signed_by(&public));
        }
        assert!(!written.is_signed_by(&Signer::new(&[8; 32]).unwrap().public_half()), "another county's");
        assert_eq!(Written::read("abc"), None);
        assert_eq!(Written::read("a.b.c.d"), None);
    }

    #[test]
    fn a_code_is_drawn_with_its_border() {
        let (side, path) = drawn("https://fuzhi.example/q/0123").unwrap();
        assert!(side >= 21 + 8 && path.starts_with("M4 4h7v1h-7z"), "{side} {path}");
    }
}
