//! The ciphers behind one trait: AES and the national SM4.

use aes_gcm::aead::{Aead, AeadCore, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};

/// An authenticated cipher with a 96-bit nonce, keyed from 256 bits.
pub trait CryptoSuite: Send + Sync {
    /// Stands before every wrapped key, so that what one suite sealed is opened by the same.
    fn name(&self) -> &'static str;
    /// As key files and people call it.
    fn title(&self) -> &'static str;
    /// `None` when it can't be sealed.
    fn seal(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Option<Vec<u8>>;
    /// `None` when key, text or what it is about isn't the one it was sealed with.
    fn open(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
}

/// AES-256-GCM.
pub struct Aes;

impl CryptoSuite for Aes {
    fn name(&self) -> &'static str {
        "a1"
    }

    fn title(&self) -> &'static str {
        "aes-256-gcm"
    }

    fn seal(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        Aes256Gcm::new(key.into()).encrypt(&Nonce::from(*nonce), Payload { msg: plain, aad: about }).ok()
    }

    fn open(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        Aes256Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: about }).ok()
    }
}

/// SM4-GCM (RFC 8998), whose 128-bit key is the first half of ours.
pub struct Sm4Gcm;

type Sm4Cipher = AesGcm<sm4::Sm4, <Aes256Gcm as AeadCore>::NonceSize>;

impl CryptoSuite for Sm4Gcm {
    fn name(&self) -> &'static str {
        "s1"
    }

    fn title(&self) -> &'static str {
        "sm4-gcm"
    }

    fn seal(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let cipher = Sm4Cipher::new_from_slice(&key[..16]).ok()?;
        cipher.encrypt(&Nonce::from(*nonce), Payload { msg: plain, aad: about }).ok()
    }

    fn open(&self, key: &[u8; 32], nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let cipher = Sm4Cipher::new_from_slice(&key[..16]).ok()?;
        cipher.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: about }).ok()
    }
}
