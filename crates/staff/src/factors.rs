//! The second thing it takes to sign in: an app's code, or a code on paper; and the step between password and session.

use crate::jose;
use crate::model::Factor;
use crate::passkey::{self, Passkey};
use crate::store::{self, Credentials};
use kernel::crypto::{digest, key_of};
use kernel::{Cx, Error, Moment, Result, World, message, totp};

/// How long somebody may take between the password and the second factor.
pub(crate) const STEP_LASTS: i64 = 10 * Moment::MINUTE;

/// Where a factor's secret is kept, for its seal.
const SECRET: &str = "second_factors.secret";

/// How far somebody has come who isn't in yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Password,
    /// The password, and the second factor.
    Factor,
    /// An identity provider said who it is.
    Provider,
    /// And has seen a second factor, or we have.
    ProviderFactor,
}

impl Step {
    const fn code(self) -> &'static str {
        match self {
            Self::Password => "p",
            Self::Factor => "f",
            Self::Provider => "o",
            Self::ProviderFactor => "m",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Password, Self::Factor, Self::Provider, Self::ProviderFactor]
            .into_iter()
            .find(|step| step.code() == code)
    }

    /// The same way, after the second factor.
    pub(crate) const fn with_factor(self) -> Self {
        match self {
            Self::Password | Self::Factor => Self::Factor,
            Self::Provider | Self::ProviderFactor => Self::ProviderFactor,
        }
    }

    pub(crate) const fn has_factor(self) -> bool {
        matches!(self, Self::Factor | Self::ProviderFactor)
    }

    pub(crate) const fn by_provider(self) -> bool {
        matches!(self, Self::Provider | Self::ProviderFactor)
    }
}

/// Says who has come how far, for ten minutes: kept in a cookie only, sealed against change, and worth nothing once the
/// password is another.
pub(crate) fn step_token(cx: &Cx, found: &Credentials, reached: Step) -> String {
    let ends = cx.now.plus(STEP_LASTS).0;
    format!("{}.{ends}.{}.{}", found.id, reached.code(), seal_of(cx, found, ends, reached))
}

fn seal_of(cx: &Cx, found: &Credentials, ends: i64, reached: Step) -> String {
    cx.world().keys.blind("sign_in_step", &format!("{}.{ends}.{}.{}", found.id, reached.code(), found.password_hash))
}

/// Whom such a token speaks of.
pub(crate) async fn open_step(cx: &mut Cx, token: &str) -> Result<Option<(Credentials, Step)>> {
    let parts: Vec<&str> = token.split('.').collect();
    let [id, ends, reached, seal] = parts.as_slice() else { return Ok(None) };
    let Ok(ends) = ends.parse::<i64>() else { return Ok(None) };
    let Some(reached) = Step::from_code(reached) else { return Ok(None) };
    let found = store::find_credentials_of(cx, id).await?.filter(|found| !found.demo || cx.world().demo);
    Ok(found
        .filter(|found| cx.now.0 < ends && digest(&seal_of(cx, found, ends, reached)) == digest(seal))
        .map(|found| (found, reached)))
}

/// The secret shown on a page before it is confirmed: made from something only this visit has, so nothing need be kept.
pub(crate) fn secret_for(world: &World, visit: &str) -> Vec<u8> {
    let one = |kind| world.keys.blind(kind, visit);
    let text = one("authenticator 1") + &one("authenticator 2");
    (0..20).filter_map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}

/// Takes an app into use, after it has made a right code; gives new recovery codes when these are the first.
pub(crate) async fn enrol(cx: &mut Cx, staff: &str, secret: &[u8], typed: &str, label: &str) -> Result<Vec<String>> {
    let wrong = || Error::invalid("code", message("factor-code-wrong"));
    let used = totp::matching_step(secret, typed, cx.now, 0).ok_or_else(wrong)?;
    let key = key_of(cx, &subject(staff)).await?;
    let secret = key.seal(cx.world(), SECRET, secret)?;
    add(cx, staff, "totp", label, secret, used).await
}

async fn add(cx: &mut Cx, staff: &str, kind: &str, label: &str, secret: String, used: i64) -> Result<Vec<String>> {
    let factor = Factor {
        id: cx.new_id().to_string(),
        staff: staff.to_owned(),
        kind: kind.to_owned(),
        label: label.trim().chars().take(40).collect(),
        secret,
        used,
        made_at: cx.now,
    };
    store::insert_factor(cx, &factor).await?;
    cx.audit("factor_added", "staff", staff, kind).await?;
    if store::count_recovery_codes(cx, staff).await? > 0 { Ok(Vec::new()) } else { new_recovery_codes(cx, staff).await }
}

/// What a browser's authenticator is asked: a text nobody can foresee, good once, for ten minutes and for this visit.
pub(crate) fn challenge(cx: &Cx, visit: &str) -> String {
    let (drawn, ends) = (cx.world().dice.token(), cx.now.plus(STEP_LASTS).0);
    let seal = cx.world().keys.blind("passkey_challenge", &format!("{drawn}.{ends}.{visit}"));
    jose::to_base64(format!("{drawn}.{ends}.{seal}").as_bytes())
}

/// Whether that was asked in this visit, lately, and not answered before.
async fn take_challenge(cx: &mut Cx, visit: &str, asked: &str) -> Result<bool> {
    let Some(text) = jose::from_base64(asked).and_then(|bytes| String::from_utf8(bytes).ok()) else { return Ok(false) };
    let parts: Vec<&str> = text.split('.').collect();
    let [drawn, ends, seal] = parts.as_slice() else { return Ok(false) };
    let right = cx.world().keys.blind("passkey_challenge", &format!("{drawn}.{ends}.{visit}"));
    let fresh = ends.parse::<i64>().is_ok_and(|ends| cx.now.0 < ends);
    Ok(fresh && digest(&right) == digest(seal) && store::use_challenge(cx, &digest(&text)).await?)
}

/// The passkeys of an account, each with its factor's id and where its counter stood.
pub(crate) async fn passkeys(cx: &mut Cx, staff: &str) -> Result<Vec<(String, Passkey, i64)>> {
    let mut found = Vec::new();
    for factor in store::list_factors(cx, staff).await?.into_iter().filter(|factor| factor.kind == "passkey") {
        let key = key_of(cx, &subject(staff)).await?;
        let passkey = serde_json::from_slice(&key.open(SECRET, &factor.secret)?)?;
        found.push((factor.id, passkey, factor.used));
    }
    Ok(found)
}

/// Takes a passkey into use that a browser has made; gives new recovery codes when it is the first factor.
pub(crate) async fn add_passkey(
    cx: &mut Cx,
    staff: &str,
    (visit, asked): (&str, &str),
    answer: &str,
    label: &str,
) -> Result<Vec<String>> {
    let refused = || Error::Refused(message("passkey-refused"));
    if !take_challenge(cx, visit, asked).await? {
        return Err(Error::Refused(message("passkey-too-late")));
    }
    let (passkey, counter) = passkey::made(cx.world(), asked, answer).ok_or_else(refused)?;
    if passkeys(cx, staff).await?.iter().any(|(_, other, _)| other.id == passkey.id) {
        return Err(refused());
    }
    let key = key_of(cx, &subject(staff)).await?;
    let secret = key.seal(cx.world(), SECRET, serde_json::to_string(&passkey)?.as_bytes())?;
    add(cx, staff, "passkey", label, secret, counter).await
}

/// Whether one of the account's passkeys proved that it is there.
pub(crate) async fn check_passkey(
    cx: &mut Cx,
    staff: &str,
    (visit, asked): (&str, &str),
    answer: &str,
) -> Result<bool> {
    if !take_challenge(cx, visit, asked).await? {
        return Ok(false);
    }
    let have = passkeys(cx, staff).await?;
    let Some((factor, counter)) = passkey::proven(cx.world(), asked, &have, answer) else { return Ok(false) };
    if counter > 0 {
        store::use_factor(cx, factor, counter).await?;
    }
    Ok(true)
}

/// Whether this is the code of one of the apps, or one of the codes on paper; either is used up by it.
pub(crate) async fn check(cx: &mut Cx, found: &Credentials, typed: &str) -> Result<bool> {
    let typed = typed.trim();
    let apps = store::list_factors(cx, &found.id).await?.into_iter().filter(|factor| factor.kind == "totp");
    for factor in apps {
        let key = key_of(cx, &subject(&found.id)).await?;
        let secret = key.open(SECRET, &factor.secret)?;
        if let Some(step) = totp::matching_step(&secret, typed, cx.now, factor.used) {
            store::use_factor(cx, &factor.id, step).await?;
            return Ok(true);
        }
    }
    let blind = blind_code(cx.world(), &found.id, typed);
    let paper = store::use_recovery_code(cx, &found.id, &blind).await?;
    if paper {
        cx.audit("recovery_code_used", "staff", &found.id, "").await?;
    }
    Ok(paper)
}

/// Ten codes to write down; shown once, and kept as blind indexes only.
pub(crate) async fn new_recovery_codes(cx: &mut Cx, staff: &str) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..10).map(|_| plain_code(cx.world(), 10)).collect();
    let blind: Vec<String> = codes.iter().map(|code| blind_code(cx.world(), staff, code)).collect();
    store::put_recovery_codes(cx, staff, &blind).await?;
    cx.audit("recovery_codes_made", "staff", staff, "").await?;
    Ok(codes)
}

fn blind_code(world: &World, staff: &str, typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect();
    world.keys.blind("recovery_code", &format!("{staff}.{plain}"))
}

/// Random letters and digits that can't be taken for each other, in groups of five: `k7mwq-x3p9t`.
pub(crate) fn plain_code(world: &World, length: usize) -> String {
    const LETTERS: [u8; 32] = *b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = String::new();
    for (at, byte) in world.dice.bytes::<32>().into_iter().take(length).enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    text
}

/// Whose key seals the secrets of an account.
fn subject(staff: &str) -> String {
    format!("staff:{staff}")
}
