//! Reads `policy/limits.toml`: how often somebody may do something, and how long things last at the door.

use kernel::limits::{Limits, Rate};
use kernel::{Lockout, Moment, Retries, SessionTerm, Terms};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `policy/limits.toml`, as it is built in.
pub const LIMITS: &str = include_str!("../../../policy/limits.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "status")]
    _status: String,
    session: Session,
    lockout: Blocked,
    webhook: Tried,
    rate: BTreeMap<String, Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    idle_minutes: u32,
    absolute_minutes: u32,
    at_most: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Blocked {
    failures: u32,
    first_minutes: u32,
    longest_minutes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tried {
    first_minutes: u32,
    longest_minutes: u32,
    give_up_minutes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    times: u32,
    seconds: u32,
}

/// The rates and periods a text names.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn limits(text: &str) -> Result<(Limits, Terms), String> {
    let file: File = toml::from_str(text).map_err(|cause| format!("limits.toml: {}", cause.message()))?;
    let wrong = |(name, written): (&String, &Written)| {
        (written.times == 0 || written.seconds == 0).then(|| format!("limits.toml: {name} allows nothing at all"))
    };
    if let Some(sentence) = file.rate.iter().find_map(wrong) {
        return Err(sentence);
    }
    let rate = |written: &Written| Rate {
        times: i64::from(written.times),
        within: i64::from(written.seconds) * Moment::SECOND,
    };
    let rates = file.rate.iter().map(|(name, written)| (name.clone(), rate(written))).collect();
    Ok((Limits::new(rates), terms(&file)?))
}

fn terms(File { session, lockout, webhook, .. }: &File) -> Result<Terms, String> {
    let ordered = |name: &str, periods: &[u32]| {
        let good = periods[0] > 0 && periods.is_sorted();
        good.then_some(()).ok_or_else(|| format!("limits.toml: in {name} each period is at least the one before it"))
    };
    ordered("session", &[session.idle_minutes, session.absolute_minutes])?;
    ordered("lockout", &[lockout.first_minutes, lockout.longest_minutes])?;
    ordered("webhook", &[webhook.first_minutes, webhook.longest_minutes, webhook.give_up_minutes])?;
    if session.at_most == 0 || lockout.failures == 0 {
        return Err("limits.toml: with no session, or blocked after no failure, nobody comes in".to_owned());
    }
    let minutes = |n: u32| i64::from(n) * Moment::MINUTE;
    Ok(Terms {
        session: SessionTerm {
            idle: minutes(session.idle_minutes),
            absolute: minutes(session.absolute_minutes),
            at_most: i64::from(session.at_most),
        },
        lockout: Lockout {
            failures: i64::from(lockout.failures),
            first: minutes(lockout.first_minutes),
            longest: minutes(lockout.longest_minutes),
        },
        webhook: Retries {
            first: minutes(webhook.first_minutes),
            longest: minutes(webhook.longest_minutes),
            give_up: minutes(webhook.give_up_minutes),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_what_tests_go_by() {
        let (_, terms) = limits(LIMITS).unwrap();
        assert_eq!(terms, Terms::default());
    }

    #[test]
    fn nonsense_is_told() {
        let told = |from: &str, to: &str| {
            assert!(LIMITS.contains(from), "{from}");
            limits(&LIMITS.replacen(from, to, 1)).err().unwrap_or_default()
        };
        assert!(told("times   = 60", "times   = 0").contains("allows nothing at all"));
        assert!(told("times   = 60", "times   = \"often\"").contains("limits.toml"));
        assert!(told("absolute_minutes = 720", "absolute_minutes = 20").contains("session"));
        assert!(told("failures        = 5", "failures        = 0").contains("nobody comes in"));
        assert!(told("[lockout]", "[look_out]").contains("look_out"));
    }
}
