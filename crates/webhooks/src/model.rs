//! Receivers, what they are told, and how it is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Moment;
use serde_json::json;
use sha2::Sha256;

/// The kinds of events a receiver can ask for.
pub const KINDS: &[&str] = &[
    "clue_raised",
    "finding_triaged",
    "case_opened",
    "case_moved",
    "case_reminded",
    "pair_judged",
    "person_ruled",
    "household_erased",
];

/// The kind of a trial, which nothing but the button on a receiver's page makes.
pub const TRIAL: &str = "trial";

/// How long the former secret signs beside the new one.
pub const OVERLAP: i64 = Moment::DAY;

kernel::record! {
    #[derive(Clone, Debug)]
    pub struct Receiver {
        pub id: String,
        pub name: String,
        pub url: String,
        pub kinds: String,
        pub secret: String,
        pub former_secret: Option<String>,
        pub former_until: Option<Moment>,
        pub failures: i64,
        pub paused_until: Option<Moment>,
        pub made_at: Moment,
    }
}

impl Receiver {
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.split(' ').any(|one| one == kind)
    }
}

kernel::record! {
    /// One event for one receiver.
    #[derive(Clone, Debug)]
    pub struct Telling {
        pub id: String,
        pub receiver: String,
        pub event: String,
        pub kind: String,
        pub subject: String,
        pub happened_at: Moment,
        pub begun_at: Moment,
        pub attempts: i64,
        pub status: Option<i64>,
        pub trouble: Option<String>,
        pub told_at: Option<Moment>,
        pub given_up_at: Option<Moment>,
    }
}

impl Telling {
    /// What is sent: ids, a kind and a time.
    pub fn body(&self, county: &str) -> String {
        json!({
            "type": self.kind, "timestamp": self.happened_at,
            "data": {"event": self.event, "subject": self.subject, "county": county},
        })
        .to_string()
    }
}

/// A new secret as people copy it, and as it signs.
pub fn secret_text(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// One signature, of what was sent, when, and under which id.
pub fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    // HMAC takes keys of any length, so the error can't come; an empty signature proves nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn a_signature_is_the_one_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret_text(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }
}
