//! Signing in by an identity provider: OpenID Connect's code flow with PKCE, state and nonce. What comes of it is who
//! somebody is there; which account that is, an administrator has said before.

use crate::jose::{self, KeySet, to_base64};
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::{Answer, Missed, Trust};
use kernel::provider::Provider;
use kernel::web::encoded;
use kernel::{Moment, World};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// How far the two clocks may be apart.
const APART: i64 = 60;

/// Why somebody can't come in this way; the key of the words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It doesn't answer, or isn't allowed to be called.
    Silent,
    /// It answers, and not as its own description or the standard says.
    Garbled,
    /// It describes itself as somebody else.
    Stranger,
    /// The person, or the provider, said no.
    Denied,
    /// Begun elsewhere, or too long ago.
    TooLate,
    /// The token isn't signed by it, isn't for us, isn't of this attempt, or is too old.
    Forged,
}

impl Trouble {
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Silent => "provider-silent",
            Self::Garbled => "provider-garbled",
            Self::Stranger => "provider-stranger",
            Self::Denied => "provider-denied",
            Self::TooLate => "provider-too-late",
            Self::Forged => "provider-forged",
        }
    }
}

impl From<Missed> for Trouble {
    fn from(_: Missed) -> Self {
        Self::Silent
    }
}

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Described {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
}

/// Who somebody is at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub issuer: String,
    pub subject: String,
    /// The provider saw two factors, and the configuration takes its word for it.
    pub second_factor: bool,
}

/// What is remembered of an attempt: one random text, in a cookie of this browser alone.
pub(crate) struct Attempt<'a> {
    pub seed: &'a str,
}

impl Attempt<'_> {
    fn derived(&self, world: &World, kind: &str) -> String {
        world.keys.blind(kind, self.seed)
    }

    pub fn state(&self, world: &World) -> String {
        self.derived(world, "provider state")
    }

    fn nonce(&self, world: &World) -> String {
        self.derived(world, "provider nonce")
    }

    /// 64 letters nobody else knows.
    fn verifier(&self, world: &World) -> String {
        self.derived(world, "provider verifier 1") + &self.derived(world, "provider verifier 2")
    }
}

/// What the provider says of itself, read anew each time: its keys and addresses may change.
///
/// # Errors
/// [`Trouble`], in words.
pub(crate) async fn describe(world: &World, provider: &Provider) -> Result<Described, Trouble> {
    let url = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
    let described: Described = read(&get(world, &url).await?)?;
    if described.issuer == provider.issuer { Ok(described) } else { Err(Trouble::Stranger) }
}

async fn get(world: &World, url: &str) -> Result<Answer, Trouble> {
    let accept = [("accept", "application/json")];
    Ok(world.outbound.call((Method::GET, url), &accept, Vec::new(), Trust::Configuration).await?)
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Trouble> {
    if answer.status != 200 {
        return Err(Trouble::Garbled);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Trouble::Garbled)
}

/// What `fuzhi doctor` looks at: that the provider answers, is who it should be, has keys, and takes PKCE.
///
/// # Errors
/// [`Trouble`], in words.
pub async fn examine(world: &World, provider: &Provider) -> Result<Described, Trouble> {
    let described = describe(world, provider).await?;
    read::<KeySet>(&get(world, &described.jwks_uri).await?)?;
    let methods = &described.code_challenge_methods_supported;
    if methods.is_empty() || methods.iter().any(|method| method == "S256") {
        Ok(described)
    } else {
        Err(Trouble::Garbled)
    }
}

/// Where the provider sends people back to.
fn return_address(world: &World) -> String {
    format!("{}/signin/provider/return", world.public_address.as_deref().unwrap_or_default())
}

/// Where a browser goes to be asked who it is.
pub(crate) fn asking_address(
    world: &World,
    provider: &Provider,
    described: &Described,
    attempt: &Attempt<'_>,
) -> String {
    let challenge = to_base64(digest(&SHA256, attempt.verifier(world).as_bytes()).as_ref());
    let (state, nonce, back) = (attempt.state(world), attempt.nonce(world), return_address(world));
    let mut fields = vec![
        ("response_type", "code"),
        ("scope", "openid"),
        ("client_id", provider.client_id.as_str()),
        ("redirect_uri", back.as_str()),
        ("state", state.as_str()),
        ("nonce", nonce.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let acr = provider.second_factor_acr.join(" ");
    if !acr.is_empty() {
        fields.push(("acr_values", &acr));
    }
    with_query(&described.authorization_endpoint, &fields)
}

fn with_query(address: &str, fields: &[(&str, &str)]) -> String {
    let joined = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joined}{}", form(fields))
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", strict(value))).collect();
    pairs.join("&")
}

/// [`encoded`] leaves slashes; a form's value has none.
fn strict(value: &str) -> String {
    encoded(value).replace('/', "%2F")
}

/// Where a browser goes to be signed out there too.
pub(crate) fn leaving_address(world: &World, provider: &Provider, described: &Described) -> Option<String> {
    let back = format!("{}{}", world.public_address.as_deref().unwrap_or_default(), crate::SIGN_IN);
    let fields = [("client_id", provider.client_id.as_str()), ("post_logout_redirect_uri", back.as_str())];
    Some(with_query(described.end_session_endpoint.as_deref()?, &fields))
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// Who it is that came back with this code.
pub(crate) async fn ask(
    world: &World,
    provider: &Provider,
    attempt: &Attempt<'_>,
    code: &str,
) -> Result<Known, Trouble> {
    let described = describe(world, provider).await?;
    let (back, verifier) = (return_address(world), attempt.verifier(world));
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", back.as_str()),
        ("code_verifier", verifier.as_str()),
    ];
    let mut basic = String::new();
    let methods = &described.token_endpoint_auth_methods_supported;
    let in_form = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
    match &provider.client_secret {
        Some(secret) if !in_form => {
            let pair = format!("{}:{}", strict(&provider.client_id), strict(secret));
            basic = format!("Basic {}", STANDARD.encode(pair));
        }
        Some(secret) => fields.extend([("client_id", provider.client_id.as_str()), ("client_secret", secret)]),
        None => fields.push(("client_id", provider.client_id.as_str())),
    }
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    if !basic.is_empty() {
        headers.push(("authorization", &basic));
    }
    let target = (Method::POST, described.token_endpoint.as_str());
    let answer = world.outbound.call(target, &headers, form(&fields).into_bytes(), Trust::Configuration).await?;
    let tokens: Tokens = read(&answer)?;
    let keys: KeySet = read(&get(world, &described.jwks_uri).await?)?;
    let said = jose::open(&tokens.id_token, &keys).ok_or(Trouble::Forged)?;
    let said: Said = serde_json::from_slice(&said).map_err(|_| Trouble::Garbled)?;
    said.known(provider, &attempt.nonce(world), world.clock.now())
}

/// What the provider says of a person (OpenID Connect Core, §2).
#[derive(Deserialize)]
struct Said {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Said {
    /// Held against OpenID Connect Core, §3.1.3.7.
    fn known(self, provider: &Provider, nonce: &str, now: Moment) -> Result<Known, Trouble> {
        let (client, now) = (&provider.client_id, now.0 / Moment::SECOND);
        let for_us = match &self.aud {
            Audience::One(one) => one == client,
            Audience::Many(many) => many.contains(client) && (many.len() == 1 || self.azp.as_ref() == Some(client)),
        };
        let ours = self.azp.as_ref().is_none_or(|party| party == client);
        let fresh = now < self.exp + APART && self.iat < now + APART;
        let whole = self.iss == provider.issuer && !self.sub.is_empty() && self.sub.len() <= 255;
        if !(for_us && ours && fresh && whole && self.nonce.as_deref() == Some(nonce)) {
            return Err(Trouble::Forged);
        }
        let by_ways = self.amr.iter().any(|way| provider.second_factor_amr.contains(way));
        let by_class = self.acr.is_some_and(|class| provider.second_factor_acr.contains(&class));
        Ok(Known { issuer: self.iss, subject: self.sub, second_factor: by_ways || by_class })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn provider() -> Provider {
        Provider {
            name: "县统一认证".to_owned(),
            issuer: "https://id.cn".to_owned(),
            client_id: "fuzhi".to_owned(),
            client_secret: None,
            second_factor_amr: vec!["otp".to_owned()],
            second_factor_acr: vec!["level3".to_owned()],
        }
    }

    /// What is made of a token that says these things beside the usual ones.
    fn told(changes: &Value) -> Result<Known, Trouble> {
        let mut said =
            json!({"iss": "https://id.cn", "sub": "42", "aud": "fuzhi", "exp": 1_600, "iat": 1_000, "nonce": "n"});
        for (name, value) in changes.as_object().unwrap() {
            said[name] = value.clone();
        }
        serde_json::from_value::<Said>(said).unwrap().known(&provider(), "n", Moment(1_100_000))
    }

    #[test]
    fn a_token_is_ours_fresh_and_of_this_attempt_or_nothing() {
        assert_eq!(told(&json!({})).map(|known| (known.subject, known.second_factor)), Ok(("42".to_owned(), false)));
        assert!(told(&json!({"aud": ["fuzhi"]})).is_ok());
        assert!(told(&json!({"aud": ["fuzhi", "mail"], "azp": "fuzhi"})).is_ok());
        for wrong in [
            json!({"iss": "https://id.cn.evil"}),
            json!({"aud": "mail"}),
            json!({"aud": ["fuzhi", "mail"]}),
            json!({"azp": "mail"}),
            json!({"exp": 1_000}),
            json!({"iat": 9_000}),
            json!({"nonce": "m"}),
            json!({"nonce": null}),
            json!({"sub": ""}),
        ] {
            assert_eq!(told(&wrong), Err(Trouble::Forged), "{wrong}");
        }
    }

    #[test]
    fn a_second_factor_is_believed_where_the_configuration_names_it() {
        let second = |changes: Value| told(&changes).unwrap().second_factor;
        assert!(second(json!({"amr": ["pwd", "otp"]})) && second(json!({"acr": "level3"})));
        assert!(!second(json!({"amr": ["pwd", "mfa"]})) && !second(json!({"acr": "level2"})));
    }
}
