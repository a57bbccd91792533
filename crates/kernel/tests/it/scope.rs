//! Scope: on lists, counts and guessed ids; walked three ways.

use crate::flock::{self, BY_HOUSEHOLD, READ, SETUP, come_in, interval};
use kernel::{Columns, PlaceKey, Scope, Who};
use testkit::{Engine, Village};

#[tokio::test]
async fn a_stranger_sees_no_flock_and_without_scoping_the_walk_is_red() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        let mut insider = come_in(&village, "village:539901001001").await;
        let mut stranger = come_in(&village, "village:539901002001").await;
        insider.get("/flocks").await.expect(&["1 flocks", "flock a"]);
        insider.get("/flocks/a").await.expect(&["flock a"]);
        let list = stranger.get("/flocks").await;
        list.expect(&["2 flocks", "flock c, flock d"]);
        assert!(!list.shows("flock a"));
        assert_eq!(stranger.get("/flocks/a").await.status, 404);
        assert_eq!(stranger.get("/flocks/a").await.text(), stranger.get("/flocks/none").await.text());

        let village = village.without_scope();
        let mut stranger = come_in(&village, "village:539901002001").await;
        stranger.get("/flocks").await.expect(&["4 flocks", "flock a"]);
        stranger.get("/flocks/a").await.expect(&["flock a"]);
    }
}

#[tokio::test]
async fn a_role_that_sees_no_families_has_no_scope_and_no_post_no_right() {
    let village = Village::raise(Engine::Sqlite, SETUP).await;
    let mut administrator = come_in(&village, "system_admin:539901").await;
    assert_eq!(administrator.get("/flocks").await.status, 403);
    let mut nobody = village.visitor();
    let answer = nobody.get("/flocks/a").await;
    assert_eq!(answer.path, "/signin?then=/flocks/a");
}

#[tokio::test]
async fn pages_walk_the_intervals_one_by_one() {
    Village::on_both(SETUP, |village| async move {
        let mut visitor = come_in(&village, "county:539901").await;
        visitor.get("/flocks").await.expect(&["4 flocks: flock a, flock b, flock c, flock d"]);
        let mut cx = village.read();
        let first = flock::page(&mut cx, None, 3).await.unwrap();
        let last = first.last().unwrap();
        let rest = flock::page(&mut cx, Some((last.place.clone(), last.id.clone())), 3).await.unwrap();
        let ids: Vec<_> = first.iter().chain(&rest).map(|flock| flock.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c", "d"]);
    })
    .await;
}

#[test]
fn a_scope_is_a_union_of_subtrees() {
    let scope = Scope::over(vec![interval("539901002"), interval("539901001001"), interval("539901001")]);
    assert_eq!(scope.intervals(), [interval("539901001"), interval("539901002")]);
    assert!(scope.sees(PlaceKey::from_code("539901001001003").unwrap()));
    assert!(!scope.sees(PlaceKey::from_code("539901003").unwrap()));
    let predicate = Scope::over(vec![interval("539901001")]).predicate("place".into(), 3);
    assert_eq!(predicate.text, "(place between $3 and $4)");
    assert_eq!(predicate.values, ["539901001000000", "539901001999999"]);
    assert_eq!(Scope::nothing().predicate("place".into(), 1).text, "1 = 0");
    assert!(PlaceKey::from_code("5399' or 1=1").is_err());
}

#[tokio::test]
async fn a_helper_meets_the_paired_flock_and_no_other() {
    Village::on_both(SETUP, |village| async move {
        let mut helper = come_in(&village, "helper:539901001001").await;
        helper.get("/flocks").await.expect(&["0 flocks"]);
        flock::pair(&village, "c").await;
        helper.get("/flocks").await.expect(&["1 flocks: flock c"]);
        helper.get("/flocks/c").await.expect(&["flock c"]);
        assert_eq!(helper.get("/flocks/a").await.status, 404, "the post's own place opens nothing to a helper");
    })
    .await;
}

#[test]
fn listed_households_and_persons_need_their_column() {
    let scope =
        Scope::Of { places: vec![], openings: vec!["0190-a".to_owned(), "x' or '1'='1".to_owned()], departments: None };
    let of_household = scope.predicate(BY_HOUSEHOLD, 2);
    assert!(of_household.text.starts_with("(id in (select") && of_household.text.contains("in ($2, $3)"));
    assert_eq!(of_household.values, ["0190-a", "x' or '1'='1"]);
    assert!(of_household.text.ends_with("person = ''))"), "a listed person doesn't open the household");
    let by_person = Columns { place: "place", household: None, person: Some("person") };
    assert!(scope.predicate(by_person, 1).text.ends_with("person <> ''))"));
    assert_eq!(scope.predicate("place".into(), 1).text, "1 = 0");
    assert_eq!(Scope::of(&Who::Nobody, READ, values::Day(0)), Scope::nothing());
}
