//! Signing in by an identity provider, which lives in this test and signs by a key of its own. A real one is met in e2e.

use crate::SETUP;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::provider::Provider;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use testkit::{Answer, Village, Visitor};

/// The same village at an address of its own, with this provider.
pub fn at_home(village: Village, provider: Option<Provider>) -> Village {
    village.with_world(|world| {
        world.public_address = Some("https://fuzhi.example.cn".into());
        world.provider = provider.map(Arc::new);
    })
}

/// The county's sign-on: what it says next of whoever comes, and what it was last asked.
#[derive(Clone)]
struct SignOn {
    issuer: String,
    key: Arc<EcdsaKeyPair>,
    says: Arc<Mutex<Value>>,
    asked: Arc<Mutex<BTreeMap<String, String>>>,
}

impl SignOn {
    async fn listen() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let sign_on = Self { issuer, key: Arc::new(key), says: Arc::default(), asked: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(Self::describe))
            .route("/jwks", get(Self::keys))
            .route("/token", post(Self::token))
            .with_state(sign_on.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        sign_on
    }

    fn provider(&self) -> Provider {
        Provider {
            name: "县统一认证".to_owned(),
            issuer: self.issuer.clone(),
            client_id: "fuzhi".to_owned(),
            client_secret: Some("s3cret".to_owned()),
            second_factor_amr: vec!["otp".to_owned()],
            second_factor_acr: Vec::new(),
        }
    }

    async fn describe(State(on): State<Self>) -> Json<Value> {
        let at = |path: &str| format!("{}{path}", on.issuer);
        Json(json!({"issuer": on.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"), "end_session_endpoint": at("/leave")}))
    }

    async fn keys(State(on): State<Self>) -> Json<Value> {
        let point = on.key.public_key().as_ref();
        let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
        Json(
            json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "x": part(1..33), "y": part(33..65)}]}),
        )
    }

    async fn token(
        State(on): State<Self>,
        headers: HeaderMap,
        Form(form): Form<BTreeMap<String, String>>,
    ) -> Json<Value> {
        assert_eq!(headers["authorization"], "Basic ZnV6aGk6czNjcmV0");
        assert!(form["code_verifier"].len() >= 43 && form["redirect_uri"].ends_with("/signin/provider/return"));
        *on.asked.lock().unwrap() = form;
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "1"})), part(&on.says.lock().unwrap()));
        let signature = on.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        Json(json!({"id_token": format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)), "token_type": "Bearer"}))
    }

    /// Somebody goes there and comes back, as the provider's claims say who it is.
    async fn come(&self, village: &Village, visitor: &mut Visitor, changes: Value) -> Answer {
        let away = visitor.leaves("/signin/provider?then=/account").await;
        let sent: BTreeMap<String, String> = query(&away);
        assert!(
            away.starts_with(&format!("{}/auth?", self.issuer)) && sent["code_challenge_method"] == "S256",
            "{away}"
        );
        let now = village.world.clock.now().0 / 1000;
        let mut said = json!({"iss": self.issuer, "sub": "zhang-42", "aud": "fuzhi", "iat": now, "exp": now + 300,
            "nonce": sent["nonce"]});
        for (name, value) in changes.as_object().unwrap() {
            said[name] = value.clone();
        }
        *self.says.lock().unwrap() = said;
        visitor.get(&format!("/signin/provider/return?code=c1&state={}", sent["state"])).await
    }
}

fn query(address: &str) -> BTreeMap<String, String> {
    let pairs = address.split_once('?').unwrap().1.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The system administrator says who an account is there.
async fn link(village: &Village, account: &str, subject: &str) -> Answer {
    let mut admin = village.sign_in("hean").await;
    let people = admin.get("/staff").await;
    let row = people.text().split("<tr>").find(|row| row.contains(&format!(">{account}<"))).unwrap().to_owned();
    let id = row.split("href=\"/staff/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = admin.get(&format!("/staff/{id}")).await;
    admin.submit(&page, &format!("/staff/{id}/provider"), &[("subject", subject)]).await
}

#[tokio::test]
async fn whom_an_administrator_has_linked_comes_in_and_nobody_else() {
    for engine in [testkit::Engine::Sqlite, testkit::Engine::Postgres] {
        let sign_on = SignOn::listen().await;
        let village = at_home(Village::raise(engine, SETUP).await, Some(sign_on.provider()));
        let mut wang = village.visitor();
        wang.get("/signin").await.expect(&["用县统一认证登录"]);
        let unknown = sign_on.come(&village, &mut wang, json!({})).await;
        assert!(
            unknown.status == 422 && unknown.shows("zhang-42") && unknown.shows("告诉系统管理员"),
            "{}",
            unknown.text()
        );
        assert!(wang.cookie("fuzhi").is_none());

        link(&village, "wangfang", "zhang-42").await.expect(&["zhang-42"]);
        assert!(link(&village, "chenxw", "zhang-42").await.shows("已经对上别人"));
        let page = sign_on.come(&village, &mut wang, json!({})).await;
        page.expect(&["是您吗", "wangfang"]);
        assert!(wang.cookie("fuzhi").is_none(), "nobody is in before they say so");
        let inside = wang.submit(&page, "/signin/entry", &[]).await;
        inside.expect(&["上湾村", "就是这一台"]);
        let out = wang.submit(&inside, "/session/end", &[]).await;
        out.expect(&["这里已经退出", "/signin/provider/end"]);
        assert!(wang.leaves("/signin/provider/end").await.starts_with(&format!("{}/leave?", sign_on.issuer)));

        // A link that was ended opens nothing.
        let mut admin = village.sign_in("hean").await;
        let people = admin.get("/staff").await;
        let row = people.text().split("<tr>").find(|row| row.contains(">wangfang<")).unwrap().to_owned();
        let id = row.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let page = admin.get(&id).await;
        let end = page.text().split("action=\"/provider-links/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        admin.submit(&page, &format!("/provider-links/{end}"), &[]).await.expect(&["没有对上"]);
        assert_eq!(sign_on.come(&village, &mut village.visitor(), json!({})).await.status, 422);
    }
}

#[tokio::test]
async fn what_cant_be_believed_opens_nothing_and_says_why() {
    let sign_on = SignOn::listen().await;
    let village = at_home(Village::raise(testkit::Engine::Sqlite, SETUP).await, Some(sign_on.provider()));
    link(&village, "wangfang", "zhang-42").await.expect(&["zhang-42"]);
    for changes in
        [json!({"nonce": "other"}), json!({"aud": "mail"}), json!({"iss": "https://other.cn"}), json!({"exp": 1})]
    {
        let refused = sign_on.come(&village, &mut village.visitor(), changes.clone()).await;
        assert!(refused.status == 422 && refused.shows("不可信"), "{changes}: {}", refused.text());
    }
    let mut visitor = village.visitor();
    for (path, said) in [
        ("/signin/provider/return?code=c1&state=guess", "隔得太久"),
        ("/signin/provider/return?code=c1", "隔得太久"),
        ("/signin/provider/return", "隔得太久"),
    ] {
        assert!(visitor.get(path).await.shows(said), "{path}");
    }
    let away = visitor.leaves("/signin/provider").await;
    let denied = format!("/signin/provider/return?error=access_denied&state={}", query(&away)["state"]);
    assert!(visitor.get(&denied).await.shows("没有让您进来"));
    let elsewhere = Provider { issuer: format!("{}/", sign_on.issuer), ..sign_on.provider() };
    let village = at_home(village, Some(elsewhere));
    assert!(village.visitor().get("/signin/provider").await.shows("不一样"), "it calls itself something else");
    let nobody = Provider { issuer: "http://127.0.0.1:9".to_owned(), ..sign_on.provider() };
    assert!(at_home(village, Some(nobody)).visitor().get("/signin/provider").await.shows("没有应答"));
}

#[tokio::test]
async fn a_post_that_asks_for_two_factors_gets_two() {
    let sign_on = SignOn::listen().await;
    let village = at_home(Village::raise(testkit::Engine::Sqlite, SETUP).await, Some(sign_on.provider()));
    village.sign_in("liming").await;
    link(&village, "liming", "li-1").await.expect(&["li-1"]);
    let mut li = village.visitor();
    let page = sign_on.come(&village, &mut li, json!({"sub": "li-1", "amr": ["pwd", "mfa"]})).await;
    page.expect(&["手机上的 6 位验证码"]);
    let code = village.next_code("liming");
    li.submit(&page, "/signin/code", &[("code", &code)]).await.expect(&["liming", "就是这一台"]);
    // What the configuration takes for a second factor is one.
    let mut li = village.visitor();
    let page = sign_on.come(&village, &mut li, json!({"sub": "li-1", "amr": ["pwd", "otp"]})).await;
    page.expect(&["是您吗"]);
    li.submit(&page, "/signin/entry", &[]).await.expect(&["就是这一台"]);
    // A post of the county's without any factor yet sets one up, whoever sent them.
    link(&village, "anna", "anna-1").await.expect(&["anna-1"]);
    let page = sign_on.come(&village, &mut village.visitor(), json!({"sub": "anna-1"})).await;
    page.expect(&["绑定手机验证器"]);
}
