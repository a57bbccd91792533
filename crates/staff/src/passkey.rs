//! Passkeys as a second factor (W3C Web Authentication, level 3): what a browser's authenticator answers, held against
//! what it was asked. No statement of who made the authenticator is asked for, so there is none to check.

use crate::jose::from_base64;
use kernel::World;
use kernel::crypto::digest;
use ring::digest::{SHA256, digest as sha256};
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A passkey in use, as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Passkey {
    /// The authenticator's own name for it, in base64url.
    pub id: String,
    pub kind: KeyKind,
    /// As its kind writes it, in base64url.
    pub key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyKind {
    /// A point of P-256.
    Es256,
    /// An RSA key as PKCS #1 writes it.
    Rs256,
}

/// What a browser sends: the part of `PublicKeyCredential.toJSON()` that is read.
#[derive(Deserialize)]
struct Sent {
    id: String,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    /// When one is made: the key as SPKI.
    public_key: Option<String>,
    public_key_algorithm: Option<i64>,
    /// When one is used.
    signature: Option<String>,
}

/// What the browser says it was asked, by whom.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The part of what the authenticator says that has a fixed place.
struct AuthenticatorData {
    counter: i64,
    /// Of a new one: its id.
    made: Option<Vec<u8>>,
}

/// Where people find the program: passkeys belong to it.
struct Home<'w> {
    origin: &'w str,
    host: &'w str,
}

fn home(world: &World) -> Option<Home<'_>> {
    let origin = world.public_address.as_deref()?;
    let host = origin.split_once("://")?.1;
    Some(Home { origin, host: host.split(':').next().unwrap_or(host) })
}

/// Whether this installation can have passkeys: without its own address a browser makes none.
pub(crate) fn is_offered(world: &World) -> bool {
    home(world).is_some()
}

/// What a browser is asked to make. `user` names the account without being it.
pub(crate) fn creation(world: &World, challenge: &str, (user, name): (&str, &str), have: &[Passkey]) -> Option<Value> {
    let Home { host, .. } = home(world)?;
    let have: Vec<Value> = have.iter().map(|one| json!({"type": "public-key", "id": one.id})).collect();
    Some(json!({
        "rp": {"id": host, "name": "扶智 Fuzhi"},
        "user": {"id": crate::jose::to_base64(digest(user).as_bytes()), "name": name, "displayName": name},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "excludeCredentials": have,
        "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "preferred"},
        "attestation": "none",
        "timeout": 120_000,
    }))
}

/// What a browser is asked to prove.
pub(crate) fn request(world: &World, challenge: &str, have: &[Passkey]) -> Option<Value> {
    let Home { host, .. } = home(world)?;
    let have: Vec<Value> = have.iter().map(|one| json!({"type": "public-key", "id": one.id})).collect();
    Some(json!({
        "rpId": host, "challenge": challenge, "allowCredentials": have, "userVerification": "preferred", "timeout": 120_000,
    }))
}

/// The passkey that a browser made, and where its counter stands; `None` when it is not what was asked for.
pub(crate) fn made(world: &World, challenge: &str, sent: &str) -> Option<(Passkey, i64)> {
    let sent: Sent = serde_json::from_str(sent).ok()?;
    client_data(world, &sent.response, "webauthn.create", challenge)?;
    let said = authenticator_data(world, &from_base64(&sent.response.authenticator_data)?)?;
    let id = said.made?;
    if from_base64(&sent.id)? != id {
        return None;
    }
    let spki = from_base64(sent.response.public_key.as_deref()?)?;
    let (kind, key) = key_of(sent.response.public_key_algorithm?, &spki)?;
    Some((Passkey { id: sent.id, kind, key: crate::jose::to_base64(key) }, said.counter))
}

/// Which of these passkeys answered, and where its counter stands now. One whose counter doesn't grow may be a copy.
pub(crate) fn proven<'p>(
    world: &World,
    challenge: &str,
    have: &'p [(String, Passkey, i64)],
    sent: &str,
) -> Option<(&'p str, i64)> {
    let sent: Sent = serde_json::from_str(sent).ok()?;
    let (factor, passkey, used) = have.iter().find(|(_, passkey, _)| passkey.id == sent.id)?;
    let client = client_data(world, &sent.response, "webauthn.get", challenge)?;
    let authenticator = from_base64(&sent.response.authenticator_data)?;
    let said = authenticator_data(world, &authenticator)?;
    let signed = [authenticator.as_slice(), sha256(&SHA256, &client).as_ref()].concat();
    let signature = from_base64(sent.response.signature.as_deref()?)?;
    let key = from_base64(&passkey.key)?;
    let right = match passkey.kind {
        KeyKind::Es256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(&signed, &signature),
        KeyKind::Rs256 => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(&signed, &signature),
    };
    let grows = said.counter > *used || (said.counter == 0 && *used == 0);
    (right.is_ok() && grows).then_some((factor.as_str(), said.counter))
}

/// The bytes of the client's data, where they say what was asked, by this installation.
fn client_data(world: &World, response: &Response, kind: &str, challenge: &str) -> Option<Vec<u8>> {
    let bytes = from_base64(&response.client_data)?;
    let said: ClientData = serde_json::from_slice(&bytes).ok()?;
    let good = said.r#type == kind && said.challenge == challenge && said.origin == home(world)?.origin;
    (good && !said.cross_origin).then_some(bytes)
}

const PRESENT: u8 = 1;
const MADE: u8 = 1 << 6;

/// §6.1: 32 bytes of whom it is for, a byte of flags, 4 of counter; of a new one 16 of its maker, 2 of length, its id.
fn authenticator_data(world: &World, bytes: &[u8]) -> Option<AuthenticatorData> {
    let (whom, rest) = bytes.split_first_chunk::<32>()?;
    let ([flags], rest) = rest.split_first_chunk::<1>()?;
    let (counter, rest) = rest.split_first_chunk::<4>()?;
    if whom != sha256(&SHA256, home(world)?.host.as_bytes()).as_ref() || flags & PRESENT == 0 {
        return None;
    }
    let made = if flags & MADE == 0 {
        None
    } else {
        let (_maker, rest) = rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        Some(rest.get(..length).filter(|id| !id.is_empty() && id.len() <= 1023)?.to_vec())
    };
    Some(AuthenticatorData { counter: i64::from(u32::from_be_bytes(*counter)), made })
}

/// SPKI of P-256 up to the point.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// SPKI of RSA with 2048 bits and the usual exponent, up to the key.
const RSA2048: [u8; 24] = [
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    0x03, 0x82, 0x01, 0x0f, 0x00,
];

/// The key inside an SPKI, of the two kinds that are asked for.
fn key_of(algorithm: i64, spki: &[u8]) -> Option<(KeyKind, &[u8])> {
    match algorithm {
        -7 => spki.strip_prefix(&P256).filter(|point| point.len() == 65 && point[0] == 4).map(|k| (KeyKind::Es256, k)),
        -257 => spki.strip_prefix(&RSA2048).filter(|key| key.len() == 270).map(|key| (KeyKind::Rs256, key)),
        _ => None,
    }
}
