//! Passkeys as the second step, by an authenticator that lives in this test.

use crate::SETUP;
use crate::provider::at_home;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use testkit::{Answer, PASSWORD, Village};

/// What a browser holds, with the key it made.
struct Authenticator {
    key: EcdsaKeyPair,
    counter: u32,
    origin: &'static str,
}

const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a page asks, and the challenge in it.
fn asked(page: &Answer) -> (Value, String) {
    let options =
        page.text().split("data-passkey=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#34;", "\"");
    let options: Value = serde_json::from_str(&options.replace("&quot;", "\"")).unwrap();
    let challenge = options["challenge"].as_str().unwrap().to_owned();
    (options, challenge)
}

impl Authenticator {
    fn new(origin: &'static str) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random).unwrap();
        Self { key, counter: 0, origin }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [digest(&SHA256, b"fuzhi.example.cn").as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn make(&self, challenge: &str) -> String {
        let made = [self.data(0x41).as_slice(), &[0; 16], &[0, 4], b"key1"].concat();
        json!({"id": text(b"key1"), "response": {
            "clientDataJSON": text(&self.client("webauthn.create", challenge)), "authenticatorData": text(&made),
            "publicKey": text(&[&SPKI[..], self.key.public_key().as_ref()].concat()), "publicKeyAlgorithm": -7,
        }})
        .to_string()
    }

    fn prove(&mut self, challenge: &str) -> String {
        self.counter += 1;
        let (data, client) = (self.data(0x01), self.client("webauthn.get", challenge));
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({"id": text(b"key1"), "response": {
            "clientDataJSON": text(&client), "authenticatorData": text(&data), "signature": text(signature.as_ref()),
        }})
        .to_string()
    }
}

const HOME: &str = "https://fuzhi.example.cn";

#[tokio::test]
async fn a_passkey_is_made_named_used_and_ended() {
    Village::on_both(SETUP, |village| async move {
        let village = at_home(village, None);
        let (mut browser, mut wang) = (Authenticator::new(HOME), village.sign_in("wangfang").await);
        let page = wang.get("/account").await;
        let (options, challenge) = asked(&page);
        assert_eq!((&options["rp"]["id"], &options["attestation"]), (&json!("fuzhi.example.cn"), &json!("none")));
        let answer = browser.make(&challenge);
        let fields = [("answer", answer.as_str()), ("label", "办公室电脑")];
        wang.submit(&page, "/account/passkeys", &fields).await.expect(&["恢复码"]);
        let again = wang.submit(&page, "/account/passkeys", &fields).await;
        assert_eq!(again.status, 422, "what was asked is answered once");
        let page = wang.get("/account").await;
        page.expect(&["通行密钥", "办公室电脑"]);
        assert_eq!(asked(&page).0["excludeCredentials"][0]["id"], json!(text(b"key1")), "not twice on one device");

        // Another sign-in: the password, then the passkey; what was proved once proves nothing again.
        let mut visitor = village.visitor();
        let step = sign_in(&mut visitor).await;
        step.expect(&["用通行密钥", "通行密钥要用 JavaScript"]);
        let proof = browser.prove(&asked(&step).1);
        visitor.submit(&step, "/signin/passkey", &[("answer", &proof)]).await.expect(&["wangfang", "就是这一台"]);
        let mut thief = village.visitor();
        let other = sign_in(&mut thief).await;
        for replayed in [proof.as_str(), "{}", ""] {
            let refused = thief.submit(&other, "/signin/passkey", &[("answer", replayed)]).await;
            assert!(refused.status == 422 && refused.shows("通行密钥不对"), "{}", refused.text());
        }

        // Ended, it opens nothing, and the password alone is enough again for this post.
        let end = page.text().split("action=\"/factors/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        wang.submit(&page, &format!("/factors/{end}"), &[("password", PASSWORD)]).await.expect(&["上湾村"]);
        let mut visitor = village.visitor();
        sign_in(&mut visitor).await.expect(&["就是这一台"]);
    })
    .await;
}

async fn sign_in(visitor: &mut testkit::Visitor) -> Answer {
    let page = visitor.get("/signin").await;
    let fields = [("account", "wangfang"), ("password", PASSWORD), ("then", "/account")];
    visitor.submit(&page, "/session", &fields).await
}

#[tokio::test]
async fn what_was_asked_elsewhere_or_copied_is_refused() {
    Village::on_both(SETUP, |village| async move {
        let village = at_home(village, None);
        let mut wang = village.sign_in("wangfang").await;
        let page = wang.get("/account").await;
        let challenge = asked(&page).1;
        let elsewhere = Authenticator::new("https://fuzhi.example.cn.evil").make(&challenge);
        let refused = wang.submit(&page, "/account/passkeys", &[("answer", &elsewhere), ("label", "x")]).await;
        assert!(refused.status == 422 && refused.shows("和问的不一样"), "{}", refused.text());
        let mut browser = Authenticator::new(HOME);
        let foreign = browser.make(&text(b"a.b.c"));
        let fields = [("answer", foreign.as_str()), ("challenge", &text(b"a.b.c")), ("label", "x")];
        assert_eq!(wang.submit(&page, "/account/passkeys", &fields).await.status, 422, "nobody asked that");
        village.minutes_later(11);
        let late = browser.make(&challenge);
        let refused = wang.submit(&page, "/account/passkeys", &[("answer", &late), ("label", "x")]).await;
        assert!(refused.shows("隔得太久"), "{}", refused.text());

        let page = wang.get("/account").await;
        let made = browser.make(&asked(&page).1);
        wang.submit(&page, "/account/passkeys", &[("answer", &made), ("label", "x")]).await.expect(&["恢复码"]);
        // A copy of the authenticator counts from where it was copied.
        let mut visitor = village.visitor();
        let step = sign_in(&mut visitor).await;
        let proof = browser.prove(&asked(&step).1);
        visitor.submit(&step, "/signin/passkey", &[("answer", &proof)]).await.expect(&["就是这一台"]);
        browser.counter -= 1;
        let mut copier = village.visitor();
        let step = sign_in(&mut copier).await;
        let copied = browser.prove(&asked(&step).1);
        assert_eq!(copier.submit(&step, "/signin/passkey", &[("answer", &copied)]).await.status, 422);
        // Somebody else's key under the same name.
        browser = Authenticator { counter: 9, ..Authenticator::new(HOME) };
        let step = sign_in(&mut copier).await;
        let forged = browser.prove(&asked(&step).1);
        assert_eq!(copier.submit(&step, "/signin/passkey", &[("answer", &forged)]).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn without_an_address_of_its_own_a_program_offers_none() {
    Village::on_both(SETUP, |village| async move {
        let page = village.sign_in("wangfang").await.get("/account").await;
        assert!(!page.shows("data-passkey"));
    })
    .await;
}
