//! What stands in the code on a door, who can tell that it is genuine, and how it is drawn. Pure.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use qrcode::{Color, EcLevel, QrCode};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// What is signed: these words and the token.
const SIGNED: &str = "fuzhi-label:";
/// An Ed25519 public key as SubjectPublicKeyInfo begins with these bytes.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Signs labels.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// `None` when the seed isn't one.
    #[must_use]
    pub fn new(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    #[must_use]
    pub fn public_half(&self) -> PublicHalf {
        PublicHalf(self.0.public_key().as_ref().to_vec())
    }

    /// The end of a door's address: token, which key signed it, signature.
    #[must_use]
    pub fn on_door(&self, token: &str) -> String {
        let signature = self.0.sign(format!("{SIGNED}{token}").as_bytes());
        format!("{token}.{}.{}", self.public_half().id(), URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// What anybody needs to tell a county's labels from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHalf(Vec<u8>);

impl PublicHalf {
    /// From hexadecimal digits, as kept, or from PEM, as handed out.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = if text.starts_with("-----BEGIN") {
            let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
            STANDARD.decode(body).ok()?.strip_prefix(&SPKI)?.to_vec()
        } else {
            let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
            (0..text.len()).step_by(2).map(digit).collect::<Option<Vec<u8>>>()?
        };
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// The first digits of its hash.
    #[must_use]
    pub fn id(&self) -> String {
        hexadecimal(&Sha256::digest(&self.0)[..4])
    }

    #[must_use]
    pub fn digits(&self) -> String {
        hexadecimal(&self.0)
    }

    /// As programs such as openssl read it.
    #[must_use]
    pub fn pem(&self) -> String {
        let body = STANDARD.encode([&SPKI[..], &self.0].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// Whether this key signed what stands on a door.
    #[must_use]
    pub fn signed(&self, written: &Written<'_>) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(written.signature) else { return false };
        let message = format!("{SIGNED}{}", written.token);
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message.as_bytes(), &signature).is_ok()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
        let address = format!("https://fuzhi.example/q/{}", signer.on_door(&token([1; 16])));
        let written = Written::read(&address).unwrap();
        for handed_out in [signer.public_half().pem(), signer.public_half().digits()] {
            let public = PublicHalf::read(&handed_out).unwrap();
            assert!(public.signed(&written) && public.id() == written.key, "{handed_out}");
            assert!(!public.signed(&Written { token: "another", ..written }));
            assert!(!public.signed(&Written { signature: "AAAA", ..written }));
        }
        assert!(!Signer::new(&[8; 32]).unwrap().public_half().signed(&written), "another county's");
        assert_eq!(Written::read("abc"), None);
        assert_eq!(Written::read("a.b.c.d"), None);
        assert_eq!(PublicHalf::read("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), None);
    }

    #[test]
    fn a_known_key_signs_as_rfc_8032_says() {
        // The first test of RFC 8032, §7.1: secret, public half.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed = PublicHalf::read(seed).unwrap().0;
        let public = Signer::new(&seed).unwrap().public_half().digits();
        assert_eq!(public, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    #[test]
    fn a_code_is_drawn_with_its_border() {
        let (side, path) = drawn("https://fuzhi.example/q/0123").unwrap();
        assert!(side >= 21 + 8 && path.starts_with("M4 4h7v1h-7z"), "{side} {path}");
    }
}
