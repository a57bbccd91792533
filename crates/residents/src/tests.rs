//! Stories: a family comes in by the code on its paper, reads about itself, and says what it thinks.

use households::demo;
use testkit::{Answer, Setup, Village, Visitor, county, statements};

const SETUP: Setup = county::setup(|| county::under(crate::domain()));

async fn told(story: impl AsyncFn(Village)) {
    county::told(SETUP, story).await;
}

/// A clerk prints a code for a family; gives what stands on the paper.
async fn printed(clerk: &mut Visitor, family: usize) -> String {
    let home = format!("/households/{}", demo::household(family));
    let page = clerk.get(&home).await;
    let letter = clerk.submit(&page, &format!("{home}/code"), &[]).await;
    letter.expect(&["一次性码", "用一次就失效"]);
    let text = letter.text();
    text.split("data-code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

async fn comes_in(visitor: &mut Visitor, code: &str) -> Answer {
    let door = visitor.get("/signin/family").await;
    visitor.submit(&door, "/signin/family", &[("code", code)]).await
}

#[tokio::test]
async fn a_family_reads_about_itself_by_the_code_on_its_paper() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let code = printed(&mut wang, 0).await;
        let mut zhao = village.visitor();
        let own = comes_in(&mut zhao, &code).await;
        own.expect(&["周德全，您好", "不是处分", "杨桂兰", "还不清楚", "王芳，上湾村", "打开了家庭档案"]);
        assert!(own.path == "/my/file" && !own.shows("539901196804090") && own.shows("53**************"));
        assert!(!own.shows("13800001234") && !own.shows("sidenav"));
        // The paper opens once.
        let mut other = village.visitor();
        let again = comes_in(&mut other, &code).await;
        assert!(again.status == 422 && again.shows("用过了"));
        // What it did is in its own list, and the clerk sees that it came.
        zhao.get("/my/file").await.expect(&["家里人自己（一次性码）", "看了自己家的情况"]);
        wang.get(&format!("/households/{}", demo::household(0))).await.expect(&["家里人自己（一次性码）", "用过"]);
        let left = zhao.submit(&own, "/my/end", &[]).await;
        assert_eq!(left.path, "/signin/family");
        assert_eq!(zhao.get("/my/file").await.path, "/signin/family?then=/my/file");
    })
    .await;
}

#[tokio::test]
async fn a_family_sees_itself_and_nothing_else() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let code = printed(&mut wang, 1).await;
        let mut family = village.visitor();
        comes_in(&mut family, &code).await.expect(&["沈家明，您好"]);
        for path in ["/households", "/places", "/account", "/staff", "/audit"] {
            assert_eq!(family.get(path).await.status, 403, "{path}");
        }
        for number in [0, 1] {
            let path = format!("/households/{}", demo::household(number));
            assert_eq!(family.get(&path).await.status, 403, "the staff's pages are the staff's");
        }
        assert_eq!(wang.get("/my/file").await.status, 403, "nobody of the staff opens it");
        // Thirty quiet minutes, and the page is closed.
        village.minutes_later(31);
        assert!(family.get("/my/file").await.path.starts_with("/signin/family"));
    })
    .await;
}

#[tokio::test]
async fn a_code_ends_by_time_by_a_newer_one_and_by_hand() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let old = printed(&mut wang, 0).await;
        let new = printed(&mut wang, 0).await;
        let home = format!("/households/{}", demo::household(0));
        let mut family = village.visitor();
        assert_eq!(comes_in(&mut family, &old).await.status, 422);
        let page = wang.get(&home).await;
        wang.submit(&page, &format!("{home}/code/end"), &[]).await.expect(&["作废"]);
        assert_eq!(comes_in(&mut family, &new).await.status, 422);
        let last = printed(&mut wang, 0).await;
        village.days_later(31);
        assert_eq!(comes_in(&mut family, &last).await.status, 422);
        let mut chen = village.sign_in("township").await;
        chen.get(&home).await.expect(&["过期"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_waits() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let code = printed(&mut wang, 0).await;
        let mut stranger = village.visitor();
        for _ in 0..10 {
            assert!(comes_in(&mut stranger, "1234 1234 1234 1234").await.shows("打不开"));
        }
        let blocked = comes_in(&mut stranger, &code).await;
        assert!(blocked.status == 422 && blocked.shows("15 分钟"), "even the right one waits");
        village.minutes_later(16);
        comes_in(&mut stranger, &code).await.expect(&["周德全，您好"]);
        kernel::audit::seal(&village.db, &village.world, &[]).await.unwrap();
        let missed = kernel::audit::list_about(&mut village.read(), "residents", "").await.unwrap();
        assert_eq!(missed.iter().filter(|entry| entry.verb == "code_missed").count(), 10);
        let about = kernel::audit::list_about(&mut village.read(), "household", &demo::household(0)).await.unwrap();
        assert!(about.iter().any(|entry| entry.verb == "code_used" && entry.actor.starts_with("resident:")));
    })
    .await;
}

#[tokio::test]
async fn a_family_says_what_is_wrong() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let code = printed(&mut wang, 0).await;
        let mut family = village.visitor();
        let own = comes_in(&mut family, &code).await;
        let nothing = family.submit(&own, "/my/corrections", &[("words", " ")]).await;
        assert_eq!(nothing.status, 422);
        family.submit(&own, "/my/corrections", &[("words", "地早就流转出去了")]).await.expect(&["收到了"]);
        let (by, name): (String, String) = village
            .read()
            .sql("select recorded_by, recorded_name from household_clues /* unscoped: a test */")
            .get()
            .await
            .unwrap();
        assert!(by.starts_with("resident:539901:") && name == "周德全", "{by} {name}");
    })
    .await;
}

#[tokio::test]
async fn a_code_lies_nowhere_in_clear() {
    told(async |village| {
        let mut wang = village.sign_in("village").await;
        let code = printed(&mut wang, 0).await.replace(' ', "");
        let (kept,): (String,) =
            village.read().sql("select code from resident_codes /* unscoped: a test */").get().await.unwrap();
        assert!(!kept.contains(&code));
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    assert!(statements::prepare_all(SETUP, &[env!("CARGO_MANIFEST_DIR")]).await > 5);
}
