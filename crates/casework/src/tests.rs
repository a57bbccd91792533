//! Stories about cases, told through the web door on both databases, and about the rules they keep.
//!
//! 王芳 works for 上湾村, 陈晓雯 for 柳溪镇, 李明 for 禾岭县. 赵奶奶 lives in 上湾村 and says what she thinks.

mod attached;
mod gates;
mod procedures;
mod splits;
mod stories;
mod walks;

use crate::demo;
use kernel::{Cx, Doing, Domain, Role};
use testkit::{Answer, Engine, Setup, Village, Visitor, county};

const SETUP: Setup = Setup { plant, ..county::setup(domains) };

fn domains() -> Vec<Domain> {
    let mut all = county::under(screening::domain());
    all.extend([attachments::domain(), crate::domain()]);
    all
}

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        (county::setup(domains).plant)(cx.clone()).await?;
        county::person(&mut cx, "second", Role::County, "539901").await
    })
}

/// Tells a story on both databases: families, a run's findings, no case yet.
async fn told(story: impl AsyncFn(Village)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        assert!(screening::demo::load(&village.db, &village.world, Village::COUNTY).await.unwrap());
        story(village).await;
    }
}

/// And with the cases of the demo.
async fn told_with_cases(story: impl AsyncFn(Village)) {
    told(async |village| {
        demo::plant(&village.db, &village.world, Village::COUNTY).await.unwrap();
        story(village).await;
    })
    .await;
}

/// Events find their subscribers, jobs their hour.
async fn meanwhile(village: &Village) {
    let all = domains();
    let subscribers: Vec<_> = all.iter().flat_map(|domain| domain.subscribers.clone()).collect();
    let jobs: Vec<_> = all.iter().flat_map(|domain| domain.jobs.clone()).collect();
    kernel::events::deliver(&village.db, &village.world, &subscribers).await.unwrap();
    kernel::jobs::run_due(&village.db, &village.world, &jobs).await.unwrap();
}

/// A family asks for itself at the counter; the case's address.
async fn asks(visitor: &mut Visitor, family: usize, procedure: &str, words: &str) -> String {
    let household = households::demo::household(family);
    let page = visitor.get(&format!("/clues/new/{household}")).await;
    let sent = [("source", "request"), ("words", words), ("open", procedure)];
    let case = visitor.submit(&page, "/clues", &sent).await;
    assert!(case.path.starts_with("/cases/"), "{} {}", case.status, case.text());
    case.path
}

/// Fills in one of the forms of a case's page: the fields are there, and what the page hides goes along.
async fn enters(visitor: &mut Visitor, case: &str, fields: &[(&str, &str)]) -> Answer {
    let page = visitor.get(case).await;
    page.expect(&[]);
    for (name, _) in fields {
        let is_button = matches!(*name, "verb" | "step" | "about" | "measure" | "dispute");
        assert!(is_button || page.shows(&format!("name=\"{name}\"")), "{case} has no field {name}:\n{}", page.text());
    }
    sends(visitor, case, &page, fields).await
}

/// Sends fields from a page that may be stale.
async fn sends(visitor: &mut Visitor, case: &str, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let hidden = page.fields();
    let mut all: Vec<(&str, &str)> = fields.to_vec();
    for name in ["csrf", "command", "base"] {
        all.push((name, hidden.get(name).map_or("", String::as_str)));
    }
    visitor.post_raw(&format!("{}/entries", case.split('#').next().unwrap()), &all).await
}

const VISITED: [(&str, &str); 11] = [
    ("verb", "record"),
    ("step", "visit"),
    ("f.way", "visit"),
    ("f.home", "周德全和杨桂兰"),
    ("f.situation", "看病借了钱，药不能断"),
    ("f.coping", "debt"),
    ("f.water", "steady"),
    ("f.consent", "yes"),
    ("f.signature", "fingerprint"),
    ("f.read_back", "yes"),
    ("with", "杨建军"),
];

fn with<'f>(fields: &[(&'f str, &'f str)], more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    fields.iter().chain(more).copied().collect()
}

const CHECKED: [(&str, &str); 5] = [
    ("verb", "record"),
    ("step", "check"),
    ("f.result", "unanswered"),
    ("f.answers", "房产、车辆截至 9 月；银行没有答复"),
    ("outcome", "done"),
];

const REVIEWED: [(&str, &str); 10] = [
    ("verb", "record"),
    ("step", "village_review"),
    ("f.held_on", "2026-09-30"),
    ("f.present", "17"),
    ("f.for", "15"),
    ("f.against", "1"),
    ("f.abstained", "1"),
    ("f.signatures", "17"),
    ("f.kin_left", "yes"),
    ("f.minutes", "都说他家看病花了很多"),
];

/// 周德全's family is visited, checked, reviewed, its notice put up and its time over: the township is next.
async fn up_to_township(village: &Village) -> String {
    let mut wang = village.sign_in("village").await;
    let mut chen = village.sign_in("township").await;
    let case = asks(&mut wang, 0, "monitoring", "看病花了三万多，借了钱").await;
    enters(&mut wang, &case, &with(&VISITED, &[("outcome", "hardship")])).await.expect(&["王芳、杨建军：入户"]);
    enters(&mut chen, &case, &CHECKED).await.expect(&["数据核对 · 核对好了"]);
    enters(&mut wang, &case, &with(&REVIEWED, &[("outcome", "agree")])).await.expect(&["村民评议 · 同意，去公示"]);
    let page = wang.get(&case).await;
    page.expect(&["拟把周德全家（上湾村，4 口人）纳入防止返贫监测"]);
    let words = "经村民评议，拟把周德全家（上湾村，4 口人）纳入防止返贫监测。";
    enters(&mut wang, &case, &[("verb", "publish"), ("step", "village_notice"), ("words", words)])
        .await
        .expect(&["公示到"]);
    village.days_later(5);
    let mut wang = village.sign_in("village").await;
    let done = [("verb", "record"), ("step", "village_notice"), ("outcome", "done")];
    enters(&mut wang, &case, &done).await.expect(&["镇里审核"]);
    case
}
