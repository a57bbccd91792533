//! What an identity provider signs (RFC 7515, 7517): the signature of a token, checked by the provider's own keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// The keys a provider publishes.
#[derive(Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a token says, where one of these keys signed it. `none` and shared secrets sign nothing here.
pub(crate) fn open(token: &str, keys: &KeySet) -> Option<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&from_base64(header)?).ok()?;
    let signature = from_base64(signature)?;
    let fits = |key: &&Key| {
        let named = header.kid.is_none() || key.kid.is_none() || key.kid == header.kid;
        named && key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
    };
    let signed_by = |key: &Key| key.signed(&header.alg, signed.as_bytes(), &signature) == Some(true);
    keys.keys.iter().filter(fits).any(signed_by).then(|| from_base64(payload))?
}

impl Key {
    /// Whether this key made this signature; `None` when it can't have.
    fn signed(&self, alg: &str, message: &[u8], made: &[u8]) -> Option<bool> {
        let part = |part: &Option<String>| from_base64(part.as_deref()?);
        match (alg, self.kty.as_str()) {
            ("RS256" | "PS256", "RSA") => {
                let key = RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? };
                let way = if alg == "RS256" {
                    &signature::RSA_PKCS1_2048_8192_SHA256
                } else {
                    &signature::RSA_PSS_2048_8192_SHA256
                };
                Some(key.verify(way, message, made).is_ok())
            }
            ("ES256", "EC") if self.crv.as_deref() == Some("P-256") => {
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                Some(UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, made).is_ok())
            }
            ("EdDSA", "OKP") if self.crv.as_deref() == Some("Ed25519") => {
                Some(UnparsedPublicKey::new(&signature::ED25519, part(&self.x)?).verify(message, made).is_ok())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3: a token signed by ES256 with its key.
    const KEY: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9p\
        c19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    #[test]
    fn a_token_opens_by_the_key_that_signed_it_and_by_no_trick() {
        let keys: KeySet = serde_json::from_str(KEY).unwrap();
        assert!(open(TOKEN, &keys).unwrap().starts_with(b"{\"iss\":\"joe\""));
        let (signed, signature) = TOKEN.rsplit_once('.').unwrap();
        let (_, payload) = signed.split_once('.').unwrap();
        let header = |text: &str| to_base64(text.as_bytes());
        for forged in [
            format!("{}.{payload}.", header(r#"{"alg":"none"}"#)),
            format!("{}.{payload}.{signature}", header(r#"{"alg":"HS256"}"#)),
            format!("{}.{payload}.{signature}", header(r#"{"alg":"RS256"}"#)),
            format!("{}.{}.{signature}", header(r#"{"alg":"ES256"}"#), header(r#"{"iss":"eve"}"#)),
            format!("{signed}.{}", to_base64(&[0; 64])),
            signed.to_owned(),
            String::new(),
        ] {
            assert!(open(&forged, &keys).is_none(), "{forged}");
        }
        let others: KeySet = serde_json::from_str(&KEY.replace("f83OJ3", "f83OJ4")).unwrap();
        assert!(open(TOKEN, &others).is_none());
    }
}
