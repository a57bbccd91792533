//! Signatures that anybody can check with the public half of a key (Ed25519, RFC 8032).

use crate::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// A public key as SubjectPublicKeyInfo begins with these bytes.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The half of a key that signs.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// From the 32 bytes it was made of; `None` when they aren't 32.
    #[must_use]
    pub fn new(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    #[must_use]
    pub fn public_half(&self) -> PublicHalf {
        PublicHalf(self.0.public_key().as_ref().to_vec())
    }

    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// What anybody needs to tell who signed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHalf(Vec<u8>);

impl PublicHalf {
    /// From 64 hexadecimal digits, as kept, or from PEM, as handed out.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = if text.starts_with("-----BEGIN") {
            let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
            STANDARD.decode(body).ok()?.strip_prefix(&SPKI)?.to_vec()
        } else {
            hex::bytes(text)?
        };
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// The first digits of its hash.
    #[must_use]
    pub fn id(&self) -> String {
        hex::digits(&Sha256::digest(&self.0)[..4])
    }

    #[must_use]
    pub fn digits(&self) -> String {
        hex::digits(&self.0)
    }

    /// As programs such as openssl read it.
    #[must_use]
    pub fn pem(&self) -> String {
        let body = STANDARD.encode([&SPKI[..], &self.0].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// Whether this key's other half signed the message.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_key_signs_as_rfc_8032_says() {
        // The first test of RFC 8032, §7.1: secret, public half, signature of nothing.
        let seed = hex::bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let signer = Signer::new(&seed).unwrap();
        let public = signer.public_half();
        assert_eq!(public.digits(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signature = signer.sign(b"");
        assert_eq!(
            hex::digits(&signature),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
        assert!(public.signed(b"", &signature) && !public.signed(b"a", &signature) && !public.signed(b"", b""));
        assert_eq!(PublicHalf::read(&public.pem()), Some(public));
        assert!(Signer::new(&seed[1..]).is_none());
        assert_eq!(PublicHalf::read("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), None);
    }
}
