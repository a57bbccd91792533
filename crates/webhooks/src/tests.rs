//! Stories: a system is told what happened by a real request, answers badly, is left alone, and gets nothing twice.

use crate::model::signature;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::events::{self, Event};
use kernel::outbound::{Network, Outbound};
use kernel::{Cx, Doing, Role, World, jobs};
use std::sync::{Arc, Mutex};
use testkit::{Answer, Setup, Village, Visitor, county};

const SETUP: Setup = Setup { plant, ..county::setup(|| county::under(crate::domain())) };

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        county::towns(&mut cx).await?;
        county::person(&mut cx, "system", Role::SystemAdmin, "539901").await?;
        county::person(&mut cx, "liming", Role::County, "539901").await
    })
}

/// Another department's system, listening on this machine: what it was sent, and what it answers next.
#[derive(Clone, Default)]
struct Hospital {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Hospital {
    async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(Self::take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    async fn take(State(hospital): State<Self>, headers: HeaderMap, body: Bytes) -> StatusCode {
        hospital.got.lock().unwrap().push((headers, body));
        let next = hospital.answers.lock().unwrap().pop().unwrap_or(204);
        StatusCode::from_u16(next).unwrap()
    }

    fn count(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    fn last(&self) -> (HeaderMap, String) {
        let (headers, body) = self.got.lock().unwrap().last().unwrap().clone();
        (headers, String::from_utf8(body.to_vec()).unwrap())
    }
}

/// Whether the last request is signed by this secret, as a receiver would ask.
fn is_signed((headers, body): &(HeaderMap, String), secret: &str) -> bool {
    let secret = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let header = |name: &str| headers[name].to_str().unwrap();
    let expected = signature(&secret, header("webhook-id"), header("webhook-timestamp").parse().unwrap(), body);
    header("webhook-signature").split(' ').any(|one| one == expected)
}

#[derive(serde::Serialize)]
struct Opened(&'static str);

impl Event for Opened {
    const KIND: &'static str = "case_opened";
    fn subject(&self) -> &str {
        self.0
    }
}

async fn happen(village: &Village, case: &'static str) {
    village.write(|mut cx| async move { events::emit(&mut cx, &Opened(case)).await }).await.unwrap();
}

/// A world in which this machine may be called.
fn world(village: &Village) -> World {
    let outbound = Outbound::new(vec![Network::parse("127.0.0.0/8").unwrap()], &[]).unwrap();
    World { outbound, ..village.world.clone() }
}

/// Lets what works beside the pages do its work once.
async fn beat(village: &Village) {
    let (domain, world) = (crate::domain(), world(village));
    events::deliver(&village.db, &world, &domain.subscribers).await.unwrap();
    jobs::run_due(&village.db, &world, &domain.jobs).await.unwrap();
}

fn shown(answer: &Answer) -> String {
    answer.expect(&["data-first>"]).text().split("data-first>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// A receiver of opened cases, its id and its secret; put there beside the page, which refuses this machine's address.
async fn receiver(village: &Village, admin: &mut Visitor, url: &str) -> (String, String) {
    let fields = [("name", "县医院"), ("url", "https://93.184.215.14/hook"), ("kind", "case_opened")];
    let added = admin.post("/webhooks", &fields).await;
    let secret = shown(&added);
    let id = added.links().into_iter().find_map(|link| Some(link.strip_prefix("/webhooks/")?.to_owned())).unwrap();
    village
        .write(|mut cx| {
            let (id, url) = (id.clone(), url.to_owned());
            async move { cx.sql("update webhook_receivers set url = $2 where id = $1").bind(id).bind(url).run_one().await }
        })
        .await
        .unwrap();
    (id, secret)
}

#[tokio::test]
async fn what_happens_is_told_once_signed_and_without_a_family() {
    county::told(SETUP, async |village: Village| {
        let (hospital, mut admin) = (Hospital::default(), village.sign_in("system").await);
        happen(&village, "before").await;
        village.minutes_later(1);
        let (id, secret) = receiver(&village, &mut admin, &hospital.listen().await).await;
        happen(&village, "case-1").await;
        beat(&village).await;
        beat(&village).await;
        assert_eq!(hospital.count(), 1, "what happened before is nobody's business, and nothing comes twice");
        let last = hospital.last();
        assert!(is_signed(&last, &secret) && !is_signed(&last, "whsec_AAAA"), "{last:?}");
        let event = last.0["webhook-id"].to_str().unwrap();
        let expected = format!(
            r#"{{"type":"case_opened","timestamp":"{}","data":{{"event":"{event}","subject":"case-1","county":"539901"}}}}"#,
            village.world.clock.now()
        );
        assert_eq!(last.1, expected, "ids, a kind and a time");
        admin.get(&format!("/webhooks/{id}")).await.expect(&["立了个案", "送到"]);

        // The secret changes: for a day both sign, and then the new one alone.
        let newer = shown(&admin.post(&format!("/webhooks/{id}/secret"), &[]).await);
        admin.post(&format!("/webhooks/{id}/trial"), &[]).await;
        beat(&village).await;
        assert!(is_signed(&hospital.last(), &secret) && is_signed(&hospital.last(), &newer));
        village.days_later(2);
        let mut admin = village.sign_in("system").await;
        admin.post(&format!("/webhooks/{id}/trial"), &[]).await;
        beat(&village).await;
        assert!(!is_signed(&hospital.last(), &secret) && is_signed(&hospital.last(), &newer));

        admin.post(&format!("/webhooks/{id}/end"), &[]).await.expect(&["还没有告诉任何系统"]);
        happen(&village, "case-2").await;
        beat(&village).await;
        assert_eq!(hospital.count(), 3);
    })
    .await;
}

#[tokio::test]
async fn who_answers_badly_is_asked_again_until_it_is_given_up_and_sent_by_hand() {
    county::told(SETUP, async |village: Village| {
        let (hospital, mut admin) = (Hospital::default(), village.sign_in("system").await);
        let (id, _) = receiver(&village, &mut admin, &hospital.listen().await).await;
        hospital.answers.lock().unwrap().push(500);
        happen(&village, "case-1").await;
        beat(&village).await;
        let first = hospital.last();
        admin.get(&format!("/webhooks/{id}")).await.expect(&["对方答的是 500", "在路上"]);
        beat(&village).await;
        assert_eq!(hospital.count(), 1, "not before a minute has gone");
        village.minutes_later(1);
        beat(&village).await;
        assert_eq!(hospital.count(), 2);
        assert_eq!(hospital.last().0["webhook-id"], first.0["webhook-id"], "the same event keeps its id");
        assert_eq!(hospital.last().1, first.1);

        // Three days of refusals, and a person sends it again.
        hospital.answers.lock().unwrap().extend([400; 40]);
        happen(&village, "case-2").await;
        for _ in 0..30 {
            beat(&village).await;
            village.minutes_later(6 * 60);
        }
        let tried = hospital.count();
        assert!((10..20).contains(&tried), "{tried}");
        let mut admin = village.sign_in("system").await;
        let page = admin.get(&format!("/webhooks/{id}")).await;
        page.expect(&["放弃", "再送一次", "对方答的是 400"]);
        admin.get("/webhooks").await.expect(&["1 条没有送到"]);
        hospital.answers.lock().unwrap().clear();
        let again = page.text().split("/webhooks/tellings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        admin.submit(&page, &format!("/webhooks/tellings/{again}"), &[]).await.expect(&["在路上"]);
        beat(&village).await;
        assert_eq!(hospital.count(), tried + 1);
        admin.get(&format!("/webhooks/{id}")).await.expect(&["送到"]);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_answer_is_left_alone_and_misses_nothing() {
    county::told(SETUP, async |village: Village| {
        let (hospital, mut admin) = (Hospital::default(), village.sign_in("system").await);
        // Nobody listens on the discard port of this machine.
        let (id, _) = receiver(&village, &mut admin, "http://127.0.0.1:9/hook").await;
        for case in ["case-1", "case-2", "case-3"] {
            happen(&village, case).await;
        }
        beat(&village).await;
        admin.get(&format!("/webhooks/{id}")).await.expect(&["先不打扰", "5 秒内没有应答"]);
        let (attempts,): (i64,) =
            village.read().sql("select cast(sum(attempts) as bigint) from webhook_tellings").get().await.unwrap();
        assert_eq!(attempts, 1, "one call shows that it is silent");
        let url = hospital.listen().await;
        village
            .write(|mut cx| {
                let url = url.clone();
                async move { cx.sql("update webhook_receivers set url = $1").bind(url).run_one().await }
            })
            .await
            .unwrap();
        village.minutes_later(2);
        beat(&village).await;
        assert_eq!(hospital.count(), 3);
    })
    .await;
}

#[tokio::test]
async fn addresses_inside_are_refused_on_the_page_and_on_the_way() {
    county::told(SETUP, async |village: Village| {
        let mut admin = village.sign_in("system").await;
        for url in ["http://127.0.0.1:8080/x", "https://10.0.0.8/", "https://[::1]/", "http://93.184.215.14/"] {
            let refused = admin.post("/webhooks", &[("name", "x"), ("url", url), ("kind", "case_opened")]).await;
            assert!(refused.status == 422 && refused.shows("这个地址不能访问"), "{url}: {}", refused.text());
        }
        let refused = admin.post("/webhooks", &[("name", ""), ("url", "hook"), ("kind", "all")]).await;
        refused_for(&refused, &["写明是哪个系统", "这不是网址", "至少勾一项"]);
        // A name that leads inside is found out only when it is called.
        let (id, _) = receiver(&village, &mut admin, "https://localhost/hook").await;
        happen(&village, "case-1").await;
        let domain = crate::domain();
        events::deliver(&village.db, &village.world, &domain.subscribers).await.unwrap();
        jobs::run_due(&village.db, &village.world, &domain.jobs).await.unwrap();
        admin.get(&format!("/webhooks/{id}")).await.expect(&["这个地址不能访问"]);
        let mut liming = village.sign_in("liming").await;
        assert_eq!(liming.get("/webhooks").await.status, 403);
    })
    .await;
}

fn refused_for(answer: &Answer, texts: &[&str]) {
    assert_eq!(answer.status, 422);
    for text in texts {
        assert!(answer.shows(text), "{text}: {}", answer.text());
    }
}
