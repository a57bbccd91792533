//! The second thing it takes to sign in: an app's code, or a code on paper; and the step between password and session.

use crate::model::Factor;
use crate::store::{self, Credentials};
use kernel::crypto::{digest, key_of};
use kernel::{Cx, Error, Moment, Result, World, message, totp};

/// How long somebody may take between the password and the second factor.
pub(crate) const STEP_LASTS: i64 = 10 * Moment::MINUTE;

/// How far somebody has come who isn't in yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Password,
    Factor,
}

impl Step {
    const fn code(self) -> &'static str {
        match self {
            Self::Password => "p",
            Self::Factor => "f",
        }
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
    let reached = if *reached == Step::Factor.code() { Step::Factor } else { Step::Password };
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
    let label = label.trim().chars().take(40).collect();
    let factor = Factor {
        id: cx.new_id().to_string(),
        staff: staff.to_owned(),
        kind: "totp".to_owned(),
        label,
        secret: key.seal(cx.world(), "second_factors.secret", secret)?,
        used,
        made_at: cx.now,
    };
    store::insert_factor(cx, &factor).await?;
    cx.audit("factor_added", "staff", staff, "totp").await?;
    if store::count_recovery_codes(cx, staff).await? > 0 { Ok(Vec::new()) } else { new_recovery_codes(cx, staff).await }
}

/// Whether this is the code of one of the apps, or one of the codes on paper; either is used up by it.
pub(crate) async fn check(cx: &mut Cx, found: &Credentials, typed: &str) -> Result<bool> {
    let typed = typed.trim();
    for factor in store::list_factors(cx, &found.id).await? {
        let key = key_of(cx, &subject(&found.id)).await?;
        let secret = key.open("second_factors.secret", &factor.secret)?;
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
